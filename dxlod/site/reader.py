"""Reading the index of the pages, from any number of threads at once.

IRIs go in and come out plain (`https://…`), terms in N-Triples syntax (`"text"@ja`, see `dxlod.release.terms`).
Everything given is a parameter of a statement and never a part of its text. What is not there is an empty answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from dxlod.namespaces import DXO
from dxlod.release.terms import Triple, is_iri, literal_parts
from dxlod.site import statements
from dxlod.site.iris import OA, local_name
from dxlod.site.relations import Relations

__all__ = ["FacetSet", "Passage", "SiteReader"]

_PARTS = (DXO.indicatorValue, DXO.baseline, DXO.target, DXO.actual, DXO.hasPhase)
"""What makes no sense apart from what has it."""
_WAY = (DXO.indicator, DXO.sourceFragment, f"{OA}hasSelector", f"{OA}refinedBy")


class FacetSet(NamedTuple):
    """One value of a facet: as in an address, its IRI ('' = none), and the entries that have it as bits of a number."""

    name: str
    value: str
    iri: str
    bits: int


class Passage(NamedTuple):
    """Lines of a source document that something was read from: IRIs of the fragment and the document, both ends."""

    iri: str
    document: str
    start: int
    end: int


class SiteReader(Relations):
    """The index of one release, read-only."""

    def __init__(self, path: Path, folder: TemporaryDirectory[str] | None = None) -> None:
        """`folder` is one that goes when the reader is closed."""
        super().__init__(path, folder)
        self._facets: tuple[FacetSet, ...] | None = None

    def describe(self, iri: str) -> list[Triple]:
        """All triples with this subject, by property and value in natural order."""
        return self.describe_all([iri])

    def describe_all(self, iris: Iterable[str]) -> list[Triple]:
        """All triples with these subjects."""
        numbers = self._numbers(dict.fromkeys(iris))
        return self._triples(dict(self.rows(statements.TEXTS, (json.dumps(numbers),))))

    def closure(self, iri: str) -> list[Triple]:
        """The triples of the document about a thing: its own, and of what makes no sense without it.

        That is its values and phases (and, of a body that values refer to, those), and the source fragments of all of
        these with their selectors. Empty when nothing has this IRI as its subject.
        """
        number = self._number(iri)
        if not number or not self.rows("SELECT 1 FROM quad WHERE s = ? LIMIT 1", (number,)):
            return []
        parts = json.dumps(list(self._known(_PARTS)))
        way = [next(iter(self._known([name])), 0) for name in _WAY]
        return self._triples(dict(self.rows(statements.DOCUMENT, (number, parts, *way))))

    def facts(
        self, iris: Sequence[str], numbers: dict[str, int], predicates: Sequence[str] = ()
    ) -> dict[str, dict[str, list[str]]]:
        """Terms by property of each of these things, in natural order; with `predicates`, those of these alone.

        `numbers` gets the numbers of the things and of all IRIs they point at, for `names`.
        """
        found: dict[str, dict[str, list[str]]] = {iri: {} for iri in iris}
        known = {number: found[iri] for iri, number in self.numbered(found, numbers).items()}
        for s, p, o, term in self._said(sorted(known), predicates):
            facts, name = known[s], self._names.get(p) or self._name(p)
            terms = facts.get(name)
            if terms is None:
                facts[name] = [term]
            elif terms[-1] != term:  # The same may be said in several graphs.
                terms.append(term)
            if term[0] == "<":
                numbers[term[1:-1]] = o
        return found

    def numbered(self, iris: Iterable[str], numbers: dict[str, int]) -> dict[str, int]:
        """The numbers of those that occur; `numbers` are those known already, and gets the others."""
        every = list(iris)
        if missing := [f"<{iri}>" for iri in every if iri not in numbers]:
            rows = self.rows(statements.NUMBERED, (json.dumps(missing),))
            numbers.update((term[1:-1], number) for term, number in rows)
        return {iri: numbers[iri] for iri in every if iri in numbers}

    def names(self, numbers: Mapping[str, int]) -> dict[str, dict[str, str]]:
        """As `labels`, of things whose numbers are known."""
        iris = {number: iri for iri, number in numbers.items()}
        found: dict[str, dict[str, str]] = {}
        for number, lang, text in self.rows(statements.NAMES, (json.dumps(sorted(iris)),)):
            found.setdefault(iris[number], {})[lang] = text
        return found

    def briefs(self, iris: Iterable[str], numbers: dict[str, int]) -> dict[str, list[Any]]:
        """What lists show of initiatives, actions and indicators (see `dxlod.site.briefs`); not of what is none.

        `numbers` as in `numbered`.
        """
        known = {number: iri for iri, number in self.numbered(iris, numbers).items()}
        rows = self.rows(statements.BRIEFS, (json.dumps(sorted(known)),)) if known else []
        # All of them read in one go, which takes half the time.
        found = json.loads(f"[{','.join(text for _, text in rows)}]")
        return {known[number]: brief for (number, _), brief in zip(rows, found, strict=True)}

    def passages(self, iris: Iterable[str], numbers: dict[str, int]) -> dict[str, list[Passage]]:
        """The lines that each of these things was read from, where there are any. `numbers` as in `numbered`."""
        known = {number: iri for iri, number in self.numbered(iris, numbers).items()}
        found: dict[str, list[Passage]] = {}
        rows = self.rows(statements.PASSAGES, (json.dumps(sorted(known)), f"<{DXO.sourceFragment}>"))
        for s, fragment, document, start, end in rows:
            passage = Passage(fragment[1:-1], self._names.get(document) or self._name(document), start, end)
            passages = found.setdefault(known[s], [])
            if passage not in passages[-1:]:
                passages.append(passage)
        return found

    def text(self, iri: str, predicate: str, lang: str = "") -> str | None:
        """Text of the literal that suits the language best: it, else ja, none, en, any; None without a literal."""
        found = [literal_parts(term) for term in self.objects(iri, predicate) if not is_iri(term)]
        order = (lang, "ja", "", "en") if lang else ("", "ja", "en")
        ranked = sorted(found, key=lambda p: order.index(p.language) if p.language in order else len(order))
        return ranked[0].text if ranked else None

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Names by language ('' = none) of those that have one; values, fragments and the like have a made one."""
        found: dict[str, dict[str, str]] = {}
        terms = list(dict.fromkeys(f"<{iri}>" for iri in iris))
        for term, lang, text in self.rows(statements.LABELS, (json.dumps(terms),)) if terms else ():
            found.setdefault(term[1:-1], {})[lang] = text
        return found

    def label(self, iri: str, lang: str) -> str:
        """The best name: in the language, else ja, en, of no language; else the end of the IRI."""
        names = self.labels([iri]).get(iri, {})
        return next((names[tag] for tag in (lang, "ja", "en", "") if tag in names), local_name(iri))

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

    def _triples(self, subjects: Mapping[int, str]) -> list[Triple]:
        """All triples with these subjects, terms by number."""
        # A dictionary, because the same may be said in several graphs.
        found = {(s, p, o): term for s, p, o, term in self._said(sorted(subjects))}
        return [Triple(subjects[s], f"<{self._name(p)}>", term) for (s, p, _), term in found.items()]

    def _said(
        self, numbers: Sequence[int], predicates: Sequence[str] = ()
    ) -> list[tuple[int, int, int, str]]:
        """(subject, property, object, term of the object) of these subjects, in the order of all of them."""
        if not predicates:
            return self.rows(statements.SAID, (json.dumps(numbers),))
        return self.rows(statements.SAID_OF, (json.dumps(numbers), json.dumps(list(self._known(predicates)))))
