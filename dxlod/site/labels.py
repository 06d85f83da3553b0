"""What things are called on pages: their labels, names for terms of others, and made names for what has none.

A made name says in words what a thing without a label is: the lines of a source fragment, kind, year and print of a
value. It is for pages only; no data format carries it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import NamedTuple

from dxlod.namespaces import DXO
from dxlod.release.terms import is_iri, literal_parts
from dxlod.site.dictionary import Encoded
from dxlod.site.iris import DCAT, DCTERMS, ELI, OA, PROV, QB, RDF, RDFS, SKOS, TIME

__all__ = ["NAMING", "LabelRow", "Names", "label_rows", "names_of"]

Names = dict[int, dict[str, str]]
"""Texts by language, by number of the thing."""

_SPDX = "http://spdx.org/rdf/terms#"
_VOID = "http://rdfs.org/ns/void#"
_FOAF, _VCARD = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/2006/vcard/ns#"
NAMING = (
    f"{RDFS}label",
    f"{SKOS}prefLabel",
    f"{DCTERMS}title",
    f"{_FOAF}name",
    f"{_VCARD}fn",
    f"{RDFS}comment",
)
"""Properties that name a thing, the best first."""


_REGISTERS = (
    ("http://data.e-stat.go.jp/lod/sac/", "e-Stat 標準地域コード", "e-Stat standard area"),
    ("http://id.ndl.go.jp/auth/ndlna/", "国立国会図書館典拠", "NDL authority"),
    ("https://sws.geonames.org/", "GeoNames", "GeoNames"),
    ("https://laws.e-gov.go.jp/law/", "e-Gov 法令検索", "e-Gov law"),
    ("http://www.wikidata.org/entity/", "Wikidata", "Wikidata"),
    ("http://qudt.org/vocab/quantitykind/", "QUDT 量の種類", "QUDT quantity kind"),
    ("http://qudt.org/vocab/unit/", "QUDT 単位", "QUDT unit"),
)
_REGISTERED = tuple(f"<{start}" for start, _, _ in _REGISTERS)


_DEEPEST = 8
_LEGAL = {
    "At": "article",
    "Pr": "paragraph",
    "It": "item",
    "AppdxTable": "appended table",
    "Row": "row",
}
"""Kinds of provisions, as in the last part of their IRIs."""


class LabelRow(NamedTuple):
    """One name: number of the thing, language ('' = none), text, whether it was made here."""

    number: int
    language: str
    text: str
    derived: bool


def label_rows(data: Encoded) -> Iterator[LabelRow]:
    """The names of everything, at most one for each language of a thing."""
    given = names_of(data, *NAMING)
    made = _foreign(data)
    for more in (
        _fragments(data, given),
        _values(data, given),
        _cells(data),
        _corrections(data),
        _others(data, {**made, **given}),
        _places(data),
    ):
        for number, texts in more.items():
            made.setdefault(number, texts)
    english = _provisions(data, given)
    for number, texts in sorted({**made, **given}.items()):
        for language, text in sorted({**english.get(number, {}), **texts}.items()):
            yield LabelRow(number, language, text, language not in given.get(number, {}))


def names_of(data: Encoded, *predicates: str) -> Names:
    """The literals of these properties by thing and language; an earlier property wins, then the smaller text."""
    found: Names = {}
    for predicate in predicates:
        before = set(found)
        for subject, value in data.pairs(predicate):
            term = data.term(value)
            if subject not in before and not is_iri(term):
                parts = literal_parts(term)
                found.setdefault(subject, {}).setdefault(parts.language, parts.text)
    return found


def _foreign(data: Encoded) -> Names:
    """Names of terms of other vocabularies that occur in the data."""
    texts = tomllib.loads(files("dxlod.site").joinpath("foreign.toml").read_text(encoding="utf-8"))
    numbers = (
        (data.number(f"<{namespace}{name}>"), names)
        for namespace, group in texts.items()
        for name, names in group.items()
    )
    return {number: dict(names) for number, names in numbers if number}


def _one(data: Encoded, predicate: str) -> dict[int, int]:
    """The first object of each subject."""
    found: dict[int, int] = {}
    for subject, value in data.pairs(predicate):
        found.setdefault(subject, value)
    return found


def _plain(data: Encoded, predicate: str) -> dict[int, str]:
    return {
        subject: literal_parts(data.term(value)).text
        for subject, value in _one(data, predicate).items()
        if not is_iri(data.term(value))
    }


def _best(names: Names, number: int | None, language: str) -> str:
    texts: Mapping[str, str] = names.get(number or 0, {})
    return next((texts[tag] for tag in (language, "ja", "en", "") if tag in texts), "")


def _fragments(data: Encoded, given: Names) -> Names:
    starts, ends = _plain(data, DXO.startLine), _plain(data, DXO.endLine)
    sources = _one(data, f"{OA}hasSource")
    # The edition has an English name, its document only the printed one.
    plans = {
        subject for subject, kind in data.pairs(f"{RDF}type") if kind == data.number(f"<{DXO.PlanEdition}>")
    }
    editions = {document: one for one, document in data.pairs(f"{PROV}wasDerivedFrom") if one in plans}
    made: Names = {}
    for number, start in starts.items():
        end = ends.get(number, start)
        lines = start if start == end else f"{start}–{end}"
        document = sources.get(number)
        ja = _best(given, document, "ja")
        en = given.get(editions.get(document or 0, 0), {}).get("en", "")
        one = "line" if start == end else "lines"
        made[number] = {"ja": f"{ja} {lines}行目".strip(), "en": f"{en}, {one} {lines}".strip(" ,")}
    for subject, value in _one(data, f"{OA}hasSelector").items():
        if subject in made:
            made[value] = made[subject]
    return made


def _values(data: Encoded, given: Names) -> Names:
    """`目標 令和7年度 60%以上`: kind, year and print of an indicator's value."""
    years, kinds = _one(data, DXO.fiscalYear), _one(data, DXO.valueKind)
    prints = _plain(data, DXO.value) | _plain(data, DXO.valueText)
    made: Names = {}
    for number, kind in kinds.items():
        texts = {
            tag: " ".join(
                part
                for part in (
                    _best(given, kind, tag),
                    _best(given, years.get(number), tag),
                    prints.get(number, ""),
                )
                if part
            )
            for tag in ("ja", "en")
        }
        made[number] = texts
    return made


