"""The page of a fiscal year: what begins, ends, is under way and is aimed at then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.things import Things, first, year_of
from dxlod.site.iris import DCAT, RDFS, SKOS, TIME, local_name

__all__ = ["SECTION", "Happening", "year_facts"]

MOST = 40
"""Things of one plan shown at once; the search has the others."""


@dataclass(frozen=True)
class Happening:
    """What one plan has in a year: first `shown` of `total`, each with a word beside it ('' = none)."""

    edition: str
    total: int
    shown: Sequence[tuple[str, str]]


def year_facts(look: Look) -> Mapping[str, object]:
    """Lists by plan."""
    things, iri = look.things, look.iri
    starts, ends = (
        things.read(look.reader.subjects(name, iri)) for name in (DXO.startFiscalYear, DXO.endFiscalYear)
    )
    dated = things.read(look.reader.subjects(DXO.fiscalYear, iri))
    values = [item for item in dated if DXO.IndicatorValue in things.kinds(item)]
    phases = [item for item in dated if DXO.SchedulePhase in things.kinds(item)]
    kinds = {name: [v for v in values if local_name(things.iri(v, DXO.valueKind)) == name] for name in _KINDS}
    return {
        "year": year_of(iri),
        "dates": [things.text(iri, f"{DCAT}{name}") for name in ("startDate", "endDate")],
        "others": things.texts(iri, f"{SKOS}altLabel"),
        "before": first(things.read(look.reader.subjects(f"{TIME}intervalMeets", iri))),
        "after": first(things.follow([iri], f"{TIME}intervalMeets")),
        "plans_start": [item for item in starts if DXO.PlanEdition in things.kinds(item)],
        "plans_end": [item for item in ends if DXO.PlanEdition in things.kinds(item)],
        "starts": _by_plan(things, _initiatives(things, starts)),
        "ends": _by_plan(things, _initiatives(things, ends)),
        "targets": _of_indicators(things, kinds["target"]),
        "baselines": _of_indicators(things, kinds["baseline"]),
        "actuals": _of_indicators(things, kinds["actual"]),
        "phases": _phases(things, phases),
    }


_KINDS = ("baseline", "target", "actual")


def _initiatives(things: Things, iris: Iterable[str]) -> list[tuple[str, str]]:
    return [(item, "") for item in iris if DXO.Initiative in things.kinds(item)]


def _of_indicators(things: Things, values: Sequence[str]) -> list[Happening]:
    """The indicators of values, with their prints."""
    things.read(things.iri(value, DXO.indicator) for value in values)
    return _by_plan(
        things, [(things.iri(value, DXO.indicator), things.text(value, DXO.valueText)) for value in values]
    )


def _by_plan(things: Things, pairs: Sequence[tuple[str, str]]) -> list[Happening]:
    plans: dict[str, list[tuple[str, str]]] = {}
    for iri, text in pairs:
        plans.setdefault(things.iri(iri, DXO.inEdition), []).append((iri, text))
    things.read(plans)
    return [Happening(plan, len(found), found[:MOST]) for plan, found in plans.items()]


def _phases(things: Things, phases: Sequence[str]) -> list[tuple[str, Mapping[str, int]]]:
    """For each plan the number of phases of each kind in this year."""
    plans: dict[str, dict[str, int]] = {}
    for phase in phases:
        counts = plans.setdefault(things.iri(phase, DXO.inEdition), {})
        for kind in things.iris(phase, DXO.phase):
            counts[local_name(kind)] = counts.get(local_name(kind), 0) + 1
    things.read(plans)
    return list(plans.items())


SECTION = Section(
    DXO.FiscalYear,
    "entities/year.html",
    year_facts,
    frozenset(
        (
            f"{RDFS}label",
            f"{SKOS}altLabel",
            f"{DCAT}startDate",
            f"{DCAT}endDate",
            f"{TIME}hasBeginning",
            f"{TIME}hasEnd",
            f"{TIME}intervalMeets",
            DXO.startYear,
        )
    ),
)
