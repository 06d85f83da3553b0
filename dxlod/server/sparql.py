"""/sparql: the query operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dxlod.errors import QueryError
from dxlod.release import GRAPH_FORMATS, write_graph
from dxlod.release.formats import DATASET_FORMATS
from dxlod.release.terms import RDF_TYPE, Triple
from dxlod.server.documents import not_acceptable
from dxlod.server.http import etag_of, failure, respond
from dxlod.server.negotiate import HTML, Offer, by_name, choose
from dxlod.server.pages import query_page
from dxlod.server.service import Service
from dxlod.store import RESULT_FORMATS, Answer, Dataset, Limits, check_query

__all__ = ["AnswerCache", "description", "routes"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORM = "application/x-www-form-urlencoded"
_EXAMPLE = """PREFIX dxo: <https://w3id.org/dxlod/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?indicator ?label WHERE {
  ?indicator a dxo:Indicator ; rdfs:label ?label .
  FILTER(LANG(?label) = "ja")
} ORDER BY ?indicator LIMIT 20"""


@dataclass(frozen=True)
class _Asked:
    """What a request asks: query text, dataset, and the format named by `format=` ('' when by Accept)."""

    query: str
    dataset: Dataset
    format: str


class AnswerCache:
    """Whole answers of one release, the least recently used dropped first. Keeps at most `size` bytes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._answers: OrderedDict[tuple[str, str, Dataset], Answer] = OrderedDict()

    def get(self, query: str, media_type: str, dataset: Dataset) -> Answer | None:
        """The answer to the same question, if it is still here."""
        key = (query, media_type, dataset)
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def put(self, query: str, media_type: str, dataset: Dataset, answer: Answer) -> None:
        """Keep an answer, unless it alone would take an eighth of the room."""
        key = (query, media_type, dataset)
        cost = len(answer.body) + len(query)
        if cost > self._size // 8 or key in self._answers:
            return
        self._answers[key] = answer
        self._used += cost
        while self._used > self._size:
            (old, _, _), dropped = self._answers.popitem(last=False)
            self._used -= len(dropped.body) + len(old)


def routes(service: Service) -> APIRouter:
    """The routes of the SPARQL endpoint."""
    router = APIRouter()
    cache = AnswerCache(service.settings.cache_bytes)
    # Percent-encoding triples what is not ASCII, and most of it takes three bytes.
    most = service.settings.max_query_chars * 9 + 10_000

    @router.get("/sparql", summary="SPARQL 1.1 query, or the service description")
    async def by_get(request: Request) -> Response:
        pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if not any(name in ("query", "update") for name, _ in pairs):
            return _describe(service, request)
        return await _answer(service, request, pairs, cache)

    @router.post("/sparql", summary="SPARQL 1.1 query by form or as application/sparql-query")
    async def by_post(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await _body(request, most)
        if body is None:
            return failure(request, 413, "要求が長すぎます。", "The request is too long.")
        pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if kind == _FORM:
            pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        elif kind == "application/sparql-query":
            try:
                pairs.append(("query", body.decode("utf-8")))
            except UnicodeDecodeError:
                return failure(request, 400, "UTF-8 ではありません。", "The query is not UTF-8.")
        elif kind == "application/sparql-update":
            pairs.append(("update", ""))
        else:
            names = f"{_FORM}, application/sparql-query"
            return failure(
                request, 415, f"Content-Type は次のどれかです: {names}", f"Content-Type must be: {names}"
            )
        return await _answer(service, request, pairs, cache)

    return router


async def _body(request: Request, most: int) -> bytes | None:
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > most:
            return None
    return bytes(received)


async def _answer(
    service: Service, request: Request, pairs: Sequence[tuple[str, str]], cache: AnswerCache
) -> Response:
    if any(name == "update" for name, _ in pairs):
        return failure(request, 403, "このサービスは読み取り専用です。", "This service only reads.")
    asked = _read(pairs)
    checked = check_query(asked.query, Limits.of(service.settings))
    offers: tuple[Offer, ...] = (
        (*GRAPH_FORMATS, *DATASET_FORMATS) if checked.form.is_graph else RESULT_FORMATS
    )
    accept = request.headers.get("accept")
    chosen = by_name(asked.format, offers) if asked.format else choose(accept, offers)
    if chosen is None:
        return not_acceptable(request, offers)
    answer = cache.get(asked.query, chosen.media_type, asked.dataset)
    if answer is None:
        work = service.pool.query(asked.query, chosen.media_type, asked.dataset)
        answer = await _while_connected(request, asyncio.ensure_future(work))
        if checked.repeatable:
            cache.put(asked.query, chosen.media_type, asked.dataset, answer)
    # Rows without ORDER BY may come in another order elsewhere, so the tag is made from the bytes themselves.
    etag = etag_of(answer.media_type, hashlib.sha256(answer.body).hexdigest())
    return respond(request, answer.body, chosen.media_type, etag)


def _read(pairs: Sequence[tuple[str, str]]) -> _Asked:
    def values(*names: str) -> tuple[str, ...]:
        return tuple(value for name, value in pairs if name in names and value)

    queries = values("query")
    if len(queries) != 1:
        raise QueryError("query をひとつだけ指定してください。", "Give exactly one query parameter.")
    dataset = Dataset(values("default-graph-uri"), values("named-graph-uri"))
    return _Asked(queries[0], dataset, next(iter(values("format", "output")), ""))


async def _while_connected(request: Request, work: asyncio.Future[Answer]) -> Answer:
    """The answer; where the client leaves first, the query is stopped."""
    leaving = asyncio.ensure_future(_left(request))
    both: set[asyncio.Future[Any]] = {work, leaving}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise QueryError("接続が切れました。", "The client has left.")
    finally:
        leaving.cancel()
        if not work.done():
            work.cancel()
            await asyncio.wait({work})


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _describe(service: Service, request: Request) -> Response:
    """The service description (SPARQL 1.1 Service Description 2); a form for browsers."""
    offers: tuple[Offer, ...] = (*GRAPH_FORMATS, HTML)
    chosen = choose(request.headers.get("accept"), offers)
    if chosen is None:
        return not_acceptable(request, offers)
    endpoint = f"{request.base_url}sparql"
    etag = etag_of(service.digest, "sd", endpoint, chosen.suffix)
    if chosen is HTML:
        return respond(request, query_page(_EXAMPLE), chosen.media_type, etag)
    pieces = write_graph(chosen.suffix, description(endpoint), service.settings, service.context)
    return respond(request, "".join(pieces), chosen.media_type, etag)


def description(endpoint: str) -> list[Triple]:
    """The service description of the endpoint at this URL."""
    here, formats = f"<{endpoint}#service>", "http://www.w3.org/ns/formats/"
    facts = [
        (RDF_TYPE, f"{_SD}Service"),
        (f"<{_SD}endpoint>", endpoint),
        (f"<{_SD}supportedLanguage>", f"{_SD}SPARQL11Query"),
        (f"<{_SD}feature>", f"{_SD}UnionDefaultGraph"),
    ]
    results = [f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")]
    graphs = ["Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads"]
    facts += [(f"<{_SD}resultFormat>", f"{formats}{name}") for name in results + graphs]
    return [Triple(here, predicate, f"<{value}>") for predicate, value in facts]
