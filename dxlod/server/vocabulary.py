"""The vocabulary: /ns by negotiation or suffix, its version, the shapes, the JSON-LD context and the example queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dxlod.release import GRAPH_FORMATS, Release
from dxlod.release.jsonld import VERSION
from dxlod.release.terms import Triple, parse_quads
from dxlod.release.vocabulary_part import VOCABULARY
from dxlod.server.documents import not_acceptable
from dxlod.server.http import BRIEFLY, FOREVER, not_modified, respond
from dxlod.server.negotiate import HTML, Offer, choose
from dxlod.server.service import Service
from dxlod.server.views import page, page_tag, view_of
from dxlod.site.view import View
from dxlod.site.vocabulary import Vocabulary, read_vocabulary
from dxlod.site.vocabulary_pages import shapes_page, term_page, vocabulary_page

__all__ = ["routes"]

_FORMATS: tuple[Offer, ...] = (*GRAPH_FORMATS, HTML)
_SHAPES: tuple[Offer, ...] = (GRAPH_FORMATS[0], HTML)
_CONTEXT = "context.jsonld"
_KEPT = 16


@dataclass(frozen=True)
class _Desk:
    """What the routes share: the release's files, and what is read from them once, when it is first asked for."""

    service: Service

    @property
    def release(self) -> Release:
        return self.service.release

    @cached_property
    def vocabulary(self) -> Vocabulary:
        text = (self.release.path / "ns.nt").read_text(encoding="utf-8")
        quads = parse_quads(line.removesuffix(".") + "<urn:x> ." for line in text.splitlines())
        triples = [Triple(quad.s, quad.p, quad.o) for quad in quads]
        return read_vocabulary(triples, self._json(VOCABULARY))

    @cached_property
    def context_iri(self) -> str:
        """The IRI of the context's version, which the dumps name; '' where the release has no context."""
        return str(self._json(_CONTEXT).get("@context", {}).get(VERSION, ""))

    def _json(self, name: str) -> Any:
        """The content of a file of the release, {} when it has none of that name."""
        return {} if self.release.entry(name) is None else json.loads((self.release.path / name).read_bytes())

    def file(self, request: Request, name: str, cache: str = BRIEFLY, vary: str = "") -> Response:
        """A file of the release as it is; 404 when it has none of that name."""
        entry = self.release.entry(name)
        if entry is None:
            raise HTTPException(404)
        body = (self.release.path / name).read_bytes()
        # Where the format was negotiated, the file's own address is told.
        headers = {"Content-Location": f"{request.scope.get('root_path', '')}/{name}"} if vary else {}
        etag = entry.sha256[:32]
        return respond(request, body, entry.media_type, etag, vary=vary, cache=cache, headers=headers)

    def offer(
        self, request: Request, stem: str, offers: tuple[Offer, ...], show: Callable[[Request], Response]
    ) -> Response:
        """The file of a stem in the format that the client likes best, or the page that `show` makes."""
        chosen = choose(request.headers.get("accept"), offers)
        if chosen is None:
            return not_acceptable(request, offers)
        return (
            show(request) if chosen is HTML else self.file(request, f"{stem}.{chosen.suffix}", vary="Accept")
        )

    def ontology_page(self, request: Request) -> Response:
        return self._page(request, "vocabulary.html")

    def shapes_page(self, request: Request) -> Response:
        return self._page(request, "shapes.html")

    def _page(self, request: Request, template: str) -> Response:
        # These pages are long to make and the same whatever the query says.
        view = replace(view_of(request, self.service), query="")
        etag = page_tag(self.service, view)
        body = "" if not_modified(request, etag) else self._rendered(template, view)
        return respond(request, body, "text/html", etag)

    def term_page(self, request: Request, name: str) -> Response:
        term = next((term for term in self.vocabulary.terms if term.name == name), None)
        if term is None:
            raise HTTPException(404)
        return page(
            request, self.service, "vocabulary_term.html", lambda view: term_page(view, self.vocabulary, term)
        )

    @cached_property
    def _rendered(self) -> Callable[[str, View], str]:
        facts = {"vocabulary.html": self._ontology_facts, "shapes.html": self._shapes_facts}

        @lru_cache(maxsize=_KEPT)
        def rendered(template: str, view: View) -> str:
            return self.service.renderer.page(template, view, **facts[template](view))

        return rendered

    def _shapes_facts(self, view: View) -> dict[str, object]:
        return shapes_page(view, self.vocabulary)

    def _ontology_facts(self, view: View) -> dict[str, object]:
        names = [entry.path for entry in self.release.manifest.files]
        frames = tuple(name[len("frames/") : -len(".jsonld")] for name in names if name.startswith("frames/"))
        return vocabulary_page(view, self.vocabulary, self.context_iri, frames, "queries.ttl" in names)


