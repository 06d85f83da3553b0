"""What is refused before an engine's parser sees a query.

Updates, LOAD and SERVICE are refused because the service only reads and its workers reach nothing outside. Length,
nesting and number of tokens are limited because a deeply nested query overflows the embedded engine's stack and ends
the process: from about 500 nested calls, 1,000 nested subselects, 4,700 brackets, 6,600 UNION branches or 8,400
patterns on.

The embedded parser needs no space between words and backtracks, so that `1SERVICE`, `ex:a.b.SERVICE` or a `<` that
is less-than in one reading and opens an IRI in another could carry the keyword past a plain tokeniser (SPARQL 1.1,
19.8). Every reading is looked at (tokens.py); strings, IRIs, comments and local names may say "service".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dxlod.errors import QueryError, QueryRefusedError, QuerySyntaxError, QueryTooLongError
from dxlod.settings import Settings
from dxlod.store.base import Form
from dxlod.store.syntax import place
from dxlod.store.tokens import Scan, Token, plain_words, scan

__all__ = ["SEARCH", "Call", "Checked", "Limits", "check_query", "outline", "splice"]

SEARCH = "https://w3id.org/dxlod/search"
"""The one SERVICE that is ours: a search of the same release, which reaches nothing outside (matching.py)."""


_ESCAPE = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_HIDDEN = re.compile(r"(?<![\w:-])SERVICE", re.IGNORECASE)
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))
_FORMS = {form.value: form for form in Form}
_FICKLE = frozenset(("RAND", "NOW", "UUID", "STRUUID", "BNODE"))
_ABSOLUTE = re.compile(r"<https?://[^\\]*>", re.IGNORECASE)
_ENDS = {"string": "\"'\\\n\r", "iri": "\"'\\#<>{}|^`"}
"""Characters that must not stand as numeric escapes, because a reader that resolves them first sees an end (19.2)."""


@dataclass(frozen=True)
class Limits:
    """What the settings say of queries: longest text in characters, most tokens, deepest nesting; most rows of an
    answer, 0 for no limit; the IRI that relative IRIs are resolved against, '' for none (SPARQL 1.1 Query, 4.1.1.2).
    """

    chars: int
    tokens: int
    depth: int
    rows: int = 0
    base: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings name."""
        return cls(
            settings.max_query_chars,
            settings.max_query_tokens,
            settings.max_query_depth,
            settings.max_rows,
            # The service's own IRI, whatever name it was reached by: the same query means the same everywhere.
            f"{settings.base}/sparql",
        )


@dataclass(frozen=True)
class Call:
    """One SERVICE clause: offsets of its text, the endpoint it asks, the group `{…}` it asks there."""

    start: int
    end: int
    endpoint: str
    silent: bool
    group: str


@dataclass(frozen=True)
class Checked:
    """A query that may be run.

    `repeatable`: it answers the same each time it is asked of one release. `names_graphs`: it has a dataset clause.
    `calls`: its SERVICE clauses, which the caller has to answer itself; `prologue`: the BASE and PREFIX lines they need.
    """

    text: str
    form: Form
    repeatable: bool
    names_graphs: bool = False
    prologue: str = ""
    calls: tuple[Call, ...] = ()


def check_query(text: str, limits: Limits, *, calls: bool = False) -> Checked:
    """The query, found fit to be run; QueryError says why it is not.

    With `calls`, SERVICE may stand where it is plain: an absolute IRI in angle brackets and its group. Without, only
    that of SEARCH.
    """
    if len(text) > limits.chars:
        raise QueryTooLongError(
            *_because(
                f"長さが {limits.chars} 字を超えています", f"it is longer than {limits.chars} characters"
            )
        )
    return _plain(text, limits) or _looked_through(text, limits, calls=calls)


def splice(checked: Checked, answers: Sequence[str]) -> Checked:
    """The query with each SERVICE clause replaced by what that service answered, as a group; it has no calls left."""
    if len(checked.calls) != len(answers):
        raise _no_service()
    if not answers:
        return checked
    pieces, place = [], 0
    for call, answer in zip(checked.calls, answers, strict=True):
        pieces += [checked.text[place : call.start], answer]
        place = call.end
    text = "".join([*pieces, checked.text[place:]])
    # Looked at once more: nothing that came from outside may bring the keyword in.
    return check_query(text, Limits(len(text), len(text), len(text)))


def outline(checked: Checked) -> str:
    """The query with an empty group for each SERVICE clause: not to be run, but each word stands where it stood."""
    pieces, place = [], 0
    for call in checked.calls:
        inside = re.sub(r"[^\r\n]", " ", checked.text[call.start : call.end])
        pieces += [checked.text[place : call.start], f"{{{inside[1:-1]}}}"]
        place = call.end
    return "".join([*pieces, checked.text[place:]])


def _plain(text: str, limits: Limits) -> Checked | None:
    """What nearly every query is: read in one way only, without escapes, and nothing in it to be refused."""
    if len(text) > limits.tokens or "\\" in text or "SERVICE" in text.upper():
        return None
    words = plain_words(text, limits.depth)
    form = next((word for word in words or () if word in _FORMS or word in _UPDATES), "")
    if words is None or form not in _FORMS or "LOAD" in words:
        return None
    return Checked(text, _FORMS[form], _FICKLE.isdisjoint(words), "FROM" in words)


def _looked_through(text: str, limits: Limits, *, calls: bool) -> Checked:
    read = scan(text, limits.tokens)
    _check_size(read, limits)
    for token in (*read.tokens, *read.others):
        _check_token(text, token)
    if not read.complete:
        stray = next(token for token in (*read.tokens, *read.others) if token.kind == "stray")
        raise _misplaced(
            text,
            stray.start,
            "文字列の引用符が閉じていないか、「\\」が余分です",
            "a string is not closed, or a backslash stands where none may",
        )
    return _checked(text, read, calls=calls)


