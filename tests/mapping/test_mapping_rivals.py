"""The same quads as morph-kgc, for a generated data set and for this repository's own mappings (`-m
rivals`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import differential_morph
import pytest
from differential_morph import BASE, compare, generate, run_morph, write_table

from dxlod.mapping import Options, compile_mappings
from dxlod.mapping.model import Reference, TermMap, TermType, TriplesMap

pytestmark = pytest.mark.rivals
CELLS = {
    "text": ["", "7", "x y", "市"],
    "iri": ["", "https://example.org/x", "urn:x:y"],
    "number": ["", "7", "2025"],  # morph-kgc stops where an integer is none
}
# morph-kgc overwrites columns that have the names of its own, and writes empty terms.
UNFIT = {"link.ttl": {"subject", "predicate"}}
MAPPINGS = sorted((Path(__file__).resolve().parents[2] / "mappings").glob("*.ttl"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_generated_tables(tmp_path: Path, seed: int) -> None:
    mappings, tables = generate(tmp_path / "tables", 500, seed)
    quads, only_ours, only_morph = compare(mappings, tables, BASE, tmp_path)
    assert (only_ours, only_morph) == ([], [])
    assert quads > 5000


def test_a_difference_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mappings, tables = generate(tmp_path / "tables", 20, 1)
    written = run_morph(mappings, tables, BASE, tmp_path)
    lost, *kept = written.read_text(encoding="utf-8").splitlines()
    written.write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setattr(differential_morph, "run_morph", lambda *_: written)
    _, only_ours, only_morph = compare(mappings, tables, BASE, tmp_path)
    assert len(only_ours) == 1
    assert lost.split(" ")[1] in only_ours[0]
    assert only_morph == []


@pytest.mark.skipif(not MAPPINGS, reason="the repository has no mappings yet")
def test_own_mappings(tmp_path: Path) -> None:
    tables = own_tables(tmp_path / "tables", 5)
    fit = [path for path in MAPPINGS if path.name not in UNFIT]
    quads, only_ours, only_morph = compare(fit, tables, BASE, tmp_path)
    assert (only_ours, only_morph) == ([], [])
    assert quads > len(MAPPINGS)


def test_what_is_left_out_cannot_be_compared() -> None:
    for name, columns in UNFIT.items():
        program = compile_mappings([path for path in MAPPINGS if path.name == name], Options(BASE))
        assert columns <= {column for found in program for column in found.columns}


def own_tables(folder: Path, rows: int) -> Path:
    """A table for every source of the mappings, with every column they read, filled by chance."""
    chance = random.Random(1)
    tables: dict[str, dict[str, str]] = {}
    for found in compile_mappings(MAPPINGS, Options(BASE)):
        kinds = tables.setdefault(found.source.path, {})
        kinds.update({column: "text" for column in found.columns if column not in kinds})
        kinds.update(special_columns(found.triples_map))
    for path, kinds in tables.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        cells = [{name: chance.choice(CELLS[kind]) for name, kind in kinds.items()} for _ in range(rows)]
        write_table(folder / path, cells)
    return folder


def special_columns(triples_map: TriplesMap) -> Iterator[tuple[str, str]]:
    """(column, kind) of the columns that hold whole IRIs or typed values."""
    objects = [found for pair in triples_map.predicate_objects for found in (*pair.predicates, *pair.objects)]
    for found in (triples_map.subject, *triples_map.graphs, *objects):
        if isinstance(found, TermMap) and isinstance(found.expression, Reference):
            if found.term_type is not TermType.LITERAL:
                yield found.expression.column, "iri"
            elif found.datatype is not None:
                yield found.expression.column, "number"
