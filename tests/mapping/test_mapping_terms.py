"""Whatever stands in a cell, the line reads back as the term that was meant."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dxlod.errors import MappingError
from dxlod.mapping import Options, Program, compile_mappings, map_tables, run
from dxlod.mapping.terms import is_absolute_iri, is_language_tag

MAPPING = """
@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <https://example.org/> .
ex:map rml:logicalSource [ rml:source "cells.csv" ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "https://example.org/id/{cell}" ] ;
  rml:predicateObjectMap
    [ rml:predicate ex:plain ; rml:objectMap [ rml:reference "cell" ] ] ,
    [ rml:predicate ex:tagged ; rml:objectMap [ rml:reference "cell" ; rml:language "ja" ] ] ,
    [ rml:predicate ex:typed ; rml:objectMap [ rml:reference "cell" ; rml:datatype ex:type ] ] ,
    [ rml:predicate ex:text ;
      rml:objectMap [ rml:termType rml:Literal ; rml:template "\\\\{{cell}\\"\\n" ] ] ,
    [ rml:predicate ex:uri ; rml:objectMap [ rml:template "urn:x:{cell}" ; rml:termType rml:URI ] ] ,
    [ rml:predicate ex:blank ; rml:objectMap [ rml:reference "cell" ; rml:termType rml:BlankNode ] ] .
"""
CELLS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    path = tmp_path_factory.mktemp("terms") / "cells.ttl"
    path.write_text(MAPPING, encoding="utf-8")
    return compile_mappings([path], Options("https://example.org/", empty_is_null=False))


def objects(program: Program, cell: str) -> dict[str, object]:
    lines = list(run(program, {"cells.csv": lambda: [{"cell": cell}]}))
    assert not any("\n" in line or "\r" in line for line in lines)
    quads = list(pyoxigraph.parse("\n".join(lines).encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    assert len(quads) == len(lines) == 6
    found: dict[str, object] = {quad.predicate.value.rpartition("/")[2]: quad.object for quad in quads}
    return found | {"subject": quads[0].subject}


@given(cell=CELLS)
@example(cell='"')
@example(cell="\\u0041")
@example(cell="a\r\nb\tc\x00\x1f\x7f\x85\u2028\ufeff\ufffe\uffff")
@example(cell="100%25 %zz {id} <a> 岐阜市 \U00020bb7 \u200b\ue000")
@example(cell="..")
def test_every_text_reads_back(program: Program, cell: str) -> None:
    found = objects(program, cell)
    assert found["plain"] == pyoxigraph.Literal(cell)
    assert found["tagged"] == pyoxigraph.Literal(cell, language="ja")
    assert found["typed"] == pyoxigraph.Literal(
        cell, datatype=pyoxigraph.NamedNode("https://example.org/type")
    )
    assert found["text"] == pyoxigraph.Literal("{" + cell + '"\n')
    subject, uri = found["subject"], found["uri"]
    assert isinstance(subject, pyoxigraph.NamedNode)
    assert isinstance(uri, pyoxigraph.NamedNode)
    assert unquote(subject.value.removeprefix("https://example.org/id/"), errors="strict") == cell
    assert unquote(uri.value.removeprefix("urn:x:"), errors="strict") == cell
    assert re.fullmatch(r"urn:x:(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*", uri.value)
    assert is_absolute_iri(subject.value)


@given(first=CELLS, second=CELLS)
def test_different_texts_make_different_blank_nodes(program: Program, first: str, second: str) -> None:
    assert (objects(program, first)["blank"] == objects(program, second)["blank"]) == (first == second)


@given(text=st.text(st.sampled_from(list('ab:/?#[]@%2F~ é岐<>"{}|\\^`\u0085\ue000')), max_size=12))
@example(text="http://[::1]/")
@example(text="http://a:80:80/")
def test_a_valid_iri_is_one_to_the_store(text: str) -> None:
    iri = "http:" + text
    if is_absolute_iri(iri):
        line = f"<{iri}> <urn:p> <urn:o> ."
        assert next(pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_QUADS)).subject.value == iri


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("https://example.org/a?b#c", True), ("urn:x", True), ("http://岐阜.example/岐", True),
        ("http://[2001:db8::1]:80/", True), ("mailto:a@b", True), ("http://u:p@h/%20", True),
        ("", False), ("a", False), ("/a", False), ("1a:b", False), ("http://a b", False),
        ("http://a/%2", False),
        ("http://a#b#c", False), ("http://a/[", False), ("http://a:port/", False), ("http://a/\ue000", False),
    ],
)  # fmt: skip
def test_absolute_iris(text: str, valid: bool) -> None:
    assert is_absolute_iri(text) is valid


@pytest.mark.parametrize(
    ("tag", "valid"),
    [
        ("ja", True), ("ja-Hrkt", True), ("en-GB-oed-x-a", False), ("de-CH-1996", True), ("x-a-b", True),
        ("zh-cmn-Hans-CN", True), ("a-english", False), ("en-a", False), ("", False), ("ja_JP", False),
        ("日本", False),
    ],
)  # fmt: skip
def test_language_tags(tag: str, valid: bool) -> None:
    assert is_language_tag(tag) is valid


def test_half_a_character_is_a_data_error(program: Program) -> None:
    with pytest.raises(MappingError, match=r"Row 1 of the table cells\.csv"):
        list(run(program, {"cells.csv": lambda: [{"cell": "\ud800"}]}))


def test_the_base_must_be_an_iri(tmp_path: Path) -> None:
    path = tmp_path / "cells.ttl"
    path.write_text(MAPPING, encoding="utf-8")
    with pytest.raises(MappingError, match="The base is no IRI: here"):
        map_tables([path], {}, "here")
