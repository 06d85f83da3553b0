"""/sparql: the query operation of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dxlod.errors import QuerySyntaxError, RequestError
from dxlod.release import GRAPH_FORMATS, write_graph
from dxlod.release.formats import DATASET_FORMATS
from dxlod.server.description import Facts, description
from dxlod.server.desk import Desk, Question, offers_for
from dxlod.server.documents import not_acceptable
from dxlod.server.found import found_before
from dxlod.server.http import BRIEFLY, etag_of, failure, not_modified, respond
from dxlod.server.negotiate import HTML, Offer, accept_of, by_name, choose
from dxlod.server.protocol import (
    ALLOWED,
    DIRECT,
    FORM,
    Pairs,
    asks_nothing,
    read_asked,
    read_body,
)
from dxlod.server.spool import LargeAnswer

__all__ = ["routes"]

_OTHERS = ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT"]

_PROBLEM = "application/problem+json"

_TEXT_OF = {"trig": "ttl", "nq": "nt"}
"""Turtle is TriG and N-Triples are N-Quads, where there is no named graph."""


def routes(desk: Desk) -> APIRouter:
    """The routes of the SPARQL endpoint."""
    router = APIRouter()
    counter = _Counter(desk)

    @router.get("/sparql", summary="SPARQL 1.1 query, or the service description")
    async def by_get(request: Request) -> Response:
        return await counter.get(request)

    @router.post("/sparql", summary="SPARQL 1.1 query by form or as application/sparql-query")
    async def by_post(request: Request) -> Response:
        return await counter.post(request)

    @router.options("/sparql", summary="the methods of the endpoint")
    async def options() -> Response:
        return Response(status_code=204, headers={"Allow": ALLOWED, "Accept-Post": f"{FORM}, {DIRECT}"})

    @router.api_route("/sparql", methods=_OTHERS, include_in_schema=False)
    async def others(request: Request) -> Response:
        return failure(
            request, 405, f"この方法では使えません（{ALLOWED}）。", f"Use {ALLOWED}.", {"Allow": ALLOWED}
        )

    return router


class _Counter:
    """Takes requests to the endpoint, and answers them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._service = desk.service
        # Percent-encoding triples what is not ASCII, and most of it takes three bytes.
        self._most_body = desk.service.settings.max_query_chars * 9 + 10_000

    async def get(self, request: Request) -> Response:
        pairs = self._pairs(request)
        if asks_nothing(pairs):
            return self._describe(request, dict(pairs).get("format", ""))
        return await self._answer(request, pairs)

    async def post(self, request: Request) -> Response:
        body = await _body(request, self._most_body)
        return await self._answer(request, self._pairs(request) + read_body(request.headers, body))

    def _pairs(self, request: Request) -> Pairs:
        return self._desk.pairs(request.scope["query_string"])

    async def _answer(self, request: Request, pairs: Pairs) -> Response:
        asked = read_asked(pairs)
        try:
            checked = await self._desk.check(asked.query)
            chosen = self._desk.choose(checked.form, asked.format, accept_of(request.headers))
            if chosen is None:
                offers = offers_for(checked.form)
                if _PROBLEM in (accept_of(request.headers) or ""):
                    await self._try(request, Question(asked, checked, offers[0].media_type))
                return not_acceptable(request, offers)
            return await self._run(request, Question(asked, checked, chosen.media_type))
        except QuerySyntaxError as error:
            members = {"line": error.line, "column": error.column} if error.line else {}
            return failure(request, 400, error.ja, error.en, members=members)

    async def _try(self, request: Request, question: Question) -> None:
        """For who can only be told of problems: what is wrong with the query comes before what no format is left for."""
        found = await self._desk.find(question, request.receive)
        if isinstance(found, LargeAnswer):
            found.file.close()

    async def _run(self, request: Request, question: Question) -> Response:
        headers = self._desk.headers
        if not question.checked.repeatable:
            headers = {**headers, "Cache-Control": "no-store"}
        found = found_before(request.scope) or await self._desk.find(question, request.receive)
        if isinstance(found, LargeAnswer):
            return _respond_large(request, found, headers)
        return respond(request, found.answer.body, question.media_type, found.etag, headers=headers)

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
