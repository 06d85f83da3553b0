"""Counting what a graph has: classes, properties, properties by class, links to other people's data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dxlod.release.terms import RDF_TYPE, Triple, is_iri

__all__ = ["NEIGHBOURS", "Links", "Neighbour", "Survey", "Use", "survey"]


@dataclass(frozen=True)
class Neighbour:
    """Somebody else's data that ours link to: key, name, where their IRIs begin, their page."""

    key: str
    name: str
    start: str
    page: str


NEIGHBOURS = (
    Neighbour("e-stat", "e-Stat 統計LOD", "http://data.e-stat.go.jp/lod/", "https://data.e-stat.go.jp/lodw/"),
    Neighbour("ndl", "Web NDL Authorities", "http://id.ndl.go.jp/auth/", "https://id.ndl.go.jp/auth/ndla/"),
    Neighbour("geonames", "GeoNames", "https://sws.geonames.org/", "https://www.geonames.org/"),
    Neighbour("e-gov", "e-Gov 法令検索", "https://laws.e-gov.go.jp/", "https://laws.e-gov.go.jp/"),
    Neighbour("qudt", "QUDT units", "http://qudt.org/vocab/unit/", "https://qudt.org/"),
    Neighbour("sdg", "UN SDG", "http://metadata.un.org/sdg/", "https://metadata.un.org/sdg/"),
)
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SCHEMA = (RDF_TYPE, *(f"<{_RDFS}{name}>" for name in ("range", "domain", "subClassOf", "subPropertyOf")))
"""What an ontology says of terms; not links between data."""


@dataclass(frozen=True)
class Use:
    """How often a property is used, by how many subjects, with how many values."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Links:
    """Triples that lead to a neighbour, and by which properties (IRIs, sorted)."""

    neighbour: Neighbour
    triples: int
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Survey:
    """Numbers of a graph. Keys are IRIs; `examples` has one instance of each class."""

    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, Use]
    by_class: Mapping[str, Mapping[str, Use]]
    examples: Mapping[str, str]
    links: tuple[Links, ...]


class _Tally:
    """Triples, subjects and values of one property so far."""

    def __init__(self) -> None:
        self.triples = 0
        self.subjects: set[str] = set()
        self.objects: set[str] = set()

    def add(self, triple: Triple) -> None:
        self.triples += 1
        self.subjects.add(triple.s)
        self.objects.add(triple.o)

    def use(self) -> Use:
        return Use(self.triples, len(self.subjects), len(self.objects))


def survey(triples: Iterable[Triple]) -> Survey:
    """Numbers of these triples, each of which counts once."""
    every = set(triples)
    instances: dict[str, set[str]] = defaultdict(set)
    classes_of: dict[str, list[str]] = defaultdict(list)
    for triple in every:
        if triple.p == RDF_TYPE:
            instances[triple.o].add(triple.s)
            classes_of[triple.s].append(triple.o)
    properties: dict[str, _Tally] = defaultdict(_Tally)
    by_class: dict[str, dict[str, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    for triple in every:
        properties[triple.p].add(triple)
        for kind in classes_of.get(triple.s, ()):
            by_class[kind][triple.p].add(triple)
    return Survey(
        triples=len(every),
        subjects=len({triple.s for triple in every}),
        objects=len({triple.o for triple in every}),
        classes={kind[1:-1]: len(instances[kind]) for kind in sorted(instances)},
        properties=_uses(properties),
        by_class={kind[1:-1]: _uses(by_class[kind]) for kind in sorted(by_class)},
        examples={kind[1:-1]: min(instances[kind])[1:-1] for kind in sorted(instances)},
        links=tuple(_links(every)),
    )


def _uses(tallies: Mapping[str, _Tally]) -> dict[str, Use]:
    return {name[1:-1]: tallies[name].use() for name in sorted(tallies)}


def _links(triples: Iterable[Triple]) -> list[Links]:
    found: dict[str, list[str]] = {item.key: [] for item in NEIGHBOURS}
    starts = [(f"<{item.start}", item.key) for item in NEIGHBOURS]
    for triple in triples:
        if is_iri(triple.o) and triple.p not in _SCHEMA:
            key = next((key for start, key in starts if triple.o.startswith(start)), None)
            if key and not triple.s.startswith(f"<{_start_of(key)}"):
                found[key].append(triple.p[1:-1])
    return [
        Links(item, len(found[item.key]), tuple(sorted(set(found[item.key]))))
        for item in NEIGHBOURS
        if found[item.key]
    ]


def _start_of(key: str) -> str:
    return next(item.start for item in NEIGHBOURS if item.key == key)
