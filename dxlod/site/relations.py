"""What stands in which relation to a thing: its objects and subjects by property, counted or a page at a time.

IRIs go in and come out plain (`https://…`), terms in N-Triples syntax (`"text"@ja`, see `dxlod.release.terms`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from dxlod.release.terms import RDF_TYPE, is_iri
from dxlod.site import statements
from dxlod.site.index_file import IndexFile

__all__ = ["Relations"]


class Relations(IndexFile):
    """Which things are related to one. What is not there is an empty answer."""

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

    def objects(self, iri: str, predicate: str) -> list[str]:
        """Terms that the thing has for a property, in natural order."""
        return [row[0] for row in self.rows(statements.OBJECTS, (f"<{iri}>", f"<{predicate}>"))]

    def object_iris(self, iri: str, predicate: str) -> list[str]:
        """IRIs that the thing has for a property, in natural order."""
        return [term[1:-1] for term in self.objects(iri, predicate) if is_iri(term)]

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

    def exists(self, iri: str) -> bool:
        """Whether anything is said of the thing."""
        return bool(self.rows(statements.EXISTS, (f"<{iri}>",)))

    def within(
        self, predicate: str, iri: str, whole: str, *, limit: int | None = None, offset: int = 0
    ) -> list[str]:
        """As `subjects`, only those whose IRI begins with that of `whole` and a slash: a plan's own, say."""
        page = (-1 if limit is None else limit, max(offset, 0))
        return self._iris(statements.WITHIN, (f"<{iri}>", f"<{predicate}>", *self._span(whole), *page))

    def within_any(self, predicate: str, iris: Sequence[str], whole: str) -> list[str]:
        """As `within`, those that have any of some IRIs for a property, each once."""
        terms = json.dumps([f"<{iri}>" for iri in iris])
        return (
            self._iris(statements.WITHIN_ANY, (terms, f"<{predicate}>", *self._span(whole))) if iris else []
        )

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

    def graph_of(self, iri: str) -> str | None:
        """IRI of the named graph that says what the thing is, else of the first that speaks of it."""
        rows = self.rows(
            "SELECT g.text FROM quad q JOIN term g ON g.id = q.g WHERE q.s = (SELECT id FROM term WHERE text = ?)"
            " ORDER BY q.p != (SELECT id FROM term WHERE text = ?), q.g LIMIT 1",
            (f"<{iri}>", RDF_TYPE),
        )
        return rows[0][0][1:-1] if rows else None

    def backlinks(self, iri: str, *, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """(property, subject) of what points at the thing, by property; a far page is as quick as the first."""
        number = self._number(iri)
        if not number:
            return []
        mile = self.rows(
            "SELECT n, p, s FROM milestone WHERE o = ? AND n <= ? ORDER BY n DESC LIMIT 1",
            (number, max(offset, 0)),
        )
        passed, p, s = mile[0] if mile else (0, 0, 0)
        rows = self.rows(statements.BACKLINKS, (number, p, s, max(limit, 0), max(offset, 0) - passed))
        return [(predicate[1:-1], subject[1:-1]) for predicate, subject in rows]

    def backlink_count(self, iri: str) -> int:
        """How many (property, subject) point at the thing."""
        rows = self.rows(statements.INLINKS, (f"<{iri}>",))
        return int(rows[0][0]) if rows else 0

    def under(self, start: str, limit: int) -> list[str]:
        """IRIs of things described here that begin so, in the order of their letters."""
        sql = (
            "SELECT t.text FROM term t WHERE t.text > ? AND t.text < ?"
            " AND EXISTS (SELECT 1 FROM quad q WHERE q.s = t.id) ORDER BY t.text LIMIT ?"
        )
        return sorted(self._iris(sql, (f"<{start}", f"<{start}\U0010ffff", limit)))


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
