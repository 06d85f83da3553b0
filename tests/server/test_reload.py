"""From one release to the next: nothing is dropped, nothing is mixed, and what is damaged is not taken up."""

from __future__ import annotations

import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from dxlod.release import Release, build_release
from dxlod.settings import Settings

from .conftest import SAMPLE
from .live import Live, descendants, live

COUNT = {"query": "SELECT (COUNT(*) AS ?n) {?s ?p ?o}", "format": "csv"}
NQUADS = "dumps/all.nq"


@pytest.fixture
def two(tmp_path: Path) -> tuple[Settings, list[Release]]:
    """Two releases that differ in their triples; the first is current."""
    settings = Settings(home=SAMPLE, data=tmp_path / "data", releases=tmp_path / "releases")
    lines = (SAMPLE / "quads.nq").read_text(encoding="utf-8").splitlines(keepends=True)
    more = lines[0].replace(lines[0].split(" ", 3)[2], '"another"', 1)
    releases = [
        build_release(settings, sorted({*lines, *extra}), {"quads.nq": str(number)}, lambda *_: None)
        for number, extra in enumerate(([], [more]))
    ]
    point(settings, releases[0].path)
    return settings, releases


def point(settings: Settings, folder: Path) -> None:
    """Make a folder current, at once."""
    aside = settings.releases / "aside"
    aside.symlink_to(folder.name)
    aside.replace(settings.releases / "current")


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@dataclass
class Hammer:
    """Asks for the same things again and again, and notes by release what it got."""

    service: Live
    failures: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with self.service.client() as client:
            while not self.stopped.is_set():
                for path, params in (
                    ("/sparql", COUNT),
                    ("/manifest.json", {}),
                    ("/dumps/all.nt", {}),
                    ("/", {}),
                ):
                    try:
                        self.note(path, client.get(path, params=params))
                    except httpx.HTTPError as error:
                        self.failures.append(f"{path}: {error!r}")

    def note(self, path: str, answer: httpx.Response) -> None:
        if answer.status_code != 200:
            self.failures.append(f"{path}: {answer.status_code} {answer.text}")
        key = (answer.headers.get("x-dxlod-release", ""), path)
        self.seen.setdefault(key, set()).add((answer.headers.get("etag", ""), answer.text))


def test_releases_change_under_load_and_no_request_is_lost_or_mixed(
    two: tuple[Settings, list[Release]], tmp_path: Path
) -> None:
    settings, releases = two
    with live(settings, tmp_path, reload_seconds=0.1) as service, service.client() as client:
        hammer = Hammer(service)
        threads = [threading.Thread(target=hammer.run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for release in (releases[1], releases[0], releases[1]):
            point(settings, release.path)
            until(lambda: client.get("/healthz").json()["release"] == release.version)  # noqa: B023
        hammer.stopped.set()
        for thread in threads:
            thread.join()
        assert hammer.failures == []
        assert {version for version, _ in hammer.seen} == {release.version for release in releases}
        for (version, path), answers in hammer.seen.items():
            assert len(answers) == 1, (version, path)
        counts = {v: next(iter(a))[1].split()[1] for (v, path), a in hammer.seen.items() if path == "/sparql"}
        assert counts == {release.version: str(release.manifest.triples) for release in releases}
        # Of those that were replaced, nothing is left running.
        until(lambda: len(zygotes(service)) == 1)


def test_a_request_under_way_ends_on_the_release_it_began_with(
    two: tuple[Settings, list[Release]], tmp_path: Path
) -> None:
    settings, releases = two
    slow = "SELECT (COUNT(*) AS ?n) {{SELECT * {?a ?b ?c} LIMIT 90} ?d ?e ?f . ?g ?h ?i}"
    with (
        live(settings, tmp_path, reload_seconds=0.05, query_timeout=200) as service,
        service.client() as client,
    ):
        answers: list[httpx.Response] = []
        asking = threading.Thread(
            target=lambda: answers.append(client.post("/sparql", data={"query": slow, "format": "csv"}))
        )
        asking.start()
        with service.client() as other:
            until(lambda: 'workers{state="slow"} 1.0' in other.get("/metrics").text or bool(answers))
            point(settings, releases[1].path)
            until(lambda: other.get("/healthz").json()["release"] == releases[1].version)
        asking.join()
        assert answers[0].headers["x-dxlod-release"] == releases[0].version
        assert answers[0].text.split()[1] == str(90 * releases[0].manifest.triples ** 2)


@pytest.fixture
def damaged(two: tuple[Settings, list[Release]]) -> tuple[Settings, list[Release]]:
    """The second release has lost the end of its quads."""
    settings, releases = two
    kept = releases[1].path.parent / "kept.nq"
    shutil.copy(releases[1].path / NQUADS, kept)
    os.truncate(releases[1].path / NQUADS, kept.stat().st_size - 100)
    return settings, releases


def test_a_damaged_release_is_refused_and_taken_up_once_it_is_mended(
    damaged: tuple[Settings, list[Release]], tmp_path: Path
) -> None:
    settings, releases = damaged
    with live(settings, tmp_path, reload_seconds=0.1) as service, service.client() as client:
        point(settings, releases[1].path)
        until(lambda: 'dxlod_reloads_total{result="refused"} 1.0' in client.get("/metrics").text)
        assert client.get("/healthz").json()["release"] == releases[0].version
        assert client.get("/sparql", params=COUNT).text.split()[1] == str(releases[0].manifest.triples)
        assert NQUADS in service.errors.read_text()
        shutil.copy(releases[1].path.parent / "kept.nq", releases[1].path / NQUADS)
        # Nobody looks again at what was refused until it is asked for.
        service.process.send_signal(signal.SIGHUP)
        until(lambda: client.get("/healthz").json()["release"] == releases[1].version)


def test_without_a_current_release_the_last_one_stays(
    two: tuple[Settings, list[Release]], tmp_path: Path
) -> None:
    settings, releases = two
    with live(settings, tmp_path, reload_seconds=0.1) as service, service.client() as client:
        (settings.releases / "current").unlink()
        until(lambda: 'dxlod_reloads_total{result="refused"} 1.0' in client.get("/metrics").text)
        assert client.get("/sparql", params=COUNT).status_code == 200
        point(settings, releases[1].path)
        until(lambda: client.get("/healthz").json()["release"] == releases[1].version)


def test_files_of_the_release_before_can_still_be_had_by_its_version(
    two: tuple[Settings, list[Release]], tmp_path: Path
) -> None:
    settings, releases = two
    point(settings, releases[1].path)
    with live(replace(settings), tmp_path) as service, service.client() as client:
        answer = client.get(f"/releases/{releases[0].version}/{NQUADS}")
        assert answer.content == (releases[0].path / NQUADS).read_bytes()
        assert "immutable" in answer.headers["cache-control"]
        assert client.get("/releases/unpublished-00000000/manifest.json").status_code == 404


def zygotes(service: Live) -> list[int]:
    found = []
    for pid in descendants(service.process.pid):
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and re.search(rb"dxlod\.server\.zygote", command.read_bytes()):
            found.append(pid)
    # Workers look like the zygote they were forked from.
    return [pid for pid in found if descendants(pid)]
