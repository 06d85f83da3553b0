"""What every engine can do. The default graph is the union of the named graphs unless a query says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

__all__ = [
    "BOOLEAN_FORMATS",
    "RESULT_FORMATS",
    "Answer",
    "Dataset",
    "Engine",
    "Form",
    "ResultFormat",
    "Rows",
    "Term",
]


class Form(Enum):
    """The four query forms of SPARQL 1.1."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self in (Form.CONSTRUCT, Form.DESCRIBE)


@dataclass(frozen=True)
class ResultFormat:
    """One format for the answers to SELECT and ASK."""

    suffix: str
    media_type: str
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


RESULT_FORMATS = (
    ResultFormat("json", "application/sparql-results+json", ("application/json",), ("json", "srj")),
    ResultFormat("xml", "application/sparql-results+xml", ("application/xml", "text/xml"), ("xml", "srx")),
    ResultFormat("csv", "text/csv", (), ("csv",)),
    ResultFormat("tsv", "text/tab-separated-values", (), ("tsv",)),
)


BOOLEAN_FORMATS = RESULT_FORMATS[:2]
"""Formats that can hold the answer to ASK."""


@dataclass(frozen=True)
class Dataset:
    """Graph IRIs that make up the RDF dataset of a query (SPARQL 1.1 Protocol 2.1.4); empty means the engine's own."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    fetched: tuple[str, ...] = ()
    """For each SERVICE of the query, what the other service has answered, as a VALUES block."""

    def header(self) -> dict[str, list[str]]:
        """The fields of a message to a query worker; see `from_header`."""
        return {
            "default": list(self.default_graphs),
            "named": list(self.named_graphs),
            "fetched": list(self.fetched),
        }

    @classmethod
    def from_header(cls, header: Mapping[str, Any]) -> Dataset:
        """What `header` wrote."""
        return cls(tuple(header["default"]), tuple(header["named"]), tuple(header["fetched"]))


@dataclass(frozen=True)
class Answer:
    """A whole answer, serialised."""

    media_type: str
    body: bytes


@dataclass(frozen=True)
class Term:
    """One RDF term of a solution: `kind` is `uri`, `literal` or `bnode`, as in SPARQL 1.1 Query Results JSON."""

    kind: str
    text: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True)
class Rows:
    """The solutions of a SELECT; None where a variable is unbound."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


class Engine(Protocol):
    """A SPARQL 1.1 query engine over one release. All methods raise QueryError for a query that fails."""

    def query(self, text: str, media_type: str = "", dataset: Dataset | None = None) -> Answer:
        """The answer in a media type that suits the query's form; '' means JSON or Turtle."""
        ...

    def select(self, text: str) -> Rows:
        """The solutions of a SELECT query."""
        ...

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""
        ...

    def construct(self, text: str, media_type: str = "text/turtle") -> bytes:
        """The graph of a CONSTRUCT or DESCRIBE query."""
        ...
