"""Action plan lists and sheets: the lines of a document as parts, before anything is understood of them.

A document has a cover, a contents page, the list of initiatives (項目, 取組事項, 具体的な取組, 実施予定年度,
取組シート; labels of 項目 and 取組事項 stand only in the first row they hold for), one sheet per marked
initiative and an imprint. Table cells are separated by tabs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dxlod.layout.common import heading, is_page_number
from dxlod.layout.draft import Draft
from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup, tidy
from dxlod.model.years import era_year

__all__ = ["ContentsEntry", "ListRow", "Period", "Scan", "Sheet", "find_periods", "scan"]

_COLUMNS = ("項目", "取組事項", "具体的な取組", "実施予定年度", "取組シート")
_PLACES = {fold(name): place for place, name in enumerate(_COLUMNS)}
_SCHEDULE = fold("スケジュール")
_LABELS = {
    "取組内容": "content", "年度": "years", _SCHEDULE: "schedule",
    "主な評価指標": "indicators", "評価指標": "indicators",
}  # fmt: skip
_LIST = re.compile(r"(?:[0-9]{1,2}|[IVX]{1,4}|l)?[.]?取組一覧(?:\(続き\))?")
_NUMERAL = re.compile(r"[0-9]{1,2}|[IVX]{1,4}|l")
_CONTENTS = re.compile(
    r"\s*([0-9０-９IVX]{1,3})\s*\t\s*(\S[^\t]*?)\s*(?:\t[\s・….]*|[・….]{2,}\s*)([0-9０-９]{1,3})\s*"
)
_YEAR = r"(?:19|20)[0-9]{2}|(?:明治|大正|昭和|平成|令和|[MTSHR])(?:元|[0-9]{1,2})"
_PERIOD = re.compile(
    rf"({_YEAR})(?:年度?)?(?:[~-]|から)({_YEAR}|[0-9]{{1,2}})(?:年度?)?(?:まで)?|({_YEAR})年度?([~-]|から)?"
)
_ERA = re.compile(r"(\D+)(元|[0-9]+)")
_LONGEST = 60  # years of a span; more is a misread figure
_LONG_LINE = 300


@dataclass(frozen=True, slots=True)
class Period:
    """Fiscal years as printed (``2020~30年度``); ``None``: not printed, or not a possible span."""

    start: int | None
    end: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of the contents page."""

    line: int
    number: str
    title: str


@dataclass(slots=True)
class ListRow:
    """A row of the list, cells as printed. ``lines`` has two numbers where the row was broken in two."""

    lines: Lines
    item: str
    measure: str
    title: str
    years: str
    mark: str


@dataclass(slots=True)
class Sheet:
    """A sheet: its line numbers by label, and its cells. ``title`` is blank where the first line is lost."""

    line: int
    title: str = ""
    measure: str = ""
    rows: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    content: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Scan:
    """All parts of a document. ``front`` and ``plain``: lines without a table, on the cover and later."""

    contents: list[ContentsEntry] = field(default_factory=list)
    rows: list[ListRow] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    front: list[int] = field(default_factory=list)
    plain: list[int] = field(default_factory=list)
    has_list: bool = False


def _year(text: str, base: str) -> int:
    """A year as the period prints it; two digits alone continue the first year's century or era."""
    if re.fullmatch(r"[0-9]{4}", text):
        return int(text)
    era = _ERA.fullmatch(text)
    if era:
        return era_year(era[1], era[2])
    base_era = _ERA.fullmatch(base)
    if base_era:
        return era_year(base_era[1], text)
    year = int(base) // 100 * 100 + int(text)
    return year if year >= int(base) else year + 100


def find_periods(text: str) -> list[Period]:
    """Every span of fiscal years in a text, in order."""
    periods = []
    for match in _PERIOD.finditer(fold(text)):
        first = match[1] or match[3]
        start = _year(first, first)
        end = _year(match[2], first) if match[2] else None if match[4] else start
        if end is not None and not 0 <= end - start <= _LONGEST:
            periods.append(Period(None, None, match[0]))
        else:
            periods.append(Period(start, end, match[0]))
    return periods


def _is_period(cell: str) -> bool:
    return bool(cell) and not _PERIOD.sub("", fold(cell)).strip("、,・;")


