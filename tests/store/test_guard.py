from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxlod.errors import QueryError, QueryRefusedError, QuerySyntaxError
from dxlod.store import Form, Limits, check_query, guard
from dxlod.store.guard import splice

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
    with pytest.raises(QueryError, match=r"not run|backslash|u0022 is not allowed"):
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
        "ASK {FILTER(?a<#x>\n1) FILTER(?a<#service>\n2)}",
        "BASE <http://e/> ASK {?s <#service> <it's>, <?a#b>}",
        "ASK {FILTER(?a<'x>') FILTER('a'>?b)}",
        r"ASK {?s ?p <http://e/\u00e9#\U0001F600>}",
    ],
)
def test_the_word_alone_is_no_offence(query: str) -> None:
    assert check_query(query, LIMITS).form is Form.ASK


HIDDEN = {
    "the keyword behind less-than, in the other reading": "ASK {FILTER(?a<#x>\n1) SERVICE <http://x> {}}",
    "an IRI to the one, a comment to the other": "ASK {?s ?p <a#b> } #'\nSERVICE <http://x> {}",
    "string or not, by how < is read": "ASK {FILTER(1<'x>') SERVICE <http://x> {} FILTER('a'='a')}",
    "an escape that ends the IRI": r"ASK {?s ?p <http://e/\u003E} SERVICE <http://x> {} #>}",
    "a space by escape": r"ASK {?s ?p <http://e/\u0020>}",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_every_reading_is_looked_at(name: str) -> None:
    with pytest.raises(QueryError):
        check_query(HIDDEN[name], LIMITS)


def test_a_query_of_many_readings_is_read_in_linear_work() -> None:
    # Each less-than doubles the readings; followed one by one they would never end.
    query = "ASK {FILTER(" + "&&".join("?a<#x>\n1" for _ in range(300)) + ")}"
    assert check_query(query, Limits(chars=20_000, tokens=5_000, depth=30)).form is Form.ASK


CALLS = """PREFIX e: <http://e/>
SELECT * { ?s ?p ?o . SERVICE SILENT <https://a.example/sparql> { ?s e:p "}" OPTIONAL { ?s e:q ?z } } # }
  service<http://b.example/>{ SERVICE ?inner { } } }"""


def test_calls_are_found_where_they_may_stand() -> None:
    found = check_query(CALLS, LIMITS, calls=True)
    assert [(call.endpoint, call.silent, call.group) for call in found.calls] == [
        ("https://a.example/sparql", True, '{ ?s e:p "}" OPTIONAL { ?s e:q ?z } }'),
        ("http://b.example/", False, "{ SERVICE ?inner { } }"),
    ]
    assert (found.prologue, found.repeatable) == ("PREFIX e: <http://e/>\n", False)
    spliced = splice(found, ("{ VALUES ?s { 1 } }", "{}"))
    assert spliced.text == CALLS.split("SERVICE")[0] + "{ VALUES ?s { 1 } } # }\n  {} }"
    assert not spliced.calls


def test_splicing_brings_no_keyword_in() -> None:
    found = check_query(CALLS, LIMITS, calls=True)
    with pytest.raises(QueryRefusedError):
        splice(found, ("{ SERVICE <http://x> {} }", "{}"))
    with pytest.raises(QueryRefusedError):
        splice(found, ("{}",))


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE ?x {}",
        "SERVICE e:x {}",
        "SERVICE <x> {}",
        "SERVICE <file:///etc/passwd> {}",
        "SERVICE SILENT SILENT <http://x> {}",
        "SERVICE <http://x>",
        "SERVICE <http://x> FILTER(true)",
        "FILTER(?a<#b>\n1) SERVICE <http://x> {}",
        "?s ?p 1SERVICE <http://x> {}",
    ],
)
def test_a_call_that_is_not_plain_is_refused(clause: str) -> None:
    with pytest.raises(QueryError):
        check_query(f"PREFIX e: <http://e/> ASK {{ {clause} }}", LIMITS, calls=True)


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
    with pytest.raises(QuerySyntaxError, match="no SELECT, ASK"):
        check_query(query, LIMITS)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("ASK " + "{" * 31, "30 deep"),
        ("ASK {FILTER(" + "(" * 29 + "1", "30 deep"),
        ("ASK {" + "?s ?p ?o ." * 501 + "}", "2000 words"),
        ("ASK {FILTER(" + "!" * 2000 + "true)}", "2000 words"),
        ("ASK {}" + " " * 20_000, "20000 characters"),
        ("ASK {FILTER(" + "&&".join("?a<#x>\n(1" for _ in range(31)), "30 deep"),
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


_PIECES = st.sampled_from(
    [
        *"<>\"'\\#{}[]()?$@:.-_ab1 \n\t,;/%",
        "SELECT ",
        "ASK",
        "FROM",
        " load",
        "NOW()",
        "e:service",
        "ſervice",
        "<http://e/a#b>",
        "<a#b>",
        "'''",
        "SERVICE",
        "?x ",
        "{?s ?p ?o}",
        "'x'",
        "\\u0041",
        " drop ",
    ]
)


@given(st.lists(_PIECES, max_size=25).map("".join))
def test_the_short_reading_finds_what_the_long_one_finds(query: str) -> None:
    limits = Limits(chars=20_000, tokens=2_000, depth=3)
    short = guard._plain(query, limits)
    if short is not None:
        long = guard._looked_through(query, limits, calls=False)
        assert short == replace(long, prologue="")
