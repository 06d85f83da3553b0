"""What is said of things, as texts, numbers, years and codes: from facts that are at hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE, is_iri, literal_parts
from dxlod.site.iris import local_name

__all__ = ["Sayings", "first", "year_of"]

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def first(values: Iterable[str]) -> str:
    """The first of some, '' of none."""
    return next(iter(values), "")


def year_of(iri: str) -> int | None:
    """The year in which a fiscal year begins, of its IRI; None of anything else."""
    text = local_name(iri) if "/fy/" in iri else ""
    return int(text) if text.isdecimal() else None


class Sayings:
    """Facts of things: by IRI and property, terms in N-Triples syntax in natural order. Unknown things say nothing."""

    def __init__(self, facts: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._sayings = facts

    def terms(self, iri: str, predicate: str) -> Sequence[str]:
        """Values of a property in N-Triples syntax."""
        return self._sayings.get(iri, {}).get(predicate, ())

    def iris(self, iri: str, *predicates: str) -> list[str]:
        """IRIs that a thing has for these properties, in their natural order."""
        return [term[1:-1] for name in predicates for term in self.terms(iri, name) if term[0] == "<"]

    def iri(self, iri: str, predicate: str) -> str:
        """The first IRI for a property, '' where there is none."""
        for term in self.terms(iri, predicate):
            if term[0] == "<":
                return term[1:-1]
        return ""

    def text(self, iri: str, predicate: str, lang: str = "") -> str:
        """The literal that suits best: of the language, else Japanese, of none, any; '' where there is none."""
        found = [literal_parts(term) for term in self.terms(iri, predicate) if term[0] != "<"]
        if len(found) < 2:
            return found[0].text if found else ""
        for tag in (lang, "ja", ""):
            for part in found:
                if part.language == tag:
                    return part.text
        return found[0].text

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
        text = self.text(iri, predicate)
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            return None

    def code(self, iri: str, predicate: str, names: Collection[str], other: str = "") -> str:
        """The end of the IRI of a code, if it is one of these names, which pages have words for; else `other`."""
        name = local_name(self.iri(iri, predicate))
        return name if name in names else other

    def flag(self, iri: str, predicate: str) -> bool | None:
        """What a boolean says, None where nothing is said."""
        return _FLAGS.get(self.text(iri, predicate))

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
        """Things in the order in which the plan prints them, each once."""
        return sorted(dict.fromkeys(iris), key=lambda iri: self.whole(iri, DXO.order))
