"""The KPI section of a measure: tables with tabs, and tables whose cells fell apart into lines.

A label (基準値, 目標値, 令和12年度) opens a slot; the figures of a name fill the slots in their order. Where names
and figures cannot be matched without guessing, the values are unknown and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dxlod.layout.common import is_page_number
from dxlod.layout.draft import Draft, Row
from dxlod.layout.kpi_figure import ARROWS, Figure, Label, own_year, read_figure, read_label
from dxlod.model.lines import Lines
from dxlod.model.text import strip_markup, tidy

__all__ = ["read_kpis"]

_SPLIT = re.compile(rf"\s*(?=[{ARROWS}])")
_MARKS = re.compile(r"^\s*(?:[-*・○●]\s+|・)?|\*\*")
_COUNTED = re.compile(r"(?:数|率|割合|回数|時間|度|額|量|者|面積|人口|ポイント)(?:[（(].*[）)])?$")


@dataclass(frozen=True, slots=True)
class _Slot:
    kind: str
    year: int | None
    line: int


@dataclass(slots=True)
class _Item:
    """An indicator in the making: the lines of its name, and figure and lines by slot index."""

    name: list[tuple[int, str]]
    figures: dict[int, tuple[Figure, list[int]]] = field(default_factory=dict)
    slots: list[_Slot] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        return tidy("\n".join(text for _, text in self.name))


def read_kpis(
    draft: Draft, measure: Row, lines: Sequence[int], is_caption: Callable[[int], bool], heading: Lines
) -> None:
    """Add the indicators of a measure and their values. ``heading``: the line of the section's heading."""
    block = _Block(draft, measure, is_caption)
    for number in lines:
        block.take(number, strip_markup(draft.line(number)))
    block.finish(heading)


class _Block:
    def __init__(self, draft: Draft, measure: Row, is_caption: Callable[[int], bool]) -> None:
        self._draft, self._measure, self._is_caption = draft, measure, is_caption
        self._slots: list[_Slot] = []
        self._columns: dict[int, int] = {}  # column of a table with tabs → slot
        self._name_column = 0
        self._waiting: list[_Item] = []  # named, no figures yet
        self._loose: list[tuple[Figure, int]] = []  # figures of the names that wait
        self._shifted: list[_Item] = []  # names printed a row above their figures
        self._current: _Item | None = None
        self._next: int | None = None  # the slot that a label just opened
        self._items: list[_Item] = []

    # -- tokens ---------------------------------------------------------------------------------------

    def take(self, number: int, line: str) -> None:
        if not line.strip():
            return
        if "\t" in line:
            self._settle()
            self._table_row(number, [cell.strip() for cell in line.split("\t")])
            return
        text = _MARKS.sub("", line).strip()
        labels = self._labels(text)
        if labels:
            for label in labels:
                self._label(number, label)
        elif (year := own_year(text)) is not None and self._date_last(number, year, text):
            return
        else:
            self._figures_or_name(number, text)

    @staticmethod
    def _labels(text: str) -> list[Label]:
        whole = read_label(text)
        if whole:
            return [whole]
        parts = [read_label(part) for part in text.split()]
        return [part for part in parts if part] if all(parts) else []

    def _label(self, number: int, label: Label) -> None:
        self._draft.ignore(Lines.of(number), "column label")
        if label.kind in ("name", "other"):
            return
        if label.kind == "baseline" and any(slot.kind == "target" for slot in self._slots):
            self._settle()
            self._slots = []
        self._slots = [*self._slots, _Slot(label.kind, label.year, number)]
        self._next = len(self._slots) - 1
        if self._current is not None and len(self._current.slots) == self._next:
            self._current.slots = self._slots

    def _date_last(self, number: int, year: int, text: str) -> bool:
        """``(R6)`` on a line of its own belongs to the figure above it."""
        if self._loose and self._loose[-1][0].year is None:
            figure, line = self._loose.pop()
            self._loose.append((_dated(figure, year, text), line))
            self._dates[id(self._loose[-1][0])] = number
            return True
        if self._current is None or not self._current.figures:
            return False
        slot = list(self._current.figures)[-1]
        figure, lines = self._current.figures[slot]
        if figure.year is not None:
            return False
        self._current.figures[slot] = _dated(figure, year, text), [*lines, number]
        return True
