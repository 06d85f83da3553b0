"""Facts of many things at once: what the pages of entities ask the index for, in few questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE
from dxlod.site.entities.sayings import Sayings, first, year_of
from dxlod.site.reader import Passage, SiteReader

__all__ = ["Things", "edition_of", "first", "year_of"]

VALUE_OF = (DXO.baseline, DXO.target, DXO.actual, DXO.indicatorValue)
_SPOKEN = frozenset(
    (DXO.sourceFragment, DXO.hasCorrection, DXO.hasGlossaryTerm, DXO.hasPhase, *VALUE_OF, RDF_TYPE[1:-1])
)
"""Properties whose values pages name in another way than by a label, so that none is looked up."""


def edition_of(iri: str) -> str:
    """The plan edition that an IRI is below, '' where it is below none."""
    base, found, rest = iri.partition("/id/plan/")
    parts = rest.split("/")
    return f"{base}{found}{'/'.join(parts[:3])}" if len(parts) >= 3 else ""


class Things(Sayings):
    """Things of the index by IRI, read as they are asked for and only once; for one page, so not for threads."""

    def __init__(self, reader: SiteReader) -> None:
        self.reader = reader
        self._facts: dict[str, dict[str, list[str]]] = {}
        super().__init__(self._facts)
        self._numbers: dict[str, int] = {}
        self._unnamed: set[str] = set()
        self._named: set[str] = set()
        self._given: dict[str, Mapping[str, str]] = {}
        self._passages: dict[str, list[Passage]] = {}

    def read(self, iris: Iterable[str], *, named: bool = True) -> list[str]:
        """Read all of these in one go; returns them, each once.

        Of those that the page does not name (`named`), neither they nor what they point at is looked up for a name.
        """
        every = list(dict.fromkeys(iris))
        if missing := [iri for iri in every if iri not in self._facts]:
            self._facts |= self.reader.facts(missing, self._numbers)
            if not named:
                self._unnamed.update(missing)
        return every

    def some(self, iris: Iterable[str], *predicates: str) -> dict[str, dict[str, list[str]]]:
        """These properties of things at least; neither they nor what they point at is named by that."""
        every = list(dict.fromkeys(iris))
        missing = [iri for iri in every if iri not in self._facts]
        found = self.reader.facts(missing, self._numbers, predicates) if missing else {}
        return {iri: found[iri] if iri in found else self._facts[iri] for iri in every}

    def name(self, iris: Iterable[str]) -> list[str]:
        """Things of which the page shows nothing but the name; returns them, each once."""
        every = list(dict.fromkeys(iris))
        self._named.update(every)
        return every

    def give(self, names: Mapping[str, Mapping[str, str]]) -> None:
        """Names of things that are known already, so that they need not be looked up."""
        self._given.update(names)

    def names(self) -> dict[str, Mapping[str, str]]:
        """The names of those that were named (`name`), by IRI and language."""
        found = self.labels(())
        return {iri: found[iri] for iri in self._named if iri in found}

    def terms(self, iri: str, predicate: str) -> Sequence[str]:
        """Values of a property in N-Triples syntax."""
        facts = self._facts.get(iri)
        if facts is None:
            self.read([iri])
            facts = self._facts[iri]
        return facts.get(predicate, ())

    def follow(self, iris: Iterable[str], *predicates: str, named: bool = True) -> list[str]:
        """Everything that these things have for the properties, read, each once, in order; `named` as in `read`."""
        every = self.read(iris)
        return self.read((found for iri in every for found in self.iris(iri, *predicates)), named=named)

    def ordered(self, iris: Iterable[str]) -> list[str]:
        """Things in the order in which the plan prints them, each once."""
        return super().ordered(self.read(iris))

    def in_order(self, iris: Iterable[str]) -> list[str]:
        """As `ordered`, of things of which the page shows nothing but the name."""
        every = self.name(iris)
        return Sayings(self.some(every, DXO.order)).ordered(every)

    def briefs(self, iris: Iterable[str]) -> dict[str, list[Any]]:
        """See `SiteReader.briefs`."""
        return self.reader.briefs(iris, self._numbers)

    def locate(self, iris: Iterable[str]) -> None:
        """Read where the source says what is known of these things, in one go for `lines`."""
        if missing := [iri for iri in dict.fromkeys(iris) if iri not in self._passages]:
            found = self.reader.passages(missing, self._numbers)
            self._passages.update((iri, found.get(iri, [])) for iri in missing)

    def lines(self, *iris: str) -> list[Passage]:
        """Where the source says what is known of these things, by document and line."""
        self.locate(iris)
        found = list(dict.fromkeys(chain.from_iterable(self._passages[iri] for iri in iris)))
        self._named.update(item.document for item in found)
        return sorted(found, key=lambda item: (item.document, item.start))

    def labels(self, known: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Names of the things read and of what they point at; `known` are those that need no looking up."""
        shown = set(self._named)
        for iri, facts in self._facts.items():
            if iri not in self._unnamed:
                shown.add(iri)
                for predicate, terms in facts.items():
                    if predicate not in _SPOKEN:
                        shown.update(term[1:-1] for term in terms if term[0] == "<")
        shown.difference_update(self._given, known)
        numbers = {iri: self._numbers[iri] for iri in shown if iri in self._numbers}
        found = self.reader.names(numbers) if numbers else {}
        return {**self._given, **found, **self.reader.labels(shown.difference(numbers))}
