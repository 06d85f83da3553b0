"""``check``: tables in, findings out. Nothing is changed and nothing raises: what cannot be read is a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dxlod.errors import TableError
from dxlod.model.finding import Finding
from dxlod.model.lines import Lines
from dxlod.table.cells import Fault, check_cell
from dxlod.table.contract import Column, Table
from dxlod.table.csvfile import RawTable, read_raw
from dxlod.table.dataset import Dataset

__all__ = ["check_dataset"]

Record = dict[str, str]


@dataclass
class _Loaded:
    """A table that could be read: rows with their row numbers."""

    table: Table
    file: str
    rows: list[tuple[int, Record]] = field(default_factory=list)


def _finding(file: str, row: int, column: Column | str, fault: Fault) -> Finding:
    name = column if isinstance(column, str) else column.ja
    return Finding(file, row, name, fault.code, fault.ja, fault.en, fault.mend_ja, fault.mend_en)


def _load_error(file: str, error: TableError) -> Finding:
    code = (
        "empty-file"
        if "空です" in error.ja
        else "broken-encoding"
        if "文字コード" in error.ja
        else "unreadable"
    )
    return Finding(file, 0, "", code, error.ja, error.en, error.mend_ja, error.mend_en)


def _header(table: Table, raw: RawTable, file: str) -> tuple[list[str | None], list[Finding]]:
    names = {alias: column.name for column in table.columns for alias in (column.ja, column.en, column.name)}
    header = [names.get(cell) for cell in raw.header]
    findings = []
    for cell, name in zip(raw.header, header, strict=True):
        if name is None:
            findings.append(
                Finding(
                    file,
                    1,
                    cell,
                    "unknown-column",
                    f"列「{cell}」は表の定義にありません。",
                    f"The column “{cell}” is not in the definition of the table.",
                    "見出しの綴りを docs/tables.md と照らし合わせてください。",
                    "Compare the header with docs/tables.md.",
                )
            )
        elif header.count(name) > 1:
            findings.append(
                Finding(
                    file,
                    1,
                    cell,
                    "duplicate-column",
                    f"列「{cell}」が2つあります。",
                    f"The column “{cell}” appears twice.",
                )
            )
    findings.extend(
        Finding(
            file,
            1,
            column.ja,
            "missing-column",
            f"必須の列「{column.ja}」がありません。",
            f"The required column “{column.en}” is missing.",
            "列を加えてください。",
            "Add the column.",
        )
        for column in table.columns
        if column.required and column.name not in header
    )
    if raw.encoding != "utf-8-sig":
        findings.append(
            Finding(
                file,
                0,
                "",
                "encoding",
                "文字コードが windows-31j です。読み取れますが、公開形式は UTF-8 です。",
                "Encoded in windows-31j: readable, but the published form is UTF-8.",
                "「CSV UTF-8」で保存し直してください。",
                "Save it again as “CSV UTF-8”.",
                severity="warning",
            )
        )
    return header, findings


def _rows(
    table: Table, raw: RawTable, header: Sequence[str | None], file: str
) -> tuple[list[tuple[int, Record]], list[Finding]]:
    rows, findings = [], []
    for number, cells in raw.rows:
        if len(cells) != len(header):
            findings.append(
                Finding(
                    file,
                    number,
                    "",
                    "cell-count",
                    f"セルが {len(cells)} 個あります（見出しは {len(header)} 個）。",
                    f"{len(cells)} cells where the header has {len(header)}.",
                    "引用符とカンマを確かめてください。",
                    "Check quotation marks and commas.",
                )
            )
        record = {column.name: "" for column in table.columns}
        record.update({name: cell for name, cell in zip(header, cells, strict=False) if name is not None})
        rows.append((number, record))
    return rows, findings


def _load(table: Table, path: Path, file: str) -> tuple[_Loaded | None, list[Finding]]:
    try:
        raw = read_raw(path)
    except TableError as error:
        return None, [_load_error(file, error)]
    header, findings = _header(table, raw, file)
    rows, more = _rows(table, raw, header, file)
    return _Loaded(table, file, rows), findings + more


def _check_cells(loaded: _Loaded, lists: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    for number, record in loaded.rows:
        for column in loaded.table.columns:
            for fault in check_cell(record[column.name], column, lists):
                yield _finding(loaded.file, number, column, fault)


def _check_ids(loaded: _Loaded, code: str) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, record in loaded.rows:
        if record.get("code", code) not in (code, ""):
            yield _finding(
                loaded.file,
                number,
                loaded.table.column("code"),
                Fault(
                    "other-body",
                    f"フォルダー {code} にほかの団体（{record['code']}）の行があります。",
                    f"A row of another body ({record['code']}) in the folder {code}.",
                    "行を移してください。",
                    "Move the row.",
                ),
            )
        if not loaded.table.has("id") or not record["id"]:
            continue
        if record["id"] in seen and not loaded.table.curated:
            yield _finding(
                loaded.file,
                number,
                loaded.table.column("id"),
                Fault(
                    "duplicate-id",
                    f"ID「{record['id']}」が {seen[record['id']]} 行目と重複しています。",
                    f"The ID “{record['id']}” is also that of row {seen[record['id']]}.",
                    "別のIDにしてください。",
                    "Give it another ID.",
                ),
            )
        seen.setdefault(record["id"], number)


def _scope(table: Table, record: Record) -> tuple[str, str]:
    return (record["plan"], record["edition"]) if table.of_edition else ("", "")


def _check_refs(loaded: _Loaded, all_tables: Mapping[str, _Loaded]) -> Iterator[Finding]:
    for column in loaded.table.columns:
        if column.ref not in all_tables:  # none, or absent: there is nothing to check against
            continue
        target = all_tables[column.ref]
        name = "id" if column.ref == "source" else "key"
        within = target.table.of_edition and loaded.table.of_edition
        known = {(_scope(target.table, r) if within else ("", ""), r[name]) for _, r in target.rows}
        for number, record in loaded.rows:
            scope = _scope(loaded.table, record) if within else ("", "")
            for item in record[column.name].split(";") if column.many else [record[column.name]]:
                if item and (scope, item) not in known:
                    yield _finding(
                        loaded.file,
                        number,
                        column,
                        Fault(
                            "dangling-reference",
                            f"「{item}」が表「{target.table.ja}」にありません。",
                            f"“{item}” is not in the table “{target.table.en}”.",
                            f"{target.file} のキーを確かめてください。",
                            f"Check the keys in {target.file}.",
                        ),
                    )


def _check_marks(loaded: _Loaded) -> Iterator[Finding]:
    for mark in ("stated_none", "unknown"):
        if not loaded.table.has(mark):
            continue
        for number, record in loaded.rows:
            for item in filter(None, record[mark].split(";")):
                if not loaded.table.has(item):
                    yield _finding(
                        loaded.file,
                        number,
                        loaded.table.column(mark),
                        Fault(
                            "unknown-column-name",
                            f"「{item}」という列はありません。",
                            f"There is no column “{item}”.",
                            "列の物理名（docs/tables.md）を書いてください。",
                            "Write the physical name (docs/tables.md).",
                        ),
                    )
                elif record[item]:
                    yield _finding(
                        loaded.file,
                        number,
                        loaded.table.column(item),
                        Fault(
                            "contradiction",
                            "「なし」または「不明」とされた項目に値があります。",
                            "The cell has a value, yet it is listed as none or unknown.",
                            "値か印のどちらかを消してください。",
                            "Remove the value or the mark.",
                        ),
                    )


def _check_lines(loaded: _Loaded, sources: Mapping[str, int]) -> Iterator[Finding]:
    if not (loaded.table.has("lines") and loaded.table.has("source")):
        return
    for number, record in loaded.rows:
        last = sources.get(record["source"])
        try:
            end = max((last_line for _, last_line in Lines.parse(record["lines"]).ranges), default=0)
        except ValueError:
            continue
        if last is not None and end > last:
            yield _finding(
                loaded.file,
                number,
                loaded.table.column("lines"),
                Fault(
                    "line-out-of-range",
                    f"原文は {last} 行ですが、{end} 行が引かれています。",
                    f"The document has {last} lines; line {end} is cited.",
                    "行番号を確かめてください。",
                    "Check the line numbers.",
                ),
            )


def _check_values(loaded: _Loaded) -> Iterator[Finding]:
    if not (loaded.table.has("status") and loaded.table.has("value")):
        return
    for number, record in loaded.rows:
        if record["status"] and (record["status"] == "number") != bool(record["value"]):
            yield _finding(
                loaded.file,
                number,
                loaded.table.column("value"),
                Fault(
                    "value-status",
                    "値の状態が「number」のときだけ値を書きます。",
                    "A value is given exactly where the status is “number”.",
                    "状態か値を直してください。",
                    "Mend the status or the value.",
                ),
            )


def _check_body(tables: Dataset, code: str) -> Iterator[Finding]:
    loaded: dict[str, _Loaded] = {}
    known = {table.file_name(code) for table in tables.contract if not table.shared}
    for path in sorted((tables.root / code).glob("*.csv")):
        if path.name not in known:
            yield Finding(
                f"{code}/{path.name}",
                0,
                "",
                "unknown-file",
                "表の定義にないファイルです。",
                "A file that the contract does not know.",
                "ファイル名を確かめてください。",
                "Check the file name.",
            )
    for table, path in tables.tables_of(code):
        one, findings = _load(table, path, f"{code}/{path.name}")
        yield from findings
        if one is not None:
            loaded[table.name] = one
    source_rows = loaded["source"].rows if "source" in loaded else []
    sources = {r["id"]: int(r["line_count"]) for _, r in source_rows if r["line_count"].isdigit()}
    for one in loaded.values():
        yield from _check_cells(one, tables.contract.lists)
        yield from _check_ids(one, code)
        yield from _check_refs(one, loaded)
        yield from _check_marks(one)
        yield from _check_lines(one, sources)
        yield from _check_values(one)


def _is_strange(path: Path, tables: Dataset) -> bool:
    return path.is_dir() and path.name.isdigit() and path.name not in tables.codes()


def _strange_folder(name: str) -> Finding:
    return Finding(
        name,
        0,
        "",
        "check-digit",
        f"フォルダー {name} は全国地方公共団体コードではありません（検査数字が合いません）。",
        f"The folder {name} is no local government code (the check digit does not match).",
        "正しい6桁のコードで dxlod extract --code を実行し直してください。",
        "Run dxlod extract again with --code and the right six digits.",
    )


def check_dataset(tables: Dataset) -> list[Finding]:
    """All findings on all tables below a folder, sorted by file, row and column."""
    findings: list[Finding] = []
    for table in tables.contract:
        if table.shared and tables.path(table).exists():
            one, more = _load(table, tables.path(table), f"shared/{tables.path(table).name}")
            findings.extend(more)
            if one is not None:
                findings.extend(_check_cells(one, tables.contract.lists))
    for code in tables.codes():
        findings.extend(_check_body(tables, code))
    findings.extend(_strange_folder(path.name) for path in tables.root.iterdir() if _is_strange(path, tables))
    return sorted(findings)
