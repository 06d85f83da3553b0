"""Faults of ours, and the page that says what is promised."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from dxlod.errors import SettingsError
from dxlod.release import Release
from dxlod.server import create_app
from dxlod.server.http import status_of
from dxlod.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.anyio
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json"])
async def test_a_fault_of_ours_says_nothing_of_our_inside(
    settings: Settings, release: Release, accept: str
) -> None:
    app = create_app(release, settings)

    @app.get("/broken")
    async def broken() -> None:
        raise KeyError("inside")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.get("/broken", headers={"Accept": accept})
    assert answer.status_code == 500
    assert "inside" not in answer.text
    assert "Something went wrong" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_each_promise_names_a_test_that_exists() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    promises = [line for line in text.partition("## Promises")[2].splitlines() if line.startswith("| ")][1:]
    assert len(promises) > 20
    for promise in promises:
        named = NAMED.findall(promise)
        assert named, promise
        for path, name in named:
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{name}"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_a_text_that_the_pages_lack_is_a_fault_of_ours() -> None:
    """It does not go away by waiting, as 503 would say."""
    assert status_of(SettingsError("文言がありません。", "There is no message.")) == (500, {})
