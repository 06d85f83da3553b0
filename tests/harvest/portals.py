"""Portals that harvest us, each as its software does it, over any way of getting a URL.

`CkanPortal` walks like ckanext-harvest's harvester of CKAN sites, `ShirasagiPortal` imports through the API and
`ListPortal` imports the オープンデータ一覧 as SHIRASAGI does: what has not changed is left alone, what is missing goes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

Get = Callable[[str], bytes]
Record = dict[str, Any]


@dataclass
class Visit:
    """What one harvest did: keys of data sets or files."""

    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)


@dataclass
class CkanPortal:
    """Asks for what changed since the last visit, in pages sorted by id; takes a record that is newer than its own."""

    get: Get
    rows: int = 2
    packages: dict[str, Record] = field(default_factory=dict)
    updated: dict[str, str] = field(default_factory=dict)

    def harvest(self, now: str, since: str = "") -> Visit:
        visit = Visit()
        for package in self.search(f"metadata_modified:[{since}Z TO *]" if since else ""):
            key = package["id"]
            if key in self.packages and not package["metadata_modified"] > self.updated[key]:
                visit.skipped.add(package["name"])
                continue
            (visit.updated if key in self.packages else visit.created).add(package["name"])
            self.packages[key], self.updated[key] = package, now
        return visit

    def search(self, fq: str) -> list[Record]:
        found: dict[str, Record] = {}
        start, before = 0, b""
        while True:
            asked = {
                "rows": str(self.rows),
                "start": str(start),
                "sort": "id asc",
                **({"fq": fq} if fq else {}),
            }
            content = self.get(f"/api/3/action/package_search?{urlencode(asked)}")
            assert content != before, "the paging does not work"
            before = content
            page: list[Record] = json.loads(content)["result"]["results"]
            if not page:
                return list(found.values())
            assert found.keys().isdisjoint(item["id"] for item in page)
            found |= {item["id"]: item for item in page}
            start += self.rows


@dataclass
class ShirasagiPortal:
    """Reads every data set; takes a file again unless its `last_modified` is the one it knows."""

    get: Get
    datasets: dict[str, Record] = field(default_factory=dict)
    files: dict[str, Record] = field(default_factory=dict)

    def harvest(self) -> Visit:
        visit = Visit()
        packages = [
            json.loads(self.get(f"/api/3/action/package_show?{urlencode({'id': name})}"))["result"]
            for name in json.loads(self.get("/api/3/action/package_list"))["result"]
        ]
        for package in packages:
            # What it parses without asking whether it is there.
            assert isinstance(package["metadata_created"], str)
            assert isinstance(package["metadata_modified"], str)
            for resource in package["resources"]:
                self._take(resource, visit)
        now = {package["id"]: package for package in packages}
        present = {item["id"] for package in packages for item in package["resources"]}
        visit.deleted = {self.datasets[key]["name"] for key in self.datasets.keys() - now.keys()}
        self.datasets = now
        self.files = {key: item for key, item in self.files.items() if key in present}
        return visit

    def _take(self, resource: Record, visit: Visit) -> None:
        known = self.files.get(resource["id"])
        if known and known["last_modified"] and known["last_modified"] == resource["last_modified"]:
            visit.skipped.add(resource["url"])
            return
        (visit.updated if known else visit.created).add(resource["url"])
        self.files[resource["id"]] = resource


@dataclass
class ListPortal:
    """One row is one file; a data set is known by its id, a file by its URL; a date that moved makes it taken again."""

    get: Get
    datasets: dict[str, Record] = field(default_factory=dict)
    files: dict[str, Record] = field(default_factory=dict)

    def harvest(self) -> Visit:
        visit = Visit()
        text = self.get("/opendata-list.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        for row in rows:
            url = row["ファイル_ダウンロードURL"]
            known = self.files.get(url)
            if known and known["ファイル_最終更新日"] == row["ファイル_最終更新日"]:
                visit.skipped.add(url)
            else:
                (visit.updated if known else visit.created).add(url)
                self.files[url] = row
        now = {row["データセット_ID"]: row for row in rows}
        visit.deleted = self.datasets.keys() - now.keys()
        self.datasets = now
        self.files = {url: row for url, row in self.files.items() if row["データセット_ID"] in now}
        return visit
