"""What a thing said before and says now, property by property: the old values beside the new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dxlod.namespaces import ONTOLOGY
from dxlod.release.formats import prefixed
from dxlod.release.terms import Quad, Triple, is_iri, literal_parts
from dxlod.release.words import Text

__all__ = ["ValueChange", "property_names", "shown", "value_changes"]

_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_LONGEST = 120
_NAMES = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": Text("種類", "kind"),
    "http://www.w3.org/2000/01/rdf-schema#label": Text("名称", "name"),
    "http://www.w3.org/2004/02/skos/core#prefLabel": Text("名称", "name"),
    "http://www.w3.org/2004/02/skos/core#definition": Text("定義", "definition"),
    "http://purl.org/dc/terms/title": Text("題名", "title"),
    "http://purl.org/dc/terms/publisher": Text("発行者", "publisher"),
    "http://purl.org/dc/terms/issued": Text("公表日", "date of issue"),
}


class ValueChange(NamedTuple):
    """A property whose values differ: its IRI, the values that went and those that came, terms in N-Triples syntax."""

    property: str
    before: tuple[str, ...]
    now: tuple[str, ...]


def value_changes(
    removed: Iterable[Quad | Triple], added: Iterable[Quad | Triple]
) -> tuple[ValueChange, ...]:
    """The differing properties of one subject, by IRI. What only moved from one graph to another is no change."""
    old, new = ({(item.p[1:-1], item.o) for item in items} for items in (removed, added))
    before, now = _by_property(old - new), _by_property(new - old)
    return tuple(
        ValueChange(name, before.get(name, ()), now.get(name, ())) for name in sorted({*before, *now})
    )


def _by_property(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, term in sorted(pairs):
        found[name] = (*found.get(name, ()), term)
    return found


def property_names(quads: Iterable[Quad]) -> dict[str, Text]:
    """What properties are called in the ontology among these quads, and a few of others, by IRI."""
    labels: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.p == _LABEL and quad.s.startswith(f"<{ONTOLOGY}#") and not is_iri(quad.o):
            parts = literal_parts(quad.o)
            labels.setdefault(quad.s[1:-1], {})[parts.language] = parts.text
    own = {iri: Text(text.get("ja", ""), text.get("en", "")) for iri, text in labels.items()}
    return {**_NAMES, **own}


def shown(term: str) -> str:
    """A value for people: the text of a literal within 「」 with its language, an IRI in short."""
    if is_iri(term):
        return prefixed(term[1:-1])
    parts = literal_parts(term)
    text = parts.text if len(parts.text) <= _LONGEST else f"{parts.text[:_LONGEST]}…"
    return f"「{text}」{f'@{parts.language}' if parts.language else ''}"
