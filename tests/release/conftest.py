"""A small release: the facts of one plan with the reference data beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dxlod.release import Release, build_release
from dxlod.settings import Settings

SAMPLE = Path(__file__).with_name("sample")


@pytest.fixture(scope="session")
def lines() -> list[str]:
    return (SAMPLE / "quads.nq").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings over a copy of the sample, so that a test may spoil it."""
    shutil.copytree(SAMPLE, tmp_path / "home")
    return Settings(home=tmp_path / "home", data=tmp_path / "data", releases=tmp_path / "releases")


@pytest.fixture
def release(settings: Settings, lines: list[str]) -> Release:
    return build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None)
