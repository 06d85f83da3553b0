"""The W3C SPARQL 1.1 test suite as it lies in the folder of third-party data: tests as values, data as N-Quads.

Each file of data becomes a named graph, so that one server holds them all and each test names its data set by
`default-graph-uri` and `named-graph-uri`. The suite itself is never copied into this repository.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

HERE = Path(__file__).parent
VENDOR = Path(os.environ.get("DXLOD_VENDOR", HERE.parents[2] / "shared" / "vendor"))
ROOT = VENDOR / "rdf-tests" / "sparql" / "sparql11"
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
NOTHING = f"{BASE}no-data-at-all"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
FORMATS = {"ttl": ox.RdfFormat.TURTLE, "rdf": ox.RdfFormat.RDF_XML, "nt": ox.RdfFormat.N_TRIPLES}


@dataclass(frozen=True)
class Case:
    """One test. `default` and `named` are graph IRIs; `services` pairs an endpoint with the graph that it serves."""

    iri: str
    kind: str
    folder: str
    query: Path | None
    result: Path | None
    default: tuple[str, ...]
    named: tuple[str, ...]
    services: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The query with its base IRI, which is that of its file."""
        assert self.query is not None
        return f"BASE <{BASE}{self.folder}/{self.query.name}>\n{self.query.read_text('utf-8')}"


def folders() -> list[str]:
    """The suites that are there."""
    return sorted(path.parent.name for path in ROOT.glob("*/manifest.ttl"))


def named_suites() -> set[str]:
    """The suites that W3C names, also those that are not at hand."""
    graph = Graph().parse(ROOT / "manifest-all.ttl", publicID=BASE)
    return {
        str(item).removesuffix(".ttl").rpartition("/")[0].rpartition("/")[2]
        for listed in graph.objects(None, MF.include)
        for item in Collection(graph, listed)
    }


def manifest(folder: str) -> Graph:
    """The manifest of one suite."""
    return Graph().parse(ROOT / folder / "manifest.ttl", publicID=f"{BASE}{folder}/")


def entries(graph: Graph) -> list[Node]:
    """The tests that a manifest lists, in order."""
    return [item for listed in graph.objects(None, MF.entries) for item in Collection(graph, listed)]


def cases() -> Iterator[Case]:
    """All tests of all suites."""
    for folder in folders():
        graph = manifest(folder)
        for node in entries(graph):
            yield _case(graph, folder, node)


def _case(graph: Graph, folder: str, node: Node) -> Case:
    action = graph.value(node, MF.action)
    query = graph.value(action, QT.query) if isinstance(action, Node) else None
    if query is None and isinstance(action, URIRef):
        query = action
    services = tuple(
        (str(graph.value(service, QT.endpoint)), str(graph.value(service, QT.data)))
        for service in graph.objects(action, QT.serviceData)
    )
    return Case(
        iri=str(node),
        kind=str(graph.value(node, RDF.type)).rpartition("#")[2],
        folder=folder,
        query=_path(query),
        result=_path(graph.value(node, MF.result)),
        default=tuple(sorted(str(item) for item in graph.objects(action, QT.data))),
        named=tuple(sorted(str(item) for item in graph.objects(action, QT.graphData))),
        services=services,
    )


def _path(iri: Node | None) -> Path | None:
    return ROOT / str(iri).removeprefix(BASE) if isinstance(iri, URIRef) else None


def data() -> Iterator[str]:
    """All data of the suites as lines of N-Quads, each file a graph named by its IRI; also by the label it is given."""
    for folder in folders():
        graph = manifest(folder)
        labels = {
            str(graph.value(node, UT.graph)): str(graph.value(node, RDFS.label))
            for node in graph.objects(None, UT.graphData)
            if graph.value(node, RDFS.label) is not None
        }
        used = set(labels)
        for predicate in (QT.data, QT.graphData):
            used |= {str(item) for item in graph.objects(None, predicate) if isinstance(item, URIRef)}
        for iri in sorted(used):
            yield from _quads(iri, labels.get(iri, iri))


def _quads(iri: str, name: str) -> Iterator[str]:
    path = ROOT / iri.removeprefix(BASE)
    form = FORMATS[path.suffix[1:]]
    for quad in ox.parse(path=str(path), format=form, base_iri=iri, rename_blank_nodes=True):
        yield f"{quad.subject} {quad.predicate} {quad.object} <{name}> ."


def exceptions() -> dict[str, str]:
    """IRI of each test that is expected to fail and the reason."""
    return {row["iri"]: row["reason"] for row in _table()["exception"]}


def by_design() -> set[str]:
    """IRIs of the exceptions that are no fault: the service is meant to answer so."""
    return {row["iri"] for row in _table()["exception"] if row["by"] == "design"}


def not_applicable() -> dict[str, str]:
    """Names of the suites that do not apply and the reason."""
    return {name: row["reason"] for row in _table()["not_applicable"] for name in row["suites"]}


def _table() -> dict[str, Any]:
    return tomllib.loads((HERE / "exceptions.toml").read_text("utf-8"))
