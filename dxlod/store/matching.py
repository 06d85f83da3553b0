"""What may stand in `SERVICE <https://w3id.org/dxlod/search> { … }`: a search for a text, in a small fixed shape.

    SERVICE <https://w3id.org/dxlod/search> {
      ?thing dxs:matches "防災" ; dxs:property rdfs:label ; dxs:literal ?text ; dxs:rank ?rank ; dxs:limit 50
    }

It is written as triples with one variable as their subject, so that every SPARQL 1.1 parser reads it (SPARQL 1.1
Federated Query, 2). Here the group becomes a value; who asks for it, and of what, is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dxlod.errors import QuerySyntaxError
from dxlod.store.guard import SEARCH, Call, Checked
from dxlod.store.syntax import place
from dxlod.store.tokens import Token, scan

__all__ = ["MATCHING", "WORDS", "Place", "Property", "Search", "misplaced", "read_search"]

MATCHING = f"{SEARCH}#"
"""Namespace of the words of a search."""

WORDS = ("matches", "property", "literal", "rank", "limit")
"""The words of that namespace."""

Place = tuple[int, int]
"""Line and column in the query, both counted from 1."""

_ONCE = ("matches", "limit", "literal", "rank")
_TERMS = ("string", "iri", "name", "variable", "word")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIGNS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.*", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class Property:
    """A property whose values are searched, and where the query names it."""

    iri: str
    at: Place


@dataclass(frozen=True)
class Search:
    """What a group asks for.

    `text` is searched for, in literals of `language` ('' = of any and of none) that are values of one of `properties`
    (none = of any). `limit` is how many rows are wanted, 0 for all. `thing`, `predicate`, `literal` and `rank` are names
    of variables, '' where not asked for. `at` is where the text stands.
    """

    text: str
    at: Place
    thing: str
    language: str = ""
    properties: tuple[Property, ...] = ()
    limit: int = 0
    literal: str = ""
    predicate: str = ""
    rank: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that are asked for, the thing's first."""
        return tuple(name for name in (self.thing, self.predicate, self.literal, self.rank) if name)


def read_search(checked: Checked, call: Call, most: int) -> Search:
    """The search of a clause that asks SEARCH; `dxs:limit` is at most `most`. QuerySyntaxError says what is wrong where."""
    return _Group(checked, call, most).search()


def misplaced(at: Place, ja: str, en: str) -> QuerySyntaxError:
    """The error of a search, with its place in the query."""
    line, column = at
    return QuerySyntaxError(
        f"{line} 行 {column} 字目: {ja}。", f"Line {line}, column {column}: {en}.", line=line, column=column
    )


@dataclass(frozen=True)
class _Statement:
    """One triple of the group: a word of ours and its object, which has a tag where it is text in a language."""

    word: str
    object: Token
    tag: str = ""


