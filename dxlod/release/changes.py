"""What came, went and changed since the previous publication; what is gone for ever; the list of releases.

A part of every release. Files, all deterministic (dates come from the ledger; `{base}` is `settings.base`):

`changes.json`
    {"version": "2026-10-01-1a2b3c4d",                 this release
     "date": "2026-10-01",                             "" before the first publication
     "published": true,                                false: a build between two publications
     "previous": {"version": "…", "date": "…"},        the publication compared with; null: there is none, and then
                                                       counts are 0 and the lists are empty
     "counts": {"came": 3, "went": 1, "changed": 2},   of subjects
     "summary": {"ja": "取組 3件追加、…", "en": "Initiative: 3 added; …"},
     "kinds": [{"kind": IRI of the class, "ja": "取組", "en": "Initiative", "came": 3, "went": 0, "changed": 1}],
     "datasets": [{"iri": "{base}/id/dataset/212016-dx-action-2025", "slug": "212016-dx-action-2025",
                   "edition": "{base}/id/plan/212016/dx-action/2025", "graph": "{base}/graph/plan/…",
                   "title": {"ja": "…", "en": "…"}, "what": "came" | "went" | "changed" | "same",
                   "counts": {…}, "summary": {…}, "kinds": […]}],        all plan editions, those that went too
     "subjects": [{"iri": "…", "what": "came" | "went" | "changed", "kind": IRI, "label": {"ja": "…", "en": "…"},
                   "datasets": ["212016-dx-action-2025"]}]}               sorted by IRI

`tombstones.json`    everything that a publication had and this release has not, by IRI
    {"version": "…", "date": "…",
     "tombstones": {"{base}/id/plan/…/initiative/9": {
         "kind": IRI of the class, "kind_label": {"ja": "取組", "en": "Initiative"},
         "label": {"ja": "…", "en": "…"},              as last published; "" where it had none
         "last": {"version": "…", "date": "…"},        the last publication that had it
         "absent": {"version": "…", "date": "…"},      the first release that had it no more (this one, if just now)
         "datasets": ["212016-dx-action-2025"],        slugs of the plan editions it was part of
         "files": ["dumps/212016-dx-action-2025.ttl", …],     of a data set that went (kind dcat:Dataset), else []
         "replaced_by": ["…"]}}}                       IRIs, where curated: dcterms:isReplacedBy in the links table

`releases.json`      newest first; publications only
    {"version": "…", "date": "…", "published": true,   of this release
     "releases": [{"version": "…", "date": "…", "triples": 38510, "subjects": 5682, "datasets": 5,
                   "counts": {"came": 0, "went": 0, "changed": 0}, "summary": {"ja": "…", "en": "…"}}]}
    This release is the first of them if it is published, and is not among them otherwise.

`changes.ttl`, `changes.nt`, `tombstones.ttl`, `tombstones.nt`
    The same in RDF: Activity Streams 2.0 (as:Create, as:Update, as:Delete; as:Tombstone) with PROV-O and DCTERMS.

`feed.atom`          publications as Atom (RFC 4287), newest first; see feed.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from dxlod.release.activity import change_triples, tombstone_triples
from dxlod.release.draft import Draft, Part
from dxlod.release.dumps import plan_of
from dxlod.release.feed import Publication, atom
from dxlod.release.subjects import Change, Subjects, Thing, compare, replacements, subjects_of
from dxlod.release.terms import Triple
from dxlod.release.tombstones import Moment, Tombstone, dataset_iri, edition_iri, moment, tombstones
from dxlod.release.turtle import turtle
from dxlod.release.words import FIRST, Names, counts_of, kind_counts, kind_names, name_of, summary
from dxlod.settings import Settings

__all__ = ["changes_part"]

Json = dict[str, object]


@dataclass(frozen=True)
class _State:
    """A release as far as changes go: the one at hand, or a publication."""

    moment: Moment
    triples: int
    subjects: Subjects


def changes_part(title: str, author: str) -> Part:
    """The part that writes them; `title` and `author` are those of the feed."""

    def write(draft: Draft) -> None:
        names, states = kind_names(draft.quads), _states(draft)
        changes = compare(states[-2].subjects, states[-1].subjects) if len(states) > 1 else []
        _write_json(draft, "changes.json", _changes(draft, states, changes, names))
        _write_rdf(draft, "changes", list(change_triples(draft, _before(states), changes, names)))
        gone = tombstones(
            draft.settings, draft.history, draft.version, states[-1].subjects, replacements(draft.quads)
        )
        _write_json(
            draft, "tombstones.json", {"tombstones": {item.iri: _stone(item, names) for item in gone}}
        )
        _write_rdf(draft, "tombstones", list(tombstone_triples(draft, gone, names)))
        publications = _publications(
            draft.settings, states if draft.history.published else states[:-1], names
        )
        _write_json(draft, "releases.json", _releases(draft, publications))
        draft.write("feed.atom", [atom(draft.settings.base, title, author, publications)])

    return write


def _states(draft: Draft) -> list[_State]:
    """All publications, oldest first, and the release at hand."""
    own = _State(
        Moment(draft.version, draft.history.date), draft.triples["dumps/all.nt"], subjects_of(draft.quads)
    )
    return [*(_State(moment(entry), entry.triples, entry.subjects) for entry in draft.history.earlier), own]


def _before(states: Sequence[_State]) -> Moment | None:
    return states[-2].moment if len(states) > 1 else None


def _write_json(draft: Draft, name: str, fields: Json) -> None:
    head = {"version": draft.version, "date": draft.history.date}
    draft.write(name, [json.dumps({**head, **fields}, ensure_ascii=False, indent=1), "\n"])


def _write_rdf(draft: Draft, stem: str, triples: Sequence[Triple]) -> None:
    draft.write(f"{stem}.ttl", turtle(triples, f"{draft.settings.base}/"), len(triples))
    draft.write(f"{stem}.nt", (f"{line}\n" for line in sorted(item.line for item in triples)), len(triples))


def _changes(draft: Draft, states: Sequence[_State], changes: Sequence[Change], names: Names) -> Json:
    previous = _before(states)
    datasets = (
        [] if previous is None else _datasets(draft.settings, states[-2].subjects, states[-1].subjects, names)
    )
    return {
        "published": draft.history.published,
        "previous": asdict(previous) if previous else None,
        **_counted(changes, names, first=previous is None),
        "datasets": datasets,
        "subjects": [_subject(draft.settings, change) for change in changes],
    }


def _counted(changes: Sequence[Change], names: Names, first: bool = False) -> Json:
    kinds = kind_counts(changes, names)
    return {
        "counts": counts_of(changes)._asdict(),
        "summary": (FIRST if first else summary(kinds))._asdict(),
        "kinds": [{"kind": item.kind, **item.name._asdict(), **item.counts._asdict()} for item in kinds],
    }


def _datasets(settings: Settings, before: Subjects, now: Subjects, names: Names) -> list[Json]:
    """What became of each plan edition, those that went too."""
    was, present = (_by_plan(settings, subjects) for subjects in (before, now))
    return [
        _dataset(settings, graph, was.get(graph, {}), present.get(graph, {}), names)
        for graph in sorted({*was, *present})
    ]


def _by_plan(settings: Settings, subjects: Subjects) -> dict[str, dict[tuple[str, str], Thing]]:
    plans: dict[str, dict[tuple[str, str], Thing]] = {}
    for (graph, iri), thing in subjects.items():
        if graph.startswith(settings.plan_graphs):
            plans.setdefault(graph, {})[graph, iri] = thing
    return plans


def _dataset(settings: Settings, graph: str, before: Subjects, now: Subjects, names: Names) -> Json:
    edition = edition_iri(settings, graph)
    thing = now.get((graph, edition)) or before.get((graph, edition))
    changes = compare(before, now)
    return {
        "iri": dataset_iri(settings, graph),
        "slug": plan_of(f"<{graph}>", settings),
        "edition": edition,
        "graph": graph,
        "title": {"ja": thing.ja, "en": thing.en} if thing else {"ja": "", "en": ""},
        "what": "came" if not before else "went" if not now else "changed" if changes else "same",
        **_counted(changes, names),
    }


def _subject(settings: Settings, change: Change) -> Json:
    slugs = (plan_of(f"<{graph}>", settings) for graph in change.graphs)
    return {
        "iri": change.iri,
        "what": change.what,
        "kind": change.thing.kind,
        "label": {"ja": change.thing.ja, "en": change.thing.en},
        "datasets": [slug for slug in slugs if slug],
    }


def _stone(stone: Tombstone, names: Names) -> Json:
    return {
        "kind": stone.thing.kind,
        "kind_label": name_of(stone.thing.kind, names)._asdict(),
        "label": {"ja": stone.thing.ja, "en": stone.thing.en},
        "last": asdict(stone.last),
        "absent": asdict(stone.absent),
        "datasets": stone.datasets,
        "files": stone.files,
        "replaced_by": stone.replaced_by,
    }


def _publications(settings: Settings, states: Sequence[_State], names: Names) -> list[Publication]:
    """Newest first, each compared with the one before it."""
    found: list[Publication] = []
    for at, state in enumerate(states):
        changes = compare(states[at - 1].subjects, state.subjects) if at else []
        text = summary(kind_counts(changes, names)) if at else FIRST
        subjects = len({iri for _, iri in state.subjects})
        plans = len(_by_plan(settings, state.subjects))
        found.append(Publication(state.moment, state.triples, subjects, plans, counts_of(changes), text))
    return found[::-1]


def _releases(draft: Draft, publications: Sequence[Publication]) -> Json:
    rows = [
        {
            **asdict(item.moment),
            "triples": item.triples,
            "subjects": item.subjects,
            "datasets": item.datasets,
            "counts": item.counts._asdict(),
            "summary": item.summary._asdict(),
        }
        for item in publications
    ]
    return {"published": draft.history.published, "releases": rows}
