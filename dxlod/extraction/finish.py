"""From a draft to table records: keys from the register, references resolved, cells rendered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from dxlod.layout.draft import Draft, Row
from dxlod.table.contract import Contract, Table
from dxlod.table.register import Claim, Register

__all__ = ["BODY_TABLES", "allot_keys", "record_id", "records"]

Record = dict[str, str]
BODY_TABLES = ("organization", "ordinance")
_UNKEYED = ("plan",)


def _depth(row: Row) -> int:
    depth = 0
    while row.under is not None:
        row, depth = row.under, depth + 1
    return depth


def _part(row: Row) -> str:
    if row.table == "indicator_value":
        return f"{str(row.cells['kind'])[0]}{row.cells.get('fiscal_year') or 'x'}"
    if row.table == "phase" and row.cells.get("fiscal_year"):
        return f"fy{row.cells['fiscal_year']}"
    return row.part


def allot_keys(draft: Draft, register: Register) -> None:
    """Give every row its key, parents before children."""
    levels: dict[int, dict[tuple[str, int], list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in draft.rows:
        if row.table not in _UNKEYED:
            levels[_depth(row)][row.table, id(row.under)].append(row)
    for level in sorted(levels):
        for (table, _), rows in levels[level].items():
            parent = rows[0].under.key if rows[0].under is not None else ""
            edition = ("", "") if table in BODY_TABLES else (draft.plan, draft.edition)
            claims = [Claim(_part(row), row.title) for row in rows]
            for row, key in zip(rows, register.allot((*edition, table), parent, claims), strict=True):
                row.key = key


def record_id(table: Table, plan: str, edition: str, key: str) -> str:
    """The ID cell: ``{plan}-{edition}-{key}``; tables of the whole body: ``{segment}-{key}``."""
    if not table.of_edition:
        return f"{table.segment}-{key}"
    return "-".join(part for part in (plan, edition, key) if part)


def _render(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Row):
        return value.key
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, (list, tuple)):
        return ";".join(_render(item) for item in value)
    return str(value)


def _year_of(draft: Draft) -> str:
    """The year in which an edition shows a name: that of its issue, else its first fiscal year."""
    plan = draft.of("plan")[0].cells
    return str(plan.get("issued") or plan.get("start_fy") or "")[:4]


def _record(draft: Draft, table: Table, row: Row, body: Mapping[str, str]) -> Record:
    record = {column.name: "" for column in table.columns}
    for name, value in row.cells.items():
        if table.has(name):
            record[name] = _render(value)
        elif name != "order":
            raise KeyError(f"{table.name}.{name}")
    if table.name == "organization":
        record["seen_year"] = record["seen_year"] or _year_of(draft)
    record.update(body)
    record.update(plan=draft.plan, edition=draft.edition, key=row.key)
    record["id"] = record_id(table, draft.plan, draft.edition, row.key)
    record["source"] = f"{draft.plan}-{draft.edition}-s1"
    record["lines"] = str(row.lines)
    record["stated_none"] = ";".join(row.stated_none)
    record["unknown"] = ";".join(row.unknown)
    return {column.name: record.get(column.name, "") for column in table.columns}


def records(draft: Draft, contract: Contract, body: Mapping[str, str]) -> dict[str, list[Record]]:
    """Records of every extracted table, in the order of the draft. ``body``: code and municipality."""
    tables: dict[str, list[Record]] = {table.name: [] for table in contract if table.extracted}
    for row in draft.rows:
        tables[row.table].append(_record(draft, contract[row.table], row, body))
    return tables
