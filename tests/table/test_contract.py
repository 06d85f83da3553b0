"""The contract: one definition, equal to the code lists and to its documentation."""

from __future__ import annotations

import re
from pathlib import Path

from dxlod.cli.docs import generated
from dxlod.table.contract import load_contract
from dxlod.table.csvw import csvw_metadata

HOME = Path(__file__).resolve().parents[2]


def test_lists_are_the_schemes_of_the_ontology() -> None:
    text = (HOME / "ontology" / "codes.ttl").read_text("utf-8")
    schemes: dict[str, set[str]] = {}
    for scheme, code in re.findall(r"^code:([a-z-]+)\\/([a-z-]+)$", text, re.MULTILINE):
        schemes.setdefault(scheme, set()).add(code)
    contract = load_contract()
    used = {column.codes for table in contract for column in table.columns if column.codes}
    assert used <= set(contract.lists)
    for name in used & set(schemes):
        assert set(contract.lists[name]) == schemes[name], name


def test_names_are_unique_and_bilingual() -> None:
    contract = load_contract()
    for table in contract:
        assert table.ja, table.name
        assert table.en, table.name
        for attribute in ("name", "ja", "en"):
            names = [getattr(column, attribute) for column in table.columns]
            assert len(set(names)) == len(names), (table.name, attribute)
        for column in table.columns:
            assert not column.ref or column.ref in contract.tables, (table.name, column.name)
            assert not column.codes or column.codes in contract.lists, (table.name, column.name)


def test_every_extracted_row_says_where_it_stands() -> None:
    for table in load_contract():
        if table.extracted:
            assert table.has("lines"), table.name
            assert [c.name for c in table.columns[:3]] == ["code", "id", "municipality"], table.name


def test_generated_pages_are_fresh() -> None:
    for name, text in generated().items():
        assert (HOME / name).read_text("utf-8") == text, f"{name}: run `dxlod docs`"


def test_csvw_names_every_column() -> None:
    contract = load_contract()
    table = contract["initiative"]
    metadata = csvw_metadata(table, "212075_initiative.csv", contract)
    schema = metadata["tableSchema"]
    assert isinstance(schema, dict)
    assert [column["name"] for column in schema["columns"]] == [column.name for column in table.columns]
    assert schema["primaryKey"] == ["id"]