class _Group:
    """Reads the tokens of a group from left to right."""

    def __init__(self, checked: Checked, call: Call, most: int) -> None:
        self._text = checked.text
        self._start = call.end - len(call.group)
        self._prefixes = dict(_prefixes(checked.prologue))
        self._most = most
        # Without the brackets of the group; the closing one is kept to have a place for what is missing.
        self._tokens = list(_split(scan(call.group, len(call.group)).tokens))[1:]
        self._next = 0

    def search(self) -> Search:
        """The whole group."""
        if self._is("}"):
            raise self._wrong(self._here, *_EMPTY)
        thing, statements = "", []
        while not self._is("}"):
            subject = self._here
            name = self._variable(self._take(), "主語", "the subject")
            if thing and name != thing:
                raise self._wrong(
                    subject, "主語の変数は1つだけです", "all triples must have the same subject"
                )
            thing = name
            statements += self._predicates()
            if not self._is("}"):
                self._expect(".")
        return self._made(thing, statements)

    def _predicates(self) -> list[_Statement]:
        found: list[_Statement] = []
        while True:
            found += self._objects(self._word(self._take()))
            while self._is(";"):
                self._take()
            if self._is(".") or self._is("}"):
                return found
            if self._tokens[self._next - 1].text != ";":
                raise self._wrong(self._here, *_OUT_OF_SHAPE)

    def _objects(self, word: str) -> Iterator[_Statement]:
        while True:
            token = self._take()
            if token.kind not in _TERMS:
                raise self._wrong(token, *_OUT_OF_SHAPE)
            tag = self._take().text[1:] if self._here.kind == "tag" else ""
            yield _Statement(word, token, tag)
            if not self._is(","):
                return
            self._take()

    def _made(self, thing: str, statements: Sequence[_Statement]) -> Search:
        for word in _ONCE:
            again = [item.object for item in statements if item.word == word][1:]
            if again:
                raise self._wrong(again[0], f"dxs:{word} は1回だけです", f"dxs:{word} can stand only once")
        sought = next((item for item in statements if item.word == "matches"), None)
        if sought is None:
            raise self._wrong(self._tokens[-1], *_EMPTY)
        made = Search(self._string(sought.object), self._place(sought.object), thing, sought.tag)
        for item in statements:
            made = self._with(made, item)
        return made

    def _with(self, made: Search, item: _Statement) -> Search:
        token = item.object
        if item.word == "matches":
            return made
        if item.tag:
            raise self._wrong(token, *_OUT_OF_SHAPE)
        if item.word == "limit":
            return replace(made, limit=self._limit(token))
        if item.word == "property" and token.kind in ("iri", "name"):
            named = Property(self._iri(token), self._place(token))
            return replace(made, properties=(*made.properties, named))
        name = self._variable(token, f"dxs:{item.word} の値", f"the object of dxs:{item.word}")
        if name in made.variables or (item.word == "property" and made.predicate):
            raise self._wrong(
                token, "変数はどれも別の名前にしてください", "each variable must have its own name"
            )
        if item.word == "literal":
            return replace(made, literal=name)
        return replace(made, rank=name) if item.word == "rank" else replace(made, predicate=name)

    @property
    def _here(self) -> Token:
        return self._tokens[min(self._next, len(self._tokens) - 1)]

    def _is(self, text: str) -> bool:
        return self._here.kind in ("sign", "close") and self._here.text == text

    def _take(self) -> Token:
        token = self._here
        if self._next >= len(self._tokens) - 1:
            raise self._wrong(token, *_OUT_OF_SHAPE)
        self._next += 1
        return token

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise self._wrong(self._here, *_OUT_OF_SHAPE)
        self._take()

    def _variable(self, token: Token, ja: str, en: str) -> str:
        if token.kind != "variable":
            raise self._wrong(token, f"{ja}は変数にしてください", f"{en} must be a variable")
        return token.text[1:]

    def _word(self, token: Token) -> str:
        iri = self._iri(token) if token.kind in ("iri", "name") else ""
        word = iri.removeprefix(MATCHING)
        if word == iri or word not in WORDS:
            raise self._wrong(
                token,
                f"述語に使えるのは <{MATCHING}> の {'・'.join(WORDS)} です",
                f"the predicates are {', '.join(WORDS)} of <{MATCHING}>",
            )
        return word

    def _string(self, token: Token) -> str:
        if token.kind != "string":
            raise self._wrong(
                token,
                "dxs:matches の値は引用符で囲んだ文字列です",
                "the object of dxs:matches must be a quoted text",
            )
        ends = 3 if token.text[:3] in ('"""', "'''") else 1
        return _unescaped(token.text[ends:-ends])

    def _limit(self, token: Token) -> int:
        number = int(token.text) if _NUMBER.fullmatch(token.text) else 0
        if not 1 <= number <= self._most:
            raise self._wrong(
                token,
                f"dxs:limit は 1 から {self._most} までの整数です",
                f"dxs:limit is a whole number from 1 to {self._most}",
            )
        return number

    def _iri(self, token: Token) -> str:
        if token.kind == "iri":
            iri = _unescaped(token.text[1:-1])
        else:
            space = self._prefixes.get(token.text[: token.prefix])
            if space is None:
                raise self._wrong(
                    token,
                    f"接頭辞 {token.text[: token.prefix]}: が PREFIX で宣言されていません",
                    f"the prefix {token.text[: token.prefix]}: is not declared with PREFIX",
                )
            iri = space + re.sub(r"\\(.)", r"\1", token.text[token.prefix + 1 :])
        if not _WHOLE.fullmatch(iri):
            raise self._wrong(
                token, "IRI は省略せずに書いてください", "write the IRI in full, not as a relative one"
            )
        return iri

    def _place(self, token: Token) -> Place:
        return place(self._text, self._start + token.start)

    def _wrong(self, token: Token, ja: str, en: str) -> QuerySyntaxError:
        return misplaced(self._place(token), ja, en)


_OUT_OF_SHAPE = (
    '検索の形は { ?thing dxs:matches "文字列" ; dxs:limit 50 } です',
    'a search is written { ?thing dxs:matches "text" ; dxs:limit 50 }',
)
_EMPTY = (
    "dxs:matches がありません",
    "there is no dxs:matches",
)


def _prefixes(prologue: str) -> Iterator[tuple[str, str]]:
    tokens = scan(prologue, len(prologue)).tokens
    for (word, name), iri in zip(pairwise(tokens), tokens[2:], strict=False):
        if word.kind == "word" and word.text.upper() == "PREFIX" and name.kind == "name":
            yield name.text[: name.prefix], _unescaped(iri.text[1:-1])


def _split(tokens: Sequence[Token]) -> Iterator[Token]:
    """A name cannot end in a full stop (SPARQL 1.1 Query, 19.8, PN_LOCAL): it ends the triple there."""
    for token in tokens:
        text = (
            token.text.rstrip(".") if token.kind == "name" and not token.text.endswith("\\.") else token.text
        )
        yield token._replace(text=text)
        for at in range(len(text), len(token.text)):
            yield Token("sign", ".", token.start + at)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    return chr(int(digits, 16)) if digits else _SIGNS.get(found[3], found[3])
