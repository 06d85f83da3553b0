"""What the queries of shapes (sh:sparql, SHACL 5) compute with and look at."""

from __future__ import annotations

from collections.abc import Iterator

from pyparsing import ParseBaseException, ParseResults
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from dxlod.validation.report import unusable

__all__ = ["looked_at", "operators", "queries"]

_ARITHMETIC = ("AdditiveExpression", "MultiplicativeExpression")
_EXISTS = ("Builtin_EXISTS", "Builtin_NOTEXISTS")


def queries(graph: Graph) -> Iterator[tuple[Node, str]]:
    """Each shape with the text of each of its queries, prefixes and all."""
    for shape, constraint in graph.subject_objects(SH.sparql):
        for query in graph.objects(constraint, SH.select):
            if isinstance(query, Literal):
                yield shape, "".join(_declared(graph, constraint)) + str(query)


def _declared(graph: Graph, constraint: Node) -> Iterator[str]:
    for owner in graph.objects(constraint, SH.prefixes):
        for declaration in graph.objects(owner, SH.declare):
            prefix, namespace = graph.value(declaration, SH.prefix), graph.value(declaration, SH.namespace)
            yield f"PREFIX {prefix}: <{namespace}> "


def operators(query: str) -> int:
    """How many arithmetic operators a query has; ValidationError where it is no SPARQL."""
    return sum(
        len(node.get("op") or ())
        for node in _nodes(_parsed(query))
        if node.name in _ARITHMETIC and "op" in node
    )


def looked_at(graph: Graph) -> frozenset[str] | None:
    """The predicates, as N-Triples terms, that decide which focus nodes and results the queries of a shapes graph have.

    None when it may be any: a query with EXISTS or with a variable or a path for a predicate.
    """
    found = {node for p in (SH.targetSubjectsOf, SH.targetObjectsOf) for node in graph.objects(None, p)}
    classes = ((None, SH.targetClass, None), (None, RDF.type, RDFS.Class), (None, RDF.type, OWL.Class))
    if any(triple in graph for triple in classes):
        found |= {RDF.type, RDFS.subClassOf}
    for _, query in queries(graph):
        for node in _nodes(translateQuery(_parsed(query)).algebra):
            if node.name in _EXISTS:
                return None
            if node.name == "BGP":
                found |= {predicate for _, predicate, _ in node.triples}
    iris = frozenset(f"<{node}>" for node in found if isinstance(node, URIRef))
    return iris if len(iris) == len(found) else None


def _parsed(query: str) -> ParseResults:
    try:
        return parseQuery(query)
    except ParseBaseException as error:
        raise unusable(str(error)) from error


def _nodes(tree: object) -> Iterator[CompValue]:
    if isinstance(tree, CompValue):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif not isinstance(tree, str) and hasattr(tree, "__iter__"):
        for item in tree:
            yield from _nodes(item)
