from __future__ import annotations

import pytest
from rdflib import Graph

from dxlod.errors import ValidationError
from dxlod.validation.queries import looked_at, operators, queries

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix e: <urn:e:> .\n"


@pytest.mark.parametrize(
    ("condition", "number"),
    [
        ("?o > 2", 0),
        ("-?o > 2", 0),
        ("?o + 1 > 2", 1),
        ("?o - 1 + 2 > 3", 2),
        ("(?o + 1) * 2 > 3", 2),
        ("EXISTS { ?o ?q ?x FILTER (?x * 2 / 3 = 1) }", 2),
        ("?o + 1 > 2 && ?o + 2 > 3", 2),
    ],
)
def test_operators_are_counted_wherever_they_stand(condition: str, number: int) -> None:
    assert operators(f"SELECT ?s WHERE {{ ?s <urn:p>/<urn:q>* ?o FILTER ({condition}) }}") == number


def test_what_is_no_query_is_an_error_of_ours() -> None:
    with pytest.raises(ValidationError, match="cannot be used"):
        operators("SELECT ?s WHERE {")


@pytest.mark.parametrize(
    ("target", "pattern", "expected"),
    [
        ("sh:targetNode e:a", "$this e:p ?v . OPTIONAL { ?v e:q ?w }", {"<urn:e:p>", "<urn:e:q>"}),
        ("sh:targetSubjectsOf e:t", "$this e:p ?v", {"<urn:e:p>", "<urn:e:t>"}),
        ("sh:targetNode e:a", "$this ?p ?v", None),
        ("sh:targetNode e:a", "$this e:p/e:q ?v", None),
        ("sh:targetNode e:a", "$this e:p ?v FILTER NOT EXISTS { ?v e:q ?w }", None),
    ],
)
def test_what_a_query_looks_at(target: str, pattern: str, expected: set[str] | None) -> None:
    graph = Graph().parse(
        data=PREFIXES + f"e:S {target} ; sh:sparql [ sh:prefixes e:P ; sh:select"
        f' "SELECT $this WHERE {{ {pattern} }}" ] .'
        ' e:P sh:declare [ sh:prefix "e" ; sh:namespace "urn:e:" ] .',
        format="turtle",
    )
    assert len(list(queries(graph))) == 1
    assert looked_at(graph) == expected


def test_a_class_for_a_target_is_looked_at_with_its_subclasses() -> None:
    graph = Graph().parse(data=PREFIXES + "e:S sh:targetClass e:C .", format="turtle")
    found = looked_at(graph)
    assert found is not None
    assert {iri.rpartition("#")[2] for iri in found} == {"type>", "subClassOf>"}
