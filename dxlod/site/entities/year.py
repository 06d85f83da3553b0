"""The page of a fiscal year: what begins, ends, is under way and is aimed at then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO, ValueKind
from dxlod.release.terms import RDF_TYPE
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings, first, year_of
from dxlod.site.iris import DCAT, RDFS, SKOS, TIME, local_name
from dxlod.site.reader import SiteReader

__all__ = ["SECTION", "Happening", "year_facts"]

MOST, MOST_PLANS = 12, 8
"""Things of one plan shown at once, and plans of one list; the search has the others."""
_KINDS = {"target": ValueKind.target, "baseline": ValueKind.baseline, "actual": ValueKind.actual}


@dataclass(frozen=True)
class Happening:
    """What one plan has in a year: first `shown` of `total`, each with a word beside it ('' = none)."""

    edition: str
    total: int
    shown: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Counts:
    """How much each plan edition has in a year, by what; phases also by kind. Each edition by its IRI."""

    starts: Mapping[str, int]
    ends: Mapping[str, int]
    values: Mapping[str, Mapping[str, int]]
    phases: Mapping[str, Mapping[str, int]]


def year_facts(look: Look) -> Mapping[str, object]:
    """Lists by plan: of each the first, and how many there are."""
    things, iri = look.things, look.iri
    counts = look.reader.once(f"year {iri}", lambda: _counts(look.reader, iri))
    values = {kind: {e: n for e, of in counts.values.items() if (n := of.get(kind, 0))} for kind in _KINDS}
    phases = _most(counts.phases, lambda plan: sum(counts.phases[plan].values()))
    starts, ends = _plans(look, DXO.startFiscalYear), _plans(look, DXO.endFiscalYear)
    things.name(phases)
    return {
        "year": year_of(iri),
        "dates": [things.text(iri, f"{DCAT}{name}") for name in ("startDate", "endDate")],
        "others": things.texts(iri, f"{SKOS}altLabel"),
        "before": first(things.name(look.reader.subjects(f"{TIME}intervalMeets", iri))),
        "after": first(things.iris(iri, f"{TIME}intervalMeets")),
        "plans_start": starts[:MOST],
        "plans_end": ends[:MOST],
        "plans_start_total": len(starts),
        "plans_end_total": len(ends),
        "totals": {
            "starts": sum(counts.starts.values()),
            "ends": sum(counts.ends.values()),
            **{f"{kind}s": sum(found.values()) for kind, found in values.items()},
        },
        "starts": _initiatives(look, DXO.startFiscalYear, counts.starts),
        "ends": _initiatives(look, DXO.endFiscalYear, counts.ends),
        **{f"{kind}s": _indicators(look, kind, found) for kind, found in values.items()},
        "phases": [(plan, counts.phases[plan]) for plan in phases],
        "more_phases": len(counts.phases) - len(phases),
    }


def _counts(reader: SiteReader, year: str) -> Counts:
    kinds = {f"<{iri}>": name for name, iri in _KINDS.items()}
    values: dict[str, dict[str, int]] = {}
    for plan, kind, number in _rows(reader, year, DXO.fiscalYear, DXO.valueKind):
        if kind in kinds:
            values.setdefault(plan, {})[kinds[kind]] = number
    phases: dict[str, dict[str, int]] = {}
    for plan, kind, number in _rows(reader, year, DXO.fiscalYear, DXO.phase):
        phases.setdefault(plan, {})[local_name(kind[1:-1])] = number
    starts, ends = (
        {
            plan: number
            for plan, kind, number in _rows(reader, year, name, RDF_TYPE[1:-1])
            if kind == f"<{DXO.Initiative}>"
        }
        for name in (DXO.startFiscalYear, DXO.endFiscalYear)
    )
    return Counts(starts, ends, values, phases)


def _rows(reader: SiteReader, year: str, predicate: str, kind: str) -> list[tuple[str, str, int]]:
    """(plan edition, what it is, how many) of things that have the year for a property."""
    rows = reader.rows(_BY_KIND, (f"<{year}>", f"<{predicate}>", f"<{kind}>"))
    return [
        (graph[1:-1].replace("/graph/plan/", "/id/plan/"), term, int(number))
        for graph, term, number in rows
        if "/graph/plan/" in graph
    ]


_BY_KIND = (
    "SELECT g.text, k.text, n FROM (SELECT k.g g, k.o o, COUNT(*) n FROM quad q JOIN quad k ON k.s = q.s"
    " AND k.g = q.g AND k.p = (SELECT id FROM term WHERE text = ?3)"
    " WHERE q.o = (SELECT id FROM term WHERE text = ?1) AND q.p = (SELECT id FROM term WHERE text = ?2)"
    " GROUP BY k.g, k.o) c JOIN term g ON g.id = c.g JOIN term k ON k.id = c.o ORDER BY c.g, c.o"
)


def _most(plans: Iterable[str], count: Callable[[str], int]) -> list[str]:
    """The plans with most, at most MOST_PLANS, in the order given."""
    every = list(plans)
    best = set(sorted(every, key=lambda plan: -count(plan))[:MOST_PLANS])
    return [plan for plan in every if plan in best]


def _plans(look: Look, predicate: str) -> list[str]:
    """The plan editions that begin or end in the year."""
    every = look.reader.once("editions", lambda: look.reader.instances(DXO.PlanEdition))
    years = look.reader.once(
        f"editions by {predicate}",
        lambda: {iri: first(look.reader.object_iris(iri, predicate)) for iri in every},
    )
    found = [iri for iri in every if years[iri] == look.iri]
    look.things.name(found[:MOST])
    return found


def _initiatives(look: Look, predicate: str, counts: Mapping[str, int]) -> list[Happening]:
    found = [
        Happening(
            plan,
            counts[plan],
            [(iri, "") for iri in look.reader.within(predicate, look.iri, f"{plan}/initiative", limit=MOST)],
        )
        for plan in _most(counts, counts.__getitem__)
    ]
    look.things.name(iri for item in found for iri in (item.edition, *(iri for iri, _ in item.shown)))
    return found


def _indicators(look: Look, kind: str, counts: Mapping[str, int]) -> list[Happening]:
    """The indicators with values of a kind in the year, with their prints."""
    things, pairs = look.things, [(DXO.fiscalYear, look.iri), (DXO.valueKind, _KINDS[kind])]
    plans = {plan: look.reader.having(pairs, plan, limit=MOST) for plan in _most(counts, counts.__getitem__)}
    every = (value for values in plans.values() for value in values)
    said = Sayings(things.some(every, DXO.indicator, DXO.valueText))
    shown = {
        plan: [(said.iri(value, DXO.indicator), said.text(value, DXO.valueText)) for value in values]
        for plan, values in plans.items()
    }
    things.name([*plans, *(iri for pairs in shown.values() for iri, _ in pairs)])
    return [Happening(plan, counts[plan], found) for plan, found in shown.items()]


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
    backlinks=False,
)
