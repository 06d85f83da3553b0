"""The file of the index of the pages: statements in any number of threads at once, and what never changes in it."""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, TypeVar
from urllib.parse import quote

from dxlod.errors import StoreError
from dxlod.site import statements

__all__ = ["IndexFile"]

_Made = TypeVar("_Made")
_MMAP = 1 << 30
_TABLES = (
    "term",
    "quad",
    "inlink",
    "milestone",
    "label",
    "entry",
    "literal",
    "property",
    "facet",
    "passage",
    "brief",
)
_SEARCHED = ("piece", "word", "gram")


class IndexFile:
    """The index of one release, read-only. Rows of its tables, and numbers of terms."""

    def __init__(self, path: Path, folder: TemporaryDirectory[str] | None = None) -> None:
        """`folder` is one that goes when the file is closed. StoreError when it is no index."""
        self._uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        self._free: deque[sqlite3.Connection] = deque()
        self._closed = False
        self._predicates: dict[str, int] = {}
        self._names: dict[int, str] = {0: ""}
        self._spans: dict[str, tuple[int, int]] = {}
        self._once: dict[str, Any] = {}
        self._folder = folder
        self.path = path
        self.key = self._read_key()

    @classmethod
    def open(cls, path: Path) -> Self:
        """The index of this file; StoreError when it is none."""
        return cls(path)

    def close(self) -> None:
        """Let go of the file. Nothing may be read afterwards."""
        self._closed = True
        while self._free:
            self._free.pop().close()
        if self._folder is not None:
            self._folder.cleanup()

    def rows(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:
        """Rows of a statement of this package. StoreError when the file is damaged or closed."""
        try:
            connection = self._taken()
            try:
                return connection.execute(sql, parameters).fetchall()
            finally:
                self._free.append(connection)
                if self._closed:
                    self.close()
        except UnicodeEncodeError:
            return []  # A lone surrogate is in no term.
        except sqlite3.Error as error:
            raise _damaged(self.path, error) from error

    def once(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What `make` gives, made at the first time only, since the index never changes. For few and small things."""
        if name not in self._once:
            self._once[name] = make()
        found: _Made = self._once[name]
        return found

    def is_whole(self) -> bool:
        """Whether the file is as long as it says and every table can be read at its beginning."""
        try:
            pages, size = self.rows("SELECT page_count, page_size FROM pragma_page_count, pragma_page_size")[
                0
            ]
            for table in _TABLES:
                self.rows(f"SELECT * FROM {table} LIMIT 1")
            for table in _SEARCHED:
                self.rows(f"SELECT rowid FROM {table} LIMIT 1")
        except StoreError:
            return False
        return bool(pages * size == self.path.stat().st_size)

    def _taken(self) -> sqlite3.Connection:
        """A connection that no other thread uses until it is put back."""
        try:
            return self._free.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        if self._closed:
            raise sqlite3.ProgrammingError("the index is closed")
        connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False, isolation_level=None)
        connection.execute(f"PRAGMA mmap_size={_MMAP}")
        return connection

    def _number(self, iri: str) -> int:
        """The number of an IRI, 0 when it does not occur."""
        rows = self.rows(statements.NUMBER, (f"<{iri}>",))
        return int(rows[0][0]) if rows else 0

    def _numbers(self, iris: Iterable[str]) -> list[int]:
        """The numbers of those that occur, in their order."""
        terms = [f"<{iri}>" for iri in iris]
        return [row[0] for row in self.rows(statements.NUMBERS, (json.dumps(terms),))] if terms else []

    def _known(self, predicates: Iterable[str]) -> dict[int, str]:
        """Properties by number, those that occur. They are few and asked for again and again, so remembered."""
        found: dict[int, str] = {}
        for name in predicates:
            number = self._predicates.get(name)
            if number is None:
                number = self._predicates[name] = self._number(name)
            if number:
                found[number] = name
        return found

    def _name(self, number: int) -> str:
        """The IRI of a property or a document; they are few and met again and again, so remembered."""
        if number not in self._names:
            rows = self.rows("SELECT text FROM term WHERE id = ?", (number,))
            self._names[number] = rows[0][0][1:-1]
        return self._names[number]

    def _span(self, whole: str) -> tuple[int, int]:
        """First and last number of the IRIs that begin with this one and a slash; no others lie between them.

        Numbers follow the natural order, in which what begins alike stands together. Remembered: plans are few.
        """
        if whole not in self._spans:
            rows = self.rows(statements.SPAN, (f"<{whole}/", f"<{whole}0"))
            self._spans[whole] = (rows[0][0] or 0, rows[0][1] or -1)
        return self._spans[whole]

    def _iris(self, sql: str, parameters: Sequence[object]) -> list[str]:
        return [row[0][1:-1] for row in self.rows(sql, parameters)]

    def _read_key(self) -> str:
        if not self.path.is_file():
            raise _damaged(self.path, None)
        rows = self.rows("SELECT value FROM meta WHERE key = 'key'")
        if not rows:
            raise _damaged(self.path, None)
        return str(rows[0][0])


def _damaged(path: Path, error: sqlite3.Error | None) -> StoreError:
    return StoreError(
        f"ページの索引 {path.name} を読めません。",
        f"The index of the pages, {path.name}, cannot be read: {error}",
    )
