"""What RDFS entails from the ontology, the vocabularies it builds on, and a made-up plan with every term."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import OWL, SKOS
from rdflib.term import Node

HERE = Path(__file__).parent
ONTOLOGY = HERE.parent.parent / "ontology"
ID = "https://w3id.org/dxlod/id/"

Triple = tuple[Node, Node, Node]


def read(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def entailed(triples: Iterable[Triple]) -> set[Triple]:
    """The RDFS closure under rules 2, 3, 5, 7, 9, 11 (RDF 1.1 Semantics, section 9.2.1) and owl:inverseOf."""
    known = set(triples)
    while True:
        index: dict[tuple[Node, Node], set[Node]] = {}
        for s, p, o in known:
            index.setdefault((s, p), set()).add(o)
        new = set(chain.from_iterable(consequences(t, index) for t in known)) - known
        if not new:
            return known
        known |= new


def consequences(triple: Triple, index: dict[tuple[Node, Node], set[Node]]) -> Iterable[Triple]:
    s, p, o = triple
    yield from ((s, RDF.type, c) for c in index.get((p, RDFS.domain), ()))
    yield from ((s, q, o) for q in index.get((p, RDFS.subPropertyOf), ()))
    if not isinstance(o, Literal):
        yield from ((o, RDF.type, c) for c in index.get((p, RDFS.range), ()))
        yield from ((o, q, s) for q in index.get((p, OWL.inverseOf), ()))
    if p == RDF.type:
        yield from ((s, RDF.type, c) for c in index.get((o, RDFS.subClassOf), ()))
    if p in (RDFS.subClassOf, RDFS.subPropertyOf):
        yield from ((s, p, c) for c in index.get((o, p), ()))


def added_types(data: Graph, background: Graph) -> set[tuple[str, str]]:
    """Types that neither the data nor the superclasses of what they state give: they come from properties."""
    stated = {t for t in chain(data, background) if t[1] in (RDF.type, RDFS.subClassOf)}
    by_class = entailed(stated)
    closure = entailed(chain(data, background))
    nodes = {n for n in chain(data.subjects(), data.objects()) if isinstance(n, URIRef)}
    return {(str(s), str(c)) for s, p, c in closure - by_class if p == RDF.type and s in nodes}


def approved() -> set[tuple[str, str]]:
    graph = read(HERE / "entailed.ttl")
    return {(str(s), str(c)) for s, c in graph.subject_objects(RDF.type)}


@pytest.fixture(scope="module")
def example() -> Graph:
    quads = pyoxigraph.parse(path=str(HERE / "example.trig"))
    triples = pyoxigraph.serialize((q.triple for q in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return Graph().parse(triples, format="nt")


@pytest.fixture(scope="module")
def background() -> Graph:
    """The ontology and the restated axioms; the alignments stay out, as they do in a release."""
    files = [path for path in sorted(ONTOLOGY.glob("*.ttl")) if path.stem != "alignments"]
    return read(*files, HERE / "external-axioms.ttl")


def test_the_closure_of_the_example_adds_only_the_approved_types(example: Graph, background: Graph) -> None:
    assert added_types(example, background) == approved()


def test_the_closure_shows_an_unwanted_type(example: Graph, background: Graph) -> None:
    """The UN's SDG ontology gives dcterms:subject the domain skos:Concept; loading it must be noticed."""
    axiom = Graph().parse(
        data="""
        @prefix dcterms: <http://purl.org/dc/terms/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        dcterms:subject rdfs:domain <http://www.w3.org/2004/02/skos/core#Concept> ."""
    )
    extra = added_types(example, background + axiom) - approved()
    plan = "https://data.example/id/plan/999997/dx/2026"
    assert extra == {(node, str(SKOS.Concept)) for node in (plan, plan + "/initiative/1-1-1")}


def clashes(triples: set[Triple]) -> set[Node]:
    disjoint = [(a, b) for a, p, b in triples if p == OWL.disjointWith]
    members: dict[Node, set[Node]] = {}
    for s, p, c in triples:
        if p == RDF.type:
            members.setdefault(c, set()).add(s)
    return set().union(*(members.get(a, set()) & members.get(b, set()) for a, b in disjoint))


def test_nothing_is_of_two_disjoint_classes(example: Graph, background: Graph) -> None:
    assert clashes(entailed(chain(example, background))) == set()
    wrong: Triple = (URIRef(ID + "code/bound"), SKOS.inScheme, URIRef(ID + "code/bound/at-least"))
    assert clashes(entailed(chain(example, background, [wrong]))) == {wrong[2]}
