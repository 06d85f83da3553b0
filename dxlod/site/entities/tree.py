"""What a plan, a policy or a measure holds: policies, measures, initiatives and actions, with their years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.schedule import KINDS, Axis, Bar, axis_of, bars_of
from dxlod.site.entities.things import Things

__all__ = ["Branch", "Tree", "branch_of", "policies_of", "tree_of", "tree_of_bars"]


@dataclass(frozen=True)
class Branch:
    """A policy or a measure: the initiatives directly under it, the measures under it, and what it leaves open."""

    iri: str
    number: str
    category: str
    bars: Sequence[Bar]
    parts: Sequence[Branch]
    gaps: Sequence[tuple[str, str]]

    @property
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
    def elements(self) -> list[str]:
        """Everything here and below that may have indicators: itself, measures, initiatives, actions."""
        own = [self.iri, *(iri for bar in self.bars for iri in (bar.iri, *(part.iri for part in bar.parts)))]
        return [*own, *(iri for part in self.parts for iri in part.elements)]


@dataclass(frozen=True)
class Tree:
    """Branches, initiatives in none of them, and the axis of all their years."""

    branches: Sequence[Branch]
    others: Sequence[Bar]
    axis: Axis | None
    kinds: Sequence[str]

    @property
    def bars(self) -> list[Bar]:
        """All initiatives."""
        return [*(bar for branch in self.branches for bar in branch.all_bars), *self.others]


def policies_of(things: Things, edition: str) -> Tree:
    """The tree of a plan edition."""
    policies = things.follow([edition], DXO.hasPolicy)
    measures = things.follow(policies, DXO.hasPart)
    placed = things.follow([*policies, *measures], DXO.hasInitiative)
    branches = [branch_of(things, iri) for iri in things.ordered(policies)]
    direct = [iri for iri in things.iris(edition, DXO.hasInitiative) if iri not in placed]
    return tree_of(branches, bars_of(things, direct))


def tree_of(branches: Sequence[Branch], others: Sequence[Bar] = ()) -> Tree:
    """Branches with their common axis and the kinds of phases in them."""
    bars = [*(bar for branch in branches for bar in branch.all_bars), *others]
    return Tree(branches, others, axis_of(bars), _kinds(bars))


def branch_of(things: Things, iri: str) -> Branch:
    """One policy or measure with all below it."""
    return Branch(
        iri=iri,
        number=things.text(iri, DXO.printedNumber),
        category=things.text(iri, DXO.category),
        bars=bars_of(things, things.iris(iri, DXO.hasInitiative)),
        parts=[branch_of(things, part) for part in things.ordered(things.iris(iri, DXO.hasPart))],
        gaps=[(name, gap) for name, gap in things.gaps(iri).items() if name == DXO.hasInitiative],
    )


def _kinds(bars: Iterable[Bar]) -> list[str]:
    """The kinds of phases that occur, in the order of a project."""
    found = {kind for bar in bars for part in (bar, *bar.parts) for run in part.runs for kind in run.kinds}
    return [kind for kind in KINDS if kind in found]


def tree_of_bars(bars: Sequence[Bar]) -> Tree:
    """Initiatives without policies, with their axis."""
    return tree_of((), bars)
