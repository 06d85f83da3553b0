"""Counting the use of terms: what is written here is what must be counted."""

from __future__ import annotations

from dxlod.release.schemes import list_schemes
from dxlod.release.terms import Quad, parse_quads
from dxlod.release.usage import count_usage, examples

DXO, E = "https://w3id.org/dxlod/ns#", "https://e.example/id/"
DATA = f"""
<{DXO}Initiative> rdfs:subClassOf <{DXO}PlanElement>
<{E}i1> a <{DXO}Initiative>
<{E}i1> a <{DXO}PlanElement>
<{E}i1> <{DXO}topic> <{E}t1>
<{E}i1> <{DXO}topic> <{E}t2>
<{E}i2> a <{DXO}Initiative>
<{E}i2> <{DXO}hasAction> <{E}a1>
<{E}a1> a <{DXO}Action>
<{E}o> a <http://www.w3.org/ns/org#Organization>
<{E}o> <{DXO}localGovernmentCode> "212016"^^<{DXO}LGCode>
<{E}i1> rdfs:label "取組 ^^ 1"@ja
"""
SHORT = {
    " a ": " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ",
    "rdfs:subClassOf": "<http://www.w3.org/2000/01/rdf-schema#subClassOf>",
    "rdfs:label": "<http://www.w3.org/2000/01/rdf-schema#label>",
}


def quads(text: str, graph: str = "<https://e.example/graph>") -> list[Quad]:
    for short, long in SHORT.items():
        text = text.replace(short, long)
    return list(parse_quads(f"{line} {graph} ." for line in text.strip().splitlines()))


def test_a_thing_counts_once_under_its_most_special_class() -> None:
    usage = count_usage([*quads(DATA), *quads(DATA, "<https://e.example/other>")])
    assert usage.instances == {
        f"{DXO}Initiative": 2,
        f"{DXO}Action": 1,
        "http://www.w3.org/ns/org#Organization": 1,
    }
    assert usage.carried[f"{DXO}Initiative"][f"{DXO}topic"] == 1
    assert usage.triples[f"{DXO}topic"] == 2
    assert usage.uses(f"{DXO}topic") == 2
    assert usage.uses(f"{DXO}LGCode") == 1
    assert usage.uses(f"{DXO}Plan") == 0


def test_links_are_between_things_whose_classes_are_known() -> None:
    assert count_usage(quads(DATA)).links == {(f"{DXO}Initiative", f"{DXO}hasAction", f"{DXO}Action"): 1}


def test_the_example_of_a_class_is_the_one_that_says_most() -> None:
    found = examples(quads(DATA), "https://e.example/")
    assert set(found) == {f"{DXO}Initiative", f"{DXO}Action"}
    iri, text = found[f"{DXO}Initiative"]
    assert iri == f"{E}i1"
    assert text.splitlines() == [
        "<id/i1>",
        "    a dxo:Initiative, dxo:PlanElement ;",
        '    rdfs:label "取組 ^^ 1"@ja ;',
        "    dxo:topic <id/t1>, <id/t2> .",
    ]


def test_an_example_shows_a_few_objects_and_how_many_more() -> None:
    many = "\n".join(f"<{E}a1> <{DXO}topic> <{E}t{n}>" for n in range(1, 12))
    text = examples(quads(DATA + many), "https://e.example/")[f"{DXO}Action"][1]
    assert text.splitlines()[-1] == "    dxo:topic <id/t1>, <id/t2>, <id/t3> .  # + 8"


def test_a_long_thing_is_an_example_only_where_there_is_no_short_one() -> None:
    long = "\n".join(f"<{E}i3> <https://e.example/p{n}> <{E}x>" for n in range(20))
    found = examples(quads(f"{DATA}<{E}i3> a <{DXO}Initiative>\n{long}"), "https://e.example/")
    assert found[f"{DXO}Initiative"][0] == f"{E}i1"


SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEME = f"""
<{E}code/k> <{SKOS}prefLabel> "kinds"@en
<{E}code/k/b> <{SKOS}inScheme> <{E}code/k>
<{E}code/k/b> <{SKOS}notation> "b"
<{E}code/k/b> <{SKOS}prefLabel> "二"@ja
<{E}code/k/a> <{SKOS}inScheme> <{E}code/k>
<{E}code/k/a> <{SKOS}broader> <{E}code/k/b>
<{E}code/k> <{SKOS}hasTopConcept> <{E}code/k/b>
<{E}i1> <{DXO}topic> <{E}code/k/b>
"""


def test_a_scheme_has_its_concepts_and_counts_only_what_the_data_say() -> None:
    (scheme,) = list_schemes(quads(SCHEME))
    assert (scheme.iri, scheme.labels, scheme.definitions) == (f"{E}code/k", {"en": "kinds"}, {})
    assert [(one.iri, one.notation, one.labels, one.uses) for one in scheme.concepts] == [
        (f"{E}code/k/a", "", {}, 0),
        (f"{E}code/k/b", "b", {"ja": "二"}, 1),
    ]
