"""The service over a release, asked in this process: the catalogue needs no query worker."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import httpx
from starlette.types import ASGIApp

from dxlod.release import Release
from dxlod.server.app import create_app
from dxlod.settings import Settings

__all__ = ["app_over", "ask", "ask_all"]


def app_over(release: Release) -> ASGIApp:
    """The application, not started."""
    return create_app(release, Settings(releases=release.path.parent))


def ask(
    app: ASGIApp, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """One answer; redirects are not followed."""
    return ask_all(app, [path], method, headers)[0]


def ask_all(
    app: ASGIApp, paths: Sequence[str], method: str = "GET", headers: Mapping[str, str] | None = None
) -> list[httpx.Response]:
    """The answers, in the order of the paths."""

    async def run() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [
                await client.request(method, path, headers={"Accept-Encoding": "identity", **(headers or {})})
                for path in paths
            ]

    return asyncio.run(run())
