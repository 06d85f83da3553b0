"""The short way and the whole way give the same answer; the short way is taken where it may be."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from itertools import product
from urllib.parse import urlencode

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from dxlod.release import Release
from dxlod.server.app import create_app
from dxlod.server.metrics import Metrics
from dxlod.server.shortcut import Shortcut
from dxlod.settings import Settings

ALL = "SELECT ?s ?p ?o {?s ?p ?o} ORDER BY ?s ?p ?o"
ONE = "SELECT ?v {?s <https://w3id.org/dxlod/ns#value> ?v} ORDER BY ?v"
GRAPH = "CONSTRUCT {?s a ?o} WHERE {?s a ?o}"
BOMB = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"
PLAIN = [ALL, ONE, "ASK {?s ?p ?o}", GRAPH, "SELECT (1 AS ?x) FROM <http://nowhere.example/> {}"]
ACCEPTS = ["", "*/*", "text/csv, text/turtle;q=0.8, */*;q=0.1", "application/json"]
CODINGS = ["", "gzip", "br;q=0.5, zstd", "identity"]
OUT_OF_THE_ORDINARY = {
    "an unknown format": ({"query": ONE, "format": "bogus"}, {}),
    "nothing acceptable": ({"query": ONE}, {"Accept": "image/png"}),
    "a syntax error": ({"query": "SELECT {"}, {}),
    "an update": ({"query": "DROP ALL"}, {}),
    "two queries": ([("query", ONE), ("query", ALL)], {}),
    "no query": ({"format": "ttl"}, {}),
    "what changes": ({"query": "SELECT (NOW() AS ?x) {}"}, {}),
    "a range": ({"query": ONE}, {"Range": "bytes=0-1"}),
    "a condition": ({"query": ONE}, {"If-None-Match": "*"}),
    "a bad host": ({"query": ONE}, {"Host": "a b"}),
    "a prefix of language": ({"query": ONE}, {}),
}


class _Counting:
    """An application that counts how often it is asked."""

    def __init__(self, app: object) -> None:
        self.app = app
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        await self.app(scope, receive, send)  # type: ignore[operator]


async def _ask(app: object, path: str, query: object, headers: dict[str, str]) -> httpx.Response:
    # Not by a client, which would add headers of its own.
    url = f"http://127.0.0.1:8000{path}?{urlencode(query)}"  # type: ignore[arg-type]
    request = httpx.Request("GET", url, headers=headers)
    answer = await httpx.ASGITransport(app=app).handle_async_request(request)  # type: ignore[arg-type]
    await answer.aread()
    return answer


def _seen(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_code, sorted(answer.headers.multi_items()), answer.content


def _both(
    release: Release, settings: Settings, requests: list[tuple[str, object, dict[str, str]]]
) -> list[tuple[bool, httpx.Response, httpx.Response]]:
    """For each request whether the short way answered it alone, and the answers of the two ways."""

    async def run() -> list[tuple[bool, httpx.Response, httpx.Response]]:
        app = create_app(release, settings)
        whole = _Counting(app)
        short = Shortcut(whole, app.state.desk)
        found = []
        async with app.router.lifespan_context(app):
            for path, query, headers in requests:
                before = whole.count
                one = await _ask(short, path, query, headers)
                alone = whole.count == before
                found.append((alone, one, await _ask(app, path, query, headers)))
        return found

    return asyncio.run(run())


def test_both_ways_answer_alike(release: Release, settings: Settings) -> None:
    requests: list[tuple[str, object, dict[str, str]]] = []
    for query, accept, coding in product(PLAIN, ACCEPTS, CODINGS):
        headers = {name: value for name, value in (("Accept", accept), ("Accept-Encoding", coding)) if value}
        requests.append(("/sparql", {"query": query}, headers))
    for alone, short, whole in _both(release, settings, requests):
        assert alone
        assert short.status_code == 200
        assert _seen(short) == _seen(whole)


@pytest.mark.parametrize("name", OUT_OF_THE_ORDINARY)
def test_what_is_out_of_the_ordinary_goes_the_whole_way(
    release: Release, settings: Settings, name: str
) -> None:
    query, headers = OUT_OF_THE_ORDINARY[name]
    path = "/en/sparql" if name == "a prefix of language" else "/sparql"
    ((alone, short, whole),) = _both(release, settings, [(path, query, headers)])
    assert not alone
    assert (short.status_code, short.headers.get("content-type")) == (
        whole.status_code,
        whole.headers.get("content-type"),
    )


def test_a_failure_and_a_large_answer_are_found_once(release: Release, settings: Settings) -> None:
    """What the short way cannot say, the whole way says without asking again."""
    small = replace(settings, spool_bytes=100, query_timeout=0.5)
    metrics = Metrics()

    async def run() -> list[httpx.Response]:
        app = create_app(release, small, metrics)
        short = Shortcut(app, app.state.desk)
        async with app.router.lifespan_context(app):
            return [await _ask(short, "/sparql", {"query": query}, {}) for query in (BOMB, ALL)]

    stopped, large = asyncio.run(run())
    assert (stopped.status_code, large.status_code) == (504, 200)
    assert len(large.content) == int(large.headers["content-length"]) > small.spool_bytes
    asked = re.findall(r'^dxlod_queries_total\{.*outcome="(\w+)".*\} (\S+)$', metrics.text().decode(), re.M)
    assert sorted(asked) == [("ok", "1.0"), ("timeout", "1.0")]
