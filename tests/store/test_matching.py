"""The shape of a search within SERVICE: what it says, and where it is wrong."""

from __future__ import annotations

import pytest

from dxlod.errors import QueryRefusedError, QuerySyntaxError
from dxlod.store import SEARCH, check_query
from dxlod.store.guard import Limits, outline, splice
from dxlod.store.matching import MATCHING, Property, Search, read_search

LIMITS = Limits(20_000, 2_000, 30)
HEAD = "PREFIX dxs: <https://w3id.org/dxlod/search#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
MOST = 100


def read(group: str, head: str = HEAD) -> Search:
    checked = check_query(f"{head}ASK {{ SERVICE <{SEARCH}> {group} }}", LIMITS)
    return read_search(checked, checked.calls[0], MOST)


def column(piece: str, group: str) -> int:
    return len(f"ASK {{ SERVICE <{SEARCH}> ") + group.index(piece) + 1


def test_all_that_can_be_said() -> None:
    group = (
        '{ ?thing dxs:matches "防災"@ja ; dxs:property rdfs:label , <http://e/p> , ?p ; dxs:literal ?text ;\n'
        "  dxs:rank $n ; dxs:limit 50 . }"
    )
    assert read(group) == Search(
        "防災",
        (2, column('"防災"', group)),
        "thing",
        "ja",
        (
            Property(LABEL, (2, column("rdfs:label", group))),
            Property("http://e/p", (2, column("<http://e/p>", group))),
        ),
        50,
        "text",
        "p",
        "n",
    )
    assert read(group).variables == ("thing", "p", "text", "n")


@pytest.mark.parametrize(
    "group",
    [
        "{?thing dxs:matches '税'}",
        '{ ?thing dxs:matches """税""" . }',
        '{ ?thing dxs:matches "税" ; }',
        "{ $thing dxs:matches '''税''' ;; . }",
        '{ ?thing <https://w3id.org/dxlod/search#matches> "税" }',
        '{ # "x" }\n ?thing # dxs:limit 3\n dxs:matches\t"\\u7A0E" }',
    ],
)
def test_ways_to_write_the_same(group: str) -> None:
    found = read(group)
    assert (found.thing, found.text, found.limit, found.properties, found.variables) == (
        "thing",
        "税",
        0,
        (),
        ("thing",),
    )


def test_triples_may_be_written_one_by_one() -> None:
    found = read('{ ?t dxs:limit 5. ?t dxs:property rdfs:label. ?t dxs:matches "a\\"\\n\\\\ {}" }')
    assert (found.text, found.limit, [item.iri for item in found.properties]) == ('a"\n\\ {}', 5, [LABEL])


def test_prefixes_are_those_of_the_query() -> None:
    head = f"PREFIX : <{MATCHING}> prefix x.y:<http://e/> PREFIX x.y: <http://f/\\u0061/> PREFIX rdfs: <http://g/>\n"
    found = read('{ ?t :matches "a" ; :property x.y:b\\-c, rdfs:d.e, x.y:%41, x.y: }', head)
    assert [item.iri for item in found.properties] == [
        "http://f/a/b-c",
        "http://g/d.e",
        "http://f/a/%41",
        "http://f/a/",
    ]


