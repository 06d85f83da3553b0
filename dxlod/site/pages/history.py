"""The publications and what the last one changed, as `releases.json` and `changes.json` tell it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dxlod.errors import ReleaseError
from dxlod.release.words import rank

__all__ = ["MOST", "Publications", "publications"]

MOST = 200
"""How many of the changed things the page names."""


@dataclass(frozen=True)
class Publications:
    """`releases`, newest first, and `changes` since the last publication (see `dxlod/release/changes.py`)."""

    releases: Sequence[Mapping[str, Any]] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subjects(self) -> Sequence[Mapping[str, Any]]:
        """The first of the changed things: plans before what they hold, lines of sources last."""
        found: Sequence[Mapping[str, Any]] = self.changes.get("subjects", ())
        return sorted(found, key=lambda subject: rank(subject["kind"]))[:MOST]

    @property
    def more(self) -> int:
        """How many changed things are not among them."""
        return max(len(self.changes.get("subjects", ())) - MOST, 0)


def publications(folder: Path) -> Publications:
    """Those of a release in its folder; ReleaseError for a file that cannot be read."""
    return Publications(_read(folder / "releases.json").get("releases", ()), _read(folder / "changes.json"))


def _read(path: Path) -> Mapping[str, Any]:
    """The JSON object of a file; nothing where a release has no such file."""
    if not path.is_file():
        return {}
    try:
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ReleaseError(f"{path.name} を読めません。", f"{path.name} cannot be read: {error}") from error
    return found
