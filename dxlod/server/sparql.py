"""/sparql: the query operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dxlod.errors import QueryError, QuerySyntaxError, QueryTimeoutError, RequestError
from dxlod.release import GRAPH_FORMATS, write_graph
from dxlod.release.formats import DATASET_FORMATS
from dxlod.server.answers import AnswerCache, Checks, tagged
from dxlod.server.description import Facts, description
from dxlod.server.documents import not_acceptable
from dxlod.server.federation import Federation
from dxlod.server.http import BRIEFLY, etag_of, failure, not_modified, respond
from dxlod.server.negotiate import HTML, Offer, accept_of, by_name, choose
from dxlod.server.protocol import (
    ALLOWED,
    DIRECT,
    FORM,
    Asked,
    Pairs,
    asks_nothing,
    read_asked,
    read_body,
    read_pairs,
)
from dxlod.server.service import Service
from dxlod.server.spool import LargeAnswer
from dxlod.store import BOOLEAN_FORMATS, RESULT_FORMATS, Answer, Checked, Dataset, Form, Limits

__all__ = ["routes"]

_Result = TypeVar("_Result")

_OTHERS = ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT"]
_LONG = 4_000
"""Characters of a query that is read in a thread and whose reading is not kept."""

_TEXT_OF = {"trig": "ttl", "nq": "nt"}
"""Turtle is TriG and N-Triples are N-Quads, where there is no named graph."""


def routes(service: Service) -> APIRouter:
    """The routes of the SPARQL endpoint."""
    router = APIRouter()
    desk = _Desk(service)

    @router.get("/sparql", summary="SPARQL 1.1 query, or the service description")
    async def by_get(request: Request) -> Response:
        return await desk.get(request)

    @router.post("/sparql", summary="SPARQL 1.1 query by form or as application/sparql-query")
    async def by_post(request: Request) -> Response:
        return await desk.post(request)

    @router.options("/sparql", summary="the methods of the endpoint")
    async def options() -> Response:
        return Response(status_code=204, headers={"Allow": ALLOWED, "Accept-Post": f"{FORM}, {DIRECT}"})

    @router.api_route("/sparql", methods=_OTHERS, include_in_schema=False)
    async def others(request: Request) -> Response:
        return failure(
            request, 405, f"この方法では使えません（{ALLOWED}）。", f"Use {ALLOWED}.", {"Allow": ALLOWED}
        )

    return router


@dataclass(frozen=True)
class _Question:
    """A query that may be run, and the format of its answer."""

    asked: Asked
    checked: Checked
    format: Offer


class _Desk:
    """Takes requests to the endpoint over one release."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        self._service = service
        self._cache = AnswerCache(settings.cache_bytes)
        self._checks = Checks(Limits.of(settings), calls=bool(settings.endpoints), longest=_LONG)
        self._federation = Federation(settings)
        # Percent-encoding triples what is not ASCII, and most of it takes three bytes.
        self._most_body = settings.max_query_chars * 9 + 10_000
        self._headers = {"X-SPARQL-MaxRows": str(settings.max_rows)} if settings.max_rows else {}

    async def get(self, request: Request) -> Response:
        pairs = self._pairs(request)
        if asks_nothing(pairs):
            return self._describe(request, dict(pairs).get("format", ""))
        return await self._answer(request, pairs)

    async def post(self, request: Request) -> Response:
        body = await _body(request, self._most_body)
        return await self._answer(request, self._pairs(request) + read_body(request.headers, body))

    def _pairs(self, request: Request) -> Pairs:
        return read_pairs(request.scope["query_string"], self._service.settings.max_url_bytes)

    async def _answer(self, request: Request, pairs: Pairs) -> Response:
        asked = read_asked(pairs)
        try:
            checked = await self._check(asked.query)
            offers = _offers(checked.form)
            chosen = _choose(request, asked.format, offers)
            if chosen is None:
                return not_acceptable(request, offers)
            return await self._run(request, _Question(asked, checked, chosen))
        except QuerySyntaxError as error:
            members = {"line": error.line, "column": error.column} if error.line else {}
            return failure(request, 400, error.ja, error.en, members=members)

    async def _check(self, query: str) -> Checked:
        """In a thread where it is long, so that others do not wait for it."""
        if len(query) < _LONG:
            return self._checks.of(query)
        return await asyncio.to_thread(self._checks.of, query)

    async def _run(self, request: Request, question: _Question) -> Response:
        asked, checked, media_type = question.asked, question.checked, question.format.media_type
        headers = self._headers if checked.repeatable else {**self._headers, "Cache-Control": "no-store"}
        found = self._cache.get(asked.query, media_type, asked.dataset)
        if found is None:
            answer = await _while_connected(request, self._find(question))
            if isinstance(answer, LargeAnswer):
                return _respond_large(request, answer, headers)
            found = tagged(answer)
            if checked.repeatable:
                self._cache.put(asked.query, media_type, asked.dataset, found)
        return respond(request, found.answer.body, media_type, found.etag, headers=headers)

    async def _find(self, question: _Question) -> Answer | LargeAnswer:
        if not question.checked.calls:
            return await self._ask(question, question.asked.dataset)
        seconds = self._service.settings.query_timeout
        try:
            # One deadline for what others answer and for what is made of it.
            async with asyncio.timeout(seconds):
                fetched = await self._federation.fetch(question.checked)
                return await self._ask(question, replace(question.asked.dataset, fetched=fetched))
        except TimeoutError as error:
            raise QueryTimeoutError(
                f"SERVICE を含めて {seconds:g} 秒以内に終わらないため、問い合わせを止めました。",
                f"The query was stopped: with SERVICE it took longer than {seconds:g} s.",
            ) from error

    async def _ask(self, question: _Question, dataset: Dataset) -> Answer | LargeAnswer:
        return await self._service.pool.answer(question.asked.query, question.format.media_type, dataset)

    def _describe(self, request: Request, name: str) -> Response:
        """The service description (SPARQL 1.1 Service Description 2); a form for browsers."""
        service = self._service
        offers: tuple[Offer, ...] = (*GRAPH_FORMATS, *DATASET_FORMATS, HTML)
        chosen = _choose(request, name, offers)
        if chosen is None:
            return not_acceptable(request, offers)
        endpoint = f"{request.base_url}sparql"
        etag = etag_of(service.digest, "sd", endpoint, chosen.suffix)
        if chosen is HTML:
            # The page to ask at; the URL of the endpoint stays what it is for everything that is no browser.
            headers = {"Location": f"{request.scope.get('root_path', '')}/query", "Vary": "Accept"}
            return Response(status_code=303, headers=headers)
        suffix = _TEXT_OF.get(chosen.suffix, chosen.suffix)
        pieces = write_graph(suffix, description(self._facts(endpoint)), service.settings, service.context)
        return respond(request, "".join(pieces), chosen.media_type, etag)

    def _facts(self, endpoint: str) -> Facts:
        manifest, settings = self._service.release.manifest, self._service.settings
        return Facts(
            endpoint,
            self._service.release.version,
            manifest.graphs,
            manifest.triples,
            federated=bool(settings.endpoints),
            max_rows=settings.max_rows,
        )