class _Scanner:
    """Goes through the lines once. Where it stands: front, contents, list or sheets."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._scan = Scan()
        self._place = "front"
        self._years_column = _PLACES[fold("実施予定年度")]
        self._sheet: Sheet | None = None
        self._label = ""

    def run(self) -> Scan:
        for number in range(1, self._draft.last + 1):
            line = strip_markup(self._draft.line(number))
            if line.strip():
                self._take(number, line)
        return self._scan

    def _take(self, number: int, line: str) -> None:
        plain = heading(line)
        if fold(plain) in ("目次", "もくじ", "CONTENTS"):
            self._place = "contents"
            self._draft.ignore(Lines.of(number), "contents page")
        elif self._place in ("front", "contents") and self._take_contents(number, line):
            pass
        elif "\t" not in line.strip() and _LIST.fullmatch(fold(plain)):
            self._take_list_heading(number)
        elif "\t" in line or fold(plain) in _LABELS:
            self._take_table(number, line)
        else:
            self._take_plain(number, plain)

    def _take_contents(self, number: int, line: str) -> bool:
        match = _CONTENTS.fullmatch(line) if len(line) < _LONG_LINE else None
        if match is None:
            return False
        self._place = "contents"
        self._scan.contents.append(ContentsEntry(number, tidy(match[1]), tidy(match[2])))
        self._draft.ignore(Lines.of(number), "contents page")
        return True

    def _take_list_heading(self, number: int) -> None:
        self._place, self._scan.has_list, self._sheet = "list", True, None
        self._draft.ignore(Lines.of(number), "page heading")
        plain = self._scan.plain if self._scan.plain else self._scan.front
        before = number - 1
        while before > 0 and not self._draft.line(before).strip():
            before -= 1
        if plain and plain[-1] == before and _NUMERAL.fullmatch(fold(heading(self._draft.line(before)))):
            plain.pop()
            self._draft.ignore(Lines.of(before), "page heading")

    def _take_table(self, number: int, line: str) -> None:
        cells = [tidy(cell) for cell in line.split("\t")]
        names = {fold(cell): place for place, cell in reversed(list(enumerate(cells))) if cell}
        first = next((cell for cell in cells if cell), "")
        if fold(first) == "具体的な取組" and "項目" not in names:
            self._start_sheet(number, cells)
        elif len(names.keys() & _PLACES.keys()) >= 3:
            self._place, self._scan.has_list = "list", True
            self._years_column = names.get(fold("実施予定年度"), self._years_column)
            self._draft.ignore(Lines.of(number), "column headings")
        elif self._label_of(first):
            self._take_label(number, self._label_of(first), cells)
        elif self._place == "list":
            self._take_row(number, line)
        elif self._is_continuation(tidy(line)):
            self._continue_content(number)

    @staticmethod
    def _label_of(cell: str) -> str:
        folded = fold(cell)
        if folded in _LABELS:
            return _LABELS[folded]
        if folded.startswith(_SCHEDULE) and _is_period(folded.removeprefix(_SCHEDULE)):
            return "schedule"
        return ""

    def _take_row(self, number: int, line: str) -> None:
        raw = [cell.strip(" \u3000") for cell in line.split("\t")]
        years = next((place for place, cell in enumerate(raw) if place and _is_period(cell)), None)
        shift = 0 if years is None else years - self._years_column

        def cell(name: str) -> str:
            place = _PLACES[fold(name)] - _PLACES[fold("実施予定年度")] + self._years_column + shift
            return raw[place] if 0 <= place < len(raw) else ""

        row = ListRow(
            Lines.of(number),
            cell("項目"),
            cell("取組事項"),
            cell("具体的な取組"),
            cell("実施予定年度"),
            cell("取組シート"),
        )
        last = self._scan.rows[-1] if self._scan.rows else None
        broken = last is not None and last.title and not last.years and number - 1 in last.lines
        if last is not None and broken and shift < 0 and not row.measure:
            last.lines, last.title = last.lines | row.lines, last.title + row.title
            last.years, last.mark = row.years, row.mark
        else:
            self._scan.rows.append(row)

    def _start_sheet(self, number: int, cells: Sequence[str]) -> None:
        self._place, self._label = "sheets", "title"
        names = [fold(cell) for cell in cells]
        split = names.index("取組事項") if "取組事項" in names else len(cells)
        title = "".join(cell for cell in cells[:split] if cell and fold(cell) != "具体的な取組")
        measure = "".join(cell for cell in cells[split + 1 :] if cell)
        last = self._sheet
        if last is not None and not last.rows and (last.title, last.measure) == (title, measure):
            last.repeated.append(number)
            return
        self._sheet = Sheet(number, title, measure)
        self._scan.sheets.append(self._sheet)

    def _take_label(self, number: int, label: str, cells: list[str]) -> None:
        self._place = "sheets"
        sheet = self._sheet
        if sheet is not None and label in sheet.rows and sheet.rows[label][1] == cells:
            sheet.repeated.append(number)
            return
        if sheet is None or label in sheet.rows:
            sheet = self._sheet = Sheet(number)
            self._scan.sheets.append(sheet)
        sheet.rows[label] = (number, cells)
        self._label = label
        if label == "content":
            sheet.content.append(number)

    def _is_continuation(self, text: str) -> bool:
        return self._sheet is not None and self._label == "content" and (len(text) > 40 or "。" in text)

    def _continue_content(self, number: int) -> None:
        if self._sheet is not None:
            self._sheet.content.append(number)

    def _take_plain(self, number: int, text: str) -> None:
        if self._is_continuation(text):
            self._continue_content(number)
        elif self._place == "front":
            self._scan.front.append(number)
        elif is_page_number(text) and not self._next_is_list(number):
            self._draft.ignore(Lines.of(number), "page number")
        else:
            self._scan.plain.append(number)

    def _next_is_list(self, number: int) -> bool:
        following = number + 1
        while (
            following <= self._draft.last
            and following < number + 4
            and not self._draft.line(following).strip()
        ):
            following += 1
        return bool(_LIST.fullmatch(fold(heading(self._draft.line(following)))))


def scan(draft: Draft) -> Scan:
    """The parts of a document, in one pass over its lines."""
    return _Scanner(draft).run()
