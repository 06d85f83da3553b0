"""What the endpoint says of itself (SPARQL 1.1 Service Description): facts in, triples out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from dxlod.release.terms import RDF_TYPE, Triple, literal
from dxlod.server.searchterms import search_feature
from dxlod.store import SEARCH

__all__ = ["Facts", "description"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_DCT = "http://purl.org/dc/terms/"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG", "N-Quads")


@dataclass(frozen=True)
class Facts:
    """What is true of a running endpoint.

    `graphs`: IRI of each named graph and how many triples it holds. `triples`: in their union. `licence`: its IRI.
    """

    endpoint: str
    version: str
    graphs: Mapping[str, int]
    triples: int
    federated: bool = False
    max_rows: int = 0


def description(facts: Facts) -> list[Triple]:
    """The service description, of IRIs below the endpoint's and of no blank nodes (Service Description, 3)."""
    service = [Triple(*(_iri(part) for part in triple)) for triple in _service(facts)]
    return [*service, *search_feature(), *_dataset(facts)]


def _iri(text: str) -> str:
    return f"<{text}>"


def _service(facts: Facts) -> Iterator[tuple[str, str, str]]:
    here = f"{facts.endpoint}#service"
    yield here, RDF_TYPE[1:-1], f"{_SD}Service"
    yield here, f"{_SD}endpoint", facts.endpoint
    yield here, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query"
    yield here, f"{_SD}feature", f"{_SD}UnionDefaultGraph"
    yield here, f"{_SD}feature", SEARCH
    if facts.federated:
        yield here, f"{_SD}feature", f"{_SD}BasicFederatedQuery"
    for name in (*_RESULTS, *_GRAPHS):
        yield here, f"{_SD}resultFormat", f"{_FORMATS}{name}"
    yield here, f"{_SD}defaultEntailmentRegime", "http://www.w3.org/ns/entailment/Simple"
    yield here, f"{_SD}defaultDataset", f"{facts.endpoint}#dataset"
    yield here, f"{_SD}availableGraphs", f"{facts.endpoint}#graphs"


def _dataset(facts: Facts) -> Iterator[Triple]:
    dataset, union, graphs = (
        _iri(f"{facts.endpoint}#{name}") for name in ("dataset", "default-graph", "graphs")
    )
    for kind in (f"{_SD}Dataset", f"{_VOID}Dataset"):
        yield Triple(dataset, RDF_TYPE, _iri(kind))
    yield Triple(
        dataset, _iri(f"{_DCT}title"), literal("自治体DX計画のリンクトオープンデータ", language="ja")
    )
    yield Triple(
        dataset, _iri(f"{_DCT}title"), literal("Municipal DX plans as linked open data", language="en")
    )
    yield Triple(dataset, _iri("http://www.w3.org/2002/07/owl#versionInfo"), literal(facts.version))
    yield Triple(dataset, _iri(f"{_VOID}sparqlEndpoint"), _iri(facts.endpoint))
    yield Triple(dataset, _iri(f"{_VOID}triples"), literal(str(facts.triples), _INTEGER))
    yield Triple(dataset, _iri(f"{_SD}defaultGraph"), union)
    if facts.max_rows:
        note = f"An answer of more than {facts.max_rows} rows is refused with an error; it is never cut."
        yield Triple(_iri(f"{facts.endpoint}#service"), _iri(f"{_RDFS}comment"), literal(note, language="en"))
    yield from _graph(union, facts.triples)
    yield Triple(graphs, RDF_TYPE, _iri(f"{_SD}GraphCollection"))
    for name, triples in sorted(facts.graphs.items()):
        yield from _named_graph(facts.endpoint, name, triples, (dataset, graphs))


def _named_graph(endpoint: str, name: str, triples: int, holders: tuple[str, ...]) -> Iterator[Triple]:
    place = quote(name, safe="")
    named, graph = _iri(f"{endpoint}#named-graph-{place}"), _iri(f"{endpoint}#graph-{place}")
    for holder in holders:
        yield Triple(holder, _iri(f"{_SD}namedGraph"), named)
    yield Triple(named, RDF_TYPE, _iri(f"{_SD}NamedGraph"))
    yield Triple(named, _iri(f"{_SD}name"), _iri(name))
    yield Triple(named, _iri(f"{_SD}graph"), graph)
    yield from _graph(graph, triples)


def _graph(graph: str, triples: int) -> Iterator[Triple]:
    for kind in (f"{_SD}Graph", f"{_VOID}Dataset"):
        yield Triple(graph, RDF_TYPE, _iri(kind))
    yield Triple(graph, _iri(f"{_VOID}triples"), literal(str(triples), _INTEGER))
