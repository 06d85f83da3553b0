"""What people curate is complete: English names, topics, and nothing for rows that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.namespaces import Topic
from dxlod.table.dataset import Dataset

TABLES = Dataset.at(Path(__file__).resolve().parents[2] / "data")
NAMED = ("plan", "policy", "policy_measure", "initiative", "action", "indicator", "organization")


def keys(table: str, code: str) -> set[tuple[str, str, str]]:
    return {(r.get("plan", ""), r.get("edition", ""), r.get("key", "")) for r in TABLES.rows(table, code)}


@pytest.mark.parametrize("code", TABLES.codes())
@pytest.mark.parametrize("table", NAMED)
def test_everything_has_an_english_name(code: str, table: str) -> None:
    named = {
        (r["plan"], r["edition"], r["key"]): r for r in TABLES.rows("english", code) if r["table"] == table
    }
    assert set(named) == keys(table, code)
    for row in named.values():
        assert row["english"].isprintable()
        assert not any("\u3040" <= char <= "\u9fff" for char in row["english"]), row["english"]


@pytest.mark.parametrize("code", TABLES.codes())
def test_translated_labels_are_those_of_the_tables(code: str) -> None:
    for row in TABLES.rows("english", code):
        if row["table"] == "plan_title":
            continue
        match = [
            r
            for r in TABLES.rows(row["table"], code)
            if (r.get("plan", ""), r.get("edition", ""), r.get("key", ""))
            == (row["plan"], row["edition"], row["key"])
        ]
        assert row["label"] in [r.get("title") or r.get("name") for r in match], row["id"]


@pytest.mark.parametrize("code", TABLES.codes())
def test_every_initiative_has_a_topic(code: str) -> None:
    rows = [r for r in TABLES.rows("topic", code) if r["table"] == "initiative"]
    assert {(r["plan"], r["edition"], r["key"]) for r in rows} == keys("initiative", code)
    known = {str(iri).rpartition("/")[2] for iri in Topic}
    for row in TABLES.rows("topic", code):
        assert set(row["topics"].split(";")) <= known, row["id"]


@pytest.mark.parametrize("code", TABLES.codes())
def test_inferred_directions_are_not_printed_ones(code: str) -> None:
    printed = {(r["plan"], r["edition"], r["key"]) for r in TABLES.rows("indicator", code) if r["direction"]}
    for row in TABLES.rows("direction", code):
        assert (row["plan"], row["edition"], row["key"]) not in printed
        assert row["reason"], row["id"]
