"""The site map (https://www.sitemaps.org/protocol.html): overview pages and every thing that people look for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from dxlod.site.reader import SiteReader
from dxlod.site.view import View

__all__ = ["MOST", "PAGES", "sitemap_count", "sitemap_index", "sitemap_part"]

MOST = 20_000
"""Addresses in one file; the protocol allows 50,000."""

PAGES = (
    "/",
    "/plans",
    "/topics",
    "/tasks",
    "/search",
    "/query",
    "/downloads",
    "/releases-list",
    "/about",
    "/guide",
    "/ns",
)
"""The overview pages."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ENTRIES = "SELECT t.text FROM entry e JOIN term t ON t.id = e.term ORDER BY e.id LIMIT ? OFFSET ?"


def sitemap_count(reader: SiteReader) -> int:
    """How many files the site map needs."""
    return int(reader.rows("SELECT COUNT(*) FROM entry")[0][0]) // MOST + 1


def sitemap_index(origin: str, count: int) -> str:
    """The file that lists the files."""
    items = (
        f"<sitemap><loc>{escape(f'{origin}/sitemap-{n}.xml')}</loc></sitemap>" for n in range(1, count + 1)
    )
    return _document("sitemapindex", items)


def sitemap_part(reader: SiteReader, view: View, origin: str, number: int) -> str:
    """One of the files, from 1; the overview pages are in the first."""
    rows = reader.rows(_ENTRIES, (MOST, (number - 1) * MOST))
    found = (view.local(term[1:-1]) for (term,) in rows)
    paths = [
        *(PAGES if number == 1 else ()),
        *dict.fromkeys(path for path in found if path and "#" not in path),
    ]
    return _document("urlset", (f"<url><loc>{escape(origin + path)}</loc></url>" for path in paths))


def _document(name: str, items: Iterable[str]) -> str:
    return "\n".join(_lines(name, items))


def _lines(name: str, items: Iterable[str]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<{name} xmlns="{_NAMESPACE}">'
    yield from items
    yield f"</{name}>\n"
