"""Answers with validators, and the little that HTTP asks of every route."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from werkzeug.http import parse_accept_header, parse_etags

from dxlod.errors import DxlodError, QueryError, QueryTimeoutError, ReleaseError, StoreBusyError

__all__ = ["BRIEFLY", "FOREVER", "Envelope", "etag_of", "failure", "not_modified", "respond", "status_of"]

BRIEFLY = "public, max-age=60, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"


def etag_of(*parts: str) -> str:
    """A strong entity tag, without its quotes, of what decides a representation's bytes."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def not_modified(request: Request, etag: str) -> bool:
    """Whether the client has this representation (If-None-Match names it; `*` is left to `respond`)."""
    header = request.headers.get("if-none-match")
    return bool(header) and etag in parse_etags(header).as_set(include_weak=True)


def respond(
    request: Request,
    body: bytes | str,
    media_type: str,
    etag: str,
    *,
    vary: str = "Accept",
    cache: str = BRIEFLY,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """200 with validators, or 304 where the client has these bytes."""
    fields = {"ETag": f'"{etag}"', "Cache-Control": cache, **(headers or {})}
    if vary:
        fields["Vary"] = vary
    if request.headers.get("if-none-match", "").strip() == "*" or not_modified(request, etag):
        return Response(status_code=304, headers=fields)
    textual = media_type.startswith("text/") or media_type == "application/n-triples"
    fields["Content-Type"] = f"{media_type}; charset=utf-8" if textual else media_type
    return Response(body, headers=fields)


def failure(
    request: Request, status: int, ja: str, en: str, headers: Mapping[str, str] | None = None
) -> Response:
    """An error body: plain text in Japanese and English, or problem+json (RFC 9457) for those who prefer JSON."""
    fields = {"Vary": "Accept", "Cache-Control": "no-store", **(headers or {})}
    accept = parse_accept_header(request.headers.get("accept", ""))
    if any(
        str(wish).endswith(("/json", "+json")) and not str(wish).startswith("application/ld")
        for wish, _ in accept
    ):
        return _problem(status, ja, en, fields)
    return Response(f"{ja}\n{en}\n", status, fields, "text/plain")


def status_of(error: DxlodError) -> tuple[int, dict[str, str]]:
    """Status code and headers for an error of ours."""
    if isinstance(error, QueryTimeoutError):
        return 504, {}
    if isinstance(error, StoreBusyError):
        return 503, {"Retry-After": "5"}
    if isinstance(error, QueryError):
        return 400, {}
    return (404, {}) if isinstance(error, ReleaseError) else (503, {"Retry-After": "5"})


def _problem(status: int, ja: str, en: str, headers: Mapping[str, str]) -> Response:
    body = json.dumps(
        {"type": "about:blank", "status": status, "title": en, "detail": ja}, ensure_ascii=False
    )
    return Response(body, status, dict(headers), "application/problem+json")


class Envelope:
    """ASGI middleware: HEAD like GET without a body; the base IRI's path stripped, so it serves on every host."""

    def __init__(self, app: ASGIApp, prefixes: tuple[str, ...]) -> None:
        self._app = app
        self._prefixes = prefixes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        prefix = next((item for item in self._prefixes if scope["path"].startswith(f"{item}/")), "")
        if prefix and not scope.get("root_path"):
            scope = {**scope, "root_path": prefix}
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, without_body)
