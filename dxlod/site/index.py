"""The index of the pages: a release's triples, names and searchable texts in one SQLite file.

A rebuildable cache: it lies in the release's `store/`, outside the promise of equal bytes, and is made anew where it
is missing, damaged or of other data. See `schema.sql` for its tables and `reader.py` for reading it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from dxlod.release.draft import Draft
from dxlod.release.manifest import Release, sha256_of
from dxlod.release.terms import XSD, is_iri, literal_parts
from dxlod.site.briefs import brief_rows, passage_rows
from dxlod.site.dictionary import NO_GRAPH, Encoded, encode
from dxlod.site.entries import Entry, Facet, collect_entries
from dxlod.site.fold import key_of
from dxlod.site.labels import label_rows

__all__ = ["INDEX", "MILESTONE", "SCHEMA", "extra_files", "index_key", "site_index", "write_index"]

INDEX = "store/site.sqlite"
"""Path of the index within a release."""

SCHEMA = "3"
"""Version of the tables; another one makes the index anew."""

MILESTONE = 1000
"""Of the things that point at one thing, each so manieth is remembered by its place."""

_EXTRAS = ("catalog.nt", "queries.nt", "void.nt")
_SETTINGS = (
    "PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
)
_INDEXES = """
CREATE UNIQUE INDEX term_text ON term (text);
CREATE INDEX quad_object ON quad (o, p, s);
INSERT INTO inlink SELECT o, COUNT(*) FROM (SELECT DISTINCT o, p, s FROM quad) GROUP BY o;
"""


def site_index(draft: Draft) -> None:
    """The part of a release that writes its index; to be the last of the parts."""
    write_index(draft.folder / "dumps" / "all.nq", draft.folder / INDEX, extra_files(draft.folder))


def extra_files(folder: Path) -> tuple[Path, ...]:
    """The N-Triples files of a release that describe things which the dump does not."""
    return tuple(path for name in _EXTRAS if (path := folder / name).is_file())


def index_key(release: Release) -> str:
    """What an index of this release states about itself: version of the tables and digests of what it was made of."""
    names = ("dumps/all.nq", *_EXTRAS)
    return _key(entry.sha256 for name in names if (entry := release.entry(name)) is not None)


def _key(digests: Iterable[str]) -> str:
    return hashlib.sha256("\n".join((SCHEMA, *digests)).encode()).hexdigest()


def write_index(nquads: Path, target: Path, extra: Iterable[Path] = ()) -> None:
    """Make the index of an N-Quads dump and of further N-Triples files, whole or not at all.

    ReleaseError for a line that cannot be read; OSError when there is no room.
    """
    more = tuple(extra)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    try:
        data = encode(nquads, more)
        _write(data, aside, _key(sha256_of(path) for path in (nquads, *more)))
        os.replace(aside, target)
    except sqlite3.OperationalError as error:
        # What SQLite says of a disk that is full or cannot be written to.
        raise OSError(errno.ENOSPC, str(error)) from error
    finally:
        aside.unlink(missing_ok=True)


def _write(data: Encoded, path: Path, key: str) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SETTINGS + files("dxlod.site").joinpath("schema.sql").read_text("utf-8"))
        connection.executemany("INSERT INTO term VALUES (?, ?)", enumerate(data.terms, 1))
        connection.executemany("INSERT INTO quad VALUES (?, ?, ?, ?)", data.quads)
        connection.executescript(_INDEXES)
        connection.executemany("INSERT INTO milestone VALUES (?, ?, ?, ?)", _milestones(connection))
        names = list(label_rows(data))
        connection.executemany("INSERT INTO label VALUES (?, ?, ?, ?)", names)
        connection.executemany("INSERT INTO passage VALUES (?, ?, ?, ?)", passage_rows(data))
        connection.executemany("INSERT INTO brief VALUES (?, ?)", brief_rows(data, names))
        connection.execute("CREATE INDEX passage_document ON passage (document, first, last)")
        _write_search(connection, *collect_entries(data, names))
        _write_literals(connection, data)
        connection.execute("INSERT INTO meta VALUES ('key', ?)", (key,))
        connection.execute("PRAGMA optimize")
        connection.commit()
    finally:
        connection.close()
    _sync(path)


def _write_search(connection: sqlite3.Connection, entries: list[Entry], facets: list[Facet]) -> None:
    connection.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (at, e.number, e.kind, e.weight, e.ja, e.en, e.body, e.near, e.plan, e.city)
            for at, e in enumerate(entries)
        ),
    )
    connection.executemany(
        "INSERT INTO piece (rowid, own, near) VALUES (?, ?, ?)",
        (
            (at, f"{e.ja}\n{e.english}\n{e.body}", f"{e.near}\n{e.near_english}")
            for at, e in enumerate(entries)
        ),
    )
    connection.executemany(
        "INSERT INTO word (rowid, own, near) VALUES (?, ?, ?)",
        ((at, e.english, e.near_english) for at, e in enumerate(entries)),
    )
    connection.executemany("INSERT INTO facet VALUES (?, ?, ?, ?, ?)", facets)
    for table in ("piece", "word"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _write_literals(connection: sqlite3.Connection, data: Encoded) -> None:
    """The literals that are text, whoever has them: xsd:string and rdf:langString."""
    connection.executemany("INSERT INTO literal VALUES (?, ?, ?)", _texts(data))
    connection.execute("INSERT INTO property SELECT DISTINCT p FROM quad WHERE g != ?", (NO_GRAPH,))
    connection.execute("INSERT INTO gram (rowid, folded) SELECT id, folded FROM literal")
    connection.execute("INSERT INTO gram (gram) VALUES ('optimize')")


def _texts(data: Encoded) -> Iterator[tuple[int, str, str]]:
    for number, term in enumerate(data.terms, 1):
        if not is_iri(term):
            text, datatype, language = literal_parts(term)
            if language or datatype == f"{XSD}string":
                yield number, language.lower(), key_of(text)


def _milestones(connection: sqlite3.Connection) -> Iterator[tuple[int, int, int, int]]:
    """(object, n, predicate, subject) of the n-th of the links to an object, n being a multiple of MILESTONE."""
    busy = connection.execute("SELECT o FROM inlink WHERE n > ?", (MILESTONE,)).fetchall()
    for (o,) in busy:
        rows = connection.execute("SELECT DISTINCT p, s FROM quad WHERE o = ? ORDER BY p, s", (o,))
        for n, (p, s) in enumerate(rows):
            if n and n % MILESTONE == 0:
                yield o, n, p, s


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
