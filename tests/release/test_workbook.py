"""The workbooks hold the cells of the tables, explain themselves, and are the same bytes every time."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dxlod.release import Release, open_current
from dxlod.release.editions import EditionTable, editions, tables_of_edition
from dxlod.release.imprint import Bilingual, Imprint
from dxlod.release.manifest import sha256_of
from dxlod.release.workbook import ABOUT, workbook
from dxlod.settings import Settings
from dxlod.table.contract import Column, load_contract
from dxlod.table.dataset import Dataset

HOME = Path(__file__).resolve().parents[2]
NUMERIC = ("integer", "decimal", "year")
IMPRINT = Imprint(
    title=Bilingual("試験計画", "Trial plan"),
    municipality="岐阜市",
    status=Bilingual("案", "draft"),
    iri="https://example.org/id/plan/212016/x/1",
    documents=(),
    sources=("計画（plan.txt, SHA-256 00）",),
    terms="",
    digest="0123456789ab",
    modified="",
)


@pytest.fixture(scope="module")
def tables() -> Dataset:
    return Dataset.at(HOME / "data")


@pytest.fixture(scope="module")
def current(releases: Path) -> Release:
    return open_current(Settings(releases=releases))


def rows_of(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def shown(value: str, column: Column) -> object:
    """What a spreadsheet is to show of a cell of the tables."""
    if not value:
        return None
    return Decimal(value) if column.type in NUMERIC and not column.many else value


def read(value: object) -> object:
    # repr gives back the decimal digits that were written.
    return Decimal(repr(value)) if isinstance(value, int | float) else value


def test_every_cell_of_every_table_is_there(tables: Dataset, current: Release) -> None:
    cells = 0
    for edition in editions(tables):
        book = load_workbook(current.path / "dumps" / f"{edition.stem}.xlsx")
        own = tables_of_edition(tables, edition)
        assert book.sheetnames == [ABOUT, *(item.table.ja for item in own)]
        for item in own:
            header, *rows = rows_of(book[item.table.ja])
            assert header == [column.ja for column in item.table.columns]
            expected = [[shown(row[c.name], c) for c in item.table.columns] for row in item.rows]
            assert [[read(value) for value in row] for row in rows] == expected
            cells += sum(value is not None for row in rows for value in row)
    assert cells > 30_000


def test_codes_are_text_and_sheets_are_made_for_reading(tables: Dataset, current: Release) -> None:
    book = load_workbook(current.path / "dumps" / "212075-dx-2024.xlsx")
    sheet = book["指標値"]
    assert sheet["A2"].value == "212075"
    assert sheet["A2"].number_format == "@"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    assert sheet["A1"].font.bold
    assert sheet["A1"].fill.fgColor.rgb == "FFDDE8F3"
    assert all(sheet.column_dimensions[letter].width > 3 for letter in "ABCDEFG")


def test_the_first_sheet_explains(tables: Dataset, current: Release) -> None:
    book = load_workbook(current.path / "dumps" / "212130-dx-2026.xlsx")
    text = "\n".join(str(value) for row in rows_of(book[ABOUT]) for value in row if value is not None)
    edition = next(item for item in editions(tables) if item.stem == "212130-dx-2026")
    for said in (
        "各務原市DX推進計画(案)",
        "非公式",
        "Unofficial",
        "案 / draft",
        "CC BY 4.0",
        "https://w3id.org/dxlod/id/plan/212130/dx/2026",
        "SHA-256",
        f"({sha256_of(current.path / 'dumps' / '212130-dx-2026.nq')[:12]})",
    ):
        assert said in text
    for item in tables_of_edition(tables, edition):
        assert [item.table.ja, item.table.en, str(len(item.rows)), item.file] in sheet_list(book)
        assert all(column.en in text for column in item.table.columns)


@pytest.mark.parametrize(("modified", "said"), [("", "未公開 / unpublished"), ("2026-04-01", "2026-04-01")])
def test_the_first_sheet_tells_the_version(modified: str, said: str) -> None:
    book = load_workbook(
        BytesIO(workbook(policies({"title": "方針"}), replace(IMPRINT, modified=modified), {}))
    )
    assert ["版 / version", f"{said} (0123456789ab)"] in [row[:2] for row in rows_of(book[ABOUT])]


def sheet_list(book: Workbook) -> list[list[object]]:
    return [row[:4] for row in rows_of(book[ABOUT])]


def policies(*rows: dict[str, str]) -> list[EditionTable]:
    table = load_contract()["policy"]
    blank = {column.name: "" for column in table.columns}
    return [EditionTable(table, "212016_policy.csv", [{**blank, **row} for row in rows])]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "@SUM(A1)", "https://example.org/", "007", "1e5", "TRUE", "a\nb"]
)
def test_text_stays_text(text: str) -> None:
    book = load_workbook(BytesIO(workbook(policies({"title": text, "order": "1"}), IMPRINT, {})))
    sheet = book["基本方針"]
    cell = sheet.cell(2, [c.value for c in sheet[1]].index("名称") + 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize("number", ["0", "-3", "999999999999999", "1234567890123456"])
def test_numbers_are_exact_or_text(number: str) -> None:
    book = load_workbook(BytesIO(workbook(policies({"title": "x", "order": number}), IMPRINT, {})))
    sheet = book["基本方針"]
    value = sheet.cell(2, [c.value for c in sheet[1]].index("表示順") + 1).value
    assert str(value) == number
    assert isinstance(value, str) == (len(number) > 15)


def test_a_decimal_is_written_as_it_is_read() -> None:
    table = load_contract()["indicator_value"]
    row = {column.name: "" for column in table.columns} | {"value": "80.6"}
    packed = workbook([EditionTable(table, "212016_indicator_value.csv", [row])], IMPRINT, {})
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert b"<v>80.6</v>" in archive.read("xl/worksheets/sheet2.xml")


def test_the_same_bytes_every_time(tables: Dataset) -> None:
    own = tables_of_edition(tables, editions(tables)[0])
    packed = workbook(own, IMPRINT, tables.contract.lists)
    assert packed == workbook(own, IMPRINT, tables.contract.lists)
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_a_published_content_carries_its_date() -> None:
    packed = workbook(policies({"title": "x"}), replace(IMPRINT, modified="2026-10-01"), {})
    book = load_workbook(BytesIO(packed))
    assert book.properties.created.isoformat() == "2026-10-01T00:00:00"
    assert ["版 / version", "2026-10-01 (0123456789ab)"] in [row[:2] for row in rows_of(book[ABOUT])]
