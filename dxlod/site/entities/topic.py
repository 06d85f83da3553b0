"""The page of a topic: what the cities do about it, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.figures import KpiTable, kpi_table, kpis_of
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.schedule import Bar, bars_of
from dxlod.site.entities.things import Things
from dxlod.site.iris import DCTERMS, RDFS, SKOS, local_name

__all__ = ["CONCEPT", "SECTION", "Column", "Match", "Year", "concept_facts", "topic_facts"]

MOST = 12
"""Initiatives shown at once in a column; the others open on demand."""
MOST_YEARS = 12
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


@dataclass(frozen=True)
class Column:
    """What one plan has on a topic. `share` is that of all its initiatives in per cent, None where it has none."""

    edition: str
    city: str
    status: str
    policies: Sequence[str]
    measures: Sequence[str]
    bars: Sequence[Bar]
    all_initiatives: int
    kpis: KpiTable
    units: Sequence[str]

    @property
    def share(self) -> int | None:
        """Per cent of the plan's initiatives."""
        return round(100 * len(self.bars) / self.all_initiatives) if self.all_initiatives else None

    @property
    def new(self) -> int:
        """How many are marked as new."""
        return sum(1 for bar in self.bars if bar.new)

    @property
    def short(self) -> str:
        """What stands for the plan in an address."""
        return self.edition.partition("/id/plan/")[2]

    def under_way(self, year: int) -> int:
        """How many initiatives are under way in a year, as far as the plan gives years."""
        return sum(1 for bar in self.bars if bar.covers(year))

    @property
    def dated(self) -> bool:
        """Whether any initiative has a year."""
        return any(bar.years for bar in self.bars)


@dataclass(frozen=True)
class Match:
    """An item of another list, how it matches (end of the property), its number there, and the list."""

    iri: str
    kind: str
    number: str
    scheme: str


@dataclass(frozen=True)
class Year:
    """One fiscal year: for each plan the number of initiatives under way."""

    year: int
    counts: Sequence[int]


def topic_facts(look: Look) -> Mapping[str, object]:
    """A column for each plan edition, years, matches in other lists, broader and narrower topics."""
    things, iri = look.things, look.iri
    columns = [_column(look, edition) for edition in things.read(look.reader.instances(DXO.PlanEdition))]
    years = _years(columns)
    return {
        "columns": columns,
        "years": years,
        "most_under_way": max((count for year in years for count in year.counts), default=0),
        "matches": _matches(look),
        "broader": things.iris(iri, f"{SKOS}broader"),
        "narrower": things.read(look.reader.subjects(f"{SKOS}broader", iri)),
        "definition": things.texts(iri, f"{SKOS}definition"),
        "slug": local_name(iri),
        "most": MOST,
    }


def _column(look: Look, edition: str) -> Column:
    things = look.things
    tagged = [iri for iri in look.reader.subjects(DXO.topic, look.iri) if iri.startswith(f"{edition}/")]
    things.read(tagged)
    of = {kind: [iri for iri in tagged if kind in things.kinds(iri)] for kind in _TAGGED}
    bars = bars_of(things, of[DXO.Initiative])
    parts = [part.iri for bar in bars for part in bar.parts]
    units = {unit: None for bar in bars for unit in things.iris(bar.iri, DXO.responsibleUnit)}
    return Column(
        edition=edition,
        city=things.iri(edition, f"{DCTERMS}publisher"),
        status=local_name(things.iri(edition, DXO.planStatus)),
        policies=things.ordered(of[DXO.Policy]),
        measures=things.ordered(of[DXO.PolicyMeasure]),
        bars=sorted(bars, key=lambda bar: natural(bar.iri)),
        all_initiatives=_initiatives(look, edition),
        kpis=kpi_table(kpis_of(things, [*(bar.iri for bar in bars), *parts, *of[DXO.PolicyMeasure]])),
        units=list(units),
    )


_TAGGED = (DXO.Policy, DXO.PolicyMeasure, DXO.Initiative)


