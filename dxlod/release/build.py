"""Building a release: sort, validate, write aside, prove, rename, flip.

Killed at any instant, the release that `current` points at is whole and stays; the next build starts clean.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date as calendar
from pathlib import Path

from dxlod import __version__
from dxlod.errors import ReleaseError
from dxlod.release.draft import Draft, Part
from dxlod.release.dumps import write_dumps, write_graph
from dxlod.release.files import alone, building, discard, flip, install, mend, write_text
from dxlod.release.jsonld import load_context
from dxlod.release.judging import judge
from dxlod.release.ledger import Entry, History, read_ledger, write_entry
from dxlod.release.manifest import (
    MANIFEST,
    VERSION,
    Manifest,
    Release,
    open_current,
    open_release,
    sha256_of,
    write_manifest,
)
from dxlod.release.progress import Progress, silent
from dxlod.release.reference import graph_of, reference_files, reference_quads
from dxlod.release.report import Locate, Location, Place, non_conforming, report_json, report_triples
from dxlod.release.reuse import Cache, Work, is_whole
from dxlod.release.subjects import subjects_of
from dxlod.release.terms import Quad, parse_quads
from dxlod.release.turtle import turtle
from dxlod.settings import Settings
from dxlod.validation import Result, Severity

__all__ = ["Progress", "build_release", "code_digest", "release_version", "write_graph"]

UNPUBLISHED = "unpublished"
_BUILDING_CODE = (
    "catalog",
    "mapping",
    "model",
    "release",
    "table",
    "validation",
    "namespaces.py",
    "pipeline.py",
)
_TOOL = f"dxlod {__version__}"


@dataclass(frozen=True)
class _Job:
    """One build: what it is of, and who is told."""

    settings: Settings
    inputs: Mapping[str, str]
    version: str
    history: History
    locate: Locate
    parts: Sequence[Part]
    tell: Progress
    cache: Cache
    work: Work


def build_release(
    settings: Settings,
    quads: Iterable[str],
    inputs: Mapping[str, str],
    locate: Locate,
    progress: Progress | None = None,
    parts: Sequence[Part] = (),
    *,
    publish: str = "",
    cache: Cache | None = None,
    work: Work | None = None,
) -> Release:
    """Build the release of these N-Quads lines and the reference data, and make it the current one.

    `inputs` gives the SHA-256 in hex of everything the lines were made from, by name; ontology, context and shapes
    are added here, and each of `parts` adds its files in turn. When the same inputs made a release already and it is
    whole, `quads` is not read and that release becomes current. `publish` is the date (YYYY-MM-DD) under which the
    release is added to the ledger; what the ledger's last publication was made from is not published again. `cache` may
    be shared with who makes the lines; `work` is filled in with what was done. NonConformingError when a shape is violated; ReleaseError for anything else.
    """
    tell, work, cache = progress or silent, work or Work(), cache or Cache(settings.releases)
    every = _all_inputs(settings, inputs)
    with building(settings.releases) as folder, alone(settings.ledger) if publish else nullcontext():
        ledger = read_ledger(settings.ledger, settings.base)
        version, history = _next(settings, every, ledger, publish)
        job = _Job(settings, every, version, history, locate, parts, tell, cache, work)
        ready = _existing(job) or _made(job, folder, quads)
        if history.published:
            _record(job, ready, ledger)
        flip(settings.releases, version)
        _clear_up(job)
        tell("install", 1, 1)
    return ready


def release_version(settings: Settings, inputs: Mapping[str, str], publish: str = "") -> str:
    """`<date>-<8 hex>`: date of the publication or of the ledger's last (`unpublished` before the first); digest.

    The digest is of the inputs, of whether it is a publication, and of the ledger before it.
    """
    return _next(settings, inputs, read_ledger(settings.ledger, settings.base), publish)[0]


def code_digest() -> str:
    """SHA-256 over the source of those parts of the package that decide a release's bytes."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for name in _BUILDING_CODE:
        found = [package / name] if name.endswith(".py") else sorted((package / name).rglob("*"))
        for path in found:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(package).as_posix()} {sha256_of(path)}\n".encode())
    return digest.hexdigest()


def _next(
    settings: Settings, inputs: Mapping[str, str], ledger: tuple[Entry, ...], publish: str
) -> tuple[str, History]:
    """The version to build and the history it is built with; ReleaseError for a date that cannot be."""
    if publish:
        _check_date(publish, ledger[-1].date if ledger else "")
    if ledger:
        last = History(ledger[-1].date, ledger[:-1], published=True)
        version = _version(settings, inputs, last)
        if version == ledger[-1].version:
            return version, last
    date = ledger[-1].date if ledger else ""
    history = History(publish or date, ledger, published=bool(publish))
    return _version(settings, inputs, history), history


def _version(settings: Settings, inputs: Mapping[str, str], history: History) -> str:
    fields = {
        "base": settings.base,
        "inputs": dict(sorted(inputs.items())),
        "tool": __version__,
        "earlier": [entry.digest for entry in history.earlier],
        "published": history.published,
    }
    digest = hashlib.sha256(json.dumps(fields).encode()).hexdigest()
    return f"{history.date or UNPUBLISHED}-{digest[:8]}"


