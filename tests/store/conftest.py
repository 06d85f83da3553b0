"""A release of the sample that the release tests use."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.release import Release, build_release
from dxlod.settings import Settings

SAMPLE = Path(__file__).parents[1] / "release" / "sample"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("store")
    return Settings(home=SAMPLE, data=folder / "data", releases=folder / "releases")


@pytest.fixture(scope="session")
def release(settings: Settings) -> Release:
    with (SAMPLE / "quads.nq").open(encoding="utf-8") as lines:
        return build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None)
