"""A release while it is being written: what its parts are given, and how they add files to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dxlod.release.files import write_bytes, write_text
from dxlod.release.formats import media_type_of
from dxlod.release.ledger import History
from dxlod.release.manifest import FileEntry, Release, sha256_of
from dxlod.release.terms import Quad
from dxlod.settings import Settings
from dxlod.validation import Result

__all__ = ["Draft", "Part"]


@dataclass
class Draft:
    """A release in its folder aside. `quads` are all of them, in the order of their lines.

    `previous` is the current release, if the same code made it: its files may be taken over.
    """

    settings: Settings
    folder: Path
    version: str
    history: History
    quads: Sequence[Quad]
    results: Sequence[Result] = ()
    triples: dict[str, int] = field(default_factory=dict)
    """Number of triples (or quads) of each RDF file, by path within the release."""
    previous: Release | None = None
    _digests: dict[tuple[str, int, int, int], str] = field(default_factory=dict)

    def write(self, name: str, pieces: Iterable[str], triples: int | None = None) -> None:
        """Add a text file in UTF-8, `name` being its path within the release."""
        write_text(self.folder / name, pieces)
        self.count(name, triples)

    def write_bytes(self, name: str, content: bytes, triples: int | None = None) -> None:
        """Add a file of bytes."""
        write_bytes(self.folder / name, content)
        self.count(name, triples)

    def count(self, name: str, triples: int | None) -> None:
        """Note how many triples a file holds."""
        if triples is not None:
            self.triples[name] = triples

    def entries(self) -> tuple[FileEntry, ...]:
        """Every file written so far with its digest, by path."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        names = ((path, path.relative_to(self.folder).as_posix()) for path in paths)
        return tuple(
            FileEntry(
                name, self._digest(path), path.stat().st_size, media_type_of(name), self.triples.get(name)
            )
            for path, name in names
            if not name.startswith("store/")
        )

    def _digest(self, path: Path) -> str:
        """SHA-256 of a file, which is read again only if it was written again: several parts ask for all of them."""
        found = path.stat()
        key = (str(path), found.st_ino, found.st_size, found.st_mtime_ns)
        if key not in self._digests:
            self._digests[key] = sha256_of(path)
        return self._digests[key]


Part = Callable[[Draft], None]
"""Something a release consists of beside dumps and report: it adds its files to the draft. Run in order."""
