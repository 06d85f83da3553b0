"""What is refused before an engine's parser sees a query.

Updates, LOAD and SERVICE are refused because the service only reads and reaches nothing outside. Length, nesting and
number of tokens are limited because a deeply nested query overflows the embedded engine's stack and ends the process:
from about 500 nested calls, 1,000 nested subselects, 4,700 brackets, 6,600 UNION branches or 8,400 patterns on.

The embedded parser needs no space between words and backtracks, so that `1SERVICE`, `ex:a.b.SERVICE` or a `<` that
is less-than in one reading and opens an IRI in another could carry the keyword past a plain tokeniser (SPARQL 1.1,
19.8). What can be read in two ways is refused; strings, absolute IRIs, comments and local names may say "service".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dxlod.errors import QueryError
from dxlod.settings import Settings
from dxlod.store.base import Form

__all__ = ["Checked", "Limits", "check_query"]

_TOKEN = re.compile(
    r"""
    (?P<space>[\s\x00-\x20]+ | \#[^\n\r]*)
  | (?P<string>\"\"\"(?:[^"\\]|ESCAPE|"(?!""))*\"\"\" | '''(?:[^'\\]|ESCAPE|'(?!''))*'''
       | "(?:[^"\\\n\r]|ESCAPE)*" | '(?:[^'\\\n\r]|ESCAPE)*')
  | (?P<iri><(?:[A-Za-z][A-Za-z0-9+.-]*://[^<>"{}|^`\\\x00-\x20]* | [^<>"'\#{}|^`\\\x00-\x20]*)>)
  | (?P<unclear><[^<>"{}|^`\\\x00-\x20]*> | [\\"'])
  | (?P<variable>[?$]\w+)
  | (?P<name>(?P<prefix>(?:\w[\w.-]*)?):(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*)
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<word>\w+)
  | (?P<open>[{(\[])
  | (?P<close>[})\]])
  | (?P<sign>.)
    """.replace("ESCAPE", r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"""),
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_HIDDEN = re.compile(r"(?<![\w:-])SERVICE", re.IGNORECASE)
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))
_FORMS = {form.value: form for form in Form}
_FICKLE = frozenset(("RAND", "NOW", "UUID", "STRUUID", "BNODE"))


@dataclass(frozen=True)
class Limits:
    """Longest text in characters, most tokens, deepest nesting."""

    chars: int
    tokens: int
    depth: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings name."""
        return cls(settings.max_query_chars, settings.max_query_tokens, settings.max_query_depth)


@dataclass(frozen=True)
class Checked:
    """A query that may be run: its form, and whether it answers the same each time it is asked of one release."""

    text: str
    form: Form
    repeatable: bool


def check_query(text: str, limits: Limits) -> Checked:
    """The query, found fit to be run; QueryError says why it is not."""
    if len(text) > limits.chars:
        raise _refused(
            f"長さが {limits.chars} 字を超えています", f"it is longer than {limits.chars} characters"
        )
    words = list(_words(text, limits))
    form = next((word for word in words if word in _FORMS or word in _UPDATES), None)
    if form in _UPDATES or "LOAD" in words:
        raise _refused(
            "このサービスは読み取り専用です", "this service only reads; updates and LOAD are not run"
        )
    if form is None:
        raise _refused(
            "SELECT・ASK・CONSTRUCT・DESCRIBE のどれでもありません",
            "it is no SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    return Checked(text, _FORMS[form], not _FICKLE.intersection(words))


def _words(text: str, limits: Limits) -> Iterator[str]:
    """The bare words of a query in capitals; QueryError past the limits."""
    depth = tokens = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "space":
            continue
        tokens += 1
        _check_token(str(kind), match)
        if kind == "word":
            yield match.group().upper()
        depth += (kind == "open") - (kind == "close")
        if depth > limits.depth:
            raise _refused(
                f"入れ子が {limits.depth} 段を超えています", f"it nests more than {limits.depth} deep"
            )
        if tokens > limits.tokens:
            raise _refused(
                f"語と記号が {limits.tokens} 個を超えています",
                f"it has more than {limits.tokens} words and signs",
            )


def _check_token(kind: str, match: re.Match[str]) -> None:
    text = match.group()
    if kind == "string":
        _check_escapes(text)
    elif kind == "unclear":
        raise _refused(
            f"{text[:40]} は二通りに読めます。IRI は http:// から書き、「小なり」の後は空けてください",
            f"{text[:40]} can be read in two ways; write IRIs in full, a space after less-than, and close strings",
        )
    elif (kind == "word" and "SERVICE" in text.upper()) or (kind == "name" and _hides_service(match)):
        raise _refused("SERVICE は使えません", "SERVICE is not allowed: queries reach nothing outside")


def _hides_service(name: re.Match[str]) -> bool:
    """Whether a parser that ends a name sooner could find the keyword in it."""
    prefix = name.group("prefix")
    return "SERVICE" in prefix.upper() or bool(_HIDDEN.search(name.group(), len(prefix)))


def _check_escapes(text: str) -> None:
    """Refuse numeric escapes that would end the string for a reader that resolves them first (19.2)."""
    for found in _ESCAPE.finditer(text):
        digits = found.group(1) or found.group(2)
        number = int(digits, 16) if digits else 0
        if digits and (_character(number) is None or chr(number) in "\"'\\\n\r"):
            raise _refused(f"{found.group()} は使えません", f"{found.group()} is not allowed in a string")


def _character(number: int) -> str | None:
    """The character of a code point, None when it is none."""
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else None


def _refused(ja: str, en: str) -> QueryError:
    return QueryError(f"この問い合わせは実行しません。{ja}。", f"This query is not run: {en}.")
