"""The files of a release for people: grouped by plan, with what each format is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dxlod.release.manifest import FileEntry, Manifest

__all__ = ["FORMATS", "FileGroup", "FileRow", "file_groups"]

FORMATS = (
    ("csv.zip", "CSV (zip)"),
    ("xlsx", "Excel"),
    ("ttl", "Turtle"),
    ("jsonld", "JSON-LD"),
    ("nt", "N-Triples"),
    ("rdf", "RDF/XML"),
    ("trig", "TriG"),
    ("nq", "N-Quads"),
)
"""Suffix and name of the formats a dump is given in, those that most people open first."""


@dataclass(frozen=True)
class FileRow:
    """One format of a dump. `packed` is the same compressed with gzip (None if there is none)."""

    suffix: str
    name: str
    entry: FileEntry
    packed: FileEntry | None


@dataclass(frozen=True)
class FileGroup:
    """The files of one plan edition (by its slug, such as `212016-dx-2025`), or of all (`all`), or shared ones."""

    slug: str
    rows: Sequence[FileRow]
    tables: Sequence[FileEntry]

    @property
    def triples(self) -> int:
        """How many triples the dump has, each counted once."""
        return next((row.entry.triples for row in self.rows if row.entry.triples), 0)


def file_groups(manifest: Manifest) -> tuple[list[FileGroup], list[FileEntry]]:
    """The dumps by plan, all plans together first; and the other files of the release."""
    entries = {entry.path: entry for entry in manifest.files}
    slugs = dict.fromkeys(slug for path in entries if (slug := _slug(path)))
    ordered = sorted(slugs, key=lambda slug: (slug != "all", slug == "shared", slug))
    groups = [_group(slug, entries) for slug in ordered]
    others = [entry for path, entry in entries.items() if not _slug(path) and not path.startswith("store/")]
    return groups, others


def _slug(path: str) -> str:
    """The plan a file belongs to, '' for files that are not dumps."""
    top, _, rest = path.partition("/")
    if top != "dumps":
        return ""
    return rest.split("/")[1] if rest.startswith("csv/") else rest.partition(".")[0]


def _group(slug: str, entries: dict[str, FileEntry]) -> FileGroup:
    return FileGroup(slug, list(_rows(slug, entries)), _tables(slug, entries.values()))


def _rows(slug: str, entries: dict[str, FileEntry]) -> Iterable[FileRow]:
    for suffix, name in FORMATS:
        path = f"dumps/{slug}.{suffix}"
        if path in entries:
            yield FileRow(suffix, name, entries[path], entries.get(f"{path}.gz"))


def _tables(slug: str, entries: Iterable[FileEntry]) -> list[FileEntry]:
    return [entry for entry in entries if entry.path.startswith(f"dumps/csv/{slug}/")]
