"""What need not be made again: a cache beside the releases, and the files of the previous release.

The cache only saves time: it may be deleted at any moment, and an entry that is damaged counts as missing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dxlod.release.files import replace_text
from dxlod.release.manifest import Release, sha256_of, verify

__all__ = ["Cache", "Work", "digest_of", "is_whole", "unaltered"]

_SPARE = 4
_FEWEST = 64


def digest_of(pieces: Iterable[str]) -> str:
    """SHA-256, in hex, over texts one after the other."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece.encode())
    return digest.hexdigest()


@dataclass
class Work:
    """What a build did: the bodies mapped, the plan editions validated, the dumps written and those taken over.

    `differing` are the files of a publication, built again, that are not the ledger's. `published`: the ledger has a
    new entry.
    """

    mapped: list[str] = field(default_factory=list)
    validated: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    published: bool = False


class Cache:
    """Texts by what they were made from, each in a file that starts with its own SHA-256."""

    def __init__(self, releases: Path) -> None:
        self._folder = releases / ".cache"
        self._used: set[Path] = set()

    def get(self, kind: str, key: str) -> str | None:
        """The text kept under this key, or None where there is none that is whole."""
        path = self._path(kind, key)
        try:
            head, _, text = path.read_text(encoding="utf-8").partition("\n")
            os.utime(path)
        except (OSError, UnicodeDecodeError):
            return None
        if head != digest_of([text]):
            return None
        self._used.add(path)
        return text

    def put(self, kind: str, key: str, text: str) -> None:
        """Keep a text; where that cannot be, it will be made again."""
        path = self._path(kind, key)
        with suppress(OSError):
            replace_text(path, f"{digest_of([text])}\n{text}")
            self._used.add(path)

    def tidy(self) -> None:
        """Drop what is left of a killed build, and the oldest of what has long not been of use."""
        files = [path for path in self._folder.glob("*") if path.is_file()] if self._used else []
        spare = [path for path in files if path not in self._used and not path.name.startswith(".")]
        number = max(_FEWEST, _SPARE * len(self._used)) - len(self._used)
        oldest = sorted(spare, key=lambda path: path.stat().st_mtime_ns, reverse=True)[number:]
        for path in [*(path for path in files if path.name.startswith(".")), *oldest]:
            path.unlink(missing_ok=True)

    def _path(self, kind: str, key: str) -> Path:
        return self._folder / f"{kind}-{key}"


def is_whole(release: Release, cache: Cache) -> bool:
    """Whether nothing is wrong with a release; its files are read only if one was touched since they last were."""
    stamp = _stamp(release)
    if cache.get("whole", digest_of([stamp])) == release.version:
        return True
    if verify(release):
        return False
    cache.put("whole", digest_of([stamp]), release.version)
    return True


def _stamp(release: Release) -> str:
    """What the file system says of each file: name, inode, size, time of the last change of content."""
    rows = [release.seal, str(release.path.resolve())]
    for path in sorted(release.path.rglob("*")):
        found = path.stat()
        rows.append(f"{path.relative_to(release.path)} {found.st_ino} {found.st_size} {found.st_mtime_ns}")
    return json.dumps(rows)


def unaltered(release: Release, name: str) -> bool:
    """Whether a file of a release still is what its manifest says."""
    entry, path = release.entry(name), release.path / name
    return entry is not None and path.is_file() and sha256_of(path) == entry.sha256
