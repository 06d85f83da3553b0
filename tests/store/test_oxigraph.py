from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import Graph

from dxlod.errors import AnswerTooLargeError, QueryError, QuerySyntaxError, StoreError
from dxlod.release import Release
from dxlod.settings import Settings
from dxlod.store import RESULT_FORMATS, Dataset, Limits, OxigraphEngine, Term, open_engine

DXO = "PREFIX dxo: <https://w3id.org/dxlod/ns#> "
VALUES = DXO + "SELECT ?v ?text ?none WHERE {?s dxo:value ?v ; dxo:valueText ?text} ORDER BY ?v"
KPI = "https://w3id.org/dxlod/id/plan/212016/dx/2025/kpi/1-1-1"
PLAN = "https://w3id.org/dxlod/graph/plan/212016/dx/2025"


@pytest.fixture(scope="session")
def engine(release: Release, settings: Settings) -> OxigraphEngine:
    return open_engine(release, settings)


def test_it_holds_every_quad(engine: OxigraphEngine, release: Release) -> None:
    assert len(engine) == sum(release.manifest.graphs.values())


def test_csv_is_sparql_csv(engine: OxigraphEngine) -> None:
    assert engine.query(VALUES, "text/csv").body.decode() == "v,text,none\r\n41.2,41.2%,\r\n60,60%以上,\r\n"


def test_tsv_is_sparql_tsv(engine: OxigraphEngine) -> None:
    answer = engine.query(VALUES, "text/tab-separated-values").body.decode()
    assert (
        answer
        == '?v\t?text\t?none\n41.2\t"41.2%"@ja\t\n"60"^^<http://www.w3.org/2001/XMLSchema#decimal>\t"60%以上"@ja\t\n'
    )


def test_json_and_xml(engine: OxigraphEngine) -> None:
    assert json.loads(engine.query(VALUES).body)["head"]["vars"] == ["v", "text", "none"]
    xml = engine.query(VALUES, "application/sparql-results+xml").body
    assert b"<sparql xmlns=" in xml
    assert xml.count(b"<result>") == 2


def test_rows_have_terms(engine: OxigraphEngine) -> None:
    rows = engine.select(VALUES)
    assert rows.variables == ("v", "text", "none")
    decimal = "http://www.w3.org/2001/XMLSchema#decimal"
    assert rows.rows[0] == (Term("literal", "41.2", decimal), Term("literal", "41.2%", language="ja"), None)


def test_the_default_graph_is_the_union(engine: OxigraphEngine) -> None:
    assert engine.ask(DXO + "ASK {?v dxo:fiscalYear ?y . ?y a dxo:FiscalYear}")
    assert not engine.ask(DXO + "ASK {GRAPH ?g {?v dxo:fiscalYear ?y . ?y a dxo:FiscalYear}}")


def test_a_dataset_of_ones_own(engine: OxigraphEngine, release: Release) -> None:
    query = "SELECT (COUNT(*) AS ?n) {?s ?p ?o}"
    one = engine.query(query, "text/csv", Dataset(default_graphs=(PLAN,))).body
    assert one.decode() == f"n\r\n{release.manifest.graphs[PLAN]}\r\n"
    assert engine.query(query, "text/csv", Dataset(named_graphs=(PLAN,))).body == b"n\r\n0\r\n"


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_graphs_in_every_format(engine: OxigraphEngine, media_type: str, name: str) -> None:
    body = engine.construct(f"DESCRIBE <{KPI}>", media_type)
    assert len(Graph().parse(data=body, format=name)) == 13


def test_a_syntax_error_says_line_and_column(engine: OxigraphEngine) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        engine.query("SELECT * {\n  ?s ?p 'あ' ) }")
    assert (caught.value.line, caught.value.column) == (2, 13)
    assert "2 行 13 字目、「)」" in caught.value.ja


def test_from_names_the_default_graph(engine: OxigraphEngine, release: Release) -> None:
    count = f"SELECT (COUNT(*) AS ?n) FROM %s <{PLAN}> {{ ?s ?p ?o }}"
    whole = engine.query(count % "", "text/csv").body.decode()
    assert whole == f"n\r\n{release.manifest.graphs[PLAN]}\r\n"
    assert engine.query(count % "NAMED", "text/csv").body == b"n\r\n0\r\n"


@pytest.mark.parametrize("media_type", [item.media_type for item in RESULT_FORMATS])
def test_too_many_rows_are_an_error_in_every_format(release: Release, media_type: str) -> None:
    bounded = OxigraphEngine.load(release.quads, Limits(10_000, 1_000, 20, rows=2))
    rows = "SELECT ?x {VALUES ?x {%s}}"
    assert bounded.query(rows % "'a,\"<result>\\n' 'b'", media_type)
    with pytest.raises(AnswerTooLargeError, match="more than 2 rows"):
        bounded.query(rows % "1 2 3", media_type)
    assert bounded.ask("ASK {}")


def test_too_many_triples_are_an_error(release: Release) -> None:
    bounded = OxigraphEngine.load(release.quads, Limits(10_000, 1_000, 20, rows=2))
    construct = "CONSTRUCT {<urn:a> <urn:b> ?x} {VALUES ?x {%s}}"
    assert len(bounded.construct(construct % "1 2", "application/n-triples").splitlines()) == 2
    with pytest.raises(AnswerTooLargeError):
        bounded.construct(construct % "1 2 3")


def test_wrong_form_or_format_is_an_error_of_ours(engine: OxigraphEngine) -> None:
    with pytest.raises(QueryError):
        engine.select("CONSTRUCT WHERE {?s ?p ?o}")
    with pytest.raises(QueryError):
        engine.select("ASK {}")
    with pytest.raises(QueryError):
        engine.ask("SELECT * {}")
    with pytest.raises(QueryError):
        engine.construct("SELECT * {}")
    with pytest.raises(QueryError):
        engine.query("ASK {}", "text/turtle")
    with pytest.raises(QueryError):
        engine.query("ASK {}", "", Dataset(("not an iri",)))


def test_a_broken_file_is_an_error_of_ours(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "all.nq"
    path.write_text("<urn:a> <urn:b> .", encoding="utf-8")
    with pytest.raises(StoreError, match=r"all\.nq"):
        OxigraphEngine.load(path, Limits.of(settings))
    with pytest.raises(StoreError):
        OxigraphEngine.load(tmp_path / "none.nq", Limits.of(settings))
