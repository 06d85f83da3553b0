"""Search queries as portals write them: the part of the Lucene syntax that CKAN's `q` and `fq` are used with.

    岐阜市 KPI                       both words anywhere (case and width of letters do not matter)
    title:"DX推進計画"  name:dxlod*   a field; `*` and `?` stand for any letters
    tags:(KPI OR 岐阜市)  -res_format:CSV  +license_id:cc-by
    metadata_modified:[2026-04-01T00:00:00Z TO *]  {… TO …} without the ends  NOW-7DAYS  NOW/DAY
    *:*  a AND b OR c  NOT a  (…)

What stands side by side must all hold; AND binds closer than OR, OR closer than standing side by side. Boosts (`^2`)
are left out of account. ActionError 400 (`Search Query Error`) for what cannot be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial

from dxlod.errors import ActionError

__all__ = ["DATES", "Found", "Query", "plain", "read_query"]

Found = Mapping[str, Sequence[str]]
"""The values of a package by field, each passed through `plain`; `text` is everything."""

_Test = Callable[[Found], bool]

DATES = ("metadata_modified", "metadata_created")
_TEXTS = ("text", "title", "notes", "author", "maintainer", "res_name", "res_description")
_LONGEST = 4_000
_DEEPEST = 30
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<all>\*:\*)
    | (?P<range>[\[{][^\]}\[{]*[\]}])
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<sign>[()+!]|-(?=\S)|&&|\|\|)
    | (?P<field>(?:[^\s():"\\+\-!\[\]{}^~]|\\.)(?:[^\s():"\\\[\]{}^~]|\\.)*):
    | (?P<word>(?:[^\s():"\\\[\]{}^~]|\\.)+)
    )(?:\^[0-9.]+)?""",
    re.VERBOSE,
)
_RANGE = re.compile(r"([\[{])\s*(\S+)\s+TO\s+(\S+)\s*([\]}])")
_NOW = re.compile(r"NOW(?P<steps>(?:/DAY|[+-][0-9]{1,5}(?:MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)S?)*)")
_STEP = re.compile(r"/DAY|([+-][0-9]+)(MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)")
_JOINS = {
    "AND": "AND",
    "&&": "AND",
    "OR": "OR",
    "||": "OR",
    "NOT": "NOT",
    "!": "NOT",
    "-": "NOT",
    "+": "MUST",
}


