"""Building a release: sort, validate, write aside, prove, rename, flip.

Killed at any instant, the release that `current` points at is whole and stays; the next build starts clean.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dxlod import __version__
from dxlod.errors import ReleaseError
from dxlod.release.draft import Draft, Part
from dxlod.release.files import building, flip, install, write_gzip, write_text
from dxlod.release.formats import DATASET_FORMATS, GRAPH_FORMATS
from dxlod.release.jsonld import Context, jsonld, load_context
from dxlod.release.ledger import History, read_ledger
from dxlod.release.manifest import (
    MANIFEST,
    Manifest,
    Release,
    open_release,
    sha256_of,
    verify,
    write_manifest,
)
from dxlod.release.rdfxml import rdfxml
from dxlod.release.reference import graph_of, reference_files, reference_quads
from dxlod.release.report import Locate, Location, Place, non_conforming, report_json, report_triples
from dxlod.release.terms import Quad, Triple, parse_quads
from dxlod.release.turtle import trig, turtle
from dxlod.settings import SHARED, Settings
from dxlod.validation import Result, Severity, load_shapes, validate_parts

__all__ = ["Progress", "build_release", "code_digest", "release_version", "write_graph"]

UNPUBLISHED = "unpublished"
_BUILDING_CODE = ("mapping", "model", "release", "table", "validation")


class Progress(Protocol):
    """Called with a stage (`map`, `validate`, `write`, `install`), how much is done, and of how much (or None)."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


@dataclass(frozen=True)
class _Dump:
    """One dump to be: file stem, quads in the order of their lines, the subject to begin with."""

    stem: str
    quads: Sequence[Quad]
    first: str = ""

    def triples(self) -> list[Triple]:
        """The union of the named graphs, in the order of the lines."""
        return sorted({Triple(quad.s, quad.p, quad.o) for quad in self.quads}, key=lambda triple: triple.line)


def build_release(
    settings: Settings,
    quads: Iterable[str],
    inputs: Mapping[str, str],
    locate: Locate,
    progress: Progress | None = None,
    parts: Sequence[Part] = (),
) -> Release:
    """Build the release of these N-Quads lines and the reference data, and make it the current one.

    `inputs` gives the SHA-256 in hex of everything the lines were made from, by name; ontology, context and shapes
    are added here, and each of `parts` adds its files in turn. When the same inputs made a release already and it is whole, `quads` is not read and that release
    becomes current. NonConformingError when a shape is violated; ReleaseError for anything else.
    """
    tell: Progress = progress or _silent
    every = _all_inputs(settings, inputs)
    version = release_version(settings, every)
    with building(settings.releases) as folder:
        ready = _existing(settings, version)
        if ready is None:
            _write_release(settings, folder, quads, every, version, locate, tell, parts)
            tell("install", 0, 1)
            install(folder, settings.releases / version)
            ready = open_release(settings, version)
        flip(settings.releases, version)
        tell("install", 1, 1)
    return ready


def release_version(settings: Settings, inputs: Mapping[str, str]) -> str:
    """`<date>-<8 hex>`: the date of the ledger's last entry (`unpublished` before the first), digest of the inputs."""
    text = json.dumps({"base": settings.base, "inputs": dict(sorted(inputs.items())), "tool": __version__})
    date = max((entry.date for entry in read_ledger(settings.ledger)), default=UNPUBLISHED)
    return f"{date}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def code_digest() -> str:
    """SHA-256 over the source of those parts of the package that decide a release's bytes."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for name in _BUILDING_CODE:
        for path in sorted((package / name).rglob("*.py")):
            digest.update(f"{path.relative_to(package).as_posix()} {sha256_of(path)}\n".encode())
    return digest.hexdigest()


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


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress nobody watches."""


def _all_inputs(settings: Settings, inputs: Mapping[str, str]) -> dict[str, str]:
    files = [*reference_files(settings.ontology), *sorted(settings.shapes.glob("*.ttl"))]
    context = settings.ontology / "context.jsonld"
    files += [context] if context.is_file() else []
    own = {path.relative_to(settings.home).as_posix(): sha256_of(path) for path in files}
    return dict(sorted({**inputs, **own, "dxlod": code_digest()}.items()))


def _existing(settings: Settings, version: str) -> Release | None:
    try:
        release = open_release(settings, version)
    except ReleaseError:
        return None
    return None if verify(release) else release


