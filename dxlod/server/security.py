"""ASGI middleware: the headers that every answer carries, and the answer to CORS preflight requests.

Open data: any page anywhere may read it (`Access-Control-Allow-Origin: *`, nothing is ever sent with credentials). Our
own pages load nothing from elsewhere and run no inline script; nobody may frame them. A header that a route has set
itself is left as it is.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["DOCUMENT_POLICY", "PAGE_POLICY", "Security", "security_headers"]

PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
)
"""For files that stand alone, such as a report: nothing is loaded, nothing runs."""

_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "*",
}
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
)


class Security:
    """The middleware. `release` is named in each answer (`X-Dxlod-Release`)."""

    def __init__(self, app: ASGIApp, release: str) -> None:
        self._app = app
        self._fields = [(name.encode(), value.encode()) for name, value in security_headers(release).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                there = {name.lower() for name, _ in headers}
                headers += [field for field in self._fields if field[0] not in there]
                message = {**message, "headers": headers}
            await send(message)

        if scope["method"] == "OPTIONS" and _is_preflight(scope):
            await labelled({"type": "http.response.start", "status": 200, "headers": list(_PREFLIGHT)})
            await labelled({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, labelled)


def security_headers(release: str) -> dict[str, str]:
    """What every answer of this release carries."""
    return {**_HEADERS, "x-dxlod-release": release}


def _is_preflight(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return b"origin" in names and b"access-control-request-method" in names
