"""The CKAN-shaped API of the current release: what portals ask, and what CKAN answers to what it does not take."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from starlette.types import ASGIApp

from dxlod.release import Release, open_current
from dxlod.server.app import create_app
from dxlod.settings import Settings

GIFU = "dxlod-212016-dx-action-2025"
NAMES = [
    GIFU, "dxlod-212016-it-optimization-2", "dxlod-212075-dx-2024", "dxlod-212130-dx-2026", "dxlod-362018-dx-2026",
    "dxlod-all",
]  # fmt: skip
URL = "/api/3/action"


@pytest.fixture(scope="module")
def current(releases: Path) -> Release:
    return open_current(Settings(releases=releases))


@pytest.fixture(scope="module")
def app(current: Release) -> ASGIApp:
    return create_app(current, Settings(releases=current.path.parent))


def ask(
    app: ASGIApp,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
            return await client.request(method, path, headers=headers, content=content)

    return asyncio.run(run())


def act(app: ASGIApp, name: str, /, **params: object) -> Any:
    """The result of an action."""
    answer = ask(app, f"{URL}/{name}?{urlencode(params)}")
    document = answer.json()
    assert (answer.status_code, document["success"]) == (200, True), document
    assert document["help"] == f"http://portal.test{URL}/help_show?name={name}"
    return document["result"]


def refused(app: ASGIApp, name: str, /, **params: object) -> tuple[int, dict[str, Any]]:
    """Status and error of an action that is not done."""
    answer = ask(app, f"{URL}/{name}?{urlencode(params)}")
    document = answer.json()
    assert document["success"] is False
    assert len(document["error"]["detail"]) == 2
    return answer.status_code, document["error"]


def names(app: ASGIApp, **params: object) -> list[str]:
    """Names of what a search finds, in order."""
    return [package["name"] for package in act(app, "package_search", rows=1000, **params)["results"]]


def test_the_list_and_its_parts(app: ASGIApp) -> None:
    assert act(app, "package_list") == NAMES
    assert act(app, "package_list", limit=2, offset=1) == NAMES[1:3]
    assert act(app, "package_list", offset=5) == NAMES[5:]


def test_a_package_by_name_and_by_id(app: ASGIApp) -> None:
    package = act(app, "package_show", id=GIFU)
    assert package["name"] == GIFU
    assert uuid.UUID(package["id"]).version == 5
    assert act(app, "package_show", id=package["id"]) == package
    assert act(app, "package_show", name_or_id=GIFU) == package
    assert package["num_resources"] == len(package["resources"]) > 20
    assert "岐阜市" in [tag["name"] for tag in package["tags"]]
    item = package["resources"][0]
    assert act(app, "resource_show", id=item["id"]) == item


def test_the_dates_of_a_record_are_always_there(app: ASGIApp) -> None:
    """An importer parses them without asking; before any publication they tell when the release was made here."""
    for package in act(app, "package_search", rows=1000)["results"]:
        dates = [
            package["metadata_created"],
            package["metadata_modified"],
            package["organization"]["created"],
        ]
        dates += [item[key] for item in package["resources"] for key in ("created", "metadata_modified")]
        assert {len(date) for date in dates} == {19}


@pytest.mark.parametrize("q", ["*:*", "", '""'])
def test_everything_at_once(app: ASGIApp, q: str) -> None:
    found = act(app, "package_search", q=q, rows=1000)
    assert found["count"] == len(found["results"]) == 6
    assert sorted(item["name"] for item in found["results"]) == NAMES
    assert found["results"] == [act(app, "package_show", id=item["name"]) for item in found["results"]]


def test_pages_fit_together(app: ASGIApp) -> None:
    for sort in ("id asc", "name desc", "metadata_modified desc", ""):
        whole = names(app, sort=sort)
        pages = [
            act(app, "package_search", sort=sort, rows=2, start=start)["results"] for start in (0, 2, 4, 6)
        ]
        assert [item["name"] for page in pages for item in page] == whole
        assert [len(page) for page in pages] == [2, 2, 2, 0]
    assert names(app, sort="name asc") == NAMES
    assert names(app, sort="name desc") == NAMES[::-1]
    assert len(act(app, "package_search")["results"]) == 6
    assert act(app, "package_search", rows=0)["results"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("徳島市", ["dxlod-362018-dx-2026", "dxlod-all"]),
        ("徳島市 岐阜市", ["dxlod-all"]),
        ("ｄｘ推進計画 -各務原市 -name:dxlod-all", [GIFU, *NAMES[1:3], "dxlod-362018-dx-2026"]),
        ("tags:徳島市", ["dxlod-362018-dx-2026"]),
        ("tags:(徳島市 OR 美濃市)", ["dxlod-212075-dx-2024", "dxlod-362018-dx-2026"]),
        ('tags:"徳島市" || tags:"美濃市"', ["dxlod-212075-dx-2024", "dxlod-362018-dx-2026"]),
        ("tags:岐阜", []),
        ("tags:岐阜*", NAMES[:2]),
        ("title:岐阜 AND NOT name:*action*", [NAMES[1]]),
        ("organization:dxlod license_id:cc-by +state:active +capacity:public", NAMES),
        ("-organization:dxlod", []),
        ("organization:other OR organization:dxlod name:dxlod-all", ["dxlod-all"]),
        ("res_format:XLSX -res_format:PDF name:dxlod-2120*", [GIFU, *NAMES[1:3]]),
        ("local_government_code:212130 extras_plan_status:*", ["dxlod-212130-dx-2026"]),
        ("metadata_modified:[NOW-50YEARS TO *]", NAMES),
        ("metadata_modified:[* TO NOW-50YEARS/DAY]", []),
        ("metadata_modified:[2999-01-01T00:00:00.5Z TO *]", []),
        ("metadata_created:{1999-01-01 TO 2999-01-01T00:00:00Z}", NAMES),
        ("name:[dxlod-3 TO dxlod-4}", ["dxlod-362018-dx-2026"]),
        (r"uri:https\://w3id.org/dxlod/id/dataset/all", ["dxlod-all"]),
        ("title:全体^4", ["dxlod-all"]),
        ("no_such_field:x", []),
    ],
)
def test_searching(app: ASGIApp, query: str, found: list[str]) -> None:
    assert sorted(names(app, fq=query)) == found
    assert sorted(names(app, q=query)) == found


def test_what_fits_best_comes_first(app: ASGIApp) -> None:
    assert names(app, q="岐阜市")[:2] == NAMES[:2]
    assert names(app, q="徳島市")[0] == "dxlod-362018-dx-2026"


def test_several_filters(app: ASGIApp) -> None:
    answer = ask(app, f"{URL}/package_search?fq=tags:{quote('岐阜市')}&fq=name:*action*&rows=5")
    assert [item["name"] for item in answer.json()["result"]["results"]] == [GIFU]


def test_facets(app: ASGIApp) -> None:
    asked = json.dumps(["tags", "organization", "res_format", "license_id", "plan_status"])
    found = act(app, "package_search", **{"rows": 0, "facet.field": asked, "facet.limit": -1})
    assert found["facets"]["tags"]["岐阜市"] == 2
    assert found["facets"]["organization"] == {"dxlod": 6}
    assert found["facets"]["res_format"]["CSV"] == 6
    assert found["facets"]["license_id"] == {"cc-by": 6}
    assert found["facets"]["plan_status"]["素案"] == 1
    (item,) = found["search_facets"]["license_id"]["items"]
    assert item == {"name": "cc-by", "display_name": "Creative Commons Attribution", "count": 6}
    few = act(app, "package_search", **{"facet.field": "tags", "facet.limit": 3, "facet.mincount": 6})
    assert set(few["facets"]["tags"].values()) == {6}
    assert len(few["facets"]["tags"]) == 3
    assert act(app, "package_search", **{"facet.field": asked, "facet": "false"})["facets"] == {}


def test_organizations(app: ASGIApp) -> None:
    assert act(app, "organization_list") == ["dxlod"]
    (own,) = act(app, "organization_list", all_fields="true")
    assert own["package_count"] == 6
    shown = act(app, "organization_show", id="dxlod")
    assert "packages" not in shown
    assert act(app, "organization_show", id=shown["id"])["display_name"] == own["title"]
    packages = act(app, "organization_show", id="dxlod", include_datasets="True")["packages"]
    assert sorted(item["name"] for item in packages) == NAMES


def test_the_rest(app: ASGIApp) -> None:
    assert act(app, "site_read") is True
    assert act(app, "group_list") == []
    status = act(app, "status_show")
    assert status["site_url"] == "http://portal.test"
    assert status["ckan_version"].split(".")[0] == "2"
    (licence,) = act(app, "license_list")
    assert (licence["id"], licence["od_conformance"]) == ("cc-by", "approved")
    assert act(app, "tag_list", query="岐阜") == ["岐阜市"]
    assert [len(act(app, "current_package_list_with_resources", limit=n)) for n in (4, 9)] == [4, 6]
    for action in ("package_show", "package_search"):
        assert len(act(app, "help_show", name=action)) > 40
    assert ask(app, "/api/3").json() == {"version": 3}


@pytest.mark.parametrize(
    ("name", "params", "status", "kind"),
    [
        ("package_show", {"id": "dxlod-212016-none-1"}, 404, "Not Found Error"),
        ("package_show", {}, 409, "Validation Error"),
        ("resource_show", {"id": GIFU}, 404, "Not Found Error"),
        ("organization_show", {"id": "gifu"}, 404, "Not Found Error"),
        ("help_show", {"name": "package_delete"}, 404, "Not Found Error"),
        ("package_list", {"limit": "many"}, 409, "Validation Error"),
        ("package_search", {"rows": "-1"}, 409, "Validation Error"),
        ("package_search", {"start": "１"}, 409, "Validation Error"),
        ("package_search", {"facet.field": "[1]"}, 409, "Validation Error"),
        ("package_search", {"sort": "name upwards"}, 400, "Search Query Error"),
        ("package_search", {"qq": "x"}, 400, "Search Query Error"),
        ("package_search", {"q": "(a"}, 400, "Search Query Error"),
        ("package_search", {"q": "a)"}, 400, "Search Query Error"),
        ("package_search", {"q": 'tags:"a'}, 400, "Search Query Error"),
        ("package_search", {"q": "a OR"}, 400, "Search Query Error"),
        ("package_search", {"q": "tags:"}, 400, "Search Query Error"),
        ("package_search", {"q": "{!frange l=0}x"}, 400, "Search Query Error"),
        ("package_search", {"fq": "metadata_modified:[yesterday TO *]"}, 400, "Search Query Error"),
        ("package_search", {"fq": "metadata_modified:[NOW-99999YEARS TO *]"}, 400, "Search Query Error"),
        ("package_search", {"fq": "name:[a b]"}, 400, "Search Query Error"),
        ("package_search", {"q": "(" * 300}, 400, "Search Query Error"),
        ("package_search", {"q": "-" * 300 + "a"}, 400, "Search Query Error"),
        ("package_search", {"q": "a:" * 300 + "a"}, 400, "Search Query Error"),
        ("package_search", {"q": "a " * 3000}, 400, "Search Query Error"),
    ],
)
def test_what_cannot_be_done(app: ASGIApp, name: str, params: dict[str, str], status: int, kind: str) -> None:
    found, error = refused(app, name, **params)
    assert (found, error["__type"]) == (status, kind)


def test_an_action_that_is_not_known(app: ASGIApp) -> None:
    for name in ("package_delete", "nothing"):
        answer = ask(app, f"{URL}/{name}")
        assert answer.status_code == 400
        assert answer.json() == f"Bad request: Action name not known: {name}"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", json.dumps({"id": GIFU}).encode()),
        ("application/x-www-form-urlencoded", json.dumps({"id": GIFU}).encode()),
        ("application/x-www-form-urlencoded", quote(json.dumps({"id": GIFU})).encode()),
        ("application/x-www-form-urlencoded", f"id={GIFU}".encode()),
    ],
)
def test_asked_by_post(app: ASGIApp, kind: str, body: bytes) -> None:
    answer = ask(app, "/api/action/package_show", "POST", {"Content-Type": kind}, body)
    assert answer.status_code == 200
    assert answer.json()["result"]["name"] == GIFU


def test_json_keeps_its_types(app: ASGIApp) -> None:
    body = json.dumps({"rows": 0, "facet.field": ["organization"], "fq_list": ["tags:岐阜市"]}).encode()
    found = ask(app, f"{URL}/package_search", "POST", {"Content-Type": "application/json"}, body).json()
    assert found["result"]["facets"] == {"organization": {"dxlod": 2}}


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b"[" * 60_000, b'"id"'])
def test_a_body_that_is_no_json_object(app: ASGIApp, body: bytes) -> None:
    answer = ask(app, f"{URL}/package_show", "POST", {"Content-Type": "application/json"}, body)
    assert answer.status_code == 400
    assert answer.json().startswith("Bad request: JSON Error")


def test_a_body_that_is_too_long(app: ASGIApp) -> None:
    answer = ask(app, f"{URL}/package_show", "POST", {"Content-Type": "application/json"}, b" " * 100_000)
    assert answer.status_code == 413


def test_validators_head_and_cors(app: ASGIApp) -> None:
    path = f"{URL}/package_show?id={GIFU}"
    answer = ask(app, path)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    head = ask(app, path, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]
    known = ask(app, path, headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304
    assert ask(app, path, "OPTIONS").status_code == 204
    refusal = ask(app, path, "DELETE")
    assert (refusal.status_code, refusal.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    fresh = ask(app, f"{URL}/package_search?fq={quote('metadata_modified:[NOW-1DAY TO *]')}")
    assert fresh.headers["cache-control"] == "no-store"


def test_both_ways_of_asking_are_described(app: ASGIApp) -> None:
    paths = ask(app, "/openapi.json").json()["paths"]
    assert paths[f"{URL}/{{name}}"].keys() == {"get", "post"}


def test_the_addresses_that_ckan_gives(app: ASGIApp) -> None:
    package = act(app, "package_show", id=GIFU)
    item = package["resources"][-1]
    place = f"/dataset/{GIFU}/resource/{item['id']}"
    targets = {
        f"/dataset/{GIFU}": "/doc/dataset/212016-dx-action-2025",
        f"/dataset/{GIFU}.rdf": "/doc/dataset/212016-dx-action-2025.rdf",
        f"/dataset/{GIFU}.xml": "/doc/dataset/212016-dx-action-2025.rdf",
        f"/dataset/{package['id']}": "/doc/dataset/212016-dx-action-2025",
        "/dataset/dxlod-all": "/doc/dataset/all",
        place: item["url"].removeprefix("https://w3id.org/dxlod"),
        f"{place}/download/any.nq.gz": item["url"].removeprefix("https://w3id.org/dxlod"),
    }
    for path, target in targets.items():
        answer = ask(app, path)
        assert answer.headers["location"] == target
        assert ask(app, target, "HEAD", {"Accept": "text/turtle"}).status_code == 200
    for path in (
        "/dataset/nothing",
        f"/dataset/dxlod-all/resource/{item['id']}",
        f"/dataset/{GIFU}/resource/x",
    ):
        assert ask(app, path).status_code == 404
    never = ask(app, "/dataset/dxlod-999999-none-1").headers["location"]
    assert ask(app, never, headers={"Accept": "text/turtle"}).status_code == 404


def test_without_a_catalogue_nothing_is_said_to_be_all(tmp_path: Path, current: Release) -> None:
    """An empty list would make harvesters delete what they have."""
    kept = tuple(entry for entry in current.manifest.files if entry.path != "ckan.json")
    bare = replace(current, manifest=replace(current.manifest, files=kept))
    answer = ask(create_app(bare, Settings(releases=tmp_path)), f"{URL}/package_list")
    assert answer.status_code == 503
