"""The publications and what the last one changed, as `releases.json` and `changes.json` tell it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dxlod.errors import ReleaseError
from dxlod.release.terms import parse_quads
from dxlod.release.values import ValueChange, value_changes
from dxlod.release.words import rank
from dxlod.site.reader import SiteReader

__all__ = ["MOST", "MOST_DETAILED", "Publications", "changed_values", "publications"]

MOST, MOST_DETAILED = 120, 40
"""How many of the changed things the page names, and of how many it says what they were and are."""


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


def changed_values(
    before: Path, reader: SiteReader, subjects: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[ValueChange, ...]]:
    """The old and the new values of the first of the things that changed, by IRI.

    `before` is the folder of the release compared with; nothing where it is not at hand. The new values are those of
    the index. StoreError when the index cannot be read, ReleaseError for a dump that cannot.
    """
    dump = before / "dumps" / "all.nq"
    wanted = [item["iri"] for item in subjects if item["what"] == "changed"][:MOST_DETAILED]
    if not wanted or not dump.is_file():
        return {}
    starts = {f"<{iri}>" for iri in wanted}
    with dump.open(encoding="utf-8") as lines:
        old = list(parse_quads(line for line in lines if line.partition(" ")[0] in starts))
    return {
        iri: value_changes([quad for quad in old if quad.s == f"<{iri}>"], reader.describe(iri))
        for iri in wanted
    }


def _read(path: Path) -> Mapping[str, Any]:
    """The JSON object of a file; nothing where a release has no such file."""
    if not path.is_file():
        return {}
    try:
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ReleaseError(f"{path.name} を読めません。", f"{path.name} cannot be read: {error}") from error
    return found
