"""Which literals of a release have a text within them, and what has these literals: by index and not by looking at all.

A text and a literal are compared as `fold.key_of` makes both: NFKC, small letters, without white space and control
characters, one kind of dash. What is found is exactly where the one stands within the other; there are no words, no
weights and no thresholds. The best comes first: the whole literal, then what begins so, then the rest; short literals
before long ones; in the natural order of literals, properties and things where that is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dxlod.site.fold import key_of
from dxlod.site.reader import SiteReader

__all__ = ["LONGEST_TEXT", "Match", "find_matches", "is_used"]

LONGEST_TEXT = 200
"""Most characters of a text that is looked for, as for the search of the pages."""

_GRAM = 3
_MANY = 500
_LITERALS = (
    "SELECT l.id FROM literal l WHERE {conditions}"
    " ORDER BY CASE WHEN l.folded = :key THEN 0 WHEN instr(l.folded, :key) = 1 THEN 1 ELSE 2 END, length(l.folded), l.id"
    " LIMIT :count OFFSET :start"
)
_IN_GRAMS = "l.id IN (SELECT rowid FROM gram WHERE gram MATCH :grams)"
_IN_LANGUAGE = "(l.lang = :lang OR l.lang LIKE :lang || '-%')"
# Graph 0 is what describes the release and is none of its data: no query sees it.
_HOLDERS = "SELECT DISTINCT {p}, s FROM quad WHERE o = ? AND g != 0{wanted} ORDER BY 1, 2 LIMIT ?"


class Match(NamedTuple):
    """A thing, a property and the literal found, as terms in N-Triples syntax; '' for what was not asked for."""

    thing: str
    property: str
    literal: str


def find_matches(
    reader: SiteReader,
    text: str,
    *,
    most: int,
    language: str = "",
    properties: Sequence[str] = (),
    by_property: bool = True,
    by_literal: bool = True,
) -> list[Match]:
    """The first `most` matches of a text, each once, the best first.

    Only literals in `language` (or a variety of it; '' = any and none) that are values of one of `properties` (IRIs;
    none = of any). Without `by_property` or `by_literal` a thing is not told apart by its property or its literal. Empty
    for a text of which nothing is left when it is folded.
    """
    numbers = _numbers(reader, properties)
    if not key_of(text) or (properties and not numbers):
        return []
    holders = _HOLDERS.format(p="p" if by_property else "0", wanted=_among(numbers))
    found: dict[tuple[int, int, int], None] = {}
    for literal in _literals(reader, key_of(text), language, numbers, first=most):
        for p, s in reader.rows(holders, (literal, *numbers, most)):
            found.setdefault((s, p, literal if by_literal else 0))
        if len(found) >= most:
            break
    return _terms(reader, list(found)[:most])


def is_used(reader: SiteReader, iri: str) -> bool:
    """Whether something has this property."""
    sql = "SELECT 1 FROM property WHERE id = (SELECT id FROM term WHERE text = ?)"
    return bool(reader.rows(sql, (f"<{iri}>",)))


def _literals(
    reader: SiteReader, key: str, language: str, numbers: Sequence[int], first: int
) -> Iterator[int]:
    """The literals, best first; sorting as many as are wanted is quicker than sorting all, and nearly always enough."""
    values: dict[str, object] = {"key": key, "lang": language.lower(), "grams": _grams(key)}
    conditions = ["instr(l.folded, :key)"]
    if len(key) >= _GRAM:
        conditions.insert(0, _IN_GRAMS)
    if language:
        conditions.append(_IN_LANGUAGE)
    if numbers:
        wanted = ", ".join(str(int(number)) for number in numbers)
        conditions.append(f"EXISTS (SELECT 1 FROM quad WHERE o = l.id AND p IN ({wanted}))")
    sql = _LITERALS.format(conditions=" AND ".join(conditions))
    for start, count in ((0, first), (first, -1)):
        rows = reader.rows(sql, {**values, "start": start, "count": count})
        yield from (row[0] for row in rows)
        if len(rows) < first:
            break


def _grams(key: str) -> str:
    """All of the text in pieces of three; where exactly they stand is looked at in what is found."""
    starts = [*range(0, len(key) - _GRAM, _GRAM), max(0, len(key) - _GRAM)]
    pieces = (key[at : at + _GRAM].replace('"', '""') for at in starts)
    return " AND ".join(f'"{piece}"' for piece in pieces)


def _among(numbers: Sequence[int]) -> str:
    return f" AND p IN ({', '.join('?' for _ in numbers)})" if numbers else ""


def _numbers(reader: SiteReader, properties: Sequence[str]) -> list[int]:
    terms = [f"<{iri}>" for iri in properties]
    marks = ", ".join("?" for _ in terms)
    return [row[0] for row in reader.rows(f"SELECT id FROM term WHERE text IN ({marks}) ORDER BY id", terms)]


def _terms(reader: SiteReader, found: Sequence[tuple[int, int, int]]) -> list[Match]:
    numbers = sorted({number for row in found for number in row})
    texts = {0: ""}
    for start in range(0, len(numbers), _MANY):
        some = numbers[start : start + _MANY]
        marks = ", ".join("?" for _ in some)
        texts.update(reader.rows(f"SELECT id, text FROM term WHERE id IN ({marks})", some))
    return [Match(*(texts[number] for number in row)) for row in found]
