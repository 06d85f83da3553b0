"""The EU metadata quality assessment (https://data.europa.eu/mqa/methodology), 405 points, criterion by criterion.

The assessment looks at each data set; of criteria about files it counts the best file of a data set. Here every file
must satisfy them, but for what is said at the criterion. docs/mqa.md explains each; a test holds it to this list.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import DCTERMS, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dxlod.catalog import Catalogue
from dxlod.release import Release

from .dcat_ap import load, results
from .service import app_over, ask_all

DCAT = Namespace("http://www.w3.org/ns/dcat#")
EU = "http://publications.europa.eu/resource/authority/"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "mqa.md"
VENDOR = Path(os.environ.get("DXLOD_VENDOR", "")) / "dcat-ap-3.0.1"
# edp-non-proprietary-format.rdf and edp-machine-readable-format.rdf, as far as they are about formats of ours.
NON_PROPRIETARY = {
    "CSV",
    "JSON_LD",
    "RDF_N_QUADS",
    "RDF_N_TRIPLES",
    "RDF_TRIG",
    "RDF_TURTLE",
    "RDF_XML",
    "ZIP",
}
MACHINE_READABLE = {
    "CSV",
    "JSON_LD",
    "RDF_N_QUADS",
    "RDF_N_TRIPLES",
    "RDF_TRIG",
    "RDF_TURTLE",
    "RDF_XML",
    "XLSX",
}
# dimension, criterion, points
CRITERIA = [
    ("findability", "keyword usage", 30),
    ("findability", "categories", 30),
    ("findability", "geo search", 20),
    ("findability", "time based search", 20),
    ("accessibility", "access URL accessible", 50),
    ("accessibility", "download URL", 20),
    ("accessibility", "download URL accessible", 30),
    ("interoperability", "format", 20),
    ("interoperability", "media type", 10),
    ("interoperability", "format and media type from vocabulary", 10),
    ("interoperability", "non-proprietary", 20),
    ("interoperability", "machine-readable", 20),
    ("interoperability", "DCAT-AP compliance", 30),
    ("reusability", "licence", 20),
    ("reusability", "licence from vocabulary", 10),
    ("reusability", "access rights", 10),
    ("reusability", "access rights from vocabulary", 5),
    ("reusability", "contact point", 20),
    ("reusability", "publisher", 10),
    ("contextuality", "rights", 5),
    ("contextuality", "file size", 5),
    ("contextuality", "date of issue", 5),
    ("contextuality", "modification date", 5),
]
Everything = Callable[[Node], Iterator[Node]]


@pytest.fixture(scope="module")
def datasets(graph: Graph) -> list[Node]:
    found = list(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(found) == 6
    return found


@pytest.fixture(scope="module")
def files(graph: Graph, datasets: list[Node]) -> list[Node]:
    found = [file for item in datasets for file in graph.objects(item, DCAT.distribution)]
    assert len(found) > 100
    return found


@pytest.fixture(scope="module")
def answers(graph: Graph, files: list[Node], release: Release) -> dict[str, httpx.Response]:
    """What the service answers to HEAD at each URL of the catalogue's files."""
    urls = sorted(
        {
            str(url)
            for file in files
            for name in (DCAT.accessURL, DCAT.downloadURL)
            for url in graph.objects(file, name)
        }
    )
    paths = [urlsplit(url).path.removeprefix("/dxlod") for url in urls]
    return dict(zip(urls, ask_all(app_over(release), paths, "HEAD"), strict=True))


def values(graph: Graph, things: list[Node], name: URIRef) -> list[list[Node]]:
    """The values that each thing has of a property."""
    return [list(graph.objects(thing, name)) for thing in things]


def codes(graph: Graph, file: Node) -> set[str]:
    return {str(value).removeprefix(f"{EU}file-type/") for value in graph.objects(file, DCTERMS.format)}


def test_keyword_usage(graph: Graph, datasets: list[Node]) -> None:
    assert all(len(words) >= 5 for words in values(graph, datasets, DCAT.keyword))


def test_categories(graph: Graph, datasets: list[Node]) -> None:
    for themes in values(graph, datasets, DCAT.theme):
        assert URIRef(f"{EU}data-theme/GOVE") in themes


def test_geo_search(graph: Graph, datasets: list[Node]) -> None:
    for places in values(graph, datasets, DCTERMS.spatial):
        assert any(str(place).startswith(("https://sws.geonames.org/", f"{EU}country/")) for place in places)


def test_time_based_search(graph: Graph, datasets: list[Node]) -> None:
    for (period,) in values(graph, datasets, DCTERMS.temporal):
        for name in (DCAT.startDate, DCAT.endDate):
            (day,) = graph.objects(period, name)
            assert isinstance(day, Literal)
            assert day.datatype == XSD.date


def test_access_url_accessible(graph: Graph, files: list[Node], answers: dict[str, httpx.Response]) -> None:
    for urls in values(graph, files, DCAT.accessURL):
        assert [answers[str(url)].status_code for url in urls] == [200]


def test_download_url(graph: Graph, files: list[Node]) -> None:
    assert all(len(urls) == 1 for urls in values(graph, files, DCAT.downloadURL))