def _check_date(publish: str, last: str) -> None:
    try:
        sound = calendar.fromisoformat(publish).isoformat() == publish
    except ValueError:
        sound = False
    if not sound:
        raise ReleaseError(
            f"公開日「{publish}」は日付ではありません。",
            f"{publish!r} is no date to publish under.",
            mend_ja="2026-10-01 のように書いてください。",
            mend_en="Write it like 2026-10-01.",
        )
    if publish < last:
        raise ReleaseError(
            f"公開日 {publish} は、前回の公開日 {last} より前です。",
            f"The date {publish} is before that of the last publication, {last}.",
            mend_ja=f"{last} 以降の日付にしてください。",
            mend_en=f"Give {last} or a later date.",
        )


def _all_inputs(settings: Settings, inputs: Mapping[str, str]) -> dict[str, str]:
    files = [*reference_files(settings.ontology), *sorted(settings.shapes.glob("*.ttl"))]
    context = settings.ontology / "context.jsonld"
    files += [context] if context.is_file() else []
    own = {path.relative_to(settings.home).as_posix(): sha256_of(path) for path in files}
    return dict(sorted({**inputs, **own, "dxlod": code_digest()}.items()))


def _existing(job: _Job) -> Release | None:
    """The release, if it is there and whole."""
    try:
        release = open_release(job.settings, job.version)
    except ReleaseError:
        return None
    return release if is_whole(release, job.cache) else None


def _made(job: _Job, folder: Path, lines: Iterable[str]) -> Release:
    """Write the release aside and bring it to its place, a damaged one of that version notwithstanding."""
    _write_release(job, folder, lines)
    job.tell("install", 0, 1)
    target = job.settings.releases / job.version
    if target.is_symlink() or not target.is_dir():
        target.unlink(missing_ok=True)
        install(folder, target)
    else:
        mend(folder, target)
    return open_release(job.settings, job.version)


def _write_release(job: _Job, folder: Path, lines: Iterable[str]) -> None:
    settings = job.settings
    quads = _collect(settings, lines, job.tell)
    results = judge(settings, quads, job.inputs["dxlod"], job.cache, job.tell, job.work)
    grave = [item for item in results if item.severity is Severity.VIOLATION]
    if grave:
        raise non_conforming(grave, _locator(job, quads))
    draft = Draft(settings, folder, job.version, job.history, quads, results, previous=_previous(job))
    write_dumps(draft, load_context(settings.ontology / "context.jsonld"), job.tell, job.work)
    _write_report(draft, results)
    for part in job.parts:
        part(draft)
    manifest = Manifest(
        version=job.version,
        tool=_TOOL,
        base=settings.base,
        inputs=job.inputs,
        graphs={name[1:-1]: count for name, count in sorted(Counter(quad.g for quad in quads).items())},
        triples=draft.triples["dumps/all.nt"],
        files=draft.entries(),
    )
    write_text(folder / MANIFEST, [write_manifest(manifest)])


def _write_report(draft: Draft, results: Sequence[Result]) -> None:
    base = draft.settings.base
    report = list(report_triples(results, f"{base}/releases/{draft.version}/report.ttl"))
    draft.write("report.ttl", turtle(report, f"{base}/"), len(report))
    draft.write("report.json", [report_json(results)])


def _previous(job: _Job) -> Release | None:
    """The current release, if the same code and context wrote it for the same base."""
    try:
        release = open_current(job.settings)
    except ReleaseError:
        return None
    made = release.manifest
    same = (made.inputs.get(name) == job.inputs.get(name) for name in ("dxlod", "ontology/context.jsonld"))
    return release if all(same) and (made.tool, made.base) == (_TOOL, job.settings.base) else None


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


def _locator(job: _Job, quads: Sequence[Quad]) -> Locate:
    return lambda *found: job.locate(*found) or _reference_place(found[0], quads, job.settings)


def _reference_place(focus: str, quads: Iterable[Quad], settings: Settings) -> Place | None:
    """The reference file that speaks of a thing which no table made."""
    graphs = {quad.g[1:-1] for quad in quads if quad.s == f"<{focus}>"}
    files = [path for path in reference_files(settings.ontology) if graph_of(path) in graphs]
    return Location(files[0].relative_to(settings.home).as_posix()) if files else None


def _record(job: _Job, release: Release, ledger: Sequence[Entry]) -> None:
    """Add a publication to the ledger; of one that is there already, see whether it is what was published.

    The folder is there before the entry and the entry before `current` points to it, so that a build killed in
    between only has to be repeated.
    """
    files = {entry.path: entry.sha256 for entry in release.manifest.files}
    if ledger and ledger[-1].version == job.version:
        known = ledger[-1].files
        job.work.differing += sorted(path for path in {*files, *known} if files.get(path) != known.get(path))
        return
    with release.quads.open(encoding="utf-8") as lines:
        subjects = subjects_of(parse_quads(lines))
    entry = Entry(job.version, job.history.date, files, subjects, job.settings.base, release.manifest.triples)
    write_entry(job.settings.ledger, entry, ledger[-1] if ledger else None)
    job.work.published = True


def _clear_up(job: _Job) -> None:
    """Drop the oldest builds that were never published, as far as nobody is using them, and what the cache has left."""
    keep, releases = job.settings.keep_releases, job.settings.releases
    published = {path.stem for path in job.settings.ledger.glob("*.json")} | {job.version}
    builds = [
        path for path in releases.iterdir() if VERSION.fullmatch(path.name) and path.name not in published
    ]
    latest = sorted(builds, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in latest[keep - 1 :] if keep > 0 else ():
        if discard(path):
            job.work.discarded.append(path.name)
    job.cache.tidy()
