"""Shapes in, results out: what every engine takes and gives (https://www.w3.org/TR/shacl/#results-validation-result)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from dxlod.errors import ValidationError

__all__ = ["Result", "Severity", "Shapes", "load_shapes", "read_report", "sort_results", "unusable"]


class Severity(StrEnum):
    """The severities of SHACL, by local name, the gravest first."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, order=True)
class Result:
    """One validation result (SHACL 3.6.2).

    `focus`, `path`, `shape` and `component` are IRIs; `path` is None where the constraint has none or a path of
    several steps. `value` is an IRI or the text of a literal, `value_term` the same as an N-Triples term; both are
    None where there is no value. `shape` is the nearest shape with an IRI.
    """

    severity: Severity
    focus: str
    path: str | None
    value: str | None
    shape: str
    component: str
    message_ja: str
    message_en: str
    value_term: str | None = None


@dataclass(frozen=True)
class Shapes:
    """Loaded shapes and the number of triples that state them."""

    graph: Graph
    triples: int


def load_shapes(files: Iterable[Path]) -> Shapes:
    """Shapes from Turtle files; ValidationError names the file that cannot be read."""
    graph = Graph()
    for path in files:
        try:
            graph.parse(path, format="turtle")
        # rdflib's Turtle parser fails with many kinds of exception.
        except (
            OSError,
            SyntaxError,
            ValueError,
            KeyError,
            IndexError,
            AssertionError,
            AttributeError,
        ) as error:
            raise ValidationError(
                f"シェイプ {path.name} を Turtle として読めません。",
                f"Shapes {path.name} are no Turtle: {error}",
            ) from error
    return Shapes(graph, len(graph))


def read_report(report: Graph, shapes: Shapes) -> tuple[Result, ...]:
    """The results of a validation report, sorted, each once. Those nested in sh:detail are not results of it."""
    details = set(report.objects(None, SH.detail))
    nodes = set(report.subjects(RDF.type, SH.ValidationResult)) - details
    return sort_results({_result(report, node, shapes.graph) for node in nodes})


def sort_results(results: Iterable[Result]) -> tuple[Result, ...]:
    """In the order of a report, whatever engine or process found them first."""
    return tuple(sorted(results, key=_order))


def unusable(reason: str) -> ValidationError:
    """The error that an engine raises where it cannot use the shapes."""
    return ValidationError("シェイプを使って検証できません。", f"The shapes cannot be used: {reason}")


def _order(result: Result) -> tuple[int, tuple[str, ...]]:
    rest = (result.focus, result.path or "", result.value_term or "", result.shape, result.component)
    return list(Severity).index(result.severity), (*rest, result.message_ja, result.message_en)


def _result(report: Graph, node: Node, shapes: Graph) -> Result:
    severity = report.value(node, SH.resultSeverity)
    path = report.value(node, SH.resultPath)
    value = report.value(node, SH.value)
    source = report.value(node, SH.sourceShape)
    ja, en = _messages(report, node, shapes)
    return Result(
        severity=Severity(str(severity).rpartition("#")[2]),
        focus=str(report.value(node, SH.focusNode)),
        path=str(path) if isinstance(path, URIRef) else None,
        value=None if value is None else str(value),
        shape=_named(source, shapes),
        component=str(report.value(node, SH.sourceConstraintComponent)),
        message_ja=ja,
        message_en=en,
        value_term=None if value is None else _ntriples(value),
    )


def _ntriples(node: Node) -> str:
    # rdflib's n3() may write long quotes, which N-Triples does not have.
    if not isinstance(node, Literal):
        return f"<{node}>"
    text = str(node).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"' + (
        f"@{node.language}" if node.language else f"^^<{node.datatype}>" if node.datatype else ""
    )


def _messages(report: Graph, node: Node, shapes: Graph) -> tuple[str, str]:
    """The Japanese and the English message; each stands in for the other where one is missing.

    pySHACL gives but one of the messages of a shape whose constraint is a query, so the shape is asked for the other.
    """
    texts = _by_language(report.objects(node, SH.resultMessage))
    source = report.value(node, SH.sourceShape)
    own = {} if source is None else _by_language(shapes.objects(source, SH.message))
    if set(texts.values()) & set(own.values()):
        texts = {**texts, **own}
    fallback = texts.get("") or texts.get("en") or texts.get("ja") or ""
    return texts.get("ja", fallback), texts.get("en", fallback)


def _by_language(messages: Iterable[Node]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for message in sorted(messages, key=str):
        if isinstance(message, Literal):
            texts.setdefault(message.language or "", str(message))
    return texts


def _named(source: Node | None, shapes: Graph) -> str:
    """IRI of a shape, or of the nearest one around it that has an IRI; '' when none has."""
    seen: set[Node] = set()
    while isinstance(source, BNode) and source not in seen:
        seen.add(source)
        source = min(shapes.subjects(None, source), key=str, default=None)
    return str(source) if isinstance(source, URIRef) else ""
