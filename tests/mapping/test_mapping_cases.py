"""One folder per mapping case: tables, mappings, and what comes of them.

`valid.*` hold `expected.nq`, compared by isomorphism; `invalid.<fault>` hold `error.txt`, part of the
English message.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest

from dxlod.errors import MappingError
from dxlod.mapping import map_tables

CASES = Path(__file__).with_name("cases")
BASE = "https://example.org/base/"


def names(prefix: str) -> list[str]:
    found = sorted(folder.name for folder in CASES.iterdir() if folder.name.startswith(prefix))
    assert found
    return found


def dataset(nquads: str) -> pyoxigraph.Dataset:
    found = pyoxigraph.Dataset(pyoxigraph.parse(nquads.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return found


def mapped(folder: Path) -> list[str]:
    return list(map_tables(sorted(folder.glob("*.ttl")), folder, BASE))


def test_every_case_is_valid_or_invalid() -> None:
    for folder in CASES.iterdir():
        kind = "expected.nq" if folder.name.startswith("valid.") else "error.txt"
        assert (folder / kind).is_file(), folder.name


@pytest.mark.parametrize("name", names("valid."))
def test_quads(name: str) -> None:
    folder = CASES / name
    expected = dataset((folder / "expected.nq").read_text(encoding="utf-8"))
    assert dataset("\n".join(mapped(folder))) == expected


@pytest.mark.parametrize("name", names("invalid."))
def test_error(name: str) -> None:
    folder = CASES / name
    with pytest.raises(MappingError) as caught:
        mapped(folder)
    assert (folder / "error.txt").read_text(encoding="utf-8").strip() in caught.value.en
    assert "mapping.ttl" in caught.value.en
    assert "mapping.ttl" in caught.value.ja
    assert caught.value.ja != caught.value.en