def _offers(form: Form) -> tuple[Offer, ...]:
    """CSV and TSV hold solutions only, so ASK is not answered in them (SPARQL 1.1 Query Results CSV and TSV, 1)."""
    if form.is_graph:
        return (*GRAPH_FORMATS, *DATASET_FORMATS)
    return BOOLEAN_FORMATS if form is Form.ASK else RESULT_FORMATS


def _choose(request: Request, name: str, offers: tuple[Offer, ...]) -> Offer | None:
    return by_name(name, offers) if name else choose(accept_of(request.headers), offers)


async def _body(request: Request, most: int) -> bytes:
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > most:
            raise RequestError(413, "要求が長すぎます。", "The request is too long.")
    return bytes(received)


def _respond_large(request: Request, answer: LargeAnswer, headers: Mapping[str, str]) -> Response:
    """As `respond`, from a file. Its size is known, so that a connection that breaks cannot look like the end."""
    etag = etag_of(answer.media_type, answer.sha256)
    if not_modified(request, etag) or request.headers.get("if-none-match", "").strip() == "*":
        answer.file.close()
        return Response(
            status_code=304,
            headers={"ETag": f'"{etag}"', "Cache-Control": BRIEFLY, "Vary": "Accept", **headers},
        )
    plain = respond(
        request, b"", answer.media_type, etag, headers={**headers, "Content-Length": str(answer.size)}
    )
    return StreamingResponse(answer.pieces(), headers=dict(plain.headers))


async def _while_connected(request: Request, finding: Coroutine[Any, Any, _Result]) -> _Result:
    """What is found; where the client leaves first, the query is stopped."""
    work = asyncio.ensure_future(finding)
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
