"""What the remote engine makes of what stores answer, and what it hands on to them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from dxlod.errors import (
    AnswerTooLargeError,
    DxlodError,
    QueryError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteStoreError,
    StoreBusyError,
)
from dxlod.server.http import status_of
from dxlod.settings import Settings
from dxlod.store import Dataset, RemoteEngine
from dxlod.store.portable import check_portable

from .fake_store import FakeStore, Fault, fake_store, results

ALL = "SELECT * WHERE { ?s ?p ?o }"
TRUTH = "http://www.w3.org/2001/XMLSchema#boolean"


@pytest.fixture
def store() -> Iterator[FakeStore]:
    with fake_store() as running:
        running.data.update(
            "INSERT DATA { GRAPH <urn:example:a> { <urn:s> <urn:p> true, '市,\"x\"'@ja, 1.50 } "
            "GRAPH <urn:example:b> { <urn:s> <urn:p> 2 } }"
        )
        yield running


def engine(store: FakeStore, *graphs: str, **settings: object) -> RemoteEngine:
    return RemoteEngine(f"{store.url}/query", Settings.load({}, **settings), graphs)


def answered(body: bytes, *headers: tuple[str, str], status: int = 200) -> Fault:
    return Fault(status, body, headers)


def test_the_dataset_is_what_it_is_told(store: FakeStore) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    def number(*graphs: str, dataset: Dataset | None = None) -> bytes:
        return engine(store, *graphs).query(count, "text/csv", dataset).body

    assert number() == b"n\r\n0\r\n"
    assert number("urn:example:a") == b"n\r\n3\r\n"
    assert number("urn:example:a", "urn:example:b") == b"n\r\n4\r\n"
    assert number("urn:example:a", dataset=Dataset(("urn:example:b",))) == b"n\r\n1\r\n"
    clause = count.replace("WHERE", "FROM <urn:example:b> WHERE")
    assert engine(store, "urn:example:a").query(clause, "text/csv").body == b"n\r\n1\r\n"


def test_formats_are_written_here(store: FakeStore) -> None:
    store.faulty = lambda *_: answered(
        results(
            {"v": {"type": "typed-literal", "datatype": TRUTH, "value": "1"}},
            {"v": {"type": "literal", "xml:lang": "ja", "value": '市,"x"\n'}},
            {},
        )
    )
    asked = engine(store)
    assert asked.query(ALL, "text/csv").body.decode() == 'v\r\ntrue\r\n"市,""x""\n"\r\n\r\n'
    assert b'xml:lang="ja"' in asked.query(ALL, "application/sparql-results+xml").body
    assert asked.query(ALL, "text/tab-separated-values").body.startswith(b"?v\ntrue\n")


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("0", False)])
def test_a_row_in_the_place_of_yes_or_no_is_read(value: str, expected: bool, store: FakeStore) -> None:
    store.faulty = lambda *_: answered(results({"__ASK_RETVAL": {"type": "literal", "value": value}}))
    assert engine(store).ask("ASK {}") is expected
    assert (str(expected).lower() + "</boolean>").encode() in engine(store).query(
        "ASK {}", "application/sparql-results+xml"
    ).body


def test_graphs_are_written_here(store: FakeStore) -> None:
    triple = b'<urn:s> <urn:p> "\\u5E02"@ja .\n'
    store.faulty = lambda *_: answered(b"# Some store\n" + triple + triple)
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert engine(store).construct(query).decode() == '<urn:s> <urn:p> "市"@ja .\n'
    assert json.loads(engine(store).construct(query, "application/ld+json"))


@pytest.mark.parametrize(
    ("fault", "kind", "status"),
    [
        (Fault(400, b"Parse error: Line 2, column 7: what?"), QuerySyntaxError, 400),
        (
            Fault(400, b"Virtuoso 37000 Error SP030: SPARQL compiler, line 3: syntax error"),
            QuerySyntaxError,
            400,
        ),
        (Fault(400, b""), QueryError, 400),
        (Fault(401), RemoteStoreError, 502),
        (Fault(403), RemoteStoreError, 502),
        (Fault(404), RemoteStoreError, 502),
        (Fault(429), StoreBusyError, 503),
        (Fault(500, b"something"), RemoteStoreError, 502),
        (Fault(500, b"Virtuoso 42000 Error The estimated execution time 9 exceeds"), QueryTimeoutError, 504),
        (Fault(502), RemoteStoreError, 502),
        (Fault(503), StoreBusyError, 503),
        (Fault(503, b"Query timed out"), QueryTimeoutError, 504),
        (Fault(504), QueryTimeoutError, 504),
        (Fault(0), RemoteStoreError, 502),
        (answered(b"<html>"), RemoteStoreError, 502),
        (answered(b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s"'), RemoteStoreError, 502),
        (answered(b"[]"), RemoteStoreError, 502),
        (answered(b'{"head": {}, "boolean": true}'), RemoteStoreError, 502),
        (answered(results({}), ("X-SQL-State", "S1TAT")), QueryTimeoutError, 504),
        (answered(results({}, {}), ("X-SPARQL-MaxRows", "2")), AnswerTooLargeError, 400),
        (answered(b'{"head"', ("Content-Length", "99")), RemoteStoreError, 502),
    ],
)
def test_failures_are_told_apart(fault: Fault, kind: type[DxlodError], status: int, store: FakeStore) -> None:
    store.faulty = lambda *_: fault
    with pytest.raises(kind) as caught:
        engine(store).query(ALL, "text/csv")
    assert status_of(caught.value)[0] == status
    assert caught.value.ja != caught.value.en


def test_lines_of_errors_are_the_querys(store: FakeStore) -> None:
    store.faulty = lambda *_: Fault(400, b"error at 2:3: expected something")
    with pytest.raises(QuerySyntaxError, match="in line 2: error at 2:3") as caught:
        engine(store).query("SELECT *\n{ ?s }")
    assert caught.value.line == 2


def test_nobody_there() -> None:
    with pytest.raises(RemoteStoreError, match="reached"):
        RemoteEngine("http://127.0.0.1:9/sparql", Settings.load({})).ask("ASK {}")


def test_an_answer_may_not_be_larger_than_said(store: FakeStore) -> None:
    with pytest.raises(AnswerTooLargeError, match="64 bytes"):
        engine(store, "urn:example:a", endpoint_bytes=64).query(ALL)
    for query in (ALL, "CONSTRUCT WHERE { ?s ?p ?o }"):
        with pytest.raises(AnswerTooLargeError, match="2 rows"):
            engine(store, "urn:example:a", max_rows=2).query(query)
        assert engine(store, "urn:example:a", max_rows=3).query(query).body


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_a_password_is_given_where_it_is_asked_for(scheme: str, store: FakeStore) -> None:
    known = engine(store, endpoint_user="user", endpoint_password="secret")
    assert known.ask("ASK {}")
    assert "Authorization" not in store.headers[-1]
    store.password, store.scheme = "secret", scheme
    assert known.ask("ASK {}")
    assert store.headers[-1]["Authorization"].startswith(scheme)
    with pytest.raises(RemoteStoreError, match="let us in"):
        engine(store).ask("ASK {}")


def test_a_password_is_not_shown() -> None:
    assert "secret/" not in repr(Settings.load({"DXLOD_ENDPOINT_PASSWORD": "secret/"}))
    assert Settings.load({"DXLOD_ENDPOINT_PASSWORD": "secret/"}).endpoint_password == "secret/"


def test_what_looks_like_an_update_is_asked_as_a_query(store: FakeStore) -> None:
    text = "# INSERT DATA { <urn:a> <urn:b> <urn:c> }\nSELECT * WHERE { ?s ?p 'DELETE WHERE {}' }"
    before = len(store.data)
    engine(store).query(text)
    assert [path for _, path in store.seen] == ["/query"]
    assert len(store.data) == before


@pytest.mark.parametrize(
    "text",
    [
        "DEFINE get:soft 'replace' SELECT * { ?s ?p ?o }",
        "define input:grab-all 'yes' SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o OPTION (TRANSITIVE) }",
        "SELECT * { ?s bif:contains 'x' }",
        "SELECT (sql:rdf_regex(?o) AS ?x) { ?s ?p ?o }",
        "PREFIX b: <bif:> SELECT (b:file_to_string('x') AS ?x) {}",
        "PREFIX b: <\\u0062if:> SELECT (b:sys_stat('x') AS ?x) {}",
        "SELECT (<bif:sys_stat>('x') AS ?x) {}",
        "SELECT (<java:java.lang.System.exit>(1) AS ?x) {}",
        "SELECT * { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } ; CLEAR ALL",
        "SELECT * { ?s ?p `x` }",
        "SELECT * { ?s ?p %x }",
        "SELECT * { GRAPH ?g { ?s foaf:name ?o } }",
        "SELECT * { QUAD MAP virtrdf:x { ?s ?p ?o } }",
    ],
)
def test_more_than_the_standard_is_not_handed_on(text: str, store: FakeStore) -> None:
    with pytest.raises(QuerySyntaxError, match="is not SPARQL") as caught:
        engine(store).query(text)
    assert caught.value.line == 1
    assert store.seen == []


@pytest.mark.parametrize("text", ["SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "DROP ALL"])
def test_the_guard_stands_before_it(text: str, store: FakeStore) -> None:
    with pytest.raises(QueryError):
        engine(store).query(text)
    assert store.seen == []
    assert issubclass(QueryRefusedError, QueryError)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX : <urn:x:> BASE <urn:y> SELECT DISTINCT ?a (COUNT(*) AS ?n) { ?a :b/:c* _:d . FILTER(?n != 1.5e-3) }",
        "SELECT * { ?s ?p 'bif:contains', \"sql:x\"@en-GB, true, -1, 1e6, .5E+2 }",
        "ASK { FILTER(isNumeric(?x) && !sameTerm(?x, <#bif:x>) || EXISTS { ?a a ?b } ) }",
        "SELECT (GROUP_CONCAT(?x ; SEPARATOR=',') AS ?y) { VALUES ?x { UNDEF 'a' } } GROUP BY ?z HAVING (?x > 1)",
        "PREFIX e: <urn:e:> CONSTRUCT { ?s e:select ?o } WHERE { ?s ^e:p|!(e:q) ?o MINUS { ?s ?p 2 } } OFFSET 1",
        "DESCRIBE <urn:x> # define get:soft\n",
    ],
)
def test_the_standard_is(text: str) -> None:
    check_portable(text)
