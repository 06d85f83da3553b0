"""What publications had and a release has not: for ever listed, so that nothing vanishes without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dxlod.release.dumps import plan_of
from dxlod.release.ledger import Entry, History
from dxlod.release.subjects import Subjects, Thing
from dxlod.settings import Settings

__all__ = ["DATASET", "Moment", "Tombstone", "dataset_iri", "edition_iri", "moment", "tombstones"]

DATASET = "http://www.w3.org/ns/dcat#Dataset"


@dataclass(frozen=True)
class Moment:
    """A release: its version and date."""

    version: str
    date: str


@dataclass(frozen=True)
class Tombstone:
    """A thing that is gone: what it was, when a publication last had it, when a release first had not.

    `datasets` are slugs of the plan editions it was part of, `files` those of a data set that went, `replaced_by` IRIs.
    """

    iri: str
    thing: Thing
    last: Moment
    absent: Moment
    datasets: tuple[str, ...]
    files: tuple[str, ...]
    replaced_by: tuple[str, ...]


def tombstones(
    settings: Settings, history: History, version: str, now: Subjects, replaced: Mapping[str, Sequence[str]]
) -> list[Tombstone]:
    """Everything that an earlier publication had and `now`, which is release `version`, has not; sorted by IRI."""
    present = {iri for _, iri in now} | {
        dataset_iri(settings, graph) for graph in _plan_graphs(settings, now)
    }
    after = [*map(moment, history.earlier[1:]), Moment(version, history.date)]
    stones: dict[str, Tombstone] = {}
    for entry, absent in zip(history.earlier, after, strict=False):
        for iri, (thing, graphs, files) in {**_subjects(entry), **_datasets(settings, entry)}.items():
            if iri not in present:
                slugs = sorted(slug for graph in graphs if (slug := plan_of(f"<{graph}>", settings)))
                others = tuple(replaced.get(iri, ()))
                stones[iri] = Tombstone(iri, thing, moment(entry), absent, tuple(slugs), files, others)
    return [stones[iri] for iri in sorted(stones)]


def moment(entry: Entry) -> Moment:
    """The version and date of a publication."""
    return Moment(entry.version, entry.date)


def dataset_iri(settings: Settings, graph: str) -> str:
    """IRI of the data set that a plan edition's graph is in the catalogue."""
    return f"{settings.base}/id/dataset/{plan_of(f'<{graph}>', settings)}"


def edition_iri(settings: Settings, graph: str) -> str:
    """IRI of the plan edition that has a graph of its own."""
    return f"{settings.base}/id/plan/{graph.removeprefix(settings.plan_graphs)}"


_Gone = tuple[Thing, tuple[str, ...], tuple[str, ...]]


def _subjects(entry: Entry) -> dict[str, _Gone]:
    found: dict[str, _Gone] = {}
    for (graph, iri), thing in entry.subjects.items():
        graphs = (*found[iri][1], graph) if iri in found else (graph,)
        found[iri] = (thing, graphs, ())
    return found


def _datasets(settings: Settings, entry: Entry) -> dict[str, _Gone]:
    """The data sets, which go by the title of the edition."""
    found: dict[str, _Gone] = {}
    for graph in _plan_graphs(settings, entry.subjects):
        slug = plan_of(f"<{graph}>", settings)
        edition = entry.subjects.get((graph, edition_iri(settings, graph)), Thing("", "", "", ""))
        files = (path for path in entry.files if path.startswith((f"dumps/{slug}.", f"dumps/csv/{slug}/")))
        thing = Thing("", DATASET, edition.ja or f"{slug}", edition.en)
        found[dataset_iri(settings, graph)] = (thing, (graph,), tuple(sorted(files)))
    return found


def _plan_graphs(settings: Settings, subjects: Subjects) -> Iterator[str]:
    return iter(sorted({graph for graph, _ in subjects if graph.startswith(settings.plan_graphs)}))
