"""`dxlod export`: what it says and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dxlod.cli import main
from dxlod.release import build_release
from dxlod.settings import Settings

SAMPLE = Path(__file__).parents[1] / "release" / "sample"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables that make a release of the sample the current one."""
    folder = tmp_path_factory.mktemp("cli")
    settings = Settings(home=SAMPLE, data=folder / "data", releases=folder / "releases")
    with (SAMPLE / "quads.nq").open(encoding="utf-8") as lines:
        build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None)
    return {"DXLOD_HOME": str(SAMPLE), "DXLOD_RELEASES": str(folder / "releases")}


def test_it_says_what_was_written(environment: dict[str, str], tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["export", str(tmp_path / "site")], env=environment)
    assert result.exit_code == 0, result.output
    listed = json.loads((tmp_path / "site" / "export.json").read_text("utf-8"))
    assert f"{len(listed['files']):,} ファイル / files" in result.stderr
    assert "leads nowhere: /" in result.stderr
    assert result.stdout == ""


def test_a_folder_with_other_things_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = CliRunner().invoke(main, ["export", str(tmp_path)], env=environment)
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    arguments = ["export", str(tmp_path / "site"), "--releases", str(tmp_path / "none")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "dxlod build" in result.stderr
    assert not (tmp_path / "site").exists()
