"""Small files beside the pages: citation, site map, and the history of the releases."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dxlod.server.http import etag_of, respond
from dxlod.server.service import Service
from dxlod.site.pages.cite import bibtex, csl_json
from dxlod.site.pages.overview import Overview
from dxlod.site.pages.sitemap import sitemap_count, sitemap_index, sitemap_part
from dxlod.site.view import View

__all__ = ["add_files", "origin_of"]

_HISTORY = (
    "feed.atom",
    "releases.json",
    *(f"{name}.{suffix}" for name in ("changes", "tombstones") for suffix in ("json", "ttl", "nt")),
)
"""Files of a release that tell of its history, served under their own names."""


def add_files(router: APIRouter, service: Service, overview: Overview) -> None:
    """Add the routes of these files."""
    _add_citations(router, service, overview)
    _add_map(router, service)
    for name in _HISTORY:
        router.add_api_route(f"/{name}", _history(service, name), methods=["GET"])


def origin_of(request: Request) -> str:
    """The URL of this site without a closing slash, as links begin that are used elsewhere."""
    return str(request.base_url).rstrip("/")


def _add_citations(router: APIRouter, service: Service, overview: Overview) -> None:
    @router.get("/cite.bib")
    def cite_bib(request: Request) -> Response:
        return _text(request, service, bibtex(overview.citation), "application/x-bibtex", "dxlod.bib")

    @router.get("/cite.json")
    def cite_json(request: Request) -> Response:
        kind = "application/vnd.citationstyles.csl+json"
        return _text(request, service, csl_json(overview.citation), kind, "dxlod.csl.json")


def _add_map(router: APIRouter, service: Service) -> None:
    def part(request: Request, number: int) -> Response:
        view = View(bases=service.bases)
        text = sitemap_part(service.reader, view, origin_of(request), number)
        return _text(request, service, text, "application/xml")

    @router.get("/sitemap.xml")
    def whole(request: Request) -> Response:
        count = sitemap_count(service.reader)
        if count == 1:
            return part(request, 1)
        return _text(request, service, sitemap_index(origin_of(request), count), "application/xml")

    @router.get("/sitemap-{number:int}.xml")
    def numbered(request: Request, number: int) -> Response:
        if not 1 <= number <= sitemap_count(service.reader):
            raise HTTPException(404)
        return part(request, number)


def _history(service: Service, name: str) -> Callable[[Request], Response]:
    """A route that answers with a file of the release, where it has it."""

    def answer(request: Request) -> Response:
        entry = service.release.entry(name)
        if entry is None:
            raise HTTPException(404)
        body = (service.release.path / name).read_bytes()
        return respond(request, body, entry.media_type, entry.sha256[:32], vary="")

    return answer


def _text(request: Request, service: Service, text: str, media_type: str, name: str = "") -> Response:
    """A text of UTF-8; with a name, one to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else None
    kind = f"{media_type}; charset=utf-8"
    return respond(request, text, kind, etag_of(service.digest, text), vary="", headers=headers)
