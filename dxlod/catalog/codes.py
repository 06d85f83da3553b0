"""Values from other people's lists, each described enough for a page of the catalogue to stand alone.

The labels decide what CKAN shows (ckanext-dcat 2): of a media type or a format it takes rdfs:label, of a format only
when its first class is dcterms:IMT. So media types are labelled `text/csv`, and formats `CSV`; frequency, status and
the like are named by skos:prefLabel, which leaves CKAN their IRI.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dxlod.catalog.files import FILE_KINDS
from dxlod.catalog.publisher import Text
from dxlod.catalog.terms import Fact, iri, node, plain, texts
from dxlod.release.terms import Triple

__all__ = [
    "ACCESS", "AVAILABLE", "COMPLETED", "GZIP", "JAPAN", "LANGUAGES", "SHA256", "SPARQL_STANDARD", "THEMES",
    "code_nodes", "file_type", "frequency", "frequency_name", "iana", "publisher_type",
]  # fmt: skip

_EU = "http://publications.europa.eu/resource/authority"
_THEME = f"{_EU}/data-theme"
_STATUS = f"{_EU}/distribution-status"
_KIND = "http://purl.org/adms/publishertype"
LANGUAGES = (f"{_EU}/language/JPN", f"{_EU}/language/ENG")
THEMES = (f"{_THEME}/GOVE", f"{_THEME}/TECH")
AVAILABLE = f"{_EU}/planned-availability/AVAILABLE"
COMPLETED = f"{_STATUS}/COMPLETED"
ACCESS = f"{_EU}/access-right/PUBLIC"
JAPAN = f"{_EU}/country/JPN"
GZIP = "application/gzip"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
SPARQL_STANDARD = "https://www.w3.org/TR/sparql11-protocol/"
_STANDARDS: tuple[tuple[str, str], ...] = (
    ("https://w3id.org/dxlod/ns", "dxlod ontology"),
    ("https://www.w3.org/TR/vocab-data-cube/", "The RDF Data Cube Vocabulary"),
    ("https://www.w3.org/TR/vocab-dcat-3/", "Data Catalog Vocabulary (DCAT) - Version 3"),
    ("https://semiceu.github.io/DCAT-AP/releases/3.0.1/", "DCAT-AP 3.0.1"),
    ("https://www.w3.org/TR/tabular-metadata/", "CSV on the Web"),
    (SPARQL_STANDARD, "SPARQL 1.1 Protocol"),
    ("https://docs.ckan.org/en/2.11/api/", "CKAN API 3 (read-only part)"),
)


@dataclass(frozen=True)
class _Code:
    """One value: IRI, classes, name, scheme."""

    iri: str
    classes: Sequence[str]
    name: Text
    scheme: str


_CODES = (
    _Code(LANGUAGES[0], ("dcterms:LinguisticSystem",), Text("日本語", "Japanese"), f"{_EU}/language"),
    _Code(LANGUAGES[1], ("dcterms:LinguisticSystem",), Text("英語", "English"), f"{_EU}/language"),
    _Code(THEMES[0], ("skos:Concept",), Text("行政・公共部門", "Government and public sector"), _THEME),
    _Code(THEMES[1], ("skos:Concept",), Text("科学技術", "Science and technology"), _THEME),
    _Code(AVAILABLE, ("skos:Concept",), Text("継続して公開", "available"), f"{_EU}/planned-availability"),
    _Code(COMPLETED, ("skos:Concept",), Text("完成", "completed"), _STATUS),
    _Code(ACCESS, ("dcterms:RightsStatement",), Text("公開", "public"), f"{_EU}/access-right"),
    _Code(JAPAN, ("dcterms:Location",), Text("日本", "Japan"), f"{_EU}/country"),
)
_FREQUENCIES = {
    "ANNUAL": Text("年次", "annual"),
    "QUARTERLY": Text("四半期", "quarterly"),
    "MONTHLY": Text("月次", "monthly"),
    "WEEKLY": Text("週次", "weekly"),
    "DAILY": Text("日次", "daily"),
    "IRREG": Text("不定期", "irregular"),
    "AS_NEEDED": Text("随時", "as needed"),
    "NEVER": Text("更新なし", "never"),
    "NOT_PLANNED": Text("予定なし", "not planned"),
    "UNKNOWN": Text("不明", "unknown"),
}
_SCHEMES = (
    (_THEME, Text("EU データ分野", "EU data themes")),
    (_STATUS, Text("EU 配信の状態", "EU distribution status")),
    ("https://w3id.org/dxlod/id/topic", Text("DX分野", "DX topics")),
)


def iana(media_type: str) -> str:
    """IRI of a media type."""
    return f"https://www.iana.org/assignments/media-types/{media_type}"


def file_type(code: str) -> str:
    """IRI of a file type of the EU authority list."""
    return f"{_EU}/file-type/{code}"


def frequency(code: str) -> str:
    """IRI of an update frequency of the EU authority list."""
    return f"{_EU}/frequency/{code}"


def frequency_name(code: str) -> Text:
    """Name of an update frequency; the code itself where it has no name here."""
    return _FREQUENCIES.get(code, Text(code, code))


def publisher_type(kind: str) -> str:
    """IRI of a kind of publisher; '' stays ''."""
    return f"{_KIND}/{kind.replace('(', '%28').replace(')', '%29')}" if kind else ""


def _scheme_nodes() -> Iterator[Triple]:
    """The lists that themes and states come from."""
    for scheme, name in _SCHEMES:
        yield from node(scheme, ["skos:ConceptScheme"], texts("dcterms:title", name))


def code_nodes(frequency_code: str, kind: str) -> Iterator[Triple]:
    """Every value that a catalogue may use, with the operator's own frequency and kind."""
    own = [
        _Code(
            frequency(frequency_code),
            ("dcterms:Frequency",),
            frequency_name(frequency_code),
            f"{_EU}/frequency",
        )
    ]
    if kind:
        own.append(_Code(publisher_type(kind), ("skos:Concept",), Text("", kind), f"{_KIND}/1.0"))
        yield from node(
            f"{_KIND}/1.0", ["skos:ConceptScheme"], texts("dcterms:title", Text("", "ADMS publisher types"))
        )
    for code in (*_CODES, *own):
        yield from node(
            code.iri, code.classes, [*texts("skos:prefLabel", code.name), ("skos:inScheme", iri(code.scheme))]
        )
    yield from node(SHA256, ["spdx:ChecksumAlgorithm"], [])
    for standard, name in sorted(
        {*_STANDARDS, *((kind.standard, kind.standard_name) for kind in FILE_KINDS)}
    ):
        yield from node(standard, ["dcterms:Standard"], [("dcterms:title", plain(name))])
    yield from _file_nodes()
    yield from _scheme_nodes()


def _file_nodes() -> Iterator[Triple]:
    for media_type in sorted({GZIP, *(kind.media_type for kind in FILE_KINDS)}):
        yield from node(iana(media_type), ["dcterms:MediaType"], [("rdfs:label", plain(media_type))])
    for kind in FILE_KINDS:
        facts: list[Fact] = [
            ("rdfs:label", plain(kind.label)),
            ("rdf:value", plain(kind.media_type)),
            ("skos:inScheme", iri(f"{_EU}/file-type")),
        ]
        # Sorted, IMT comes first, which is the class that ckanext-dcat looks at.
        yield from node(file_type(kind.code), ["dcterms:IMT", "dcterms:MediaTypeOrExtent"], facts)
