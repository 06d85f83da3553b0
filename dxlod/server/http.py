"""Answers with validators, and the little that HTTP asks of every route."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from werkzeug.http import parse_accept_header, parse_etags

from dxlod.errors import (
    DxlodError,
    EndpointError,
    QueryError,
    QueryMemoryError,
    QueryRefusedError,
    QueryTimeoutError,
    QueryTooLongError,
    ReleaseError,
    RemoteStoreError,
    RequestError,
    SettingsError,
    StoreBusyError,
)

__all__ = [
    "BRIEFLY",
    "FOREVER",
    "HEAD",
    "Envelope",
    "add_vary",
    "etag_of",
    "failure",
    "is_head",
    "is_host",
    "not_modified",
    "respond",
    "status_of",
    "wants_json",
]

_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
HEAD = "dxlod.head"
"""Key of the scope of a request whose answer is to have no body."""

BRIEFLY = "public, max-age=60, must-revalidate"
FOREVER = "public, max-age=31536000, immutable"


def etag_of(*parts: str) -> str:
    """A strong entity tag, without its quotes, of what decides a representation's bytes."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def add_vary(headers: MutableHeaders, name: str) -> None:
    """Say that the answer depends on a header of the request; once is enough."""
    there = headers.get("vary", "")
    if name.lower() not in {item.strip().lower() for item in there.split(",")}:
        headers["Vary"] = f"{there}, {name}" if there else name


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
    fields["Content-Type"] = content_type(media_type)
    return Response(body, headers=fields)


def content_type(media_type: str) -> str:
    """Content-Type of UTF-8 in this media type; the parameter stands where the type's definition has one."""
    textual = media_type.startswith("text/") or media_type == "application/n-triples"
    return f"{media_type}; charset=utf-8" if textual else media_type


def is_host(value: str) -> bool:
    """Whether this may stand in Host (RFC 9110, 7.2)."""
    return _HOST.fullmatch(value) is not None


def failure(
    request: Request,
    status: int,
    ja: str,
    en: str,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """An error body: plain text in Japanese and English, or problem+json (RFC 9457) for those who prefer JSON.

    `members` are extension members of the problem, such as the line and column of a syntax error.
    """
    fields = {"Vary": "Accept", "Cache-Control": "no-store", **(headers or {})}
    if wants_json(request):
        return _problem(status, ja, en, fields, members or {})
    return Response(f"{ja}\n{en}\n", status, fields, "text/plain")


def wants_json(request: Request) -> bool:
    """Whether a failure is told in JSON: any JSON but that of RDF is among what the client accepts."""
    wishes = (str(wish) for wish, _ in parse_accept_header(request.headers.get("accept", "")))
    return any(wish.endswith(("/json", "+json")) and not wish.startswith("application/ld") for wish in wishes)


def status_of(error: DxlodError) -> tuple[int, dict[str, str]]:
    """Status code and headers for an error of ours."""
    if isinstance(error, QueryTimeoutError):
        return 504, {"Retry-After": "30"}
    if isinstance(error, QueryMemoryError):
        return 503, {"Retry-After": "60"}
    if isinstance(error, StoreBusyError):
        return 503, {"Retry-After": "5"}
    if isinstance(error, RequestError):
        return error.status, error.headers
    if isinstance(error, (EndpointError, RemoteStoreError)):
        return 502, {}
    if isinstance(error, QueryRefusedError):
        return 403, {}
    if isinstance(error, QueryTooLongError):
        return 413, {}
    if isinstance(error, QueryError):
        return 400, {}
    if isinstance(error, SettingsError):
        return 500, {}
    return (404, {}) if isinstance(error, ReleaseError) else (503, {"Retry-After": "5"})


def _problem(
    status: int, ja: str, en: str, headers: Mapping[str, str], members: Mapping[str, object]
) -> Response:
    body = json.dumps(
        {"type": "about:blank", "status": status, "title": en, "detail": ja, **members}, ensure_ascii=False
    )
    return Response(body, status, dict(headers), "application/problem+json")


class Envelope:
    """ASGI middleware: HEAD like GET without a body; the base IRI's path stripped, so it serves on every host.

    `site` is the URL where the site is reached: absolute links then begin with it, whatever the request's Host says.
    Without it they follow Host, which must at least be a host. Routes that save work where no body is sent look at
    `is_head`.
    """

    def __init__(self, app: ASGIApp, prefixes: tuple[str, ...], site: str = "") -> None:
        self._app = app
        self._prefixes = prefixes
        self._site = urlsplit(site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) > 1 or any(not is_host(host.decode("latin-1")) for host in hosts):
            refused = Response(
                "Host が正しくありません。\nThe Host header is not valid.\n", 400, None, "text/plain"
            )
            await refused(scope, receive, send)
            return
        scope = self._placed(scope)
        if scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", HEAD: True}, receive, without_body)

    def _placed(self, scope: Scope) -> Scope:
        prefix = next((item for item in self._prefixes if scope["path"].startswith(f"{item}/")), "")
        if prefix and not scope.get("root_path"):
            scope = {**scope, "root_path": prefix}
        if not self._site.netloc:
            return scope
        headers = [field for field in scope["headers"] if field[0] != b"host"]
        headers.append(
            (b"host", self._site.netloc.encode("idna" if not self._site.netloc.isascii() else "ascii"))
        )
        scope = {**scope, "headers": headers, "scheme": self._site.scheme}
        return _below(scope, self._site.path) if self._site.path else scope


def is_head(request: Request) -> bool:
    """Whether the client asked for the headers only."""
    return bool(request.scope.get(HEAD))


def _below(scope: Scope, root: str) -> Scope:
    """The scope of a site that is reached below a path, whether or not what stands in front has taken it off."""
    path, raw = str(scope["path"]), bytes(scope.get("raw_path") or b"")
    if not path.startswith(f"{root}/"):
        path, raw = root + path, root.encode() + raw
    return {**scope, "root_path": root, "path": path, "raw_path": raw}
