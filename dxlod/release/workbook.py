"""One Excel workbook per plan edition: a sheet that explains, then a sheet for each table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from dxlod.release.draft import Draft, Part
from dxlod.release.editions import EditionTable, editions, tables_of_edition
from dxlod.release.imprint import LICENCE, LICENCE_NAME, RIGHTS, UNOFFICIAL, Imprint, imprint_of
from dxlod.table.contract import Column
from dxlod.table.dataset import Dataset

__all__ = ["ABOUT", "workbook", "workbook_part"]

ABOUT = "説明"
_NUMERIC = ("integer", "decimal", "year")
_WIDEST = 60
_SAMPLE = 200
"""Rows that decide how wide a column is."""
_DIGITS = 15
_HALF = 0x2E7F
"""The last character before those that are as wide as two."""
_EPOCH = datetime(1980, 1, 1)
# Without these a text such as "=1+1" or "http://…" would become a formula or a link.
_OPTIONS = {
    "in_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
_COLUMNS = (
    "シート / sheet",
    "列 / column",
    "English",
    "物理名 / name",
    "区分 / level",
    "型 / type",
    "選択肢 / values",
)
_BLANKS = (
    "空欄は「原文にない」、「なしと明記された項目」は「原文がなしと書く」、「不明な項目」は「読み取れない」です。\n"
    "Blank: the source has no such slot. “Stated none” and “unknown” are columns of their own."
)
_Lists = Mapping[str, Sequence[str]]
_SHEETS = ("シート / sheet", "English", "行数 / rows", "CSV")


def workbook_part(tables: Dataset) -> Part:
    """The part that writes `dumps/{code}-{plan}-{edition}.xlsx`."""

    def write(draft: Draft) -> None:
        for edition in editions(tables):
            own = tables_of_edition(tables, edition)
            content = workbook(own, imprint_of(draft, edition, own), tables.contract.lists)
            draft.write_bytes(f"dumps/{edition.stem}.xlsx", content)

    return write


def workbook(tables: Sequence[EditionTable], imprint: Imprint, lists: _Lists) -> bytes:
    """The workbook: bytes that depend on nothing but the arguments. `lists` are the values of controlled columns."""
    out = BytesIO()
    book = Workbook(out, _OPTIONS)
    book.set_properties(
        {
            "title": imprint.title.ja,
            "subject": UNOFFICIAL.ja,
            "comments": f"{LICENCE_NAME} {LICENCE}",
            "created": datetime.fromisoformat(imprint.modified) if imprint.modified else _EPOCH,
        }
    )
    styles = _Styles.of(book)
    _about(book.add_worksheet(ABOUT), tables, imprint, lists, styles)
    for item in tables:
        _sheet(book.add_worksheet(item.table.ja), item, styles)
    book.close()
    return out.getvalue()


@dataclass(frozen=True)
class _Styles:
    """How cells look: a heading, a header of columns, text that stays text, a number."""

    heading: Format
    header: Format
    text: Format
    number: Format

    @classmethod
    def of(cls, book: Workbook) -> _Styles:
        header = {"bold": True, "bg_color": "#DDE8F3", "border": 1, "text_wrap": True, "valign": "top"}
        text = {"num_format": "@", "text_wrap": True, "valign": "top"}
        return cls(
            heading=book.add_format({"bold": True, "font_size": 14, "num_format": "@"}),
            header=book.add_format(header),
            text=book.add_format(text),
            number=book.add_format({"valign": "top"}),
        )


def _sheet(sheet: Worksheet, item: EditionTable, styles: _Styles) -> None:
    columns = item.table.columns
    _header(sheet, 0, [column.ja for column in columns], styles)
    for number, row in enumerate(item.rows, 1):
        for at, column in enumerate(columns):
            _cell(sheet, number, at, row[column.name], column, styles)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _width([column.ja, *(row[column.name] for row in item.rows[:_SAMPLE])]))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(item.rows), len(columns) - 1)


def _cell(sheet: Worksheet, row: int, at: int, value: str, column: Column, styles: _Styles) -> None:
    """A number where the column is of numbers and a spreadsheet can hold it exactly, else text; blank is blank."""
    if not value:
        return
    if column.type in _NUMERIC and not column.many and len(value) <= _DIGITS:
        # A Decimal, because a float would be written with 16 digits: 80.6 as 80.59999999999999.
        sheet.write_number(row, at, Decimal(value), styles.number)
    else:
        sheet.write_string(row, at, value, styles.text)


def _header(sheet: Worksheet, row: int, names: Sequence[str], styles: _Styles) -> None:
    for at, name in enumerate(names):
        sheet.write_string(row, at, name, styles.header)


def _width(texts: Sequence[str]) -> int:
    """Width of a column in half-width characters: its longest text, within reason."""
    longest = max(sum(1 + (ord(sign) > _HALF) for sign in text) for text in texts)
    return min(longest + 3, _WIDEST)


def _about(
    sheet: Worksheet, tables: Sequence[EditionTable], imprint: Imprint, lists: _Lists, styles: _Styles
) -> None:
    sheet.write_string(0, 0, imprint.title.ja, styles.heading)
    sheet.write_string(1, 0, imprint.title.en, styles.heading)
    at = 3
    for name, text in _facts(imprint):
        sheet.write_string(at, 0, name, styles.header)
        sheet.write_string(at, 1, text, styles.text)
        at += 1
    at = _block(sheet, at + 1, _SHEETS, _sheets(tables), styles)
    _block(sheet, at + 1, _COLUMNS, _definitions(tables, lists), styles)
    for column, width in enumerate((30, 60, 44, 22, 14, 14, 60)):
        sheet.set_column(column, column, width)


def _block(
    sheet: Worksheet, at: int, header: Sequence[str], rows: Iterable[Sequence[str]], styles: _Styles
) -> int:
    """A header and rows of text from a row on; the row after them."""
    _header(sheet, at, header, styles)
    for row in rows:
        at += 1
        for column, text in enumerate(row):
            sheet.write_string(at, column, text, styles.text)
    return at + 1


def _facts(imprint: Imprint) -> Iterator[tuple[str, str]]:
    yield "注意 / note", f"{UNOFFICIAL.ja}\n{UNOFFICIAL.en}"
    yield "地方公共団体 / municipality", imprint.municipality
    yield "計画の状態 / plan status", f"{imprint.status.ja} / {imprint.status.en}"
    yield "出典 / source", "\n".join(imprint.sources)
    yield "計画書の利用条件 / terms stated by the plan", imprint.terms or "不明 / unknown"
    yield "利用条件 / licence", f"{LICENCE_NAME} {LICENCE}\n{RIGHTS.ja}\n{RIGHTS.en}"
    yield "版 / version", f"{imprint.modified or '未公開 / unpublished'} ({imprint.digest})"
    yield "IRI", imprint.iri
    yield "空欄 / blank cells", _BLANKS


def _sheets(tables: Sequence[EditionTable]) -> Iterator[tuple[str, ...]]:
    for item in tables:
        yield item.table.ja, item.table.en, str(len(item.rows)), item.file


def _definitions(tables: Sequence[EditionTable], lists: _Lists) -> Iterator[tuple[str, ...]]:
    for item in tables:
        for c in item.table.columns:
            kind = f"{c.type}{' list' if c.many else ''}"
            yield item.table.ja, c.ja, c.en, c.name, c.level, kind, "; ".join(lists.get(c.codes, ()))
