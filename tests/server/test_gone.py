"""What an earlier release had and this one has not, in an app of its own over a release with tombstones."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from dxlod.release import Draft, Release, build_release
from dxlod.server.app import create_app
from dxlod.settings import Settings

from .conftest import SAMPLE

BASE = "https://w3id.org/dxlod/id"
GONE = "plan/212016/dx/2025/initiative/9"
STONE = {
    "kind": "https://w3id.org/dxlod/ns#Initiative",
    "kind_label": {"ja": "取組", "en": "Initiative"},
    "label": {"ja": "窓口の<b>廃止</b>", "en": "Closing counters"},
    "last": {"version": "2026-01-01-00000001", "date": "2026-01-01"},
    "absent": {"version": "2026-02-01-00000002", "date": "2026-02-01"},
    "datasets": ["212016-dx-2025"],
    "files": ["dumps/212016-dx-2020.ttl"],
    "replaced_by": [f"{BASE}/plan/212016/dx/2025/initiative/1-1"],
}


def tombstones(draft: Draft) -> None:
    """The part of a release that remembers one thing."""
    stones = {"version": "x", "date": "", "tombstones": {f"{BASE}/{GONE}": STONE}}
    draft.write("tombstones.json", [json.dumps(stones)])
    draft.write("changes.json", ["{}"])
    draft.write("changes.ttl", [""], 0)


@pytest.fixture(scope="module")
def remembering(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Settings]:
    folder: Path = tmp_path_factory.mktemp("gone")
    settings = Settings(home=SAMPLE, data=folder / "data", releases=folder / "releases")
    lines = (SAMPLE / "quads.nq").read_text(encoding="utf-8").splitlines()
    return build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None, None, (tombstones,)), settings


def get(served: tuple[Release, Settings], path: str, accept: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        app = create_app(*served)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            answer = await client.get(path, headers={"Accept": accept})
        app.state.service.reader.close()
        return answer

    return asyncio.run(ask())


@pytest.mark.parametrize("path", [f"/doc/{GONE}", f"/doc/{GONE}.ttl"])
def test_what_is_gone_is_410_and_says_what_it_was(remembering: tuple[Release, Settings], path: str) -> None:
    answer = get(remembering, path, "text/turtle, */*;q=0.1")
    assert answer.status_code == 410
    assert answer.headers["content-type"].startswith("text/plain")
    for piece in (
        "2026-01-01-00000001",
        "Closing counters",
        "廃止",
        f"{BASE}/plan/212016/dx/2025/initiative/1-1",
    ):
        assert piece in answer.text


def test_programs_get_the_tombstone(remembering: tuple[Release, Settings]) -> None:
    answer = get(remembering, f"/doc/{GONE}.jsonld", "application/json")
    assert answer.status_code == 410
    assert answer.json()["tombstone"] == STONE


@pytest.mark.parametrize(
    ("prefix", "name"), [("/ja", "窓口の&lt;b&gt;廃止&lt;/b&gt;"), ("/en", "Closing counters")]
)
def test_people_get_a_page(remembering: tuple[Release, Settings], prefix: str, name: str) -> None:
    answer = get(remembering, f"{prefix}/doc/{GONE}", "text/html")
    assert answer.status_code == 410
    assert name in answer.text
    assert "<b>廃止" not in answer.text
    assert f'href="{prefix}/doc/plan/212016/dx/2025/initiative/1-1"' in answer.text


def test_what_never_was_is_404_all_the_same(remembering: tuple[Release, Settings]) -> None:
    assert get(remembering, "/doc/plan/212016/dx/2025/initiative/8", "text/turtle").status_code == 404


def test_a_file_that_went_leads_to_the_one_that_is_kept(remembering: tuple[Release, Settings]) -> None:
    answer = get(remembering, "/dumps/212016-dx-2020.ttl", "*/*")
    assert answer.status_code == 410
    assert "/releases/2026-01-01-00000001/dumps/212016-dx-2020.ttl" in answer.text
    assert 'rel="predecessor-version"' in answer.headers["link"]
    assert get(remembering, "/dumps/212016-dx-2021.ttl", "*/*").status_code == 404


@pytest.mark.parametrize(
    ("path", "accept", "status", "target"),
    [
        ("/releases/{}", "*/*", 303, "/releases/{}/manifest.json"),
        ("/releases/{}/changes", "text/turtle", 303, "/releases/{}/changes.ttl"),
        ("/releases/{}/changes", "application/json", 303, "/releases/{}/changes.json"),
        ("/releases/2020-01-01-00000000", "*/*", 404, ""),
        ("/dumps/", "*/*", 303, "/downloads"),
    ],
)
def test_addresses_of_releases_lead_somewhere(
    remembering: tuple[Release, Settings], path: str, accept: str, status: int, target: str
) -> None:
    version = remembering[0].version
    answer = get(remembering, path.format(version), accept)
    assert (answer.status_code, answer.headers.get("location", "")) == (status, target.format(version))
