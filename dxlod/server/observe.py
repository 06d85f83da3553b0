"""ASGI middleware around everything: each request is counted and, where that is wanted, logged as a line of JSON.

A line has time, method, route, status, milliseconds, bytes and release. No address, no path or query as it was sent, no
header of the client: nothing in it can be about a person.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dxlod.server.metrics import Metrics

__all__ = ["Observer", "Record", "RouteNote", "record_of"]

_KEY = "dxlod.record"
_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"))


@dataclass
class Record:
    """What is known of one request. `route` is a pattern such as `/doc/{path:path}`, '-' where none fits."""

    route: str = "-"
    release: str = ""
    status: int = 0
    sent: int = 0


def record_of(scope: Scope) -> Record:
    """The record of this request; one that nobody reads where no observer stands around."""
    found = scope.get(_KEY)
    return found if isinstance(found, Record) else Record()


class Observer:
    """The middleware. `log` takes the lines; None for none."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: TextIO | None = None) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log
        self._under_way = 0
        metrics.under_way(lambda: self._under_way)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = scope[_KEY] = Record()
        begin = time.perf_counter()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
            elif message["type"] == "http.response.body":
                record.sent += len(message.get("body", b""))
            await send(message)

        self._under_way += 1
        try:
            await self._app(scope, receive, noting)
        finally:
            self._under_way -= 1
            seconds = time.perf_counter() - begin
            # 499: the client left before there was an answer.
            record.status = record.status or 499
            self._metrics.request(record.route, record.status, seconds, record.sent)
            if self._log is not None:
                self._log.write(_line(scope["method"], record, seconds))
                self._log.flush()


class RouteNote:
    """ASGI middleware next to the router: writes the route that it has found into the record."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        try:
            await self._app(scope, receive, send)
        finally:
            route = getattr(scope.get("route"), "path", "")
            if route:
                record_of(scope).route = route


def _line(method: str, record: Record, seconds: float) -> str:
    fields = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": method if method in _METHODS else "-",
        "route": record.route,
        "status": record.status,
        "ms": round(seconds * 1000, 1),
        "bytes": record.sent,
        "release": record.release,
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"
