"""/openapi.json: what the service takes and gives (OpenAPI 3.1), the same for one release wherever it is asked for.

The routes and their parameters come from the application, what they mean and answer from openapi_routes.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response

from dxlod.server.http import etag_of, respond
from dxlod.server.openapi_parts import COMPONENTS, JSON, Json, cached, content, failures, json_of, operation
from dxlod.server.openapi_routes import TAGS, Facts, operations
from dxlod.server.service import Service

__all__ = ["add_openapi", "document"]

_SAVED = "/api/queries/"
_KEPT = 8
_ABOUT = (
    "自治体DX計画のリンクトオープンデータを読むための API です。認証はありません。GET ができるところでは HEAD も使えます。"
    "誤りは、日本語と英語の2行のテキスト、または problem+json (RFC 9457) で返します。どの要求にも 400（Host が正しくない）、"
    "405、408（届くのが遅い）、414、431、500、503（混雑）がありえます。\n\n"
    "An API to read municipal DX plans as linked open data. There is nothing to sign up for. Wherever there is GET there is "
    "HEAD. Failures are two lines of text, in Japanese and English, or problem+json (RFC 9457). Any request may be answered "
    "400 (a Host that is none), 405, 408 (it took too long to arrive), 414, 431, 500 or 503 (too busy). "
    "非公式のデータです / Unofficial data."
)  # fmt: skip


def add_openapi(app: FastAPI, service: Service) -> None:
    """Add the route, and make `app.openapi` give the same document. To be called when all other routes are there."""

    @lru_cache(maxsize=_KEPT)
    def text(root: str) -> str:
        return json.dumps(document(app, service, root), ensure_ascii=False, separators=(",", ":"))

    @lru_cache(maxsize=1)
    def whole() -> Json:
        return document(app, service)

    @app.get("/openapi.json")
    async def openapi(request: Request) -> Response:
        body = text(str(request.scope.get("root_path", "")))
        return respond(request, body, JSON, etag_of(body), vary="")

    app.openapi = whole  # type: ignore[method-assign]


def document(app: FastAPI, service: Service, root: str = "") -> Json:
    """The document for an application that is reached below `root`. KeyError for a route that nothing is said of."""
    raw = get_openapi(title=app.title, version=app.version, routes=app.routes)
    said = operations(Facts(service.release, service.example))
    paths = {
        path: {method: _merged(found, _told(said, path, method, found)) for method, found in methods.items()}
        for path, methods in raw["paths"].items()
    }
    schemas = {**COMPONENTS["schemas"], **_ours(raw)}
    return {
        "openapi": "3.1.0",
        "info": {"title": app.title, "summary": app.summary, "description": _ABOUT, "version": app.version},
        "servers": [{"url": root or "/"}],
        "tags": [{"name": name, "description": f"{ja} / {en}"} for name, (ja, en) in TAGS.items()],
        "paths": paths,
        "components": {**COMPONENTS, "schemas": dict(sorted(schemas.items()))},
    }


def _told(said: Mapping[str, Any], path: str, method: str, found: Mapping[str, Any]) -> Json:
    if path.startswith(_SAVED):
        return _saved(found)
    told: Json = said[path][method]
    return told


def _saved(found: Mapping[str, Any]) -> Json:
    """One of the saved queries, which say themselves what they ask and take."""
    bodies = {**json_of("QueryAnswer"), **content("text/csv")}
    answers = {**cached(bodies), **failures(400, 406, 503, 504)}
    return {**operation("search", "", "", answers), "summary": found["summary"]}


def _merged(found: Mapping[str, Any], told: Mapping[str, Any]) -> Json:
    """What is told, with the parameters that only the route knows of, and its longer description where it has one."""
    names = {item.get("name") for item in told["parameters"]}
    more = [item for item in found.get("parameters", ()) if item["name"] not in names]
    extra = {"description": found["description"]} if "description" in found else {}
    return {**told, **extra, "operationId": found["operationId"], "parameters": [*more, *told["parameters"]]}


def _ours(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Schemas of the framework's models, without those of errors that this service does not give."""
    schemas: Mapping[str, Any] = raw.get("components", {}).get("schemas", {})
    return {
        name: schema
        for name, schema in schemas.items()
        if not name.startswith(("HTTPValidation", "Validation"))
    }
