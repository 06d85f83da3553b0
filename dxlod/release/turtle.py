"""Turtle 1.1 and TriG 1.1 that people read: prefixes, one block per subject, natural order, no blank nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from dxlod.release.formats import PREFIXES
from dxlod.release.terms import RDF_TYPE, XSD, Quad, Triple, natural_key, triples_by_subject

__all__ = ["trig", "turtle"]

_LOCAL = re.compile(r"[A-Za-z_0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_RELATIVE = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_TYPED = re.compile(r'(".*")\^\^<([^>]*)>', re.DOTALL)
_BARE = {
    f"{XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{XSD}boolean": re.compile(r"true|false"),
}
_FIRST = (
    RDF_TYPE,
    "<http://www.w3.org/2000/01/rdf-schema#label>",
    "<http://www.w3.org/2004/02/skos/core#prefLabel>",
)

Shorten = Callable[[str], str]


def turtle(triples: Iterable[Triple], base: str, first: str = "") -> Iterator[str]:
    """Turtle in pieces, the subject `first` first; IRIs under `base` (which ends in '/') are relative to it."""
    shorten = _shortener(base)
    blocks = list(_blocks(triples, shorten, first))
    yield from _head(base, blocks)
    for block in blocks:
        yield f"\n{block}\n"


def trig(quads: Iterable[Quad], base: str) -> Iterator[str]:
    """TriG in pieces, one block per named graph."""
    shorten = _shortener(base)
    graphs: dict[str, list[Triple]] = {}
    for quad in quads:
        graphs.setdefault(quad.g, []).append(Triple(quad.s, quad.p, quad.o))
    written = [
        (shorten(name), list(_blocks(graphs[name], shorten))) for name in sorted(graphs, key=natural_key)
    ]
    yield from _head(base, [text for name, blocks in written for text in (name, *blocks)])
    for name, blocks in written:
        yield f"\n{name} {{\n"
        for block in blocks:
            indented = block.replace("\n", "\n    ")
            yield f"\n    {indented}\n"
        yield "}\n"


def _head(base: str, texts: Iterable[str]) -> Iterator[str]:
    """Base and those prefixes that occur; a prefix that only occurs inside a literal does no harm."""
    used = set(re.findall(r"(?:^|[\s^])([a-z][a-z-]*):", " ".join(texts)))
    yield f"@base <{base}> .\n"
    for prefix, namespace in PREFIXES:
        if prefix in used:
            yield f"@prefix {prefix}: <{namespace}> .\n"


def _blocks(triples: Iterable[Triple], shorten: Shorten, first: str = "") -> Iterator[str]:
    for subject, group in triples_by_subject(triples, first):
        lines = [f"{verb} {objects}" for verb, objects in _predicates(group, shorten)]
        yield f"{shorten(subject)}\n    " + " ;\n    ".join(lines) + " ."


def _predicates(group: Iterable[Triple], shorten: Shorten) -> Iterator[tuple[str, str]]:
    by_predicate: dict[str, list[str]] = {}
    for triple in group:
        by_predicate.setdefault(triple.p, []).append(triple.o)
    for predicate in sorted(by_predicate, key=_rank):
        objects = sorted(
            by_predicate[predicate], key=lambda term: (not term.endswith("@ja"), natural_key(term))
        )
        verb = "a" if predicate == RDF_TYPE else shorten(predicate)
        yield verb, ", ".join(map(shorten, objects))


def _rank(predicate: str) -> tuple[int, str]:
    return (_FIRST.index(predicate) if predicate in _FIRST else len(_FIRST), predicate)


def _shortener(base: str) -> Shorten:
    """A function from a term to its short form; remembers IRIs, of which a few recur a great deal."""
    known: dict[str, str] = {}

    def shorten(term: str) -> str:
        if not term.startswith("<"):
            return _literal(term, shorten)
        if term not in known:
            known[term] = _iri(term[1:-1], base)
        return known[term]

    return shorten


def _iri(iri: str, base: str) -> str:
    for prefix, namespace in PREFIXES:
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    if iri.startswith(base) and _RELATIVE.fullmatch(iri, len(base)):
        return f"<{iri[len(base) :]}>"
    return f"<{iri}>"


def _literal(term: str, shorten: Shorten) -> str:
    if not term.endswith(">"):
        return term
    match = _TYPED.fullmatch(term)
    if match is None:
        return term
    quoted, datatype = match.groups()
    bare = _BARE.get(datatype)
    if bare is not None and bare.fullmatch(quoted, 1, len(quoted) - 1):
        return str(quoted[1:-1])
    return f"{quoted}^^{shorten(f'<{datatype}>')}"