def natural(iri: str) -> list[tuple[int, str]]:
    """Sorting key by the numbers in the last part of an IRI, as plans count: 1-2 before 1-10."""
    parts = local_name(iri).replace("_", "-").split("-")
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _initiatives(look: Look, edition: str) -> int:
    """All initiatives of a plan."""
    rows = look.reader.rows(_COUNT, (f"<{edition}/initiative/", f"<{edition}/initiative0"))
    return int(rows[0][0])


_COUNT = (
    "SELECT COUNT(*) FROM term t WHERE t.text > ? AND t.text < ?"
    " AND EXISTS (SELECT 1 FROM quad q WHERE q.s = t.id)"
)


def _years(columns: Sequence[Column]) -> list[Year]:
    """The years in which plans say that something is under way, at most the last MOST_YEARS."""
    named = {year for column in columns for bar in column.bars for year in bar.years}
    if not named:
        return []
    start = max(min(named), max(named) - MOST_YEARS + 1)
    return [
        Year(year, [column.under_way(year) for column in columns]) for year in range(start, max(named) + 1)
    ]


def _matches(look: Look) -> list[Match]:
    things = look.things
    found = [
        (kind, item)
        for kind in _MATCHES
        for item in things.read(look.reader.subjects(f"{SKOS}{kind}", look.iri))
        if "/id/topic/" in item
    ]
    return sorted(
        (_match(things, kind, item) for kind, item in found), key=lambda item: (item.scheme, item.iri)
    )


def _match(things: Things, kind: str, item: str) -> Match:
    number = things.text(item, f"{SKOS}notation") or things.text(item, f"{DCTERMS}identifier")
    return Match(item, kind, number, things.iri(item, f"{SKOS}inScheme"))


def concept_facts(look: Look) -> Mapping[str, object]:
    """A code or an item of another list: definition, list, what it matches, its neighbours."""
    things, iri = look.things, look.iri
    scheme = things.iri(iri, f"{SKOS}inScheme")
    members = look.reader.subjects(f"{SKOS}inScheme", scheme) if scheme else []
    return {
        "definition": things.texts(iri, f"{SKOS}definition"),
        "scheme": scheme,
        "members": things.read(members),
        "number": things.text(iri, f"{SKOS}notation"),
        "matches": [
            Match(other, kind, "", "")
            for kind in _MATCHES
            for other in things.read(things.iris(iri, f"{SKOS}{kind}"))
        ],
        "uses": _uses(look),
    }


def _uses(look: Look) -> list[tuple[str, int]]:
    """How often each plan uses a code: (edition, number), for those that do."""
    plans: dict[str, int] = {}
    for graph, number in look.reader.rows(_BY_GRAPH, (f"<{look.iri}>",)):
        if "/graph/plan/" in graph:
            plans[graph[1:-1].replace("/graph/plan/", "/id/plan/")] = int(number)
    look.things.read(plans)
    return list(plans.items())


_BY_GRAPH = (
    "SELECT g.text, n FROM (SELECT g, COUNT(DISTINCT s) n FROM quad"
    " WHERE o = (SELECT id FROM term WHERE text = ?) GROUP BY g) c JOIN term g ON g.id = c.g ORDER BY g.id"
)


def _is_topic(iri: str) -> bool:
    """Whether a concept is one of the lasting topics and not an item of a dated list."""
    slug = iri.partition("/id/topic/")[2]
    return bool(slug) and "/" not in slug


_SHOWN = frozenset(
    (
        f"{RDFS}label",
        f"{SKOS}prefLabel",
        f"{SKOS}definition",
        f"{SKOS}broader",
        f"{SKOS}narrower",
        f"{SKOS}inScheme",
        f"{SKOS}notation",
        f"{SKOS}topConceptOf",
        *(f"{SKOS}{kind}" for kind in _MATCHES),
    )
)
SECTION = Section(f"{SKOS}Concept", "entities/topic.html", topic_facts, _SHOWN, _is_topic)
CONCEPT = Section(f"{SKOS}Concept", "entities/concept.html", concept_facts, _SHOWN)
