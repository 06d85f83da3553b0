"""ASGI middleware: people get failures as a page that helps; programs keep the plain text."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dxlod.server.http import add_vary
from dxlod.server.service import Service
from dxlod.server.views import view_of

__all__ = ["ErrorPages"]


class ErrorPages:
    """Turns a failure in plain text (one line in Japanese, one in English …) into a page for clients that ask for HTML."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Failure(self._service, scope, send))


class _Failure:
    """Holds a failure back until all of its text is there; lets everything else through."""

    def __init__(self, service: Service, scope: Scope, send: Send) -> None:
        self._service, self._scope, self._send = service, scope, send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_plain_failure(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        view = view_of(Request(self._scope), self._service)
        lines = self._body.decode("utf-8", "replace").splitlines()
        ours = lines[: len(lines) // 2] if view.lang == "ja" else lines[len(lines) // 2 :]
        body = self._service.renderer.page(
            "error.html", view, status=start["status"], lines=ours or lines, crumbs=[]
        ).encode()
        headers = MutableHeaders(raw=list(start.get("headers", [])))
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers["Content-Length"] = str(len(body))
        add_vary(headers, "Accept")
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_plain_failure(message: Message) -> bool:
    kind = Headers(raw=message.get("headers", [])).get("content-type", "")
    return int(message["status"]) >= 400 and kind.startswith("text/plain")
