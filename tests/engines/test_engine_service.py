"""The service in front of real servers: the same answers over HTTP, with its guard and its deadline (`-m servers`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from server.live import live

from dxlod.cli import main
from dxlod.release import Release
from dxlod.settings import Settings
from dxlod.store.push import push

from .engine_servers import Server

pytestmark = pytest.mark.servers
QUESTIONS = sorted((Path(__file__).resolve().parents[1] / "competency").glob("*.rq"))
LONG = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i)}"


@pytest.fixture(scope="module")
def client(
    server: Server, release: Release, releases: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    push(release, server.web, server.places)
    settings = Settings.load({}, releases=releases)
    folder = tmp_path_factory.mktemp("service")
    with (
        live(settings, folder, endpoint=server.places.query, query_timeout=10) as running,
        running.client() as client,
    ):
        assert client.get("/healthz").json()["status"] == "ok"
        yield client


@pytest.mark.parametrize("path", QUESTIONS[::6], ids=lambda path: path.stem)
def test_answer(path: Path, client: httpx.Client) -> None:
    answer = client.post(
        "/sparql",
        content=path.read_bytes(),
        headers={"Content-Type": "application/sparql-query", "Accept": "text/csv"},
    )
    assert (answer.status_code, answer.content) == (200, path.with_suffix(".csv").read_bytes())


def test_bounds_and_refusals(client: httpx.Client) -> None:
    def status(query: str) -> int:
        return client.post("/sparql", data={"query": query}).status_code

    assert status("SELECT * { ?s <bif:contains> 'x' }") == 400
    assert status("DEFINE get:soft 'soft' SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }") == 400
    assert status("SELECT * { ?s ?o }") == 400
    assert status("CLEAR ALL") == 400
    assert status(LONG) == 504
    assert status("ASK { ?s ?p ?o }") == 200


def test_pages_have_the_release(client: httpx.Client, release: Release) -> None:
    answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["x-dxlod-release"] == release.version


def test_the_query_command(server: Server, release: Release) -> None:
    push(release, server.web, server.places)
    path = QUESTIONS[0]
    words = ["query", "--endpoint", server.places.query, "-f", str(path), "--format", "csv"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert result.stdout_bytes == path.with_suffix(".csv").read_bytes()
