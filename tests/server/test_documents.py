from __future__ import annotations

import hashlib
import json
import re

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
BASE = "https://w3id.org/dxlod"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PARTS = "|".join(f"<{DXO[name]}>" for name in ("indicatorValue", "baseline", "target", "actual", "hasPhase"))
OA = "http://www.w3.org/ns/oa#"
REACH = f"({PARTS}|^<{DXO.indicator}>)?/(<{DXO.sourceFragment}>/<{OA}hasSelector>?/<{OA}refinedBy>?)?"
"""From a thing to what its document holds, as a property path."""
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


def test_a_document_is_what_sparql_says_of_the_thing(client: httpx.Client, release: Release) -> None:
    subjects = {line.split(" ", 1)[0][1:-1] for line in release.quads.read_text("utf-8").splitlines()}
    ours = sorted(one for one in subjects if one.startswith(f"{BASE}/id/"))
    assert len(ours) > 25
    for iri in ours:
        query = f"CONSTRUCT {{?s ?p ?o}} WHERE {{<{iri}> {REACH} ?s . ?s ?p ?o}}"
        answer = client.post("/sparql", data={"query": query, "format": "nt"})
        document = client.get(f"/doc/{iri.removeprefix(f'{BASE}/id/')}.nt")
        assert set(document.text.splitlines()) == set(answer.text.splitlines()), iri


def test_a_page_in_japanese(client: httpx.Client) -> None:
    answer = client.get(f"/doc/{PATH}", headers={"Accept": BROWSER})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == "ja"
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
    for piece in (
        '<html lang="ja">',
        "<h1>オンライン申請率</h1>",
        '<p class="subtitle" lang="en">Online application rate</p>',
        '<a href="/doc/plan/212016/dx/2025/initiative/1-1">オンライン申請の拡大</a>',
        "60%以上",
        "120–134 行目",
        "非公式",
        f'<link rel="alternate" type="text/turtle" href="/doc/{PATH}.ttl">',
        f"<code data-copy>{KPI}</code>",
    ):
        assert piece in answer.text, piece
    bare = re.findall(r">\s*(https?://[^<]+)<", answer.text.replace(f"<code data-copy>{KPI}</code>", ""))
    assert not bare


def test_a_page_in_english_by_place_or_by_wish(client: httpx.Client) -> None:
    by_place = client.get(f"/en/doc/{PATH}.html")
    assert "<h1>Online application rate</h1>" in by_place.text
    assert '<p class="subtitle" lang="ja">オンライン申請率</p>' in by_place.text
    assert (
        '<a href="/en/doc/plan/212016/dx/2025/initiative/1-1">Expand online applications</a>' in by_place.text
    )
    assert '<a href="/doc/' not in by_place.text
    by_wish = client.get(f"/doc/{PATH}", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "<h1>Online application rate</h1>" in by_wish.text
    tags = {by_place.headers["etag"], by_wish.headers["etag"]}
    tags.add(client.get(f"/doc/{PATH}", headers={"Accept": "text/html"}).headers["etag"])
    assert len(tags) == 3


def test_breadcrumbs_lead_from_the_city_to_the_thing(client: httpx.Client) -> None:
    text = client.get(f"/doc/{PATH}.html").text
    crumbs = text.partition('<nav class="crumbs')[2].partition("</nav>")[0]
    labels = re.findall(r">([^<>]+)</(?:a|span)>", crumbs)
    above = ["岐阜市", "DX推進計画（2025年版）", "市民サービスの向上", "オンライン申請の拡大"]
    assert labels[1:] == [*above, "オンライン申請率"]


def test_facts_for_search_engines_are_json_of_schema_org(client: httpx.Client) -> None:
    text = client.get(f"/doc/{PATH}.html").text
    found = json.loads(text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert found["about"]["@id"] == str(KPI)
    assert found["about"]["@type"] == "StatisticalVariable"
    assert {"@value": "Online application rate", "@language": "en"} in found["about"]["name"]
    assert [item["position"] for item in found["breadcrumb"]["itemListElement"]] == [1, 2, 3, 4, 5]
    # An initiative is none of schema.org's things, so it is not said to be one.
    other = client.get("/doc/plan/212016/dx/2025/initiative/1-1.html").text
    about = json.loads(other.partition('ld+json">')[2].partition("</script>")[0])["about"]
    assert set(about) == {"@id", "name"}


def test_what_links_here_in_pages(client: httpx.Client) -> None:
    place = "/doc/doc/abc"
    first = client.get(f"{place}.html").text
    assert "ここを参照しているもの" in first
    assert client.get(f"{place}.html?page=2").status_code == 200
    for wrong in ("0", "-1", "x", "1.5", "9" * 30, "", "１"):
        answer = client.get(f"{place}.html", params={"page": wrong})
        assert answer.status_code == 400, wrong
    assert client.get(f"{place}?page=1", headers={"Accept": "text/html"}).text == first


@pytest.mark.parametrize("suffix", [*FORMATS, "html"])
def test_a_document_names_the_other_formats(client: httpx.Client, suffix: str) -> None:
    answer = client.get(f"/doc/{PATH}.{suffix}")
    links = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', answer.headers["link"])
    assert len(links) == 4
    assert f'<{KPI}>; rel="describes"' in answer.headers["link"]
    for place, media_type in links:
        assert client.get(place).headers["content-type"].partition(";")[0] == media_type


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
    page = client.get(f"/doc/{path}", headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert 'action="/search"' in page.text


def test_an_unknown_one_is_told_what_lies_near(client: httpx.Client) -> None:
    near = "plan/212016/dx/2025/initiative/1-2"
    plain = client.get(f"/doc/{near}", headers={"Accept": "application/ld+json, application/json;q=0.5"})
    assert plain.json()["near"] == [
        f"{BASE}/id/plan/212016/dx/2025",
        f"{BASE}/id/plan/212016/dx/2025/initiative/1-1",
    ]
    page = client.get(f"/doc/{near}", headers={"Accept": "text/html"}).text
    assert '<a href="/doc/plan/212016/dx/2025/initiative/1-1">オンライン申請の拡大</a>' in page
    slash = client.get(f"/doc/{PATH}/", headers={"Accept": "text/html"}).text
    assert f'<a href="/doc/{PATH}">オンライン申請率</a>' in slash
    word = client.get("/doc/%E7%95%AA%E5%8F%B7%E6%B3%95", headers={"Accept": "text/html"}).text
    assert '<a href="/doc/law/425AC0000000027">番号法</a>' in word


@pytest.mark.parametrize(
    "path", ["%3Cscript%3Ealert(1)%3C/script%3E", "%22onload=%22x", "a%00b", "%ff%fe", "..%2f..%2fetc"]
)
def test_hostile_paths_are_shown_as_text(client: httpx.Client, path: str) -> None:
    for accept in ("text/html", "text/turtle"):
        answer = client.get(f"/doc/{path}", headers={"Accept": accept})
        assert answer.status_code == 404
        assert "<script>alert" not in answer.text or accept == "text/turtle"
        assert '"onload=' not in answer.text or accept == "text/turtle"


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
    assert "/doc/plan/212016/dx/2025" in html
