"""The subjects of a release: of each, in each named graph, a short digest of what is said, its kind and its label.

They are what the ledger keeps of a publication, so that later releases can say what came, went and changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Literal, NamedTuple

from dxlod.release.terms import RDF_TYPE, Quad, iri_of, is_iri, literal_parts

__all__ = [
    "Change",
    "Subjects",
    "Thing",
    "What",
    "compare",
    "replacements",
    "subjects_of",
]

_REPLACED_BY = "<http://purl.org/dc/terms/isReplacedBy>"
_LABELS = (
    "<http://www.w3.org/2000/01/rdf-schema#label>",
    "<http://www.w3.org/2004/02/skos/core#prefLabel>",
    "<http://purl.org/dc/terms/title>",
)
_OWN = "<https://w3id.org/dxlod/ns#"
_DIGITS = 12
_LONGEST = 100


class Thing(NamedTuple):
    """A subject in one graph: 12 hex digits over its triples there, IRI of its class, Japanese and English label."""

    digest: str
    kind: str
    ja: str
    en: str


Subjects = Mapping[tuple[str, str], Thing]
"""Things by graph IRI and subject IRI."""


What = Literal["came", "went", "changed"]


class Change(NamedTuple):
    """A subject that came, went or changed, called as it was called last, and the graphs in which it did so."""

    iri: str
    what: What
    thing: Thing
    graphs: tuple[str, ...]


def subjects_of(quads: Iterable[Quad], bare: bool = False) -> dict[tuple[str, str], Thing]:
    """The things that sorted quads speak of, by graph and subject.

    A subject without a class is not there, unless `bare`: it went, and what is left are notes on it, such as what
    replaces it or its English name.
    """
    found: dict[tuple[str, str], Thing] = {}
    for subject, group in groupby(quads, key=lambda quad: quad.s):
        described = list(group)
        kind, (ja, en) = _kind(described), _label(described)
        if not (kind or bare):
            continue
        for graph, lines in _by_graph(described):
            digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGITS]
            found[graph, iri_of(subject)] = Thing(digest, kind, ja, en)
    return found


def replacements(quads: Iterable[Quad]) -> dict[str, list[str]]:
    """What replaces a thing, by its IRI, as curated."""
    found: dict[str, list[str]] = {}
    for quad in quads:
        if (
            quad.p == _REPLACED_BY
            and is_iri(quad.o)
            and iri_of(quad.o) not in found.setdefault(iri_of(quad.s), [])
        ):
            found[iri_of(quad.s)].append(iri_of(quad.o))
    return {iri: sorted(others) for iri, others in found.items()}


def compare(before: Subjects, now: Subjects) -> list[Change]:
    """What is another in one set of subjects than in an earlier one, sorted by IRI."""
    graphs: dict[str, list[str]] = {}
    for graph, iri in sorted(key for key in {*before, *now} if before.get(key) != now.get(key)):
        graphs.setdefault(iri, []).append(graph)
    was, present = ({iri for _, iri in subjects} for subjects in (before, now))
    return [
        Change(iri, _what(iri in was, iri in present), _called(iri, touched, now, before), tuple(touched))
        for iri, touched in sorted(graphs.items())
    ]


def _what(was: bool, present: bool) -> What:
    return "changed" if was and present else "came" if present else "went"


def _called(iri: str, graphs: Iterable[str], *subjects: Subjects) -> Thing:
    return next(found for some in subjects for graph in graphs if (found := some.get((graph, iri))))


def _by_graph(quads: Iterable[Quad]) -> Iterator[tuple[str, list[str]]]:
    graphs: dict[str, list[str]] = {}
    for quad in quads:
        graphs.setdefault(quad.g, []).append(f"{quad.p} {quad.o}")
    return ((iri_of(graph), sorted(lines)) for graph, lines in sorted(graphs.items()))


def _kind(quads: Iterable[Quad]) -> str:
    """The class to call it by: of several, the vocabulary's own first; '' where it has none."""
    types = sorted(
        (quad.o for quad in quads if quad.p == RDF_TYPE), key=lambda term: (not term.startswith(_OWN), term)
    )
    return iri_of(types[0]) if types else ""


def _label(quads: Iterable[Quad]) -> tuple[str, str]:
    """Its Japanese and English label; what has no language counts as Japanese."""
    texts: dict[str, tuple[int, str]] = {}
    for quad in quads:
        if quad.p in _LABELS and not is_iri(quad.o):
            part = literal_parts(quad.o)
            rank = (_LABELS.index(quad.p), " ".join(part.text.split()))
            language = part.language.partition("-")[0] or "ja"
            texts[language] = min(rank, texts.get(language, rank))
    ja, en = (texts.get(language, (0, ""))[1] for language in ("ja", "en"))
    return _short(ja), _short(en)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
