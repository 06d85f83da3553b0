"""A CKAN-shaped API for reading (https://docs.ckan.org/en/2.11/api/), and the addresses that CKAN gives data sets.

    /api/3/action/{name}, /api/action/{name}    GET with parameters, POST with JSON or a form
    /api/3                                      the version
    /dataset/{name}[.ttl|.rdf|.jsonld|.nt]      leads to the document of the data set
    /dataset/{name}/resource/{id}[/download/…]  leads to the file

Answers and errors are wrapped as CKAN wraps them: `help`, `success`, `result` or `error`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dxlod.errors import ActionError, RequestError
from dxlod.server.ckan_actions import ACTIONS, SEARCH, SITE, Params
from dxlod.server.ckan_portal import Portal
from dxlod.server.ckan_search import package_search
from dxlod.server.http import BRIEFLY, etag_of, failure, respond
from dxlod.server.protocol import FORM
from dxlod.server.service import Service

__all__ = ["routes"]

_JSON = "application/json"
_LONGEST = 64 << 10
_OTHERS = ["OPTIONS", "PUT", "DELETE", "PATCH"]
_SUFFIXES = {"ttl": "ttl", "rdf": "rdf", "xml": "rdf", "jsonld": "jsonld", "nt": "nt"}


def routes(service: Service) -> APIRouter:
    """The routes of the API."""
    router = APIRouter()
    portal = Portal(service.release)

    _add_actions(router, service, portal)

    @router.get("/api/3", summary="the version of the CKAN-shaped API")
    @router.get("/api", include_in_schema=False)
    async def version(request: Request) -> Response:
        body = '{"version": 3}'
        return respond(request, body, _JSON, etag_of(body), vary="")

    _add_addresses(router, service, portal)
    return router


def _add_actions(router: APIRouter, service: Service, portal: Portal) -> None:
    @router.get("/api/action/{name}", include_in_schema=False)
    @router.get("/api/3/action/{name}", summary="an action of the CKAN-shaped API, asked by the URL")
    async def asked_by_get(request: Request, name: str) -> Response:
        return await _act(service, portal, request, name)

    @router.post("/api/action/{name}", include_in_schema=False)
    @router.post(
        "/api/3/action/{name}", summary="an action of the CKAN-shaped API, asked with JSON or a form"
    )
    async def asked_by_post(request: Request, name: str) -> Response:
        return await _act(service, portal, request, name)

    @router.api_route("/api/action/{name}", methods=_OTHERS, include_in_schema=False)
    @router.api_route("/api/3/action/{name}", methods=_OTHERS, include_in_schema=False)
    async def others(name: str) -> Response:
        raise HTTPException(405, headers={"Allow": "GET, POST"})


def _add_addresses(router: APIRouter, service: Service, portal: Portal) -> None:
    @router.get("/dataset", include_in_schema=False)
    async def datasets(request: Request) -> Response:
        return _lead(request, "/downloads")

    @router.get("/dataset/{name}", status_code=303, summary="a data set by the name it has in CKAN")
    async def dataset(request: Request, name: str) -> Response:
        return await run_in_threadpool(_dataset, service, portal, request, name)

    @router.get("/dataset/{name}/resource/{resource}", status_code=302, summary="a file by its CKAN id")
    @router.get("/dataset/{name}/resource/{resource}/download", include_in_schema=False)
    @router.get("/dataset/{name}/resource/{resource}/download/{file}", include_in_schema=False)
    async def download(request: Request, name: str, resource: str) -> Response:
        return await run_in_threadpool(_download, portal, request, name, resource)


async def _act(service: Service, portal: Portal, request: Request, name: str) -> Response:
    try:
        if name != SEARCH and name not in ACTIONS:
            # A JSON string, as CKAN answers it.
            return _json(f"Bad request: Action name not known: {name}", 400)
        params = await _params(request)
        site = _site(request)
        status, cache, wrapped = await run_in_threadpool(_answer, portal, name, {**params, SITE: site})
    except RequestError as error:
        if error.status == 400:
            return _json(f"Bad request: {error.en} / {error.ja}", 400)
        raise
    wrapped = {"help": f"{site}/api/3/action/help_show?name={name}", **wrapped}
    if status != 200 or request.method == "POST":
        return _json(wrapped, status)
    body = json.dumps(wrapped, ensure_ascii=False)
    return respond(request, body, _JSON, etag_of(service.digest, body), vary="", cache=cache)


def _answer(portal: Portal, name: str, params: Params) -> tuple[int, str, dict[str, Any]]:
    """Status, how long it may be kept, and what is wrapped."""
    try:
        if name == SEARCH:
            found = package_search(portal, params, datetime.now(UTC))
            cache = "no-store" if found.timely else BRIEFLY
            return 200, cache, {"success": True, "result": found.result}
        return 200, BRIEFLY, {"success": True, "result": ACTIONS[name](portal, params)}
    except ActionError as error:
        message = {"message": error.message} if error.message else {}
        wrapped = {"__type": error.kind, **message, **error.members, "detail": [error.ja, error.en]}
        return error.status, "no-store", {"success": False, "error": wrapped}


def _json(document: object, status: int) -> Response:
    body = json.dumps(document, ensure_ascii=False)
    return Response(body, status, {"Cache-Control": "no-store"}, _JSON)


async def _params(request: Request) -> Params:
    """What is asked with: the URL's parameters, or the body's of a POST. RequestError 400 or 413."""
    if request.method == "GET":
        return _flat(parse_qs(str(request.url.query), keep_blank_values=True))
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST:
            raise RequestError(413, "要求が長すぎます。", "The request is too long.")
    try:
        return _of_body(bytes(body).decode("utf-8"), request.headers.get("content-type", ""))
    except (ValueError, RecursionError):
        raise RequestError(
            400, "本文が JSON のオブジェクトではありません。", "JSON Error: the body is no JSON object."
        ) from None


def _of_body(body: str, content_type: str) -> Params:
    """A form, or JSON; JSON that says it is a form too, as `curl -d` sends it."""
    text = body.strip()
    if not text:
        return {}
    if content_type.partition(";")[0].strip().lower() == FORM and not text.startswith(("{", "%7B", "%7b")):
        return _flat(parse_qs(text, keep_blank_values=True))
    found = json.loads(
        text if text.startswith("{") else next(iter(parse_qs(text, keep_blank_values=True)), "")
    )
    if not isinstance(found, dict):
        raise ValueError
    return found


def _flat(pairs: Mapping[str, list[str]]) -> Params:
    """A value, or the list of them where a name comes more than once."""
    return {name: values[0] if len(values) == 1 else values for name, values in pairs.items()}


def _dataset(service: Service, portal: Portal, request: Request, name: str) -> Response:
    """To the document of the data set; to that of one that is gone, too, which says so."""
    stem, _, suffix = name.rpartition(".")
    ending = _SUFFIXES.get(suffix, "") if stem else ""
    slug = stem if ending else name
    package = portal.by_key.get(slug)
    if package is None and not slug.startswith("dxlod-"):
        return _nothing(request)
    iri = _extra(package, "uri") if package else ""
    path = (
        (service.local(iri) or "").removeprefix("/id/") if iri else f"dataset/{slug.removeprefix('dxlod-')}"
    )
    return _lead(request, f"/doc/{path}{f'.{ending}' if ending else ''}")


def _download(portal: Portal, request: Request, name: str, resource: str) -> Response:
    package, item = portal.by_key.get(name), portal.resources.get(resource)
    if package is None or item is None or item["package_id"] != package["id"]:
        return _nothing(request)
    _, found, path = urlsplit(item["url"]).path.partition("/dumps/")
    return _lead(request, f"{found}{path}", 302)


def _extra(package: Mapping[str, Any], key: str) -> str:
    return str(next((item["value"] for item in package["extras"] if item["key"] == key), ""))


def _lead(request: Request, path: str, status: int = 303) -> Response:
    root = str(request.scope.get("root_path", ""))
    return RedirectResponse(f"{root}{path}", status, {"Cache-Control": BRIEFLY})


def _nothing(request: Request) -> Response:
    return failure(
        request,
        404,
        "そのデータセットやファイルはありません。一覧は /downloads にあります。",
        "There is no such data set or file; /downloads lists them.",
    )


def _site(request: Request) -> str:
    return str(request.base_url).rstrip("/")
