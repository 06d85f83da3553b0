"""Every dump of the published release, in every format, is the same graph: rdflib and Oxigraph both say so.

The reference is the N-Quads file. A release has no blank nodes, so graphs are isomorphic where they are equal.
rdflib reads the dumps of each plan edition in every format; the whole is read by Oxigraph, which is quick.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from dxlod.release import Release, open_current
from dxlod.settings import Settings

OX = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
RDFLIB = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}
NAMED = ("trig", "nq")
PLANS = (
    "212016-dx-action-2025",
    "212016-it-optimization-2",
    "212075-dx-2024",
    "212130-dx-2026",
    "362018-dx-2026",
)


@pytest.fixture(scope="module")
def current(releases: Path) -> Release:
    return open_current(Settings(releases=releases))


def quads(release: Release, stem: str, suffix: str) -> set[ox.Quad]:
    return set(ox.parse(path=str(release.path / "dumps" / f"{stem}.{suffix}"), format=OX[suffix]))


def reference(release: Release, stem: str, suffix: str) -> set[ox.Quad]:
    """What a file of that format is to hold: the quads, or the union of the graphs."""
    every = quads(release, stem, "nq")
    return every if suffix in NAMED else {ox.Quad(q.subject, q.predicate, q.object) for q in every}


def test_the_dumps_are_those_of_the_plans_and_the_whole(current: Release) -> None:
    found = {entry.path for entry in current.manifest.files if entry.path.startswith("dumps/")}
    stems = {path.removeprefix("dumps/").removesuffix(".nq") for path in found if path.endswith(".nq")}
    assert stems == {"all", *PLANS}
    for stem in stems:
        assert {f"dumps/{stem}.{suffix}{gz}" for suffix in OX for gz in ("", ".gz")} <= found


@pytest.mark.parametrize("stem", ["all", *PLANS])
def test_oxigraph_reads_the_same_from_every_format(current: Release, stem: str) -> None:
    for suffix in OX:
        found = quads(current, stem, suffix)
        assert found == reference(current, stem, suffix), suffix
        entry = current.entry(f"dumps/{stem}.{suffix}")
        assert entry is not None
        assert entry.triples == len(found)
        assert entry.triples == current.entry(f"dumps/{stem}.{suffix}.gz").triples  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "stem", [PLANS[0], *(pytest.param(stem, marks=pytest.mark.thorough) for stem in PLANS[1:])]
)
def test_rdflib_reads_the_same_from_every_format(current: Release, stem: str) -> None:
    for suffix in RDFLIB:
        expected = {as_rdflib(quad) for quad in reference(current, stem, suffix)}
        assert set(by_rdflib(current.path / "dumps" / f"{stem}.{suffix}", suffix)) == expected, suffix


def by_rdflib(path: Path, suffix: str) -> Iterator[tuple[str, ...]]:
    if suffix not in NAMED:
        for triple in Graph().parse(path, format=RDFLIB[suffix]):
            yield (*map(plain, triple), "")
        return
    for s, p, o, g in Dataset().parse(path, format=RDFLIB[suffix]).quads():
        yield (*map(plain, (s, p, o)), str(g))


def plain(node: Node) -> str:
    assert not isinstance(node, BNode)
    if isinstance(node, Literal):
        return f"{node!s}\0{node.language or ''}\0{node.datatype or ''}"
    assert isinstance(node, URIRef)
    return str(node)


def as_rdflib(quad: ox.Quad) -> tuple[str, ...]:
    graph = quad.graph_name
    return (
        *map(term, (quad.subject, quad.predicate, quad.object)),
        "" if isinstance(graph, ox.DefaultGraph) else term(graph),
    )


def term(node: object) -> str:
    if isinstance(node, ox.Literal):
        language = node.language or ""
        datatype = node.datatype.value
        shown = "" if language or datatype.endswith("#string") else datatype
        return f"{node.value}\0{language}\0{shown}"
    assert isinstance(node, ox.NamedNode)
    return node.value


def test_the_plans_are_parts_of_the_whole(current: Release) -> None:
    whole = quads(current, "all", "nq")
    parts = [quads(current, stem, "nq") for stem in PLANS]
    assert sum(map(len, parts)) == len(set().union(*parts))
    assert set().union(*parts) < whole
    graphs = {quad.graph_name.value for part in parts for quad in part}  # type: ignore[union-attr]
    assert graphs == {name for name in current.manifest.graphs if "/graph/plan/" in name}


def test_the_manifest_counts_what_there_is(current: Release) -> None:
    found: dict[str, int] = {}
    for quad in quads(current, "all", "nq"):
        name = quad.graph_name.value  # type: ignore[union-attr]
        found[name] = found.get(name, 0) + 1
    assert found == dict(current.manifest.graphs)
    assert current.manifest.triples == len(quads(current, "all", "nt"))


def test_what_is_packed_unpacks_to_the_same_bytes(current: Release) -> None:
    packed = [entry for entry in current.manifest.files if entry.path.endswith(".gz")]
    assert len(packed) == 6 * (1 + len(PLANS))
    for entry in packed:
        path = current.path / entry.path
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()
