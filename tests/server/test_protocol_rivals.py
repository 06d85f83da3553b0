"""What is seen to go wrong in other SPARQL servers, each as a test of this one."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from dxlod.settings import Settings

from .live import live

BOMB = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"
FLOOD = "SELECT * {?a ?b ?c . ?d ?e ?f}"


class Canary:
    """A port on loopback that counts who comes."""

    def __init__(self) -> None:
        self.hits = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            self.hits += 1
            visitor.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    bird.close()


@pytest.mark.usefixtures("release")
def test_a_slow_query_does_not_block_a_cheap_one(settings: Settings, tmp_path: Path) -> None:
    # A long deadline: the slow ones are still running when the cheap ones have been answered.
    with live(settings, tmp_path, query_timeout=8) as service, service.client() as client:
        with ThreadPoolExecutor(8) as threads:
            bombs = [threads.submit(client.post, "/sparql", data={"query": BOMB}) for _ in range(8)]
            answered = 0
            while answered < 5 and not all(bomb.done() for bomb in bombs):
                with service.client() as other:
                    query = {"query": f"ASK {{}} # {answered}"}
                    answered += other.post("/sparql", data=query).status_code == 200
            # Five cheap queries were answered before eight slow ones had ended.
            assert answered == 5
            assert not all(bomb.done() for bomb in bombs)
        assert {bomb.result().status_code for bomb in bombs} <= {503, 504}


def test_a_deadline_is_never_a_200(client: httpx.Client) -> None:
    for accept in ("application/sparql-results+json", "text/csv"):
        answer = client.post("/sparql", data={"query": BOMB}, headers={"Accept": accept})
        assert answer.status_code in (503, 504)
        assert "retry-after" in answer.headers or answer.status_code == 504
        if accept.endswith("json"):
            assert json.loads(answer.text)["status"] == answer.status_code


@pytest.mark.usefixtures("release")
def test_a_large_answer_is_whole(settings: Settings, tmp_path: Path) -> None:
    # A deadline of its own: how long so many rows take depends on the machine.
    with live(settings, tmp_path, query_timeout=120) as service, service.client() as client:
        params, headers = {"query": f"{FLOOD} LIMIT 40000"}, {"Accept-Encoding": "identity"}
        answer = client.get("/sparql", params=params, headers=headers)
        tag = answer.headers["etag"]
        again = client.get("/sparql", params=params, headers={**headers, "If-None-Match": tag})
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content) > 8 << 20
    assert len(answer.json()["results"]["bindings"]) == 40_000
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_head_is_not_404(client: httpx.Client) -> None:
    for path in ("/sparql", "/sparql?query=" + quote("ASK {}")):
        assert client.head(path).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{SERVICE <http://127.0.0.1:{port}/sparql> {{?s ?p ?o}}}}",
        "SELECT * {{SERVICE SILENT <http://localhost:{port}/> {{?s ?p ?o}}}}",
        "SELECT * {{VALUES ?x {{<http://127.0.0.1:{port}/>}} SERVICE ?x {{?s ?p ?o}}}}",
        "BASE <http://127.0.0.1:{port}/> SELECT * {{SERVICE <x> {{?s ?p ?o}}}}",
        "PREFIX e: <http://127.0.0.1:{port}/> SELECT * {{SERVICE e:x {{?s ?p ?o}}}}",
        "SELECT * {{?s ?p 1SERVICE <http://127.0.0.1:{port}/> {{?s ?p ?o}}}}",
        "SELECT * {{FILTER(?a<#x>\n1) SERVICE <http://127.0.0.1:{port}/> {{?s ?p ?o}}}}",
        "SELECT * FROM <http://127.0.0.1:{port}/x.ttl> {{?s ?p ?o}}",
        "SELECT * FROM NAMED <http://127.0.0.1:{port}/x.ttl> {{GRAPH ?g {{?s ?p ?o}}}}",
        "DESCRIBE <http://127.0.0.1:{port}/x>",
        "LOAD <http://127.0.0.1:{port}/x.ttl>",
        "ASK {{}} ; LOAD <http://127.0.0.1:{port}/x.ttl>",
    ],
)
def test_nothing_outside_is_reached(client: httpx.Client, canary: Canary, query: str) -> None:
    text = query.format(port=canary.port)
    for parameters in ({}, {"default-graph-uri": f"http://127.0.0.1:{canary.port}/x.ttl"}):
        client.post("/sparql", data={"query": text, **parameters})
        client.get("/sparql", params={"query": text, **parameters})
    client.post("/sparql", data={"update": text})
    assert canary.hits == 0
    # The canary sings when somebody comes: the test can fail.
    socket.create_connection(("127.0.0.1", canary.port)).close()
    deadline = time.monotonic() + 10
    while not canary.hits and time.monotonic() < deadline:
        time.sleep(0.01)
    assert canary.hits == 1


def test_a_client_that_goes_away_stops_its_query(client: httpx.Client, origin: str) -> None:
    where = urlsplit(origin)
    for number in range(12):
        with socket.create_connection((where.hostname or "", where.port or 80)) as leaver:
            query = quote(f"{BOMB} # {number}")
            leaver.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    # Had they gone on, this one would wait for all their deadlines and be turned away.
    answer = client.post("/sparql", data={"query": "SELECT (COUNT(*) AS ?n) {?s ?p ?o}"})
    assert answer.status_code == 200


def test_updates_change_nothing_by_whatever_way(client: httpx.Client) -> None:
    def count() -> str:
        return client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) {?s ?p ?o} # again"}).text

    before = count()
    for update in ("DROP ALL", "CLEAR ALL", "INSERT DATA {<urn:a> <urn:b> 1}", "DELETE WHERE {?s ?p ?o}"):
        for answer in (
            client.get("/sparql", params={"update": update}),
            client.get("/sparql", params={"query": update}),
            client.post("/sparql", data={"update": update}),
            client.post("/sparql", data={"query": update}),
            client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"}),
            client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-query"}),
            client.put("/sparql", content="<urn:a> <urn:b> 1 .", headers={"Content-Type": "text/turtle"}),
            client.delete("/sparql", params={"default": ""}),
        ):
            assert answer.status_code in (400, 403, 405)
    assert count() == before
