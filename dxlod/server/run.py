"""Running the service on a port."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TextIO

import uvicorn

from dxlod.errors import SettingsError
from dxlod.release import Release, open_current
from dxlod.server.connection import Connection
from dxlod.server.metrics import Metrics
from dxlod.server.observe import Observer
from dxlod.server.reload import Switch
from dxlod.server.service import example_path
from dxlod.settings import Settings

__all__ = ["serve", "urls_to_try"]

Say = Callable[[str], None]

_FILES_FOR_EACH = 4


class _Server(uvicorn.Server):
    """Starts and stops what it serves, says that it is ready when it is, and ends well when it is told to end."""

    def __init__(self, config: uvicorn.Config, switch: Switch, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._switch = switch
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self._switch.start()
        await super().startup(sockets)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._switch.nudge)
        if self.started:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        await self._switch.close()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            # Asked to stop and stopped: that is no failure, so the signal is not raised again.
            self._captured_signals.clear()


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8000, say: Say = print) -> None:
    """Serve the current release until stopped; `say` is given the URLs to try, line by line, once it answers.

    Port 0 takes any free one. ReleaseError without a release, SettingsError when the port cannot be had. SIGTERM and
    SIGINT finish what is under way and return; SIGHUP looks for a new release at once.
    """
    release = open_current(settings)
    _raise_limit(settings.max_connections * _FILES_FOR_EACH)
    with _listen(host, port) as listener:
        taken = int(listener.getsockname()[1])

        def announce() -> None:
            for line in urls_to_try(release, settings, host, taken):
                say(line)

        metrics = Metrics()
        switch = Switch(settings, metrics)
        config = _configure(settings, Observer(switch, metrics, _log_to(settings.access_log)))
        _Server(config, switch, announce).run(sockets=[listener])


def urls_to_try(release: Release, settings: Settings, host: str, port: int) -> list[str]:
    """Lines that say where the service is and what to look at first."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    origin = f"http://{shown}:{port}"
    return [
        f"リリース {release.version} を {origin}/ で公開しています（Ctrl-C で終了）",
        f"Serving release {release.version} at {origin}/ (Ctrl-C stops)",
        f"  {origin}/",
        f"  {origin}/sparql",
        f"  {origin}{example_path(release, settings)}",
        f"  {origin}/dumps/all.ttl",
    ]


def _configure(settings: Settings, app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=partial(Connection, settings),  # type: ignore[arg-type]
        loop="uvloop",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=settings.keep_alive,  # type: ignore[arg-type]
        timeout_graceful_shutdown=settings.drain_timeout,  # type: ignore[arg-type]
    )


def _log_to(name: str) -> TextIO | None:
    return {"stderr": sys.stderr, "stdout": sys.stdout}.get(name)


def _raise_limit(files: int) -> None:
    """As many open files as connections may need, if the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = files if hard == resource.RLIM_INFINITY else min(files, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise SettingsError(
            f"{host}:{port} は使えません。",
            f"{host}:{port} cannot be used: {error}",
            mend_ja="--port で別の番号を指定するか、使っているプロセスを止めてください。",
            mend_en="Choose another with --port, or stop what is using it.",
        ) from error
