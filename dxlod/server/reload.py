"""From one release to the next without a pause: each has an application of its own, and this stands before them.

A request is answered wholly by the application that was current when it came. When `current` points elsewhere, the new
release is verified and its application started beside the old one; then new requests go there, and the old one is shut
down when its last request has ended. A release that is damaged or does not start is refused, and the old one stays.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, suppress

from starlette.types import Receive, Scope, Send

from dxlod.errors import DxlodError, ReleaseError
from dxlod.release import Release, open_current, verify
from dxlod.server.app import create_app
from dxlod.server.cache import AnswerStore
from dxlod.server.metrics import Metrics
from dxlod.server.observe import record_of
from dxlod.server.service import Service
from dxlod.server.shortcut import Shortcut
from dxlod.settings import Settings

__all__ = ["Deployment", "Switch"]

_LOG = logging.getLogger("dxlod")


class Deployment:
    """One release being served: its application, started, and how many requests it has under way."""

    def __init__(self, release: Release, settings: Settings, metrics: Metrics) -> None:
        self.release = release
        self._inner = create_app(release, settings, metrics)
        direct = Shortcut(self._inner, self._inner.state.desk)
        self._app = AnswerStore(direct, settings.cache_bytes, metrics)
        self._running = AsyncExitStack()
        self._under_way = 0
        self._unused = asyncio.Event()
        self._unused.set()

    @property
    def service(self) -> Service:
        """What its routes work with."""
        service: Service = self._inner.state.service
        return service

    async def start(self) -> None:
        """StoreError or another DxlodError when it cannot."""
        await self._running.enter_async_context(self._inner.router.lifespan_context(self._inner))

    async def stop(self, patience: float) -> None:
        """When no request is under way any more, or after so many seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._unused.wait()
        except TimeoutError:
            _LOG.warning("release %s: %d requests cut off", self.release.version, self._under_way)
        await self._running.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        record_of(scope).release = self.release.version
        self._under_way += 1
        self._unused.clear()
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._unused.set()


class Switch:
    """The ASGI application that a server runs; `start` and `close` take the place of its lifespan."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._now: Deployment | None = None
        self._seen: tuple[object, ...] = ()
        self._nudge = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        metrics.watch(lambda: (self.now.release.version, self.now.service.pool.numbers))

    @property
    def now(self) -> Deployment:
        """What is served now; ReleaseError before the start."""
        if self._now is None:
            raise ReleaseError("まだ始まっていません。", "Nothing is served yet.")
        return self._now

    async def start(self) -> None:
        """Serve the current release; ReleaseError or StoreError when that cannot be."""
        self._seen = self._look()
        self._now = await self._deploy(open_current(self._settings))
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Stop; requests still under way are cut off."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait((self._watching,))
        if self._now is not None:
            self._retire(self._now, 0)
        while self._retiring:
            await asyncio.wait(self._retiring)

    def nudge(self) -> None:
        """Look for a new release now, and try a refused one again."""
        self._seen = ()
        self._nudge.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        await self.now(scope, receive, send)

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.reload_seconds or None):
                    await self._nudge.wait()
            self._nudge.clear()
            seen = self._look()
            if seen != self._seen:
                self._seen = seen
                await self._take_up()

    def _look(self) -> tuple[object, ...]:
        """What tells one state of `current` from another."""
        link = self._settings.releases / "current"
        try:
            manifest = (link / "manifest.json").stat()
            return str(link.resolve()), manifest.st_ino, manifest.st_mtime_ns, manifest.st_size
        except OSError:
            return ("none",)

    async def _take_up(self) -> None:
        trial = asyncio.create_task(self._prepare())
        try:
            await asyncio.wait((trial,))
        finally:
            trial.cancel()
        fault = trial.exception()
        self._metrics.reload(taken=fault is None)
        if fault is not None:
            # Whatever is wrong with the new one, even a fault of ours, the old one shall go on.
            _LOG.error("%s stays; the new release is refused: %r", self.now.release.version, fault)
            return
        old, self._now = self.now, trial.result()
        if old is not self._now:
            _LOG.warning("now serving release %s", self.now.release.version)
            self._retire(old, self._settings.query_timeout + self._settings.drain_timeout)

    async def _prepare(self) -> Deployment:
        release = await asyncio.to_thread(open_current, self._settings)
        if (release.seal, release.path) == (self.now.release.seal, self.now.release.path):
            return self.now
        damages = await asyncio.to_thread(verify, release)
        if damages:
            first = damages[0]
            raise ReleaseError(f"{first.path}: {first.ja}", f"{first.path}: {first.en}")
        return await self._deploy(release)

    async def _deploy(self, release: Release) -> Deployment:
        # Its index may have to be made first, which takes a while.
        deployment = await asyncio.to_thread(Deployment, release, self._settings, self._metrics)
        try:
            await deployment.start()
        except DxlodError:
            await deployment.stop(0)
            raise
        return deployment

    def _retire(self, deployment: Deployment, patience: float) -> None:
        task = asyncio.create_task(deployment.stop(patience))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
