"""What the fast engine does with shapes that it might misread; pySHACL says what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.errors import ValidationError
from dxlod.validation import Severity, Shapes, fast, load_shapes, validate

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix e: <urn:e:> .\n"
FIVE = ['<urn:e:a> <urn:e:p> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .']


def shapes(folder: Path, text: str) -> Shapes:
    path = folder / "shapes.ttl"
    path.write_text(PREFIXES + text, encoding="utf-8")
    return load_shapes([path])


def query(condition: str) -> str:
    return f'[ sh:select "SELECT $this ?value WHERE {{ $this <urn:e:p> ?value FILTER ({condition}) }}" ]'


@pytest.mark.parametrize(
    "condition",
    [
        "?value - 1 - 1 = 3",
        "?value - 1 - 1 = 5",
        "(?value - 1) * 2 = 8",
        "20 / ?value * 2 = 8",
        "11 - ?value + 3 = 9",
        "?value > 4",
        "?value + 1 = 7",
    ],
)
def test_queries_that_compute_are_read_as_pyshacl_reads_them(tmp_path: Path, condition: str) -> None:
    loaded = shapes(
        tmp_path,
        f"e:S a sh:NodeShape ; sh:targetNode e:a ; sh:nodeKind sh:Literal ; sh:severity sh:Warning ;"
        f' sh:message "日"@ja , "E"@en ; sh:sparql {query(condition)} .',
    )
    assert fast.validate(FIVE, loaded) == validate(FIVE, loaded) != ()


def test_arithmetic_inside_another_shape_is_refused(tmp_path: Path) -> None:
    loaded = shapes(
        tmp_path,
        "e:S a sh:NodeShape ; sh:targetNode e:a ; sh:not e:T ."
        f" e:T a sh:NodeShape ; sh:sparql {query('?value - 1 - 1 = 3')} .",
    )
    with pytest.raises(ValidationError, match="arithmetic is part of another shape"):
        fast.validate(FIVE, loaded)


def test_a_query_that_is_no_sparql_is_refused(tmp_path: Path) -> None:
    loaded = shapes(tmp_path, f"e:S a sh:NodeShape ; sh:targetNode e:a ; sh:sparql {query('?value =')} .")
    with pytest.raises(ValidationError, match="cannot be used"):
        fast.validate(FIVE, loaded)


def test_data_that_are_no_ntriples_are_an_error_of_ours(tmp_path: Path) -> None:
    loaded = shapes(tmp_path, "e:S a sh:NodeShape ; sh:targetNode e:a ; sh:nodeKind sh:IRI .")
    with pytest.raises(ValidationError):
        fast.validate(["<urn:e:a> <urn:e:p>"], loaded)


def test_an_unnamed_shape_goes_by_the_shape_around_it(tmp_path: Path) -> None:
    loaded = shapes(
        tmp_path,
        "e:S a sh:NodeShape ; sh:targetNode e:a ;"
        ' sh:property [ sh:path e:p ; sh:maxInclusive 4 ; sh:message "大"@ja , "Big"@en ] .',
    )
    (found,) = fast.validate(FIVE, loaded)
    assert (found.severity, found.shape, found.path) == (Severity.VIOLATION, "urn:e:S", "urn:e:p")
    assert (found.value, found.message_ja, found.message_en) == ("5", "大", "Big")
    assert validate(FIVE, loaded) == (found,)
