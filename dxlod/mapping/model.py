"""The RML-Core model as values: what a mapping says, without the graph it was written in.

    TriplesMap ── LogicalSource
      ├─ subject: TermMap          template, reference or constant, and a term type
      ├─ classes, graphs
      └─ PredicateObjectMap        predicates × objects, in further graphs
           └─ objects: TermMap | RefObjectMap ── Join

Term maps in other places than objects have no language and no datatype.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

__all__ = [
    "DEFAULT_GRAPH",
    "RML",
    "Constant",
    "Expression",
    "IriConstant",
    "Join",
    "LiteralConstant",
    "LogicalSource",
    "ObjectMap",
    "PredicateObjectMap",
    "RefObjectMap",
    "Reference",
    "Template",
    "TermMap",
    "TermType",
    "TriplesMap",
    "columns_of",
]

RML: Final = "http://w3id.org/rml/"
DEFAULT_GRAPH: Final = RML + "defaultGraph"


class TermType(Enum):
    """What a reference or template makes (RML-Core, rml:termType)."""

    IRI = RML + "IRI"
    URI = RML + "URI"
    UNSAFE_IRI = RML + "UnsafeIRI"
    UNSAFE_URI = RML + "UnsafeURI"
    BLANK_NODE = RML + "BlankNode"
    LITERAL = RML + "Literal"


@dataclass(frozen=True, slots=True)
class IriConstant:
    """A constant IRI."""

    value: str


@dataclass(frozen=True, slots=True)
class LiteralConstant:
    """A constant literal; `language` or `datatype` is empty where it has none."""

    value: str
    language: str = ""
    datatype: str = ""


Constant = IriConstant | LiteralConstant


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of one column."""

    column: str


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and columns, in order."""

    parts: tuple[str | Reference, ...]


Expression = Constant | Reference | Template


@dataclass(frozen=True, slots=True)
class TermMap:
    """A rule that makes one term from one row. `term_type` has no effect on constants."""

    expression: Expression
    term_type: TermType = TermType.IRI
    language: Expression | None = None
    datatype: Expression | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """The child's expression equals the parent's."""

    child: Expression
    parent: Expression


@dataclass(frozen=True, slots=True)
class RefObjectMap:
    """The subjects of another triples map, of the same row where there is no join."""

    parent: str
    joins: tuple[Join, ...] = ()


ObjectMap = TermMap | RefObjectMap


@dataclass(frozen=True, slots=True)
class PredicateObjectMap:
    """Every predicate with every object."""

    predicates: tuple[TermMap, ...]
    objects: tuple[ObjectMap, ...]
    graphs: tuple[TermMap, ...] = ()


@dataclass(frozen=True, slots=True)
class LogicalSource:
    """A CSV table: its path as the mapping writes it, and the folder that path is relative to."""

    path: str
    root: Path


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """One triples map: its IRI (`name`), the mapping file it stands in, its own base IRI where it has one."""

    name: str
    file: Path
    source: LogicalSource
    subject: TermMap
    classes: tuple[str, ...] = ()
    graphs: tuple[TermMap, ...] = ()
    predicate_objects: tuple[PredicateObjectMap, ...] = ()
    base: str | None = None


def columns_of(expression: Expression | None) -> tuple[str, ...]:
    """The columns an expression reads, in the order it reads them, each once."""
    if isinstance(expression, Reference):
        return (expression.column,)
    if isinstance(expression, Template):
        return tuple(dict.fromkeys(part.column for part in expression.parts if isinstance(part, Reference)))
    return ()
