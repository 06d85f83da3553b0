"""The whole published site as files behind nginx: addresses, media types, languages and redirects as the service has them."""

from __future__ import annotations

import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from dxlod.release import Release, open_current
from dxlod.server.export import Exported, export
from dxlod.settings import Settings

from .test_export import Page, paths, whole_links

# The whole site is some 40,000 files: tests/server/test_export.py does the same with the sample.
pytestmark = pytest.mark.soak
KPI = "plan/212075/dx/2024/kpi/1-1-1"
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    include {folder}/site.conf;
}}
"""


@pytest.fixture(scope="module")
def current(releases: Path) -> Release:
    return open_current(Settings(releases=releases))


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole") / "site"


@pytest.fixture(scope="module")
def exported(current: Release, releases: Path, target: Path) -> Exported:
    return export(current, Settings(releases=releases), target)


@pytest.fixture(scope="module")
def nginx(
    exported: Exported, target: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("nginx")
    port = free_port()
    site = (target / "hosting" / "nginx.conf").read_text("utf-8")
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};").replace(
        "root /srv/dxlod;", f"root {target};"
    )
    assert f"root {target};" in site
    (folder / "site.conf").write_text(site, "utf-8")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder), "utf-8")
    # nginx's worker may run as somebody else, who must be able to look in.
    for place in (target, *target.parents[:3], folder):
        place.chmod(0o755)
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with subprocess.Popen(command) as process:
        try:
            wait_for(port)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                yield client
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def live(releases: Path) -> Iterator[httpx.Client]:
    command = [sys.executable, "-m", "dxlod.cli", "serve", "--port", "0", "--releases", str(releases)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        with httpx.Client(base_url=found.group(), timeout=60) as client:
            yield client
        process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


def test_every_link_of_the_whole_site_leads_to_a_file(exported: Exported, target: Path) -> None:
    assert whole_links(target) > 100_000
    assert exported.files > 30_000
    assert not exported.broken


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("*/*", "text/turtle"),
        ("", "text/turtle"),
    ],
)
def test_an_entity_is_found_as_at_the_service(
    nginx: httpx.Client, live: httpx.Client, accept: str, media_type: str
) -> None:
    answers = []
    for client in (nginx, live):
        moved = client.get(f"/id/{KPI}", headers={"Accept": accept})
        assert moved.status_code == 303
        found = client.get(moved.headers["location"], headers={"Accept": accept, "Accept-Language": "ja"})
        assert found.status_code == 200
        assert found.headers["content-type"].partition(";")[0] == media_type
        assert found.headers["access-control-allow-origin"] == "*"
        assert {"accept", "accept-language"} >= {
            word.strip().lower() for word in found.headers["vary"].split(",")
        } - {
            "accept-encoding",
            "origin",
        }
        answers.append(found)
    if media_type == "text/html":
        assert Page(answers[0].text).words == Page(answers[1].text).words
    else:
        assert answers[0].content == answers[1].content


def test_languages(nginx: httpx.Client) -> None:
    html = {"Accept": "text/html"}
    for path in ("/", f"/doc/{KPI}", "/about"):
        plain = nginx.get(path, headers=html)
        english = nginx.get(path, headers={**html, "Accept-Language": "en-GB,en;q=0.9,ja;q=0.5"})
        assert '<html lang="ja">' in plain.text
        assert '<html lang="en">' in english.text
        assert nginx.get(f"/en{path}", headers=html).text == english.text
        moved = nginx.get(f"/ja{path}", headers=html)
        assert (moved.status_code, moved.headers["location"]) == (308, path)


def test_a_sample_of_all_addresses_is_as_at_the_service(
    nginx: httpx.Client, live: httpx.Client, current: Release
) -> None:
    chosen = random.Random(1).sample(sorted(paths(current)), 60)
    for path in chosen:
        for suffix in ("ttl", "jsonld", "nt", "rdf"):
            here, there = nginx.get(f"/{quote(path)}.{suffix}"), live.get(f"/{quote(path)}.{suffix}")
            assert here.content == there.content, path
            assert here.headers["content-type"].lower() == there.headers["content-type"].lower(), path
    for entry in current.manifest.files:
        there = live.head(f"/{quote(entry.path)}")
        if there.status_code == 200:
            here = nginx.head(f"/{quote(entry.path)}")
            assert here.headers["content-length"] == str(entry.bytes), entry.path
            kinds = {answer.headers["content-type"].partition(";")[0] for answer in (here, there)}
            assert len(kinds) == 1, entry.path


def test_harvesters_find_what_they_ask_for(nginx: httpx.Client, live: httpx.Client) -> None:
    for path in ("/catalog", "/.well-known/void", "/catalog.ttl", "/catalog.rdf"):
        here, there = nginx.get(path), live.get(path, follow_redirects=True)
        assert there.status_code == 200, path
        assert here.content == there.content, path
        assert (
            here.headers["content-type"].partition(";")[0] == there.headers["content-type"].partition(";")[0]
        )
        assert nginx.head(path).status_code == 200
    assert result(nginx, "package_list") == result(live, "package_list")
    everything = result(live, "package_search?rows=1000")
    assert result(nginx, "package_search?rows=1000&start=0") == everything
    for package in everything["results"]:
        for key in (package["name"], package["id"]):
            assert (
                result(nginx, f"package_show?id={key}") == result(live, f"package_show?id={key}") == package
            )
        moved = nginx.get(f"/dataset/{package['name']}")
        assert (moved.status_code, nginx.get(moved.headers["location"]).status_code) == (303, 200)
    assert nginx.get("/api/3/action/package_show?id=dxlod-000000-x-1").status_code == 404


def result(client: httpx.Client, asked: str) -> Any:
    """What an action of the CKAN-shaped API answers, without the address of the site in it."""
    answer = client.get(f"/api/3/action/{asked}")
    assert answer.headers["content-type"] == "application/json"
    return answer.json()["result"]


def test_what_is_not_there_has_a_page(nginx: httpx.Client) -> None:
    for path in (
        "/nothing",
        "/doc/nothing/at/all",
        "/hosting/nginx.conf",
        "/export.json",
        "/doc/../../etc/passwd",
    ):
        answer = nginx.get(path)
        assert answer.status_code == 404, path
        assert '<base href="/">' in answer.text
