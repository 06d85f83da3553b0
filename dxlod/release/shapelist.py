"""The shapes as a list of facts: what each looks at, how grave it is, and what it says (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, BNode, Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from dxlod.release.formats import PREFIXES, prefixed
from dxlod.release.terms import RDF_TYPE, Triple
from dxlod.validation import load_shapes

__all__ = ["Constraint", "NodeShape", "focus_nodes", "list_shapes"]

_SUBCLASS = f"<{RDFS.subClassOf}>"
_TARGETS = (SH.targetClass, SH.targetSubjectsOf)
_NAME = re.compile(r"\b([a-z][a-z-]*):([A-Za-z_]\w*)")
_STEPS = {
    SH.inversePath: "^{}",
    SH.zeroOrMorePath: "{}*",
    SH.oneOrMorePath: "{}+",
    SH.zeroOrOnePath: "{}?",
}


@dataclass(frozen=True)
class Constraint:
    """Something with a message of its own: a property shape, or what a node shape asks itself.

    `path` is written as in SPARQL ('' for the node itself), `about` the terms that the path or the query names,
    `severity` the local name.
    """

    shape: str
    severity: str
    path: str
    about: tuple[str, ...]
    name_ja: str
    name_en: str
    ja: str
    en: str


@dataclass(frozen=True)
class NodeShape:
    """A shape that chooses its focus nodes: by class, or as the subjects of properties. IRIs throughout."""

    shape: str
    file: str
    classes: tuple[str, ...]
    subjects_of: tuple[str, ...]
    constraints: tuple[Constraint, ...]


def list_shapes(files: Iterable[Path]) -> tuple[NodeShape, ...]:
    """The shapes of these Turtle files that have targets, in the order of files and names.

    ValidationError names the file that cannot be read.
    """
    named = [(path.name, load_shapes([path]).graph) for path in files]
    whole = Graph()
    for _, graph in named:
        whole += graph
    return tuple(
        _node_shape(whole, shape, name)
        for name, graph in named
        for shape in sorted(
            {node for p in _TARGETS for node in graph.subjects(p) if isinstance(node, URIRef)}
        )
    )


def focus_nodes(shapes: Iterable[NodeShape], triples: Iterable[Triple]) -> dict[str, set[str]]:
    """The things that each shape looks at, as terms (SHACL 2.1.3): those of its classes, of subclasses too."""
    members: dict[str, set[str]] = {}
    having: dict[str, set[str]] = {}
    below: dict[str, set[str]] = {}
    for s, p, o in triples:
        having.setdefault(p[1:-1], set()).add(s)
        if p == RDF_TYPE:
            members.setdefault(o[1:-1], set()).add(s)
        elif p == _SUBCLASS:
            below.setdefault(o[1:-1], set()).add(s[1:-1])
    return {
        shape.shape: set().union(
            *(members.get(kind, ()) for kind in _with_subclasses(shape.classes, below)),
            *(having.get(name, ()) for name in shape.subjects_of),
        )
        for shape in shapes
    }


def _with_subclasses(kinds: Iterable[str], below: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending = list(kinds)
    while pending:
        kind = pending.pop()
        if kind not in found:
            found.add(kind)
            pending.extend(below.get(kind, ()))
    return found


def _node_shape(graph: Graph, shape: URIRef, file: str) -> NodeShape:
    own = [_constraint(graph, shape)] if (shape, SH.message, None) in graph else []
    properties = [node for node in graph.objects(shape, SH.property) if (node, SH.message, None) in graph]
    rest = sorted((_constraint(graph, node) for node in properties), key=lambda item: item.shape)
    return NodeShape(
        str(shape),
        file,
        tuple(sorted(str(node) for node in graph.objects(shape, SH.targetClass))),
        tuple(sorted(str(node) for node in graph.objects(shape, SH.targetSubjectsOf))),
        (*own, *rest),
    )


def _constraint(graph: Graph, node: Node) -> Constraint:
    path = graph.value(node, SH.path)
    severity = str(graph.value(node, SH.severity) or SH.Violation).rpartition("#")[2]
    return Constraint(
        str(node) if isinstance(node, URIRef) else "",
        severity,
        "" if path is None else _path(graph, path),
        tuple(sorted(set(_about(graph, node)))),
        _text(graph, node, SH.name, "ja"),
        _text(graph, node, SH.name, "en"),
        _text(graph, node, SH.message, "ja"),
        _text(graph, node, SH.message, "en"),
    )


def _text(graph: Graph, node: Node, predicate: URIRef, language: str) -> str:
    texts = {getattr(value, "language", "") or "": str(value) for value in graph.objects(node, predicate)}
    return texts.get(language) or next(iter(sorted(texts.values())), "")


def _about(graph: Graph, node: Node) -> Iterator[str]:
    """Terms in the paths and queries of a constraint, however deep, but not in shapes that speak for themselves."""
    for predicate, value in graph.predicate_objects(node):
        if predicate == SH.path:
            yield from _steps(graph, value)
        elif predicate == SH.select:
            yield from _names(str(value))
        elif predicate in (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals, SH.hasValue):
            yield str(value)
        elif isinstance(value, BNode) or _helps(graph, value):
            yield from _about(graph, value)


def _helps(graph: Graph, node: Node) -> bool:
    """Whether a node is a named shape that only serves others."""
    kinds = (SH.NodeShape, SH.PropertyShape)
    return any((node, RDF.type, kind) in graph for kind in kinds) and (node, SH.message, None) not in graph


def _steps(graph: Graph, node: Node) -> Iterator[str]:
    if isinstance(node, URIRef):
        yield str(node)
        return
    for step in graph.objects(node):
        if step != RDF.nil:
            yield from _steps(graph, step)


def _names(query: str) -> Iterator[str]:
    """IRIs of the prefixed names in a query."""
    spaces = dict(PREFIXES)
    for prefix, local in _NAME.findall(query):
        if prefix in spaces:
            yield spaces[prefix] + local


def _path(graph: Graph, node: Node) -> str:
    if isinstance(node, URIRef):
        return prefixed(str(node))
    for step, form in _STEPS.items():
        inner = graph.value(node, step)
        if inner is not None:
            text = _path(graph, inner)
            return form.format(f"({text})" if set(text) & set("/|") else text)
    choices = graph.value(node, SH.alternativePath)
    if choices is not None:
        return "|".join(_members(graph, choices))
    return "/".join(_members(graph, node))


def _members(graph: Graph, head: Node) -> Iterator[str]:
    for item in graph.items(head):
        text = _path(graph, item)
        yield f"({text})" if "|" in text else text
