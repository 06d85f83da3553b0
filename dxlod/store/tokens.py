"""The words and signs of a query, in every way that a parser could read them (SPARQL 1.1 Query, 19.8).

The grammar's tokens are the longest that match, but the embedded parser knows no tokens: it reads `?a<#x>` as "less
than" and a comment where an expression may go on, and as an IRI where a term may stand. Where the two readings differ
in what they hide, both are followed; they are followed from left to right and meet again, so the work stays linear.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Scan", "Token", "plain_words", "scan"]

_POINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"""\\[tbnrf"'\\]|{_POINT}"""
_SPACE = r"[\x00-\x20]+ | \#[^\n\r]*"
_STRING = rf"""
      \"\"\"(?:[^"\\]++|{_ESCAPE}|"(?!""))*+\"\"\" | \'\'\'(?:[^'\\]++|{_ESCAPE}|'(?!''))*+\'\'\'
    | "(?:[^"\\\n\r]++|{_ESCAPE})*+" | '(?:[^'\\\n\r]++|{_ESCAPE})*+'
"""
_IRI = rf"""
    <(?:[A-Za-z][A-Za-z0-9+.-]*+://(?:[^<>"{{}}|^`\\\x00-\x20]++|{_POINT})*+
      | (?:[^<>"'\#{{}}|^`\\\x00-\x20]++|{_POINT})*+)>
"""
_UNCLEAR = r"""<[^<>"{}|^`\\\x00-\x20]*>"""
_STRAY = r"""[\\"']"""
_VARIABLE = r"[?$]\w+"
_PREFIX = r"(?:\w[\w.-]{0,200})?"
_LOCAL = r"(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*"
_TAG = r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"

_TOKEN = re.compile(
    rf"""
    (?P<space>{_SPACE}) | (?P<string>{_STRING}) | (?P<iri>{_IRI}) | (?P<unclear>{_UNCLEAR}) | (?P<stray>{_STRAY})
  | (?P<variable>{_VARIABLE}) | (?P<name>(?P<prefix>{_PREFIX}):{_LOCAL}) | (?P<tag>{_TAG}) | (?P<word>\w+)
  | (?P<open>[{{(\[]) | (?P<close>[}})\]]) | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TELLING = re.compile(
    rf"""
    (?:{_SPACE} | {_STRING} | {_IRI} | {_VARIABLE} | {_PREFIX}:{_LOCAL} | {_TAG} | [.;,*/+=!&|^>{{}}()\[\]-])++
  | ({_UNCLEAR} | {_STRAY} | \w+) | .
    """,
    re.VERBOSE | re.DOTALL,
)
"""The same tokens, many at a time; only what tells the kind of a query and whether it is unclear is a group."""


class Token(NamedTuple):
    """One word or sign. Kinds: string, iri, stray, variable, name, tag, word, open, close, sign.

    `prefix` is how many characters of a name come before its colon.
    """

    kind: str
    text: str
    start: int
    prefix: int = 0

    @property
    def end(self) -> int:
        """Offset of what follows."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Scan:
    """The reading by longest tokens, what else other readings see, and the most that any reading holds.

    A reading ends at a stray quote or backslash, which no query may hold; `complete` says whether one came through.
    """

    tokens: tuple[Token, ...]
    others: tuple[Token, ...]
    depth: int
    count: int
    complete: bool


def plain_words(text: str, deepest: int) -> list[str] | None:
    """The keywords of a query that can be read in one way only and cannot nest deeper than `deepest`; None for others.

    The short way for nearly all queries: the words stand in their order, in upper case, without anything else.
    """
    if text.count("{") + text.count("(") + text.count("[") > deepest:
        return None
    words: list[str] = []
    for found in _TELLING.findall(text):
        if found:
            if found[0] in "<\\\"'":
                return None
            words.append(found.upper())
    return words


def scan(text: str, most: int) -> Scan:
    """The readings of a query, as far as `most` tokens."""
    return _one_reading(text, most) or _all_readings(text, most)


def _one_reading(text: str, most: int) -> Scan | None:
    """The only reading; None where there is another."""
    tokens: list[Token] = []
    depth = deepest = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "space":
            continue
        if kind == "unclear":
            return None
        tokens.append(_token(match))
        if kind == "open":
            depth += 1
            deepest = max(deepest, depth)
        elif kind == "close":
            depth -= 1
        elif kind == "stray":
            return Scan(tuple(tokens), (), deepest, len(tokens), False)
        if len(tokens) > most:
            break
    return Scan(tuple(tokens), (), deepest, len(tokens), True)


def _all_readings(text: str, most: int) -> Scan:
    states = {0: _State(0, 0, True)}
    agenda = [0]
    tokens: list[Token] = []
    others: list[Token] = []
    depth = count = 0
    complete = False
    while agenda and count <= most:
        place = heapq.heappop(agenda)
        state = states.pop(place)
        complete = complete or place == len(text)
        for nth, token in enumerate(_at(text, place)):
            after = state.past(token, longest=nth == 0)
            depth, count = max(depth, after.depth), max(count, after.count)
            if token.kind != "space":
                (tokens if after.main else others).append(token)
            if token.kind != "stray":
                if token.end not in states:
                    heapq.heappush(agenda, token.end)
                states[token.end] = after.met(states.get(token.end))
    return Scan(tuple(tokens), tuple(others), depth, count, complete or count > most)


@dataclass(frozen=True)
class _State:
    """What the readings that reach a place hold at most, and whether the reading by longest tokens is one of them."""

    depth: int
    count: int
    main: bool

    def past(self, token: Token, *, longest: bool) -> _State:
        depth = self.depth + (token.kind == "open") - (token.kind == "close")
        return _State(depth, self.count + (token.kind != "space"), self.main and longest)

    def met(self, other: _State | None) -> _State:
        if other is None:
            return self
        return _State(max(self.depth, other.depth), max(self.count, other.count), self.main or other.main)


def _at(text: str, place: int) -> Iterator[Token]:
    """What a parser may read at this place, the longest first."""
    if text.startswith("#", place):
        # Not by the expression: many readings may meet the same long comment.
        ends = (end for end in (text.find("\n", place), text.find("\r", place)) if end >= 0)
        yield Token("space", text[place : min(ends, default=len(text))], place)
        return
    match = _TOKEN.match(text, place)
    if match is not None:
        yield _token(match)
        if match.lastgroup == "unclear":
            yield Token("sign", "<", place)


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or ""
    if kind == "name":
        return Token(kind, match.group(), match.start(), len(match.group("prefix")))
    return Token("iri" if kind == "unclear" else kind, match.group(), match.start())
