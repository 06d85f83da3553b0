"""Printed tables of figures (self-evaluation, survey) and the glossary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dxlod.layout.draft import Draft, Row, number_part
from dxlod.layout.tokushima_cells import Figure, read_figure
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy
from dxlod.model.years import find_fiscal_years

__all__ = ["Caption", "read_table", "read_term"]

_TOTAL = re.compile(r"合計|総計|計")
_READING = re.compile(r"[ぁ-ゖァ-ヺー・\s　]+")
_TERM = re.compile(r"(.+?)[(（]([ぁ-ゖー・\s　]+)[)）]")


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption: printed number (図表9, ①), title, line; and the line of a unit printed below it, with the unit."""

    number: str
    title: str
    line: int
    unit: str = ""
    unit_line: int = 0


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of figures: where it stands, its label, its fiscal year and the header lines that print them."""

    index: int
    label: str
    year: int | None
    lines: Lines


def read_table(draft: Draft, caption: Caption | None, block: Sequence[tuple[int, str]]) -> bool:
    """Read a block of tabbed lines as a table of figures. False where it is none."""
    rows = [(line, [tidy(cell) for cell in text.split("\t")]) for line, text in block]
    data = [(line, cells) for line, cells in rows if _is_data(cells)]
    if not data:
        return False
    header = [(line, cells) for line, cells in rows if line < data[0][0]]
    first = min(_first_figure(cells) for _, cells in data)
    columns = _columns(header, first, max(len(cells) for _, cells in data))
    if caption is None or not columns:
        _note_unread(draft, Lines.of(*(line for line, _ in rows)))
        return False
    table = draft.add(
        "statistical_table",
        Lines.of(*(n for n in (caption.line, caption.unit_line) if n)),
        part=number_part(caption.number),
        number=caption.number,
        title=caption.title,
        unit=caption.unit,
    )
    read = [_row(draft, table, caption, columns, place) for place in enumerate(data, start=1)]
    _check_totals(draft, table, data, columns, read)
    return True


def _figure(cell: str) -> bool:
    """Whether a cell is a number or a dash; words such as ない are labels here."""
    figure = read_figure(cell)
    if figure is None or find_fiscal_years(cell):
        return False
    return figure.status == "number" or (
        figure.status == "none" and not figure.text.startswith(("な", "無", "対", "設"))
    )


def _first_figure(cells: Sequence[str]) -> int:
    """Where the figures of a row begin, behind its label; 0 where there are none."""
    return next((n for n, cell in enumerate(cells) if n and _figure(cell)), 0)


def _is_data(cells: Sequence[str]) -> bool:
    """A label, then figures only: a header of ages (20歳未満, 70歳以上) begins with a blank cell."""
    figures = [cell for cell in cells[_first_figure(cells) :] if cell]
    return bool(cells[0] and _first_figure(cells)) and len(figures) > 1 and all(map(_figure, figures))


def _columns(header: Sequence[tuple[int, list[str]]], first: int, width: int) -> list[_Column]:
    columns = []
    year, year_line = None, 0
    for index in range(first, width):
        label, lines = "", Lines()
        for line, cells in header:
            cell = cells[index] if index < len(cells) else ""
            if years := find_fiscal_years(cell):
                year, year_line = years[0], line
            if cell:
                label, lines = cell, Lines.of(line)
        if label:
            columns.append(_Column(index, label, year, lines | Lines.of(*([year_line] if year else []))))
    return columns


def _row(
    draft: Draft,
    table: Row,
    caption: Caption,
    columns: Sequence[_Column],
    place: tuple[int, tuple[int, list[str]]],
) -> list[Figure | None]:
    order, (line, cells) = place
    label = " ".join(cell for cell in cells[: columns[0].index] if cell)
    read: list[Figure | None] = []
    for number, column in enumerate(columns, start=1):
        text = cells[column.index] if column.index < len(cells) else ""
        figure = read_figure(text)
        read.append(figure)
        common = caption.unit if figure and figure.value is not None and not figure.unit else ""
        lines = Lines.of(line, *([caption.unit_line] if common else [])) | column.lines
        cell = draft.add(
            "statistical_cell",
            lines,
            under=table,
            part=f"{order}-{number}",
            row_order=order,
            row=label,
            column_order=number,
            column=column.label,
            fiscal_year=column.year,
            status=figure.status if figure else "text" if text else "unknown",
            value=figure.value if figure else None,
            unit=figure.unit or common if figure else "",
            text=text,
        )
        cell.cells["table"] = table
        if not text:
            ja, en = f"「{label}」の「{column.label}」が空欄です。", f"“{label}” × “{column.label}” is blank."
            draft.note("cell-blank", ja, en, lines, table)
    return read


_Data = Sequence[tuple[int, list[str]]]
_Read = Sequence[Sequence[Figure | None]]


def _check_totals(draft: Draft, table: Row, data: _Data, columns: Sequence[_Column], read: _Read) -> None:
    """Compare printed totals of counts with the sums of the rows and columns (percentages are rounded)."""
    totals = [n for n, (_, cells) in enumerate(data) if _TOTAL.fullmatch(cells[0])]
    for number, column in enumerate(columns):
        if totals == [len(data) - 1]:
            _compare(draft, table, [row[number] for row in read], column.label, data[-1][0])
    if columns and _TOTAL.fullmatch(columns[-1].label):
        for (line, cells), row in zip(data, read, strict=True):
            _compare(draft, table, row, cells[0], line)


def _compare(draft: Draft, table: Row, figures: Sequence[Figure | None], label: str, line: int) -> None:
    numbers = [figure.value for figure in figures if figure is not None and figure.value is not None]
    units = {figure.unit for figure in figures if figure is not None}
    if len(numbers) != len(figures) or len(numbers) < 2 or "%" in units:
        return
    total, found = numbers[-1], sum(numbers[:-1], Decimal(0))
    if total != found:
        ja = f"「{table.title}」の「{label}」の合計は{total}と印刷されていますが、内訳の和は{found}です。"
        en = f"The total of “{label}” in “{table.title}” is printed as {total}; its parts add up to {found}."
        draft.note("total-differs", ja, en, Lines.of(line), table)


def _note_unread(draft: Draft, lines: Lines) -> None:
    ja, en = (
        "数値の表ですが、表題または列見出しを読み取れません。",
        "A table of figures without a caption or headers.",
    )
    draft.note("table-unread", ja, en, lines)


def read_term(draft: Draft, terms: dict[str, Row], line: int, text: str) -> Row | None:
    """A glossary row: term, reading where one is printed, definition. None where it is no such row.

    ``terms`` are those read so far, by folded name; a new one is added to it.
    """
    cells = [tidy(cell) for cell in text.split("\t") if cell.strip()]
    if len(cells) < 2:
        return None
    term, reading = cells[0], ""
    if match := _TERM.fullmatch(term):
        term, reading = match[1], match[2]
    elif len(cells) > 2 and _READING.fullmatch(cells[1]):
        reading = cells[1]
    row = terms.get(fold(term))
    if row is not None:
        ja, en = f"用語「{term}」が重ねて掲げられています。", f"The term “{term}” is listed twice."
        draft.note("term-twice", ja, en, Lines.of(line), row)
    else:
        row = terms[fold(term)] = draft.add("glossary", Lines.of(line), term=term, reading=reading)
    draft.describe(row, "definition", Lines.of(line))
    return row
