"""The evidence invariant: each value occurs literally in the lines its row cites, after recorded
normalisation or correction, or the row carries a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from dxlod.document import Document
from dxlod.layout.draft import Correction, Note, Row
from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup
from dxlod.model.years import find_year_month, fiscal_year_of, year_forms
from dxlod.table.contract import Column, Contract

__all__ = ["Evidence"]

_MARKS = re.compile(r"^\s*#+\s+|\*\*")  # of headings and emphasis


_KANJI_NUMBERS = {str(number): kanji for number, kanji in enumerate("一二三四五六七八九十", start=1)}


def _has_text(value: object, text: str, _: str) -> bool:
    return fold(str(value)) in text


def _has_number(value: object, text: str, _: str) -> bool:
    number = f"{value:f}" if isinstance(value, Decimal) else str(value).replace("_", "の")
    if isinstance(value, Decimal) and "." in number:
        number = number.rstrip("0").rstrip(".")
    # Laws number their appended tables in kanji: 別表第一.
    kanji = _KANJI_NUMBERS.get(number) if isinstance(value, str) else None
    text = text.replace(",", "")
    if "の" in number and number in text.replace("条の", "の"):  # 第19条の2
        return True
    return number in text or (kanji is not None and f"第{kanji}" in text)


def _has_year(value: object, text: str, raw: str) -> bool:
    """The fiscal year is printed, or a calendar month that lies in it is (January 2024: fiscal year 2023)."""
    year = int(str(value))
    if any(form in text for form in year_forms(year)):
        return True
    months = (date for date in find_year_month(raw) if len(date) >= 7)
    return any(fiscal_year_of(int(date[:4]), int(date[5:7])) == year for date in months)


def _has_date(value: object, _: str, raw: str) -> bool:
    return any(date.startswith(str(value)) for date in find_year_month(raw))


_CHECKS: dict[str, Callable[[object, str, str], bool]] = {
    "text": _has_text,
    "printed": _has_text,
    "number": _has_number,
    "year": _has_year,
    "date": _has_date,
}


class Evidence:
    """Checks rows against a document whose reviewed corrections are applied."""

    def __init__(self, document: Document, corrections: Sequence[Correction], contract: Contract) -> None:
        self._contract = contract
        self._lines = list(document.lines)
        for correction in corrections:
            if correction.method == "rule" and 0 < correction.line <= len(self._lines):
                line = self._lines[correction.line - 1]
                self._lines[correction.line - 1] = line.replace(correction.as_printed, correction.as_read, 1)
        self._cache: dict[Lines, tuple[str, str]] = {}

    def text(self, lines: Lines) -> tuple[str, str]:
        """The cited lines, folded for comparison, and as they stand."""
        if lines not in self._cache:
            cited = (self._lines[n - 1] for n in lines if n <= len(self._lines))
            raw = "\n".join(_MARKS.sub("", strip_markup(line)) for line in cited)
            self._cache[lines] = fold(raw), raw
        return self._cache[lines]

    def check(self, row: Row) -> list[Note]:
        """Findings on the cells of a row that its cited lines do not show."""
        folded, raw = self.text(row.lines)
        notes = []
        for column in self._contract[row.table].columns:
            value = row.cells.get(column.name)
            if not column.evidence or value in (None, "", []):
                continue
            items = value if isinstance(value, (list, tuple)) else [value]
            if not all(_CHECKS[column.evidence](item, folded, raw) for item in items):
                notes.append(_missing(row, column, value))
        return notes


def _missing(row: Row, column: Column, value: object) -> Note:
    return Note(
        "evidence-missing",
        f"「{column.ja}」の値「{value}」が原文 {row.lines} 行に見当たりません。",
        f"The value “{value}” of “{column.en}” does not occur on the cited lines {row.lines}.",
        row.lines,
        row,
        column.name,
    )
