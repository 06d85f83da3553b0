from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxlod.errors import QueryError
from dxlod.store import Form, Limits, check_query

LIMITS = Limits(chars=20_000, tokens=2_000, depth=30)
PREFIX = "PREFIX e: <http://e/> "

SERVICE = {
    "plain": "SELECT * {SERVICE <http://x> {?s ?p ?o}}",
    "silent, lower case": "select * { service silent ?x {?s ?p ?o}}",
    "after a number": "ASK {?s ?p 1SERVICE <http://x> {}}",
    "after a dotted name": PREFIX + "ASK {?s ?p e:a.b.SERVICE <http://x> {}}",
    "before a name": PREFIX + "ASK {SERVICEe:a {}}",
    "after an escaped sign": PREFIX + r"ASK {?s e:a\# ?o . SERVICE <http://x> {}}",
    "after a string with a wrong escape": r'ASK {VALUES ?v {"""a"} SERVICE <http://x> {} #\q """}',
    "less-than before a string": "ASK {FILTER(1<'x>') SERVICE <http://x> {} FILTER('a'='a')}",
    "less-than before a comment": "ASK {?a ?q ?b FILTER(?a<?b#>'''\n) SERVICE <http://x> {} #'''\n}",
    "numeric escape": r"ASK { \u0053ERVICE <http://x> {}}",
    "string ended by a numeric escape": r'ASK {?s ?p "\u0022 . SERVICE <http://x> {} #"}',
    "relative IRI with a fragment": "BASE <http://e/> ASK {?s <#p> ?o . SERVICE <http://x> {}}",
    "after a comment": "ASK {#\nSERVICE <http://x> {}}",
    "in a subselect": "ASK {{SELECT * {SERVICE <http://x> {}}}}",
}


@pytest.mark.parametrize("name", SERVICE)
def test_service_is_refused(name: str) -> None:
    with pytest.raises(QueryError, match="not run"):
        check_query(SERVICE[name], LIMITS)


@pytest.mark.parametrize(
    "query",
    [
        'ASK {?s ?p "SERVICE"@en, \'LOAD\', """a "SERVICE" b""" } # SERVICE',
        "ASK {?s ?p <http://x/SERVICE#it's>}",
        "ASK {?service ?p ?s FILTER(?s<?p && 1 < 2)FILTER(?s>3)}",
        "PREFIX d: <http://d/> ASK {?s a d:DataService, d:Service, d:public-service}",
        'ASK {?s ?p "dental service" FILTER(CONTAINS(?x, "\\u3042\\n"))}',
        "ASK {?s ?p ?o}#",
    ],
)
def test_the_word_alone_is_no_offence(query: str) -> None:
    assert check_query(query, LIMITS).form is Form.ASK


@pytest.mark.parametrize(
    "query",
    [
        "LOAD <http://x>",
        "insert data {<urn:a> <urn:b> 1}",
        PREFIX + "DELETE WHERE {?s ?p ?o}",
        "DROP ALL",
        "CLEAR DEFAULT",
        "WITH <urn:g> DELETE {?s ?p ?o} WHERE {?s ?p ?o}",
        "ADD <urn:a> TO <urn:b>",
        "CREATE GRAPH <urn:g>",
        "ASK {} ; LOAD <http://x>",
    ],
)
def test_updates_are_refused(query: str) -> None:
    with pytest.raises(QueryError, match="only reads"):
        check_query(query, LIMITS)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select*{}", Form.SELECT),
        (PREFIX + "#ASK\nDESCRIBE e:a", Form.DESCRIBE),
        ("CONSTRUCT WHERE {?s ?p ?o}", Form.CONSTRUCT),
    ],
)
def test_the_form_is_the_first_that_counts(query: str, form: Form) -> None:
    assert check_query(query, LIMITS).form is form


@pytest.mark.parametrize("query", ["", "hello", "PREFIX e: <http://e/>", "# SELECT * {}"])
def test_what_is_no_query_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="no SELECT, ASK"):
        check_query(query, LIMITS)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("ASK " + "{" * 31, "30 deep"),
        ("ASK {FILTER(" + "(" * 29 + "1", "30 deep"),
        ("ASK {" + "?s ?p ?o ." * 501 + "}", "2000 words"),
        ("ASK {FILTER(" + "!" * 2000 + "true)}", "2000 words"),
        ("ASK {}" + " " * 20_000, "20000 characters"),
    ],
)
def test_past_a_limit_is_refused(query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        check_query(query, LIMITS)


def test_at_the_limit_is_run() -> None:
    assert check_query("ASK " + "{" * 30 + "}" * 30, LIMITS).form is Form.ASK


@pytest.mark.parametrize("name", ["NOW()", "rand()", "UUID()", "struuid()", "BNODE()"])
def test_what_answers_otherwise_each_time_is_known(name: str) -> None:
    assert not check_query(f"SELECT ({name} AS ?x) {{}}", LIMITS).repeatable
    assert check_query("SELECT ('NOW()' AS ?x) {}", LIMITS).repeatable


@given(st.text(st.sampled_from("{}<>\"'\\#?:.a \n_@SERVICELOAD()"), max_size=80))
def test_any_text_is_judged(text: str) -> None:
    try:
        form = check_query(text, LIMITS).form
    except QueryError:
        return
    assert form.value in text.upper()
