"""Each server once for all tests, and the release that they are filled with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dxlod.release import Release, open_current
from dxlod.settings import Settings

from .engine_servers import SERVERS, Server


@pytest.fixture(scope="session", params=sorted(SERVERS))
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(scope="session")
def release(releases: Path) -> Release:
    return open_current(Settings.load({}, releases=releases))
