"""One service for the whole suite: a release whose quads are the suite's data, each file a named graph."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from dxlod.release import build_release
from dxlod.settings import Settings
from dxlod.site.place import open_index

from . import suite
from .runner import endpoint_of

SAMPLE = Path(__file__).parents[1] / "release" / "sample"
SERVE = """
import sys
from pathlib import Path
from dxlod.server import serve
from dxlod.settings import Settings
home, releases, port, endpoints = sys.argv[1:]
settings = Settings(home=Path(home), releases=Path(releases), service_endpoints=endpoints)
serve(settings, port=int(port), say=lambda line: print(line, flush=True))
"""


def make_release(folder: Path) -> Settings:
    """A release in this folder that holds the suite's data."""
    settings = Settings(home=SAMPLE, data=folder / "data", releases=folder / "releases")
    with (SAMPLE / "quads.nq").open(encoding="utf-8") as lines:
        release = build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None)
    # The pages keep the sample's index: only the query workers read the quads that follow.
    open_index(release).close()
    release.quads.write_text("".join(f"{line}\n" for line in suite.data()), encoding="utf-8")
    return settings


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """`http://127.0.0.1:port` of a service that may ask itself, for the tests of federation."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    endpoints = " ".join(endpoint_of(origin, graph) for case in suite.cases() for _, graph in case.services)
    command = [sys.executable, "-c", SERVE, str(settings.home), str(settings.releases), str(port), endpoints]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        assert re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        try:
            yield origin
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(make_release(tmp_path_factory.mktemp("w3c"))) as address:
        yield address


@pytest.fixture(scope="session")
def client(origin: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=origin, timeout=60) as http:
        yield http
