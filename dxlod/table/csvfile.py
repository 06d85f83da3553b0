"""CSV as the national standard has it: UTF-8 with BOM, CRLF, Japanese headers. Readers accept more."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dxlod.errors import TableError
from dxlod.table.contract import Table

__all__ = ["RawTable", "decode_csv", "read_raw", "read_rows", "render", "write_file"]

Record = dict[str, str]


@dataclass(frozen=True)
class RawTable:
    """A CSV file as read: header, and rows with the number of the line a spreadsheet shows (header = 1)."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str


def decode_csv(data: bytes, name: str) -> tuple[str, str]:
    """Text and encoding of a CSV file: UTF-8 (BOM or not) or windows-31j. Raises TableError."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise TableError(
        f"{name}: 文字コードが壊れています（UTF-8 でも windows-31j でもありません）。",
        f"{name}: broken encoding (neither UTF-8 nor windows-31j).",
        mend_ja="表計算ソフトで「CSV UTF-8」として保存し直してください。",
        mend_en="Save it again from the spreadsheet as “CSV UTF-8”.",
    )


def read_raw(path: Path) -> RawTable:
    """Read a CSV file without judging it. Raises TableError where it cannot be read at all."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(
            f"{path.name}: 開けません（{error.strerror}）。",
            f"{path.name}: cannot be opened ({error.strerror}).",
        ) from error
    text, encoding = decode_csv(data, path.name)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise TableError(
            f"{path.name}: CSV として読めません（{error}）。",
            f"{path.name}: is not well-formed CSV ({error}).",
            mend_ja='引用符（"）の対応を確かめてください。',
            mend_en="Check that every quotation mark is closed.",
        ) from error
    if not records or not any(cell.strip() for cell in records[0]):
        raise TableError(
            f"{path.name}: ファイルが空です。",
            f"{path.name}: the file is empty.",
            mend_ja="見出し行から書き直すか、ファイルを消してください。",
            mend_en="Write the header row, or remove the file.",
        )
    rows = tuple(
        (n, tuple(cells)) for n, cells in enumerate(records[1:], start=2) if any(c.strip() for c in cells)
    )
    return RawTable(tuple(cell.strip() for cell in records[0]), rows, encoding)


def read_rows(path: Path, table: Table) -> list[Record]:
    """Rows by physical column name. Japanese, English or physical headers are accepted; absent columns are blank."""
    if not path.exists():
        return []
    raw = read_raw(path)
    names = {alias: column.name for column in table.columns for alias in (column.ja, column.en, column.name)}
    header = [names.get(cell) for cell in raw.header]
    rows = []
    for _, cells in raw.rows:
        row = {column.name: "" for column in table.columns}
        row.update({name: cell for name, cell in zip(header, cells, strict=False) if name is not None})
        rows.append(row)
    return rows


def render(table: Table, rows: Iterable[Mapping[str, str]]) -> bytes:
    """The bytes of a table: BOM, Japanese header, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.ja for column in table.columns])
    for row in rows:
        writer.writerow([row.get(column.name, "") for column in table.columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def write_file(path: Path, data: bytes) -> None:
    """Replace a file in one step, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    with aside.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(aside, path)
