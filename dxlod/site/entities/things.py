"""Facts of many things at once: what the pages of entities ask the index for, in few questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE, is_iri, literal_parts
from dxlod.site.iris import OA, local_name
from dxlod.site.pages.example import Lines
from dxlod.site.reader import SiteReader

__all__ = ["Things", "edition_of", "first", "year_of"]

VALUE_OF = (DXO.baseline, DXO.target, DXO.actual, DXO.indicatorValue)
_SPOKEN = frozenset(
    (DXO.sourceFragment, DXO.hasCorrection, DXO.hasGlossaryTerm, DXO.hasPhase, *VALUE_OF, RDF_TYPE[1:-1])
)
"""Properties whose values pages name in another way than by a label, so that none is looked up."""


def first(values: Iterable[str]) -> str:
    """The first of some, '' of none."""
    return next(iter(values), "")


def edition_of(iri: str) -> str:
    """The plan edition that an IRI is below, '' where it is below none."""
    base, found, rest = iri.partition("/id/plan/")
    parts = rest.split("/")
    return f"{base}{found}{'/'.join(parts[:3])}" if len(parts) >= 3 else ""


def year_of(iri: str) -> int | None:
    """The year in which a fiscal year begins, of its IRI; None of anything else."""
    text = local_name(iri) if "/fy/" in iri else ""
    return int(text) if text.isdecimal() else None


class Things:
    """Things of the index by IRI, read as they are asked for and only once; for one page, so not for threads."""

    def __init__(self, reader: SiteReader) -> None:
        self.reader = reader
        self._facts: dict[str, dict[str, list[str]]] = {}
        self._numbers: dict[str, int] = {}
        self._unnamed: set[str] = set()
        self._named: set[str] = set()

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

    def name(self, iris: Iterable[str]) -> list[str]:
        """Things of which the page shows nothing but the name; returns them, each once."""
        every = list(dict.fromkeys(iris))
        self._named.update(every)
        return every

    def terms(self, iri: str, predicate: str) -> list[str]:
        """Values of a property in N-Triples syntax."""
        if iri not in self._facts:
            self.read([iri])
        return self._facts[iri].get(predicate, [])

    def iris(self, iri: str, *predicates: str) -> list[str]:
        """IRIs that a thing has for these properties, in their natural order."""
        return [term[1:-1] for name in predicates for term in self.terms(iri, name) if is_iri(term)]

    def iri(self, iri: str, predicate: str) -> str:
        """The first IRI for a property, '' where there is none."""
        return first(self.iris(iri, predicate))

    def follow(self, iris: Iterable[str], *predicates: str, named: bool = True) -> list[str]:
        """Everything that these things have for the properties, read, each once, in order; `named` as in `read`."""
        every = self.read(iris)
        return self.read((found for iri in every for found in self.iris(iri, *predicates)), named=named)

    def text(self, iri: str, predicate: str, lang: str = "") -> str:
        """The literal that suits best: of the language, else Japanese, of none, any; '' where there is none."""
        found = [literal_parts(term) for term in self.terms(iri, predicate) if not is_iri(term)]
        for tag in (lang, "ja", ""):
            for part in found:
                if part.language == tag:
                    return part.text
        return found[0].text if found else ""

    def texts(self, iri: str, predicate: str) -> dict[str, str]:
        """One literal for each language."""
        parts = (literal_parts(term) for term in self.terms(iri, predicate) if not is_iri(term))
        return {part.language: part.text for part in reversed(list(parts))}

    def whole(self, iri: str, predicate: str) -> int:
        """A whole number, 0 where there is none."""
        text = self.text(iri, predicate)
        return int(text) if text.isdecimal() else 0

    def decimal(self, iri: str, predicate: str) -> Decimal | None:
        """A number, None where there is none."""
        try:
            return Decimal(self.text(iri, predicate))
        except InvalidOperation:
            return None

    def code(self, iri: str, predicate: str, names: Collection[str], other: str = "") -> str:
        """The end of the IRI of a code, if it is one of these names, which pages have words for; else `other`."""
        name = local_name(self.iri(iri, predicate))
        return name if name in names else other

    def flag(self, iri: str, predicate: str) -> bool | None:
        """What a boolean says, None where nothing is said."""
        return {"true": True, "1": True, "false": False, "0": False}.get(self.text(iri, predicate))

    def year(self, iri: str, predicate: str) -> int | None:
        """The fiscal year that a thing has for a property."""
        return year_of(self.iri(iri, predicate))

    def kinds(self, iri: str) -> list[str]:
        """The classes of a thing."""
        return self.iris(iri, RDF_TYPE[1:-1])

    def gaps(self, iri: str) -> dict[str, str]:
        """Properties that the source leaves open: `unknown` or `none` by IRI of the property."""
        none = dict.fromkeys(self.iris(iri, DXO.statedNone), "none")
        return none | dict.fromkeys(self.iris(iri, DXO.unknown), "unknown")

    def ordered(self, iris: Iterable[str]) -> list[str]:
        """Things in the order in which the plan prints them."""
        return sorted(self.read(iris), key=lambda iri: self.whole(iri, DXO.order))

    def lines(self, *iris: str) -> list[Lines]:
        """Where the source says what is known of these things, by document and line."""
        fragments = self.follow(iris, DXO.sourceFragment, named=False)
        found = [
            Lines(
                fragment,
                self.iri(fragment, f"{OA}hasSource"),
                self.whole(fragment, DXO.startLine),
                self.whole(fragment, DXO.endLine) or self.whole(fragment, DXO.startLine),
            )
            for fragment in fragments
        ]
        self._named.update(item.document for item in found)
        return sorted((item for item in found if item.start), key=lambda item: (item.document, item.start))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Names of the things read and of what they point at."""
        shown: set[str] = set()
        for iri, facts in self._facts.items():
            if iri not in self._unnamed:
                shown.add(iri)
                for predicate, terms in facts.items():
                    if predicate not in _SPOKEN:
                        shown.update(term[1:-1] for term in terms if term[0] == "<")
        known = {iri: self._numbers[iri] for iri in shown if iri in self._numbers}
        return {**self.reader.names(known), **self.reader.labels(self._named.difference(known))}
