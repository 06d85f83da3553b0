"""One measure: its parts (目指す姿, 現状と課題, KPI, 主な取組) become prose, indicators and initiatives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dxlod.layout.common import is_page_number
from dxlod.layout.draft import Draft, Row
from dxlod.layout.kpi import read_kpis
from dxlod.model.lines import Lines
from dxlod.model.text import strip_markup, tidy, trim_sentence

__all__ = ["Measure", "finish_measure"]

_BULLET = re.compile(r"\s*(?:[-*]\s+(?:・\s*)?|・\s*)(\S.*)")
_BOLD = re.compile(r"^\s*\*\*")
_GAP = 3  # blank lines where the conversion left out a picture


@dataclass(slots=True)
class Measure:
    """A measure and the lines of its parts, in the order of the text."""

    row: Row
    number: int
    part: str | None = None
    parts: dict[str, list[int]] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    loose: list[int] = field(default_factory=list)

    def open(self, kind: str, line: int) -> None:
        """A part's heading."""
        self.part = kind
        self.parts.setdefault(kind, [])
        self.labels.setdefault(kind, line)

    def take(self, line: int) -> None:
        """A line of text in the part that is open."""
        if self.part is None:
            self.loose.append(line)
        else:
            self.parts[self.part].append(line)


class _Captions:
    """Tells captions: a short line below a gap, the last of its measure's text on that page."""

    def __init__(self, draft: Draft, measure: Measure) -> None:
        lines = sorted((*measure.loose, *(n for part in measure.parts.values() for n in part)))
        self._draft = draft
        self._last = {
            a for a, b in zip(lines, (*lines[1:], 0), strict=True) if b == 0 or self._page_ends(a, b)
        }

    def _page_ends(self, one: int, other: int) -> bool:
        return any("章" in self._draft.line(n)[:6] for n in range(one + 1, min(other, one + 12)))

    def __call__(self, number: int) -> bool:
        text = self._draft.line(number).strip()
        above = [self._draft.line(n).strip() for n in range(max(1, number - _GAP), number)]
        gap = len(above) == _GAP and not any(above)
        return (
            number in self._last and gap and len(text) <= 40 and "。" not in text and not _BULLET.match(text)
        )


def finish_measure(draft: Draft, measure: Measure) -> None:
    """Add the rows of a measure and account for its lines."""
    captions = _Captions(draft, measure)
    for kind in ("goal", "issue"):
        _prose(draft, measure, kind, captions)
    for number in measure.loose:
        if is_page_number(draft.line(number)):
            draft.ignore(Lines.of(number), "page number")
        elif captions(number):
            draft.ignore(Lines.of(number), "caption")
        elif "。" in draft.line(number):
            draft.describe(measure.row, "content", Lines.of(number))
    found = read_kpis(draft, measure.row, measure.parts.get("kpi", []), captions)
    if not found:
        _lost(draft, measure, "indicators", "kpi")
    if not _Items(draft, measure, captions).read():
        _lost(draft, measure, "initiatives", "items")


def _prose(draft: Draft, measure: Measure, kind: str, captions: _Captions) -> None:
    lines = measure.parts.get(kind, [])
    for number in lines:
        line = draft.line(number)
        if captions(number):
            draft.ignore(Lines.of(number), "caption")
        elif is_page_number(line):
            draft.ignore(Lines.of(number), "page number")
        elif _BULLET.match(line) or "。" in line or "。" in draft.line(number + 1):
            draft.describe(measure.row, kind, Lines.of(number))


def _lost(draft: Draft, measure: Measure, column: str, part: str) -> None:
    ja, en = {"initiatives": ("主な取組", "initiatives"), "indicators": ("KPI", "indicators")}[column]
    measure.row.mark_unknown(column)
    where = Lines.of(measure.labels[part]) if part in measure.labels else measure.row.lines
    draft.note(
        f"{column}-lost",
        f"取組施策「{measure.row.title}」の{ja}が原文（変換されたテキスト）にありません。ないのではなく不明とします。",
        f"The {en} of the measure “{measure.row.title}” are not in the text as converted: unknown, not none.",
        where,
        measure.row,
        column,
    )


class _Items:
    """The list of 主な取組: titles with marks, each with an explanation below or none."""

    def __init__(self, draft: Draft, measure: Measure, captions: _Captions) -> None:
        self._draft, self._measure, self._captions = draft, measure, captions
        self._found: list[tuple[list[int], str]] = []
        self._texts: list[tuple[int, list[int]]] = []  # index of the item, lines of its explanation

    def read(self) -> int:
        """Add an initiative for each title. Returns how many."""
        for number in self._measure.parts.get("items", []):
            self._take(number, strip_markup(self._draft.line(number)))
        rows = [self._add(lines, text) for lines, text in self._found]
        for index, lines in self._texts:
            self._draft.describe(rows[index], "content", Lines.of(*lines))
        return len(rows)

    def _take(self, number: int, line: str) -> None:
        match = _BULLET.fullmatch(line.rstrip())
        if match and not self._explains(match[1]):
            self._found.append(([number], match[1]))
        elif self._captions(number):
            self._draft.ignore(Lines.of(number), "caption")
        elif is_page_number(line):
            self._draft.ignore(Lines.of(number), "page number")
        elif self._found and ("。" in line or self._wraps_on(number)):
            self._texts.append((len(self._found) - 1, [number]))
        elif self._found and number == self._found[-1][0][-1] + 1 and self._is_open():
            lines, text = self._found[-1]
            self._found[-1] = [*lines, number], f"{text} {line.strip()}"

    def _explains(self, text: str) -> bool:
        """A marked sentence below a title without 「。」 explains it."""
        return "。" in text and bool(self._found) and "。" not in self._found[-1][1]

    def _wraps_on(self, number: int) -> bool:
        after = self._draft.line(number + 1)
        return len(self._draft.line(number)) > 20 and "。" in after and not _BULLET.match(after)

    def _is_open(self) -> bool:
        """A title whose emphasis or bracket is not closed goes on in the next line."""
        text = self._found[-1][1]
        return (text.startswith("**") and text.count("**") == 1) or text.count("（") > text.count("）")

    def _add(self, lines: list[int], text: str) -> Row:
        text = (
            _BOLD.sub("", text).split("**")[0].strip()
        )  # what follows the bold title on its line explains it
        return self._draft.add(
            "initiative",
            Lines.of(*lines),
            under=self._measure.row,
            title=trim_sentence(text) if "。" in text else tidy(text),
            policy=self._measure.row.cells["policy"],
            measure=self._measure.row,
        )