def _write_release(
    settings: Settings,
    folder: Path,
    lines: Iterable[str],
    inputs: Mapping[str, str],
    version: str,
    locate: Locate,
    tell: Progress,
    parts: Sequence[Part],
) -> None:
    quads = _collect(settings, lines, tell)
    results = _validate(settings, quads, tell)
    grave = [item for item in results if item.severity is Severity.VIOLATION]
    if grave:
        raise non_conforming(
            grave, lambda *found: locate(*found) or _reference_place(found[0], quads, settings)
        )
    entries = read_ledger(settings.ledger)
    history = History(entries[-1].date if entries else "", entries)
    draft = Draft(settings, folder, version, history, quads, results)
    draft.triples |= _write_dumps(settings, folder, quads, tell)
    report = list(report_triples(results, f"{settings.base}/releases/{version}/report.ttl"))
    draft.write("report.ttl", turtle(report, f"{settings.base}/"), len(report))
    draft.write("report.json", [report_json(results)])
    for part in parts:
        part(draft)
    manifest = Manifest(
        version=version,
        tool=f"dxlod {__version__}",
        base=settings.base,
        inputs=inputs,
        graphs={name[1:-1]: count for name, count in sorted(Counter(quad.g for quad in quads).items())},
        triples=draft.triples["dumps/all.nt"],
        files=draft.entries(),
    )
    write_text(folder / MANIFEST, [write_manifest(manifest)])


def _collect(settings: Settings, lines: Iterable[str], tell: Progress) -> list[Quad]:
    """All quads, each once, in the order of their lines."""
    tell("map", 0, None)
    quads = set(parse_quads(lines))
    for path in reference_files(settings.ontology):
        quads.update(reference_quads(path))
    if not quads:
        raise ReleaseError("公開するデータがありません。", "There is nothing to release.")
    tell("map", len(quads), len(quads))
    return sorted(quads, key=lambda quad: quad.line)


def _validate(settings: Settings, quads: Sequence[Quad], tell: Progress) -> tuple[Result, ...]:
    """Results of all plans. No shape needs two plans at once, so each is judged with what is shared."""
    shapes = load_shapes(sorted(settings.shapes.glob("*.ttl")))
    plans: dict[str, list[str]] = {}
    shared: list[str] = []
    for quad in quads:
        line = f"{quad.s} {quad.p} {quad.o} ."
        (plans.setdefault(quad.g, []) if _plan_of(quad.g, settings) else shared).append(line)
    parts = [plans[name] for name in sorted(plans)] or [[]]
    tell("validate", 0, len(parts))
    return validate_parts(
        parts, shared, shapes, settings.validator, lambda done: tell("validate", done, len(parts))
    )


def _reference_place(focus: str, quads: Iterable[Quad], settings: Settings) -> Place | None:
    """The reference file that speaks of a thing which no table made."""
    graphs = {quad.g[1:-1] for quad in quads if quad.s == f"<{focus}>"}
    files = [path for path in reference_files(settings.ontology) if graph_of(path) in graphs]
    return Location(files[0].relative_to(settings.home).as_posix()) if files else None


def _plan_of(graph: str, settings: Settings) -> str | None:
    """`{code}-{plan}-{edition}` of a plan edition's graph, None for a shared graph."""
    start = f"<{settings.plan_graphs}"
    return graph[len(start) : -1].replace("/", "-") if graph.startswith(start) else None


def _write_dumps(settings: Settings, folder: Path, quads: Sequence[Quad], tell: Progress) -> dict[str, int]:
    context = load_context(settings.ontology / "context.jsonld")
    dumps = [_Dump("dumps/all", quads)]
    by_plan: dict[str, list[Quad]] = {}
    for quad in quads:
        stem = _plan_of(quad.g, settings)
        if stem:
            by_plan.setdefault(f"dumps/{stem}", []).append(quad)
    dumps += [_Dump(stem, by_plan[stem]) for stem in sorted(by_plan)]
    ontology = [quad for quad in quads if quad.g == f"<{SHARED}/graph/ontology>"]
    counts: dict[str, int] = {}
    total = len(dumps) + 1
    for done, dump in enumerate(dumps):
        tell("write", done, total)
        counts |= _write_dump(settings, folder, dump, context)
    tell("write", len(dumps), total)
    counts |= _write_graphs(settings, folder, _Dump("ns", ontology, f"<{SHARED}/ns>"), context)
    tell("write", total, total)
    return counts


def _write_dump(settings: Settings, folder: Path, dump: _Dump, context: Context) -> dict[str, int]:
    counts = _write_graphs(settings, folder, dump, context)
    for item in DATASET_FORMATS:
        name = f"{dump.stem}.{item.suffix}"
        lines = (f"{quad.line}\n" for quad in dump.quads)
        write_text(folder / name, trig(dump.quads, f"{settings.base}/") if item.suffix == "trig" else lines)
        counts[name] = len(dump.quads)
    for name in list(counts):
        packed = write_gzip(folder / name)
        counts[packed.relative_to(folder).as_posix()] = counts[name]
    return counts


def _write_graphs(settings: Settings, folder: Path, dump: _Dump, context: Context) -> dict[str, int]:
    triples = dump.triples()
    for item in GRAPH_FORMATS:
        pieces = write_graph(item.suffix, triples, settings, context, dump.first)
        write_text(folder / f"{dump.stem}.{item.suffix}", pieces)
    return {f"{dump.stem}.{item.suffix}": len(triples) for item in GRAPH_FORMATS}
