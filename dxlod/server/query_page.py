"""/query: the page to ask in SPARQL. It works without a script; with one the text field becomes an editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dxlod.errors import DxlodError, QuerySyntaxError
from dxlod.release.queries import Question, saved_questions
from dxlod.server.asking import ask
from dxlod.server.http import BRIEFLY, etag_of, failure, respond, status_of
from dxlod.server.service import Service
from dxlod.server.views import view_of
from dxlod.site.answers import GraphText, Outcome, Trouble, Truth, table_of
from dxlod.site.themes import by_theme
from dxlod.site.view import View
from dxlod.store import Form, Limits, check_query
from dxlod.store.results import read_ask, read_rows

__all__ = ["routes"]

_FIRST = "cq01-plans-and-periods"
_MOST_ROWS = 500
_MOST_CHARS = 60_000
_FORMATS: Mapping[str, tuple[str, ...]] = {
    "table": ("csv", "tsv", "json", "xml"),
    "ask": ("json", "xml"),
    "graph": ("turtle", "jsonld", "nt", "rdf"),
}
"""Names of formats that /sparql answers in."""


@dataclass(frozen=True)
class _Asked:
    """What the page is asked: the text to show, whether to run it, the example it comes from."""

    query: str
    run: bool
    example: Question | None


def routes(service: Service) -> APIRouter:
    """The routes of the page."""
    router = APIRouter(include_in_schema=False)
    questions = {question.name: question for question in saved_questions(service.settings.queries)}

    @router.get("/query")
    async def query_page(request: Request) -> Response:
        asked = _read(service, request, questions)
        if asked is None:
            names = ", ".join(questions)
            return failure(
                request, 404, f"その例はありません。あるもの: {names}", f"No such example. There are: {names}"
            )
        view = view_of(request, service)
        outcome, status = await _outcome(service, view, asked) if asked.run else (None, 200)
        facts = _facts(service, view, asked, outcome, questions)
        body = service.renderer.page("query.html", view, **facts)
        # A query may call NOW() or RAND(); the bytes themselves decide.
        etag = etag_of(service.digest, body)
        answer = respond(request, body, "text/html", etag, cache=BRIEFLY if status == 200 else "no-store")
        if answer.status_code == 200:
            answer.status_code = status
        return answer

    return router


def _read(service: Service, request: Request, questions: Mapping[str, Question]) -> _Asked | None:
    """None where the example that is asked for does not exist. Without anything: the first example, not run."""
    text = request.query_params.get("query", "").replace("\r\n", "\n")
    if text.strip():
        return _Asked(text, run=True, example=None)
    name = request.query_params.get("example", "")
    if name and name not in questions:
        return None
    question = questions.get(name or _FIRST) or next(iter(questions.values()), None)
    return _Asked(question.query if question else "", run=False, example=question if name else None)


async def _outcome(service: Service, view: View, asked: _Asked) -> tuple[Outcome, int]:
    try:
        checked = check_query(asked.query, Limits.of(service.settings))
        return await _answer(service, view, asked.query, checked.form), 200
    except DxlodError as error:
        line, column = (
            (error.line, error.column) if isinstance(error, QuerySyntaxError) and error.line else (0, 0)
        )
        return Trouble(error.ja, error.en, line, column), status_of(error)[0]


async def _answer(service: Service, view: View, query: str, form: Form) -> Outcome:
    if form.is_graph:
        text = (await ask(service, query, "text/turtle")).body.decode()
        return GraphText(text[:_MOST_CHARS], cut=len(text) > _MOST_CHARS)
    body = (await ask(service, query)).body
    if form is Form.ASK:
        return Truth(read_ask(body))
    rows = read_rows(body)
    return await run_in_threadpool(table_of, service.reader, view, rows.variables, rows.rows, _MOST_ROWS)


def _facts(
    service: Service,
    view: View,
    asked: _Asked,
    outcome: Outcome | None,
    questions: Mapping[str, Question],
) -> dict[str, object]:
    t = service.renderer.translator(view.lang)
    links = {
        name: f"{view.data('/sparql')}?{urlencode({'query': asked.query, 'format': name})}"
        for name in (_FORMATS.get(outcome.kind, ()) if outcome else ())
    }
    return {
        "crumbs": [(t("query.title"), "")],
        "query": asked.query,
        "example": asked.example,
        "outcome": outcome,
        "themes": by_theme(questions.values()),
        "links": links,
        "share": f"{view.url('/query')}?{urlencode({'query': asked.query})}",
        "editor": "editor.js" in service.renderer.assets,
        "seconds": f"{service.settings.query_timeout:g}",
    }
