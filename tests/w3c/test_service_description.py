"""The W3C tests of the SPARQL 1.1 Service Description, against a running service.

The suite gives them by name only; what they ask is in sections 2 and 3 of the specification.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from rdflib import RDF, RDFS, BNode, Dataset, Graph, Literal, Namespace, URIRef

from . import suite

pytestmark = pytest.mark.skipif(
    not suite.ROOT.is_dir(),
    reason=f"W3C tests not found at {suite.ROOT}; set DXLOD_VENDOR to the folder of third-party data",
)
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
RANGES = {
    SD.feature: {
        SD.DereferencesURIs,
        SD.UnionDefaultGraph,
        SD.RequiresDataset,
        SD.EmptyGraphs,
        SD.BasicFederatedQuery,
    },
    SD.supportedLanguage: {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update},
}
"""Instances that the specification names (3.2)."""
TYPES = {
    SD.defaultDataset: SD.Dataset,
    SD.availableGraphs: SD.GraphCollection,
    SD.defaultGraph: SD.Graph,
    SD.namedGraph: SD.NamedGraph,
    SD.graph: SD.Graph,
}
"""Classes of the values of each property (3.4)."""


def test_these_are_the_tests() -> None:
    names = {str(node).rpartition("#")[2] for node in suite.entries(suite.manifest("service-description"))}
    assert names == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}


@pytest.mark.parametrize("media_type", FORMATS)
def test_returns_rdf(client: httpx.Client, media_type: str) -> None:
    answer = client.get("/sparql", headers={"Accept": media_type})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert len(parse(answer)) == len(parse(client.get("/sparql"))) > 20


def test_has_endpoint_triple(client: httpx.Client, origin: str) -> None:
    graph = parse(client.get("/sparql"))
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert list(graph.objects(service, SD.endpoint)) == [URIRef(f"{origin}/sparql")]


def test_conforms_to_schema(client: httpx.Client) -> None:
    graph = parse(client.get("/sparql"))
    assert list(faults(graph)) == []
    assert not any(isinstance(node, BNode) for triple in graph for node in triple)
    assert (None, SD.feature, SD.UnionDefaultGraph) in graph


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (SD.Service, SD.feature, SD.UnionDefaultGraphs),
        (SD.Service, SD.endpoint, Literal("http://x/sparql")),
        (SD.Service, SD.endpoint, URIRef("http://x/second")),
        (SD.Dataset, SD.defaultGraph, URIRef("http://x/no-graph")),
        (SD.NamedGraph, SD.name, URIRef("http://x/second-name")),
        (SD.Service, SD.resultFormat, Literal("text/turtle")),
        (SD.Service, SD.resultFromat, URIRef("http://www.w3.org/ns/formats/Turtle")),
    ],
)
def test_a_wrong_description_is_told(
    client: httpx.Client, subject: URIRef, predicate: URIRef, value: URIRef | Literal
) -> None:
    graph = parse(client.get("/sparql"))
    graph.add((next(graph.subjects(RDF.type, subject)), predicate, value))
    assert list(faults(graph))


def parse(answer: httpx.Response) -> Graph:
    name = FORMATS[answer.headers["content-type"].partition(";")[0]]
    if name not in ("trig", "nquads"):
        return Graph().parse(data=answer.content, format=name)
    quads = list(Dataset().parse(data=answer.content, format=name).quads())
    assert {graph for *_, graph in quads} <= {None, URIRef("urn:x-rdflib:default")}
    found = Graph()
    for subject, predicate, value, _ in quads:
        found.add((subject, predicate, value))
    return found


def faults(graph: Graph) -> Iterator[str]:
    """What is against the specification in a description."""
    (service,) = graph.subjects(RDF.type, SD.Service)
    endpoints = list(graph.objects(service, SD.endpoint))
    if len(endpoints) != 1 or not isinstance(endpoints[0], URIRef):
        yield f"endpoints {endpoints}"
    for predicate, known in RANGES.items():
        # Whoever has a feature of their own says that it is one: only that.
        own = set(graph.subjects(RDF.type, SD.Feature)) if predicate == SD.feature else set()
        yield from (
            f"{predicate} {value}" for value in graph.objects(None, predicate) if value not in known | own
        )
    for predicate, kind in TYPES.items():
        yield from (
            f"{value} is no {kind}"
            for value in graph.objects(None, predicate)
            if (value, RDF.type, kind) not in graph
        )
    for named in graph.subjects(RDF.type, SD.NamedGraph):
        if len(list(graph.objects(named, SD.name))) != 1:
            yield f"names of {named}"
    for predicate in (SD.resultFormat, SD.inputFormat, SD.defaultEntailmentRegime):
        yield from (
            f"{value} is no IRI" for value in graph.objects(None, predicate) if not isinstance(value, URIRef)
        )
    known_terms = {
        *RANGES,
        *TYPES,
        SD.endpoint,
        SD.name,
        SD.resultFormat,
        SD.defaultEntailmentRegime,
        RDFS.comment,
    }
    for used in set(graph.predicates()):
        if str(used).startswith(str(SD)) and used not in known_terms:
            yield f"{used} is no term of the vocabulary"
