"""Years of initiatives and their phases as rows of a Gantt chart, one column for each fiscal year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dxlod.namespaces import DXO
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.things import Things
from dxlod.site.iris import RDFS, local_name

__all__ = ["KINDS", "MOST_YEARS", "Axis", "Bar", "Run", "axis_of", "bar_brief", "bar_of", "bars_of"]

KINDS = ("consider", "prepare", "trial", "implement", "expand", "other")
"""The kinds of phases, in the order of a project."""
_LABEL = f"{RDFS}label"
MOST_YEARS = 16
"""Columns of a chart; what begins earlier is shown as going on from before."""


class Run(NamedTuple):
    """Phases of one printed label in years that follow each other; `first` is None where no year is known.

    `kinds` are ends of the IRIs of the phases' codes, such as trial; `iris` those of the phases.
    """

    label: str
    kinds: tuple[str, ...]
    first: int | None
    last: int | None
    iris: tuple[str, ...]


@dataclass(frozen=True)
class Bar:
    """One initiative or action: printed number, first and last year (None: not stated), phases, actions below it.

    `order` is its place in the plan, `kpis` are its indicators, `names` its names by language where they are at hand.
    """

    iri: str
    number: str
    start: int | None
    end: int | None
    new: bool | None
    runs: Sequence[Run]
    parts: Sequence[Bar]
    gaps: Sequence[tuple[str, str]]
    order: int = 0
    kpis: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def years(self) -> set[int]:
        """All years named here and below."""
        own = {year for year in (self.start, self.end) if year}
        phased = {year for run in self.runs for year in (run.first, run.last) if year}
        return own.union(phased, *(part.years for part in self.parts))

    @property
    def held(self) -> dict[str, Sequence[str]]:
        """The indicators of it and of its actions, by what has them."""
        return {self.iri: self.kpis, **{part.iri: part.kpis for part in self.parts}}

    @property
    def dated(self) -> Sequence[Run]:
        """The phases of known years."""
        return [run for run in self.runs if run.first is not None]

    @property
    def undated(self) -> Sequence[Run]:
        """The phases that the plan prints without a year, or in a place that cannot be told."""
        return [run for run in self.runs if run.first is None]

    def covers(self, year: int) -> bool:
        """Whether it, or something of it, is under way in a year."""
        if self.start and self.end and self.start <= year <= self.end:
            return True
        runs = any(run.first and run.last and run.first <= year <= run.last for run in self.runs)
        return runs or any(part.covers(year) for part in self.parts)


@dataclass(frozen=True)
class Axis:
    """The years of a chart, `first` to `last`; `cut`: something begins before; `periods`: rows have years of their own."""

    first: int
    last: int
    cut: bool
    periods: bool

    @property
    def years(self) -> range:
        """Its columns."""
        return range(self.first, self.last + 1)

    @property
    def labelled(self) -> Sequence[int]:
        """The years that have room for a label: every one, or every fifth and the ends."""
        if len(self.years) <= 8:
            return list(self.years)
        return [year for year in self.years if year % 5 == 0]

    def span(self, first: int | None, last: int | None) -> str:
        """Classes that place a bar: its first column and the line after its last; '' where it is not on the axis."""
        if first is None or last is None or last < self.first or first > self.last:
            return ""
        start, end = max(first, self.first), min(last, self.last)
        before = " cut" if first < self.first else ""
        return f"a{start - self.first + 1} z{end - self.first + 2}{before}"


def axis_of(bars: Sequence[Bar]) -> Axis | None:
    """The axis of some rows, at most MOST_YEARS long and then without the earliest years; None without any year."""
    years = set().union(*(bar.years for bar in bars))
    if not years:
        return None
    first = max(min(years), max(years) - MOST_YEARS + 1)
    return Axis(first, max(years), min(years) < first, any(bar.start or bar.end for bar in bars))


def bars_of(things: Things, iris: Iterable[str]) -> list[Bar]:
    """The rows of initiatives or actions, in the order in which the plan prints them."""
    every = list(dict.fromkeys(iris))
    briefs = things.briefs(every)
    rest = things.read(iri for iri in every if iri not in briefs)
    things.follow([*rest, *things.follow(rest, DXO.hasAction)], DXO.hasPhase, named=False)
    bars = [_bar(briefs[iri]) if iri in briefs else bar_of(things, iri) for iri in every]
    things.give({part.iri: part.names for bar in bars for part in (bar, *bar.parts) if part.iri not in rest})
    return sorted(bars, key=lambda bar: bar.order)


def bar_of(things: Sayings, iri: str) -> Bar:
    """The row of one initiative or action."""
    return Bar(
        iri=iri,
        number=things.text(iri, DXO.printedNumber),
        start=things.year(iri, DXO.startFiscalYear),
        end=things.year(iri, DXO.endFiscalYear),
        new=things.flag(iri, DXO.isNew),
        runs=_runs(things, things.ordered(things.iris(iri, DXO.hasPhase))),
        parts=[bar_of(things, part) for part in things.ordered(things.iris(iri, DXO.hasAction))],
        gaps=[(name, gap) for name, gap in things.gaps(iri).items() if name in _OPEN],
        order=things.whole(iri, DXO.order),
        kpis=things.iris(iri, DXO.hasIndicator),
    )


_OPEN = (DXO.hasPhase, DXO.hasAction, DXO.startFiscalYear, DXO.endFiscalYear)


def bar_brief(bar: Bar, names: Mapping[str, Mapping[str, str]]) -> list[Any]:
    """A row as the index has it, in what JSON knows; `names` by IRI and language."""
    parts = [bar_brief(part, names) for part in bar.parts]
    own = (bar.iri, bar.number, bar.start, bar.end, bar.new, bar.runs, parts, bar.gaps, bar.order, bar.kpis)
    return [*own, names.get(bar.iri, {})]


def _bar(brief: Sequence[Any]) -> Bar:
    """The row that `bar_brief` took apart."""
    iri, number, start, end, new, runs, parts, gaps, order, kpis, names = brief
    return Bar(
        iri,
        number,
        start,
        end,
        new,
        [Run(label, tuple(kinds), first, last, tuple(iris)) for label, kinds, first, last, iris in runs],
        [_bar(part) for part in parts],
        [(name, gap) for name, gap in gaps],
        order,
        kpis,
        names,
    )


def _runs(things: Sayings, phases: Iterable[str]) -> list[Run]:
    found: list[Run] = []
    for iri in phases:
        year = things.year(iri, DXO.fiscalYear)
        label = things.text(iri, _LABEL)
        kinds = _kinds(things, iri)
        if (last := _continued(found, label, kinds, year)) is not None:
            found[last] = Run(label, kinds, found[last].first, year, (*found[last].iris, iri))
        else:
            found.append(Run(label, kinds, year, year, (iri,)))
    return found


def _kinds(things: Sayings, phase: str) -> tuple[str, ...]:
    """The kinds of a phase, those that pages have no word for as other."""
    names = (local_name(kind) for kind in things.iris(phase, DXO.phase))
    return tuple(dict.fromkeys(name if name in KINDS else "other" for name in names))


def _continued(runs: Sequence[Run], label: str, kinds: tuple[str, ...], year: int | None) -> int | None:
    """Which run a phase goes on with: of the same print, ending the year before; any two without a year stay apart."""
    for at, run in enumerate(runs):
        if year and run.last == year - 1 and (run.label, run.kinds) == (label, kinds):
            return at
    return None
