"""The service in front of a store elsewhere: its bounds, its cache, its errors, and releases that never mix."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from server.live import live

from dxlod.errors import QueryTimeoutError, StoreBusyError, StoreError
from dxlod.release import open_current
from dxlod.server.remote import RemotePool
from dxlod.settings import Settings
from dxlod.store.push import push
from dxlod.store.record import record_iri
from dxlod.store.target import GraphStore, find_places
from dxlod.store.web import Web

from .fake_store import FakeStore, Fault, fake_store

QUESTION = Path(__file__).resolve().parents[1] / "competency" / "cq03-policies-of-each-plan.rq"
JSON = {"Accept": "application/sparql-results+json"}


@pytest.fixture(scope="module")
def filled(releases: Path) -> Iterator[FakeStore]:
    with fake_store() as running:
        push(open_current(Settings.load({}, releases=releases)), Web(), find_places(Web(), running.url))
        yield running


@pytest.fixture
def store(filled: FakeStore) -> Iterator[FakeStore]:
    filled.seen.clear()
    yield filled
    filled.faulty = lambda *_: None


@pytest.fixture
def settings(store: FakeStore, releases: Path) -> Settings:
    return Settings.load({}, releases=releases, endpoint=f"{store.url}/query", query_timeout=5)


@pytest.fixture(scope="module")
def client(
    filled: FakeStore, releases: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    settings = Settings.load({}, releases=releases)
    folder = tmp_path_factory.mktemp("service")
    with (
        live(settings, folder, endpoint=f"{filled.url}/query", query_timeout=5) as running,
        running.client() as client,
    ):
        yield client


def unless_looking(fault: Fault) -> Callable[[str, str, bytes], Fault | None]:
    """A fault, except where the service looks which release is there."""
    return lambda method, path, body: None if b"graph%2Frelease" in body else fault


def test_the_answers_are_those_of_the_embedded_engine(client: httpx.Client) -> None:
    query = QUESTION.read_text("utf-8")
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.content) == (200, QUESTION.with_suffix(".csv").read_bytes())
    assert client.get("/healthz").json()["status"] == "ok"


def test_a_search_is_answered_here_and_the_store_is_asked_the_rest(
    client: httpx.Client, store: FakeStore
) -> None:
    path = QUESTION.parent / "search" / "text01-whose-text-says.rq"
    answer = client.post("/sparql", data={"query": path.read_text("utf-8")}, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.content) == (200, path.with_suffix(".csv").read_bytes())
    assert ("POST", "/query") in store.seen


def test_etag_and_cache_stay_in_front(client: httpx.Client, store: FakeStore) -> None:
    first = client.get("/sparql", params={"query": "ASK {}"})
    asked = len(store.seen)
    second = client.get(
        "/sparql", params={"query": "ASK {}"}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert (first.status_code, second.status_code) == (200, 304)
    assert len(store.seen) == asked


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * {", 400),
        ("DROP ALL", 400),
        ("SELECT * { SERVICE <http://127.0.0.1/> {} }", 403),
        ("SELECT * { ?s bif:contains 'x' }", 400),
    ],
)
def test_the_guard_stays_in_front(query: str, status: int, client: httpx.Client) -> None:
    assert client.get("/sparql", params={"query": query}).status_code == status


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault(500), 502), (Fault(0), 502), (Fault(503), 503), (Fault(504), 504)]
)
def test_what_the_store_does_wrong_is_said(
    fault: Fault, status: int, client: httpx.Client, store: FakeStore
) -> None:
    store.faulty = unless_looking(fault)
    answer = client.get("/sparql", params={"query": f"ASK {{}} # {status}"}, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["title"].isascii()
    assert not answer.json()["detail"].isascii()


def test_pages_and_files_do_without_the_store(client: httpx.Client, store: FakeStore) -> None:
    store.faulty = unless_looking(Fault(0))
    assert client.get("/").status_code == 200
    assert client.get("/dumps/all.nq").status_code == 200


def test_a_store_with_another_release_is_not_asked(
    client: httpx.Client, settings: Settings, store: FakeStore
) -> None:
    iri = record_iri(open_current(settings).manifest.base)
    writer = GraphStore(Web(), f"{store.url}/store")
    before = sorted(f"{line}\n" for line in store.graph(iri))
    mark = f"<{iri}> <https://schema.org/sha256>"
    assert client.get("/sparql", params={"query": "ASK {} # 1"}).status_code == 200
    # As a push begins: the mark of the whole goes, the names of the graphs stay.
    writer.replace(iri, [[line for line in before if not line.startswith(mark)]])
    try:
        refused = client.get("/sparql", params={"query": "ASK {} # 2"})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert "brought to release" in refused.text
        assert client.get("/healthz").status_code == 503
        assert client.get("/").status_code == 200
    finally:
        writer.replace(iri, [before])
    deadline = time.monotonic() + 60
    while client.get("/healthz").status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert client.get("/sparql", params={"query": "ASK {} # 2"}).status_code == 200


def test_a_store_that_is_not_there_may_come(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dxlod.server.remote._BETWEEN_LOOKS", 0.01)
    release = open_current(settings)

    async def main() -> None:
        with fake_store() as other:
            other.faulty = lambda *_: Fault(0)
            pool = RemotePool(release, _at(settings, other))
            await pool.start()
            assert not pool.alive
            with pytest.raises(StoreError):
                await pool.answer("ASK {}")
            other.faulty = lambda *_: None
            async with asyncio.timeout(30):
                while not pool.alive:
                    await asyncio.sleep(0.01)
            assert b"true" in (await pool.query("ASK {}")).body
            await pool.close()
            assert not pool.alive

    asyncio.run(main())


def test_rooms_are_few_and_given_back(settings: Settings, store: FakeStore) -> None:
    release = open_current(settings)
    gate = threading.Event()
    endings: list[str] = []

    def hang(method: str, path: str, body: bytes) -> None:
        if b"slow" in body:
            gate.wait(30)

    async def main() -> None:
        store.faulty = hang
        bounds = {"query_workers": 2, "query_queue": 1, "queue_timeout": 0.2, "query_timeout": 1.0}
        pool = RemotePool(release, _at(settings, store, **bounds), lambda ending, *_: endings.append(ending))
        await pool.start()
        slow = [asyncio.create_task(pool.answer(f"ASK {{}} # slow {n}")) for n in range(2)]
        await asyncio.sleep(0.1)
        assert pool.numbers["idle"] == 0
        waiting = asyncio.create_task(pool.answer("ASK {} # next"))
        await asyncio.sleep(0.05)
        with pytest.raises(StoreBusyError):
            await pool.answer("ASK {} # one too many")
        with pytest.raises(StoreBusyError):
            await waiting
        for task in slow:
            with pytest.raises(QueryTimeoutError):
                await task
        # Their threads still wait for the store, so there is no room for more.
        gate.set()
        async with asyncio.timeout(30):
            while pool.numbers["idle"] != 2:
                await asyncio.sleep(0.01)
        assert (await pool.query("ASK {}")).body
        await pool.close()

    asyncio.run(main())
    assert endings == ["busy", "busy", "timeout", "timeout", "ok"]


def _at(settings: Settings, store: FakeStore, **bounds: object) -> Settings:
    given = {"releases": settings.releases, "endpoint": f"{store.url}/query", **bounds}
    return Settings.load({}, **given)
