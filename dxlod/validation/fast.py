"""SHACL validation by shifty, tens of times faster than the judge. The one place that knows shifty.

tests/validation hold its report against that of pySHACL, on the published data and on every valid and invalid case.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

import shifty
from rdflib import BNode, Graph
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from dxlod.validation import shacl
from dxlod.validation.queries import looked_at, operators, queries
from dxlod.validation.report import Result, Shapes, read_report, sort_results, unusable

__all__ = ["FastValidator", "validate"]

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
        left = sorted({shape for shape, query in queries(shapes.graph) if operators(query) > 1}, key=str)
        if any((None, None, shape) in shapes.graph for shape in left):
            raise unusable(f"a query with arithmetic is part of another shape: {', '.join(map(str, left))}")
        self._left = _only(shapes.graph, left) if left else None
        self._seen_by_left = looked_at(self._left.graph) if self._left else None
        self._decided: dict[tuple[str, ...], frozenset[Result]] = {}
        trusted = Graph() + shapes.graph
        for shape in left:
            trusted.remove((shape, SH.sparql, None))
        try:
            self._engine = shifty.PreparedValidator(_labelled(trusted))
        except (ValueError, RuntimeError) as error:
            raise unusable(str(error)) from error
        if self._engine.diagnostics:
            raise unusable("; ".join(self._engine.diagnostics))

    def validate(self, ntriples: Iterable[str]) -> tuple[Result, ...]:
        """As `dxlod.validation.shacl.validate`; ValidationError also where something could not be executed."""
        lines = list(ntriples)
        data = ("\n".join(lines) + "\n").encode()
        with warnings.catch_warnings():
            # What it could not execute it only warns of, and that part would then look conforming.
            warnings.simplefilter("error", shifty.ShaclDiagnosticWarning)
            try:
                report = self._report(data)
            except (ValueError, RuntimeError, shifty.ShaclDiagnosticWarning) as error:
                raise unusable(str(error)) from error
        found = set(read_report(report, self._shapes))
        return sort_results(found | self._decided_by_pyshacl(lines))

    def _report(self, data: bytes) -> Graph:
        # As pySHACL does it: focus nodes and values from the data alone, and nothing inferred.
        brief = self._engine.validate_algebra(
            data, graph_mode="data", infer=False, sort_results=False, on_unsupported="error"
        )
        if brief.diagnostics:
            raise unusable("; ".join(brief.diagnostics))
        # A report takes twice the time of a verdict, and mostly there is nothing to report.
        if brief.conforms:
            return Graph()
        _, report, _ = self._engine.validate(data, graph_mode="data", infer=False, on_unsupported="error")
        return report.de_skolemize()

    def _decided_by_pyshacl(self, lines: Sequence[str]) -> frozenset[Result]:
        if self._left is None:
            return frozenset()
        # Reading a whole plan into rdflib takes longer than all the rest, and the plans share most of what is looked at.
        seen = self._seen_by_left
        few = tuple(line for line in lines if seen is None or line.split(" ", 2)[1] in seen)
        if few not in self._decided:
            self._decided[few] = frozenset(shacl.validate(few, self._left))
        return self._decided[few]


def validate(ntriples: Iterable[str], shapes: Shapes) -> tuple[Result, ...]:
    """As `dxlod.validation.shacl.validate`; ValidationError also where shifty cannot use the shapes or has a doubt."""
    return FastValidator(shapes).validate(ntriples)


def _labelled(graph: Graph) -> Graph:
    """The shapes with an IRI for each unnamed property shape, since shifty's report keeps no label of a blank node."""
    unnamed: dict[Node, Node] = {
        node: node.skolemize() for node in graph.objects(None, SH.property) if isinstance(node, BNode)
    }
    result = Graph()
    for s, p, o in graph:
        result.add((unnamed.get(s, s), p, unnamed.get(o, o)))
    return result


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