@pytest.mark.parametrize(
    ("group", "at", "said"),
    [
        ("{ }", "}", "no dxs:matches"),
        ("{ ?t dxs:limit 5 }", "}", "no dxs:matches"),
        ('{ <http://e/> dxs:matches "a" }', "<http://e/>", "must be a variable"),
        ('{ [] dxs:matches "a" }', "[]", "must be a variable"),
        ("{ ?t dxs:matches ?text }", "?text", "quoted text"),
        ("{ ?t dxs:matches 5 }", "5", "quoted text"),
        ('{ ?t dxs:matches "a"^^xsd:string }', "^", "is written"),
        ('{ ?t dxs:matches "a" ; dxs:limit 0 }', "0 }", "from 1 to 100"),
        ('{ ?t dxs:matches "a" ; dxs:limit 101 }', "101", "from 1 to 100"),
        ('{ ?t dxs:matches "a" ; dxs:limit -5 }', "-5", "is written"),
        ('{ ?t dxs:matches "a" ; dxs:limit 99999999999999999999 }', "999", "from 1 to 100"),
        ('{ ?t dxs:matches "a" ; dxs:limit ?n }', "?n", "from 1 to 100"),
        ('{ ?t dxs:matches "a" ; dxs:limit 5 , 6 }', "6", "only once"),
        ('{ ?t dxs:matches "a" , "b" }', '"b"', "only once"),
        ('{ ?t dxs:matches "a" ; dxs:literal "b" }', '"b"', "must be a variable"),
        ('{ ?t dxs:matches "a" ; dxs:literal ?t }', "?t }", "own name"),
        ('{ ?t dxs:matches "a" ; dxs:literal ?x ; dxs:rank $x }', "$x", "own name"),
        ('{ ?t dxs:matches "a" ; dxs:property ?x , ?y }', "?y", "own name"),
        ('{ ?t dxs:matches "a" ; dxs:property "b"@en }', '"b"', "is written"),
        ('{ ?t dxs:matches "a" ; dxs:property rel:b }', "rel:b", "not declared"),
        ('{ ?t dxs:matches "a" ; dxs:property <b> }', "<b>", "in full"),
        ('{ ?t dxs:contains "a" }', "dxs:contains", "matches, property, literal, rank, limit"),
        ('{ ?t rdfs:label "a" }', "rdfs:label", "matches, property"),
        ('{ ?t a "a" }', 'a "a"', "matches, property"),
        ('{ ?t dxs:matches/dxs:matches "a" }', "/", "is written"),
        ('{ ?t dxs:matches "a" . ?s dxs:limit 5 }', "?s", "same subject"),
        ('{ ?t dxs:matches "a" ?t }', "?t }", "is written"),
        ('{ ?t dxs:matches "a" FILTER(?t = 1) }', "FILTER", "is written"),
        ('{ ?t dxs:matches "a" . FILTER(?t = 1) }', "FILTER", "must be a variable"),
        ('{ ?t dxs:matches "a" . { ?t dxs:limit 5 } }', "{ ?t dxs:limit", "must be a variable"),
        ('{ OPTIONAL { ?t dxs:matches "a" } }', "OPTIONAL", "must be a variable"),
        ("{ SELECT ?t { ?t dxs:matches 'a' } }", "SELECT", "must be a variable"),
        ("{ ?t dxs:matches }", "}", "is written"),
        ("{ ?t }", "}", "is written"),
    ],
)
def test_what_is_wrong_where(group: str, at: str, said: str) -> None:
    with pytest.raises(QuerySyntaxError, match=said) as raised:
        read(group)
    assert (raised.value.line, raised.value.column) == (2, column(at, group))
    assert raised.value.ja.startswith(f"2 行 {raised.value.column} 字目")


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <https://w3id.org/dxlod/search/> {} }",
        "ASK { SERVICE <https://w3id.org/dxlod/search?a> {} }",
        "ASK { SERVICE <https://w3id.org/dxlod/\\u0073earch> {} }",
        "ASK { SERVICE <HTTPS://w3id.org/dxlod/search> {} }",
        "ASK { SERVICE <http://w3id.org/dxlod/search> {} }",
        "BASE <https://w3id.org/dxlod/> ASK { SERVICE <search> {} }",
        "PREFIX d: <https://w3id.org/dxlod/> ASK { SERVICE d:search {} }",
        "ASK { VALUES ?s { <https://w3id.org/dxlod/search> } SERVICE ?s {} }",
        "ASK { SERVICE SILENT SILENT <https://w3id.org/dxlod/search> {} }",
        "ASK { SERVICE <https://w3id.org/dxlod/search> }",
        "ASK { SERVICE <https://w3id.org/dxlod/search> {} SERVICE <http://e/> {} }",
        "ASK { SERVICE <http://e/> { SERVICE <https://w3id.org/dxlod/search> {} } }",
        "ASK { SERVICE <https://w3id.org/dxlod/search> { SERVICE <http://e/> {} } }",
        "ASK { SERVICE <https://w3id.org/dxlod/search> {} SERVICE SILENT <http://e/> {} }",
        "ASK { FILTER(1<'x>') SERVICE <https://w3id.org/dxlod/search> {} FILTER('a'='a') }",
    ],
)
def test_only_the_search_is_let_through(text: str) -> None:
    with pytest.raises(QueryRefusedError):
        check_query(text, LIMITS)


def test_a_search_may_be_asked_again() -> None:
    text = f"{HEAD}SELECT * {{ SERVICE <{SEARCH}> {{ ?t dxs:matches 'a' }} }}"
    assert check_query(text, LIMITS).repeatable
    assert not check_query(text.replace("*", "(RAND() AS ?r)"), LIMITS).repeatable
    both = text.replace("}", "} SERVICE <http://e/> {}", 1)
    assert not check_query(both, LIMITS, calls=True).repeatable
    with pytest.raises(QueryRefusedError):
        splice(check_query(text, LIMITS), ())


def test_the_outline_keeps_every_word_where_it_was() -> None:
    text = f"SELECT * {{ SERVICE\n<{SEARCH}> {{ ?a\r\n ?b }} ?c ?d ?e SERVICE SILENT <{SEARCH}>{{}} }}"
    found = outline(check_query(text, LIMITS))
    assert len(found) == len(text)
    assert [found.index(word) for word in ("?c", "?d", "?e")] == [
        text.index(word) for word in ("?c", "?d", "?e")
    ]
    assert [at for at, sign in enumerate(found) if sign in "\r\n"] == [
        at for at, sign in enumerate(text) if sign in "\r\n"
    ]
    assert found.split() == ["SELECT", "*", "{", "{", "}", "?c", "?d", "?e", "{", "}", "}"]
