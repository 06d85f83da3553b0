"""CKAN's own harvesters read us over HTTP from a running server, twice (`-m rivals`)."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph
import pytest
from rdflib import Dataset, Graph

from dxlod.settings import Settings

from .conftest import CHANGED, DATES, GONE, copy_tables, publish, rename_a_policy
from .environment import ckan

pytestmark = pytest.mark.rivals
PUBLISHER = "dxlod (municipal DX plans as linked open data)"
FEEDS = ("/catalog", "/catalog.ttl", "/catalog.jsonld", "/catalog.rdf")
SERVE = """
import sys
from pathlib import Path
from dxlod.server import serve
from dxlod.settings import Settings
data, releases = map(Path, sys.argv[1:3])
serve(Settings(data=data, releases=releases), port=int(sys.argv[3]), say=lambda line: print(line, flush=True))
"""
RDFLIB = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}
OXIGRAPH = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}


class Site:
    """Two cities on a port of their own, one data set on a page of the feed; what is published is served."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = Settings(data=folder / "data", releases=folder / "releases")
        copy_tables(self.settings.data)
        about = self.settings.data / "publisher.toml"
        text = about.read_text("utf-8").replace('site = ""', f'site = "{self.url}"')
        about.write_text(text.replace('page_size = "100"', 'page_size = "1"'), "utf-8")
        publish(self.settings, DATES[0])

    @contextmanager
    def serving(self) -> Iterator[None]:
        command = [sys.executable, "-c", SERVE]
        command += [str(self.settings.data), str(self.settings.releases), str(self.port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
            assert process.stdout is not None
            assert self.url in process.stdout.readline()
            try:
                yield
            finally:
                process.terminate()
                assert process.wait(timeout=30) in (0, -15)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("rivals"))
    with made.serving():
        yield made


def packages(site: Site) -> dict[str, dict[str, Any]]:
    text = httpx.get(f"{site.url}/api/3/action/package_search?q=*:*&rows=1000").text
    return {package["name"]: package for package in json.loads(text)["result"]["results"]}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_ckanext_dcat_reads_every_format(site: Site, language: str) -> None:
    feeds = ckan("dcat", language, *(f"{site.url}{path}" for path in FEEDS))
    kinds = ["text/turtle", "text/turtle", "application/ld+json", "application/rdf+xml"]
    assert [feed["format"] for feed in feeds] == kinds
    assert [len(feed["pages"]) for feed in feeds] == [3, 1, 1, 1]
    expected = packages(site)
    for feed in feeds:
        found = {extra_of(dataset, "identifier"): dataset for dataset in feed["datasets"]}
        assert found.keys() == expected.keys()
        assert len(feed["datasets"]) == len(found)
        for name, dataset in found.items():
            assert_same(dataset, expected[name], language)


def extra_of(dataset: dict[str, Any], key: str) -> Any:
    """A field, or else the extra of that name, as the harvester looks for it."""
    return dataset.get(key) or {item["key"]: item["value"] for item in dataset["extras"]}.get(key)


def assert_same(dataset: dict[str, Any], package: dict[str, Any], language: str) -> None:
    """What comes out of the feed is what the API says."""
    extras = {item["key"]: item["value"] for item in package["extras"]}
    assert dataset["guid"] == extras["uri"]
    assert dataset["title"] == {"ja": package["title"], "en": extras["title_en"]}[language]
    assert dataset["notes"] in package["notes"]
    assert dataset["license_id"] == package["license_id"] == "cc-by"
    assert {tag["name"] for tag in package["tags"]} <= {tag["name"] for tag in dataset["tags"]}
    assert dataset["url"] == package["url"]
    assert extra_of(dataset, "publisher_uri") == extras["publisher_uri"]
    assert extra_of(dataset, "publisher_name") == {"ja": package["author"], "en": PUBLISHER}[language]
    found = {item["url"]: item for item in dataset["resources"]}
    assert found.keys() == {item["url"] for item in package["resources"]}
    for item in package["resources"]:
        same = {key: found[item["url"]][key] for key in ("size", "hash", "mimetype", "format")}
        # DCAT says of a compressed file what is in it.
        assert language == "en" or found[item["url"]]["name"] == item["name"]
        inside = {**item, "mimetype": item["mimetype_inner"] or item["mimetype"]}
        assert same == {key: inside[key] for key in same}


def test_ckanext_harvest_finds_every_package(site: Site) -> None:
    found = ckan("search", site.url)
    assert {package["name"]: package for package in found} == packages(site)
    assert ckan("search", site.url, "2999-01-01T00:00:00.123456") == []
    assert len(ckan("search", site.url, "2026-01-01T00:00:00.123456")) == 3


def test_ckan_accepts_names_tags_and_licences(site: Site) -> None:
    found = list(packages(site).values())
    assert ckan("check", given=found) == []
    wrong = {**found[0], "name": "Not A Name", "tags": [{"name": "a・b"}], "license_id": "cc-by-9"}
    assert len(ckan("check", given=[wrong])) == 3


def test_rdflib_and_oxigraph_read_each_dump_over_http(site: Site) -> None:
    for package in packages(site).values():
        graphs = [item for item in package["resources"] if item["url"].rpartition(".")[2] in RDFLIB]
        assert len(graphs) == len(RDFLIB)
        sizes = {}
        for item in graphs:
            answer = httpx.get(item["url"])
            assert answer.headers["content-type"].partition(";")[0] == item["mimetype"]
            suffix = item["url"].rpartition(".")[2]
            sizes[suffix] = (read_by_rdflib(answer.content, suffix), read_by_oxigraph(answer.content, suffix))
        assert len({size for pair in sizes.values() for size in pair}) == 1, sizes


def read_by_rdflib(content: bytes, suffix: str) -> int:
    graph: Graph = Dataset() if suffix in ("trig", "nq") else Graph()
    graph.parse(data=content, format=RDFLIB[suffix])
    return len({triple[:3] for triple in graph})


def read_by_oxigraph(content: bytes, suffix: str) -> int:
    return len({quad.triple for quad in pyoxigraph.parse(content, format=OXIGRAPH[suffix])})


def test_the_list_leads_to_every_file(site: Site) -> None:
    answer = httpx.get(f"{site.url}/opendata-list.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == sum(package["num_resources"] for package in packages(site).values())
    for row in rows:
        head = httpx.head(row["ファイル_ダウンロードURL"], headers={"Accept-Encoding": "identity"})
        assert (head.status_code, head.headers["content-length"]) == (200, row["ファイル_サイズ"])
        page = httpx.get(row["データセット_URL"], headers={"Accept": "text/html"}, follow_redirects=True)
        assert re.search("<html", page.text)


def test_the_second_harvest_loses_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with site.serving():
        (first,) = ckan("dcat", "ja", f"{site.url}/catalog")
        before = {package["id"]: package for package in ckan("search", site.url)}
    rename_a_policy(site.settings.data)
    publish(site.settings, DATES[1])
    with site.serving():
        (second,) = ckan("dcat", "ja", f"{site.url}/catalog")
        after = {package["id"]: package for package in ckan("search", site.url)}
        since = max(package["metadata_modified"] for package in before.values())
        newer = [
            package["name"] for package in ckan("search", site.url, f"{since[:-2]}{int(since[-2:]):02}.9")
        ]
    # ckanext-dcat deletes what has another guid, or none.
    assert {item["guid"] for item in first["datasets"]} == {item["guid"] for item in second["datasets"]}
    assert before.keys() == after.keys()
    assert set(newer) == {f"dxlod-{CHANGED}", "dxlod-all"}
    for key, package in before.items():
        moved = moved_files(package, after[key])
        assert bool(moved) == (package["name"] != f"dxlod-{GONE}")


def moved_files(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """URLs of the resources with another `last_modified`; the ids are the same."""
    was, now = ({item["id"]: item for item in package["resources"]} for package in (before, after))
    assert was.keys() == now.keys()
    moved = {key for key in was if was[key]["last_modified"] != now[key]["last_modified"]}
    assert moved == {key for key in was if was[key]["hash"] != now[key]["hash"]}
    return {now[key]["url"] for key in moved}
