"""What can be searched: one entry for each thing of a kind, its texts, and the values of its facets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE, is_iri, literal_parts
from dxlod.site.dictionary import Encoded
from dxlod.site.fold import key_of, words_of
from dxlod.site.iris import DCTERMS, ELI, ORG, RDFS, SKOS, local_name
from dxlod.site.kinds import KINDS, Kind, kind_of
from dxlod.site.labels import LabelRow, Names

__all__ = ["FACETS", "Entry", "Facet", "collect_entries"]

FACETS = ("kind", "city", "plan", "topic", "year", "phase", "department", "has_kpi")
"""Names of the facets, in the order in which they are shown."""

_TEXTS = (
    DXO.printedNumber,
    DXO.reading,
    DXO.citationText,
    DXO.asPrinted,
    DXO.asRead,
    DXO.reason,
    DXO.lawId,
    DXO.unitLabel,
    DXO.localGovernmentCode,
    DXO.corporateNumber,
    DXO.sheetTitle,
    f"{SKOS}altLabel",
    f"{SKOS}notation",
    f"{SKOS}definition",
    f"{RDFS}comment",
    f"{DCTERMS}identifier",
    f"{DCTERMS}description",
    f"{DCTERMS}title",
)
_DEEPEST = 8
_DOWN = (DXO.hasIndicator, DXO.hasAction)
"""From an initiative to what takes its topics, years, phases and departments."""


@dataclass(frozen=True)
class Entry:
    """One thing to be found: number of its term, kind, texts, plan and city (0 = none).

    `ja`, `en` (its names), `body` (its other texts) and `near` (names of its plan, city, topics, departments and
    initiative) are keys as `fold.key_of` makes them, one a line; `english` and `near_english` are words.
    """

    number: int
    kind: str
    weight: int
    ja: str
    en: str
    body: str
    near: str
    english: str
    near_english: str
    plan: int
    city: int


class Facet(NamedTuple):
    """One value of a facet: name, value as in an address, number of its term (0 = none), how many have it, and who."""

    name: str
    value: str
    number: int
    total: int
    bits: bytes


def collect_entries(data: Encoded, labels: Sequence[LabelRow]) -> tuple[list[Entry], list[Facet]]:
    """All entries in the order of a list without a question, and all values of all facets."""
    names = _Folded(labels)
    facts = _Facts(data)
    found = sorted(_found(data), key=lambda item: (KINDS.index(item[1]), item[0]))
    bodies = _bodies(data, {number for number, _ in found})
    entries = [_entry(number, kind, names, bodies.get(number, ()), facts) for number, kind in found]
    return entries, list(_facets(data, entries, facts))


class _Folded:
    """Names of things, folded; each once, since thousands of things belong to the same plan and city."""

    def __init__(self, labels: Sequence[LabelRow]) -> None:
        self._names: Names = defaultdict(dict)
        for row in labels:
            self._names[row.number][row.language] = row.text
        self._folded: dict[int, tuple[str, str, str]] = {}

    def __call__(self, number: int) -> tuple[str, str, str]:
        """The Japanese name (or that of no language) and the English one as keys, and the words of the English one."""
        found = self._folded.get(number)
        if found is None:
            own = self._names.get(number, {})
            english = own.get("en", "")
            found = key_of(own.get("ja") or own.get("", "")), key_of(english), words_of(english)
            self._folded[number] = found
        return found


def _found(data: Encoded) -> Iterator[tuple[int, Kind]]:
    classes: dict[int, set[str]] = defaultdict(set)
    for subject, value in data.pairs(RDF_TYPE[1:-1]):
        classes[subject].add(data.term(value)[1:-1])
    for subject, of in classes.items():
        kind = kind_of(of, data.term(subject)[1:-1])
        if kind is not None:
            yield subject, kind


def _bodies(data: Encoded, wanted: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for predicate in _TEXTS:
        for subject, value in data.pairs(predicate):
            term = data.term(value)
            if subject in wanted and not is_iri(term):
                found[subject].append(literal_parts(term).text)
    return found


def _entry(number: int, kind: Kind, names: _Folded, texts: Iterable[str], facts: _Facts) -> Entry:
    ja, en, english = names(number)
    plan, city = facts.plan(number, kind), facts.city(number, kind)
    near = {plan, city, *facts.topics[number], *facts.departments[number], *facts.parents[number]} - {
        0,
        number,
    }
    others = [names(other) for other in sorted(near)]
    return Entry(
        number=number,
        kind=kind.name,
        weight=kind.weight,
        ja=ja,
        en=en,
        body=_lines(key_of(text) for text in texts),
        near=_lines(other[0] for other in others),
        english=english,
        near_english=_lines(other[2] for other in others),
        plan=plan,
        city=city,
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in dict.fromkeys(texts) if text)


class _Facts:
    """What the facets of things are made from, by number."""

    def __init__(self, data: Encoded) -> None:
        self._data = data
        self._edition = _first(data.pairs(DXO.inEdition))
        self._publisher = _first(data.pairs(f"{DCTERMS}publisher"))
        self._body = _first((*data.pairs(f"{ORG}unitOf"), *data.pairs(f"{ELI}passed_by")))
        self._above = _first(data.pairs(f"{ORG}subOrganizationOf"))
        self._editions = _first(data.pairs(DXO.edition))
        self.topics = _sets(data.pairs(DXO.topic))
        self.departments = _sets((*data.pairs(DXO.responsibleUnit), *data.pairs(DXO.leadUnit)))
        self.measured = {subject for subject, _ in data.pairs(DXO.hasIndicator)}
        self.years = self._years()
        self.phases = self._phases()
        self.parents: dict[int, set[int]] = defaultdict(set)
        self._hand_down()

    def plan(self, number: int, kind: Kind) -> int:
        """The plan edition that a thing belongs to or is."""
        return number if kind.name == "plan" else self._edition.get(number, 0)

    def city(self, number: int, kind: Kind) -> int:
        """The municipality that a thing belongs to or is."""
        if kind.name == "city":
            return number
        edition = self._editions.get(number, 0) if kind.name == "series" else self.plan(number, kind)
        return self._publisher.get(edition or number, 0) or self._body_of(number)

    def _body_of(self, unit: int) -> int:
        """The body of a department, or of the one that it is part of."""
        for _ in range(_DEEPEST):
            if unit in self._body or unit not in self._above:
                break
            unit = self._above[unit]
        return self._body.get(unit, 0)

    def _years(self) -> dict[int, set[int]]:
        """Fiscal years as numbers: those of a period, of phases and of values."""
        years: dict[int, set[int]] = defaultdict(set)
        starts = {subject: self._year(value) for subject, value in self._data.pairs(DXO.startFiscalYear)}
        for subject, value in self._data.pairs(DXO.endFiscalYear):
            first, last = starts.get(subject) or self._year(value), self._year(value)
            years[subject].update(range(first, min(last, first + 50) + 1) if first else ())
        for subject, first in starts.items():
            years[subject].update((first,) if first else ())
        own = {subject: self._year(value) for subject, value in self._data.pairs(DXO.fiscalYear)}
        for predicate in (DXO.hasPhase, DXO.indicatorValue, DXO.baseline, DXO.target, DXO.actual):
            for subject, value in self._data.pairs(predicate):
                if own.get(value):
                    years[subject].add(own[value])
        return years

    def _year(self, number: int) -> int:
        name = local_name(self._data.term(number)[1:-1])
        return int(name) if len(name) == 4 and name.isdecimal() else 0

    def _phases(self) -> dict[int, set[int]]:
        codes = _sets(self._data.pairs(DXO.phase))
        found: dict[int, set[int]] = defaultdict(set)
        for subject, value in self._data.pairs(DXO.hasPhase):
            found[subject] |= codes.get(value, set())
        return found

    def _hand_down(self) -> None:
        """Indicators and actions take topics and departments of their initiative; it takes its actions' years and phases."""
        for predicate in _DOWN:
            for parent, child in self._data.pairs(predicate):
                self.parents[child].add(parent)
                for inherited in (self.topics, self.departments):
                    inherited[child] |= inherited[parent]
        for parent, child in self._data.pairs(DXO.hasAction):
            self.years[parent] |= self.years[child]
            self.phases[parent] |= self.phases[child]


