"""Writing RDF as facts: a node is its IRI, its classes, and pairs of property and value, in prefixed names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dxlod.catalog.publisher import Text
from dxlod.release.formats import PREFIXES
from dxlod.release.terms import RDF_TYPE, XSD, Triple, literal

__all__ = ["Fact", "day", "expand", "iri", "iris", "node", "number", "plain", "texts"]

Fact = tuple[str, str]
"""A property as prefixed name, and a value as N-Triples term; '' is no value, and the fact is left out."""

_SPACES = dict(PREFIXES)


def expand(name: str) -> str:
    """The IRI of a prefixed name; KeyError for an unknown prefix."""
    prefix, _, local = name.partition(":")
    return f"{_SPACES[prefix]}{local}"


def node(subject: str, classes: Iterable[str], facts: Iterable[Fact]) -> Iterator[Triple]:
    """The triples of one node; its classes are prefixed names."""
    here = f"<{subject}>"
    for name in classes:
        yield Triple(here, RDF_TYPE, f"<{expand(name)}>")
    for name, value in facts:
        if value:
            yield Triple(here, f"<{expand(name)}>", value)


def iri(value: str) -> str:
    """An IRI as term; '' stays ''."""
    return f"<{value}>" if value else ""


def iris(name: str, values: Iterable[str]) -> Iterator[Fact]:
    """One fact for each IRI."""
    return ((name, iri(value)) for value in values)


def texts(name: str, text: Text) -> Iterator[Fact]:
    """A text in both languages."""
    for value, language in ((text.ja, "ja"), (text.en, "en")):
        yield name, literal(value, language=language) if value else ""


def plain(value: str, datatype: str = "") -> str:
    """A literal, of an XSD datatype by its local name where one is given; '' stays ''."""
    return literal(value, f"{XSD}{datatype}" if datatype else "") if value else ""


def number(value: int) -> str:
    """A count or a size."""
    return literal(str(value), f"{XSD}nonNegativeInteger")


def day(value: str) -> str:
    """A date; '' stays ''."""
    return plain(value, "date")
