"""The pages of an initiative and of an action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.figures import kpi_table, kpis_of
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.schedule import axis_of, bars_of
from dxlod.site.entities.things import Things, first
from dxlod.site.iris import RDFS

__all__ = ["ACTION", "SECTION", "Difference", "initiative_facts"]

MOST_ALIKE = 8
"""How many initiatives of other plans on the same topics are shown."""
MOST_PLANS = 12
"""How many other plans are looked at for them."""


@dataclass(frozen=True)
class Difference:
    """What the list and the sheet of an initiative print differently: name of the message, both prints."""

    name: str
    in_list: str
    in_sheet: str


def initiative_facts(look: Look) -> Mapping[str, object]:
    """Place, years, departments, phases, actions, indicators, bases, topics, differences of list and sheet."""
    things, iri = look.things, look.iri
    bars = bars_of(things, [iri])
    parts = [part.iri for part in bars[0].parts]
    phases = (name for bar in (bars[0], *bars[0].parts) for run in bar.runs for name in run.iris)
    things.locate([iri, *parts, *phases])
    return {
        "bar": bars[0],
        "axis": axis_of(bars),
        "kpis": kpi_table(kpis_of(things, bars[0].held.values())),
        "edition": things.iri(iri, DXO.inEdition),
        "within": things.name(
            found for name in (DXO.hasInitiative, DXO.hasAction) for found in look.reader.subjects(name, iri)
        ),
        "category": things.text(iri, DXO.category),
        "units": things.iris(iri, DXO.leadUnit, DXO.responsibleUnit),
        "topics": things.iris(iri, DXO.topic),
        "sdgs": things.iris(iri, DXO.sdg),
        "bases": things.iris(iri, DXO.legalBasis),
        "cites": _cites(look),
        "tasks": things.iris(iri, DXO.supportsTask),
        "gaps": things.gaps(iri),
        "marks": _marks(things, iri),
        "differences": _differences(things, iri),
        "phase_lines": {
            run.iris[0]: things.lines(*run.iris) for part in (bars[0], *bars[0].parts) for run in part.runs
        },
        "own_lines": {part: things.lines(part) for part in (iri, *parts)},
        "alike": _alike(look),
    }


def _cites(look: Look) -> list[str]:
    """What the plan names in this element."""
    nodes = look.things.read(look.reader.subjects(DXO.citingElement, look.iri), named=False)
    cited = [look.things.iri(node, DXO.citedResource) for node in nodes]
    return look.things.name([*look.things.iris(look.iri, DXO.cites), *cited])


def _marks(things: Things, iri: str) -> list[tuple[str, bool]]:
    """Marks of the plan, by the name of the message: newly begun, marked for a sheet, with a sheet."""
    names = {"new": DXO.isNew, "marked": DXO.sheetMarked, "sheet": DXO.hasSheet}
    found = ((name, things.flag(iri, predicate)) for name, predicate in names.items())
    return [(name, flag) for name, flag in found if flag is not None]


def _differences(things: Things, iri: str) -> list[Difference]:
    """Where the sheet prints something else than the list."""
    pairs = [
        ("title", things.texts(iri, f"{RDFS}label").get("ja", ""), things.text(iri, DXO.sheetTitle)),
        ("measure", _measure(things, iri), things.text(iri, DXO.sheetMeasure)),
        *(
            (name, things.iri(iri, listed), things.iri(iri, sheet))
            for name, listed, sheet in (
                ("start", DXO.startFiscalYear, DXO.sheetStartFiscalYear),
                ("end", DXO.endFiscalYear, DXO.sheetEndFiscalYear),
            )
        ),
    ]
    return [Difference(*pair) for pair in pairs if pair[2] and pair[1] != pair[2]]


def _measure(things: Things, iri: str) -> str:
    owner = first(things.reader.subjects(DXO.hasInitiative, iri, limit=1))
    return things.texts(owner, f"{RDFS}label").get("ja", "") if owner else ""


def _alike(look: Look) -> Sequence[str]:
    """Initiatives of other plans that share most topics with this one."""
    things, reader = look.things, look.reader
    own = things.iri(look.iri, DXO.inEdition)
    topics = things.iris(look.iri, DXO.topic)
    editions = reader.once("editions", lambda: reader.instances(DXO.PlanEdition))
    others = [edition for edition in _around(editions, own) if edition != own] if topics else []
    plans = {edition: _of_topics(look, edition, topics) for edition in others[:MOST_PLANS]}
    found = _spread([found for found in plans.values() if found])
    things.name([*found, *map(_plan_of, found)])
    return found


def _around(editions: Sequence[str], own: str) -> Sequence[str]:
    """The editions nearest in the list, so that with many of them each plan is beside some others."""
    at = editions.index(own) if own in editions else 0
    start = max(0, min(at - MOST_PLANS // 2, len(editions) - MOST_PLANS - 1))
    return editions[start : start + MOST_PLANS + 1]


def _of_topics(look: Look, edition: str, topics: Sequence[str]) -> list[str]:
    """The first initiatives of a plan that are on all of these topics."""
    pairs = [(DXO.topic, topic) for topic in topics]
    return look.reader.having(pairs, f"{edition}/initiative", limit=MOST_ALIKE)


def _plan_of(initiative: str) -> str:
    return initiative.rpartition("/initiative/")[0]


def _spread(plans: Sequence[Sequence[str]]) -> list[str]:
    """The first few, of each plan in turn, so that no plan crowds out the others."""
    turns = max(map(len, plans), default=0)
    found = [iris[turn] for turn in range(turns) for iris in plans if turn < len(iris)]
    return found[:MOST_ALIKE]


_SHOWN = frozenset(
    (
        f"{RDFS}label",
        DXO.inEdition,
        DXO.printedNumber,
        DXO.category,
        DXO.isNew,
        DXO.sheetMarked,
        DXO.hasSheet,
        DXO.sheetTitle,
        DXO.sheetMeasure,
        DXO.startFiscalYear,
        DXO.endFiscalYear,
        DXO.sheetStartFiscalYear,
        DXO.sheetEndFiscalYear,
        DXO.hasPhase,
        DXO.hasAction,
        DXO.hasIndicator,
        DXO.responsibleUnit,
        DXO.leadUnit,
        DXO.topic,
        DXO.sdg,
        DXO.legalBasis,
        DXO.cites,
        DXO.supportsTask,
        DXO.unknown,
        DXO.statedNone,
        DXO.englishLabelStatus,
    )
)
SECTION = Section(DXO.Initiative, "entities/initiative.html", initiative_facts, _SHOWN)
ACTION = Section(DXO.Action, "entities/initiative.html", initiative_facts, _SHOWN)
