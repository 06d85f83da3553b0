"""Routes of the overview pages: home, plans, topics, tasks, downloads, releases, method, guide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dxlod.release import Release
from dxlod.server.http import etag_of, respond
from dxlod.server.negotiate import HTML, PLAIN, choose
from dxlod.server.pagecache import PageCache
from dxlod.server.service import Service
from dxlod.server.site_files import add_files, origin_of
from dxlod.server.views import page
from dxlod.site.pages.facts import (
    Facts,
    downloads,
    guide,
    home,
    method,
    plans,
    quality,
    releases,
    tasks,
    topics,
)
from dxlod.site.pages.overview import Overview
from dxlod.site.pages.tasks import TaskFilter
from dxlod.site.pages.welcome import welcome_text
from dxlod.site.view import View

__all__ = ["routes"]

_ASKED = ("q", "city", "system", "law", "sort", "view")
_LONGEST = 200
"""Characters of what is asked of the list of tasks; the rest is not looked at."""


@dataclass(frozen=True)
class _Pages:
    """What the routes share."""

    service: Service
    overview: Overview
    cache: PageCache

    def show(self, request: Request, name: str, facts: Facts, also: str = "") -> Response:
        """A page whose breadcrumb is its own name."""

        def with_crumbs(view: View) -> Mapping[str, object]:
            title = self.service.renderer.translator(view.lang)(f"{name}.title")
            return {"crumbs": [(title, "")], **facts(view)}

        return self.plain(request, name, with_crumbs, also)

    def plain(self, request: Request, name: str, facts: Facts, also: str = "") -> Response:
        """A page that brings its own breadcrumbs or has none."""
        return page(request, self.service, f"{name}.html", facts, cache=self.cache, also=also)


def routes(service: Service) -> APIRouter:
    """The routes of the overview pages. They read files and an index, so they run beside the event loop."""
    router = APIRouter(include_in_schema=False)
    overview = Overview(service.reader, service.release)
    pages = _Pages(service, overview, PageCache(service.settings.page_cache_bytes))
    for add in (_add_home, _add_lists, _add_tasks, _add_method, _add_guide):
        add(router, pages)
    add_files(router, service, overview)
    return router


def _add_home(router: APIRouter, pages: _Pages) -> None:
    service = pages.service

    @router.get("/")
    def first(request: Request) -> Response:
        if choose(request.headers.get("accept"), (PLAIN, HTML)) is HTML:
            return pages.plain(request, "home", lambda _: home(pages.overview))
        text = welcome_text(origin_of(request), service.example, service.release.version)
        return respond(request, text, "text/plain", etag_of(service.digest, text))


def _add_lists(router: APIRouter, pages: _Pages) -> None:
    overview, renderer = pages.overview, pages.service.renderer

    @router.get("/plans")
    def all_plans(request: Request) -> Response:
        return pages.show(request, "plans", lambda _: plans(overview))

    @router.get("/topics")
    def all_topics(request: Request) -> Response:
        return pages.show(request, "topics", lambda _: topics(overview))

    @router.get("/downloads")
    def all_files(request: Request) -> Response:
        return pages.show(request, "downloads", lambda view: downloads(overview, renderer, view))

    @router.get("/releases-list")
    def all_releases(request: Request) -> Response:
        return pages.show(request, "releases", lambda _: releases(overview))


def _add_tasks(router: APIRouter, pages: _Pages) -> None:
    @router.get("/tasks")
    def all_tasks(request: Request) -> Response:
        asked = {name: request.query_params.get(name, "")[:_LONGEST] for name in _ASKED}
        wish = _wish(asked)
        return pages.show(
            request,
            "tasks",
            lambda view: {**tasks(pages.overview, wish, view.lang), "link": _links(view, asked)},
        )


def _wish(asked: Mapping[str, str]) -> TaskFilter:
    return TaskFilter(
        text=asked["q"],
        city=asked["city"],
        system=asked["system"],
        law=asked["law"],
        sort=asked["sort"] or "number",
        view="matrix" if asked["view"] == "matrix" else "list",
    )


def _links(view: View, asked: Mapping[str, str]) -> Callable[..., str]:
    """A link to the same list with something else asked for."""

    def link(**changed: str) -> str:
        wanted = {name: value for name, value in {**asked, **changed}.items() if value}
        return view.url("/tasks") + (f"?{urlencode(wanted)}" if wanted else "")

    return link


def _add_method(router: APIRouter, pages: _Pages) -> None:
    overview, renderer = pages.overview, pages.service.renderer

    @router.get("/about")
    def about(request: Request) -> Response:
        return pages.show(request, "about", lambda _: method(overview))

    @router.get("/about/{slug}")
    def about_plan(request: Request, slug: str) -> Response:
        plan = next((item for item in overview.editions if item.slug == slug), None)
        if plan is None:
            raise HTTPException(404)
        return pages.plain(request, "quality", lambda view: quality(overview, plan, renderer, view))


def _places(request: Request, release: Release) -> set[str]:
    """The documented routes, without those whose file this release does not have."""
    needs = {"/catalog": "catalog.ttl", "/api/3/action": "ckan.json"}
    lacking = tuple(place for place, file in needs.items() if release.entry(file) is None)
    return {path for path in request.app.openapi()["paths"] if not path.startswith(lacking)}


def _add_guide(router: APIRouter, pages: _Pages) -> None:
    service = pages.service

    @router.get("/guide")
    def the_guide(request: Request) -> Response:
        places = _places(request, service.release)
        origin, seconds = origin_of(request), f"{service.settings.query_timeout:g}"
        return pages.show(
            request,
            "guide",
            lambda _: guide(pages.overview, origin, service.example, places, seconds),
            also=f"{origin} {seconds}",
        )
