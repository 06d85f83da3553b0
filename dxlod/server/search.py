"""Search as a page (/search) and as JSON (/api/search)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dxlod.errors import QueryError
from dxlod.release import GRAPH_FORMATS, write_graph
from dxlod.server.http import etag_of, not_modified, respond
from dxlod.server.negotiate import HTML, accept_of, choose
from dxlod.server.pagecache import PageCache
from dxlod.server.searchterms import search_terms
from dxlod.server.service import Service
from dxlod.server.views import page_tag, view_of
from dxlod.site.kinds import KINDS
from dxlod.site.results import search_facts
from dxlod.site.search import FACETS, MOST, SearchPage, search
from dxlod.site.view import LANGUAGES, View

__all__ = ["routes"]

_PER_PAGE = 20


class FoundThing(BaseModel):
    """A plan edition or a city of a hit."""

    iri: str
    label: str = Field(description="its name in the language asked for, else in Japanese")


class FoundHit(BaseModel):
    """One thing found."""

    iri: str
    url: str = Field(
        description="path of its document on this server; add .jsonld, .ttl, .nt or .rdf for data"
    )
    kind: str = Field(description=f"one of {', '.join(kind.name for kind in KINDS)}")
    kind_label: str
    label: str = Field(description="its name in the language asked for, else in Japanese")
    labels: dict[str, str] = Field(description="its names by language tag")
    plan: FoundThing | None
    city: FoundThing | None


class FoundValue(BaseModel):
    """One value of a facet."""

    value: str = Field(description="what to give as the parameter of the facet's name")
    iri: str | None
    label: str
    count: int = Field(description="hits with this value, whatever other value of the same facet is chosen")
    selected: bool


class FoundFacet(BaseModel):
    """One facet with the values that occur."""

    name: str
    values: list[FoundValue]
    more: int = Field(description="how many further values there are")


class UnknownValue(BaseModel):
    """A value of a facet that nothing in this release has."""

    facet: str
    value: str


class SearchAnswer(BaseModel):
    """What /api/search answers."""

    query: str
    lang: str
    total: int
    limit: int
    offset: int
    loose: bool = Field(description="true: nothing has the words as written, so they were taken apart")
    next: str | None = Field(description="path and query of the next page of hits")
    hits: list[FoundHit]
    facets: list[FoundFacet]
    unknown: list[UnknownValue] = Field(
        description="values asked for that nothing in this release has; `facets` lists those there are"
    )


@dataclass(frozen=True)
class _Asked:
    """One question: text, language, chosen values by facet, and which hits."""

    text: str
    lang: str
    facets: Mapping[str, Sequence[str]]
    limit: int
    offset: int


def routes(service: Service) -> APIRouter:
    """The routes of search."""
    router = APIRouter()
    cache = PageCache(service.settings.page_cache_bytes // 4)

    @router.get(
        "/api/search",
        summary="search / 検索",
        description="Initiatives, indicators, plans, departments, laws, tasks, systems, terms … by words in Japanese or "
        "English and by facets. Without q it lists everything. / 取組、KPI、計画、課、法令、事務、システム、用語などを、"
        "日本語か英語のことばと絞り込みで探します。q がなければすべてを並べます。",
        response_model=SearchAnswer,
        responses={
            400: {"description": "a parameter that cannot be used, explained in Japanese and English"}
        },
        openapi_extra={"parameters": _parameters()},
    )
    async def as_json(request: Request) -> Response:
        asked = _read(_pairs(request), strict=True)
        root = str(request.scope.get("root_path", ""))
        tag = etag_of(service.digest, "search", repr(asked), root)
        body = cache.get(tag)
        if body is None and not not_modified(request, tag):
            body = await run_in_threadpool(_json, service, asked, root)
            cache.put(tag, body)
        return respond(request, body or b"", "application/json", tag, vary="")

    @router.get("/search", include_in_schema=False)
    async def as_page(request: Request) -> Response:
        # The words of a search within SPARQL are named by this address; their description is what RDF tools get.
        chosen = choose(accept_of(request.headers), (HTML, *GRAPH_FORMATS)) or HTML
        if chosen is not HTML:
            pieces = write_graph(chosen.suffix, search_terms(), service.settings, service.context)
            said = "".join(pieces)
            return respond(request, said, chosen.media_type, etag_of(said))
        view = view_of(request, service)
        tag = page_tag(service, view)
        body = cache.get(tag)
        if body is None and not not_modified(request, tag):
            body = await run_in_threadpool(_page, service, view, _pairs(request))
            cache.put(tag, body)
        return respond(request, body or b"", "text/html", tag)

    return router


def _pairs(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.scope["query_string"].decode("latin-1"), errors="replace")


def _read(pairs: Sequence[tuple[str, str]], *, strict: bool) -> _Asked:
    """What is asked; QueryError for what cannot be used. `strict`: unknown parameters are errors too."""
    facets: dict[str, list[str]] = {}
    plain: dict[str, str] = {}
    for name, value in pairs:
        if name in FACETS:
            facets.setdefault(name, []).append(value)
        elif name in ("q", "lang", "limit", "offset", "page") and name not in plain:
            plain[name] = value
        elif strict:
            names = ", ".join(("q", *FACETS, "lang", "limit", "offset"))
            raise QueryError(
                f"パラメーター {name[:50]} は使えません。使えるのは {names} です。",
                f"There is no parameter {name[:50]!r}, or it is there twice. There are {names}.",
            )
    lang = plain.get("lang", LANGUAGES[0])
    if lang not in LANGUAGES:
        raise QueryError("lang は ja か en です。", "lang is ja or en.")
    limit = _number("limit", plain.get("limit", str(_PER_PAGE)))
    offset = _number("offset", plain.get("offset", "0"))
    page = _number("page", plain.get("page", "1"))
    if not page:
        raise QueryError("page は 1 以上の数です。", "page is a number from 1.")
    return _Asked(plain.get("q", "").strip(), lang, facets, limit, offset or (page - 1) * limit)


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise QueryError(f"{name} は 0 以上の数です。", f"{name} is a number of 0 or more.")
    return int(text)


def _search(service: Service, asked: _Asked) -> SearchPage:
    return search(
        service.reader,
        asked.text,
        facets=asked.facets,
        limit=asked.limit,
        offset=asked.offset,
    )


def _page(service: Service, view: View, pairs: Sequence[tuple[str, str]]) -> bytes:
    asked = _read([pair for pair in pairs if pair[0] not in ("limit", "offset", "lang")], strict=False)
    found = _search(service, asked)
    translate = service.renderer.translator(view.lang)
    facts = search_facts(
        view, translate, asked.text, found, asked.facets, asked.offset // _PER_PAGE + 1, _PER_PAGE
    )
    return service.renderer.page("search.html", view, **facts).encode()


def _json(service: Service, asked: _Asked, root: str) -> bytes:
    found = _search(service, asked)
    view = View(lang=asked.lang, root=root, bases=service.bases)
    kinds = {kind.name: kind for kind in KINDS}

    def thing(iri: str) -> FoundThing | None:
        return FoundThing(iri=iri, label=_name(found.names.get(iri, {}), asked.lang, iri)) if iri else None

    hits = [
        FoundHit(
            iri=hit.iri,
            url=view.href(hit.iri),
            kind=hit.kind,
            kind_label=kinds[hit.kind].label(asked.lang),
            label=_name(hit.names, asked.lang, hit.iri),
            labels=dict(hit.names),
            plan=thing(hit.plan),
            city=thing(hit.city),
        )
        for hit in found.hits
    ]
    answer = SearchAnswer(
        query=asked.text,
        lang=asked.lang,
        total=found.total,
        limit=asked.limit,
        offset=asked.offset,
        loose=found.loose,
        next=_next(asked, found.total, root),
        hits=hits,
        facets=_facets(found, asked.lang),
        unknown=_unknown(service, asked),
    )
    return answer.model_dump_json().encode()


def _unknown(service: Service, asked: _Asked) -> list[UnknownValue]:
    """A code without data is no error, for there may be data next year; but it is never left out of account silently."""
    sets = service.reader.facet_sets()
    known = {(one.name, key) for one in sets for key in (one.value, one.iri) if key}
    return [
        UnknownValue(facet=name, value=value)
        for name, values in asked.facets.items()
        for value in dict.fromkeys(values)
        if name not in ("kind", "has_kpi") and (name, value) not in known
    ]


def _facets(found: SearchPage, lang: str) -> list[FoundFacet]:
    kinds = {kind.name: kind.label(lang) for kind in KINDS}
    return [
        FoundFacet(
            name=facet.name,
            more=facet.more,
            values=[
                FoundValue(
                    value=one.value,
                    iri=one.iri or None,
                    label=kinds[one.value] if facet.name == "kind" else _name(one.names, lang, one.value),
                    count=one.count,
                    selected=one.chosen,
                )
                for one in facet.values
            ],
        )
        for facet in found.facets
    ]


def _name(names: Mapping[str, str], lang: str, otherwise: str) -> str:
    return next((names[tag] for tag in (lang, "ja", "en", "") if names.get(tag)), otherwise)


def _next(asked: _Asked, total: int, root: str) -> str | None:
    if not asked.limit or asked.offset + asked.limit >= total:
        return None
    pairs = [("q", asked.text), *((name, value) for name, values in asked.facets.items() for value in values)]
    pairs += [("lang", asked.lang), ("limit", str(asked.limit)), ("offset", str(asked.offset + asked.limit))]
    return f"{root}/api/search?{urlencode(pairs)}"


def _parameters() -> list[dict[str, Any]]:
    """The parameters as OpenAPI describes them."""
    said = {
        "kind": "kind of thing / 種類",
        "city": "municipality, by its code / 団体コード",
        "plan": "plan edition, such as 212016/dx-action/2025 / 計画の版",
        "topic": "topic, such as frontyard / 分野",
        "year": "fiscal year, such as 2025 / 年度",
        "phase": "phase of work, such as trial / 段階",
        "department": "department, such as 212016/unit/2 / 担当課",
        "has_kpi": "whether it has an indicator / KPI の有無",
    }
    enums: dict[str, list[str]] = {"kind": [kind.name for kind in KINDS], "has_kpi": ["true", "false"]}
    text: dict[str, Any] = {"type": "string"}
    several = [
        _parameter(
            name,
            said[name],
            {"type": "array", "items": {**text, **({"enum": enums[name]} if name in enums else {})}},
        )
        for name in FACETS
    ]
    return [
        _parameter(
            "q", "words, all of which must occur / ことば（すべてを含むもの）", {**text, "maxLength": 200}
        ),
        *several,
        _parameter(
            "lang", "language of the labels / 名称の言語", {**text, "enum": list(LANGUAGES), "default": "ja"}
        ),
        _parameter(
            "limit",
            "most hits / 件数",
            {"type": "integer", "minimum": 0, "maximum": MOST, "default": _PER_PAGE},
        ),
        _parameter(
            "offset", "hits to pass over / 読み飛ばす件数", {"type": "integer", "minimum": 0, "default": 0}
        ),
    ]


def _parameter(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": dict(schema),
    }
