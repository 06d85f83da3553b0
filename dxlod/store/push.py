"""Bringing a store elsewhere to a release, graph by graph.

Only graphs that differ are sent, told by SHA-256 and by number of triples, so that a push that was broken off goes on
where it was, and one that is repeated sends nothing. What is there and not ours is neither read nor changed: only
graphs of the release, those that an earlier push has put there, and the record (record.py) are written to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from dxlod.errors import RemoteStoreError
from dxlod.release import Release
from dxlod.store.base import Rows
from dxlod.store.parts import GraphPart, cut
from dxlod.store.record import (
    Record,
    digest_line,
    others_query,
    read_others,
    read_record,
    record_iri,
    record_query,
)
from dxlod.store.target import Places, Writer, ask_rows, writers
from dxlod.store.web import Web

__all__ = ["Notice", "Plan", "Report", "push", "release_digest"]

_COUNTED_AT_ONCE = 50

Notice = Callable[[str, str, int, int], None]
"""Told of each graph: `send`, `drop` or `count`, its IRI, which one of how many."""


@dataclass(frozen=True)
class Plan:
    """What a push has to do: graphs to send, to leave as they are, to drop; `whole` when even the record is right."""

    send: tuple[GraphPart, ...]
    keep: tuple[GraphPart, ...]
    drop: tuple[str, ...]
    whole: bool

    @property
    def done(self) -> bool:
        """Whether there is nothing to do."""
        return self.whole and not self.send and not self.drop


@dataclass(frozen=True)
class Report:
    """What a push has done. `wrong`: graphs whose number of triples is not as it should be, (stated, found)."""

    plan: Plan
    method: str = ""
    wrong: dict[str, tuple[int, int]] = field(default_factory=dict)


def release_digest(release: Release) -> str:
    """SHA-256 of all quads of a release: equal for releases with the same data."""
    entry = release.entry("dumps/all.nq")
    return entry.sha256 if entry else ""


def push(
    release: Release,
    web: Web,
    places: Places,
    *,
    method: str = "auto",
    batch: int = 0,
    dry_run: bool = False,
    notice: Notice = lambda *_: None,
) -> Report:
    """Bring the store to this release. RemoteStoreError when it cannot be; what has been sent stays sent.

    `method` is gsp, update or auto; `batch` is the most triples in one request (0: what the method can bear). With
    `dry_run` nothing is written.
    """
    with cut(release) as parts:
        store = _Store(release, web, places)
        plan = store.compare(parts)
        if dry_run or plan.done:
            return Report(plan)
        writer = store.begin(plan, method)
        _carry_out(store, writer, plan, batch or writer.batch, notice)
        notice("count", "", len(plan.send), len(plan.send))
        wrong = store.wrong(plan.send)
        store.finish(writer, parts, wrong)
        return Report(plan, writer.name, wrong)


def _carry_out(store: _Store, writer: Writer, plan: Plan, batch: int, notice: Notice) -> None:
    for nth, graph in enumerate(plan.drop, 1):
        notice("drop", graph, nth, len(plan.drop))
        writer.drop(graph)
    for nth, part in enumerate(plan.send, 1):
        notice("send", part.iri, nth, len(plan.send))
        writer.replace(part.iri, part.batches(batch))
        writer.add(store.iri, [digest_line(part.iri, part.sha256)])


class _Store:
    """A store elsewhere, as far as one release is concerned."""

    def __init__(self, release: Release, web: Web, places: Places) -> None:
        self._release = release
        self._web = web
        self._places = places
        self.iri = record_iri(release.manifest.base)

    def compare(self, parts: Sequence[GraphPart]) -> Plan:
        """What to do so that the store holds these graphs."""
        known = read_record(self.iri, self._rows(record_query(self.iri)))
        others = read_others(self._rows(others_query(self.iri)))
        same = [part for part in parts if self._is_there(part, known, others)]
        damaged = self.wrong(same)
        keep = tuple(part for part in same if part.iri not in damaged)
        names = {part.iri for part in parts}
        return Plan(
            tuple(part for part in parts if part not in keep),
            keep,
            tuple(sorted(graph for graph in known.graphs if graph not in names and graph not in others)),
            (known.sha256, known.version) == (release_digest(self._release), self._release.version),
        )

    def begin(self, plan: Plan, method: str) -> Writer:
        """The first way to write that works, tried by noting down what is ours and what of it is whole."""
        start = Record(self.iri, dict.fromkeys(plan.drop, ""))
        start.graphs.update({part.iri: "" for part in plan.send})
        start.graphs.update({part.iri: part.sha256 for part in plan.keep})
        faults: list[RemoteStoreError] = []
        for writer in writers(self._web, self._places, method):
            try:
                writer.replace(self.iri, [list(start.lines())])
                return writer
            except RemoteStoreError as error:
                faults.append(error)
        if not faults:
            raise RemoteStoreError(
                "書き込む方法がありません。", f"No way to write is known for --method {method}."
            )
        # Where one service lets us not in and the others are not there, the former is the reason.
        raise next((fault for fault in faults if "let us in" in fault.en), faults[0])

    def finish(self, writer: Writer, parts: Sequence[GraphPart], wrong: dict[str, tuple[int, int]]) -> None:
        """Note down what the store holds now; the release only if all of it."""
        record = Record(self.iri, {part.iri: "" if part.iri in wrong else part.sha256 for part in parts})
        if not wrong:
            record = replace(record, sha256=release_digest(self._release), version=self._release.version)
        writer.replace(self.iri, [list(record.lines())])

    def wrong(self, parts: Sequence[GraphPart]) -> dict[str, tuple[int, int]]:
        """Graphs that do not have as many triples as they should."""
        found = dict(self._counts([part.iri for part in parts]))
        return {
            part.iri: (part.triples, found.get(part.iri, 0))
            for part in parts
            if found.get(part.iri, 0) != part.triples
        }

    def _is_there(self, part: GraphPart, known: Record, others: dict[str, set[str]]) -> bool:
        """Whether the record says so, and nobody else has sent another graph of the same name."""
        return known.graphs.get(part.iri) == part.sha256 and others.get(part.iri, set()) <= {part.sha256}

    def _counts(self, graphs: Sequence[str]) -> Iterator[tuple[str, int]]:
        rest = iter(graphs)
        while some := list(islice(rest, _COUNTED_AT_ONCE)):
            names = " ".join(f"<{graph}>" for graph in some)
            query = (
                f"SELECT ?graph (COUNT(*) AS ?n) WHERE {{ VALUES ?graph {{ {names} }} "
                "GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
            )
            for graph, count in self._rows(query).rows:
                if graph is not None and count is not None:
                    yield graph.text, int(count.text)

    def _rows(self, query: str) -> Rows:
        return ask_rows(self._web, self._places.query, query)
