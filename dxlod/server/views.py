"""Answering with a page: the view of a request, and the HTML with its validators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from dxlod.server.http import etag_of, not_modified, respond
from dxlod.server.language import chosen
from dxlod.server.pagecache import PageCache
from dxlod.server.service import Service
from dxlod.site.view import View

__all__ = ["page", "page_tag", "view_of"]

Facts = Mapping[str, object]


def view_of(request: Request, service: Service) -> View:
    """How the client looks at this page; its answer varies by Accept-Language from here on."""
    choice = chosen(request.scope)
    root = str(request.scope.get("root_path", ""))
    return View(
        lang=choice.lang,
        root=root,
        prefix=choice.prefix,
        path=str(request.scope["path"])[len(root) :] or "/",
        query=request.scope.get("query_string", b"").decode("latin-1"),
        bases=service.bases,
        site=_origin_of(service.settings.site),
        release=service.release.version,
    )


def _origin_of(site: str) -> str:
    """`https://host` of the URL where the site is reached; '' when none is set."""
    parts = urlsplit(site)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def page_tag(service: Service, view: View, also: str = "") -> str:
    """The entity tag of a page, which its place and language, the release and the templates decide."""
    place = (view.lang, view.prefix, view.root, view.path, view.query, view.site, also)
    return etag_of(service.digest, service.renderer.digest, *place)


def page(
    request: Request,
    service: Service,
    template: str,
    facts: Callable[[View], Facts],
    *,
    vary: str = "Accept",
    headers: Mapping[str, str] | None = None,
    cache: PageCache | None = None,
    also: str = "",
) -> Response:
    """The page, or 304; `facts` is asked only where neither the client nor the cache has it.

    `also` is what else decides the page's bytes, such as the origin that its commands name.
    """
    view = view_of(request, service)
    etag = page_tag(service, view, also)
    body = b""
    if not not_modified(request, etag):
        body = (cache.get(etag) if cache else None) or service.renderer.page(
            template, view, **facts(view)
        ).encode()
        if cache:
            cache.put(etag, body)
    return respond(request, body, "text/html", etag, vary=vary, headers=headers)
