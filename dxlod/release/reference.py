"""Reference data: the Turtle files of ontology/, each a named graph that all publishers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.term import Node

from dxlod.errors import ReleaseError
from dxlod.mapping.lexical import canonical
from dxlod.release.terms import Quad, literal
from dxlod.settings import SHARED

__all__ = ["graph_of", "reference_files", "reference_quads"]

_GRAPHS = {
    "dxlod": "ontology",
    "ontology": "ontology",
    "codes": "code",
    "topics": "topic",
    "structures": "ontology",
    "units": "unit",
    "fiscal-years": "fy",
    "years": "fy",
    "alignments": "align",
    "alignment": "align",
}


def reference_files(folder: Path) -> list[Path]:
    """The Turtle files of the folder, by name."""
    return sorted(folder.glob("*.ttl"))


def graph_of(path: Path) -> str:
    """IRI of the graph that a reference file fills: …/graph/{ontology,code,topic,unit,fy,align} or …/graph/{stem}."""
    return f"{SHARED}/graph/{_GRAPHS.get(path.stem, path.stem)}"


def reference_quads(path: Path) -> Iterator[Quad]:
    """The quads of one reference file; blank nodes become IRIs made from what is said about them."""
    graph = Graph()
    try:
        graph.parse(path, format="turtle")
    # rdflib's Turtle parser fails with many kinds of exception, ValueError and SyntaxError among their bases.
    except (SyntaxError, ValueError, KeyError, IndexError, AssertionError, AttributeError) as error:
        raise ReleaseError(
            f"{path.name} を Turtle として読めません。", f"{path.name} is no Turtle: {error}"
        ) from error
    name = f"<{graph_of(path)}>"
    for s, p, o in _without_blank_nodes(graph):
        yield Quad(_term(s, path.stem), _term(p, path.stem), _term(o, path.stem), name)


def _without_blank_nodes(graph: Graph) -> Graph:
    if not any(isinstance(node, BNode) for triple in graph for node in triple):
        return graph
    return to_canonical_graph(graph)


def _term(node: Node, stem: str) -> str:
    if isinstance(node, URIRef):
        return f"<{node}>"
    if isinstance(node, Literal):
        datatype = "" if node.datatype is None or node.datatype.endswith("#string") else str(node.datatype)
        # As the store gives it back, so that dump and endpoint are the same graph.
        text, datatype = canonical(str(node), datatype) if datatype else (str(node), "")
        return literal(text, datatype, (node.language or "").lower())
    # The canonical label is unique within its file only.
    return f"<{SHARED}/.well-known/genid/{stem}/{node}>"
