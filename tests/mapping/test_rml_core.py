"""The CSV test cases of RML-Core. A folder without expected output must end in an error.

The cases are third-party data outside this repository: the folder `rml-core/test-cases` of `DXLOD_VENDOR`,
by default `../shared/vendor` beside the repository. They expect literals as written (`xsd:int` stays so).
"""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph
import pytest

from dxlod.errors import MappingError
from dxlod.mapping import Options, compile_mappings
from dxlod.mapping import run as map_rows

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("DXLOD_VENDOR", ROOT.parent / "shared/vendor")) / "rml-core/test-cases"
COUNT = 48
# Case → why it is not supported. Nothing is missing at present.
UNSUPPORTED: dict[str, str] = {}

FOLDERS = sorted(CASES.glob("*-CSV"))
needs_cases = pytest.mark.skipif(
    not FOLDERS,
    reason=f"RML-Core test cases not found at {CASES}; set DXLOD_VENDOR to the folder of third-party data",
)


def dataset(nquads: str) -> pyoxigraph.Dataset:
    found = pyoxigraph.Dataset(pyoxigraph.parse(nquads.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return found


@needs_cases
def test_all_cases_are_there() -> None:
    assert len(FOLDERS) == COUNT
    assert set(UNSUPPORTED) <= {folder.name for folder in FOLDERS}


@needs_cases
@pytest.mark.parametrize("empty_is_null", [True, False])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case(folder: Path, empty_is_null: bool) -> None:
    if folder.name in UNSUPPORTED:
        pytest.xfail(UNSUPPORTED[folder.name])
    expected = folder / "output.nq"

    def run() -> str:
        options = Options("http://example.com/base/", empty_is_null=empty_is_null, canonical_literals=False)
        return "\n".join(map_rows(compile_mappings([folder / "mapping.ttl"], options), folder))

    if expected.is_file():
        assert dataset(run()) == dataset(expected.read_text(encoding="utf-8"))
        return
    with pytest.raises(MappingError) as caught:
        run()
    assert "mapping.ttl" in caught.value.ja
    assert "mapping.ttl" in caught.value.en
