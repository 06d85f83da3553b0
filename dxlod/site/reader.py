"""Reading the index of the pages, from any number of threads at once.

IRIs go in and come out plain (`https://…`), terms in N-Triples syntax (`"text"@ja`, see `dxlod.release.terms`).
Everything given is a parameter of a statement and never a part of its text. What is not there is an empty answer.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from dxlod.errors import StoreError
from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE, Triple, is_iri, literal_parts
from dxlod.site import statements
from dxlod.site.iris import OA, local_name

__all__ = ["FacetSet", "SiteReader"]

_Made = TypeVar("_Made")
_MMAP = 1 << 30
_MANY = 500
_PARTS = (DXO.indicatorValue, DXO.baseline, DXO.target, DXO.actual, DXO.hasPhase)
"""What makes no sense apart from what has it."""


class FacetSet(NamedTuple):
    """One value of a facet: as in an address, its IRI ('' = none), and the entries that have it as bits of a number."""

    name: str
    value: str
    iri: str
    bits: int


class SiteReader:
    """The index of one release, read-only."""

    def __init__(self, path: Path, folder: TemporaryDirectory[str] | None = None) -> None:
        """`folder` is one that goes when the reader is closed."""
        self._uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        self._free: deque[sqlite3.Connection] = deque()
        self._closed = False
        self._predicates: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        self._once: dict[str, Any] = {}
        self._folder = folder
        self._facets: tuple[FacetSet, ...] | None = None
        self.path = path
        self.key = self._read_key()

    @classmethod
    def open(cls, path: Path) -> SiteReader:
        """The index of this file; StoreError when it is none."""
        return cls(path)

    def close(self) -> None:
        """Let go of the file. Nothing may be read afterwards."""
        self._closed = True
        while self._free:
            self._free.pop().close()
        if self._folder is not None:
            self._folder.cleanup()

    def describe(self, iri: str) -> list[Triple]:
        """All triples with this subject, by property and value in natural order."""
        return self.describe_all([iri])

    def describe_all(self, iris: Iterable[str]) -> list[Triple]:
        """All triples with these subjects."""
        return self._triples(self._numbers(iris))

    def closure(self, iri: str) -> list[Triple]:
        """The triples of the document about a thing: its own, and of what makes no sense without it.

        That is its values and phases (and, of a body that values refer to, those), and the source fragments of all of
        these with their selectors. Empty when nothing has this IRI as its subject.
        """
        start = self._numbers([iri])
        if not start or not self.rows("SELECT 1 FROM quad WHERE s = ? LIMIT 1", start):
            return []
        parts = self._next(start, _PARTS) | self._before(start, DXO.indicator) | set(start)
        fragments = self._next(parts, [DXO.sourceFragment])
        selectors = fragments | self._next(fragments, [f"{OA}hasSelector"])
        refined = selectors | self._next(selectors, [f"{OA}refinedBy"])
        return self._triples(sorted(parts | refined))

    def facts(self, iris: Sequence[str], numbers: dict[str, int]) -> dict[str, dict[str, list[str]]]:
        """Terms by property of each of these things, in natural order.

        `numbers` gets the numbers of the things and of all IRIs they point at, for `names`.
        """
        found: dict[str, dict[str, list[str]]] = {iri: {} for iri in iris}
        for chunk in _chunks(f"<{iri}>" for iri in found):
            sql = f"SELECT id, text FROM term WHERE text IN ({_marks(chunk)})"
            numbers.update((term[1:-1], number) for number, term in self.rows(sql, chunk))
        known = {number: found[iri] for iri in found if (number := numbers.get(iri)) is not None}
        for s, p, o, term in self._said(sorted(known)):
            terms = known[s].setdefault(self._name(p), [])
            if not terms or terms[-1] != term:  # The same may be said in several graphs.
                terms.append(term)
                if term[0] == "<":
                    numbers[term[1:-1]] = o
        return found

    def names(self, numbers: Mapping[str, int]) -> dict[str, dict[str, str]]:
        """As `labels`, of things whose numbers are known."""
        iris = {number: iri for iri, number in numbers.items()}
        found: dict[str, dict[str, str]] = {}
        for chunk in _chunks(sorted(iris)):
            sql = f"SELECT id, lang, text FROM label WHERE id IN ({_marks(chunk)})"
            for number, lang, text in self.rows(sql, chunk):
                found.setdefault(iris[number], {})[lang] = text
        return found

    def within(
        self, predicate: str, iri: str, whole: str, *, limit: int | None = None, offset: int = 0
    ) -> list[str]:
        """As `subjects`, only those whose IRI begins with that of `whole` and a slash: a plan's own, say."""
        page = (-1 if limit is None else limit, max(offset, 0))
        return self._iris(statements.WITHIN, (f"<{iri}>", f"<{predicate}>", *self._span(whole), *page))

    def count_within(self, predicate: str, iri: str, whole: str) -> int:
        """How many `within` gives."""
        rows = self.rows(statements.COUNT_WITHIN, (f"<{iri}>", f"<{predicate}>", *self._span(whole)))
        return int(rows[0][0])

    def having(self, pairs: Sequence[tuple[str, str]], whole: str, *, limit: int) -> list[str]:
        """As `within`, those that have all of these (property, IRI)."""
        joins = "".join(
            f" JOIN quad q{n} ON q{n}.s = q0.s AND q{n}.p = {statements.TERM} AND q{n}.o = {statements.TERM}"
            for n in range(1, len(pairs))
        )
        sql = (
            f"SELECT DISTINCT t.text FROM quad q0{joins} JOIN term t ON t.id = q0.s"
            f" WHERE q0.p = {statements.TERM} AND q0.o = {statements.TERM} AND q0.s BETWEEN ? AND ? ORDER BY q0.s LIMIT ?"
        )
        terms = [f"<{iri}>" for pair in (*pairs[1:], pairs[0]) for iri in pair]
        return self._iris(sql, (*terms, *self._span(whole), limit))

    def count(self, predicate: str, iri: str) -> int:
        """How many things have this IRI for a property."""
        return int(self.rows(statements.COUNT, (f"<{iri}>", f"<{predicate}>"))[0][0])

    def graphs(self, predicate: str, iri: str) -> dict[str, int]:
        """How many things of each graph have this IRI for a property, by the graph's IRI."""
        rows = self.rows(statements.GRAPHS, (f"<{iri}>", f"<{predicate}>"))
        return {term[1:-1]: int(number) for term, number in rows}

    def once(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What `make` gives, made at the first time only, since the index never changes. For few and small things."""
        if name not in self._once:
            self._once[name] = make()
        found: _Made = self._once[name]
        return found

    def graph_of(self, iri: str) -> str | None:
        """IRI of the named graph that says what the thing is, else of the first that speaks of it."""
        rows = self.rows(
            "SELECT g.text FROM quad q JOIN term g ON g.id = q.g WHERE q.s = (SELECT id FROM term WHERE text = ?)"
            " ORDER BY q.p != (SELECT id FROM term WHERE text = ?), q.g LIMIT 1",
            (f"<{iri}>", RDF_TYPE),
        )
        return rows[0][0][1:-1] if rows else None

    def objects(self, iri: str, predicate: str) -> list[str]:
        """Terms that the thing has for a property, in natural order."""
        return [row[0] for row in self.rows(statements.OBJECTS, (f"<{iri}>", f"<{predicate}>"))]

    def object_iris(self, iri: str, predicate: str) -> list[str]:
        """IRIs that the thing has for a property, in natural order."""
        return [term[1:-1] for term in self.objects(iri, predicate) if is_iri(term)]

    def text(self, iri: str, predicate: str, lang: str = "") -> str | None:
        """Text of the literal that suits the language best: it, else ja, none, en, any; None without a literal."""
        found = [literal_parts(term) for term in self.objects(iri, predicate) if not is_iri(term)]
        order = (lang, "ja", "", "en") if lang else ("", "ja", "en")
        ranked = sorted(found, key=lambda p: order.index(p.language) if p.language in order else len(order))
        return ranked[0].text if ranked else None

    def subjects(self, predicate: str, iri: str, *, limit: int | None = None, offset: int = 0) -> list[str]:
        """IRIs of the things that have this IRI for a property, in natural order."""
        page = (-1 if limit is None else limit, max(offset, 0))
        return self._iris(statements.SUBJECTS, (f"<{iri}>", f"<{predicate}>", *page))

    def instances(self, class_iri: str, graph: str | None = None) -> list[str]:
        """IRIs of the things of a class, in natural order; with `graph`, those that it says to be so."""
        if graph is None:
            return self.subjects(RDF_TYPE[1:-1], class_iri)
        return self._iris(statements.INSTANCES, (f"<{class_iri}>", RDF_TYPE, f"<{graph}>"))

    def types(self, iri: str) -> set[str]:
        """IRIs of the classes of a thing."""
        return set(self.object_iris(iri, RDF_TYPE[1:-1]))

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Names by language ('' = none) of those that have one; values, fragments and the like have a made one."""
        found: dict[str, dict[str, str]] = {}
        for chunk in _chunks(dict.fromkeys(f"<{iri}>" for iri in iris)):
            sql = (
                "SELECT t.text, l.lang, l.text FROM term t JOIN label l ON l.id = t.id"
                f" WHERE t.text IN ({_marks(chunk)})"
            )
            for term, lang, text in self.rows(sql, chunk):
                found.setdefault(term[1:-1], {})[lang] = text
        return found

    def label(self, iri: str, lang: str) -> str:
        """The best name: in the language, else ja, en, of no language; else the end of the IRI."""
        names = self.labels([iri]).get(iri, {})
        return next((names[tag] for tag in (lang, "ja", "en", "") if tag in names), local_name(iri))

    def backlinks(self, iri: str, *, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """(property, subject) of what points at the thing, by property; a far page is as quick as the first."""
        number = self._numbers([iri])
        if not number:
            return []
        mile = self.rows(
            "SELECT n, p, s FROM milestone WHERE o = ? AND n <= ? ORDER BY n DESC LIMIT 1",
            (*number, max(offset, 0)),
        )
        passed, p, s = mile[0] if mile else (0, 0, 0)
        rows = self.rows(statements.BACKLINKS, (*number, p, s, max(limit, 0), max(offset, 0) - passed))
        return [(predicate[1:-1], subject[1:-1]) for predicate, subject in rows]

    def backlink_count(self, iri: str) -> int:
        """How many (property, subject) point at the thing."""
        rows = self.rows("SELECT n FROM inlink WHERE o = (SELECT id FROM term WHERE text = ?)", (f"<{iri}>",))
        return int(rows[0][0]) if rows else 0

    def exists(self, iri: str) -> bool:
        """Whether anything is said of the thing."""
        return bool(self.rows(statements.EXISTS, (f"<{iri}>",)))

    def facet_sets(self) -> tuple[FacetSet, ...]:
        """All values of all facets; read once, since the index never changes."""
        if self._facets is None:
            sql = "SELECT f.name, f.value, t.text, f.bits FROM facet f LEFT JOIN term t ON t.id = f.term"
            self._facets = tuple(
                FacetSet(name, value, (term or "")[1:-1], int.from_bytes(bits, "little"))
                for name, value, term, bits in self.rows(sql)
            )
        return self._facets

    def entry_count(self) -> int:
        """How many things can be searched."""
        return int(self.rows("SELECT COUNT(*) FROM entry")[0][0])

    def is_whole(self) -> bool:
        """Whether the file is as long as it says and every table can be read at its beginning."""
        try:
            pages, size = self.rows("SELECT page_count, page_size FROM pragma_page_count, pragma_page_size")[
                0
            ]
            for table in (
                "term",
                "quad",
                "inlink",
                "milestone",
                "label",
                "entry",
                "literal",
                "property",
                "facet",
            ):
                self.rows(f"SELECT * FROM {table} LIMIT 1")
            for table in ("piece", "word", "gram"):
                self.rows(f"SELECT rowid FROM {table} LIMIT 1")
        except StoreError:
            return False
        return bool(pages * size == self.path.stat().st_size)

    def outgoing(self, iri: str, predicates: Sequence[str]) -> list[tuple[str, str]]:
        """(property, IRI) that the thing has for one of these properties, in the order given."""
        names = self._known(predicates)
        sql = (
            f"SELECT q.p, t.text FROM quad q JOIN term t ON t.id = q.o WHERE q.s = {statements.TERM} AND q.p IN ({_marks(names)})"
            " ORDER BY q.p, q.o"
        )
        found = [(names[p], term[1:-1]) for p, term in self.rows(sql, (f"<{iri}>", *names)) if is_iri(term)]
        return sorted(dict.fromkeys(found), key=lambda pair: predicates.index(pair[0]))

    def incoming(self, iri: str, predicates: Sequence[str], *, limit: int = 10) -> list[tuple[str, str]]:
        """(property, subject) of what points at the thing by one of these properties, in the order given; a few."""
        names = self._known(predicates)
        sql = (
            f"SELECT q.p, t.text FROM quad q JOIN term t ON t.id = q.s WHERE q.o = {statements.TERM} AND q.p IN ({_marks(names)})"
            " ORDER BY q.p, q.s LIMIT ?"
        )
        found = [(names[p], term[1:-1]) for p, term in self.rows(sql, (f"<{iri}>", *names, limit))]
        return sorted(dict.fromkeys(found), key=lambda pair: predicates.index(pair[0]))

    def under(self, start: str, limit: int) -> list[str]:
        """IRIs of things described here that begin so, in the order of their letters."""
        sql = (
            "SELECT t.text FROM term t WHERE t.text > ? AND t.text < ?"
            " AND EXISTS (SELECT 1 FROM quad q WHERE q.s = t.id) ORDER BY t.text LIMIT ?"
        )
        return sorted(self._iris(sql, (f"<{start}", f"<{start}\U0010ffff", limit)))

    def rows(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:
        """Rows of a statement of this package. StoreError when the file is damaged or closed."""
        try:
            with self._connection() as connection:
                return connection.execute(sql, parameters).fetchall()
        except UnicodeEncodeError:
            return []  # A lone surrogate is in no term.
        except sqlite3.Error as error:
            raise _damaged(self.path, error) from error

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection that no other thread uses meanwhile."""
        try:
            connection = self._free.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._free.append(connection)
            if self._closed:
                self.close()

    def _connect(self) -> sqlite3.Connection:
        if self._closed:
            raise sqlite3.ProgrammingError("the index is closed")
        connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False, isolation_level=None)
        connection.execute(f"PRAGMA mmap_size={_MMAP}")
        return connection

    def _known(self, predicates: Iterable[str]) -> dict[int, str]:
        """Properties by number, those that occur. They are few and asked for again and again, so remembered."""
        unknown = [name for name in predicates if name not in self._predicates]
        for name in unknown:
            found = self._numbers([name])
            self._predicates[name] = found[0] if found else 0
        return {number: name for name in predicates if (number := self._predicates[name])}

    def _numbers(self, iris: Iterable[str]) -> list[int]:
        terms = list(dict.fromkeys(f"<{iri}>" for iri in iris))
        found: list[int] = []
        for chunk in _chunks(terms):
            sql = f"SELECT id FROM term WHERE text IN ({_marks(chunk)}) ORDER BY id"
            found += [row[0] for row in self.rows(sql, chunk)]
        return found

    def _next(self, numbers: Iterable[int], predicates: Sequence[str]) -> set[int]:
        ahead = list(self._known(predicates))
        found: set[int] = set()
        for chunk in _chunks(numbers):
            sql = f"SELECT o FROM quad WHERE s IN ({_marks(chunk)}) AND p IN ({_marks(ahead)})"
            found.update(row[0] for row in self.rows(sql, [*chunk, *ahead]))
        return found

    def _before(self, numbers: Sequence[int], predicate: str) -> set[int]:
        sql = (
            f"SELECT s FROM quad WHERE o IN ({_marks(numbers)}) AND p = (SELECT id FROM term WHERE text = ?)"
        )
        return {row[0] for row in self.rows(sql, [*numbers, f"<{predicate}>"])}

    def _triples(self, numbers: Sequence[int]) -> list[Triple]:
        every = sorted(numbers)
        subjects: dict[int, str] = {}
        for chunk in _chunks(every):
            sql = f"SELECT id, text FROM term WHERE id IN ({_marks(chunk)})"
            subjects.update(self.rows(sql, chunk))
        # A dictionary, because the same may be said in several graphs.
        found = {(s, p, o): term for s, p, o, term in self._said(every)}
        return [Triple(subjects[s], f"<{self._name(p)}>", term) for (s, p, _), term in found.items()]

    def _said(self, numbers: Sequence[int]) -> Iterator[tuple[int, int, int, str]]:
        """(subject, property, object, term of the object) of these subjects, in the order of all of them."""
        for chunk in _chunks(numbers):
            sql = (
                "SELECT q.s, q.p, q.o, o.text FROM quad q JOIN term o ON o.id = q.o"
                f" WHERE q.s IN ({_marks(chunk)}) ORDER BY q.s, q.p, q.o"
            )
            yield from self.rows(sql, chunk)

    def _name(self, number: int) -> str:
        """The IRI of a property; they are few and met again and again, so remembered."""
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


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)


def _chunks(values: Iterable[Any]) -> list[list[Any]]:
    every = list(values)
    return [every[at : at + _MANY] for at in range(0, len(every), _MANY)]


def _damaged(path: Path, error: sqlite3.Error | None) -> StoreError:
    return StoreError(
        f"ページの索引 {path.name} を読めません。",
        f"The index of the pages, {path.name}, cannot be read: {error}",
    )
