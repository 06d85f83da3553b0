"""Facts of many things at once: what the pages of entities ask the index for, in few questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE, is_iri, literal_parts
from dxlod.site.iris import OA, local_name
from dxlod.site.pages.example import Lines
from dxlod.site.reader import SiteReader

__all__ = ["Things", "first", "year_of"]

_SPOKEN = frozenset((DXO.sourceFragment, DXO.hasCorrection, DXO.hasGlossaryTerm))
"""Properties whose values pages name in another way than by a label, so that none is looked up."""


def first(values: Iterable[str]) -> str:
    """The first of some, '' of none."""
    return next(iter(values), "")


def year_of(iri: str) -> int | None:
    """The year in which a fiscal year begins, of its IRI; None of anything else."""
    text = local_name(iri) if "/fy/" in iri else ""
    return int(text) if text.isdecimal() else None


class Things:
    """Things of the index by IRI, read as they are asked for and only once; for one page, so not for threads."""

    def __init__(self, reader: SiteReader) -> None:
        self.reader = reader
        self._facts: dict[str, dict[str, list[str]]] = {}

    def read(self, iris: Iterable[str]) -> list[str]:
        """Read all of these in one go; returns them, each once."""
        every = list(dict.fromkeys(iris))
        missing = [iri for iri in every if iri not in self._facts]
        for iri in missing:
            self._facts[iri] = {}
        for triple in self.reader.describe_all(missing):
            self._facts[triple.s[1:-1]].setdefault(triple.p[1:-1], []).append(triple.o)
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

    def follow(self, iris: Iterable[str], *predicates: str) -> list[str]:
        """Everything that these things have for the properties, read, each once, in order."""
        return self.read(found for iri in self.read(iris) for found in self.iris(iri, *predicates))

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
        fragments = self.follow(iris, DXO.sourceFragment)
        found = [
            Lines(
                fragment,
                self.iri(fragment, f"{OA}hasSource"),
                self.whole(fragment, DXO.startLine),
                self.whole(fragment, DXO.endLine) or self.whole(fragment, DXO.startLine),
            )
            for fragment in fragments
        ]
        return sorted((item for item in found if item.start), key=lambda item: (item.document, item.start))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Names of all things read and of all they point at."""
        shown: dict[str, None] = {}
        for iri, facts in self._facts.items():
            shown[iri] = None
            for predicate, terms in facts.items():
                if predicate not in _SPOKEN:
                    shown.update((term[1:-1], None) for term in terms if term.startswith("<"))
        return self.reader.labels(shown)
