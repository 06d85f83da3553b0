"""Mapped body by body, alone or in processes, the tables give the same quads as mapped as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dxlod.errors import MappingError
from dxlod.mapping.bodies import Body, body_digest, by_body, map_bodies
from dxlod.mapping.views import View, build_views
from dxlod.pipeline import data_quads
from dxlod.settings import Settings
from dxlod.table.dataset import Dataset

HOME = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings(data=HOME / "data")


@pytest.fixture(scope="module")
def bodies(settings: Settings) -> dict[str, Body]:
    tables = Dataset.at(settings.data)
    return by_body(build_views(tables), tables.contract)


@pytest.fixture(scope="module")
def mapped(settings: Settings, bodies: dict[str, Body]) -> dict[str, list[str]]:
    return dict(map_bodies(mappings(settings), bodies, settings.base))


def mappings(settings: Settings) -> list[Path]:
    return sorted(settings.mappings.glob("*.ttl"))


def test_no_body_needs_another(settings: Settings, mapped: dict[str, list[str]]) -> None:
    apart = {line for lines in mapped.values() for line in lines}
    assert apart == set(data_quads(settings, Dataset.at(settings.data)))


def test_each_row_belongs_to_one_body(settings: Settings, bodies: dict[str, Body]) -> None:
    views = build_views(Dataset.at(settings.data))
    assert set(bodies) == {"", *Dataset.at(settings.data).codes()}
    for name, view in views.items():
        assert sum(len(body[name].rows) for body in bodies.values()) == len(view.rows)
    assert bodies[""]["provision"].rows == views["provision"].rows
    assert not bodies[""]["initiative"].rows


def test_processes_give_what_one_gives(
    settings: Settings, bodies: dict[str, Body], mapped: dict[str, list[str]]
) -> None:
    assert dict(map_bodies(mappings(settings), bodies, settings.base, worth=1)) == mapped


def test_a_changed_row_changes_the_digest_of_its_body_alone(bodies: dict[str, Body]) -> None:
    code = "212075"
    view = bodies[code]["initiative"]
    other = replace(view, rows=[*view.rows[:-1], {**view.rows[-1], "title": "別の名前"}])
    before = {name: body_digest(body) for name, body in bodies.items()}
    after = {**before, code: body_digest({**bodies[code], "initiative": other})}
    assert len(set(before.values())) == len(before)
    assert [name for name in before if before[name] != after[name]] == [code]


@pytest.mark.parametrize("worth", [10**9, 1])
def test_a_fault_is_told_whole_from_wherever_it_is(settings: Settings, tmp_path: Path, worth: int) -> None:
    faulty = tmp_path / "faulty.ttl"
    text = (settings.mappings / "organization.ttl").read_text("utf-8")
    faulty.write_text(text.replace('rml:reference "name"', 'rml:reference "nonsense"'), "utf-8")
    assert faulty.read_text("utf-8") != text
    tables = Dataset.at(settings.data)
    some = by_body(build_views(tables), tables.contract)
    with pytest.raises(MappingError) as caught:
        list(map_bodies([faulty], some, settings.base, worth=worth))
    assert "nonsense" in caught.value.ja
    assert "has no column" in caught.value.en


def test_a_view_without_rows_still_shows_its_columns(settings: Settings, bodies: dict[str, Body]) -> None:
    empty: Body = {name: View(name, view.columns, ()) for name, view in bodies[""].items()}
    assert dict(map_bodies(mappings(settings), {"": empty}, settings.base)) == {"": []}
