"""The running text of a decimal-numbered plan: sections by their headings, and sentences across line breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dxlod.layout.draft import Draft
from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup, tidy

__all__ = ["Flow", "Section", "is_caption", "plain", "sections"]

_MARKS = re.compile(r"^\s*(?:#+\s*)?|\*\*")
# 「背景 1.1.」: the conversion puts the number of a heading behind its text, save for the deepest ones.
_NUMBER_LAST = re.compile(r"(\S.{0,100}?)\s{1,20}([0-9]{1,2}(?:\.[0-9]{1,2}){0,6})\.")
_NUMBER_FIRST = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2}){0,6})(\.?)\s{0,20}(\S.{0,100})")
_BROKEN_REFERENCE = re.compile(r"(?:図表|図|表|第|施策|[、「（(])$")
_CAPTION = re.compile(r"図表\s*[0-9]+\s*[.\-]\s*[0-9]+\s+(\S.*)")
_AFTER_REFERENCE = ("に", "を", "の", "は", "で", "と", "が", "および", "及び", "、")
_CONTENTS = re.compile(r"[.．…・]{4,}\s*[0-9]+$")
_LONGEST_HEADING = 130


def plain(line: str) -> str:
    """A line without markup, heading marks and outer white space."""
    return _MARKS.sub("", strip_markup(line)).strip()


def is_caption(text: str) -> bool:
    """Whether a line is the caption of a figure, and no sentence that refers to one (``図表 1.2 に示す``)."""
    match = _CAPTION.fullmatch(text)
    return bool(match) and "。" not in text and not match[1].startswith(_AFTER_REFERENCE)  # type: ignore[index]


@dataclass
class Section:
    """A numbered heading and the lines below it, up to the next heading. No number: before the first one."""

    number: tuple[int, ...]
    title: str
    lines: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    prose: list[int] = field(default_factory=list)

    @property
    def printed(self) -> str:
        """The number as printed, without the closing point."""
        return ".".join(map(str, self.number))

    @property
    def heading(self) -> Lines:
        """The lines of the heading."""
        return Lines.of(*self.lines)

    def flow(self, draft: Draft) -> Flow:
        """The running text of the section."""
        return Flow.of((n, plain(draft.line(n))) for n in self.prose)


def sections(draft: Draft) -> list[Section]:
    """The sections of a document in order; lines of a contents page are left aside."""
    found = [Section((), "")]
    known: dict[tuple[tuple[int, ...], str], Section] = {}
    chapter = 0
    for n in range(1, draft.last + 1):
        text = plain(draft.line(n))
        if not text:
            continue
        if _CONTENTS.search(text[-60:]):
            draft.ignore(Lines.of(n), "contents page")
            continue
        head = _heading(text, chapter)
        if head is None:
            found[-1].body.append(n)
            continue
        number, title = head
        chapter = number[0]
        place = (number, fold(title))
        if place not in known:
            known[place] = Section(number, title)
            found.append(known[place])
        elif known[place] is not found[-1]:
            found.append(Section(number, title))
        found[-1].lines.append(n)
    return found


def _heading(text: str, chapter: int) -> tuple[tuple[int, ...], str] | None:
    if len(text) > _LONGEST_HEADING or "。" in text:
        return None
    last = _NUMBER_LAST.fullmatch(text)
    if last and not _BROKEN_REFERENCE.search(last[1]) and not last[1].startswith("図表"):
        number = _parts(last[2])
        if len(number) > 1 or (number[0] == chapter + 1 and _short(last[1])):
            return number, tidy(last[1])
    first = _NUMBER_FIRST.fullmatch(text)
    if first:
        number = _parts(first[1])
        deep = len(number) > 1 and bool(first[2])
        if deep or (len(number) == 1 and first[2] and number[0] == chapter + 1 and _short(first[3])):
            return number, tidy(first[3])
    return None


def _parts(printed: str) -> tuple[int, ...]:
    return tuple(int(part) for part in printed.split("."))


def _short(title: str) -> bool:
    return len(title) <= 40 and "、" not in title


@dataclass(frozen=True)
class Flow:
    """Text without white space. Each character knows its line, and whether white space stood before it.

    ``text`` is for matching (half-width letters, digits and brackets); :meth:`show` gives it as printed.
    """

    text: str
    _chars: tuple[str, ...]
    _lines: tuple[int, ...]
    _spaced: tuple[bool, ...]

    @classmethod
    def of(cls, parts: Iterable[tuple[int, str]]) -> Flow:
        """The text of some lines, each given by number and text."""
        chars: list[str] = []
        lines: list[int] = []
        spaced: list[bool] = []
        space = False
        for number, text in parts:
            for char in text:
                if char.isspace() or char == "\u200b":
                    space = True
                    continue
                chars.append(char)
                lines.append(number)
                spaced.append(space)
                space = False
            space = True
        return cls("".join(map(_narrow, chars)), tuple(chars), tuple(lines), tuple(spaced))

    def lines(self, start: int, end: int) -> Lines:
        """The lines on which the characters from ``start`` to before ``end`` stand."""
        return Lines.of(*set(self._lines[start:end]))

    def show(self, start: int, end: int) -> str:
        """The characters from ``start`` to before ``end`` as printed, tidied."""
        pieces = (
            f" {self._chars[n]}" if self._spaced[n] and n > start else self._chars[n]
            for n in range(start, end)
        )
        return tidy("".join(pieces))

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Start and end of every sentence, the closing 「。」 left out."""
        start = 0
        for match in re.finditer("。", self.text):
            yield start, match.start()
            start = match.end()
        if start < len(self.text):
            yield start, len(self.text)


def _narrow(char: str) -> str:
    if char in "〜∼˜":
        return "~"
    narrow = unicodedata.normalize("NFKC", char)
    return narrow if len(narrow) == 1 else char
