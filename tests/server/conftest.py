"""The service on a port of its own, over a release of the sample."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dxlod.release import Release, build_release
from dxlod.settings import Settings

SAMPLE = Path(__file__).parents[1] / "release" / "sample"
SERVE = """
import sys
from pathlib import Path
from dxlod.server import serve
from dxlod.settings import Settings
home, releases = map(Path, sys.argv[1:])
settings = Settings(home=home, releases=releases, query_timeout=1.5, query_memory=300 << 20)
serve(settings, port=0, say=lambda line: print(line, flush=True))
"""


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("server")
    return Settings(home=SAMPLE, data=folder / "data", releases=folder / "releases")


@pytest.fixture(scope="session")
def release(settings: Settings) -> Release:
    with (SAMPLE / "quads.nq").open(encoding="utf-8") as lines:
        return build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None)


@pytest.fixture(scope="session")
def origin(settings: Settings, release: Release) -> Iterator[str]:
    """`http://127.0.0.1:port` of a running service; it must end by itself when asked to."""
    command = [sys.executable, "-c", SERVE, str(settings.home), str(settings.releases)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        yield found.group()
        process.terminate()
        assert process.wait(timeout=20) in (0, -15)


@pytest.fixture
def client(origin: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=origin, timeout=30) as http:
        yield http