def plain(text: str) -> str:
    """Text as it is compared: NFKC, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


@dataclass(frozen=True)
class Query:
    """A query that has been read: whether a package fits, and the words that were asked for."""

    fits: _Test
    words: tuple[str, ...]
    timely: bool
    """Whether the answer depends on when it is asked (`NOW`)."""


def read_query(text: str, now: datetime) -> Query:
    """The query; an empty one fits everything."""
    if len(text) > _LONGEST:
        raise _unreadable(f"longer than {_LONGEST} characters")
    reader = _Reader(list(_tokens(text)), now)
    fits = reader.whole() if reader.tokens else _everything
    return Query(fits, tuple(reader.words), "NOW" in text)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> Iterator[_Token]:
    place, text = 0, text.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.end() == place:
            raise _unreadable(text[place : place + 40])
        place = match.end()
        kind = str(match.lastgroup)
        found = match.group(kind)
        joins = kind in ("sign", "word") and found in _JOINS
        yield _Token("join", _JOINS[found]) if joins else _Token(kind, found)


@dataclass
class _Reader:
    """Reads tokens from the left; each method takes those that are its own."""

    tokens: list[_Token]
    now: datetime
    words: list[str] = field(default_factory=list)
    depth: int = 0

    def whole(self) -> _Test:
        test = self.beside("text")
        if self.tokens:
            raise _unreadable(self.tokens[0].text)
        return test

    def beside(self, name: str) -> _Test:
        tests = [self.either(name)]
        while self.tokens and self.tokens[0].text != ")":
            tests.append(self.either(name))
        return tests[0] if len(tests) == 1 else partial(_all, tests)

    def either(self, name: str) -> _Test:
        tests = [self.both(name)]
        while self._joined("OR"):
            tests.append(self.both(name))
        return tests[0] if len(tests) == 1 else partial(_any, tests)

    def both(self, name: str) -> _Test:
        tests = [self.one(name)]
        while self._joined("AND"):
            tests.append(self.one(name))
        return tests[0] if len(tests) == 1 else partial(_all, tests)

    def one(self, name: str) -> _Test:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _unreadable(f"nested deeper than {_DEEPEST}")
        test = self._one(name)
        self.depth -= 1
        return test

    def _one(self, name: str) -> _Test:
        if self._joined("NOT"):
            return partial(_not, self.one(name))
        self._joined("MUST")
        token = self._next()
        if token.kind == "sign" and token.text == "(":
            return self._inner(name)
        if token.kind == "field":
            return self.one(_bare(token.text))
        if token.kind == "all":
            return _everything
        if token.kind == "range":
            return _range(name, token.text, self.now)
        if token.kind in ("quoted", "word"):
            return self._value(name, token)
        raise _unreadable(token.text)

    def _inner(self, name: str) -> _Test:
        test = self.beside(name)
        if self._next().text != ")":
            raise _unreadable("a bracket that is not closed")
        return test

    def _value(self, name: str, token: _Token) -> _Test:
        quoted = token.kind == "quoted"
        text = token.text[1:-1] if quoted else token.text
        if name in DATES:
            moment = _moment(text, self.now)
            return partial(_within, name, moment, moment, (True, True))
        value = plain(_bare(text))
        if name in _TEXTS:
            self.words.append(value.strip("*?"))
        if not quoted and re.search(r"[*?]", value):
            return partial(_like, name, value)
        return partial(_holds if name in _TEXTS else _is, name, value)

    def _joined(self, how: str) -> bool:
        if self.tokens and self.tokens[0] == _Token("join", how):
            del self.tokens[0]
            return True
        return False

    def _next(self) -> _Token:
        if not self.tokens:
            raise _unreadable("the end of the query")
        return self.tokens.pop(0)


def _everything(_: Found) -> bool:
    return True


def _all(tests: Sequence[_Test], found: Found) -> bool:
    return all(test(found) for test in tests)


def _any(tests: Sequence[_Test], found: Found) -> bool:
    return any(test(found) for test in tests)


def _not(test: _Test, found: Found) -> bool:
    return not test(found)


def _is(name: str, value: str, found: Found) -> bool:
    return value in found.get(name, ())


def _holds(name: str, value: str, found: Found) -> bool:
    return any(value in text for text in found.get(name, ()))


def _like(name: str, pattern: str, found: Found) -> bool:
    if name in _TEXTS:
        pattern = f"*{pattern}*"
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for text in found.get(name, ()))


def _range(name: str, text: str, now: datetime) -> _Test:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise _unreadable(text)
    first, low, high, last = match.groups()
    read = partial(_moment, now=now) if name in DATES else plain
    ends = [None if end == "*" else read(end.strip('"')) for end in (low, high)]
    return partial(_within, name, ends[0], ends[1], (first == "[", last == "]"))


def _within(name: str, low: str | None, high: str | None, closed: tuple[bool, bool], found: Found) -> bool:
    return any(
        (low is None or low < value or (closed[0] and low == value))
        and (high is None or value < high or (closed[1] and value == high))
        for value in found.get(name, ())
    )


def _moment(text: str, now: datetime) -> str:
    """A date or time as metadata dates are written, in UTC and in the letters of `plain`.

    They have whole seconds; a fraction here sorts behind its second, as it should.
    """
    match = _NOW.fullmatch(text)
    if match:
        found = _stepped(now, match["steps"])
    else:
        try:
            found = datetime.fromisoformat(_bare(text))
        except ValueError:
            raise _unreadable(text) from None
    if found.tzinfo is not None:
        found = found.astimezone(UTC)
    return plain(found.replace(tzinfo=None).isoformat())


def _stepped(moment: datetime, steps: str) -> datetime:
    """A time moved by Solr's date math; ActionError where that leads out of the calendar."""
    try:
        for step in _STEP.finditer(steps):
            if not step[1]:
                moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
            elif step[2] in ("MONTH", "YEAR"):
                moment = _months(moment, int(step[1]) * (12 if step[2] == "YEAR" else 1))
            else:
                moment += timedelta(**{f"{step[2].lower()}s": int(step[1])})
    except (OverflowError, ValueError):
        raise _unreadable(f"NOW{steps}") from None
    return moment


def _months(moment: datetime, count: int) -> datetime:
    """The same day so many months on, or the last one of a month that is too short."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + count, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    days = ((first + timedelta(days=31)).replace(day=1) - first).days
    return first.replace(day=min(moment.day, days))


def _bare(text: str) -> str:
    """Without the backslashes."""
    return re.sub(r"\\(.)", r"\1", text)


def _unreadable(what: str) -> ActionError:
    return ActionError(
        400,
        "Search Query Error",
        f"Search Query is invalid: {what!r}",
        f"検索式を読めません: {what}",
        f"The search query cannot be read at: {what}",
    )
