"""ASGI middleware: the language of pages. /en/… and /ja/… choose it, otherwise Accept-Language; ja by default.

The same URLs lie behind both prefixes. What was chosen stands in the scope; what a page says of it, in its headers.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from dxlod.server.http import add_vary
from dxlod.site.view import LANGUAGES

__all__ = ["Choice", "Language", "chosen"]

_KEY = "dxlod.language"


@dataclass
class Choice:
    """The language of a request, the prefix that named it ('' if none), and whether the answer depends on it."""

    lang: str
    prefix: str
    used: bool = False


def chosen(scope: Scope) -> Choice:
    """The choice for a request, marked as used: its answer is then marked as varying by Accept-Language."""
    choice: Choice | None = scope.get(_KEY)
    if choice is None:
        choice = Choice(_accepted(scope), "")
    choice.used = True
    return choice


class Language:
    """The middleware; it stands inside the one that strips the base's path (`root_path`)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        root = str(scope.get("root_path", ""))
        prefix = _prefix(str(scope["path"])[len(root) :])
        if prefix and scope["path"] == f"{root}{prefix}":
            await RedirectResponse(f"{root}{prefix}/", 308)(scope, receive, send)
            return
        choice = Choice(prefix.removeprefix("/") or _accepted(scope), prefix)
        inner = {**scope, **(_without(scope, root, prefix) if prefix else {}), _KEY: choice}
        await self._app(inner, receive, _labelling(send, choice))


def _prefix(path: str) -> str:
    return next((f"/{lang}" for lang in LANGUAGES if path == f"/{lang}" or path.startswith(f"/{lang}/")), "")


def _without(scope: Scope, root: str, prefix: str) -> dict[str, object]:
    path = str(scope["path"])
    found: dict[str, object] = {"path": root + path[len(root) + len(prefix) :]}
    if scope.get("raw_path"):
        found["raw_path"] = scope["raw_path"].replace(f"{root}{prefix}".encode(), root.encode(), 1)
    return found


def _accepted(scope: Scope) -> str:
    values = (value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language")
    wishes = parse_accept_header(",".join(values), LanguageAccept)
    return wishes.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]


def _labelling(send: Send, choice: Choice) -> Send:
    async def labelled(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            html = headers.get("content-type", "").startswith("text/html")
            if html and choice.used:
                headers["Content-Language"] = choice.lang
            if choice.used and not choice.prefix:
                add_vary(headers, "Accept-Language")
        await send(message)

    return labelled
