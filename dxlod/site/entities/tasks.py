"""The pages of an administrative task and of an information system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.things import Things
from dxlod.site.iris import ELI, RDFS
from dxlod.site.reader import Passage

__all__ = ["SYSTEM", "TASK", "Basis", "system_facts", "task_facts"]

MOST = 120
"""Tasks of a system on its page, and other systems."""


@dataclass(frozen=True)
class Basis:
    """A provision that a task rests on, the law it is of, the print, and where."""

    iri: str
    law: str
    text: str
    lines: Sequence[Passage]


def task_facts(look: Look) -> Mapping[str, object]:
    """Systems, provisions with their print, and tasks that use most of the same systems."""
    things, iri = look.things, look.iri
    systems = things.follow([iri], DXO.usesSystem)
    return {
        "edition": things.iri(iri, DXO.inEdition),
        "number": things.text(iri, DXO.printedNumber),
        "systems": things.ordered(systems),
        "shared": {system: look.reader.count(DXO.usesSystem, system) - 1 for system in systems},
        "bases": _bases(look),
        "gaps": things.gaps(iri),
        "supported": things.name(look.reader.subjects(DXO.supportsTask, iri)),
        "alike": _alike(look, systems),
    }


def _bases(look: Look) -> list[Basis]:
    things = look.things
    nodes = {
        things.iri(node, DXO.citedResource): node
        for node in things.read(look.reader.subjects(DXO.citingElement, look.iri))
    }
    return [
        Basis(
            iri,
            _law(things, iri),
            things.text(nodes[iri], DXO.citationText) if iri in nodes else "",
            things.lines(nodes[iri]) if iri in nodes else [],
        )
        for iri in things.follow([look.iri], DXO.legalBasis)
    ]


def _law(things: Things, iri: str) -> str:
    seen = [iri]
    while (above := things.iri(seen[-1], f"{ELI}is_part_of")) and above not in seen:
        seen.append(above)
    return seen[-1]


def _alike(look: Look, systems: Sequence[str]) -> list[tuple[str, int]]:
    """The tasks that use most of the same systems, at least two: (task, systems shared)."""
    shared: dict[str, int] = {}
    for system in systems:
        for task in look.reader.subjects(DXO.usesSystem, system):
            shared[task] = shared.get(task, 0) + 1
    shared.pop(look.iri, None)
    best = sorted((item for item in shared.items() if item[1] > 1), key=lambda item: -item[1])[:5]
    look.things.name(task for task, _ in best)
    return best


def system_facts(look: Look) -> Mapping[str, object]:
    """The tasks that use a system, with what they rest on; and the plan's other systems."""
    things, iri = look.things, look.iri
    edition = things.iri(iri, DXO.inEdition)
    every = look.reader.subjects(DXO.usesSystem, iri)
    tasks = things.name(Sayings(things.some(every, DXO.order)).ordered(every)[:MOST])
    things.locate(tasks)
    said = Sayings(things.some(tasks, DXO.printedNumber, DXO.legalBasis))
    others = look.reader.within(DXO.inEdition, edition, f"{edition}/system", limit=MOST) if edition else []
    return {
        "total": len(every),
        "edition": things.iri(iri, DXO.inEdition),
        "tasks": [
            (
                task,
                said.text(task, DXO.printedNumber),
                things.name(said.iris(task, DXO.legalBasis)),
                things.lines(task),
            )
            for task in tasks
        ],
        "others": things.in_order(others),
    }


_SHOWN = frozenset(
    (
        f"{RDFS}label",
        DXO.inEdition,
        DXO.printedNumber,
        DXO.usesSystem,
        DXO.legalBasis,
        DXO.unknown,
        DXO.statedNone,
        DXO.englishLabelStatus,
    )
)
TASK = Section(DXO.AdministrativeTask, "entities/task.html", task_facts, _SHOWN)
SYSTEM = Section(DXO.InformationSystem, "entities/system.html", system_facts, _SHOWN)
