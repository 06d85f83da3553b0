from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.errors import ValidationError
from dxlod.validation import Result, Severity, load_shapes, validate

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix e: <urn:e:> .\n"
SHACL = "http://www.w3.org/ns/shacl#"
SHAPES = (
    PREFIXES
    + """
e:S a sh:NodeShape ; sh:targetClass e:C ;
  sh:property [ sh:path e:p ; sh:minCount 1 ; sh:message "要ります。"@ja, "Needed."@en ] ;
  sh:property [ sh:path e:q ; sh:nodeKind sh:IRI ; sh:severity sh:Warning ; sh:message "IRI に。"@ja ] .
"""
)
A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:e:C> ."


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "shapes.ttl"
    path.write_text(text, encoding="utf-8")
    return path


def test_conforming_data_have_no_results(tmp_path: Path) -> None:
    shapes = load_shapes([written(tmp_path, SHAPES)])
    assert validate([f"<urn:s> {A}", "<urn:s> <urn:e:p> <urn:o> ."], shapes) == ()


def test_results_say_what_where_and_why(tmp_path: Path) -> None:
    shapes = load_shapes([written(tmp_path, SHAPES)])
    lines = [f"<urn:s> {A}", r'<urn:s> <urn:e:q> "two\nlines \"x\""@en .']
    missing = Result(
        Severity.VIOLATION,
        "urn:s",
        "urn:e:p",
        None,
        "urn:e:S",
        f"{SHACL}MinCountConstraintComponent",
        "要ります。",
        "Needed.",
    )
    text = 'two\nlines "x"'
    literal = Result(
        Severity.WARNING, "urn:s", "urn:e:q", text, "urn:e:S", f"{SHACL}NodeKindConstraintComponent", "IRI に。", "IRI に。",
        r'"two\nlines \"x\""@en',
    )  # fmt: skip
    assert validate(lines, shapes) == (missing, literal)


def test_a_file_that_is_no_turtle_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"shapes\.ttl"):
        load_shapes([written(tmp_path, "e:S a")])


def test_shapes_that_cannot_be_used_are_an_error_of_ours(tmp_path: Path) -> None:
    shapes = load_shapes(
        [written(tmp_path, PREFIXES + 'e:S a sh:NodeShape ; sh:targetNode e:s ; sh:minLength "x" .')]
    )
    with pytest.raises(ValidationError, match="cannot be used"):
        validate(["<urn:e:s> <urn:p> <urn:o> ."], shapes)
