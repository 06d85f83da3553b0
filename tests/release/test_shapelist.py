"""Shapes as a list: paths as SPARQL writes them, what a constraint is about, what a shape looks at."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.errors import ValidationError
from dxlod.release.shapelist import NodeShape, focus_nodes, list_shapes
from dxlod.release.terms import RDF_TYPE, Triple

ROOT = Path(__file__).resolve().parents[2]
DXO = "https://w3id.org/dxlod/ns#"
HEAD = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dxo: <{DXO}> . @prefix s: <https://s.example/#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def shapes(folder: Path, *texts: str) -> tuple[NodeShape, ...]:
    paths = [folder / f"{at}.ttl" for at in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(HEAD + text, encoding="utf-8")
    return list_shapes(paths)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("dxo:topic", "dxo:topic"),
        ("[ sh:inversePath dxo:topic ]", "^dxo:topic"),
        ("( dxo:a [ sh:oneOrMorePath dxo:b ] )", "dxo:a/dxo:b+"),
        ("( dxo:a [ sh:alternativePath ( dxo:b dxo:c ) ] )", "dxo:a/(dxo:b|dxo:c)"),
        ("[ sh:zeroOrMorePath ( dxo:a dxo:b ) ]", "(dxo:a/dxo:b)*"),
        ("[ sh:zeroOrOnePath <urn:x> ]", "<urn:x>?"),
    ],
)
def test_a_path_is_written_as_in_sparql(tmp_path: Path, path: str, written: str) -> None:
    text = (
        f"s:A a sh:NodeShape ; sh:targetClass dxo:Plan ; sh:property s:P . s:P a sh:PropertyShape ; sh:path {path} ;"
        ' sh:severity sh:Warning ; sh:name "名"@ja , "name"@en ; sh:message "日"@ja , "E"@en .'
    )
    (shape,) = shapes(tmp_path, text)
    (rule,) = shape.constraints
    assert (rule.path, rule.severity, rule.ja, rule.en) == (written, "Warning", "日", "E")
    assert (rule.name_ja, rule.name_en) == ("名", "name")
    assert (shape.classes, shape.subjects_of, shape.file) == ((f"{DXO}Plan",), (), "0.ttl")


def test_what_a_constraint_is_about_includes_its_query_and_its_helpers_in_other_files(tmp_path: Path) -> None:
    own = (
        's:A a sh:NodeShape ; sh:targetSubjectsOf dxo:x ; sh:message "日"@ja , "E"@en ; sh:not s:Help ;'
        ' sh:sparql [ sh:select "SELECT $this WHERE { $this dxo:inQuery/rdfs:label ?v }" ] ; sh:property s:Speaks .'
    )
    rest = (
        "s:Help a sh:NodeShape ; sh:property [ sh:path dxo:inHelper ; sh:minCount 1 ] ."
        ' s:Speaks a sh:PropertyShape ; sh:path dxo:own ; sh:message "日"@ja , "E"@en .'
    )
    (shape,) = shapes(tmp_path, own, rest)
    itself, speaks = shape.constraints
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    assert itself.about == (label, f"{DXO}inHelper", f"{DXO}inQuery")
    assert (itself.path, itself.severity) == ("", "Violation")
    assert speaks.about == (f"{DXO}own",)


def test_focus_nodes_are_of_classes_and_subclasses_and_subjects_of_properties(tmp_path: Path) -> None:
    found = shapes(
        tmp_path,
        "s:A a sh:NodeShape ; sh:targetClass dxo:Upper . s:B a sh:NodeShape ; sh:targetSubjectsOf dxo:p .",
    )
    triples = [
        Triple(f"<{DXO}Lower>", "<http://www.w3.org/2000/01/rdf-schema#subClassOf>", f"<{DXO}Upper>"),
        Triple("<urn:a>", RDF_TYPE, f"<{DXO}Lower>"),
        Triple("<urn:b>", RDF_TYPE, f"<{DXO}Other>"),
        Triple("<urn:b>", f"<{DXO}p>", "<urn:a>"),
    ]
    assert focus_nodes(found, triples) == {
        "https://s.example/#A": {"<urn:a>"},
        "https://s.example/#B": {"<urn:b>"},
    }


def test_a_file_that_is_no_turtle_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"0\.ttl"):
        shapes(tmp_path, "s:A a")


def test_every_constraint_of_ours_is_listed_with_both_messages() -> None:
    listed = list_shapes(sorted((ROOT / "shapes").glob("*.ttl")))
    rules = {(item.shape or shape.shape): item for shape in listed for item in shape.constraints}
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "shapes").glob("*.ttl"))
    # One is only part of another, which speaks for it.
    assert len(rules) == text.count("sh:message") - 1
    assert all(item.ja and item.en and item.ja != item.en for item in rules.values())
    assert {item.severity for item in rules.values()} == {"Violation", "Warning"}
