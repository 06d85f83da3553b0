"""/api/queries: the example queries as an API, for people who do not write SPARQL."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dxlod.errors import QueryError
from dxlod.release.parameters import Parameter, bind
from dxlod.release.queries import Question, saved_questions
from dxlod.server.asking import ask
from dxlod.server.documents import not_acceptable
from dxlod.server.http import etag_of, failure, not_modified, respond
from dxlod.server.negotiate import Page, by_name, choose
from dxlod.server.pagecache import PageCache
from dxlod.server.service import Service
from dxlod.store import Rows, Term
from dxlod.store.results import read_rows

__all__ = ["asked_values", "bound", "plain_rows", "routes"]

_JSON = Page("json", "application/json", "json")
_CSV = Page("csv", "text/csv", "csv")
_FORMATS = (_JSON, _CSV)
_XSD = "http://www.w3.org/2001/XMLSchema#"
_READ: Mapping[str, Callable[[str], object]] = {
    f"{_XSD}integer": int,
    f"{_XSD}decimal": float,
    f"{_XSD}double": float,
    f"{_XSD}boolean": lambda text: text == "true",
}


def routes(service: Service) -> APIRouter:
    """The list of the queries, and one route for each of them."""
    router = APIRouter()
    questions = saved_questions(service.settings.queries)
    cache = PageCache(service.settings.page_cache_bytes // 4)

    @router.get("/api/queries", summary="the saved queries / 登録された問い合わせの一覧")
    async def every(request: Request) -> Response:
        root = str(request.scope.get("root_path", ""))
        body = _json({"queries": [_entry(question, root) for question in questions]})
        return respond(request, body, _JSON.media_type, etag_of(body), vary="")

    for question in questions:
        router.add_api_route(
            f"/api/queries/{question.name}",
            _answering(service, question, cache),
            methods=["GET"],
            summary=f"{question.en} / {question.ja}",
            name=question.name,
            openapi_extra={"parameters": [_described(item) for item in question.parameters] + [_FORMAT]},
        )

    @router.get("/api/queries/{name}", include_in_schema=False)
    async def unknown(request: Request, name: str) -> Response:
        names = ", ".join(question.name for question in questions)
        return failure(
            request,
            404,
            f"その問い合わせはありません。あるもの: {names}",
            f"No such query. There are: {names}",
        )

    return router


_FORMAT: dict[str, object] = {
    "name": "format",
    "in": "query",
    "required": False,
    "description": "json or csv; without it the Accept header decides / 形式",
    "schema": {"type": "string", "enum": ["json", "csv"], "default": "json"},
}


def _described(parameter: Parameter) -> dict[str, object]:
    kind = parameter.of
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": f"{kind.en} / {kind.ja}",
        "schema": {"type": "string", "pattern": f"^{kind.pattern}$", "default": parameter.default},
        "example": kind.example if parameter.kind != "text" else parameter.default,
    }


def _entry(question: Question, root: str) -> dict[str, object]:
    parameters = [
        {"name": item.name, "kind": item.kind, "default": item.default, "ja": item.of.ja, "en": item.of.en}
        for item in question.parameters
    ]
    return {
        "name": question.name,
        "ja": question.ja,
        "en": question.en,
        "keywords": list(question.keywords),
        "parameters": parameters,
        "url": f"{root}/api/queries/{question.name}",
        "sparql": f"{root}/query?{urlencode({'example': question.name})}",
    }


def asked_values(request: Request, question: Question) -> dict[str, str]:
    """The values given for a query's parameters; QueryError for a parameter that it does not have."""
    known = {item.name for item in question.parameters}
    given = {name: value.strip() for name, value in request.query_params.items() if name != "format"}
    strange = sorted(set(given) - known)
    if strange:
        names = ", ".join(sorted(known)) or "–"
        raise QueryError(
            f"パラメーター {', '.join(strange)} はありません。使えるもの: {names}",
            f"There is no parameter {', '.join(strange)}. There are: {names}",
        )
    return given


def bound(service: Service, question: Question, given: Mapping[str, str]) -> str:
    """The SPARQL of a question with these values; QueryError for a value that cannot be used."""
    return bind(question.query, question.parameters, given, service.reader.exists, service.settings.base)


def _answering(
    service: Service, question: Question, cache: PageCache
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        name = request.query_params.get("format", "")
        chosen = by_name(name, _FORMATS) if name else choose(request.headers.get("accept"), _FORMATS)
        if chosen is None:
            return not_acceptable(request, _FORMATS)
        given = asked_values(request, question)
        query = bound(service, question, given)
        etag = etag_of(service.digest, query, chosen.suffix)
        headers = {
            "Link": f'<{request.scope.get("root_path", "")}/queries.ttl>; rel="describedby"',
            "Content-Disposition": f'inline; filename="{question.name}.{chosen.suffix}"',
        }
        body = b"" if not_modified(request, etag) else cache.get(etag)
        if body is None:
            body = await _body(service, question, given, query, chosen)
            cache.put(etag, body)
        return respond(request, body, chosen.media_type, etag, headers=headers)

    return answer


async def _body(
    service: Service, question: Question, given: Mapping[str, str], query: str, chosen: Page
) -> bytes:
    if chosen is _CSV:
        # Spreadsheets take the text for UTF-8 only where it begins with this mark.
        return b"\xef\xbb\xbf" + (await ask(service, query, _CSV.media_type)).body
    rows = read_rows((await ask(service, query)).body)
    used = {item.name: given.get(item.name) or item.default for item in question.parameters}
    found = plain_rows(rows)
    document = {
        "name": question.name,
        "question": {"ja": question.ja, "en": question.en},
        "parameters": used,
        "release": service.release.version,
        "columns": list(rows.variables),
        "count": len(found),
        "rows": found,
    }
    return _json(document).encode()


def plain_rows(rows: Rows) -> list[dict[str, object]]:
    """Solutions as objects of plain values: numbers as numbers, all else as text, nothing as null."""
    return [dict(zip(rows.variables, map(_plain, row), strict=True)) for row in rows.rows]


def _plain(term: Term | None) -> object:
    if term is None:
        return None
    return _READ.get(term.datatype, str)(term.text)


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