def test_download_url_accessible(graph: Graph, files: list[Node], answers: dict[str, httpx.Response]) -> None:
    for file in files:
        answer = answers[str(graph.value(file, DCAT.downloadURL))]
        assert answer.status_code == 200
        assert answer.headers["content-length"] == str(graph.value(file, DCAT.byteSize))


def test_format(graph: Graph, files: list[Node]) -> None:
    assert all(len(formats) == 1 for formats in values(graph, files, DCTERMS["format"]))


def test_media_type(graph: Graph, files: list[Node]) -> None:
    assert all(len(types) == 1 for types in values(graph, files, DCAT.mediaType))


def test_format_and_media_type_from_vocabulary(graph: Graph, files: list[Node]) -> None:
    for (form,), (media_type,) in zip(
        values(graph, files, DCTERMS["format"]), values(graph, files, DCAT.mediaType), strict=True
    ):
        assert str(form).startswith(f"{EU}file-type/")
        assert re.fullmatch(
            r"https://www\.iana\.org/assignments/media-types/[a-z]+/[a-z0-9.+-]+", str(media_type)
        )


def test_non_proprietary(graph: Graph, files: list[Node]) -> None:
    """All but the workbook, which the assessment's list leaves out; each data set has others."""
    assert {code for file in files for code in codes(graph, file)} - NON_PROPRIETARY == {"XLSX"}


def test_machine_readable(graph: Graph, files: list[Node]) -> None:
    """All but the archive, whose tables are offered one by one as well."""
    assert {code for file in files for code in codes(graph, file)} - MACHINE_READABLE == {"ZIP"}


@pytest.mark.skipif(
    not (os.environ.get("DXLOD_VENDOR") and VENDOR.is_dir()), reason="DXLOD_VENDOR has no dcat-ap-3.0.1"
)
def test_dcat_ap_compliance(graph: Graph) -> None:
    assert results(graph, load(VENDOR, ["dcat-ap-SHACL.ttl"])) == []


def test_licence(graph: Graph, files: list[Node]) -> None:
    assert all(len(licences) == 1 for licences in values(graph, files, DCTERMS.license))


def test_licence_from_vocabulary(graph: Graph, files: list[Node]) -> None:
    assert {str(value) for found in values(graph, files, DCTERMS.license) for value in found} == {
        f"{EU}licence/CC_BY_4_0"
    }


def test_access_rights(graph: Graph, datasets: list[Node]) -> None:
    assert all(len(found) == 1 for found in values(graph, datasets, DCTERMS.accessRights))


def test_access_rights_from_vocabulary(graph: Graph, datasets: list[Node]) -> None:
    assert {str(value) for (value,) in values(graph, datasets, DCTERMS.accessRights)} == {
        f"{EU}access-right/PUBLIC"
    }


def test_contact_point(graph: Graph, datasets: list[Node]) -> None:
    vcard = Namespace("http://www.w3.org/2006/vcard/ns#")
    for (contact,) in values(graph, datasets, DCAT.contactPoint):
        assert graph.value(contact, vcard.fn, any=True) is not None
        assert list(graph.objects(contact, vcard.hasURL)) + list(graph.objects(contact, vcard.hasEmail))


def test_publisher(graph: Graph, datasets: list[Node]) -> None:
    assert all(len(found) == 1 for found in values(graph, datasets, DCTERMS.publisher))


def test_rights(graph: Graph, files: list[Node]) -> None:
    assert all(len(found) == 1 for found in values(graph, files, DCTERMS.rights))


def test_file_size(graph: Graph, files: list[Node]) -> None:
    assert all(int(str(size)) > 0 for (size,) in values(graph, files, DCAT.byteSize))


def test_date_of_issue(graph: Graph, datasets: list[Node], files: list[Node]) -> None:
    assert all(len(found) == 1 for found in values(graph, [*datasets, *files], DCTERMS.issued))


def test_modification_date(graph: Graph, datasets: list[Node], files: list[Node]) -> None:
    assert all(len(found) == 1 for found in values(graph, [*datasets, *files], DCTERMS.modified))


def test_every_criterion_has_its_test_and_its_line_in_the_document() -> None:
    assert sum(points for _, _, points in CRITERIA) == 405
    text = DOCUMENT.read_text("utf-8")
    for _, criterion, points in CRITERIA:
        name = "test_" + re.sub(r"[^a-z]+", "_", criterion.lower())
        assert name in globals(), name
        (line,) = [line for line in text.splitlines() if f"`{name}`" in line]
        assert f"| {points} | {points} |" in line, line


def test_the_score_before_and_after_the_first_publication(
    published: Catalogue, release: Release, graph: Graph
) -> None:
    """The two dates come with the first publication; all else is there before it."""
    written = Graph().parse(release.path / "catalog.nt", format="nt")
    dated = any(written.subject_objects(DCTERMS.modified))
    assert dated == (not release.version.startswith("unpublished"))
    dates = {DCTERMS.issued, DCTERMS.modified, DCAT.version}
    assert {p for p in set(graph.predicates()) if p not in dates} == {
        p for p in set(written.predicates()) if p not in dates
    }
    assert published.modified
