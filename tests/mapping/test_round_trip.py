"""The mapped graph equals the tables: every cell is found at its row's node, or its column is listed with a reason."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from dxlod.mapping.provisions import target_of
from dxlod.mapping.views import SHARED, expand
from dxlod.model.lines import Lines
from dxlod.pipeline import data_quads
from dxlod.settings import Settings
from dxlod.table.contract import Column, Table, load_contract
from dxlod.table.dataset import Dataset

HOME = Path(__file__).resolve().parents[2]
BASE = "https://w3id.org/dxlod/"
LINE = re.compile(r'(<[^>]*>) (<[^>]*>) (<[^>]*>|"(?:[^"\\]|\\.)*")(?:@[a-z-]+|\^\^<[^>]*>)? (<[^>]*>) \.')

KEY = "part of the row's IRI"
UNMAPPED = {
    "code": KEY, "id": KEY, "plan": KEY, "edition": KEY, "key": KEY, "municipality": "the label of the municipality's own row",
    "source": "its digest is part of the fragments' IRIs",
    "source.layout": "how the document was read, not what it says",
    "source.publisher": "said as the municipality's IRI", "plan.publisher": "said as the municipality's IRI",
    "plan.plan_title": "the label of the plan over its editions; see its own test",
    "phase.initiative": "reached through the action where there is one; else hasPhase, see its own test",
    "source.lines": "the plan row says them", "correction.sha256": "part of the fragments' IRIs",
    "indicator_value.status": "checked as an IRI", "legal_basis.subject_table": "part of the subject's IRI",
    "citation.subject_table": "part of the subject's IRI", "citation.kind": "said of the work that is cited",
    "citation.relation": "chooses between dxo:cites and dxo:upperPlan",
    "citation.work": "part of the cited IRI", "legal_basis.law_name": "the label of the provision",
    "direction.reason": "an editor's note", "english.label": "what was translated, said by the element itself",
    "english.table": KEY, "topic.table": KEY, "link.table": KEY, "link.certainty": "an editor's note",
    "municipality.houjin_certainty": "said beside the number", "statistical_cell.row_order": "a position",
}  # fmt: skip
NO_NODE = {
    "finding": "findings of the reading are for the officer",
    "id_register": "bookkeeping", "unit": "the units are in ontology/units.ttl",
    "description": "private", "task_system": "a link between two nodes; see its own test",
    "link": "see its own test",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> Dataset:
    return Dataset.at(HOME / "data")


@pytest.fixture(scope="module")
def around(tables: Dataset) -> dict[str, set[str]]:
    """For each node: the texts and IRIs that stand in one quad with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in data_quads(Settings.load({}, data=HOME / "data"), tables):
        match = LINE.fullmatch(line)
        assert match is not None, line
        s, o = match[1][1:-1], match[3][1:-1].replace('\\"', '"').replace("\\\\", "\\")
        found[s].add(o)
        if match[3].startswith("<"):
            found[o].add(s)
    return found


def node(table: Table, row: dict[str, str]) -> str:
    code, plan, edition, key = (row.get(name, "") for name in ("code", "plan", "edition", "key"))
    edition_iri = f"{BASE}id/plan/{code}/{plan}/{edition}"
    if table.name == "indicator_value":
        period = f"FY{row['fiscal_year']}" if row["fiscal_year"] else "unknown"
        return f"{edition_iri}/kpi/{row['indicator']}/{row['kind']}/{period}"
    special = {
        "plan": edition_iri, "source": f"{BASE}id/doc/{row.get('sha256', '')}", "municipality": f"{SHARED}id/lg/{code}",
        "work": f"{SHARED}id/law/{row.get('law_id')}" if row.get("law_id") else f"{SHARED}id/work/{key}",
        "direction": f"{edition_iri}/kpi/{key}",
    }  # fmt: skip
    if table.name in special:
        return special[table.name]
    if table.name in ("english", "topic"):
        name = row["table"]
        if name in ("plan", "plan_title"):
            return edition_iri if name == "plan" else f"{BASE}id/plan/{code}/{plan}"
        target = load_contract()[name]
        segment = "work" if name == "citation" else target.segment
        return (
            f"{edition_iri}/{segment}/{key}" if target.of_edition else f"{BASE}id/lg/{code}/{segment}/{key}"
        )
    return (
        f"{edition_iri}/{table.segment}/{key}"
        if table.of_edition
        else f"{BASE}id/lg/{code}/{table.segment}/{key}"
    )


