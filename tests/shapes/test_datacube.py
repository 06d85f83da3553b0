"""The integrity constraints of the Data Cube vocabulary (https://www.w3.org/TR/vocab-data-cube/, section 11).

Each is an ASK query that is true of data that break it. Each has a case of its own, ``ic-NN.<fault>.ttl``, which it
alone must find, apart from those that the case says follow from the fault: ``# breaks ic-NN ic-MM``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest

from dxlod.pipeline import data_quads
from dxlod.settings import Settings
from dxlod.table.dataset import Dataset

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
QUERIES = sorted((ROOT / "shapes" / "datacube").glob("*.rq"))
CASES = sorted((HERE / "datacube").glob("ic-*.ttl"))
REFERENCE = ("codes", "dxlod", "structures")


def broken(*paths: Path) -> list[str]:
    """Names of the constraints that the files break, together with the structures they refer to."""
    store = pyoxigraph.Store()
    for path in (*(ROOT / "ontology" / f"{stem}.ttl" for stem in REFERENCE), *paths):
        store.bulk_extend(
            pyoxigraph.Quad(quad.subject, quad.predicate, quad.object)
            for quad in pyoxigraph.parse(path=str(path))
        )
    return [path.stem for path in QUERIES if store.query(path.read_text(encoding="utf-8"))]


def test_the_constraints_are_those_that_cubes_without_slices_can_break() -> None:
    assert [path.stem for path in QUERIES] == [f"ic-{n:02}" for n in (1, 2, 3, 4, 5, 11, 12, 13, 14, 19)]
    for path in QUERIES:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert re.fullmatch(r"# .+。 / [A-Z].+\.", first)


@pytest.mark.parametrize(
    "path",
    [HERE / "datacube" / "valid.ttl", ROOT / "tests" / "ontology" / "example.trig", HERE / "background.ttl"],
    ids=lambda path: path.name,
)
def test_cubes_in_order_break_nothing(path: Path) -> None:
    assert broken(path) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_seeded_fault_breaks_its_constraint(path: Path) -> None:
    said = re.findall(r"^# breaks (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    own = path.stem.split(".")[0]
    expected = said[0].split() if said else [own]
    assert own in expected
    assert broken(HERE / "datacube" / "valid.ttl", path) == expected


def test_the_cubes_of_the_published_tables_break_nothing(tmp_path: Path) -> None:
    settings = Settings.load(data=ROOT / "data", releases=tmp_path, base="https://data.example")
    quads = pyoxigraph.parse(
        "\n".join(data_quads(settings, Dataset.at(settings.data))), format=pyoxigraph.RdfFormat.N_QUADS
    )
    path = tmp_path / "data.nt"
    pyoxigraph.serialize((quad.triple for quad in quads), str(path), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert "cube#Observation" in path.read_text(encoding="utf-8")
    assert broken(path) == []


def test_every_constraint_has_a_seeded_fault() -> None:
    assert {path.stem.split(".")[0] for path in CASES} == {path.stem for path in QUERIES}
