"""Running the service on a port."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from dxlod.errors import SettingsError
from dxlod.release import Release, open_current
from dxlod.server.app import create_app
from dxlod.server.service import example_path
from dxlod.settings import Settings

__all__ = ["serve", "urls_to_try"]

Say = Callable[[str], None]


class _Server(uvicorn.Server):
    """Says that it is ready when it is."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8000, say: Say = print) -> None:
    """Serve the current release until stopped; `say` is given the URLs to try, line by line, once it answers.

    Port 0 takes any free one. ReleaseError without a release, SettingsError when the port cannot be had.
    """
    release = open_current(settings)
    with _listen(host, port) as listener:
        taken = int(listener.getsockname()[1])

        def announce() -> None:
            for line in urls_to_try(release, settings, host, taken):
                say(line)

        config = uvicorn.Config(
            create_app(release, settings), log_level="warning", access_log=False, server_header=False
        )
        _Server(config, announce).run(sockets=[listener])


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
