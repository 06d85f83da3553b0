"""Harvested again and again: nothing is lost, nothing is taken twice, what goes is said to be gone."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from dxlod.release import Release
from dxlod.server.app import create_app
from dxlod.server.ckan_portal import arrivals
from dxlod.settings import Settings

from .conftest import BASE, CHANGED, DATES, GONE, Served
from .portals import CkanPortal, ListPortal, ShirasagiPortal

NAMES = {"dxlod-all", f"dxlod-{CHANGED}", f"dxlod-{GONE}"}


def arrive(folder: Path, release: Release, moment: str) -> Served:
    """A copy of the release in another folder, as if it had been installed there at that time, and served."""
    copy = replace(release, path=Path(shutil.copytree(release.path, folder / release.version)))
    os.utime(copy.path / "manifest.json", (at(moment),) * 2)
    return Served(copy, create_app(copy, Settings(releases=folder)))


def at(text: str) -> float:
    return datetime.fromisoformat(f"{text}+00:00").timestamp()


def of_plan(urls: set[str]) -> set[str]:
    return {
        url.removeprefix(f"{BASE}/dumps/").removeprefix("csv/").partition("/")[0].partition(".")[0]
        for url in urls
    }


def test_the_api_of_the_importer_takes_again_only_what_changed(served: list[Served]) -> None:
    portal = ShirasagiPortal(served[0].get)
    first = portal.harvest()
    assert {item["name"] for item in portal.datasets.values()} == NAMES
    assert len(first.created) > 60
    ids = set(portal.files)
    assert portal.harvest().skipped == first.created

    portal.get = served[1].get
    second = portal.harvest()
    assert (second.created, second.deleted) == (set(), set())
    assert of_plan(second.updated) == {CHANGED, "all"}
    assert f"{BASE}/dumps/csv/{CHANGED}/212130_policy.csv" in second.updated
    assert f"{BASE}/dumps/csv/{CHANGED}/212130_initiative.csv" in second.skipped
    assert set(portal.files) == ids
    changed = {item["last_modified"] for item in portal.files.values() if item["url"] in second.updated}
    assert changed == {f"{DATES[1]}T00:00:00"}
    assert {item["last_modified"] for item in portal.files.values()} - changed == {f"{DATES[0]}T00:00:00"}

    portal.get = served[2].get
    third = portal.harvest()
    assert third.deleted == {f"dxlod-{GONE}"}
    assert of_plan(third.updated) == {"all"}


def test_the_list_says_the_same(served: list[Served]) -> None:
    portal = ListPortal(served[0].get)
    first = portal.harvest()
    assert set(portal.datasets) == NAMES
    assert all(row["データセット_タイトル"] and row["ファイル_タイトル"] for row in portal.files.values())
    assert portal.harvest().skipped == first.created
    portal.get = served[1].get
    second = portal.harvest()
    assert (second.created, second.deleted) == (set(), set())
    assert of_plan(second.updated) == {CHANGED, "all"}
    portal.get = served[2].get
    assert portal.harvest().deleted == {f"dxlod-{GONE}"}


def test_every_file_offered_has_the_size_and_hash_it_is_said_to_have(served: list[Served]) -> None:
    portal = ShirasagiPortal(served[1].get)
    portal.harvest()
    for item in portal.files.values():
        content = served[1].get(item["url"])
        assert len(content) == item["size"], item["url"]
        assert hashlib.sha256(content).hexdigest() == item["hash"], item["url"]


def test_a_walk_that_asks_for_changes_misses_none_however_late_they_arrive(
    served: list[Served], tmp_path: Path
) -> None:
    """Published on 1 October and installed on the third, between visits on the second and the ninth."""
    portal = CkanPortal(arrive(tmp_path, served[0].release, "2026-04-02T10:00:00").get)
    assert portal.harvest("2026-04-03T00:00:00").created == NAMES
    assert portal.harvest("2026-10-02T00:00:00", "2026-04-02T23:00:00").created == set()

    portal.get = arrive(tmp_path, served[1].release, "2026-10-03T10:00:00").get
    late = portal.harvest("2026-10-09T00:00:00", "2026-10-01T23:00:00")
    assert (late.created, late.updated) == (set(), {f"dxlod-{CHANGED}", "dxlod-all"})
    again = portal.harvest("2026-10-10T00:00:00", "2026-10-08T23:00:00")
    assert (again.updated, again.skipped) == (set(), set())


def test_a_release_that_was_gone_back_to_is_news(served: list[Served], tmp_path: Path) -> None:
    first, second = (
        arrive(tmp_path, item.release, f"2026-04-0{day}T00:00:00").release
        for day, item in enumerate(served[:2], 1)
    )
    assert begun(second) == {
        f"dxlod-{GONE}": "2026-04-01T00:00:01",
        f"dxlod-{CHANGED}": "2026-04-02T00:00:01",
        "dxlod-all": "2026-04-02T00:00:01",
    }
    link = tmp_path / "current"
    link.symlink_to(first.version)
    os.utime(link, (at("2026-04-09T00:00:00"),) * 2, follow_symlinks=False)
    assert begun(first) == {
        f"dxlod-{GONE}": "2026-04-02T00:00:01",
        f"dxlod-{CHANGED}": "2026-04-09T00:00:01",
        "dxlod-all": "2026-04-09T00:00:01",
    }


def begun(release: Release) -> dict[str, str]:
    return {package["name"]: moment.isoformat() for package, moment in arrivals(release.path)}


@pytest.mark.parametrize("path", [f"/id/dataset/{GONE}", f"/dataset/dxlod-{GONE}", "/id/plan/212075/dx/2024"])
def test_what_is_gone_is_said_to_be_gone(served: list[Served], path: str) -> None:
    there, gone = (item.ask(path, "text/turtle") for item in (served[1], served[2]))
    assert (there.status_code, gone.status_code) == (303, 303)
    assert served[1].ask(there.headers["location"], "text/turtle").status_code == 200
    answer = served[2].ask(gone.headers["location"], "application/json, text/turtle")
    assert answer.status_code == 410
    stone = answer.json()["tombstone"]
    assert stone["last"]["version"] == served[1].release.version
    assert "美濃市" in stone["label"]["ja"]
    assert served[2].ask(gone.headers["location"], "text/html").status_code == 410


def test_the_api_answers_for_it_as_ckan_does_for_a_deleted_one(served: list[Served]) -> None:
    name = f"dxlod-{GONE}"
    assert served[1].ask(f"/api/3/action/package_show?id={name}").status_code == 200
    answer = served[2].ask(f"/api/3/action/package_show?id={name}")
    assert (answer.status_code, answer.json()["success"]) == (404, False)
    assert answer.json()["error"]["__type"] == "Not Found Error"
    assert name not in served[2].ask("/api/3/action/package_list").json()["result"]
