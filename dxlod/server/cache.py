"""ASGI middleware: whole answers of one release, as they were sent.

What a release answers never changes, so an answer to a GET that anybody may keep is kept here, encoded and with its
headers, and given again without asking the routes. It is found by all that an answer of ours may depend on: target,
host and the three headers of negotiation. Those who have it get 304.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dxlod.server.metrics import Metrics
from dxlod.server.observe import record_of

__all__ = ["AnswerStore"]

_HEADERS = (b"host", b"accept", b"accept-encoding", b"accept-language")
_NEVER = frozenset((b"range", b"if-range", b"if-match", b"authorization", b"cookie"))
_TELLING = frozenset((b"cache-control", b"etag", b"vary"))
_TAG = re.compile(rb'(?:W/)?("[^"]*")')
_NOT_IN_304 = (b"content-length", b"content-encoding", b"content-type")

_Key = tuple[bytes, ...]


@dataclass(frozen=True)
class _Kept:
    route: str
    tag: bytes
    start: Message
    body: bytes

    @property
    def not_modified(self) -> Message:
        """The same without its content (RFC 9110, 15.4.5)."""
        headers = [field for field in self.start["headers"] if field[0] not in _NOT_IN_304]
        return {**self.start, "status": 304, "headers": headers}


class AnswerStore:
    """The middleware. Keeps at most `size` bytes, dropping what was not asked for longest."""

    def __init__(self, app: ASGIApp, size: int, metrics: Metrics) -> None:
        self._app = app
        self._size = size
        self._used = 0
        self._metrics = metrics
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        fields = dict(scope["headers"])
        if not _NEVER.isdisjoint(fields):
            await self._app(scope, receive, send)
            return
        key = (
            scope.get("raw_path") or scope["path"].encode(),
            scope["query_string"],
            *(fields.get(name, b"") for name in _HEADERS),
        )
        kept = self._kept.get(key)
        self._metrics.cache(hit=kept is not None)
        if kept is not None:
            self._kept.move_to_end(key)
            record_of(scope).route = kept.route
            await _give(kept, scope["method"], fields.get(b"if-none-match"), send)
        elif scope["method"] == "GET":
            await self._app(scope, receive, _Keeping(self, key, scope, send))
        else:
            await self._app(scope, receive, send)

    def keep(self, key: _Key, kept: _Kept) -> None:
        """Keep an answer, unless it alone would take an eighth of the room."""
        cost = _cost(key, kept)
        if cost > self._size // 8 or key in self._kept:
            return
        self._kept[key] = kept
        self._used += cost
        while self._used > self._size:
            self._used -= _cost(*self._kept.popitem(last=False))


class _Keeping:
    """Passes one answer on; keeps it when it is whole and came at once."""

    def __init__(self, store: AnswerStore, key: _Key, scope: Scope, send: Send) -> None:
        self._store, self._key, self._scope, self._send = store, key, scope, send
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.start":
            self._start = message if _is_for_all(message) else None
        elif self._start is not None:
            if not message.get("more_body"):
                tag = dict(self._start["headers"]).get(b"etag", b"")
                route = record_of(self._scope).route
                self._store.keep(self._key, _Kept(route, tag, self._start, message.get("body", b"")))
            self._start = None


async def _give(kept: _Kept, method: str, known: bytes | None, send: Send) -> None:
    if known is not None and (known.strip() == b"*" or kept.tag in _TAG.findall(known)):
        await send(kept.not_modified)
        await send({"type": "http.response.body", "body": b""})
        return
    await send(kept.start)
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else kept.body})


def _is_for_all(start: Message) -> bool:
    if start["status"] != 200:
        return False
    fields = {name: value for name, value in start["headers"] if name in _TELLING}
    vary = {item.strip().lower() for item in fields.get(b"vary", b"").split(b",")} - {b""}
    return (
        b"public" in fields.get(b"cache-control", b"")
        and fields.get(b"etag", b"").startswith(b'"')
        and vary.issubset(_HEADERS)
    )


def _cost(key: _Key, kept: _Kept) -> int:
    return sum(map(len, key)) + len(kept.body) + 1_000
