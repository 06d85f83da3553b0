"""HTTP/1.1 connections that do not wait for ever: limits that uvicorn's own protocol does not have.

A request must have come, with all its headers, within `head_timeout`, its body within `body_timeout`; a client that
reads nothing of what it was sent for `send_timeout` is dropped. The request target and the head have most bytes; past
`max_connections`, a request is answered 503 at once.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from dxlod.settings import Settings

__all__ = ["Connection"]

_BETWEEN = len(": \r\n")
_PHRASES = {
    408: ("要求が届くのに時間がかかりすぎました。", "The request took too long to arrive."),
    414: ("URL が長すぎます。POST を使ってください。", "The URL is too long; use POST."),
    431: ("ヘッダーが長すぎます。", "The headers are too long."),
    503: ("混み合っています。しばらくしてからお試しください。", "Too busy now; please try again in a while."),
}


class Connection(HttpToolsProtocol):
    """One connection. To be made through `functools.partial`, with the settings first."""

    def __init__(self, settings: Settings, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._settings = settings
        self._served = self.app
        self._timer: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head = 0
        self._cycles: list[RequestResponseCycle] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self._arm(self._settings.head_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._disarm()
        if self._stuck is not None:
            self._stuck.cancel()
        self._unset_keepalive_if_required()
        self._tell_all()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        super().data_received(data)
        if self._in_head:
            # The parser shows nothing of a header that has not ended yet.
            self._head += len(data)
            if self._head > self._settings.max_head_bytes:
                self._refuse(431)

    def on_message_begin(self) -> None:
        """See httptools."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._arm(self._settings.head_timeout)

    def on_headers_complete(self) -> None:
        """See httptools."""
        self._in_head = False
        self._arm(self._settings.body_timeout)
        status = self._status()
        self.app = _answering(status) if status else self._served
        if status == 414:
            # httptools takes no URL apart that is longer than 65,535 bytes.
            self.url = b"/"
        super().on_headers_complete()
        self._cycles = [cycle for cycle in (*self._cycles, self.cycle) if not cycle.response_complete]

    def on_message_complete(self) -> None:
        """See httptools."""
        self._disarm()
        super().on_message_complete()

    def timeout_keep_alive_handler(self) -> None:
        """See uvicorn."""
        super().timeout_keep_alive_handler()
        # Closing waits until all is written, which may be never.
        self._stuck = self.loop.call_later(self._settings.send_timeout, self._drop)

    def pause_writing(self) -> None:
        """See asyncio.Protocol."""
        super().pause_writing()
        self._stuck = self.loop.call_later(self._settings.send_timeout, self._drop)

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()

    def _drop(self) -> None:
        """Close at once, whatever is still to be sent."""
        self._tell_all()
        self.transport.abort()

    def _tell_all(self) -> None:
        """Nobody reads an answer any more. Requests may have come one behind the other; uvicorn tells only the last."""
        for cycle in self._cycles:
            if not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def _status(self) -> int:
        """The status that this request is refused with, 0 for none."""
        settings = self._settings
        if len(self.url) > settings.max_url_bytes:
            return 414
        head = sum(len(name) + len(value) + _BETWEEN for name, value in self.headers)
        if len(self.url) + head > settings.max_head_bytes:
            return 431
        return 503 if len(self.connections) > settings.max_connections else 0

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._timer = self.loop.call_later(seconds, self._refuse, 408)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: int) -> None:
        """Answer if no answer has begun, and close."""
        self._disarm()
        if self.transport.is_closing():
            return
        cycle = self.cycle
        if cycle is not None and cycle.more_body and not cycle.response_started:
            # Whoever waits for the rest of the body is told that there will be none, and that nobody reads an answer.
            cycle.disconnected = True
            cycle.message_event.set()
        if cycle is None or cycle.disconnected or cycle.response_complete:
            body = _text(status)
            head = f"HTTP/1.1 {status} \r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
            self.transport.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        self.transport.close()


def _answering(status: int) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"Connection": "close", "Cache-Control": "no-store"}
        if status == 503:
            headers["Retry-After"] = "5"
        await Response(_text(status), status, headers, "text/plain")(scope, receive, send)

    return app


def _text(status: int) -> bytes:
    return "\n".join((*_PHRASES[status], "")).encode()
