"""ASGI middleware: compressed answers that keep the meaning of entity tags.

Each coding of a representation has other bytes, so it has a strong entity tag of its own (RFC 9110, 8.8.3): that of the
plain one with the coding's name behind it. A tag that comes back is matched for the coding that would be sent now.
Ranges are of the plain representation. Answers that are encoded already are left alone.
"""

from __future__ import annotations

import asyncio
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dxlod.server.codings import CODINGS, Encoder, choose_coding, encoder_of
from dxlod.server.http import HEAD, add_vary

__all__ = ["Compression", "encode", "is_encoded"]

_SMALLEST = 1_000
_IN_THREAD = 64 << 10
_KIND = re.compile(
    r"text/(?!event-stream)|application/(?:[^;]*[+/])?(?:json|xml|javascript|trig|n-triples|n-quads|sparql-query)\b"
    r"|image/svg\+xml"
)
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_SUFFIX = re.compile(rf"(.*)-({'|'.join(CODINGS)})")


class Compression:
    """The middleware; those further in know nothing of codings."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fields = {name: value for name, value in scope["headers"] if name in _READ}
        coding = (
            "" if b"range" in fields else choose_coding(fields.get(b"accept-encoding", b"").decode("latin-1"))
        )
        known = fields.get(b"if-none-match", b"").decode("latin-1")
        if '"' in known:
            scope = {**scope, "headers": _for_coding(scope["headers"], coding)}
        await self._app(scope, receive, _Reply(send, coding, known, head=HEAD in scope))


_READ = (b"accept-encoding", b"if-none-match", b"range")


class _Reply:
    """Sends one answer, encoded where it is worth it."""

    def __init__(self, send: Send, coding: str, known: str, *, head: bool) -> None:
        self._send, self._coding, self._known, self._head = send, coding, known, head
        self._start: Message | None = None
        self._encoder: Encoder | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is not None:
            await self._first(self._start, message)
        elif self._encoder is not None:
            await self._next(self._encoder, message)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(raw=list(message.get("headers", ())))
        message = {**message, "headers": headers.raw}
        if message["status"] == 304:
            add_vary(headers, "Accept-Encoding")
            _tag(headers, self._coding, self._known)
        if not _is_worth_it(message["status"], headers):
            await self._send(message)
            return
        add_vary(headers, "Accept-Encoding")
        if self._coding:
            self._start = message
        else:
            await self._send(message)

    async def _first(self, start: Message, message: Message) -> None:
        self._start = None
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._head and not body and not more and _length(start) > 0:
            # A route that saves the work of a body: as if it came in pieces.
            await self._send(_encoded(start, self._coding, None))
            await self._send(message)
            return
        if not more and not is_encoded(body, self._coding):
            await self._send(start)
            await self._send(message)
            return
        if more:
            self._encoder = encoder_of(self._coding)
            await self._send(_encoded(start, self._coding, None))
            await self._next(self._encoder, message)
            return
        encoded = await encode(body, self._coding)
        await self._send(_encoded(start, self._coding, len(encoded)))
        await self._send({"type": "http.response.body", "body": encoded})

    async def _next(self, encoder: Encoder, message: Message) -> None:
        more = message.get("more_body", False)
        encoded = await _run(encoder, message.get("body", b""), last=not more)
        if encoded or not more:
            await self._send({"type": "http.response.body", "body": encoded, "more_body": more})


def _encoded(start: Message, coding: str, length: int | None) -> Message:
    """The start of an encoded answer; no length where it comes in pieces."""
    headers = MutableHeaders(raw=start["headers"])
    headers["Content-Encoding"] = coding
    _tag(headers, coding)
    if length is None:
        del headers["Content-Length"]
    else:
        headers["Content-Length"] = str(length)
    return start


def is_encoded(body: bytes, coding: str) -> bool:
    """Whether a whole answer is large enough to be encoded at all."""
    return bool(coding) and len(body) >= _SMALLEST


async def encode(body: bytes, coding: str) -> bytes:
    """A whole answer in this coding."""
    return await _run(encoder_of(coding), body, last=True)


async def _run(encoder: Encoder, data: bytes, *, last: bool) -> bytes:
    """Encode; much of it in a thread, for others are waiting."""
    if len(data) > _IN_THREAD:
        return await asyncio.to_thread(_encode, encoder, data, last)
    return _encode(encoder, data, last)


def _encode(encoder: Encoder, data: bytes, last: bool) -> bytes:
    return encoder.feed(data) + (encoder.finish() if last else b"")


def _is_worth_it(status: int, headers: MutableHeaders) -> bool:
    if status < 200 or status in (204, 205, 206, 304) or "content-encoding" in headers:
        return False
    if "no-transform" in headers.get("cache-control", ""):
        return False
    return _KIND.match(headers.get("content-type", "")) is not None


def _length(start: Message) -> int:
    return int(MutableHeaders(raw=start["headers"]).get("content-length", "0"))


def _tag(headers: MutableHeaders, coding: str, known: str | None = None) -> None:
    """Name the coding in the entity tag; where `known` is given, only if the client has that one."""
    tag = headers.get("etag", "")
    coded = f'{tag[:-1]}-{coding}"'
    if tag.endswith('"') and coding and (known is None or coded in known):
        headers["ETag"] = coded


def _for_coding(headers: list[tuple[bytes, bytes]], coding: str) -> list[tuple[bytes, bytes]]:
    """The request's headers with only those tags that the representation in this coding, or plain, may have."""
    found: list[tuple[bytes, bytes]] = []
    for name, value in headers:
        if name == b"if-none-match":
            tags = [_plain(tag, coding) for tag in _TAG.findall(value.decode("latin-1"))]
            value = ", ".join(f'"{tag}"' for tag in tags if tag is not None).encode("latin-1")
            if not value:
                continue
        found.append((name, value))
    return found


def _plain(tag: str, coding: str) -> str | None:
    match = _SUFFIX.fullmatch(tag)
    if match is None:
        return tag
    return match.group(1) if match.group(2) == coding else None
