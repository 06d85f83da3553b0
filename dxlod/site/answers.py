"""Answers to queries as a page shows them: tables with names for IRIs, a chart, a graph as text, a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from dxlod.site.bars import Bars, bars_of
from dxlod.site.reader import SiteReader
from dxlod.site.render import pick
from dxlod.site.view import View

__all__ = ["Cell", "GraphText", "Outcome", "Table", "Term", "Trouble", "Truth", "table_of"]

_NUMBERS = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float")
)


class Term(Protocol):
    """One RDF term of a solution: `kind` is `uri`, `literal` or `bnode`."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def datatype(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Cell:
    """One cell: text to show, its language ('' = none), link ('' = none), the IRI behind a name, whether a number."""

    text: str = ""
    lang: str = ""
    href: str = ""
    iri: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Solutions: columns, the rows shown, how many there are in all, a chart where one says something."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    chart: Bars | None
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Truth:
    """The answer to ASK."""

    yes: bool
    kind: ClassVar[str] = "ask"


@dataclass(frozen=True)
class GraphText:
    """A graph in Turtle, `cut` where this is only its beginning."""

    text: str
    cut: bool
    kind: ClassVar[str] = "graph"


@dataclass(frozen=True)
class Trouble:
    """A query that failed, and where its text is wrong (0 = not known)."""

    ja: str
    en: str
    line: int = 0
    column: int = 0
    kind: ClassVar[str] = "trouble"


Outcome = Table | Truth | GraphText | Trouble
"""What came of a query."""


def table_of(
    reader: SiteReader,
    view: View,
    columns: Sequence[str],
    solutions: Sequence[Sequence[Term | None]],
    most: int,
) -> Table:
    """At most `most` solutions with the names of what they name."""
    shown = solutions[:most]
    labels = reader.labels(
        sorted({t.text for row in shown for t in row if t is not None and t.kind == "uri"})
    )
    rows = tuple(tuple(_cell(term, view, labels) for term in row) for row in shown)
    numbers = [[_number(term) for term in row] for row in shown]
    chart = bars_of(columns, [[cell.text for cell in row] for row in rows], numbers)
    return Table(tuple(columns), rows, len(solutions), chart if len(shown) == len(solutions) else None)


def _cell(term: Term | None, view: View, labels: dict[str, dict[str, str]]) -> Cell:
    if term is None:
        return Cell()
    if term.kind != "uri":
        return Cell(term.text, term.language, number=term.datatype in _NUMBERS)
    text, language = pick(labels.get(term.text, {}), view.lang)
    href = view.href(term.text) if view.linkable(term.text) else ""
    return Cell(text or _short(term.text, view), language if text else "", href, term.text)


def _short(iri: str, view: View) -> str:
    """The part of an IRI of ours that says something; others whole."""
    base = next((base for base in view.bases if iri.startswith(f"{base}/")), "")
    return f"…{iri[len(base) :]}" if base else iri


def _number(term: Term | None) -> float | None:
    if term is None or term.datatype not in _NUMBERS:
        return None
    try:
        return float(term.text)
    except ValueError:
        return None
