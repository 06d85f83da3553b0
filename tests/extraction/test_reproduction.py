"""The committed tables are what the documents give, byte for byte; every line of every document is accounted for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from dxlod.extraction.job import extract, known_documents

HOME = Path(__file__).resolve().parents[2]
SOURCES = os.environ.get("DXLOD_SOURCES", "")
needs_documents = pytest.mark.skipif(
    not SOURCES or not Path(SOURCES).is_dir(),
    reason="the plan documents are not here (set DXLOD_SOURCES to their folder)",
)
DOCUMENTS = [(code, row["file"], row["layout"]) for code, row in known_documents(HOME / "data")]


def test_there_are_five_documents() -> None:
    assert len(DOCUMENTS) == 5


@needs_documents
@pytest.mark.parametrize(("code", "file", "layout"), DOCUMENTS)
def test_tables_are_reproduced(code: str, file: str, layout: str) -> None:
    outcome = extract(Path(SOURCES) / file, layout, HOME / "data", shared=HOME / "data", code=code)
    assert outcome.written == []
    assert not outcome.coverage.unaccounted


@needs_documents
def test_all_tables_are_made_from_nothing(tmp_path: Path) -> None:
    """Only what a person wrote (reviewed corrections, the ID register, shared tables) is given."""
    data = tmp_path / "data"
    shutil.copytree(HOME / "data", data)
    kept = (
        "_correction.csv",
        "ids.csv",
        "_english.csv",
        "_topic.csv",
        "_direction.csv",
        "_link.csv",
        "_source.csv",
    )
    removed = [p for p in data.glob("[0-9]*/*.csv") if not p.name.endswith(kept)]
    for path in removed:
        path.unlink()
    for code, file, layout in DOCUMENTS:
        extract(Path(SOURCES) / file, layout, data, shared=data, code=code)
    for path in removed:
        assert path.read_bytes() == (HOME / "data" / path.relative_to(data)).read_bytes(), path.name


@needs_documents
@pytest.mark.parametrize(("code", "file", "layout"), DOCUMENTS)
def test_no_value_is_without_evidence(tmp_path: Path, code: str, file: str, layout: str) -> None:
    outcome = extract(Path(SOURCES) / file, layout, tmp_path, shared=HOME / "data", code=code)
    assert [row for row in outcome.reading.tables["finding"] if row["finding"] == "evidence-missing"] == []