def _cells(data: Encoded) -> Names:
    columns = names_of(data, DXO.columnLabel)
    made: Names = {}
    for number, row in names_of(data, DXO.rowLabel).items():
        column = columns.get(number, {})
        made[number] = {
            tag: f"{text} × {_best({1: column}, 1, tag)}".removesuffix(" × ") for tag, text in row.items()
        }
    return made


def _provisions(data: Encoded, given: Names) -> Names:
    """`Local Government Act, article 2, paragraph 14`: the English name of the law, then the way down to the provision."""
    wholes, places = _one(data, f"{ELI}is_part_of"), _plain(data, f"{ELI}id_local")
    made: Names = {}
    for number in wholes:
        way, law = _way(number, wholes, places)
        name = given.get(law, {}).get("en", "")
        if name and all(way):
            made[number] = {"en": ", ".join((name, *way))}
    return made


def _way(number: int, wholes: Mapping[int, int], places: Mapping[int, str]) -> tuple[list[str], int]:
    """The parts of a law down to a provision in words ('' for one of no known kind), and the law."""
    way: list[str] = []
    while number in wholes and len(way) < _DEEPEST:
        kind, _, place = places.get(number, "").partition("_")
        word = _LEGAL.get(kind, "")
        way.append(f"{word} {place.replace('_', '-')}".strip() if word else "")
        number = wholes[number]
    return way[::-1], number


def _corrections(data: Encoded) -> Names:
    printed, read = _plain(data, DXO.asPrinted), _plain(data, DXO.asRead)
    return {
        number: {"": f"「{text.strip()}」→「{read.get(number, '').strip()}」"}
        for number, text in printed.items()
    }


def _places(data: Encoded) -> Names:
    """Names of things that other registers keep, after the register and their number in it."""
    made: Names = {}
    for number, term in enumerate(data.terms, 1):
        if term.startswith(_REGISTERED):
            start, ja, en = next(place for place in _REGISTERS if term.startswith(f"<{place[0]}"))
            key = term[1 + len(start) : -1].strip("/")
            made[number] = {"ja": f"{ja} {key}", "en": f"{en} {key}"}
    return made


def _others(data: Encoded, given: Names) -> Names:
    made: Names = {
        number: {"": text.partition("T")[0]}
        for number, text in _plain(data, f"{TIME}inXSDDateTimeStamp").items()
    }
    ends = _plain(data, f"{DCAT}endDate")
    for number, text in _plain(data, f"{DCAT}startDate").items():
        made[number] = {"": f"{text} – {ends.get(number, '')}".rstrip()}
    for number, text in _plain(data, f"{_SPDX}checksumValue").items():
        made[number] = {"": f"SHA-256 {text[:12]}…"}
    for name in (f"{QB}dimension", f"{QB}measure", f"{QB}attribute", f"{_VOID}property", f"{_VOID}class"):
        for subject, component in _one(data, name).items():
            if component in given:
                made[subject] = given[component]
    return made
