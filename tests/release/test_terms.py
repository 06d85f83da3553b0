from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from dxlod.errors import ReleaseError
from dxlod.release.terms import Quad, literal, literal_parts, natural_key, parse_quads

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_a_literal_says_what_went_in(text: str) -> None:
    assert literal_parts(literal(text, language="ja")) == (text, "", "ja")


@given(TEXT)
def test_a_literal_is_read_alike_by_rdflib(text: str) -> None:
    graph = Graph().parse(data=f"<urn:s> <urn:p> {literal(text)} .\n", format="nt")
    assert set(graph.objects(URIRef("urn:s"))) == {Literal(text)}


def test_escapes_are_resolved() -> None:
    assert literal_parts(r'"a\"\\\t岐\u5C90\U0001F600"').text == 'a"\\\t岐岐\U0001f600'


def test_string_datatype_is_left_out() -> None:
    line = '<urn:s> <urn:p> "x"^^<http://www.w3.org/2001/XMLSchema#string> <urn:g> .'
    assert list(parse_quads([line])) == [Quad("<urn:s>", "<urn:p>", '"x"', "<urn:g>")]


@pytest.mark.parametrize(
    "line",
    [
        "<urn:s> <urn:p> _:b <urn:g> .",
        "_:b <urn:p> <urn:o> <urn:g> .",
        "<urn:s> <urn:p> <urn:o> .",
        '<urn:s> "p" <urn:o> <urn:g> .',
        '<urn:s> <urn:p> "open <urn:g> .',
        "<urn:s s> <urn:p> <urn:o> <urn:g> .",
        "",
    ],
)
def test_what_is_no_quad_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(ReleaseError, match="Line 2 "):
        list(parse_quads(["<urn:s> <urn:p> <urn:o> <urn:g> .", line]))


def test_two_comes_before_ten_and_a_thing_before_its_parts() -> None:
    terms = ["<k/10>", "<k/2/v>", "<k/2>", "<k>"]
    assert sorted(terms, key=natural_key) == ["<k>", "<k/2>", "<k/2/v>", "<k/10>"]
