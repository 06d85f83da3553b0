"""RDF terms and quads as N-Quads text (https://www.w3.org/TR/n-quads/), which is how a release handles them.

A term is a `str` in N-Quads syntax (`<iri>`, `"text"@ja`, `"2025"^^<datatype>`); a quad is a tuple of them. Nothing
is normalised but what the format itself leaves open, so the dumps say exactly what was mapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from dxlod.errors import ReleaseError

__all__ = [
    "RDF_TYPE",
    "XSD",
    "Literal",
    "Quad",
    "Triple",
    "iri_of",
    "is_iri",
    "literal",
    "literal_parts",
    "natural_key",
    "parse_quads",
    "triples_by_subject",
    "write_literal",
]

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

_IRI = r"<[^<>\"{}|^`\x00-\x20]*>"
_LITERAL = rf'"(?:[^"\\\n\r]|\\.)*"(?:\^\^{_IRI}|@[A-Za-z]+(?:-[A-Za-z0-9]+)*)?'
_LINE = re.compile(rf"\s*({_IRI})\s*({_IRI})\s*({_IRI}|{_LITERAL})\s*({_IRI})\s*\.\s*")
_PARTS = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?', re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_NUMBERS = re.compile(r"([0-9]+)")
_XSD_STRING = f"^^<{XSD}string>"
_SIGNS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_TO_ESCAPE = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_UNSAFE = re.compile(r'[\\"\n\r]')


class Quad(NamedTuple):
    """Subject, predicate, object and graph, each a term in N-Quads syntax."""

    s: str
    p: str
    o: str
    g: str

    @property
    def line(self) -> str:
        """The quad as a line of N-Quads, without the line feed."""
        return f"{self.s} {self.p} {self.o} {self.g} ."


class Triple(NamedTuple):
    """Subject, predicate and object, each a term in N-Triples syntax."""

    s: str
    p: str
    o: str

    @property
    def line(self) -> str:
        """The triple as a line of N-Triples, without the line feed."""
        return f"{self.s} {self.p} {self.o} ."


class Literal(NamedTuple):
    """A literal taken apart: unescaped text, datatype IRI ('' when it has a language) and language tag ('' if none)."""

    text: str
    datatype: str
    language: str


def parse_quads(lines: Iterable[str]) -> Iterator[Quad]:
    """Quads of N-Quads lines; ReleaseError for a line that is none, has a blank node or names no graph."""
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ReleaseError(
                f"写像の出力 {number} 行目は、空白ノードのない N-Quads の行ではありません: {line.strip()[:200]}",
                f"Line {number} of the mapped quads is no N-Quads line without blank nodes: {line.strip()[:200]}",
                mend_ja="空白ノードの代わりに IRI を付け、グラフを明示してください。",
                mend_en="Mint an IRI instead of a blank node, and name the graph.",
            )
        s, p, o, g = match.groups()
        yield Quad(s, p, o.removesuffix(_XSD_STRING), g)


def is_iri(term: str) -> bool:
    """Whether the term is an IRI."""
    return term.startswith("<")


def iri_of(term: str) -> str:
    """The IRI of an IRI term, with its numeric escapes resolved."""
    return _unescape(term[1:-1])


@lru_cache(maxsize=4096)
def literal_parts(term: str) -> Literal:
    """A literal term taken apart; ReleaseError when it is none."""
    match = _PARTS.fullmatch(term)
    if match is None:
        raise ReleaseError(f"リテラルではありません: {term[:200]}", f"Not a literal: {term[:200]}")
    text, datatype, language = match.groups()
    if language:
        return Literal(_unescape(text), "", language)
    return Literal(_unescape(text), datatype or f"{XSD}string", "")


def literal(text: str, datatype: str = "", language: str = "") -> str:
    """A literal term from its text and a datatype IRI or a language tag."""
    return write_literal(text) + (f"@{language}" if language else f"^^<{datatype}>" if datatype else "")


def write_literal(text: str) -> str:
    """The quoted form of a text, in the canonical escapes of N-Triples."""
    return f'"{_UNSAFE.sub(lambda found: _TO_ESCAPE[found.group()], text)}"'


def natural_key(term: str) -> tuple[tuple[str | int, ...], str]:
    """Sorting key under which item 2 comes before item 10 and a thing before its parts."""
    parts = _NUMBERS.split(term[1:-1])
    return tuple(int(part) if at % 2 else part for at, part in enumerate(parts)), term


def triples_by_subject(triples: Iterable[Triple], first: str = "") -> list[tuple[str, list[Triple]]]:
    """Triples grouped by subject; `first`, then the others in natural order; triples in the order they came in."""
    groups: dict[str, list[Triple]] = {}
    for triple in triples:
        groups.setdefault(triple.s, []).append(triple)
    return sorted(groups.items(), key=lambda group: (group[0] != first, natural_key(group[0])))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    short, long, sign = found.groups()
    if sign:
        return _SIGNS.get(sign, sign)
    return chr(int(short or long, 16))
