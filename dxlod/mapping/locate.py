"""The way back: from a node of the graph to the row and column that made it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dxlod.mapping.views import PREFIXES
from dxlod.table.contract import Table
from dxlod.table.csvfile import read_raw
from dxlod.table.dataset import Dataset

__all__ = ["Locator", "RowPlace"]

_ELEMENT = re.compile(
    r"/id/plan/(?P<code>[0-9]{6})/(?P<plan>[^/]+)/(?P<edition>[^/]+)(?:/(?P<segment>[a-z]+)/(?P<rest>.+))?$"
)
_BODY = re.compile(r"/id/lg/(?P<code>[0-9]{6})(?:/(?P<segment>unit|ordinance)/(?P<rest>.+))?$")
_VALUE = re.compile(r"(?P<indicator>[^/]+)/(?P<kind>[a-z]+)/(?:FY(?P<year>[0-9]{4})|unknown)$")
_CURATED = {"label": "english", "topic": "topic"}


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A table file below the data folder, the row as a spreadsheet counts it, and the column's Japanese name."""

    file: str
    row: int | None
    column: str | None


class Locator:
    """Finds the row of a focus node. Files are read when first needed."""

    def __init__(self, tables: Dataset) -> None:
        self._tables = tables
        self._rows: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {}

    def __call__(self, focus: str, path: str | None, value: str | None) -> RowPlace | None:
        """The place that made this node, or None where no table did."""
        for table, code, wanted in (*self._candidates(value or ""), *self._candidates(focus)):
            for number, row in self._load(table, code):
                if all(row.get(name) == text for name, text in wanted.items()):
                    file = f"{'shared' if table.shared else code}/{table.file_name(code)}"
                    return RowPlace(file, number, self._column(table, path))
        return None

    def _candidates(self, focus: str) -> Iterator[tuple[Table, str, dict[str, str]]]:
        contract = self._tables.contract
        match = _ELEMENT.search(focus)
        if match is not None:
            scope = {"plan": match["plan"], "edition": match["edition"]}
            if match["segment"] is None:
                yield contract["plan"], match["code"], scope
                return
            value = _VALUE.fullmatch(match["rest"]) if match["segment"] == "kpi" else None
            if value is not None:
                wanted = {
                    "indicator": value["indicator"],
                    "kind": value["kind"],
                    "fiscal_year": value["year"] or "",
                }
                yield contract["indicator_value"], match["code"], scope | wanted
            for table in contract:
                if table.segment == match["segment"] and table.of_edition:
                    yield table, match["code"], scope | {"key": match["rest"]}
            return
        match = _BODY.search(focus)
        if match is None:
            return
        if match["segment"] is None:
            yield contract["municipality"], match["code"], {"code": match["code"]}
        for table in contract:
            if match["segment"] and table.segment == match["segment"]:
                yield table, match["code"], {"key": match["rest"]}

    def _load(self, table: Table, code: str) -> list[tuple[int, dict[str, str]]]:
        if (table.name, code) not in self._rows:
            path = self._tables.path(table, code)
            names = [column.ja for column in table.columns]
            rows: list[tuple[int, dict[str, str]]] = []
            if path.exists():
                raw = read_raw(path)
                physical = {column.ja: column.name for column in table.columns}
                header = [physical.get(cell, cell) for cell in raw.header] or names
                rows = [(number, dict(zip(header, cells, strict=False))) for number, cells in raw.rows]
            self._rows[table.name, code] = rows
        return self._rows[table.name, code]

    @staticmethod
    def _column(table: Table, path: str | None) -> str | None:
        for column in table.columns:
            prefix, _, name = column.term.partition(":")
            if path and name and path == f"{PREFIXES.get(prefix, '')}{name}":
                return column.ja
        return None
