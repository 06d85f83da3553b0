"""The dumps of a release: the whole and each plan edition, in every format, plain and packed; the vocabulary.

A dump whose N-Quads are those of the previous release is taken over from it, when the same code wrote that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dxlod.release.draft import Draft
from dxlod.release.files import reuse_file, write_gzip
from dxlod.release.formats import DATASET_FORMATS, GRAPH_FORMATS
from dxlod.release.jsonld import Context, jsonld
from dxlod.release.manifest import Release
from dxlod.release.progress import Progress
from dxlod.release.rdfxml import rdfxml
from dxlod.release.reuse import Work, digest_of, unaltered
from dxlod.release.terms import Quad, Triple
from dxlod.release.turtle import trig, turtle
from dxlod.settings import SHARED, Settings

__all__ = ["plan_of", "write_dumps", "write_graph"]


@dataclass(frozen=True)
class _Dump:
    """One dump to be: file stem, quads in the order of their lines, the subject to begin with.

    One that is not `packed` is a single graph, in the formats for graphs and nothing else.
    """

    stem: str
    quads: Sequence[Quad]
    first: str = ""
    packed: bool = True

    def triples(self) -> list[Triple]:
        """The union of the named graphs, in the order of the lines."""
        return sorted({Triple(quad.s, quad.p, quad.o) for quad in self.quads}, key=lambda triple: triple.line)

    def plain(self) -> list[str]:
        """Its files within the release, without those that are packed."""
        formats = (*GRAPH_FORMATS, *DATASET_FORMATS) if self.packed else GRAPH_FORMATS
        return [f"{self.stem}.{item.suffix}" for item in formats]

    def names(self) -> list[str]:
        """Its files within the release."""
        return [*self.plain(), *(f"{name}.gz" for name in self.plain() if self.packed)]

    def lines(self) -> Iterator[str]:
        """The lines of the file that tells whether the dump is another: N-Quads, or N-Triples of a single graph."""
        items: Iterable[Quad | Triple] = self.quads if self.packed else self.triples()
        return (f"{item.line}\n" for item in items)


def write_dumps(draft: Draft, context: Context, tell: Progress, work: Work) -> None:
    """Write the dumps of the draft's quads, or take them over."""
    dumps = _dumps(draft)
    for done, dump in enumerate(dumps):
        tell("write", done, len(dumps))
        if _take_over(draft, dump):
            work.reused.append(dump.stem)
        else:
            _write(draft, dump, context)
            work.written.append(dump.stem)
    tell("write", len(dumps), len(dumps))


def write_graph(
    suffix: str, triples: Iterable[Triple], settings: Settings, context: Context, first: str = ""
) -> Iterator[str]:
    """One graph as Turtle, JSON-LD, N-Triples or RDF/XML (`ttl`, `jsonld`, `nt`, `rdf`), in pieces.

    `first` is the subject, an IRI term, that Turtle and JSON-LD begin with.
    """
    if suffix == "ttl":
        return turtle(triples, f"{settings.base}/", first)
    if suffix == "jsonld":
        return jsonld(triples, context, first)
    if suffix == "rdf":
        return rdfxml(triples)
    return (f"{line}\n" for line in sorted(triple.line for triple in triples))


def plan_of(graph: str, settings: Settings) -> str | None:
    """`{code}-{plan}-{edition}` of a plan edition's graph (an IRI term), None for a shared graph."""
    start = f"<{settings.plan_graphs}"
    return graph[len(start) : -1].replace("/", "-") if graph.startswith(start) else None


def _dumps(draft: Draft) -> list[_Dump]:
    by_plan: dict[str, list[Quad]] = {}
    for quad in draft.quads:
        stem = plan_of(quad.g, draft.settings)
        if stem:
            by_plan.setdefault(f"dumps/{stem}", []).append(quad)
    ontology = [quad for quad in draft.quads if quad.g == f"<{SHARED}/graph/ontology>"]
    plans = [_Dump(stem, by_plan[stem]) for stem in sorted(by_plan)]
    return [_Dump("dumps/all", draft.quads), *plans, _Dump("ns", ontology, f"<{SHARED}/ns>", packed=False)]


def _take_over(draft: Draft, dump: _Dump) -> bool:
    """Whether all files of the dump could be had from the previous release."""
    previous = draft.previous
    if (
        previous is None
        or not _same(previous, dump)
        or not all(unaltered(previous, name) for name in dump.names())
    ):
        return False
    for name in dump.names():
        entry = previous.entry(name)
        reuse_file(previous.path / name, draft.folder / name)
        draft.count(name, entry.triples if entry else None)
    return True


def _same(previous: Release, dump: _Dump) -> bool:
    entry = previous.entry(f"{dump.stem}.{'nq' if dump.packed else 'nt'}")
    return entry is not None and entry.sha256 == digest_of(dump.lines())


def _write(draft: Draft, dump: _Dump, context: Context) -> None:
    triples = dump.triples()
    for item in GRAPH_FORMATS:
        pieces = write_graph(item.suffix, triples, draft.settings, context, dump.first)
        draft.write(f"{dump.stem}.{item.suffix}", pieces, len(triples))
    if not dump.packed:
        return
    for item in DATASET_FORMATS:
        pieces = trig(dump.quads, f"{draft.settings.base}/") if item.suffix == "trig" else dump.lines()
        draft.write(f"{dump.stem}.{item.suffix}", pieces, len(dump.quads))
    for name in dump.plain():
        write_gzip(draft.folder / name)
        draft.count(f"{name}.gz", draft.triples[name])
