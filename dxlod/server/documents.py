"""Entities: /id/… says 303, /doc/… describes in the format asked for, /ns is the ontology."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dxlod.release import GRAPH_FORMATS, write_graph
from dxlod.release.terms import Triple, is_iri, literal_parts, parse_quads
from dxlod.server.http import BRIEFLY, etag_of, failure, not_modified, respond
from dxlod.server.negotiate import HTML, Offer, choose
from dxlod.server.pages import Backlink, EntityPage, entity_page
from dxlod.server.service import Service
from dxlod.store.results import read_rows

__all__ = ["routes"]

_DXO = "https://w3id.org/dxlod/ns#"
_FORMATS: tuple[Offer, ...] = (*GRAPH_FORMATS, HTML)
_SUFFIX = re.compile(r"(.+)\.(ttl|jsonld|nt|rdf|html)")
_IRI = re.compile(r"[^<>\"{}|\\^`\x00-\x20]+")
_PARTS = "|".join(
    f"<{_DXO}{name}>" for name in ("indicatorValue", "baseline", "target", "actual", "hasPhase")
)
_SELECTOR = "<http://www.w3.org/ns/oa#hasSelector>?/<http://www.w3.org/ns/oa#refinedBy>?"
_REACH = f"({_PARTS}|^<{_DXO}indicator>)?/(<{_DXO}sourceFragment>/{_SELECTOR})?"
"""From an entity to what makes no sense without it: its values, its phases, the source lines of all of them."""
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>|<http://www.w3.org/2004/02/skos/core#prefLabel>"
_MOST_BACKLINKS = 50


def routes(service: Service) -> APIRouter:
    """The routes of entities and of the ontology."""
    router = APIRouter()

    @router.get("/id/{path:path}", status_code=303, summary="an entity; see its document")
    async def entity(request: Request, path: str) -> Response:
        headers = {"Cache-Control": BRIEFLY}
        return RedirectResponse(f"{_root(request)}/doc/{_tail(request, '/id/')}", 303, headers)

    @router.get("/doc/{path:path}", summary="what is known of an entity")
    async def document(request: Request, path: str) -> Response:
        return await _document(service, request, path)

    @router.get("/ns", summary="the ontology")
    async def ontology(request: Request) -> Response:
        return _ontology(service, request, choose(request.headers.get("accept"), _FORMATS))

    @router.get("/ns.{suffix}", summary="the ontology in one format")
    async def ontology_in(request: Request, suffix: str) -> Response:
        chosen = next((item for item in _FORMATS if item.suffix == suffix), None)
        if chosen is None:
            raise HTTPException(404)
        return _ontology(service, request, chosen)

    return router


async def _document(service: Service, request: Request, path: str) -> Response:
    """The document in the format of the suffix, or else of the Accept header."""
    match = _SUFFIX.fullmatch(path)
    if match is not None:
        path = match.group(1)
        chosen = next(item for item in _FORMATS if item.suffix == match.group(2))
    else:
        wanted = choose(request.headers.get("accept"), _FORMATS)
        if wanted is None:
            return not_acceptable(request, _FORMATS)
        chosen = wanted
    etag = etag_of(service.digest, "doc", path, chosen.suffix, _root(request))
    if not_modified(request, etag):
        return respond(request, b"", chosen.media_type, etag)
    found = await _find(service, path)
    if found is None:
        return _unknown(request, path)
    iri, triples = found
    if chosen is HTML:
        body = entity_page(await _page(service, request, path, iri, triples))
    else:
        body = "".join(write_graph(chosen.suffix, triples, service.settings, service.context, f"<{iri}>"))
    links = {
        "Link": f'<{iri}>; rel="describes"',
        "Content-Location": f"{_root(request)}/doc/{path}.{chosen.suffix}",
    }
    return respond(request, body.encode(), chosen.media_type, etag, headers=links)


async def _find(service: Service, path: str) -> tuple[str, list[Triple]] | None:
    for iri in service.candidates(f"id/{path}"):
        if not _IRI.fullmatch(iri):
            continue
        query = f"CONSTRUCT {{?s ?p ?o}} WHERE {{<{iri}> {_REACH} ?s . ?s ?p ?o}}"
        answer = await service.pool.query(query, "application/n-triples")
        triples = sorted(set(_triples(answer.body)))
        if any(triple.s == f"<{iri}>" for triple in triples):
            return iri, triples
    return None


def _triples(body: bytes) -> Iterator[Triple]:
    lines = body.decode().splitlines()
    quads = parse_quads(line.removesuffix(".") + "<urn:x> ." for line in lines)
    return (Triple(quad.s, quad.p, quad.o) for quad in quads)


async def _page(
    service: Service, request: Request, path: str, iri: str, triples: Sequence[Triple]
) -> EntityPage:
    labels = await _labels(service, iri)
    query = f"SELECT ?s ?p WHERE {{?s ?p <{iri}>}} ORDER BY ?p ?s LIMIT {_MOST_BACKLINKS}"
    rows = read_rows((await service.pool.query(query)).body).rows
    backlinks = [Backlink(s.text, p.text) for s, p in rows if s is not None and p is not None]
    iris = {term[1:-1] for triple in triples for term in triple if is_iri(term)} | {
        link.subject for link in backlinks
    }
    links = {name: f"{_root(request)}{local}" for name in iris if (local := service.local(name))}
    return EntityPage(iri, f"{_root(request)}/doc/{path}", triples, labels, links, backlinks)


async def _labels(service: Service, iri: str) -> dict[str, dict[str, str]]:
    """Labels by language of everything that a page names."""
    query = (
        f"SELECT DISTINCT ?x ?label WHERE {{ {{<{iri}> {_REACH} ?x}} UNION {{<{iri}> {_REACH} ?s . ?s ?x ?y}}"
        f" UNION {{<{iri}> {_REACH} ?s . ?s ?y ?x}} UNION {{?x ?y <{iri}>}} UNION {{?z ?x <{iri}>}}"
        f" FILTER(isIRI(?x)) ?x {_LABEL} ?label }}"
    )
    labels: dict[str, dict[str, str]] = {}
    for subject, label in read_rows((await service.pool.query(query)).body).rows:
        if subject is not None and label is not None:
            labels.setdefault(subject.text, {}).setdefault(label.language, label.text)
    return labels


def _ontology(service: Service, request: Request, chosen: Offer | None) -> Response:
    if chosen is None:
        return not_acceptable(request, _FORMATS)
    etag = etag_of(service.digest, "ns", chosen.suffix, _root(request))
    if chosen is not HTML:
        return respond(
            request, (service.release.path / f"ns.{chosen.suffix}").read_bytes(), chosen.media_type, etag
        )
    triples = list(_triples((service.release.path / "ns.nt").read_bytes()))
    labels: dict[str, dict[str, str]] = {}
    for triple in triples:
        if triple.p.endswith("#label>"):
            parts = literal_parts(triple.o)
            labels.setdefault(triple.s[1:-1], {}).setdefault(parts.language, parts.text)
    page = EntityPage(_DXO.rstrip("#"), f"{_root(request)}/ns", triples, labels, {}, [])
    return respond(request, entity_page(page).encode(), chosen.media_type, etag)


def not_acceptable(request: Request, offers: Sequence[Offer]) -> Response:
    """406 that says what there is."""
    names = ", ".join(offer.media_type for offer in offers)
    return failure(
        request, 406, f"その形式はありません。使える形式: {names}", f"No such format. There are: {names}"
    )


def _unknown(request: Request, path: str) -> Response:
    return failure(
        request,
        404,
        f"/id/{path} についてのデータはありません。つづりを確かめるか、/sparql で探してください。",
        f"Nothing is known of /id/{path}. Check the spelling, or search at /sparql.",
    )


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _tail(request: Request, place: str) -> str:
    """The rest of the path as it was sent, still percent-encoded."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return str(raw.decode("latin-1").partition(place)[2].partition("?")[0])
