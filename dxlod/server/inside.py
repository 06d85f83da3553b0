"""Asking the application itself, without a port: what is exported is what the service answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from starlette.types import ASGIApp, Message

from dxlod.errors import ReleaseError

__all__ = ["Answer", "Inside"]

_FAILED = 500
_SAFE = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Answer:
    """Status, headers by lower-case name, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


class Inside:
    """A client of an ASGI application. `site` is the URL that the application is to think it is reached at."""

    def __init__(self, app: ASGIApp, site: str) -> None:
        parts = urlsplit(site)
        self._app = app
        self._scheme = parts.scheme
        self._host = parts.netloc
        self.root = parts.path.rstrip("/")

    def path_of(self, url: str) -> str:
        """A URL of this site as a path with its query; any other as it is."""
        start = f"{self._scheme}://{self._host}/"
        return f"/{url[len(start) :]}" if url.startswith(start) else url

    async def get(self, target: str, accept: str = "*/*") -> Answer:
        """The answer to GET of a path with its query, percent-encoded or not, below the site's root.

        ReleaseError for an answer that breaks off, and for one that says the service failed.
        """
        path, _, query = target.partition("?")
        plain = self.root + unquote(path)
        port = urlsplit(f"//{self._host}").port or (443 if self._scheme == "https" else 80)
        scope: dict[str, object] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": self._scheme,
            "path": plain,
            "raw_path": quote(plain, safe=_SAFE).encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", self._host.encode()),
                (b"accept", accept.encode()),
                (b"accept-language", b"ja"),
            ],
            "client": None,
            "server": (self._host, port),
            "state": {},
        }
        return await self._ask(scope)

    async def _ask(self, scope: dict[str, object]) -> Answer:
        status, headers, body = 0, {}, bytearray()
        messages: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
        over = asyncio.Event()

        async def receive() -> Message:
            if messages:
                return messages.pop()
            # Who says too early that the client has gone gets the beginning of a long answer only.
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in message["headers"]}
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    over.set()

        await self._app(scope, receive, send)
        if headers.get("content-length", str(len(body))) != str(len(body)) or not over.is_set():
            raise ReleaseError(
                f"{scope['path']} の応答が途中で終わりました。", f"The answer for {scope['path']} broke off."
            )
        if status >= _FAILED:
            raise ReleaseError(
                f"{scope['path']} に {status} の応答がありました。",
                f"The answer for {scope['path']} is {status}.",
            )
        return Answer(status, headers, bytes(body))
