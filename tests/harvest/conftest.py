"""Two cities, published three times: as they are, with one policy renamed, and without the other city."""

from __future__ import annotations

import asyncio
import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from dxlod.pipeline import build_current
from dxlod.release import Release
from dxlod.server.app import create_app
from dxlod.settings import Settings

HOME = Path(__file__).resolve().parents[2]
DATES = ("2026-04-01", "2026-10-01", "2026-12-01")
CHANGED, GONE = "212130-dx-2026", "212075-dx-2024"
BASE = "https://w3id.org/dxlod"


def copy_tables(data: Path) -> None:
    """The tables of two cities with one plan each."""
    for name in ("212075", "212130", "shared"):
        shutil.copytree(HOME / "data" / name, data / name)
    shutil.copy(HOME / "data" / "publisher.toml", data)


def rename_a_policy(data: Path) -> None:
    """One cell of one table of one plan."""
    table = data / "212130" / "212130_policy.csv"
    with table.open(encoding="utf-8-sig", newline="") as file:
        header, first, *rest = csv.reader(file)
    first[header.index("名称")] += "（改）"
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, first, *rest])


def publish(settings: Settings, date: str) -> Release:
    return build_current(settings, lambda *_: None, publish=date)


@dataclass(frozen=True)
class Served:
    """A release behind its application, asked in this process."""

    release: Release
    app: ASGIApp

    def ask(self, url: str, accept: str = "*/*", method: str = "GET") -> httpx.Response:
        path = url.removeprefix(BASE)

        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, headers={"Accept": accept})

        return asyncio.run(run())

    def get(self, url: str) -> bytes:
        answer = self.ask(url)
        assert answer.status_code == 200, (url, answer.text)
        return answer.content


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("harvest")
    return Settings(data=folder / "data", releases=folder / "releases")


@pytest.fixture(scope="module")
def served(settings: Settings) -> list[Served]:
    """The three publications."""
    steps: list[Callable[[Path], None]] = [
        copy_tables,
        rename_a_policy,
        lambda data: shutil.rmtree(data / "212075"),
    ]
    found = []
    for step, date in zip(steps, DATES, strict=True):
        step(settings.data)
        release = publish(settings, date)
        found.append(Served(release, create_app(release, settings)))
    return found
