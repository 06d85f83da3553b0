"""Code lists and topic schemes with their concepts, and how often the data use each (SKOS)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dxlod.release.terms import Quad, is_iri, literal_parts, natural_key

__all__ = ["Concept", "Scheme", "list_schemes"]

_SKOS = "http://www.w3.org/2004/02/skos/core#"

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Concept:
    """One concept: IRI, notation, labels and definitions by language, and how many triples have it as their object."""

    iri: str
    notation: str
    labels: Texts
    definitions: Texts
    uses: int


@dataclass(frozen=True)
class Scheme:
    """One scheme and its concepts, in natural order of their IRIs."""

    iri: str
    labels: Texts
    definitions: Texts
    concepts: tuple[Concept, ...]


def list_schemes(quads: Iterable[Quad]) -> tuple[Scheme, ...]:
    """The schemes of these quads. What relates concepts to one another and to their schemes is no use of them."""
    said: dict[str, dict[str, list[str]]] = {}
    uses: Counter[str] = Counter()
    for s, p, o in sorted({(quad.s, quad.p, quad.o) for quad in quads}):
        if p.startswith(f"<{_SKOS}"):
            said.setdefault(s, {}).setdefault(p[len(_SKOS) + 1 : -1], []).append(o)
        elif is_iri(o):
            uses[o] += 1
    members: dict[str, list[str]] = {}
    for subject, facts in said.items():
        for scheme in facts.get("inScheme", ()):
            members.setdefault(scheme, []).append(subject)
    return tuple(
        Scheme(
            scheme[1:-1],
            *_names(said.get(scheme, {})),
            tuple(_concept(one, said[one], uses[one]) for one in sorted(concepts, key=natural_key)),
        )
        for scheme, concepts in sorted(members.items(), key=lambda item: natural_key(item[0]))
    )


def _concept(iri: str, facts: Mapping[str, list[str]], uses: int) -> Concept:
    notation = next((literal_parts(term).text for term in facts.get("notation", ())), "")
    return Concept(iri[1:-1], notation, *_names(facts), uses)


def _names(facts: Mapping[str, list[str]]) -> tuple[Texts, Texts]:
    return _texts(facts.get("prefLabel", ())), _texts(facts.get("definition", ()))


def _texts(terms: Iterable[str]) -> Texts:
    parts = (literal_parts(term) for term in terms)
    return {part.language: part.text for part in parts}