def routes(service: Service) -> APIRouter:
    """The routes of the vocabulary and of what belongs to it."""
    router = APIRouter()
    desk = _Desk(service)
    _add_ontology(router, desk)
    _add_shapes(router, desk)
    _add_context(router, desk)
    return router


def _add_ontology(router: APIRouter, desk: _Desk) -> None:
    @router.get("/ns", summary="the ontology")
    async def ontology(request: Request) -> Response:
        return desk.offer(request, "ns", _FORMATS, desk.ontology_page)

    @router.get("/ns.{suffix}", summary="the ontology in one format")
    async def ontology_in(request: Request, suffix: str) -> Response:
        return desk.ontology_page(request) if suffix == HTML.suffix else desk.file(request, f"ns.{suffix}")

    @router.get("/ns/{name}", summary="a version of the ontology, with a suffix or without")
    async def version(request: Request, name: str) -> Response:
        known = desk.vocabulary.metadata.version
        if name == known:
            return desk.offer(request, "ns", _FORMATS, desk.ontology_page)
        number, _, suffix = name.rpartition(".")
        if number != known:
            raise HTTPException(404)
        return desk.ontology_page(request) if suffix == HTML.suffix else desk.file(request, f"ns.{suffix}")

    @router.get("/ns/terms/{name}", include_in_schema=False)
    def term(request: Request, name: str) -> Response:
        return desk.term_page(request, name)


def _add_shapes(router: APIRouter, desk: _Desk) -> None:
    # Those on the ontology itself have a namespace of their own, /shapes/ontology#.
    @router.get("/shapes/ontology", summary="the shapes that every release satisfies")
    @router.get("/shapes", summary="the shapes that every release satisfies")
    async def shapes(request: Request) -> Response:
        return desk.offer(request, "shapes", _SHAPES, desk.shapes_page)

    @router.get("/shapes.{suffix}", summary="the shapes in one format")
    async def shapes_in(request: Request, suffix: str) -> Response:
        return desk.shapes_page(request) if suffix == HTML.suffix else desk.file(request, f"shapes.{suffix}")

    @router.get("/queries.{suffix}", summary="the example queries as sh:SPARQLExecutable")
    async def queries_in(request: Request, suffix: str) -> Response:
        return desk.file(request, f"queries.{suffix}")


def _add_context(router: APIRouter, desk: _Desk) -> None:
    @router.get("/context.jsonld", summary="the JSON-LD context of the current release")
    async def current(request: Request) -> Response:
        return desk.file(request, _CONTEXT)

    @router.get("/context/{version}", summary="a version of the JSON-LD context, which never changes")
    async def context(request: Request, version: str) -> Response:
        if not desk.context_iri or version.removesuffix(".jsonld") != desk.context_iri.rpartition("/")[2]:
            raise HTTPException(404)
        return desk.file(request, _CONTEXT, FOREVER)

    @router.get("/context", summary="the JSON-LD context of the current release")
    async def latest(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        return RedirectResponse(f"{root}/{_CONTEXT}", 303, {"Cache-Control": BRIEFLY})

    @router.get("/frames/{name}", summary="a JSON-LD frame")
    async def frame(request: Request, name: str) -> Response:
        return desk.file(request, f"frames/{name}")
