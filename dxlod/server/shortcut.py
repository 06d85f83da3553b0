"""ASGI middleware: the short way to an answer for what most queries are.

A plain GET of /sparql is answered from here, past the framework and the other middlewares, whose work would take
longer than the query's. Whatever is out of the ordinary in it (another method, conditions, ranges, an unknown format,
a text that may not be run, a large answer, a failure) goes the whole way, and what was found for it goes along. Both
ways give the same answer, to the last header.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dxlod.errors import DxlodError
from dxlod.server.codings import choose_coding
from dxlod.server.compress import encode, is_encoded
from dxlod.server.desk import Desk, Question
from dxlod.server.found import Found
from dxlod.server.http import BRIEFLY, content_type, is_host
from dxlod.server.observe import record_of
from dxlod.server.protocol import asks_nothing, read_asked
from dxlod.server.security import security_headers
from dxlod.server.spool import LargeAnswer

__all__ = ["Shortcut"]

_PATH = "/sparql"
_OURS = frozenset((b"accept", b"accept-encoding", b"host"))
_HARMLESS = frozenset(
    (b"user-agent", b"accept-language", b"connection", b"cache-control", b"pragma", b"referer", b"origin")
)
_KNOWN = _OURS | _HARMLESS

_Fields = list[tuple[bytes, bytes]]


class Shortcut:
    """The middleware; it stands outside all the others."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        release = desk.service.release.version
        fixed = {"cache-control": BRIEFLY, **desk.headers, **security_headers(release)}
        self._fields = [(name.lower().encode(), value.encode()) for name, value in fixed.items()]
        self._open = not desk.service.settings.site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        fields = self._plain_fields(scope)
        question = self._question(scope, fields) if fields is not None else None
        if question is None or fields is None:
            await self._app(scope, receive, send)
            return
        record_of(scope).route = _PATH
        try:
            found = await self._desk.find(question, receive)
        except DxlodError as error:
            await self._app(Found(error=error).into(scope), receive, send)
            return
        if isinstance(found, LargeAnswer):
            await self._app(Found(found).into(scope), receive, send)
            return
        coding = choose_coding(fields.get(b"accept-encoding", b"").decode("latin-1"))
        body, tag = found.answer.body, found.etag
        if is_encoded(body, coding):
            body, tag = await encode(body, coding), f"{tag}-{coding}"
        else:
            coding = ""
        await send(self._start(question.media_type, tag, coding, len(body)))
        await send({"type": "http.response.body", "body": body})

    def _plain_fields(self, scope: Scope) -> dict[bytes, bytes] | None:
        """The headers of a request about which nothing but its query can matter; None for any other."""
        if scope["type"] != "http" or scope["path"] != _PATH or scope["method"] != "GET" or not self._open:
            return None
        fields: dict[bytes, bytes] = dict(scope["headers"])
        if len(fields) < len(scope["headers"]) or not _KNOWN.issuperset(fields):
            return None
        return fields if is_host(fields.get(b"host", b"").decode("latin-1")) else None

    def _question(self, scope: Scope, fields: dict[bytes, bytes]) -> Question | None:
        """What is asked, None where that is out of the ordinary; the whole way then says what is wrong with it."""
        desk = self._desk
        try:
            pairs = desk.pairs(scope["query_string"])
            if asks_nothing(pairs):
                return None
            asked = read_asked(pairs)
            checked = desk.check_now(asked.query) if desk.is_short(asked.query) else None
        except DxlodError:
            return None
        if checked is None or checked.calls or not checked.repeatable:
            return None
        offer = desk.choose(checked.form, asked.format, _accept(fields))
        return Question(asked, checked, offer.media_type) if offer is not None else None

    def _start(self, media_type: str, tag: str, coding: str, length: int) -> Message:
        fields: _Fields = [
            (b"etag", f'"{tag}"'.encode()),
            (b"vary", b"Accept, Accept-Encoding"),
            (b"content-type", content_type(media_type).encode()),
            (b"content-length", b"%d" % length),
            *self._fields,
        ]
        if coding:
            fields.append((b"content-encoding", coding.encode()))
        return {"type": "http.response.start", "status": 200, "headers": fields}


def _accept(fields: dict[bytes, bytes]) -> str | None:
    return fields.get(b"accept", b"").decode("latin-1") or None
