"""Where a syntax error is: in these queries, at the sign ↯."""

from __future__ import annotations

import pytest

from dxlod.errors import QuerySyntaxError
from dxlod.release import Release
from dxlod.settings import Settings
from dxlod.store import OxigraphEngine, open_engine
from dxlod.store.syntax import explain, pad

WRONG = [
    "SELECT * {?s ?p 'x' ↯) }",
    "SELECT * {?s ?p 'x' ↯) } ORDER BY ?s",
    "SELECT * {?s ?p ?o ↯?x }",
    "SELECT * {?s ?p ?o ; ↯) } )",
    "SELECT * WHERE ↯?s ?p ?o",
    "SELECT * {?s ?p ?o . FILTER(?o > ↯) }",
    "SELECT * {?s ?p ?o . ↯FILTR(?o > 1) }",
    "SELECT * {\r\n ?s ?p '''a\nb''' . # ああ )\n ?s ↯e:p ?o}",
    "SELECT * {?s ?p ?o} LIMIT ↯x",
    "SELECT * {?s ?p ?o\n FILTER REGEX(?o ↯'x') }",
    "SELECT ?s WHERE {?s ?p ?o } ORDER ↯?s",
    "PREFIX ↯a <http://x> SELECT * {}",
    "ASK {?s ?p '𠮷田' ↯) }",
    "ASK {?s↯\u3000?p ?o}",
    "SELECT * {?s ?p ?o . FILTER↯（?o > 1) }",
    "SELECT ?s WHERE {?s ?p ?o } GROUP BY↯",
    "SELECT * {↯",
    "SELECT *↯\n\n",
    "↯SELEC * {}",
    "PREFIX e: <http://e/>\n↯FOO {}",
    "↯",
]
REASONS = {
    "ASK {?s e:p ?o}": "not declared",
    "ASK {?s a <http://[b>}": "no well-formed IRI",
    "SELECT (COUNT(*) AS ?n) ?s {?s ?p ?o}": "neither grouped by nor aggregated",
    "SELECT ?s {?s ?p ?o} VALUES (?a ?b) {(1)}": "a row of VALUES",
    "ASK {?s\u3000?p ?o}": "full-width",
    "SELECT * {?s ?p ?o} GROUP BY ?s": "cannot be used when grouping",
}


@pytest.fixture(scope="module")
def engine(release: Release, settings: Settings) -> OxigraphEngine:
    return open_engine(release, settings)


@pytest.mark.parametrize("marked", WRONG)
def test_the_place_is_the_word_that_is_wrong(engine: OxigraphEngine, marked: str) -> None:
    offset = marked.index("↯")
    with pytest.raises(QuerySyntaxError) as caught:
        engine.query(marked.replace("↯", ""))
    before = marked[:offset].split("\n")
    assert (caught.value.line, caught.value.column) == (len(before), len(before[-1]) + 1)
    for text in (caught.value.ja, caught.value.en):
        assert str(caught.value.line) in text
        assert str(caught.value.column) in text


@pytest.mark.parametrize("query", REASONS)
def test_the_reason_is_said_where_it_is_known(engine: OxigraphEngine, query: str) -> None:
    with pytest.raises(QuerySyntaxError, match=REASONS[query]):
        engine.query(query)


def test_a_message_without_a_place_gives_none() -> None:
    error = explain("ASK {", "something is wrong", lambda _: "")
    assert (error.line, error.column) == (0, 0)


def test_words_keep_their_text_and_origin_between_the_gaps() -> None:
    query = "ASK { ?s <http://x#y> 'a b' # c\n}"
    padded = pad(query)
    assert padded.text.split() == ["ASK", "{", "?s", "<http://x#y>", "'a", "b'", "}"]
    assert [query[place] for place in padded.origins[:-1]] == ["A", "{", "?", "<", "'", "}"]
    assert padded.origin(padded.starts[2] + 20) == query.index("?s")
