"""Reads a folder of CSV files by its CSVW metadata alone and says what does not agree (W3C Tabular Metadata).

It knows nothing of the tables' contract: what it judges is the metadata as a stranger would use it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

Row = dict[str, str]
_TEMPLATE = re.compile(r"\{(\w+)\}")


class Folder:
    """The tables of a `csv-metadata.json`, read."""

    def __init__(self, metadata: Path) -> None:
        self.group: dict[str, Any] = json.loads(metadata.read_text(encoding="utf-8"))
        self.rows: dict[str, list[Row]] = {}
        self.faults: list[str] = []
        for table in self.group["tables"]:
            self.rows[table["url"]] = self._read(metadata.parent / table["url"], table)
        for table in self.group["tables"]:
            self.faults += self._keys(table)

    def subjects(self) -> Iterator[str]:
        """What each row is about."""
        for table in self.group["tables"]:
            template = table["tableSchema"].get("aboutUrl")
            for row in self.rows[table["url"]] if template else ():
                yield expand(template, row)

    def _read(self, path: Path, table: dict[str, Any]) -> list[Row]:
        dialect = self.group["dialect"]
        with path.open(
            encoding="utf-8-sig" if dialect["encoding"] == "utf-8" else "ascii", newline=""
        ) as text:
            content = text.read()
        ends = "|".join(map(re.escape, dialect["lineTerminators"]))
        self.faults += [f"{path.name}: line end"] if re.search("\n", re.sub(ends, "", content)) else []
        header, *records = csv.reader(content.splitlines(keepends=True))
        columns = table["tableSchema"]["columns"]
        for cell, column in zip(header, columns, strict=True):
            if cell not in column["titles"].values():
                self.faults.append(f"{path.name}: header {cell}")
        for record in records:
            for cell, column in zip(record, columns, strict=True):
                self.faults += [
                    f"{path.name}: {column['name']}: {fault}" for fault in faults_of(cell, column)
                ]
        return [{c["name"]: cell for c, cell in zip(columns, record, strict=True)} for record in records]

    def _keys(self, table: dict[str, Any]) -> Iterator[str]:
        schema, rows = table["tableSchema"], self.rows[table["url"]]
        primary = [
            tuple(row[name] for name in schema["primaryKey"]) for row in rows if "primaryKey" in schema
        ]
        if len(set(primary)) != len(primary):
            yield f"{table['url']}: primary key"
        for key in schema.get("foreignKeys", ()):
            (own,), (other,) = key["columnReference"], key["reference"]["columnReference"]
            known = {row[other] for row in self.rows[key["reference"]["resource"]]}
            for row in rows:
                if row[own] and row[own] not in known:
                    yield f"{table['url']}: {own} {row[own]} is in no row of {key['reference']['resource']}"


def expand(template: str, row: Row) -> str:
    """A URI template of level 1 (RFC 6570, 3.2.2) filled from a row."""
    return _TEMPLATE.sub(lambda found: quote(row[found[1]], safe="-._~"), template)


def faults_of(cell: str, column: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a cell (Model for Tabular Data 6.4)."""
    if not cell:
        if column["required"]:
            yield "required"
        return
    if urlsplit(column.get("propertyUrl", "https://x/")).scheme not in ("http", "https"):
        yield f"propertyUrl {column['propertyUrl']}"
    datatype = column["datatype"]
    base, form = (datatype["base"], datatype["format"]) if isinstance(datatype, dict) else (datatype, "")
    for item in cell.split(column["separator"]) if "separator" in column else [cell]:
        if not _is(item, base) or (form and not re.fullmatch(form, item)):
            yield f"{item!r} is no {base} {form}"


def _is(item: str, base: str) -> bool:
    if base == "integer":
        return re.fullmatch(r"[+-]?[0-9]+", item) is not None
    if base == "decimal":
        try:
            return Decimal(item).is_finite()
        except InvalidOperation:
            return False
    if base == "gYear":
        return re.fullmatch(r"-?[0-9]{4}", item) is not None
    if base == "boolean":
        return item in ("true", "false", "1", "0")
    if base == "anyURI":
        return bool(urlsplit(item).scheme)
    return base == "string"
