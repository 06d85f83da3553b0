"""The ledger of published releases: the history that dates, changes, tombstones and the feed come from.

One committed file `<version>.json` for each publication. Reading it makes a fresh clone build the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dxlod.errors import ReleaseError

__all__ = ["Entry", "History", "read_ledger"]


@dataclass(frozen=True)
class Entry:
    """One publication: version, date (YYYY-MM-DD), SHA-256 of each file, short digest of each subject's triples."""

    version: str
    date: str
    files: Mapping[str, str]
    subjects: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """What was published before the release at hand, oldest first, and the date of the release at hand ('' = none)."""

    date: str
    earlier: tuple[Entry, ...] = ()

    def modified(self, path: str, sha256: str) -> str:
        """Date since when a file has had this content: of the first of the latest publications that agree."""
        since = self.date
        for entry in reversed(self.earlier):
            if entry.files.get(path) != sha256:
                break
            since = entry.date
        return since

    def issued(self, path: str) -> str:
        """Date of the first publication that had a file of this path, or else of the release at hand."""
        return next((entry.date for entry in self.earlier if path in entry.files), self.date)


def read_ledger(folder: Path) -> tuple[Entry, ...]:
    """All entries, oldest first; ReleaseError for a file that cannot be read."""
    entries = [_read(path) for path in sorted(folder.glob("*.json"))]
    return tuple(sorted(entries, key=lambda entry: (entry.date, entry.version)))


def _read(path: Path) -> Entry:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Entry(str(fields["version"]), str(fields["date"]), fields["files"], fields["subjects"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"公開台帳 {path.name} を読めません。", f"Ledger entry {path.name} cannot be read: {error}"
        ) from error
