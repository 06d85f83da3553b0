"""The fast engine's report equals that of pySHACL, the judge: on every case of every shape, and on the real tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from dxlod.pipeline import data_quads
from dxlod.release.reference import reference_files, reference_quads
from dxlod.release.terms import parse_quads
from dxlod.settings import Settings
from dxlod.table.dataset import Dataset
from dxlod.validation import Result, Shapes, fast, load_shapes, shacl

HOME = Path(__file__).resolve().parents[2]
CASES = sorted((HOME / "tests" / "shapes").rglob("*valid*.ttl"))


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return load_shapes(sorted((HOME / "shapes").glob("*.ttl")))


def lines_of(path: Path) -> list[str]:
    return [line for line in Graph().parse(path).serialize(format="nt").splitlines() if line]


def said(results: tuple[Result, ...]) -> set[tuple[str | None, ...]]:
    """What must be equal: focus, path, value, severity, component and shape. Messages come from the shape."""
    return {(r.focus, r.path, r.value_term, r.severity.value, r.component, r.shape) for r in results}


def test_there_are_cases() -> None:
    assert len([path for path in CASES if path.name.startswith("invalid")]) > 30


@pytest.mark.parametrize("folder", sorted({path.parent for path in CASES}), ids=lambda path: path.name)
def test_cases_get_the_same_report(folder: Path, shapes: Shapes) -> None:
    for path in sorted(folder.glob("*valid*.ttl")):
        lines = lines_of(path)
        assert said(fast.validate(lines, shapes)) == said(shacl.validate(lines, shapes)), path.name


def plan_graph(plan: str, settings: Settings) -> list[str]:
    """The triples of one plan edition, with all reference data and what is shared."""
    quads = [q for path in reference_files(settings.ontology) for q in reference_quads(path)]
    mapped = parse_quads(data_quads(settings, Dataset.at(settings.data)))
    kept = [q for q in (*quads, *mapped) if "/graph/plan/" not in q.g or f"/graph/plan/{plan}>" in q.g]
    return sorted({f"{q.s} {q.p} {q.o} ." for q in kept})


@pytest.mark.rivals
@pytest.mark.parametrize("plan", ["212075/dx/2024", "212130/dx/2026", "212016/it-optimization/2"])
def test_real_plans_get_the_same_report(plan: str, shapes: Shapes) -> None:
    settings = Settings.load({}, data=HOME / "data")
    lines = plan_graph(plan, settings)
    assert said(fast.validate(lines, shapes)) == said(shacl.validate(lines, shapes))
