"""Only SPARQL 1.1 is handed on to a store elsewhere.

Some stores read more than the standard: pragmas that fetch (`define get:soft`), functions of their database
(`bif:`, `sql:`), of their runtime (`java:`), updates where a query is expected. So every word of a query must be one of
the grammar's (SPARQL 1.1 Query, 19.8), every sign too, and every prefix declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dxlod.errors import QuerySyntaxError
from dxlod.store.syntax import place
from dxlod.store.tokens import Token, scan

__all__ = ["check_portable"]

_WORDS = frozenset(
    [
        "BASE",
        "PREFIX",
        "SELECT",
        "DISTINCT",
        "REDUCED",
        "AS",
        "CONSTRUCT",
        "DESCRIBE",
        "ASK",
        "FROM",
        "NAMED",
        "WHERE",
        "GROUP",
        "BY",
        "HAVING",
        "ORDER",
        "ASC",
        "DESC",
        "LIMIT",
        "OFFSET",
        "VALUES",
        "UNDEF",
        "OPTIONAL",
        "GRAPH",
        "UNION",
        "FILTER",
        "BIND",
        "MINUS",
        "EXISTS",
        "NOT",
        "IN",
        "TRUE",
        "FALSE",
        "A",
        "SEPARATOR",
        "COUNT",
        "SUM",
        "MIN",
        "MAX",
        "AVG",
        "SAMPLE",
        "GROUP_CONCAT",
        "STR",
        "LANG",
        "LANGMATCHES",
        "DATATYPE",
        "BOUND",
        "IRI",
        "URI",
        "BNODE",
        "RAND",
        "ABS",
        "CEIL",
        "FLOOR",
        "ROUND",
        "CONCAT",
        "STRLEN",
        "UCASE",
        "LCASE",
        "ENCODE_FOR_URI",
        "CONTAINS",
        "STRSTARTS",
        "STRENDS",
        "STRBEFORE",
        "STRAFTER",
        "YEAR",
        "MONTH",
        "DAY",
        "HOURS",
        "MINUTES",
        "SECONDS",
        "TIMEZONE",
        "TZ",
        "NOW",
        "UUID",
        "STRUUID",
        "MD5",
        "SHA1",
        "SHA256",
        "SHA384",
        "SHA512",
        "COALESCE",
        "IF",
        "STRLANG",
        "STRDT",
        "SAMETERM",
        "ISIRI",
        "ISURI",
        "ISBLANK",
        "ISLITERAL",
        "ISNUMERIC",
        "REGEX",
        "SUBSTR",
        "REPLACE",
    ]
)
_NUMBER = re.compile(r"[0-9]+(?:[eE][0-9]*)?|[eE][0-9]*")
_SIGNS = frozenset(".;,*+-/!=<>|&^?")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_INSIDE = re.compile(r"(?:bif|sql|java|get|define|file|service):", re.IGNORECASE)


def check_portable(text: str) -> None:
    """QuerySyntaxError, with its place, where a query holds what SPARQL 1.1 does not."""
    read = scan(text, len(text))
    tokens = (*read.tokens, *read.others)
    declared = set(_declared(read.tokens))
    for token in tokens:
        if not _is_standard(token, declared):
            raise _refusal(text, token)


def _declared(tokens: Sequence[Token]) -> Iterator[str]:
    # Blank nodes look like names with the prefix `_`.
    yield "_"
    for word, name in pairwise(tokens):
        if word.kind == "word" and word.text.upper() == "PREFIX" and name.kind == "name":
            yield name.text[: name.prefix]


def _is_standard(token: Token, declared: set[str]) -> bool:
    if token.kind == "word":
        return token.text.upper() in _WORDS or bool(_NUMBER.fullmatch(token.text))
    if token.kind == "sign":
        return token.text in _SIGNS
    if token.kind == "name":
        return token.text[: token.prefix] in declared
    if token.kind == "iri":
        return not _INSIDE.match(_ESCAPE.sub(_character, token.text[1:]))
    return True


def _character(found: re.Match[str]) -> str:
    return chr(int(found.group(1) or found.group(2), 16))


def _refusal(text: str, token: Token) -> QuerySyntaxError:
    line, column = place(text, token.start)
    word = token.text[:60]
    return QuerySyntaxError(
        f"{line} 行 {column} 字目の「{word}」は SPARQL 1.1 にないか、接頭辞が PREFIX で宣言されていません。",
        f'Line {line}, column {column}: "{word}" is not SPARQL 1.1, or its prefix is not declared with PREFIX.',
        line=line,
        column=column,
    )
