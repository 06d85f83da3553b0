"""SHACL validation by shifty, tens of times faster than the judge. The one place that knows shifty.

tests/validation hold its report against that of pySHACL, on the published data and on every valid and invalid case.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

import shifty
from pyparsing import ParseBaseException
from rdflib import Graph, Literal
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from dxlod.validation import shacl
from dxlod.validation.report import Result, Shapes, read_report, sort_results, unusable

__all__ = ["FastValidator", "validate"]

_ARITHMETIC = ("AdditiveExpression", "MultiplicativeExpression")
_KEPT = (
    RDF.type,
    SH.targetClass,
    SH.targetSubjectsOf,
    SH.targetObjectsOf,
    SH.targetNode,
    SH.severity,
    SH.message,
    SH.deactivated,
    SH.sparql,
)


class FastValidator:
    """Shapes made ready once, for many graphs.

    shifty 0.5.1 reads `a - b + c` as `a - (b + c)` and `(a + b) * c` as `a + b * c`, so a query that computes with
    more than one operator is left to pySHACL, alone.
    """

    def __init__(self, shapes: Shapes) -> None:
        """ValidationError when the shapes cannot be used, or not by this engine."""
        self._shapes = shapes
        left = sorted({shape for shape, query in _queries(shapes.graph) if _operators(query) > 1}, key=str)
        if any((None, None, shape) in shapes.graph for shape in left):
            raise unusable(f"a query with arithmetic is part of another shape: {', '.join(map(str, left))}")
        self._left = _only(shapes.graph, left) if left else None
        trusted = Graph() + shapes.graph
        for shape in left:
            trusted.remove((shape, SH.sparql, None))
        try:
            self._engine = shifty.PreparedValidator(trusted)
        except (ValueError, RuntimeError) as error:
            raise unusable(str(error)) from error
        if self._engine.diagnostics:
            raise unusable("; ".join(self._engine.diagnostics))

    def validate(self, ntriples: Iterable[str]) -> tuple[Result, ...]:
        """As `dxlod.validation.shacl.validate`; ValidationError also where something could not be executed."""
        lines = list(ntriples)
        with warnings.catch_warnings():
            # What it could not execute it only warns of, and that part would then look conforming.
            warnings.simplefilter("error", shifty.ShaclDiagnosticWarning)
            try:
                # As pySHACL does it: focus nodes and values from the data alone, and nothing inferred.
                _, report, _ = self._engine.validate(
                    ("\n".join(lines) + "\n").encode(), graph_mode="data", infer=False, on_unsupported="error"
                )
            except (ValueError, RuntimeError, shifty.ShaclDiagnosticWarning) as error:
                raise unusable(str(error)) from error
        found = set(read_report(report, self._shapes))
        if self._left is not None:
            found.update(shacl.validate(lines, self._left))
        return sort_results(found)


def validate(ntriples: Iterable[str], shapes: Shapes) -> tuple[Result, ...]:
    """As `dxlod.validation.shacl.validate`; ValidationError also where shifty cannot use the shapes or has a doubt."""
    return FastValidator(shapes).validate(ntriples)


def _queries(graph: Graph) -> Iterator[tuple[Node, str]]:
    """Each shape with the text of each of its queries."""
    for shape, constraint in graph.subject_objects(SH.sparql):
        for query in graph.objects(constraint, SH.select):
            if isinstance(query, Literal):
                yield shape, "".join(_declared(graph, constraint)) + str(query)


def _declared(graph: Graph, constraint: Node) -> Iterator[str]:
    for owner in graph.objects(constraint, SH.prefixes):
        for declaration in graph.objects(owner, SH.declare):
            prefix, namespace = graph.value(declaration, SH.prefix), graph.value(declaration, SH.namespace)
            yield f"PREFIX {prefix}: <{namespace}> "


def _operators(query: str) -> int:
    """How many arithmetic operators a query has; ValidationError where it is no SPARQL."""
    try:
        return _count(parseQuery(query))
    except ParseBaseException as error:
        raise unusable(str(error)) from error


def _count(node: object) -> int:
    if isinstance(node, CompValue):
        own = len(node.get("op") or ()) if node.name in _ARITHMETIC and "op" in node else 0
        return own + sum(map(_count, node.values()))
    if isinstance(node, str) or not hasattr(node, "__iter__"):
        return 0
    return sum(map(_count, node))


def _only(graph: Graph, shapes: Iterable[Node]) -> Shapes:
    """These shapes with their targets and queries and no other constraint."""
    part = Graph()
    pending: list[Node] = []
    for shape in shapes:
        for predicate in _KEPT:
            for value in graph.objects(shape, predicate):
                part.add((shape, predicate, value))
                pending += [value] if predicate == SH.sparql else []
    while pending:
        node = pending.pop()
        for triple in graph.triples((node, None, None)):
            if triple not in part:
                part.add(triple)
                pending.append(triple[2])
    return Shapes(part, len(part))
