"""A release cut into its named graphs, each as N-Triples in a file of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from dxlod.errors import ReleaseError
from dxlod.release import Release

__all__ = ["GraphPart", "cut"]

_FLUSH = 16 << 20


@dataclass(frozen=True)
class GraphPart:
    """One named graph: its IRI, where its triples lie, SHA-256 of that file in hex, how many there are."""

    iri: str
    path: Path
    sha256: str
    triples: int

    def batches(self, size: int) -> Iterator[list[str]]:
        """The triples, one a line, `size` at a time."""
        with self.path.open(encoding="utf-8", newline="\n") as lines:
            while batch := list(islice(lines, size)):
                yield batch


@contextmanager
def cut(release: Release) -> Iterator[tuple[GraphPart, ...]]:
    """The graphs of a release in the order of its manifest; their files are gone afterwards.

    ReleaseError where the dump is not what the manifest says. Memory does not grow with the release.
    """
    with TemporaryDirectory(prefix="dxlod-push-") as folder:
        yield _cut(release, Path(folder))


def _cut(release: Release, folder: Path) -> tuple[GraphPart, ...]:
    paths = {iri: folder / f"{nth}.nt" for nth, iri in enumerate(release.manifest.graphs)}
    held: dict[str, list[str]] = {iri: [] for iri in paths}
    for path in paths.values():
        path.touch()
    size = 0
    with release.quads.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            # `<subject> <predicate> object <graph> .`: no graph name has a space.
            triple, _, graph = line.rstrip("\n").removesuffix(" .").rpartition(" ")
            if graph[1:-1] not in held:
                raise _not_as_stated(release)
            held[graph[1:-1]].append(f"{triple} .\n")
            size += len(line)
            if size > _FLUSH:
                _flush(held, paths)
                size = 0
    _flush(held, paths)
    parts = tuple(_part(iri, path) for iri, path in paths.items())
    if {part.iri: part.triples for part in parts} != dict(release.manifest.graphs):
        raise _not_as_stated(release)
    return parts


def _flush(held: dict[str, list[str]], paths: dict[str, Path]) -> None:
    for iri, lines in ((iri, lines) for iri, lines in held.items() if lines):
        with paths[iri].open("a", encoding="utf-8", newline="\n") as out:
            out.writelines(lines)
        lines.clear()


def _part(iri: str, path: Path) -> GraphPart:
    digest, count = hashlib.sha256(), 0
    with path.open("rb") as lines:
        for line in lines:
            digest.update(line)
            count += 1
    return GraphPart(iri, path, digest.hexdigest(), count)


def _not_as_stated(release: Release) -> ReleaseError:
    return ReleaseError(
        f"リリース {release.version} の dumps/all.nq が目録と合いません。",
        f"dumps/all.nq of release {release.version} is not what its manifest says.",
        mend_ja="dxlod verify で確かめ、dxlod build で作り直してください。",
        mend_en="Look with dxlod verify, and build it again with dxlod build.",
    )
