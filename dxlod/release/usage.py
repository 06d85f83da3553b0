"""Where the terms of the vocabulary occur in the data: counted from the quads of a release, never estimated.

A thing counts under the most special of its classes in our namespace, or else under all of its classes, so that
what a subclass says is not counted again for its superclass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dxlod.release.formats import prefixed
from dxlod.release.terms import RDF_TYPE, Quad, Triple, is_iri, natural_key
from dxlod.release.turtle import turtle

__all__ = ["Usage", "count_usage", "examples"]

_DXO = "<https://w3id.org/dxlod/ns#"
_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_LONGEST = 14
_MOST = 3


@dataclass(frozen=True)
class Usage:
    """Counts by IRI (without brackets).

    `instances`: things of each class. `triples`: triples of each property. `carried`: for each class, how many of
    its things have each property. `links`: (class, property, class) → triples between things of the two.
    `typed`: literals of each datatype in our namespace.
    """

    instances: Mapping[str, int] = field(default_factory=dict)
    triples: Mapping[str, int] = field(default_factory=dict)
    carried: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    links: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    typed: Mapping[str, int] = field(default_factory=dict)

    def uses(self, iri: str) -> int:
        """How often the data use a term: as a class, as a property or as a datatype."""
        return self.instances.get(iri, 0) + self.triples.get(iri, 0) + self.typed.get(iri, 0)


def count_usage(quads: Iterable[Quad]) -> Usage:
    """Count the terms in these quads; a triple that stands in several graphs counts once."""
    triples = sorted({Triple(quad.s, quad.p, quad.o) for quad in quads})
    classes = _classes(triples)
    carried: dict[str, Counter[str]] = {}
    links: Counter[tuple[str, str, str]] = Counter()
    seen: set[tuple[str, str]] = set()
    for s, p, o in triples:
        for kind in classes.get(s, ()):
            if (s, p) not in seen:
                carried.setdefault(kind, Counter())[p[1:-1]] += 1
            if p != RDF_TYPE:
                links.update((kind, p[1:-1], other) for other in classes.get(o, ()))
        seen.add((s, p))
    return Usage(
        instances=_sorted(Counter(kind for kinds in classes.values() for kind in kinds)),
        triples=_sorted(Counter(p[1:-1] for _, p, _ in triples)),
        carried={kind: _sorted(counts) for kind, counts in sorted(carried.items())},
        links=dict(sorted(links.items())),
        typed=_sorted(Counter(o[o.index("^^<") + 3 : -1] for _, _, o in triples if f'"^^{_DXO}' in o)),
    )


def examples(quads: Sequence[Quad], base: str) -> dict[str, tuple[str, str]]:
    """For each class of ours, the IRI of one thing and what is said of it as Turtle without its head.

    The thing says as many different things as fit in a few lines; `base` ends in '/'.
    """
    triples = sorted({Triple(quad.s, quad.p, quad.o) for quad in quads})
    about: dict[str, list[Triple]] = {}
    for triple in triples:
        about.setdefault(triple.s, []).append(triple)
    members: dict[str, list[str]] = {}
    for subject, kinds in _classes(triples).items():
        for kind in kinds:
            members.setdefault(kind, []).append(subject)
    chosen = {
        kind: min(subjects, key=lambda subject: _rank(subject, about[subject]))
        for kind, subjects in sorted(members.items())
        if f"<{kind}".startswith(_DXO)
    }
    return {
        kind: (subject[1:-1], _snippet(about[subject], base, subject)) for kind, subject in chosen.items()
    }


def _rank(subject: str, said: Sequence[Triple]) -> tuple[bool, int, int, object]:
    """Short first, then what says most, then what comes first."""
    long = len(said) > _LONGEST
    return long, len(said) if long else -len({t.p for t in said}), len(said), natural_key(subject)


def _snippet(said: Sequence[Triple], base: str, subject: str) -> str:
    """Turtle without its head; of many objects the first few, and how many more there are as a comment."""
    objects: dict[str, list[Triple]] = {}
    for triple in sorted(said, key=lambda triple: natural_key(triple.o)):
        objects.setdefault(triple.p, []).append(triple)
    kept = [triple for group in objects.values() for triple in group[:_MOST]]
    more = {prefixed(p[1:-1]): len(group) - _MOST for p, group in objects.items() if len(group) > _MOST}
    lines = (line for line in "".join(turtle(kept, base, subject)).splitlines() if line)
    return "\n".join(_marked(line, more) for line in lines if not line.startswith(("@base", "@prefix")))


def _marked(line: str, more: Mapping[str, int]) -> str:
    left = more.get(line.strip().partition(" ")[0], 0)
    return f"{line}  # + {left}" if left else line


def _classes(triples: Sequence[Triple]) -> dict[str, tuple[str, ...]]:
    """The classes that each thing counts under."""
    above: dict[str, set[str]] = {}
    types: dict[str, set[str]] = {}
    for s, p, o in triples:
        if p == _SUBCLASS:
            above.setdefault(s, set()).add(o)
        elif p == RDF_TYPE and is_iri(o):
            types.setdefault(s, set()).add(o)
    return {subject: _most_special(kinds, above) for subject, kinds in types.items()}


def _most_special(kinds: set[str], above: Mapping[str, set[str]]) -> tuple[str, ...]:
    ours = {kind for kind in kinds if kind.startswith(_DXO)}
    general = {upper for kind in ours for upper in _ancestors(kind, above)}
    return tuple(sorted(kind[1:-1] for kind in (ours - general or kinds)))


def _ancestors(kind: str, above: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending = list(above.get(kind, ()))
    while pending:
        upper = pending.pop()
        if upper not in found:
            found.add(upper)
            pending.extend(above.get(upper, ()))
    return found


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))
