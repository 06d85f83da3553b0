from __future__ import annotations

import asyncio
import os
import signal
import socket
from dataclasses import replace

import pytest

from dxlod.errors import QueryTimeoutError, ReleaseError, SettingsError, StoreBusyError, StoreError
from dxlod.release import Release
from dxlod.server import serve
from dxlod.server.pool import QueryPool
from dxlod.settings import Settings

BOMB = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"


def test_a_port_in_use_is_an_error_of_ours(settings: Settings, release: Release) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="--port"):
        serve(settings, "127.0.0.1", taken.getsockname()[1])


def test_no_release_is_an_error_of_ours(settings: Settings) -> None:
    with pytest.raises(ReleaseError, match="dxlod build"):
        serve(replace(settings, releases=settings.releases / "none"))


def test_workers_and_zygote_are_replaced(settings: Settings, release: Release) -> None:
    async def run() -> None:
        pool = QueryPool(release, replace(settings, query_workers=1, query_timeout=30))
        await pool.start()
        try:
            for pids in (list(pool._workers), [pool._zygote._process.pid]):  # type: ignore[union-attr]
                work = asyncio.ensure_future(pool.query(BOMB))
                await asyncio.sleep(0.2)
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)
                with pytest.raises(QueryTimeoutError):
                    await work
                assert (await pool.query("ASK {?s ?p ?o}")).body.endswith(b"true}")
        finally:
            await pool.close()

    asyncio.run(run())


def test_a_query_nobody_waits_for_is_ended(settings: Settings, release: Release) -> None:
    async def run() -> None:
        pool = QueryPool(release, replace(settings, query_workers=1, query_timeout=600))
        await pool.start()
        try:
            work = asyncio.ensure_future(pool.query(BOMB))
            await asyncio.sleep(0.2)
            work.cancel()
            assert (await pool.query("ASK {?s ?p ?o}")).body.endswith(b"true}")
        finally:
            await pool.close()

    asyncio.run(run())


def test_busy_is_said(settings: Settings, release: Release) -> None:
    async def run() -> None:
        pool = QueryPool(release, replace(settings, query_workers=1, query_timeout=600, queue_timeout=0.1))
        await pool.start()
        try:
            work = asyncio.ensure_future(pool.query(BOMB))
            await asyncio.sleep(0.2)
            with pytest.raises(StoreBusyError):
                await pool.query("ASK {}")
            work.cancel()
        finally:
            await pool.close()
        assert not pool.alive

    asyncio.run(run())


def test_a_store_that_cannot_be_loaded_is_an_error_of_ours(settings: Settings, release: Release) -> None:
    gone = replace(release, path=release.path / "none")
    with pytest.raises(StoreError, match=r"all\.nq"):
        asyncio.run(QueryPool(gone, settings).start())
