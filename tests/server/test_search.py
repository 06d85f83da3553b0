from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

API = "/api/search"


def test_json_says_what_was_found(client: httpx.Client) -> None:
    answer = client.get(API, params={"q": "オンライン申請", "lang": "en"})
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    assert [hit["label"] for hit in found["hits"]] == [
        "Online application rate",
        "Expand online applications",
    ]
    hit = found["hits"][0]
    assert (hit["kind"], hit["kind_label"]) == ("kpi", "indicator (KPI)")
    assert hit["plan"] == {
        "iri": "https://w3id.org/dxlod/id/plan/212016/dx/2025",
        "label": "DX Plan, 2025 edition",
    }
    assert hit["city"]["label"] == "Gifu City"
    assert (found["total"], found["next"]) == (2, None)
    assert client.get(hit["url"] + ".ttl").status_code == 200


def test_pages_follow_one_another(client: httpx.Client) -> None:
    place, seen = f"{API}?limit=4", []
    while place:
        found = client.get(place).json()
        seen += [hit["iri"] for hit in found["hits"]]
        place = found["next"]
    assert len(seen) == len(set(seen)) == found["total"] > 8


def test_facets_narrow_by_what_they_offer(client: httpx.Client) -> None:
    whole = client.get(API, params={"limit": 0}).json()
    offered = [(facet["name"], value) for facet in whole["facets"] for value in facet["values"]]
    assert {"kind", "city", "plan", "year", "department", "topic", "has_kpi"} <= {name for name, _ in offered}
    for name, value in offered:
        narrowed = client.get(API, params={name: value["value"], "limit": 0}).json()
        assert narrowed["total"] == value["count"], (name, value)
        assert any(one["selected"] for facet in narrowed["facets"] for one in facet["values"])


def test_an_answer_is_of_the_shape_that_openapi_promises(client: httpx.Client) -> None:
    api = client.get("/openapi.json").json()
    operation = api["paths"][API]["get"]
    names = [parameter["name"] for parameter in operation["parameters"]]
    assert names[0] == "q"
    assert {
        "city",
        "topic",
        "year",
        "phase",
        "department",
        "kind",
        "has_kpi",
        "lang",
        "limit",
        "offset",
    } <= set(names)
    assert set(operation["responses"]) == {"200", "304", "400"}
    schemas = api["components"]["schemas"]
    answer = client.get(API, params={"q": "申請"}).json()
    assert set(answer) == set(schemas["SearchAnswer"]["properties"])
    assert set(answer["hits"][0]) == set(schemas["FoundHit"]["properties"])
    assert set(answer["facets"][0]["values"][0]) == set(schemas["FoundValue"]["properties"])


@pytest.mark.parametrize(
    "query",
    [
        "limit=x",
        "limit=-1",
        "limit=101",
        "offset=1e9",
        "limit=１",
        "lang=fr",
        "colour=red",
        "q=a&q=b",
        "has_kpi=maybe",
        "kind=dragon",
        f"q={'x' * 201}",
        "q=" + "a+" * 13,
    ],
)
def test_what_cannot_be_asked_is_400_in_two_languages(client: httpx.Client, query: str) -> None:
    answer = client.get(f"{API}?{query}")
    assert answer.status_code == 400
    japanese, english = answer.text.splitlines()
    assert re.search("[ぁ-ん]", japanese)
    assert english.isascii()
    problem = client.get(f"{API}?{query}", headers={"Accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == 400


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' OR 1=1 --", "\x00", "%ff", "{{7*7}}"],
)
def test_hostile_words_are_escaped_everywhere(client: httpx.Client, hostile: str) -> None:
    for path in ("/search", "/en/search"):
        for parameters in (
            {"q": hostile},
            {"city": hostile},
            {"topic": hostile, "q": hostile},
            {hostile: hostile},
        ):
            answer = client.get(path, params=parameters)
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text
            assert "49" not in re.findall(r'name="q"[^>]*value="([^"]*)"', answer.text)
    assert client.get(API, params={"q": hostile}).json()["query"] == hostile.strip()
    assert client.get("/search?q=%ff%fe%80").status_code == 200


def test_the_page_works_without_a_script(client: httpx.Client) -> None:
    page = client.get("/search", params={"q": "オンライン"}).text
    assert '<a href="/doc/plan/212016/dx/2025/kpi/1-1-1">オンライン申請率</a>' in page
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/search\?[^"]+)"', page)]
    assert links
    for link in links:
        kept = parse_qs(urlsplit(link).query)
        assert kept.pop("q") == ["オンライン"]
        (name,) = kept
        narrowed = client.get(link).text
        assert f'<input type="hidden" name="{name}" value="{kept[name][0]}">' in narrowed
        assert 'aria-current="true"' in narrowed
        # The same link again takes the choice back.
        back = re.findall(r'href="(/search\?q=[^"&]+)"', narrowed)
        assert any(parse_qs(urlsplit(one).query) == {"q": ["オンライン"]} for one in back)


def test_the_page_in_english(client: httpx.Client) -> None:
    page = client.get("/en/search", params={"q": "online"}).text
    assert '<html lang="en">' in page
    assert '<a href="/en/doc/plan/212016/dx/2025/kpi/1-1-1">Online application rate</a>' in page
    assert "indicator (KPI)" in page


def test_nothing_found_says_so(client: httpx.Client) -> None:
    assert "見つかりません" in client.get("/search", params={"q": "ありえないことば"}).text
    assert client.get(API, params={"q": "ありえないことば"}).json()["hits"] == []


def test_an_error_of_the_page_is_a_page_for_people(client: httpx.Client) -> None:
    answer = client.get("/search", params={"kind": "dragon"}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", [f"{API}?q=申請", "/search?q=申請"])
def test_validators_spare_the_body(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path.replace("申請", "窓口")).headers["etag"] != first.headers["etag"]
    assert client.get(path).content == first.content
    assert client.head(path).headers["etag"] == first.headers["etag"]


def test_the_page_links_to_the_same_as_json(client: httpx.Client) -> None:
    page = client.get("/en/search", params={"q": "online", "kind": "kpi"}).text
    link = re.findall(r'href="(/api/search[^"]+)"', page)[0].replace("&amp;", "&")
    found = json.loads(client.get(link).content)
    assert (found["total"], found["lang"], found["hits"][0]["kind"]) == (1, "en", "kpi")