def expected(table: Table, column: Column, row: dict[str, str], value: str) -> set[str]:
    """Any of these texts or IRIs, beside the row's node, carries the cell."""
    if column.name == "certainty":
        return {value}
    if column.type == "decimal":
        return {f"{Decimal(value).normalize():f}"}
    if column.type == "year":
        return {f"{SHARED}id/fy/{value}", value}
    if column.type == "property":
        return {expand(table.column(value).term)}
    if column.type == "code":
        return {f"{SHARED}id/code/{column.codes}/{value}"}
    if column.name == "sdgs":
        return {f"http://metadata.un.org/sdg/{value}"}
    if column.name == "topics":
        return {f"{SHARED}id/topic/{value}"}
    if column.name == "unit" and table.name in ("indicator_value", "statistical_cell"):
        unit = {r["label"]: r["iri"] for r in Dataset.at(HOME / "data").rows("unit")}
        return {unit.get(value, f"no unit {value}")}
    if column.name == "policy" and row.get("measure"):
        return {f"{BASE}id/plan/{row['code']}/{row['plan']}/{row['edition']}/measure/{row['measure']}"}
    if (
        column.name in ("law_id", "ordinance", "article", "paragraph", "item", "annex", "annex_row")
        and table.name != "work"
    ):
        asof = {
            r["plan"] + r["edition"]: r["issued"] or r["start_fy"] or r["edition"]
            for r in Dataset.at(HOME / "data").rows("plan", row["code"])
        }
        target = target_of(row, asof[row["plan"] + row["edition"]])
        return {target if target.startswith("http") else BASE + target}
    if column.name == "subject":
        segment = load_contract()[row["subject_table"]].segment
        return {f"{BASE}id/plan/{row['code']}/{row['plan']}/{row['edition']}/{segment}/{value}"}
    if column.ref:
        target_table = load_contract()[column.ref]
        one = dict(row, key=value)
        return {node(target_table, one)}
    tails = {
        "estat": "http://data.e-stat.go.jp/lod/sac/",
        "ndl": "http://id.ndl.go.jp/auth/ndlna/",
        "prefecture": f"{SHARED}id/lg/",
    }
    if column.name in tails:
        return {tails[column.name] + value}
    if column.name == "geonames":
        return {f"https://sws.geonames.org/{value}/"}
    return {value}


def problems(tables: Dataset, table: Table, around: dict[str, set[str]]) -> list[str]:
    found = []
    codes = [""] if table.shared else tables.codes()
    for code in codes:
        for row in tables.rows(table, code):
            texts = around.get(node(table, row), set())
            digest = next(
                (r["sha256"] for r in tables.rows("source", code) if r["id"] == row.get("source")), ""
            )
            for column in table.columns:
                if (
                    not row[column.name]
                    or column.name in UNMAPPED
                    or f"{table.name}.{column.name}" in UNMAPPED
                ):
                    continue
                if column.type == "lines":
                    wanted = [
                        {f"{BASE}id/doc/{row.get('sha256') or digest}/L{a}-{b}"}
                        for a, b in Lines.parse(row["lines"]).ranges
                    ]
                else:
                    items = row[column.name].split(";") if column.many else [row[column.name]]
                    wanted = [expected(table, column, row, item) for item in items]
                if not all(any(w in texts for w in want) for want in wanted):
                    found.append(
                        f"{table.name} {row.get('id', row.get('key'))} {column.name}={row[column.name]!r}"
                    )
    return found


@pytest.mark.parametrize("name", [t.name for t in load_contract() if t.name not in NO_NODE])
def test_every_cell_is_in_the_graph(name: str, tables: Dataset, around: dict[str, set[str]]) -> None:
    assert problems(tables, load_contract()[name], around)[:20] == []


def test_every_use_of_a_system_is_a_link(tables: Dataset, around: dict[str, set[str]]) -> None:
    rows = tables.rows("task_system", "212016")
    assert rows
    for row in rows:
        edition = f"{BASE}id/plan/212016/{row['plan']}/{row['edition']}"
        assert f"{edition}/system/{row['system']}" in around[f"{edition}/task/{row['task']}"]


def test_plans_and_phases_are_reached(tables: Dataset, around: dict[str, set[str]]) -> None:
    for code in tables.codes():
        for row in tables.rows("plan", code):
            assert row["plan_title"] in around[f"{BASE}id/plan/{code}/{row['plan']}"]
        for row in tables.rows("phase", code):
            edition = f"{BASE}id/plan/{code}/{row['plan']}/{row['edition']}"
            owner = f"action/{row['action']}" if row["action"] else f"initiative/{row['initiative']}"
            assert f"{edition}/{owner}" in around[f"{edition}/phase/{row['key']}"]


def test_the_lists_of_exceptions_name_columns_that_exist() -> None:
    contract = load_contract()
    names = {c.name for t in contract for c in t.columns} | {
        f"{t.name}.{c.name}" for t in contract for c in t.columns
    }
    assert set(UNMAPPED) <= names
    assert set(NO_NODE) <= set(contract.tables)
