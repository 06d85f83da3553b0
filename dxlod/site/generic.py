"""The page of any thing: all that is known of it, with names, by meaning, with its sources and what points at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dxlod.namespaces import DXO, ONTOLOGY
from dxlod.release.formats import GRAPH_FORMATS
from dxlod.release.terms import RDF_TYPE, Triple, is_iri, literal, literal_parts, triples_by_subject
from dxlod.site.crumbs import place_of
from dxlod.site.iris import OA, QB
from dxlod.site.labels import NAMING
from dxlod.site.links import Links
from dxlod.site.meaning import HIDDEN, group_of, rank_of
from dxlod.site.reader import SiteReader
from dxlod.site.structured import structured_data
from dxlod.site.view import View

__all__ = ["PER_PAGE", "Backlinks", "Group", "Own", "Part", "PartTable", "Row", "Source", "generic_facts"]

PER_PAGE = 50
"""How many of the things that point at one are on one page."""


@dataclass(frozen=True)
class Own:
    """What the page of a class shows in a way of its own: properties; and whether it lists what points at the thing."""

    properties: frozenset[str]
    backlinks: bool = True


@dataclass(frozen=True)
class Row:
    """One property of a thing and its values, terms in N-Triples syntax."""

    predicate: str
    values: Sequence[str]


@dataclass(frozen=True)
class Group:
    """Facts that belong together; `name` is the last part of the message that heads them."""

    name: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Source:
    """Lines of a source document, as the macro `source_lines` takes them."""

    document: str
    document_url: str
    start: int
    end: int
    url: str


@dataclass(frozen=True)
class Part:
    """Something that makes no sense without the thing of the page, such as a value: its facts and its sources."""

    iri: str
    values: Mapping[str, Sequence[str]]
    sources: Sequence[Source]


@dataclass(frozen=True)
class PartTable:
    """All parts of one class, as a table: IRI of the class, properties in their order, the parts."""

    kind: str
    predicates: Sequence[str]
    parts: Sequence[Part]


@dataclass(frozen=True)
class Backlinks:
    """One page of what points at a thing, by property."""

    total: int
    page: int
    pages: int
    groups: Sequence[tuple[str, Sequence[str]]]


def generic_facts(
    reader: SiteReader,
    view: View,
    iri: str,
    triples: Sequence[Triple],
    page: int,
    words: tuple[str, str],
    own: Own | None = None,
) -> dict[str, Any]:
    """What `entity.html` shows of the thing whose document these triples are (`SiteReader.closure`).

    `page` counts the pages of what points at it from 1; `words` are those for true and false; `own` is what the page
    shows in a way of its own.
    """
    by_subject = {subject[1:-1]: group for subject, group in triples_by_subject(triples, f"<{iri}>")}
    place = place_of(reader, iri)
    listed = own is None or own.backlinks or page > 1
    backlinks = _backlinks(reader, iri, page) if listed else Backlinks(0, page, 1, ())
    facts = by_subject.pop(iri, [])
    rows = _rows(facts, own.properties if own else frozenset())
    kinds = [triple.o[1:-1] for triple in facts if triple.p == RDF_TYPE]
    shown = _of_rows(rows) if own else {term[1:-1] for triple in triples for term in triple if is_iri(term)}
    labels = reader.labels(shown.union(kinds, _of_links(backlinks), (iri, *place.above, place.edition)))
    link = Links(view, labels, *words)
    sources = _Sources({} if own else by_subject, link, view)
    crumbs = [*((link.plain(other), view.href(other)) for other in place.above), (link.plain(iri), None)]
    return {
        "iri": iri,
        "labels": labels,
        "link": link,
        "title": labels.get(iri, {}),
        "kinds": kinds,
        "place": place,
        "crumbs": crumbs,
        "groups": _groups(rows, labels.get(iri, {})),
        "tables": [] if own else _tables(by_subject, sources),
        "sources": [] if own else sources.of(facts),
        "backlinks": backlinks,
        "alternates": _alternates(view),
        "structured": structured_data(iri, view, labels, facts, crumbs),
    }


def _of_rows(rows: Iterable[Row]) -> set[str]:
    """What rows name."""
    return {term[1:-1] for row in rows for term in (f"<{row.predicate}>", *row.values) if is_iri(term)}


def _of_links(backlinks: Backlinks) -> Iterator[str]:
    """What a list of links names."""
    for predicate, subjects in backlinks.groups:
        yield from (predicate, *subjects)


def _alternates(view: View) -> list[tuple[str, str]]:
    return [(item.media_type, view.data(f"{view.path}.{item.suffix}")) for item in GRAPH_FORMATS]


def _rows(triples: Iterable[Triple], shown: frozenset[str] = frozenset()) -> list[Row]:
    """The properties of a thing in their order, but those that the page shows by itself."""
    values: dict[str, list[str]] = {}
    for triple in triples:
        name = triple.p[1:-1]
        if name not in HIDDEN and name not in shown:
            values.setdefault(name, []).append(triple.o)
    return [Row(predicate, values[predicate]) for predicate in sorted(values, key=rank_of)]


def _groups(every: Sequence[Row], title: Mapping[str, str]) -> list[Group]:
    """The facts in groups, without the names that head the page anyway."""
    heads = {literal(text, language=tag) for tag, text in title.items()}
    rows = [row for row in every if row.predicate not in NAMING or not heads.issuperset(row.values)]
    by_name: dict[str, list[Row]] = {}
    for row in rows:  # They come in the order of the groups.
        by_name.setdefault(group_of(row.predicate), []).append(row)
    return [Group(name, found) for name, found in by_name.items()]


def _tables(by_subject: Mapping[str, Sequence[Triple]], sources: _Sources) -> list[PartTable]:
    found: dict[str, list[Part]] = {}
    for iri, triples in by_subject.items():
        kind = min(
            (triple.o[1:-1] for triple in triples if triple.p == RDF_TYPE), key=_class_rank, default=""
        )
        if kind not in _FRAGMENTS:
            values = {row.predicate: row.values for row in _rows(triples) if row.predicate not in _UNDERSTOOD}
            found.setdefault(kind, []).append(Part(iri, values, sources.of(triples)))
    return [
        PartTable(kind, sorted({name for part in parts for name in part.values}, key=rank_of), parts)
        for kind, parts in sorted(found.items())
    ]


def _class_rank(iri: str) -> tuple[bool, str]:
    """Of several classes, one of ours says best what a thing is."""
    return not iri.startswith(ONTOLOGY), iri


_FRAGMENTS = (DXO.SourceFragment, f"{OA}FragmentSelector", f"{OA}TextQuoteSelector")
_UNDERSTOOD = (DXO.inEdition, DXO.indicator, f"{QB}dataSet")
"""What every part has in common with the thing of the page."""


class _Sources:
    """Source lines of things, from the fragments among the triples of a document."""

    def __init__(self, by_subject: Mapping[str, Sequence[Triple]], link: Links, view: View) -> None:
        self._by_subject = by_subject
        self._link = link
        self._view = view

    def of(self, triples: Iterable[Triple]) -> list[Source]:
        """The lines that a thing was read from, in their order."""
        fragments = (triple.o[1:-1] for triple in triples if triple.p == f"<{DXO.sourceFragment}>")
        return sorted(self._read(fragments), key=lambda source: (source.document, source.start, source.end))

    def _read(self, fragments: Iterable[str]) -> Iterator[Source]:
        for fragment in fragments:
            facts = {triple.p[1:-1]: triple.o for triple in self._by_subject.get(fragment, ())}
            document = facts.get(f"{OA}hasSource", "<>")[1:-1]
            start = _number(facts.get(DXO.startLine))
            yield Source(
                document=self._link.plain(document),
                document_url=self._view.href(document) if document else "",
                start=start,
                end=_number(facts.get(DXO.endLine)) or start,
                url=self._view.href(fragment),
            )


def _number(term: str | None) -> int:
    text = literal_parts(term).text if term and not is_iri(term) else ""
    return int(text) if text.isdecimal() else 0


def _backlinks(reader: SiteReader, iri: str, page: int) -> Backlinks:
    total = reader.backlink_count(iri)
    found = reader.backlinks(iri, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    groups: dict[str, list[str]] = {}
    for predicate, subject in found:
        groups.setdefault(predicate, []).append(subject)
    pages = max(1, -(-total // PER_PAGE))
    return Backlinks(total, page, pages, list(groups.items()))
