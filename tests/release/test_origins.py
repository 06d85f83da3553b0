"""Which columns make a term: read from mappings written here, and from the project's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.namespaces import DXO
from dxlod.release.origins import origins
from dxlod.table.contract import load_contract

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[str, ...]]:
    return dict(origins(sorted((ROOT / "mappings").glob("*.ttl")), load_contract()))


@pytest.mark.parametrize(
    ("term", "places"),
    [
        (DXO.Initiative, ("initiative",)),
        (DXO.isNew, ("initiative.is_new",)),
        (DXO.responsibleUnit, ("initiative.units", "plan.editor_units")),
        (DXO.LGCode, ("municipality.code",)),
        (DXO.legalBasis, ("legal_basis.target*",)),
        (DXO.usesSystem, ("task_system.system",)),
    ],
)
def test_a_term_comes_from_these_columns(
    found: dict[str, tuple[str, ...]], term: str, places: tuple[str, ...]
) -> None:
    assert found[term] == places


def test_a_predicate_that_a_column_chooses_is_each_of_its_list(found: dict[str, tuple[str, ...]]) -> None:
    assert found[DXO.target] == found[DXO.baseline] == found[DXO.actual]
    assert "indicator_value.kind" in found[DXO.target]


def test_lines_of_many_tables_are_their_column_of_lines(found: dict[str, tuple[str, ...]]) -> None:
    assert {"plan.lines", "initiative.lines"} <= set(found[DXO.sourceFragment])
    assert all(place.endswith(".lines") for place in found[DXO.startLine])


def test_every_column_without_a_star_is_in_the_contract(found: dict[str, tuple[str, ...]]) -> None:
    contract = load_contract()
    plain = [
        place.split(".") for places in found.values() for place in places if "*" not in place and "." in place
    ]
    named = [(table, column) for table, column in plain if table in contract.tables]
    assert len(named) > 150
    assert [pair for pair in named if not contract[pair[0]].has(pair[1])] == []
