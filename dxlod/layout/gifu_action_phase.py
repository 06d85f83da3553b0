"""The schedule of a sheet: which year each phase begins in, and its phase codes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dxlod.layout.draft import Draft
from dxlod.layout.gifu_action_scan import Period, find_periods
from dxlod.model.text import fold

__all__ = ["Schedule", "phase_codes", "placed_years"]

_LABEL = fold("スケジュール")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_PARTS = re.compile(r"[・、，／/]")
_TRIAL = re.compile("試行|試験|実証|テスト")
_HEADS = {
    "consider": "調査 研究 検討 企画 構想",
    "prepare": "作成 準備 構築 選定 設計 仕様書 要件定義 データ移行 調達 契約 策定 修正",
    "implement": "導入 実装 運用 実施 公開 稼働 切替 切り替え 実践 推進 開始 移行 点検 見直し 提供 開催 化",
    "expand": "拡大 拡充 横展開 展開",
}
_WORDS = {word: code for code, words in _HEADS.items() for word in words.split()}
_CODES = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Schedule:
    """A スケジュール row: its period and the cells after it; the years of the 年度 row above them.

    ``aligned``: whether cell *n* certainly stands below year *n*.
    """

    line: int
    header: int
    period: Period | None
    years: tuple[int, ...]
    cells: tuple[str, ...]
    aligned: bool

    @classmethod
    def of(
        cls, draft: Draft, years: tuple[int, Sequence[str]] | None, row: tuple[int, Sequence[str]]
    ) -> Schedule:
        """From the two rows, each with its line number. A year printed twice is corrected."""
        header, behind = _years(draft, years) if years else ((), 0)
        period, cells = _period(row[1])
        beyond = len(cells) - len(header)
        # One cell more than years: the period takes two columns of the table, and so does 年度; what is
        # left over stands behind the last year in both rows, or the cells cannot be counted.
        behind_both = beyond > 0 and behind - 1 == beyond and not any(cells[len(header) :])
        aligned = bool(header) and (beyond == 0 or behind_both)
        return cls(row[0], years[0] if years else row[0], period, header, tuple(cells), aligned)


def _years(draft: Draft, row: tuple[int, Sequence[str]]) -> tuple[tuple[int, ...], int]:
    """The year headings, and the number of empty cells behind them. None where they are not in sequence."""
    line, cells = row
    years: list[int] = []
    last = 0
    for place, cell in enumerate(cells):
        found = find_periods(cell)
        if len(found) != 1 or found[0].start is None or fold(cell) == fold("年度"):
            continue
        last = place
        if years and years[-1] == found[0].start and cells[place - 1] == cell:
            if f"{cell}\t{cell}" in draft.line(line):
                draft.correct(line, f"{cell}\t{cell}", cell, "年度の見出しが重複している")
        else:
            years.append(found[0].start)
    sequence = all(b == a + 1 for a, b in itertools.pairwise(years))
    return (tuple(years) if sequence else ()), len(cells) - 1 - last


def _period(cells: Sequence[str]) -> tuple[Period | None, list[str]]:
    """The period of a スケジュール row and the cells after it."""
    place = next((n for n, cell in enumerate(cells) if fold(cell).startswith(_LABEL)), 0)
    glued = find_periods(fold(cells[place]).removeprefix(_LABEL))
    if glued:
        return glued[0], list(cells[place + 1 :])
    if place + 1 < len(cells):
        found = find_periods(cells[place + 1])
        if len(found) == 1 and found[0].text == fold(cells[place + 1]):
            return found[0], list(cells[place + 2 :])
    return None, list(cells[place + 1 :])


def placed_years(schedule: Schedule) -> dict[int, int]:
    """The year in which a phase begins, by cell, as far as the cells say so.

    A phase may be drawn as an arrow over several years with its label anywhere on it. So it certainly
    begins in the year of its cell only where the cell before it holds another phase, or where it is
    the first cell of the period. Where the cells cannot be counted, only the leftmost one is placed.
    """
    years, period, cells = schedule.years, schedule.period, schedule.cells
    if (
        not years
        or period is None
        or period.start is None
        or not years[0] <= max(period.start, years[0]) <= years[-1]
    ):
        return {}
    first = max(period.start, years[0]) - years[0]
    if not schedule.aligned:
        return {0: years[0]} if first == 0 and cells and cells[0] else {}
    return {
        place: years[place]
        for place, cell in enumerate(cells[: len(years)])
        if cell and (place == first or (place > first and cells[place - 1]))
    }


def phase_codes(label: str) -> list[str]:
    """The phase codes of a label: for each part, the last word that has one (the head of the name)."""
    codes: list[str] = []
    for part in _PARTS.split(_BRACKETS.sub("", label)):
        words = _CODES.findall(part)
        code = "trial" if _TRIAL.search(part) else _WORDS[words[-1]] if words else ""
        if code and code not in codes:
            codes.append(code)
    return codes or ["other"]
