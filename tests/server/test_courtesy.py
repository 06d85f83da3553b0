"""Small things that clients of HTTP are owed: headers said once, formats never passed over, licences named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import Graph, URIRef
from starlette.datastructures import MutableHeaders

from dxlod.release import Draft, Release, build_release, open_current
from dxlod.server.app import create_app
from dxlod.server.http import add_vary
from dxlod.server.imprint import NOTICE, licence_of
from dxlod.settings import Settings

from .conftest import SAMPLE
from .live import Live, live
from .test_gone import BASE, GONE, STONE

LICENCE = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
PLAN = "plan/212016/dx-action/2025"
BAD = {"query": "SELECT * WHERE { ?s ?p }"}
PROBLEM = {"Accept": "application/problem+json"}


@pytest.fixture(scope="module")
def service(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(Settings(releases=releases), tmp_path_factory.mktemp("courtesy")) as started:
        yield started


@pytest.fixture
def client(service: Live) -> Iterator[httpx.Client]:
    with service.client() as http:
        yield http


def words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",")]


@pytest.mark.parametrize(
    ("there", "said"), [("", "Accept"), ("accept", "accept"), ("Origin, ACCEPT", "Origin, ACCEPT"), ("Origin", "Origin, Accept")]
)  # fmt: skip
def test_vary_names_a_header_once(there: str, said: str) -> None:
    headers = MutableHeaders({"Vary": there} if there else {})
    add_vary(headers, "Accept")
    assert headers["Vary"] == said


@pytest.mark.parametrize(
    "path", ["/nothing", "/doc/plan/x", "/sparql?query=x", "/", f"/doc/{PLAN}", "/api/search?limit=x"]
)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/json"])
def test_no_answer_varies_by_a_header_twice(client: httpx.Client, path: str, accept: str) -> None:
    said = words(client.get(path, headers={"Accept": accept}).headers["vary"])
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    "path", ["/report.html", "/", f"/doc/{PLAN}.html", "/sparql?query=ASK%7B%7D", "/void"]
)
def test_304_varies_as_200_does(client: httpx.Client, path: str) -> None:
    first = client.get(path, headers={"Accept": "text/html, */*;q=0.5"})
    headers = {"Accept": "text/html, */*;q=0.5", "If-None-Match": first.headers["etag"]}
    again = client.get(path, headers=headers)
    assert (first.status_code, again.status_code) == (200, 304)
    assert set(words(again.headers.get("vary", ""))) == set(words(first.headers.get("vary", "")))


def test_who_takes_only_problems_is_told_of_the_problem(client: httpx.Client) -> None:
    answer = client.get("/sparql", params=BAD, headers=PROBLEM)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["line"] == 1
    assert client.get("/sparql", params={"query": "ASK {}"}, headers=PROBLEM).status_code == 406


@pytest.mark.parametrize("accept", ["nonsense", ";;;", "text/turtle-without-slash-q=1 x"])
def test_an_accept_that_cannot_be_read_asks_for_anything(client: httpx.Client, accept: str) -> None:
    answer = client.get(f"/doc/{PLAN}", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    assert client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"/doc/{PLAN}?format=ttl", "text/turtle"),
        (f"/doc/{PLAN}?format=jsonld", "application/ld+json"),
        (f"/doc/{PLAN}.nt?format=nt", "application/n-triples"),
        (f"/doc/{PLAN}?format=bogus", ""),
        (f"/doc/{PLAN}.ttl?format=bogus", ""),
        (f"/doc/{PLAN}.ttl?format=jsonld", ""),
    ],
)
def test_a_format_that_is_named_is_not_passed_over(client: httpx.Client, path: str, kind: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].partition(";")[0] == (kind or "text/html")
    assert answer.status_code == (200 if kind else 406)
    plain = client.get(path)
    assert kind or "text/turtle, application/ld+json" in plain.text


@pytest.mark.parametrize(
    ("name", "value"), [("city", "999999"), ("year", "1066"), ("topic", "dragons"), ("plan", "x/y/z")]
)
def test_a_value_that_nothing_has_is_named(client: httpx.Client, name: str, value: str) -> None:
    found = client.get("/api/search", params={name: value}).json()
    assert (found["total"], found["unknown"]) == (0, [{"facet": name, "value": value}])
    there = {facet["name"]: facet["values"] for facet in found["facets"]}
    assert there[name]
    known = client.get("/api/search", params={name: there[name][0]["value"]}).json()
    assert known["total"] > 0
    assert known["unknown"] == []


@pytest.mark.parametrize("page", ["0", "-1", "x"])
def test_pages_are_counted_from_one(client: httpx.Client, page: str) -> None:
    for path in ("/search", f"/doc/{PLAN}.html"):
        assert client.get(path, params={"page": page}, headers={"Accept": "text/html"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        f"/doc/{PLAN}.ttl",
        f"/doc/{PLAN}.jsonld",
        "/dumps/all.nt",
        "/dumps/all.ttl.gz",
        "/releases/{}/dumps/all.nq",
    ],
)
def test_data_name_their_licence_and_say_that_they_are_unofficial(client: httpx.Client, path: str) -> None:
    version = client.get("/manifest.json").json()["version"]
    answer = client.head(path.format(version))
    assert answer.status_code == 200
    assert LICENCE in answer.headers["link"]
    assert '</void>; rel="describedby"' in answer.headers["link"]
    assert answer.headers["x-dxlod-notice"] == NOTICE
    described = client.get("/void.ttl").text
    assert "（非公式）" in described


def test_a_page_and_what_is_no_data_go_without(client: httpx.Client) -> None:
    for path in (f"/doc/{PLAN}.html", "/report.json", "/manifest.json"):
        assert "x-dxlod-notice" not in client.head(path).headers


def test_a_licence_is_what_the_release_says(releases: Path, release: Release) -> None:
    assert licence_of(open_current(Settings(releases=releases))) == LICENCE[1:].partition(">")[0]
    assert licence_of(release) == ""


def remembering(draft: Draft) -> None:
    """The part of a release that remembers one thing, in JSON and in RDF."""
    draft.write("tombstones.json", [json.dumps({"tombstones": {f"{BASE}/{GONE}": STONE}})])
    stone, other = f"<{BASE}/{GONE}>", f"<{BASE}/{GONE}9>"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/ns/activitystreams#Tombstone> .\n"
    draft.write("tombstones.nt", [f"{stone} {kind}", f"{other} {kind}"], 2)


@pytest.mark.parametrize(
    ("path", "accept", "kind", "format_"),
    [
        (GONE, "text/turtle", "text/turtle", "turtle"),
        (f"{GONE}.nt", "*/*", "application/n-triples", "nt"),
        (GONE, "application/ld+json", "application/ld+json", "json-ld"),
        (f"{GONE}.rdf", "*/*", "application/rdf+xml", "xml"),
        (GONE, "application/json", "application/problem+json", ""),
        (GONE, "text/html", "text/html", ""),
    ],
)
def test_a_tombstone_comes_in_the_format_asked_for(
    tmp_path: Path, path: str, accept: str, kind: str, format_: str
) -> None:
    settings = Settings(home=SAMPLE, data=tmp_path / "data", releases=tmp_path / "releases")
    lines = (SAMPLE / "quads.nq").read_text(encoding="utf-8").splitlines()
    release = build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None, None, (remembering,))
    answer = asyncio.run(one(create_app(release, settings), f"/doc/{path}", accept))
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (410, kind)
    if format_:
        graph = Graph().parse(data=answer.text, format=format_)
        assert set(graph.subjects()) == {URIRef(f"{BASE}/{GONE}")}


async def one(app: Any, path: str, accept: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        answer = await client.get(path, headers={"Accept": accept})
    app.state.service.reader.close()
    return answer
