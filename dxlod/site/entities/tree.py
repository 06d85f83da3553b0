"""What a plan, a policy or a measure holds: policies, measures, initiatives and actions, with their years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dxlod.namespaces import DXO
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.schedule import KINDS, Axis, Bar, axis_of, bars_of
from dxlod.site.entities.things import Things

__all__ = ["Branch", "Tree", "branch_of", "policies_of", "tree_of", "tree_of_bars"]


@dataclass(frozen=True)
class Branch:
    """A policy or a measure: the initiatives directly under it, the measures under it, what it leaves open, indicators."""

    iri: str
    number: str
    category: str
    bars: Sequence[Bar]
    parts: Sequence[Branch]
    gaps: Sequence[tuple[str, str]]
    kpis: Sequence[str] = ()

    @cached_property
    def all_bars(self) -> list[Bar]:
        """The initiatives here and below."""
        return [*self.bars, *(bar for part in self.parts for bar in part.all_bars)]

    @property
    def summary(self) -> Bar:
        """One row for all initiatives here and below: from the first year to the last."""
        starts, ends = (
            [year for bar in self.all_bars if (year := getattr(bar, name))] for name in ("start", "end")
        )
        return Bar(
            iri=self.iri,
            number=self.number,
            start=min(starts, default=None),
            end=max(ends, default=None),
            new=None,
            runs=(),
            parts=(),
            gaps=self.gaps,
        )

    @property
    def held(self) -> dict[str, Sequence[str]]:
        """The indicators of everything here and below, by what has them: itself, initiatives, actions, measures."""
        below: tuple[Bar | Branch, ...] = (*self.bars, *self.parts)
        return {self.iri: self.kpis, **{iri: kpis for item in below for iri, kpis in item.held.items()}}


@dataclass(frozen=True)
class Tree:
    """Branches, initiatives in none of them, and the axis of all their years."""

    branches: Sequence[Branch]
    others: Sequence[Bar]
    axis: Axis | None
    kinds: Sequence[str]

    @property
    def held(self) -> dict[str, Sequence[str]]:
        """The indicators of everything in it, by what has them."""
        below: tuple[Bar | Branch, ...] = (*self.branches, *self.others)
        return {iri: kpis for item in below for iri, kpis in item.held.items()}

    @cached_property
    def bars(self) -> list[Bar]:
        """All initiatives."""
        return [*(bar for branch in self.branches for bar in branch.all_bars), *self.others]


def policies_of(things: Things, edition: str) -> Tree:
    """The tree of a plan edition."""
    branches = _branches(things, things.iris(edition, DXO.hasPolicy))
    placed = {bar.iri for branch in branches for bar in branch.all_bars}
    direct = [iri for iri in things.iris(edition, DXO.hasInitiative) if iri not in placed]
    return tree_of(branches, bars_of(things, direct))


def tree_of(branches: Sequence[Branch], others: Sequence[Bar] = ()) -> Tree:
    """Branches with their common axis and the kinds of phases in them."""
    bars = [*(bar for branch in branches for bar in branch.all_bars), *others]
    return Tree(branches, others, axis_of(bars), _kinds(bars))


def branch_of(things: Things, iri: str) -> Branch:
    """One policy or measure with all below it."""
    return _branches(things, [iri])[0]


_READ = (
    DXO.printedNumber,
    DXO.category,
    DXO.hasInitiative,
    DXO.hasPart,
    DXO.hasIndicator,
    DXO.order,
    DXO.statedNone,
    DXO.unknown,
)


def _branches(things: Things, iris: Iterable[str]) -> list[Branch]:
    """Policies or measures with all below them, in the order in which the plan prints them; read level by level."""
    first = level = things.name(iris)
    facts: dict[str, Mapping[str, Sequence[str]]] = {}
    sayings = Sayings(facts)
    while level:
        facts.update(things.some(level, *_READ))
        below = things.name(part for iri in level for part in sayings.iris(iri, DXO.hasPart))
        level = [iri for iri in below if iri not in facts]
    held = (bar for iri in facts for bar in sayings.iris(iri, DXO.hasInitiative))
    bars = {bar.iri: bar for bar in bars_of(things, held)}
    return [_branch(sayings, iri, bars) for iri in sayings.ordered(first)]


def _branch(sayings: Sayings, iri: str, bars: Mapping[str, Bar]) -> Branch:
    own = (bars[name] for name in sayings.iris(iri, DXO.hasInitiative))
    return Branch(
        iri=iri,
        number=sayings.text(iri, DXO.printedNumber),
        category=sayings.text(iri, DXO.category),
        bars=sorted(own, key=lambda bar: bar.order),
        parts=[_branch(sayings, part, bars) for part in sayings.ordered(sayings.iris(iri, DXO.hasPart))],
        gaps=[(name, gap) for name, gap in sayings.gaps(iri).items() if name == DXO.hasInitiative],
        kpis=sayings.iris(iri, DXO.hasIndicator),
    )


def _kinds(bars: Iterable[Bar]) -> list[str]:
    """The kinds of phases that occur, in the order of a project."""
    found = {kind for bar in bars for part in (bar, *bar.parts) for run in part.runs for kind in run.kinds}
    return [kind for kind in KINDS if kind in found]


def tree_of_bars(bars: Sequence[Bar]) -> Tree:
    """Initiatives without policies, with their axis."""
    return tree_of((), bars)
