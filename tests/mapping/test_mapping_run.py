"""How `map_tables` reads its sources and gives out its lines."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from dxlod.errors import MappingError
from dxlod.mapping import map_tables

MAPPING = """
@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:map rml:logicalSource [ rml:source [ rml:path "../data/rows.csv" ] ] ;
  rml:subjectMap [ rml:template "https://example.org/id/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:v ; rml:objectMap [ rml:reference "v" ; rml:datatype ex:t ] ] ,
    [ rml:predicate ex:d ; rml:objectMap [ rml:template "0{id}" ; rml:datatype xsd:integer ] ] .
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "rows.ttl"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def rows() -> list[dict[str, str]]:
    return [{"id": "1", "v": "a"}, {"id": "1", "v": "a"}, {"id": "2", "v": ""}]


V1 = '<https://example.org/id/1> <https://example.org/v> "a"^^<https://example.org/t> .'


def integer(number: int, text: str) -> str:
    subject = f"<https://example.org/id/{number}> <https://example.org/d>"
    return f'{subject} "{text}"^^<http://www.w3.org/2001/XMLSchema#integer> .'


@pytest.mark.parametrize("name", ["rows", "../data/rows.csv"])
def test_tables_are_found_by_path_or_stem(mapping: Path, name: str) -> None:
    lines = sorted(map_tables([mapping], {name: rows}, "https://example.org/"))
    assert lines == sorted([V1, V1, integer(1, "1"), integer(1, "1"), integer(2, "2")])


def test_lines_are_distinct_when_asked(mapping: Path) -> None:
    lines = list(map_tables([mapping], {"rows": rows}, "https://example.org/", distinct=True))
    assert sorted(lines) == sorted([V1, integer(1, "1"), integer(2, "2")])


def test_an_empty_cell_can_be_a_value(mapping: Path) -> None:
    lines = map_tables([mapping], {"rows": rows}, "https://example.org/", empty_is_null=False)
    assert '<https://example.org/id/2> <https://example.org/v> ""^^<https://example.org/t> .' in set(lines)


def test_literals_can_be_kept_as_written(mapping: Path) -> None:
    lines = map_tables([mapping], {"rows": rows}, "https://example.org/", canonical_literals=False)
    assert integer(2, "02") in set(lines)


def test_a_mapping_fails_before_any_row_is_read(mapping: Path) -> None:
    with pytest.raises(MappingError, match=r"There is no table \.\./data/rows\.csv"):
        map_tables([mapping], {"other": rows}, "https://example.org/")


def test_a_row_without_the_column_is_named(mapping: Path) -> None:
    lines = map_tables([mapping], {"rows": lambda: [*rows(), {"id": "4"}]}, "https://example.org/")
    with pytest.raises(MappingError, match=r"Row 4 of the table .* has no column 'v'"):
        list(lines)


def test_a_missing_mapping_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"The mapping none\.ttl cannot be read"):
        map_tables([tmp_path / "none.ttl"], {}, "https://example.org/")


def test_memory_does_not_grow_with_the_rows(mapping: Path) -> None:
    def peak(count: int) -> int:
        def table() -> Iterator[dict[str, str]]:
            return ({"id": str(number), "v": "x" * 200} for number in range(count))

        tracemalloc.start()
        emitted = sum(1 for _ in map_tables([mapping], {"rows": table}, "https://example.org/"))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert emitted == 2 * count
        return found

    peak(1)  # imports and caches
    assert peak(20_000) < peak(2_000) + 200_000


def test_a_base_gets_the_slash_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "rows.ttl"
    path.write_text(MAPPING.replace('"https://example.org/id/{id}"', '"id/{id}"'), encoding="utf-8")
    with_slash = list(map_tables([path], {"rows": rows}, "https://example.com/base/"))
    assert list(map_tables([path], {"rows": rows}, "https://example.com/base")) == with_slash
    assert with_slash[0].startswith("<https://example.com/base/id/1> ")


def test_a_mapping_cut_short_anywhere_is_a_mapping_error(tmp_path: Path, mapping: Path) -> None:
    cut = tmp_path / "cut.ttl"
    text = mapping.read_text(encoding="utf-8").rstrip()
    for end in range(text.index("ex:map"), len(text)):
        cut.write_text(text[:end], encoding="utf-8")
        with pytest.raises(MappingError, match=r"cut\.ttl"):
            map_tables([cut], {"rows": rows}, "https://example.org/")
