"""CSVW metadata of the tables (W3C Tabular Metadata), made from the contract."""

from __future__ import annotations

import re

from dxlod.table.contract import Column, Contract, Table

__all__ = ["csvw_metadata"]

_DATATYPES = {
    "integer": "integer",
    "decimal": "decimal",
    "year": "gYear",
    "boolean": "boolean",
    "iri": "anyURI",
}


def _column(column: Column, contract: Contract) -> dict[str, object]:
    entry: dict[str, object] = {
        "name": column.name,
        "titles": {"ja": column.ja, "en": column.en},
        "required": column.required,
    }
    datatype: dict[str, object] = {"base": _DATATYPES.get(column.type, "string")}
    if column.pattern:
        datatype["format"] = column.pattern
    if column.codes and not column.many:
        datatype["format"] = "|".join(re.escape(item) for item in contract.lists[column.codes])
    entry["datatype"] = datatype if len(datatype) > 1 else datatype["base"]
    if column.many or column.type == "lines":
        entry["separator"] = ";"
    if column.term:
        entry["propertyUrl"] = column.term
    return entry


def csvw_metadata(table: Table, url: str, contract: Contract) -> dict[str, object]:
    """Metadata of one CSV file (§5 Metadata Format of Tabular Metadata)."""
    keys = ["id"] if table.has("id") and not table.curated else []
    schema: dict[str, object] = {"columns": [_column(column, contract) for column in table.columns]}
    if keys:
        schema["primaryKey"] = keys
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "ja"}],
        "url": url,
        "dcterms:title": {"@value": table.ja, "@language": "ja"},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": schema,
    }
