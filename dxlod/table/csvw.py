"""CSVW metadata of the tables (W3C Tabular Metadata), made from the contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from dxlod.table.contract import Column, Contract, Table

__all__ = ["csvw_group", "csvw_metadata", "csvw_table", "subject_template"]

_CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "ja"}]
_DIALECT = {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True}
_DATATYPES = {
    "integer": "integer",
    "decimal": "decimal",
    "year": "gYear",
    "boolean": "boolean",
    "iri": "anyURI",
}
_FORMATS = {
    "lgcode": "[0-9]{6}",
    "sha256": "[0-9a-f]{64}",
    "date": "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?",
    "lines": "[0-9]+(-[0-9]+)?",
}
_OF_BODY = ("code", "municipality")
"""Columns of the common format that speak of the body, not of the row."""
_UNLIKE_THEIR_SEGMENT = ("indicator_value",)
"""Tables whose IRIs a URI template cannot say: they depend on whether another cell is blank."""


def _same(name: str) -> str:
    return name


def _format(column: Column, contract: Contract) -> str:
    if column.pattern:
        return column.pattern
    if column.codes:
        return "|".join(re.escape(item) for item in contract.lists[column.codes])
    return _FORMATS.get(column.type, "")


def _column(column: Column, contract: Contract, expand: Callable[[str], str], body: str) -> dict[str, object]:
    base = _DATATYPES.get(column.type, "string")
    form = _format(column, contract) if base == "string" else ""
    entry: dict[str, object] = {
        "name": column.name,
        "titles": {"ja": column.ja, "en": column.en},
        "required": column.required,
        "datatype": {"base": base, "format": form} if form else base,
    }
    if column.name == "english" or column.name.endswith("_en"):
        entry["lang"] = "en"
    if column.many or column.type == "lines":
        entry["separator"] = ";"
    if column.term:
        entry["propertyUrl"] = expand(column.term)
    if column.name in _OF_BODY and body:
        entry["aboutUrl"] = body
    return entry


def _foreign_keys(table: Table, files: Mapping[str, str], contract: Contract) -> list[dict[str, object]]:
    """References to tables of the same folder (§5.5.2.2); one of a list of keys cannot be said in CSVW."""
    keys: list[dict[str, object]] = []
    for column in table.columns:
        # An organization may be stated by the document of another edition, whose row is not in this folder.
        elsewhere = column.ref == "source" and not table.of_edition
        if not column.ref or column.many or elsewhere or column.ref not in files:
            continue
        target = "id" if not contract[column.ref].has("key") else "key"
        reference = {"resource": files[column.ref], "columnReference": [target]}
        keys.append({"columnReference": [column.name], "reference": reference})
    return keys


def csvw_table(
    table: Table,
    url: str,
    contract: Contract,
    *,
    files: Mapping[str, str] | None = None,
    expand: Callable[[str], str] = _same,
    subject: str = "",
    body: str = "",
) -> dict[str, object]:
    """The description of one CSV file (§5.4 Tables).

    `files` names the CSV file of each table of the folder; `expand` makes an IRI of a prefixed name; `subject` is
    the URI template of what a row is about, `body` that of the municipality whose code and name lead the row.
    Nothing is to be converted from it (§5.4.2 suppressOutput): a key in a cell is no RDF term, and the dumps are the RDF.
    """
    columns = [_column(column, contract, expand, body) for column in table.columns]
    schema: dict[str, object] = {"columns": columns}
    if table.has("id") and not table.curated:
        schema["primaryKey"] = ["id"]
    foreign = _foreign_keys(table, files or {}, contract)
    if foreign:
        schema["foreignKeys"] = foreign
    if subject:
        schema["aboutUrl"] = subject
    titles = [{"@value": table.ja, "@language": "ja"}, {"@value": table.en, "@language": "en"}]
    facts = {"url": url, "dcterms:title": titles, "lang": "ja", "suppressOutput": True}
    return {**facts, "tableSchema": schema}


def csvw_group(tables: Sequence[Mapping[str, object]], facts: Mapping[str, object]) -> dict[str, object]:
    """The description of the CSV files of one folder (§5.3 Table Groups), with common properties of the whole."""
    return {"@context": _CONTEXT, **facts, "dialect": _DIALECT, "tables": list(tables)}


def csvw_metadata(table: Table, url: str, contract: Contract) -> dict[str, object]:
    """Metadata of one CSV file by itself (§5 Metadata Format)."""
    return {"@context": _CONTEXT, **csvw_table(table, url, contract), "dialect": _DIALECT}


def subject_template(table: Table, base: str, shared: str) -> str:
    """URI template (RFC 6570) of the IRIs of a table's rows under the publisher's or the shared base; '' for none."""
    if not table.rdf_class or table.name in _UNLIKE_THEIR_SEGMENT:
        return ""
    if table.shared:
        return f"{shared}/id/lg/{{code}}" if table.name == "municipality" else ""
    if table.name == "source":
        return f"{base}/id/doc/{{sha256}}"
    if not table.of_edition:
        return f"{base}/id/lg/{{code}}/{table.segment}/{{key}}"
    edition = f"{base}/id/plan/{{code}}/{{plan}}/{{edition}}"
    return f"{edition}/{table.segment}/{{key}}" if table.segment else edition
