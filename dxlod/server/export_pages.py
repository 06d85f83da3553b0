"""Where a page goes in a folder of files, and its links made to lead to files: nothing on the host needs to be set up.

Pages get the suffix .html and links relative to themselves, so the folder works at any place, even opened from a disk.
What only a service can do (search, SPARQL) leads to one where there is one, and otherwise is no link.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote, unquote, urlsplit

__all__ = ["DYNAMIC", "Site", "file_of", "links_of", "local_target", "needs_service", "relinked"]

DYNAMIC = ("/search", "/query", "/sparql", "/api", "/openapi.json", "/docs", "/redoc")
"""Paths at and below which answers depend on what is asked; the CKAN-shaped answers are the exception."""

_STATIC_API = "/api/3/"
_TAG = re.compile(r"<(a|link|script|img|source)\b[^>]*>", re.IGNORECASE)
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.IGNORECASE | re.DOTALL)
_PLACE = re.compile(r"""(\s)(href|src)=("[^"]*"|'[^']*')""", re.IGNORECASE)
_ACTION = re.compile(r"""(\saction=)("[^"]*"|'[^']*')""", re.IGNORECASE)
_PAGED = re.compile(r"[A-Za-z_]+=[^&=]+")
_SAFE = "/:@!$'()*+,;=~-._"


def needs_service(path: str) -> bool:
    """Whether a path (without language) asks what a folder of files cannot answer."""
    if path.startswith(_STATIC_API):
        return False
    return any(path == item or path.startswith(f"{item}/") for item in DYNAMIC)


def local_target(href: str, page: str, root: str) -> str | None:
    """The target of a link as path and query below the root, language prefix of ja removed.

    None for a link elsewhere, and for a whole URL: it names a thing, or the page at the place it is cited by.
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = posixpath.normpath(posixpath.join(root + posixpath.dirname(page), parts.path))
    path += "/" if parts.path.endswith("/") and not path.endswith("/") else ""
    if root and not path.startswith(f"{root}/"):
        return None
    path = path[len(root) :]
    if path == "/ja" or path.startswith("/ja/"):
        path = path[3:] or "/"
    return f"{path}?{parts.query}" if parts.query else path


def file_of(target: str, *, page: bool) -> str:
    """The file for a path with its query: `/doc/x` → `doc/x.html` for a page, `/static/x.css?v=1` → `static/x.css`."""
    path, _, query = target.partition("?")
    name = unquote(path).lstrip("/")
    if not page:
        return name
    if not name or name.endswith("/"):
        name += "index"
    name = name.removesuffix(".html")
    return f"{name}{_named(query)}.html"


def _named(query: str) -> str:
    return "." + re.sub(r"[^\w-]+", "-", unquote(query)) if query else ""


def links_of(html: str, page: str, root: str) -> Iterator[str]:
    """Every place of this site that a page leads to, as path with query. Of queries only those of one field."""
    for tag in _TAG.finditer(_FORM.sub("", html)):
        for place in _PLACE.finditer(tag[0]):
            target = local_target(unescape(place[3][1:-1]), page, root)
            if target is not None and _followed(target):
                yield target


def _followed(target: str) -> bool:
    path, _, query = target.partition("?")
    if needs_service(_bare(path)):
        return False
    return not query or bool(_PAGED.fullmatch(query))


@dataclass(frozen=True)
class Site:
    """What links are judged by: the path the pages were made for, the file of every target that was exported, and the
    URL of a service that answers what files cannot ('' for none)."""

    root: str
    files: Mapping[str, str]
    service: str = ""

    def target(self, href: str, page: str) -> str | None:
        """The place of this site that a link of a page leads to."""
        return local_target(href, page, self.root)

    def place(self, target: str, here: str) -> str | None:
        """The link from a file to a target; None where there is neither a file nor a service for it."""
        file = self.files.get(target) or self.files.get(_without_version(target))
        if file is not None:
            return quote(posixpath.relpath(file, posixpath.dirname(here) or "."), safe=_SAFE)
        if self.service and needs_service(_bare(target)):
            return f"{self.service}{target}"
        return None


def relinked(html: str, page: str, here: str, site: Site) -> tuple[str, set[str]]:
    """A page with its links leading to files, and the targets of links that were taken away.

    `page` is its path, `here` its file. Without a service, links to what needs one are texts and forms are left out.
    """
    lost: set[str] = set()

    def tag(found: re.Match[str]) -> str:
        href = _PLACE.search(found[0])
        value = unescape(href[3][1:-1]) if href else ""
        target = site.target(value, page) if href else None
        if href is None or target is None:
            return found[0]
        link = site.place(target, here)
        fragment = urlsplit(value).fragment
        if link is not None:
            whole = escape(f"{link}#{fragment}" if fragment else link)
            return f'{found[0][: href.start()]} {href[2]}="{whole}"{found[0][href.end() :]}'
        lost.add(target)
        # An anchor without href is a text; anything else without one would be nothing at all.
        return f"{found[0][: href.start()]}{found[0][href.end() :]}" if found[1].lower() == "a" else ""

    def form(found: re.Match[str]) -> str:
        if not site.service:
            return ""
        return _ACTION.sub(lambda at: f'{at[1]}"{escape(_served(at[2], page, site))}"', found[0])

    return _TAG.sub(tag, _FORM.sub(form, html)), lost


def _served(action: str, page: str, site: Site) -> str:
    target = site.target(unescape(action[1:-1]), page)
    return unescape(action[1:-1]) if target is None else f"{site.service}{target}"


def _without_version(target: str) -> str:
    """A target without a query that only tells versions of one file apart, as those of static files do."""
    return target.partition("?")[0] if target.startswith("/static/") else target


def _bare(target: str) -> str:
    path = target.partition("?")[0]
    return path.removeprefix("/en") if path.startswith("/en/") else path