def _first(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for subject, value in pairs:
        found.setdefault(subject, value)
    return found


def _sets(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for subject, value in pairs:
        found[subject].add(value)
    return found


def _facets(data: Encoded, entries: Sequence[Entry], facts: _Facts) -> Iterator[Facet]:
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    numbers: dict[tuple[str, str], int] = {}
    for at, entry in enumerate(entries):
        for name, value, number in _values(data, entry, facts):
            members[name, value].append(at)
            numbers[name, value] = number
    for (name, value), places in sorted(members.items()):
        bits = bytearray(len(entries) // 8 + 1)
        for at in places:
            bits[at >> 3] |= 1 << (at & 7)
        yield Facet(name, value, numbers[name, value], len(places), bytes(bits))


def _values(data: Encoded, entry: Entry, facts: _Facts) -> Iterator[tuple[str, str, int]]:
    yield "kind", entry.kind, 0
    if entry.kind in ("policy", "measure", "initiative"):
        yield "has_kpi", "true" if entry.number in facts.measured else "false", 0
    groups = (
        ("city", {entry.city}),
        ("plan", {entry.plan}),
        ("topic", facts.topics[entry.number]),
        ("phase", facts.phases[entry.number]),
        ("department", facts.departments[entry.number]),
    )
    for name, numbers in groups:
        for number in numbers - {0}:
            yield name, _short(data.term(number)[1:-1]), number
    for year in facts.years[entry.number]:
        yield "year", str(year), 0


def _short(iri: str) -> str:
    """What of an IRI of ours stands after `/id/{place}/`, and for a code its last part; else the whole IRI."""
    _, place, rest = iri.partition("/id/")
    kind, slash, tail = rest.partition("/")
    if not place or not slash:
        return iri
    return local_name(iri) if kind == "code" else tail
