"""The page of a topic: what the cities do about it, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE
from dxlod.site.entities.figures import Kpi, KpiTable, kpi_table, kpis_of
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.schedule import Bar, bars_of
from dxlod.site.entities.things import Things
from dxlod.site.iris import DCTERMS, RDFS, SKOS, local_name
from dxlod.site.pages.editions import Edition, editions

__all__ = ["CONCEPT", "SECTION", "Column", "Match", "OnTopic", "Year", "concept_facts", "topic_facts"]

MOST, MOST_MORE = 12, 24
"""Initiatives shown at once in a column, and those that open on demand; the search has the others."""
MOST_COLUMNS, MOST_OTHERS = 6, 60
"""Plans side by side, and further plans in the list under them."""
MOST_YEARS = 12
MOST_KPIS = 12
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


@dataclass(frozen=True)
class Column:
    """What one plan has on a topic: `bars` are the initiatives shown, `kpis` the indicators shown."""

    edition: str
    city: str
    status: str
    on_topic: OnTopic
    bars: Sequence[Bar]
    all_initiatives: int
    kpis: KpiTable

    @property
    def share(self) -> int | None:
        """Per cent of the plan's initiatives, None where it has none."""
        return round(100 * self.on_topic.initiatives / self.all_initiatives) if self.all_initiatives else None

    @property
    def short(self) -> str:
        """What stands for the plan in an address."""
        return self.edition.partition("/id/plan/")[2]


@dataclass(frozen=True)
class OnTopic:
    """What a plan has on a topic: the first of its initiatives and indicators in natural order, and how many there are.

    `years`: how many of all its initiatives are under way in each year, as far as it says; `names` of all of these.
    """

    policies: Sequence[str]
    measures: Sequence[str]
    initiatives: int
    new: int
    bars: Sequence[Bar]
    kpis: Sequence[Kpi]
    all_kpis: int
    units: Sequence[str]
    years: Mapping[int, int]
    names: Mapping[str, Mapping[str, str]]


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
    # Groups of topics have no elements of their own.
    narrower = things.name(look.reader.subjects(f"{SKOS}broader", iri))
    side_by_side, others = ([], []) if narrower else _chosen(look)
    plans = [*side_by_side, *(item for item, _ in others[:MOST_OTHERS])]
    things.give({item.iri: item.labels for item in plans} | {item.city: item.city_labels for item in plans})
    columns = [_column(look, edition) for edition in side_by_side]
    years = _years(columns)
    return {
        "columns": columns,
        "others": [_other(look, item, number) for item, number in others[:MOST_OTHERS]],
        "more_others": max(0, len(others) - MOST_OTHERS),
        "years": years,
        "most_under_way": max((count for year in years for count in year.counts), default=0),
        "matches": _matches(look),
        "broader": things.iris(iri, f"{SKOS}broader"),
        "narrower": narrower,
        "definition": things.texts(iri, f"{SKOS}definition"),
        "slug": local_name(iri),
        "most": MOST,
    }


def _chosen(look: Look) -> tuple[list[Edition], list[tuple[Edition, int]]]:
    """The editions that stand side by side, in their order: those with most on the topic; the others with how much."""
    every = editions(look.reader)
    counts = look.reader.once(f"elements {look.iri}", lambda: look.reader.graphs(DXO.topic, look.iri))
    ranked = sorted(every, key=lambda item: -counts.get(item.graph, 0))
    best = {item.iri for item in ranked[:MOST_COLUMNS]}
    others = [(item, counts[item.graph]) for item in every if item.iri not in best and item.graph in counts]
    return [item for item in every if item.iri in best], others


def _other(look: Look, edition: Edition, number: int) -> tuple[str, str, str, int]:
    """City, plan, address of its items on the topic, and how many there are."""
    address = look.view.url(f"/search?topic={local_name(look.iri)}&plan={edition.short}")
    return edition.city, edition.iri, address, number


def _column(look: Look, edition: Edition) -> Column:
    things, topic = look.things, look.iri
    on_topic = look.reader.once(f"{topic} {edition.iri}", lambda: _on_topic(look, edition.iri))
    things.give(on_topic.names)
    return Column(
        edition=edition.iri,
        city=edition.city,
        status=edition.status,
        on_topic=on_topic,
        bars=on_topic.bars,
        all_initiatives=edition.counts.get("initiatives", 0),
        kpis=kpi_table(on_topic.kpis),
    )


def _on_topic(look: Look, edition: str) -> OnTopic:
    """Everything of a plan on the topic. Read apart from what the page shows, and remembered in short."""
    things = Things(look.reader)
    tagged = look.reader.within(DXO.topic, look.iri, edition)
    said = Sayings(things.some(tagged, *_READ))
    of = {kind: [iri for iri in tagged if kind in said.kinds(iri)] for kind in _TAGGED}
    bars = sorted(bars_of(things, of[DXO.Initiative]), key=lambda bar: natural(bar.iri))
    held = [*(bar.kpis for bar in bars), *(part.kpis for bar in bars for part in bar.parts)]
    measured = [said.iris(measure, DXO.hasIndicator) for measure in of[DXO.PolicyMeasure]]
    kpis = kpis_of(things, [*held, *measured])
    units = list(dict.fromkeys(unit for bar in bars for unit in said.iris(bar.iri, DXO.responsibleUnit)))
    named = {year for bar in bars for year in bar.years}
    years = range(min(named), max(named) + 1) if named else range(0)
    shown = [replace(bar, runs=(), parts=()) for bar in bars[: MOST + MOST_MORE]]
    things.name([*of[DXO.Policy], *of[DXO.PolicyMeasure], *units])
    things.name([*(bar.iri for bar in shown), *(kpi.iri for kpi in kpis[:MOST_KPIS])])
    return OnTopic(
        policies=said.ordered(of[DXO.Policy]),
        measures=said.ordered(of[DXO.PolicyMeasure]),
        initiatives=len(bars),
        new=sum(1 for bar in bars if bar.new),
        bars=shown,
        kpis=kpis[:MOST_KPIS],
        all_kpis=len(kpis),
        units=units,
        years={year: sum(1 for bar in bars if bar.covers(year)) for year in years},
        names=things.names(),
    )


_READ = (RDF_TYPE[1:-1], DXO.order, DXO.responsibleUnit, DXO.hasIndicator)
_TAGGED = (DXO.Policy, DXO.PolicyMeasure, DXO.Initiative)


def natural(iri: str) -> list[tuple[int, str]]:
    """Sorting key by the numbers in the last part of an IRI, as plans count: 1-2 before 1-10."""
    parts = local_name(iri).replace("_", "-").split("-")
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _years(columns: Sequence[Column]) -> list[Year]:
    """The years in which plans say that something is under way, at most the last MOST_YEARS."""
    named = {year for column in columns for year in column.on_topic.years}
    if not named:
        return []
    start = max(min(named), max(named) - MOST_YEARS + 1)
    return [
        Year(year, [column.on_topic.years.get(year, 0) for column in columns])
        for year in range(start, max(named) + 1)
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
SECTION = Section(f"{SKOS}Concept", "entities/topic.html", topic_facts, _SHOWN, _is_topic, backlinks=False)
CONCEPT = Section(f"{SKOS}Concept", "entities/concept.html", concept_facts, _SHOWN)
