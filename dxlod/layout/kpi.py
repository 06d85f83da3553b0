"""The KPI section of a measure: tables with tabs, and tables whose cells fell apart into lines.

A label (基準値, 目標値, 令和12年度) opens a slot; the figures of a name fill the slots in their order. Where names
and figures cannot be matched without guessing, the values are unknown and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from dxlod.layout.common import is_page_number
from dxlod.layout.draft import Draft, Row
from dxlod.layout.kpi_figure import ARROWS, Figure, Label, own_year, read_figure, read_label
from dxlod.layout.kpi_rows import Item, Named, Slot, add_items
from dxlod.model.lines import Lines
from dxlod.model.text import strip_markup, tidy

__all__ = ["read_kpis"]

_SPLIT = re.compile(rf"\s*(?=[{ARROWS}])")
_MARKS = re.compile(r"^\s*(?:[-*○●]\s+)?(?:・\s*)?|\*\*")
_BULLET = re.compile(r"\s*(?:[-*○●■]\s|[・■])")
_COUNTED = re.compile(r"(?:数|率|割合|回数|時間|度|額|量|者|面積|人口|ポイント)(?:[（(].*[）)])?$")
_DATA = ("baseline", "target", "actual")


def read_kpis(draft: Draft, measure: Row, lines: Sequence[int], is_caption: Callable[[int], bool]) -> int:
    """Add the indicators of a measure and their values from the lines of its KPI section. Returns how many."""
    block = _Block(draft, is_caption)
    for number in lines:
        block.take(number, strip_markup(draft.line(number)))
    block.finish()
    add_items(draft, measure, block.items)
    return len(block.items)


@dataclass(slots=True)
class _Group:
    """Names, and the figures that follow them, with the slot that a label just above a figure opened."""

    names: list[Item] = field(default_factory=list)
    figures: list[tuple[Figure, list[int], int | None]] = field(default_factory=list)


class _Block:
    def __init__(self, draft: Draft, is_caption: Callable[[int], bool]) -> None:
        self.items: list[Item] = []
        self._draft, self._is_caption = draft, is_caption
        self._slots: list[Slot] = []
        self._columns: dict[int, int] = {}  # column of a table with tabs → slot
        self._name_column = 0
        self._start = 0  # first item of the table with tabs being read
        self._group = _Group()
        self._opened: int | None = None
        self._shifted: list[
            tuple[int, str, dict[int, Figure]]
        ] = []  # rows of a table whose header holds a name
        self._broken: list[int] = []  # lines of text between those rows

    # -- one line -------------------------------------------------------------------------------------

    def take(self, number: int, line: str) -> None:
        if not line.strip():
            return
        if "\t" in line:
            self._table_row(number, [_MARKS.sub("", cell).strip() for cell in line.split("\t")])
            return
        if self._shifted and self._shifted[-1][1]:  # text amid a table whose rows are out of step
            self._broken.append(number)
            return
        self._settle_shifted()
        text = _MARKS.sub("", line).strip()
        labels = _labels(text)
        year = own_year(text)
        if labels:
            self._draft.ignore(Lines.of(number), "column label")
            for label in labels:
                self._label(number, label)
            if len(labels) > 1:  # a header row: it opens no slot by itself
                self._opened = None
        elif year is not None and self._group.figures and self._group.figures[-1][0].year is None:
            figure, lines, slot = self._group.figures[-1]
            dated = replace(figure, year=year, text=tidy(f"{figure.text} {text}"))
            self._group.figures[-1] = dated, [*lines, number], slot
        elif (pair := _SPLIT.split(text, maxsplit=1))[1:] and (first := read_label(pair[0])) is not None:
            self._label(number, first)
            self._figures_or_name(number, pair[1])
        else:
            self._figures_or_name(number, text)

    def _label(self, number: int, label: Label) -> None:
        if label.kind not in _DATA:
            return
        if any((slot.kind, slot.year) == (label.kind, label.year) for slot in self._slots):  # printed again
            if self._group.figures:
                self._settle()
            self._slots = []
        self._slots = [*self._slots, Slot(label.kind, label.year, number)]
        self._opened = len(self._slots) - 1

    def _figures_or_name(self, number: int, text: str) -> None:
        figures = [read_figure(part) for part in _SPLIT.split(text) if part.strip()]
        found = [figure for figure in figures if figure is not None]
        if found and len(found) == len(figures):
            for figure in found:
                self._group.figures.append((figure, [number], self._opened))
                self._opened = None
            return
        if self._group.figures:
            self._settle()
        names = self._group.names
        goes_on = (
            names and number == names[-1].name[-1].line + 1 and not _BULLET.match(self._draft.line(number))
        )
        if goes_on or (names and re.match(r"[（(※]", text)):
            names[-1].name.append(Named(number, text))
        else:
            names.append(Item([Named(number, text)]))

    # -- a table with tabs ----------------------------------------------------------------------------

    def _table_row(self, number: int, cells: list[str]) -> None:
        labels = [read_label(cell) if cell else None for cell in cells]
        if any(label and label.kind in _DATA for label in labels):
            self._header(number, cells, labels)
            return
        name = cells[self._name_column] if self._name_column < len(cells) else ""
        figures = {}
        for column, cell in enumerate(cells):
            if column in self._columns and cell:
                figure = read_figure(cell) or Figure("text", cell)
                if _misdated(self._slots[self._columns[column]], figure):
                    self._note("value-unplaced", f"「{cell}」", f"“{cell}”", number)
                else:
                    figures[self._columns[column]] = figure
            elif cell and column != self._name_column and column > max(self._columns, default=0):
                self._note(
                    "cell-unplaced", f"列見出しのない「{cell}」", f"“{cell}” without a column header", number
                )
        if self._shifted:
            self._shifted.append((number, name, figures))
        else:
            self._add_row(number, name, figures)

    def _header(self, number: int, cells: list[str], labels: list[Label | None]) -> None:
        self._settle()
        self._slots, self._columns, self._start = [], {}, len(self.items)
        self._name_column = next((n for n, label in enumerate(labels) if label and label.kind == "name"), 0)
        for column, label in enumerate(labels):
            if label and label.kind in _DATA:
                self._columns[column] = len(self._slots)
                self._slots.append(Slot(label.kind, label.year, number))
        name = cells[self._name_column]
        if name and labels[self._name_column] is None:
            self._shifted = [(number, name, {})]
        else:
            self._draft.ignore(Lines.of(number), "column label")

    def _add_row(self, number: int, name: str, figures: dict[int, Figure]) -> None:
        prefix = self._name_above(name)
        parts = list(prefix.name) if prefix else []
        if name:
            parts.append(Named(number, name))
        if not parts:
            if figures:
                self._distrust(number)
            return
        item = Item(parts, slots=self._slots)
        item.figures = {slot: (figure, [number]) for slot, figure in figures.items()}
        if figures or not self._slots:
            self.items.append(item)
        else:  # its figures may stand in the next row
            self._group.names.append(item)

    def _distrust(self, number: int) -> None:
        """A row of figures without a name: names and figures of this table may be out of step."""
        for item in self.items[self._start :]:
            item.figures = {}
        self._unclear(
            Lines.of(number, *(part.line for item in self.items[self._start :] for part in item.name))
        )

    def _unclear(self, lines: Lines) -> None:
        self._draft.note(
            "kpi-rows-unclear",
            "指標名と値の行がずれており、対応を決められません。値は不明としました。",
            "Names and figures stand in different rows and cannot be matched; the values are unknown.",
            lines,
        )

    def _name_above(self, name: str) -> Item | None:
        """A wrapped name's first line, or the name of a row without figures where this row has no name."""
        names = self._group.names
        if names and not self._group.figures and not (name and names[-1].slots):
            prefix = names.pop()
            self._settle()
            return prefix
        self._settle()
        return None

    def _settle_shifted(self) -> None:
        """Names a row above their figures: the header row holds the first name, the last row has none."""
        rows, self._shifted = self._shifted, []
        broken, self._broken = self._broken, []
        if not rows:
            return
        if (
            len(rows) > 1
            and not broken
            and not rows[-1][1]
            and all(name for _, name, _ in rows[:-1])
            and all(_fits(above[1], below[2]) for above, below in pairwise(rows))
        ):
            for (above, name, _), (number, printed, figures) in pairwise(rows):
                item = Item([Named(above, name)], slots=self._slots, moved_to=number)
                item.figures = {slot: (figure, [number]) for slot, figure in figures.items()}
                self.items.append(item)
                self._record_shift(number, printed, name)
            if rows[0][1] in self._draft.line(rows[0][0]):
                self._draft.correct(rows[0][0], rows[0][1], "", "指標名が見出しの行に入っている")
            return
        for number, name, _ in rows:
            if name:
                self.items.append(Item([Named(number, name)], slots=self._slots))
        self._unclear(Lines.of(*broken, *(number for number, _, _ in rows)))

    def _record_shift(self, number: int, printed: str, name: str) -> None:
        reason = "指標名が1行上にずれている"
        raw = self._draft.line(number)
        if printed and printed in raw:
            self._draft.correct(number, printed, name, reason)
        elif match := re.match(r"\t*[^\t]+", raw):
            self._draft.correct(number, match[0], f"{name}\t{match[0].lstrip()}", reason)

    # -- names and figures on lines of their own ------------------------------------------------------

    def _settle(self) -> None:
        """Give the figures collected to the names above them."""
        self._settle_shifted()
        group, self._group = self._group, _Group()
        self._opened = None
        self._drop_page_numbers(group)
        if not group.names:
            for _, lines, _ in group.figures:
                self._note("figure-without-name", "指標名のない値", "a figure without a name", *lines)
            return
        size = len(self._slots)
        for item in group.names:
            item.slots = item.slots or self._slots
        if len(group.names) == 1:
            self._fill(group.names[0], group.figures)
        elif self._has_target() and len(group.figures) == size * len(group.names):
            for index, item in enumerate(group.names):
                self._fill(item, group.figures[index * size : (index + 1) * size])
        elif group.figures:
            where = Lines.of(*(n for _, printed, _ in group.figures for n in printed))
            self._unclear(where)
        self.items.extend(group.names)

    def _drop_page_numbers(self, group: _Group) -> None:
        """A bare whole number among figures with units, or one too many, is the page's foot."""
        others = any(figure.unit for figure, _, _ in group.figures)
        room = len(self._slots) * max(1, len(group.names))
        kept: list[tuple[Figure, list[int], int | None]] = []
        for figure, lines, slot in group.figures:
            bare = figure.value is not None and not (
                figure.unit or figure.arrow or figure.year or figure.bound
            )
            if (
                bare
                and len(lines) == 1
                and is_page_number(self._draft.line(lines[0]))
                and (others or len(kept) >= room)
            ):
                self._draft.ignore(Lines.of(*lines), "page number")
            else:
                kept.append((figure, lines, slot))
        group.figures = kept

    def _fill(self, item: Item, figures: Sequence[tuple[Figure, list[int], int | None]]) -> None:
        """Put figures into slots: where a label, an arrow or an own year says so, else in their order."""
        place, complete = 0, len(figures) >= len(item.slots) and self._has_target()
        for figure, lines, opened in figures:
            told = self._told(item.slots, figure, opened)
            place = place if told is None else told
            slot = item.slots[place] if place < len(item.slots) else None
            misdated = slot is not None and _misdated(slot, figure)
            if slot is None or misdated or place in item.figures or (told is None and not complete):
                self._note("value-unplaced", f"「{figure.text}」", f"“{figure.text}”", *lines)
                continue
            item.figures[place] = figure, lines
            place += 1

    def _has_target(self) -> bool:
        """Whether the header is whole: a KPI without a column for its target has lost a label."""
        return any(slot.kind == "target" for slot in self._slots)

    @staticmethod
    def _told(slots: Sequence[Slot], figure: Figure, opened: int | None) -> int | None:
        """The slot that a label just above, an arrow (target) or an own year (baseline) tells, if any."""
        if opened is not None:
            return opened
        kind = "target" if figure.arrow else "baseline" if figure.year is not None else ""
        places = [n for n, slot in enumerate(slots) if slot.kind == kind]
        return places[0] if len(places) == 1 else None

    # -- the end --------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Settle what is left. A text after the last figure, below a gap, is the caption of a picture."""
        names = self._group.names
        if names and not self._group.figures and not self._shifted:
            kept = []
            for item in names:
                first = item.name[0].line
                lines = Lines.of(*(part.line for part in item.name))
                if self._is_caption(first):
                    self._draft.ignore(lines, "caption")
                elif _COUNTED.search(item.text) or item.slots:
                    kept.append(item)
                else:
                    self._note("text-unplaced", f"「{item.text}」", f"“{item.text}”", *lines)
            self._group.names = kept
        if self._group.names or self._group.figures or self._shifted:
            self._settle()

    def _note(self, code: str, ja: str, en: str, *lines: int) -> None:
        self._draft.note(
            code, f"{ja}の位置を決められません。", f"Where this belongs is not clear: {en}.", Lines.of(*lines)
        )


def _misdated(slot: Slot, figure: Figure) -> bool:
    """Whether a figure in a column of targets prints another year than the column."""
    return slot.kind == "target" and figure.year not in (None, slot.year)


def _fits(name: str, figures: dict[int, Figure]) -> bool:
    """Whether figures can be those of a name: a rate is no count and a count no percentage."""
    plain = re.sub(r"[（(].*?[)）]", "", name).strip()
    units = {figure.unit for figure in figures.values() if figure.status == "number" and figure.unit}
    if plain.endswith(("率", "割合")):
        return bool(figures) and units <= {"%", "ポイント", "割"}
    return bool(figures) and not (plain.endswith("数") and "%" in units)


def _labels(text: str) -> list[Label]:
    """The column labels that make up a line: one, or several parted by spaces."""
    whole = read_label(text)
    if whole:
        return [whole]
    parts = [read_label(part) for part in text.split()]
    found = [part for part in parts if part is not None]
    return found if len(found) == len(parts) else []