def _check_size(read: Scan, limits: Limits) -> None:
    if read.depth > limits.depth:
        raise _refused(f"入れ子が {limits.depth} 段を超えています", f"it nests more than {limits.depth} deep")
    if read.count > limits.tokens:
        raise _refused(
            f"語と記号が {limits.tokens} 個を超えています",
            f"it has more than {limits.tokens} words and signs",
        )


def _check_token(text: str, token: Token) -> None:
    if token.kind in _ENDS:
        _check_escapes(text, token)
    elif token.kind == "word":
        word = token.text.upper()
        if "SERVICE" in word and word != "SERVICE":
            raise _no_service()
    elif token.kind == "name" and _hides_service(token):
        raise _no_service()


def _hides_service(name: Token) -> bool:
    """Whether a parser that ends a name sooner could find the keyword in it."""
    return "SERVICE" in name.text[: name.prefix].upper() or bool(_HIDDEN.search(name.text, name.prefix))


def _check_escapes(text: str, token: Token) -> None:
    for found in _ESCAPE.finditer(token.text):
        digits = found.group(1) or found.group(2)
        if digits and not _fits(int(digits, 16), token.kind):
            raise _misplaced(
                text,
                token.start + found.start(),
                f"{found.group()} は使えません",
                f"{found.group()} is not allowed there",
            )


def _fits(number: int, kind: str) -> bool:
    """Whether this code point is a character, and one that ends nothing."""
    if number >= 0x110000 or 0xD800 <= number < 0xE000:
        return False
    return chr(number) not in _ENDS[kind] and (kind == "string" or number > 0x20)


def _checked(text: str, read: Scan, *, calls: bool) -> Checked:
    words = [(token.text.upper(), token.start) for token in read.tokens if token.kind == "word"]
    also = {token.text.upper() for token in read.others if token.kind == "word"}
    every = also.union(word for word, _ in words)
    form, start = next((pair for pair in words if pair[0] in _FORMS or pair[0] in _UPDATES), ("", 0))
    if form in _UPDATES or "LOAD" in every:
        raise _refused(
            "このサービスは読み取り専用です", "this service only reads; updates and LOAD are not run"
        )
    if not form:
        raise _formless(text, words)
    # With a second reading anywhere, nobody knows which SERVICE the engine would see.
    if "SERVICE" in every and (read.others or not (calls or _only_ours(read.tokens))):
        raise _no_service()
    found = _calls(text, read.tokens)
    repeatable = all(call.endpoint == SEARCH for call in found) and not _FICKLE.intersection(every)
    return Checked(
        text, _FORMS[form], repeatable, any(word == "FROM" for word, _ in words), text[:start], tuple(found)
    )


def _formless(text: str, words: Sequence[tuple[str, int]]) -> QuerySyntaxError:
    offset = next((start for word, start in words if word not in ("BASE", "PREFIX")), len(text))
    return _misplaced(
        text,
        offset,
        "SELECT・ASK・CONSTRUCT・DESCRIBE のどれでもありません",
        "there is no SELECT, ASK, CONSTRUCT or DESCRIBE",
    )


def _misplaced(text: str, offset: int, ja: str, en: str) -> QuerySyntaxError:
    line, column = place(text, offset)
    return QuerySyntaxError(
        f"{line} 行 {column} 字目の文法が正しくありません（{ja}）。",
        f"Syntax error in line {line}, column {column}: {en}.",
        line=line,
        column=column,
    )


def _only_ours(tokens: Sequence[Token]) -> bool:
    """Whether each SERVICE, wherever it stands, names the search in so many letters."""
    for nth, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "SERVICE":
            after = [item.text for item in tokens[nth + 1 : nth + 3]]
            if f"<{SEARCH}>" not in (after[1:] if after[:1] and after[0].upper() == "SILENT" else after[:1]):
                return False
    return True


def _calls(text: str, tokens: Sequence[Token]) -> list[Call]:
    found: list[Call] = []
    for nth, token in enumerate(tokens):
        # One within another is the other endpoint's business.
        inner = bool(found) and token.start < found[-1].end
        if token.kind == "word" and token.text.upper() == "SERVICE" and not inner:
            found.append(_call(text, tokens, nth))
    return found


def _call(text: str, tokens: Sequence[Token], nth: int) -> Call:
    silent = [item.text.upper() for item in tokens[nth + 1 : nth + 2]] == ["SILENT"]
    rest = tokens[nth + 1 + silent :]
    if len(rest) < 2 or not _ABSOLUTE.fullmatch(rest[0].text) or rest[1].text != "{":
        raise QueryRefusedError(
            *_because(
                "SERVICE の後には、< > で囲んだ URL と { を書いてください",
                "SERVICE must be followed by a URL in angle brackets and a group",
            )
        )
    depth = 0
    for token in rest[1:]:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0:
            group = text[rest[1].start : token.end]
            return Call(tokens[nth].start, token.end, rest[0].text[1:-1], silent, group)
    raise _refused("括弧が閉じていません", "a bracket is not closed")


def _no_service() -> QueryRefusedError:
    return QueryRefusedError(
        *_because("SERVICE は使えません", "SERVICE is not allowed: queries reach nothing outside")
    )


def _refused(ja: str, en: str) -> QueryError:
    return QueryError(*_because(ja, en))


def _because(ja: str, en: str) -> tuple[str, str]:
    return f"この問い合わせは実行しません。{ja}。", f"This query is not run: {en}."
