from __future__ import annotations

import hashlib

import httpx
import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from dxlod.release import Release

DXO = Namespace("https://w3id.org/dxlod/ns#")
PATH = "plan/212016/dx/2025/kpi/1-1-1"
KPI = URIRef(f"https://w3id.org/dxlod/id/{PATH}")
FORMATS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


def test_an_entity_is_seen_in_its_document(client: httpx.Client) -> None:
    answer = client.get(f"/id/{PATH}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/doc/{PATH}")


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_document_in_every_format(client: httpx.Client, suffix: str) -> None:
    by_accept = client.get(f"/doc/{PATH}", headers={"Accept": FORMATS[suffix]})
    by_suffix = client.get(f"/doc/{PATH}.{suffix}", headers={"Accept": "image/png"})
    assert by_accept.content == by_suffix.content
    assert by_accept.headers["content-type"].partition(";")[0] == FORMATS[suffix]
    assert by_accept.headers["content-location"] == f"/doc/{PATH}.{suffix}"
    graph = Graph().parse(data=by_suffix.content, format=PARSERS[suffix])
    target = URIRef(f"{KPI}/target/FY2025")
    fragment = URIRef("https://w3id.org/dxlod/id/doc/abc/L120-134")
    assert (KPI, DXO.target, target) in graph
    assert str(graph.value(target, DXO.value)) == "60"
    assert (fragment, DXO.startLine, Literal(120)) in graph
    assert len(graph) == 53


def test_turtle_begins_with_the_entity(client: httpx.Client) -> None:
    text = client.get(f"/doc/{PATH}.ttl").text
    assert text.partition("\n\n")[2].startswith(f"<id/{PATH}>\n    a dxo:Indicator ;")


def test_a_page_in_two_languages(client: httpx.Client) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = client.get(f"/doc/{PATH}", headers={"Accept": browser})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for piece in (
        "<h1>オンライン申請率</h1>",
        '<p lang="en">Online application rate</p>',
        '目標値</span> <small lang="en">target</small>',
        '<a href="/id/plan/212016/dx/2025/initiative/1-1">オンライン申請の拡大</a>',
        '<span lang="ja">60%以上</span>',
        "非公式",
    ):
        assert piece in answer.text


@pytest.mark.parametrize("path", ["id/fy/2025", "dxlod/id/fy/2025", "id/law/425AC0000000027/At_19/Pr_1/It_8"])
def test_shared_things_and_the_path_of_the_base(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/{path}", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.url.path == f"/{path.replace('id/', 'doc/', 1)}"


@pytest.mark.parametrize(
    "path", ["nothing/here", "plan/212016/dx/2025/kpi/1-1-1.xlsx", "a%3Eb", "%E5%B2%90", "a%20b%7B"]
)
def test_what_is_not_known_is_404_and_says_where_to_look(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/doc/{path}")
    assert answer.status_code == 404
    assert "/sparql" in answer.text


def test_a_document_that_is_acceptable_to_nobody(client: httpx.Client) -> None:
    answer = client.get(f"/doc/{PATH}", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


@pytest.mark.parametrize(
    "path", [f"/doc/{PATH}", f"/doc/{PATH}.rdf", "/ns", "/", "/dumps/all.ttl", "/manifest.json"]
)
def test_validators_differ_by_representation_and_spare_the_body(client: httpx.Client, path: str) -> None:
    plain = client.get(path)
    tag = plain.headers["etag"]
    again = client.get(path, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    head = client.head(path)
    assert (head.headers["etag"], head.content) == (tag, b"")
    if "." not in path:
        html = client.get(path, headers={"Accept": "text/html"})
        assert html.headers["etag"] != tag
        assert "Accept" in html.headers["vary"]


def test_the_ontology(client: httpx.Client) -> None:
    graph = Graph().parse(data=client.get("/ns", headers={"Accept": "text/turtle"}).text)
    assert (DXO.Indicator, None, None) in graph
    assert client.get("/ns.rdf").headers["content-type"] == "application/rdf+xml"
    assert "指標（KPI）" in client.get("/ns", headers={"Accept": "text/html"}).text
    assert client.get("/ns.doc").status_code == 404


def test_dumps_are_those_of_the_manifest(client: httpx.Client, release: Release) -> None:
    for entry in release.manifest.files:
        for path in (f"/releases/{release.version}/{entry.path}", f"/{entry.path}"):
            if path.startswith("/ns."):
                continue
            answer = client.get(path)
            assert hashlib.sha256(answer.content).hexdigest() == entry.sha256, path
            assert answer.headers["content-type"].partition(";")[0] == entry.media_type
    kept = client.get(f"/releases/{release.version}/dumps/all.nt")
    assert "immutable" in kept.headers["cache-control"]
    assert client.get("/dumps/all.nt", headers={"Range": "bytes=0-9"}).content == kept.content[:10]


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/none.ttl",
        "/dumps/..%2fmanifest.json",
        "/dumps/%2e%2e/%2e%2e/.lock",
        "/releases/2020-01-01-00000000/dumps/all.nt",
        "/releases/../x",
        "/releases/current/dumps/all.ttl",
        "/releases/..%2f..%2fhome/x",
        "/nothing",
        "/report.exe",
    ],
)
def test_no_other_file_is_served(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert len(answer.text.splitlines()) == 2


def test_the_first_page_says_what_to_try(client: httpx.Client, origin: str) -> None:
    plain = client.get("/")
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert f"{origin}/id/{PATH}" in plain.text
    assert "非公式" in plain.text
    example = next(line for line in plain.text.splitlines() if "/sparql?query=" in line).split("'")[-2]
    assert client.get(example, headers={"Accept": "text/csv"}).text.count("\r\n") == 3
    html = client.get("/", headers={"Accept": "text/html"}).text
    assert f"{origin}/dumps/212016-dx-2025.ttl" in html
