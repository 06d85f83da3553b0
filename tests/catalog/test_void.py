"""VoID: every number counted again by another engine."""

from __future__ import annotations

import pyoxigraph
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dxlod.catalog.survey import NEIGHBOURS, Neighbour, survey
from dxlod.release import Release
from dxlod.release.terms import Triple

VOID = Namespace("http://rdfs.org/ns/void#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
BASE = Namespace("https://w3id.org/dxlod/id/")
ALL, EDITION = BASE["dataset/all"], BASE["dataset/212130-dx-2026"]


@pytest.fixture(scope="module")
def void(release: Release) -> Graph:
    return Graph().parse(release.path / "void.ttl", format="turtle")


@pytest.fixture(scope="module")
def store(release: Release) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.bulk_load(path=str(release.quads), format=pyoxigraph.RdfFormat.N_QUADS)
    # Oxigraph counts a triple of two graphs twice in their union, so the default graph holds the union itself.
    store.bulk_load(path=str(release.path / "dumps" / "all.nt"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def ask(store: pyoxigraph.Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [tuple(str(value.value) for value in row) for row in found]


def number(void: Graph, node: Node | None, name: str) -> int:
    value = void.value(node, VOID[name])
    assert isinstance(value, Literal), (node, name)
    return int(value)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) {?s ?p ?o}"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) {?s ?p ?o}"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) {?s ?p ?o}"),
        ("classes", "SELECT (COUNT(DISTINCT ?o) AS ?n) {?s a ?o}"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) {?s ?p ?o}"),
    ],
)
def test_numbers_of_the_whole(void: Graph, store: pyoxigraph.Store, name: str, query: str) -> None:
    assert [(str(number(void, ALL, name)),)] == ask(store, query)


def test_class_partitions(void: Graph, store: pyoxigraph.Store) -> None:
    expected = ask(store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) {?s a ?c} GROUP BY ?c")
    found = [
        (str(void.value(part, VOID["class"])), str(number(void, part, "entities")))
        for part in void.objects(ALL, VOID.classPartition)
    ]
    assert sorted(found) == sorted(expected)


def test_property_partitions_by_class(void: Graph, store: pyoxigraph.Store) -> None:
    query = "SELECT ?c ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) {?s a ?c ; ?p ?o} GROUP BY ?c ?p"
    found = [
        (str(void.value(part, VOID["class"])), str(void.value(use, VOID.property)),
         str(number(void, use, "triples")), str(number(void, use, "distinctSubjects")))
        for part in void.objects(ALL, VOID.classPartition)
        for use in void.objects(part, VOID.propertyPartition)
    ]  # fmt: skip
    assert sorted(found) == sorted(ask(store, query))


def test_property_partitions_of_an_edition(void: Graph, store: pyoxigraph.Store) -> None:
    graph = "<https://w3id.org/dxlod/graph/plan/212130/dx/2026>"
    query = f"SELECT ?p (COUNT(*) AS ?n) {{GRAPH {graph} {{?s ?p ?o}}}} GROUP BY ?p"
    found = [
        (str(void.value(use, VOID.property)), str(number(void, use, "triples")))
        for use in void.objects(EDITION, VOID.propertyPartition)
    ]
    assert sorted(found) == sorted(ask(store, query))


@pytest.mark.parametrize("neighbour", NEIGHBOURS, ids=lambda item: item.key)
def test_linksets_lead_to_the_neighbours(void: Graph, store: pyoxigraph.Store, neighbour: Neighbour) -> None:
    key, start = neighbour.key, neighbour.start
    schema = "rdf:type, rdfs:range, rdfs:domain, rdfs:subClassOf, rdfs:subPropertyOf"
    query = f"""SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ ?s ?p ?o
        FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{start}") && !STRSTARTS(STR(?s), "{start}") && ?p NOT IN ({schema}))}}}}"""
    prefixes = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
    linkset = BASE[f"linkset/{key}"]
    assert [(str(number(void, linkset, "triples")),)] == ask(store, prefixes + query)
    assert number(void, linkset, "triples") > 0
    assert list(void.objects(linkset, VOID.linkPredicate))
    assert str(void.value(void.value(linkset, VOID.objectsTarget), VOID.uriSpace)) == start
    assert linkset in set(void.objects(ALL, VOID.subset))


def test_examples_and_dumps_are_there(void: Graph, store: pyoxigraph.Store, release: Release) -> None:
    examples = list(void.objects(ALL, VOID.exampleResource))
    assert len(examples) >= 10
    for example in examples:
        assert ask(store, f"SELECT ?o {{<{example}> a ?o}}")
    for dump in void.objects(None, VOID.dataDump):
        assert release.entry(str(dump).removeprefix("https://w3id.org/dxlod/")) is not None, dump


def test_vocabularies_are_those_in_use(void: Graph) -> None:
    found = {str(item) for item in void.objects(ALL, VOID.vocabulary)}
    assert {
        "https://w3id.org/dxlod/ns#",
        "http://purl.org/linked-data/cube#",
        "http://www.w3.org/ns/org#",
    } <= found
    assert "http://www.w3.org/2006/vcard/ns#" not in found


def test_the_endpoint_lists_its_graphs_with_their_sizes(void: Graph, release: Release) -> None:
    data = void.value(URIRef("https://w3id.org/dxlod/sparql#service"), SD.defaultDataset)
    found = {
        str(void.value(node, SD.name)): number(void, void.value(node, SD.graph), "triples")
        for node in void.objects(data, SD.namedGraph)
    }
    assert found == dict(release.manifest.graphs)
    assert number(void, void.value(data, SD.defaultGraph), "triples") == release.manifest.triples


def test_a_triple_in_two_graphs_counts_once() -> None:
    triple = Triple("<urn:s>", "<urn:p>", '"o"')
    assert survey([triple, triple]).triples == 1
