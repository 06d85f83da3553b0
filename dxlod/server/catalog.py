"""The catalogue over HTTP: DCAT, VoID, schema.org and オープンデータ一覧 of the current release.

Harvesters of CKAN send `HEAD` first, then `GET` without an RDF `Accept`, and let the Content-Type choose the parser: so
`*/*` gets Turtle here, and every answer has the media type of its format.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dxlod.release import GRAPH_FORMATS
from dxlod.server.absent import tombstones_of
from dxlod.server.documents import not_acceptable
from dxlod.server.http import BRIEFLY, etag_of, failure, respond
from dxlod.server.negotiate import HTML, Offer, choose
from dxlod.server.service import Service
from dxlod.server.views import view_of

__all__ = ["changed_since", "removed_since", "routes"]

_LISTS = ("opendata-list.csv", "オープンデータ一覧.csv")
_PAGE = re.compile(r"([1-9][0-9]{0,6})(?:\.(ttl|jsonld|rdf|nt))?")
_DATASET = "http://www.w3.org/ns/dcat#Dataset"
_MODIFIED = "catalog/modified.json"
_NOTE = {
    "ja": "since 以後に変わったものだけの一覧です。ハーベストには使わないでください（ないものは消されてしまいます）。ハーベストは /catalog へ。",
    "en": "Only what has changed since the date given. Not for harvesting: harvesters delete what is missing from a feed. Harvest /catalog.",
}


def routes(service: Service) -> APIRouter:
    """The routes of the catalogue."""
    router = APIRouter()
    _add_catalogue(router, service)
    _add_void(router, service)

    @router.get("/schema.jsonld", summary="the catalogue as schema.org DataCatalog")
    async def schema(request: Request) -> Response:
        return _file(service, request, "schema.jsonld")

    for name in _LISTS:
        router.add_api_route(
            f"/{name}", _sender(service, name), summary="オープンデータ一覧 (45 columns, one row per file)"
        )
    return router


def _add_catalogue(router: APIRouter, service: Service) -> None:
    @router.get("/catalog", summary="the DCAT catalogue, its first page where it has several")
    async def catalogue(request: Request) -> Response:
        return _first_page(service, request)

    @router.get("/catalog.{suffix}", summary="the whole DCAT catalogue in one format")
    async def whole(request: Request, suffix: str) -> Response:
        return _file(service, request, f"catalog.{suffix}")

    @router.get("/catalog/page/{page}", summary="a page of the catalogue, with a suffix or without")
    async def one_page(request: Request, page: str) -> Response:
        match = _PAGE.fullmatch(page)
        if match is None:
            return _missing(service, request, f"catalog/page/{page}")
        number, suffix = match.groups()
        if suffix:
            return _page(service, request, int(number), suffix)
        chosen = choose(request.headers.get("accept"), GRAPH_FORMATS)
        if chosen is None:
            return not_acceptable(request, GRAPH_FORMATS)
        return _page(service, request, int(number), chosen.suffix, vary="Accept")

    @router.get("/catalog/changes", summary="data sets and files changed since a date; not for harvesting")
    async def changes(request: Request, since: str = "") -> Response:
        return _changes(service, request, since)


def _add_void(router: APIRouter, service: Service) -> None:
    @router.get("/void", summary="VoID description by negotiation")
    async def void(request: Request) -> Response:
        chosen = choose(request.headers.get("accept"), GRAPH_FORMATS)
        if chosen is None:
            return not_acceptable(request, GRAPH_FORMATS)
        return _file(service, request, f"void.{chosen.suffix}", vary="Accept")

    @router.get("/void.{suffix}", summary="VoID description in one format")
    async def void_in(request: Request, suffix: str) -> Response:
        return _file(service, request, f"void.{suffix}")

    @router.get("/.well-known/void", status_code=302, summary="where the VoID description is (VoID, 7.2)")
    async def well_known(request: Request) -> Response:
        root = str(request.scope.get("root_path", ""))
        return RedirectResponse(f"{root}/void", 302, {"Cache-Control": BRIEFLY})


def _sender(service: Service, name: str) -> Any:
    async def send(request: Request) -> Response:
        return _file(service, request, name)

    return send


def _first_page(service: Service, request: Request) -> Response:
    """RDF for machines; people are shown the page of downloads."""
    offers: tuple[Offer, ...] = (*GRAPH_FORMATS, HTML)
    chosen = choose(request.headers.get("accept"), offers)
    if chosen is None:
        return not_acceptable(request, offers)
    if chosen is HTML:
        headers = {"Cache-Control": BRIEFLY, "Vary": "Accept"}
        return RedirectResponse(view_of(request, service).url("/downloads"), 303, headers)
    return _page(service, request, 1, chosen.suffix, vary="Accept")


def _page(service: Service, request: Request, number: int, suffix: str, vary: str = "") -> Response:
    """A page; the whole is its own first page where it is not divided."""
    name = f"catalog/page/{number}.{suffix}"
    if number == 1 and service.release.entry(name) is None:
        name = f"catalog.{suffix}"
    return _file(service, request, name, vary=vary)


def _file(service: Service, request: Request, name: str, vary: str = "") -> Response:
    entry = service.release.entry(name)
    if entry is None:
        return _missing(service, request, name)
    body = (service.release.path / name).read_bytes()
    return respond(request, body, entry.media_type, entry.sha256[:32], vary=vary)


def _missing(service: Service, request: Request, name: str) -> Response:
    version = service.release.version
    return failure(
        request,
        404,
        f"リリース {version} に {name} はありません。目録は /catalog です。",
        f"Release {version} has no {name}. The catalogue is at /catalog.",
    )


def _changes(service: Service, request: Request, since: str) -> Response:
    if not _is_date(since):
        return failure(
            request,
            400,
            "since に日付を YYYY-MM-DD で指定してください。例: /catalog/changes?since=2026-04-01",
            "Give a date as since=YYYY-MM-DD, such as /catalog/changes?since=2026-04-01",
        )
    if service.release.entry(_MODIFIED) is None:
        return _missing(service, request, _MODIFIED)
    every = json.loads((service.release.path / _MODIFIED).read_bytes())
    document = {
        "note": _NOTE,
        "for_harvesting": False,
        "harvest": f"{request.base_url}catalog",
        "since": since,
        "release": service.release.version,
        "datasets": changed_since(every, since),
        "removed": removed_since(tombstones_of(service.release), since),
    }
    body = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return respond(request, body, "application/json", etag_of(service.digest, body), vary="")


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def removed_since(stones: Mapping[str, Mapping[str, Any]], since: str) -> list[dict[str, Any]]:
    """The data sets that went on a day or later."""
    return [
        {"iri": iri, "title": stone["label"], "last": stone["last"], "absent": stone["absent"]}
        for iri, stone in sorted(stones.items())
        if stone["kind"] == _DATASET and stone["absent"]["date"] >= since
    ]


def changed_since(datasets: list[dict[str, Any]], since: str) -> list[dict[str, Any]]:
    """The data sets changed on a day or later, each with those of its files that changed. Undated ones have not."""
    found = []
    for dataset in datasets:
        files = [item for item in dataset["files"] if (item["modified"] or "") >= since]
        if files:
            found.append({**dataset, "files": files})
    return found
