"""Indicators and their values, as the pages show them: as printed, with what is none or unknown said so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dxlod.namespaces import DXO
from dxlod.site.entities.things import Things
from dxlod.site.iris import local_name

__all__ = ["VALUES", "Figure", "Kpi", "KpiTable", "figures_of", "kpi_of", "kpi_table", "kpis_of"]

VALUES = (DXO.baseline, DXO.target, DXO.actual)
"""Properties that lead from an indicator to its values."""
_KINDS = ("baseline", "actual", "target")
_DIRECTIONS = ("increase", "decrease", "maintain")
_STATUS = ("number", *_DIRECTIONS, "text", "none", "unknown")


@dataclass(frozen=True)
class Figure:
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
    """An indicator with its values in order; `parent` is what has it (an initiative, an action, a measure …)."""

    iri: str
    parent: str
    number: str
    figures: Sequence[Figure]
    direction: str
    inferred: bool
    cumulative: str

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


def figures_of(things: Things, indicator: str) -> list[Figure]:
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


def kpis_of(things: Things, parents: Iterable[str]) -> list[Kpi]:
    """The indicators of these things, in the order of the things and then as printed."""
    owners = things.read(parents)
    things.follow(things.follow(owners, DXO.hasIndicator), *VALUES, named=False)
    found: dict[str, Kpi] = {}
    for parent in owners:
        for iri in things.ordered(things.iris(parent, DXO.hasIndicator)):
            found.setdefault(iri, kpi_of(things, iri, parent))
    return list(found.values())


def kpi_of(things: Things, iri: str, parent: str = "") -> Kpi:
    """One indicator."""
    return Kpi(
        iri=iri,
        parent=parent,
        number=things.text(iri, DXO.printedNumber),
        figures=figures_of(things, iri),
        direction=things.code(iri, DXO.desiredDirection, _DIRECTIONS),
        inferred=things.flag(iri, DXO.directionInferred) is True,
        cumulative=things.iri(iri, DXO.accumulation),
    )


def kpi_table(kpis: Sequence[Kpi]) -> KpiTable:
    """The indicators as a table."""
    targets = [item for kpi in kpis for item in kpi.of("target")]
    years = sorted({item.year for item in targets if item.year})
    return KpiTable(kpis, years, any(not item.year for item in targets), any(kpi.figures for kpi in kpis))
