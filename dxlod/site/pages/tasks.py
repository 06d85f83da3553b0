"""Administrative tasks with the systems they use and the provisions they rest on: a list to filter and sort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE
from dxlod.site.fold import key_of, tokens_of
from dxlod.site.iris import DCTERMS, ELI
from dxlod.site.reader import SiteReader

__all__ = ["SORTS", "Choice", "Found", "Link", "Task", "TaskFilter", "choices", "read_tasks", "select_tasks"]

Labels = Mapping[str, str]

SORTS = ("number", "task", "systems", "law", "plan")
"""What the list can be sorted by."""


@dataclass(frozen=True)
class Link:
    """A thing by its IRI with its names."""

    iri: str
    labels: Labels

    @property
    def short(self) -> str:
        """What stands for it in an address: the IRI after `/id/…/`, as in the search."""
        rest = self.iri.partition("/id/")[2].partition("/")[2]
        return rest or self.iri

    def shown(self, lang: str) -> str:
        """Its name in a language, for sorting and searching."""
        return self.labels.get(lang) or self.labels.get("ja") or next(iter(self.labels.values()), self.iri)


@dataclass(frozen=True)
class Task:
    """One task. `no_system`: the plan says it uses none. `laws` are those that its provisions are parts of."""

    link: Link
    number: str
    order: int
    edition: Link
    city: Link
    systems: Sequence[Link]
    no_system: bool
    provisions: Sequence[Link]
    laws: Sequence[Link]


@dataclass(frozen=True)
class TaskFilter:
    """What a reader asks for; '' asks for everything. `sort` is one of SORTS, with '-' before it for descending."""

    text: str = ""
    city: str = ""
    system: str = ""
    law: str = ""
    sort: str = "number"
    view: str = "list"


@dataclass(frozen=True)
class Choice:
    """One value to filter by: IRI, names, number of tasks."""

    link: Link
    count: int


@dataclass(frozen=True)
class Found:
    """The tasks that were asked for, and the systems they use in the order of the most used."""

    tasks: Sequence[Task]
    systems: Sequence[Link]


def read_tasks(reader: SiteReader) -> list[Task]:
    """All tasks, by plan and order."""
    iris = reader.instances(DXO.AdministrativeTask)
    facts = {
        name: _pairs(reader, name) for name in (DXO.inEdition, DXO.usesSystem, DXO.legalBasis, DXO.statedNone)
    }
    cities = _pairs(reader, f"{DCTERMS}publisher", DXO.PlanEdition)
    laws = _laws(reader, {law for found in facts[DXO.legalBasis].values() for law in found})
    named = {
        other for found in (*facts.values(), cities, laws) for others in found.values() for other in others
    }
    labels = reader.labels([*iris, *named])

    def links(found: Iterable[str]) -> list[Link]:
        return [Link(iri, labels.get(iri, {})) for iri in found]

    def task(iri: str) -> Task:
        edition = next(iter(facts[DXO.inEdition].get(iri, ())), "")
        provisions = facts[DXO.legalBasis].get(iri, [])
        order = reader.text(iri, DXO.order) or "0"
        return Task(
            link=Link(iri, labels.get(iri, {})),
            number=reader.text(iri, DXO.printedNumber) or "",
            order=int(order) if order.isdecimal() else 0,
            edition=links([edition])[0],
            city=links(cities.get(edition, [""])[:1])[0],
            systems=links(facts[DXO.usesSystem].get(iri, [])),
            no_system=DXO.usesSystem in facts[DXO.statedNone].get(iri, ()),
            provisions=links(provisions),
            laws=links(dict.fromkeys(law for item in provisions for law in laws.get(item, [item]))),
        )

    return sorted(map(task, iris), key=lambda item: (item.edition.iri, item.order))


def select_tasks(tasks: Sequence[Task], asked: TaskFilter, lang: str) -> Found:
    """Those that fit the filter, sorted as asked for."""
    words = tokens_of(asked.text)
    kept = [task for task in tasks if _fits(task, asked) and all(word in _text(task) for word in words)]
    name = asked.sort.removeprefix("-")
    kept.sort(key=_key(name if name in SORTS else "number", lang), reverse=asked.sort.startswith("-"))
    used: dict[str, list[Link]] = {}
    for task in kept:
        for system in task.systems:
            used.setdefault(system.iri, []).append(system)
    systems = [found[0] for found in sorted(used.values(), key=lambda found: -len(found))]
    return Found(kept, systems)


def choices(tasks: Sequence[Task], of: Callable[[Task], Iterable[Link]], lang: str) -> list[Choice]:
    """The values that tasks can be filtered by, the most frequent first."""
    counts: dict[str, tuple[Link, int]] = {}
    for task in tasks:
        for link in of(task):
            counts[link.iri] = (link, counts.get(link.iri, (link, 0))[1] + 1)
    ranked = sorted(counts.values(), key=lambda item: (-item[1], item[0].shown(lang)))
    return [Choice(link, count) for link, count in ranked]


def _fits(task: Task, asked: TaskFilter) -> bool:
    return (
        asked.city in ("", task.city.short)
        and (not asked.system or asked.system in _systems(task))
        and (not asked.law or asked.law in {link.short for link in task.laws})
    )


def _systems(task: Task) -> set[str]:
    return {"none"} if task.no_system else {link.short for link in task.systems}


def _text(task: Task) -> str:
    links = (task.link, task.edition, task.city, *task.systems, *task.provisions, *task.laws)
    return key_of(" ".join((task.number, *(text for link in links for text in link.labels.values()))))


def _key(name: str, lang: str) -> Callable[[Task], tuple[object, ...]]:
    keys: dict[str, Callable[[Task], tuple[object, ...]]] = {
        "number": lambda task: (task.edition.iri, task.order),
        "task": lambda task: (task.link.shown(lang), task.order),
        "systems": lambda task: (len(task.systems), task.order),
        "law": lambda task: ([link.iri for link in task.provisions] or ["~"], task.order),
        "plan": lambda task: (task.edition.shown(lang), task.order),
    }
    return keys[name]


def _pairs(reader: SiteReader, predicate: str, of: str = DXO.AdministrativeTask) -> dict[str, list[str]]:
    """Objects by subject of a class."""
    found: dict[str, list[str]] = {}
    for subject, value in reader.rows(_PAIRS, (f"<{predicate}>", RDF_TYPE, f"<{of}>")):
        found.setdefault(subject[1:-1], []).append(value[1:-1])
    return found


def _laws(reader: SiteReader, provisions: Iterable[str]) -> dict[str, list[str]]:
    """What each provision is a part of in the end; a provision in no law stands for itself."""
    return {provision: [_whole(reader, provision)] for provision in sorted(provisions)}


def _whole(reader: SiteReader, provision: str) -> str:
    seen = [provision]
    while parents := [iri for iri in reader.object_iris(seen[-1], f"{ELI}is_part_of") if iri not in seen]:
        seen.append(parents[0])
    return seen[-1]


_PAIRS = (
    "SELECT DISTINCT s.text, o.text FROM quad q JOIN term s ON s.id = q.s JOIN term o ON o.id = q.o"
    " WHERE q.p = (SELECT id FROM term WHERE text = ?) AND q.s IN (SELECT s FROM quad"
    " WHERE p = (SELECT id FROM term WHERE text = ?) AND o = (SELECT id FROM term WHERE text = ?)) ORDER BY q.s, q.o"
)
