"""Where a syntax error is, and what it is, in words for people.

The embedded parser reports the farthest place at which anything failed, and looks as far ahead as its longest keyword:
`} )` is reported up to 14 characters late. In a copy of the query with a wide gap before every word, the place it
reports lies between the word that is wrong and the next, so that asking again tells which word it is.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable
from dataclasses import dataclass

from dxlod.errors import QuerySyntaxError
from dxlod.store.tokens import Token, scan

__all__ = ["Padded", "explain", "pad", "place"]

_GAP = " " * 24
"""Wider than the longest keyword, ENCODE_FOR_URI."""

_WIDE = frozenset("\u00a0\u3000｛｝（）＜＞［］？＄：；，．。、＂＇“”‘’＝！＊＋－／｜＆＾＠＃")
_WORD = re.compile(r"\S{1,30}")
_PLACE = re.compile(r"at (\d+):(\d+)")
_REASONS = (
    ("Prefix not found", "接頭辞が PREFIX で宣言されていません", "its prefix is not declared with PREFIX"),
    (
        "IRI parsing failed",
        "正しい IRI ではありません",
        "it is no well-formed IRI",
    ),
    (
        "Already used blank node",
        "空白ノードの名前が二か所で使われています",
        "a blank node label is used in two groups",
    ),
    (
        "VALUES clause rows",
        "VALUES の行の値の数が変数の数と違います",
        "a row of VALUES has another number of values",
    ),
    ("Repeated variables", "VALUES に同じ変数が二つあります", "VALUES names a variable twice"),
    ("BIND is overriding", "BIND の変数は既に使われています", "BIND sets a variable that is used before"),
    ("Unexpected aggregate", "ここでは集計できません", "an aggregate cannot stand here"),
    ("SELECT * is not auth", "集計では SELECT * は使えません", "SELECT * cannot be used when grouping"),
    ("Duplicated variable", "SELECT に同じ変数が二つあります", "SELECT names a variable twice"),
    (
        "SELECT overrides",
        "SELECT の AS の変数は既に使われています",
        "SELECT … AS sets a variable that is used before",
    ),
    (
        "variable that is unbound",
        "SELECT の変数が GROUP BY にありません",
        "SELECT has a variable that is neither grouped by nor aggregated",
    ),
    ("language tag", "言語タグが正しくありません", "the language tag is not well formed"),
)


@dataclass(frozen=True)
class Padded:
    """A query with gaps; `starts` are the offsets of its words in it, `origins` the same in the query as written."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, offset: int) -> int:
        """Offset, in the query as written, of the word that is at or before this offset in the padded text."""
        return self.origins[max(0, bisect.bisect_right(self.starts, offset) - 1)]


def pad(text: str) -> Padded:
    """The query with a gap wherever it has space or a comment, and around brackets, commas and semicolons."""
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    offset, last, apart = 0, 0, True
    for token in scan(text, len(text)).tokens:
        alone = _stands_alone(token)
        if apart or alone or token.start > last:
            pieces.append(_GAP)
            offset += len(_GAP)
            starts.append(offset)
            origins.append(token.start)
        pieces.append(token.text)
        offset, last, apart = offset + len(token.text), token.end, alone
    return Padded("".join([*pieces, _GAP]), (*starts, offset + len(_GAP)), (*origins, len(text.rstrip())))


def _stands_alone(token: Token) -> bool:
    return token.kind in ("open", "close") or token.text in (";", ",") or token.text in _WIDE


def explain(text: str, message: str, ask: Callable[[str], str]) -> QuerySyntaxError:
    """The error of a query that a parser refused with `message`; `ask` gives its message for another text, or ''."""
    padded = pad(text)
    told = ask(padded.text)
    reported = _reported(padded.text, told)
    offset = _reported(text, message) if reported is None else padded.origin(reported)
    if offset is None:
        return QuerySyntaxError("問い合わせの文法が正しくありません。", "Syntax error.")
    word = _word(text, offset)
    return _error(*place(text, offset), word, _reason(word, f"{told} {message}"))


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both counted from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _reason(word: str, message: str) -> tuple[str, str] | None:
    if word and word[0] in _WIDE:
        return "全角の空白や記号は使えません", "a full-width space or sign cannot stand here"
    return next(((ja, en) for sign, ja, en in _REASONS if sign in message), None)


def _error(line: int, column: int, word: str, reasons: tuple[str, str] | None) -> QuerySyntaxError:
    near_ja, near_en = (f"「{word}」の所", f'at "{word}"') if word else ("終わり", "at the end")
    ja, en = (f"（{reasons[0]}）", f": {reasons[1]}") if reasons else ("", "")
    return QuerySyntaxError(
        f"{line} 行 {column} 字目、{near_ja}で文法が正しくありません{ja}。",
        f"Syntax error in line {line}, column {column}, {near_en}{en}.",
        line=line,
        column=column,
    )


def _reported(text: str, message: str) -> int | None:
    found = _PLACE.search(message)
    if found is None:
        return None
    line, column = int(found.group(1)), int(found.group(2))
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return min(starts[line - 1] + column - 1, len(text)) if line <= len(starts) else None


def _word(text: str, offset: int) -> str:
    if text[offset : offset + 1] in _WIDE:
        return text[offset : offset + 1]
    found = _WORD.match(text, offset)
    return found.group() if found else ""
