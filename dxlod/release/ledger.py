"""The ledger of published releases: the history that dates, changes, tombstones and the feed come from.

One committed file `<version>.json` for each publication. Reading it makes a fresh clone build the same bytes.
The first file lists everything; each later one only what differs from the publication before it (`previous`):

    {"version": "2026-10-01-1a2b3c4d", "date": "2026-10-01", "base": "https://w3id.org/dxlod",
     "previous": "2026-04-01-…", "triples": 38510,
     "files": {"dumps/all.nq": "<sha256>", "dumps/gone.nq": null},
     "subjects": {"<graph>": {"<class> <what the IRIs begin with>": {"1-1": ["<12 hex>", "窓口DX", "Counter DX"],
                                                                     "1-2": null}}}}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dxlod.errors import ReleaseError
from dxlod.release.files import replace_text
from dxlod.release.subjects import Subjects, Thing

__all__ = ["Entry", "History", "read_ledger", "write_entry"]


@dataclass(frozen=True)
class Entry:
    """One publication: version, date (YYYY-MM-DD), SHA-256 of each file, and what was said of each subject in short.

    `base` is the publisher's base IRI, `triples` the number of triples in all graphs, `digest` the SHA-256 of what
    the ledger states of it.
    """

    version: str
    date: str
    files: Mapping[str, str]
    subjects: Subjects = field(default_factory=dict)
    base: str = ""
    triples: int = 0
    digest: str = ""


@dataclass(frozen=True)
class History:
    """What was published before the release at hand, oldest first, and the date of the release at hand ('' = none).

    `published`: the release at hand is itself a publication, not a build between two.
    """

    date: str
    earlier: tuple[Entry, ...] = ()
    published: bool = False

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


def read_ledger(folder: Path, base: str) -> tuple[Entry, ...]:
    """The publications under a base IRI, oldest first.

    ReleaseError for a file that cannot be read, and for files that do not follow one another in a row.
    """
    found = [_load(path) for path in sorted(folder.glob("*.json"))]
    rest = {str(fields["version"]): fields for fields in found if fields["base"] == base}
    entries: list[Entry] = []
    while rest:
        last = entries[-1] if entries else None
        following = [
            fields for fields in rest.values() if fields["previous"] == (last.version if last else "")
        ]
        if len(following) != 1:
            raise _broken(folder, last, [str(fields["version"]) for fields in following or rest.values()])
        entries.append(_entry(rest.pop(str(following[0]["version"])), last, folder))
    return tuple(entries)


def write_entry(folder: Path, entry: Entry, previous: Entry | None) -> Path:
    """Add a publication to the ledger in one step; the file it is in."""
    files: dict[str, str | None] = dict.fromkeys(previous.files if previous else ())
    files |= entry.files
    subjects: dict[tuple[str, str], Thing | None] = dict.fromkeys(previous.subjects if previous else ())
    subjects |= entry.subjects
    fields = {
        "version": entry.version,
        "date": entry.date,
        "base": entry.base,
        "previous": previous.version if previous else "",
        "triples": entry.triples,
        "files": _differing(files, previous.files if previous else {}),
        "subjects": _packed(
            _differing(subjects, previous.subjects if previous else {}), previous.subjects if previous else {}
        ),
    }
    path = folder / f"{entry.version}.json"
    replace_text(path, _layout(fields) + "\n")
    return path


def _differing(now: Mapping[Any, Any], before: Mapping[Any, Any]) -> dict[Any, Any]:
    missing = object()
    return {key: value for key, value in sorted(now.items()) if before.get(key, missing) != value}


def _packed(
    things: Mapping[tuple[str, str], Thing | None], before: Subjects
) -> dict[str, dict[str, dict[str, list[str] | None]]]:
    """By graph, then by class and beginning of the IRI: what repeats is written once."""
    groups: dict[tuple[str, str], dict[str, list[str] | None]] = {}
    for (graph, iri), thing in things.items():
        kind = (thing or before[graph, iri]).kind
        groups.setdefault((graph, kind), {})[iri] = _fields(thing) if thing else None
    packed: dict[str, dict[str, dict[str, list[str] | None]]] = {}
    for (graph, kind), group in sorted(groups.items()):
        start = _beginning(list(group))
        packed.setdefault(graph, {})[f"{kind} {start}"] = {
            iri[len(start) :]: value for iri, value in sorted(group.items())
        }
    return packed


def _fields(thing: Thing) -> list[str]:
    """Digest and labels, without the labels that are missing at the end."""
    return (
        [thing.digest, thing.ja, thing.en]
        if thing.en
        else [thing.digest, thing.ja]
        if thing.ja
        else [thing.digest]
    )


def _beginning(iris: list[str]) -> str:
    """What all IRIs begin with, up to a `/` or `#`."""
    first, last = min(iris), max(iris)
    same = next(
        (at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
    )
    return first[: 1 + max(first.rfind("/", 0, same), first.rfind("#", 0, same))]


def _layout(value: object, depth: int = 1) -> str:
    """JSON with one line for each subject and file, so that a difference can be read line by line."""
    if not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    indent = " " * depth
    items = (
        f"{indent}{json.dumps(key, ensure_ascii=False)}: {_layout(item, depth + 1)}"
        for key, item in value.items()
    )
    return "{\n" + ",\n".join(items) + "\n" + " " * (depth - 1) + "}"


def _load(path: Path) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if fields["version"] != path.stem:
            raise ValueError(f"it is named {path.stem} and speaks of {fields['version']}")
        return {"base": fields["base"], "previous": fields["previous"], **fields}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(path, error) from error


def _entry(fields: Mapping[str, Any], previous: Entry | None, folder: Path) -> Entry:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    try:
        return Entry(
            version=str(fields["version"]),
            date=str(fields["date"]),
            files=_applied(previous.files if previous else {}, fields["files"]),
            subjects=_applied(previous.subjects if previous else {}, _unpacked(fields["subjects"])),
            base=str(fields["base"]),
            triples=int(fields["triples"]),
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(folder / f"{fields['version']}.json", error) from error


def _applied(before: Mapping[Any, Any], delta: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in sorted({**before, **delta}.items()) if value is not None}


def _unpacked(packed: Mapping[str, Any]) -> dict[tuple[str, str], Thing | None]:
    things: dict[tuple[str, str], Thing | None] = {}
    for graph, groups in packed.items():
        for name, group in groups.items():
            kind, _, start = name.partition(" ")
            for local, value in group.items():
                things[graph, start + local] = _thing(kind, *value) if value is not None else None
    return things


def _thing(kind: str, digest: str, ja: str = "", en: str = "") -> Thing:
    return Thing(digest, kind, ja, en)


def _unreadable(path: Path, error: Exception) -> ReleaseError:
    return ReleaseError(
        f"公開台帳 {path.name} を読めません: {error}",
        f"Ledger entry {path.name} cannot be read: {error}",
        mend_ja="版管理にある元のファイルに戻してください。",
        mend_en="Restore the file from version control.",
    )


def _broken(folder: Path, last: Entry | None, versions: Iterable[str]) -> ReleaseError:
    after = last.version if last else "-"
    names = ", ".join(sorted(versions))
    return ReleaseError(
        f"公開台帳 {folder} の {after} の次が決まりません: {names}",
        f"The ledger {folder} does not tell what follows {after}: {names}",
        mend_ja="欠けたファイルを戻すか、同時に加わった公開の一方を消して公開し直してください。",
        mend_en="Restore the missing file, or remove one of two publications made at the same time and publish again.",
    )
