"""Entities: /id/… says 303, /doc/… describes in the format asked for. Read from the index; no query worker is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dxlod.release import GRAPH_FORMATS, write_graph
from dxlod.release.terms import Triple
from dxlod.server.absent import Absent
from dxlod.server.http import BRIEFLY, etag_of, failure, not_modified, respond
from dxlod.server.imprint import Imprints
from dxlod.server.negotiate import HTML, Offer, accept_of, by_name, choose
from dxlod.server.pagecache import PageCache
from dxlod.server.service import Service
from dxlod.server.views import page_tag, view_of
from dxlod.site.entities import entity_page
from dxlod.site.view import View

__all__ = ["not_acceptable", "routes"]

_FORMATS: tuple[Offer, ...] = (*GRAPH_FORMATS, HTML)
_SUFFIX = re.compile(r"(.+)\.(ttl|jsonld|nt|rdf|html)")
_IRI = re.compile(r"[^<>\"{}|\\^`\x00-\x20]+")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_SAFE = ":/?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True)
class _Asked:
    """One document asked for: path after /doc/, format, page of what points at it, tag, and how it is looked at."""

    path: str
    format: Offer
    page: int
    tag: str
    view: View | None


def routes(service: Service) -> APIRouter:
    """The routes of entities."""
    router = APIRouter()
    desk = _Desk(service, PageCache(service.settings.page_cache_bytes), Absent(service), Imprints())

    @router.get("/id/{path:path}", status_code=303, summary="an entity; see its document")
    async def entity(request: Request, path: str) -> Response:
        headers = {"Cache-Control": BRIEFLY}
        return RedirectResponse(f"{_root(request)}/doc/{_tail(request, '/id/')}", 303, headers)

    @router.get("/doc/{path:path}", summary="what is known of an entity")
    async def document(request: Request, path: str) -> Response:
        return await _document(desk, request, path)

    return router


@dataclass(frozen=True)
class _Desk:
    """What documents are answered with."""

    service: Service
    cache: PageCache
    absent: Absent
    imprints: Imprints


async def _document(desk: _Desk, request: Request, path: str) -> Response:
    """The document in the format of the suffix, else of `format=`, else of the Accept header."""
    service, cache = desk.service, desk.cache
    match = _SUFFIX.fullmatch(path)
    chosen = _chosen(request, match.group(2) if match else "")
    page = request.query_params.get("page", "1")
    if chosen is None:
        return not_acceptable(request, _FORMATS)
    if not _NUMBER.fullmatch(page):
        return failure(request, 400, "page は 1 以上の数です。", "page is a number from 1.")
    asked = _ask(service, request, match.group(1) if match else path, chosen, int(page))
    body = cache.get(asked.tag)
    if body is None and not not_modified(request, asked.tag):
        body = await run_in_threadpool(_body, service, asked)
        if body is None:
            return await run_in_threadpool(desk.absent, request, asked.path, chosen)
        cache.put(asked.tag, body)
    return respond(request, body or b"", chosen.media_type, asked.tag, headers=_headers(desk, request, asked))


def _chosen(request: Request, suffix: str) -> Offer | None:
    """The format asked for; None where there is no such format. A `format=` is never passed over in silence."""
    name = request.query_params.get("format", "")
    named = by_name(name, _FORMATS) if name else None
    if suffix:
        ending = _by_suffix(suffix)
        return ending if not name or named is ending else None
    return named if name else choose(accept_of(request.headers), _FORMATS)


def _ask(service: Service, request: Request, path: str, chosen: Offer, page: int) -> _Asked:
    if chosen is not HTML:
        return _Asked(
            path, chosen, 1, etag_of(service.digest, "doc", path, chosen.suffix, _root(request)), None
        )
    query = f"page={page}" if page > 1 else ""
    view = replace(view_of(request, service), path=f"/doc/{quote(path, safe=_SAFE)}", query=query)
    return _Asked(path, chosen, page, page_tag(service, view), view)


def _by_suffix(suffix: str) -> Offer:
    return next(item for item in _FORMATS if item.suffix == suffix)


def _body(service: Service, asked: _Asked) -> bytes | None:
    """The document, None when nothing is known of the thing."""
    found = _find(service, asked.path)
    if found is None:
        return None
    iri, triples = found
    if asked.view is not None:
        page = entity_page(service.renderer, service.reader, asked.view, iri, triples, asked.page)
        return page.encode()
    suffix = asked.format.suffix
    return "".join(write_graph(suffix, triples, service.settings, service.context, f"<{iri}>")).encode()


def _find(service: Service, path: str) -> tuple[str, list[Triple]] | None:
    for iri in service.candidates(f"id/{path}"):
        if _IRI.fullmatch(iri):
            triples = service.reader.closure(iri)
            if triples:
                return iri, triples
    return None


def _headers(desk: _Desk, request: Request, asked: _Asked) -> dict[str, str]:
    """Where this representation is, what it describes, the other formats, and of data whose they are."""
    service = desk.service
    place = f"{_root(request)}/doc/{quote(asked.path, safe=_SAFE)}"
    iri = next(iter(service.candidates(f"id/{asked.path}")))
    links = [f'<{quote(iri, safe=_SAFE)}>; rel="describes"']
    links += [
        f'<{place}.{item.suffix}>; rel="alternate"; type="{item.media_type}"'
        for item in _FORMATS
        if item is not asked.format
    ]
    imprint = {} if asked.format is HTML else desk.imprints.headers(service.release, _root(request))
    if "Link" in imprint:
        links.append(imprint["Link"])
    return {**imprint, "Link": ", ".join(links), "Content-Location": f"{place}.{asked.format.suffix}"}


def not_acceptable(request: Request, offers: Sequence[Offer]) -> Response:
    """406 that says what there is."""
    names = ", ".join(offer.media_type for offer in offers)
    return failure(
        request, 406, f"その形式はありません。使える形式: {names}", f"No such format. There are: {names}"
    )


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _tail(request: Request, place: str) -> str:
    """The rest of the path as it was sent, still percent-encoded."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return str(raw.decode("latin-1").partition(place)[2].partition("?")[0])
