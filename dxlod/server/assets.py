"""Static files of the pages, robots.txt and the icon under its old name."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dxlod.server.http import BRIEFLY, FOREVER, etag_of, respond
from dxlod.server.service import Service
from dxlod.site.assets import Asset

__all__ = ["routes"]

_ROBOTS = "User-agent: *\nDisallow: {root}/sparql\nAllow: /\nSitemap: {origin}/sitemap.xml\n"


def routes(service: Service) -> APIRouter:
    """The routes of static files."""
    router = APIRouter(include_in_schema=False)
    assets = service.renderer.assets

    @router.get("/static/{name:path}")
    async def static(request: Request, name: str, v: str = "") -> Response:
        asset = assets.get(name)
        if asset is None:
            raise HTTPException(404)
        return _answer(request, asset, FOREVER if v and asset.digest.startswith(v) else BRIEFLY)

    @router.get("/favicon.ico")
    async def icon(request: Request) -> Response:
        return _answer(request, assets["icon.svg"], BRIEFLY)

    @router.get("/robots.txt")
    async def robots(request: Request) -> Response:
        text = _ROBOTS.format(
            root=request.scope.get("root_path", ""), origin=str(request.base_url).rstrip("/")
        )
        return respond(request, text, "text/plain", etag_of(text), vary="")

    return router


def _answer(request: Request, asset: Asset, cache: str) -> Response:
    kind = asset.media_type
    media_type = f"{kind}; charset=utf-8" if kind.endswith(("json", "svg+xml")) else kind
    return respond(request, asset.content, media_type, asset.digest[:32], vary="", cache=cache)
