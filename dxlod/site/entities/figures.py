"""Indicators and their values, as the pages show them: as printed, with what is none or unknown said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from dxlod.namespaces import DXO
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.things import Things
from dxlod.site.iris import local_name

__all__ = ["VALUES", "Figure", "Kpi", "KpiTable", "figures_of", "kpi_brief", "kpi_of", "kpi_table", "kpis_of"]

VALUES = (DXO.baseline, DXO.target, DXO.actual)
"""Properties that lead from an indicator to its values."""
_KINDS = ("baseline", "actual", "target")
_DIRECTIONS = ("increase", "decrease", "maintain")
_STATUS = ("number", *_DIRECTIONS, "text", "none", "unknown")


class Figure(NamedTuple):
    """One value: `kind` is baseline, target or actual; `status` the end of the code's IRI, such as number or none.

    `text` is what is printed, `number` that as a number (None unless the status is number), `bound` at-least, at-most
    or ''; `unit` the unit's IRI, `year` the fiscal year, None where it is not known.
    """

    iri: str
    kind: str
    year: int | None
    status: str
    text: str
    number: Decimal | None
    unit: str
    bound: str

    @property
    def place(self) -> tuple[int, int]:
        """Sorting key: baseline, actual values, targets, each by year, without a year last."""
        return _KINDS.index(self.kind), self.year or 9999


@dataclass(frozen=True)
class Kpi:
    """An indicator with its values in order.

    `order` is its place in the plan, `names` its names by language where they are at hand.
    """

    iri: str
    number: str
    figures: Sequence[Figure]
    direction: str
    inferred: bool
    cumulative: str
    order: int = 0
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    def of(self, kind: str, year: int | None = None) -> list[Figure]:
        """The values of a kind, with `year` those of that year."""
        return [item for item in self.figures if item.kind == kind and year in (None, item.year)]


@dataclass(frozen=True)
class KpiTable:
    """Indicators under the years of their targets; `undated`: some target has no year."""

    rows: Sequence[Kpi]
    years: Sequence[int]
    undated: bool
    valued: bool


def figures_of(things: Sayings, indicator: str) -> list[Figure]:
    """The values of an indicator: baseline, actual values, targets by year."""
    found = [
        Figure(
            iri=iri,
            kind=things.code(iri, DXO.valueKind, _KINDS, local_name(predicate)),
            year=things.year(iri, DXO.fiscalYear),
            status=things.code(iri, DXO.valueStatus, _STATUS, "text"),
            text=things.text(iri, DXO.valueText),
            number=things.decimal(iri, DXO.value),
            unit=things.iri(iri, DXO.unit),
            bound=things.code(iri, DXO.bound, ("at-least", "at-most")),
        )
        for predicate in VALUES
        for iri in things.iris(indicator, predicate)
    ]
    return sorted(found, key=lambda item: item.place)


def kpis_of(things: Things, held: Iterable[Sequence[str]]) -> list[Kpi]:
    """The indicators that things have, in the order of the things and then as printed."""
    groups = [iris for iris in held if iris]
    every = _kpis(things, dict.fromkeys(chain.from_iterable(groups)))
    found: dict[str, Kpi] = {}
    for iris in groups:
        for kpi in sorted((every[iri] for iri in iris), key=lambda kpi: kpi.order):
            found.setdefault(kpi.iri, kpi)
    return list(found.values())


def _kpis(things: Things, iris: Iterable[str]) -> dict[str, Kpi]:
    """Indicators by IRI, without what has them."""
    every = list(iris)
    briefs = things.briefs(every)
    rest = things.read(iri for iri in every if iri not in briefs)
    things.follow(rest, *VALUES, named=False)
    things.give({iri: brief[-1] for iri, brief in briefs.items()})
    return {iri: _kpi(briefs[iri]) if iri in briefs else kpi_of(things, iri) for iri in every}


def kpi_of(things: Sayings, iri: str) -> Kpi:
    """One indicator."""
    return Kpi(
        iri=iri,
        number=things.text(iri, DXO.printedNumber),
        figures=figures_of(things, iri),
        direction=things.code(iri, DXO.desiredDirection, _DIRECTIONS),
        inferred=things.flag(iri, DXO.directionInferred) is True,
        cumulative=things.iri(iri, DXO.accumulation),
        order=things.whole(iri, DXO.order),
    )


def kpi_brief(kpi: Kpi, names: Mapping[str, Mapping[str, str]]) -> list[Any]:
    """An indicator as the index has it, in what JSON knows; `names` by IRI and language."""
    figures = [_figure_brief(item) for item in kpi.figures]
    own = (kpi.iri, kpi.number, figures, kpi.direction, kpi.inferred, kpi.cumulative, kpi.order)
    return [*own, names.get(kpi.iri, {})]


def _figure_brief(item: Figure) -> list[Any]:
    number = None if item.number is None else str(item.number)
    return [item.iri, item.kind, item.year, item.status, item.text, number, item.unit, item.bound]


def _figure(
    iri: str, kind: str, year: int | None, status: str, text: str, number: str | None, unit: str, bound: str
) -> Figure:
    return Figure(iri, kind, year, status, text, None if number is None else Decimal(number), unit, bound)


def _kpi(brief: Sequence[Any]) -> Kpi:
    """The indicator that `kpi_brief` took apart."""
    iri, number, rows, direction, inferred, cumulative, order, names = brief
    return Kpi(iri, number, [_figure(*row) for row in rows], direction, inferred, cumulative, order, names)


def kpi_table(kpis: Sequence[Kpi]) -> KpiTable:
    """The indicators as a table."""
    targets = [item for kpi in kpis for item in kpi.of("target")]
    years = sorted({item.year for item in targets if item.year})
    return KpiTable(kpis, years, any(not item.year for item in targets), any(kpi.figures for kpi in kpis))
