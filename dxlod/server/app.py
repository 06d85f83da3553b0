"""The web application over one release. It answers no query itself: see pool.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from dxlod import __version__
from dxlod.errors import DxlodError
from dxlod.release import Release, held
from dxlod.server import (
    assets,
    catalog,
    ckan,
    documents,
    downloads,
    query_page,
    saved,
    search,
    site,
    sparql,
    terms,
    vocabulary,
)
from dxlod.server.compress import Compression
from dxlod.server.desk import Desk
from dxlod.server.errorpages import ErrorPages
from dxlod.server.http import Envelope, failure, status_of
from dxlod.server.language import Language
from dxlod.server.metrics import CONTENT_TYPE, Metrics
from dxlod.server.observe import RouteNote
from dxlod.server.openapi import add_openapi
from dxlod.server.security import Security, security_headers
from dxlod.server.service import Service, make_service
from dxlod.settings import Settings

__all__ = ["create_app"]


def create_app(release: Release, settings: Settings, metrics: Metrics | None = None) -> FastAPI:
    """An application that serves this release; its query workers live from start-up to shut-down.

    `metrics` outlives it; without one it has its own. `app.state.service` is what its routes work
    with, `app.state.desk` what answers queries.
    """
    metrics = metrics or Metrics()
    service = make_service(release, settings, metrics)
    desk = Desk(service)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # A build that clears up old releases leaves this one alone.
        with held(release.path):
            await service.pool.start()
            try:
                yield
            finally:
                await service.pool.close()
                service.reader.close()

    app = FastAPI(
        title="dxlod",
        summary="自治体DX計画のリンクトオープンデータ / municipal DX plans as linked open data",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service, app.state.desk = service, desk
    _add_general_routes(app, service, metrics)
    app.include_router(sparql.routes(desk))
    for module in (
        documents,
        search,
        downloads,
        vocabulary,
        site,
        assets,
        catalog,
        ckan,
        saved,
        query_page,
        terms,
    ):
        app.include_router(module.routes(service))
    add_openapi(app, service)
    app.add_exception_handler(DxlodError, _on_own_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_leaving)
    app.add_exception_handler(Exception, _on_fault)
    # The last is the outermost.
    app.add_middleware(RouteNote)
    app.add_middleware(ErrorPages, service=service)
    app.add_middleware(Language)
    app.add_middleware(Compression)
    app.add_middleware(Security, release=release.version)
    app.add_middleware(Envelope, prefixes=service.prefixes, site=settings.site)
    return app


def _add_general_routes(app: FastAPI, service: Service, metrics: Metrics) -> None:
    release, pool, queue = service.release, service.pool, service.settings.query_queue

    def state(fine: bool) -> Response:
        body = {"status": "ok" if fine else "down", "release": release.version}
        return JSONResponse(body, 200 if fine else 503, {"Cache-Control": "no-store"})

    @app.get("/healthz", summary="whether queries can be answered")
    async def health() -> Response:
        return state(pool.alive)

    @app.get("/readyz", summary="whether more requests may be sent here")
    async def ready() -> Response:
        return state(pool.alive and pool.numbers["waiting"] < queue)

    @app.get("/metrics", summary="figures for Prometheus")
    async def figures() -> Response:
        headers = {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE}
        return Response(metrics.text(), headers=headers)


async def _on_own_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DxlodError)
    status, headers = status_of(error)
    ja, en = (
        f"{text} {mend}".strip() for text, mend in ((error.ja, error.mend_ja), (error.en, error.mend_en))
    )
    return failure(request, status, ja, en, headers)


async def _on_fault(request: Request, error: Exception) -> Response:
    """A fault of ours: what it was is in the log, not in the answer."""
    headers = security_headers(request.app.state.service.release.version)
    return failure(request, 500, "内部で誤りが起きました。", "Something went wrong here.", headers)


async def _on_leaving(request: Request, error: Exception) -> Response:
    """The client has left, or was sent away, before its request was whole: nobody reads this."""
    return Response(status_code=408, headers={"Connection": "close"})


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        allowed = {name.strip() for name in headers.get("Allow", "").split(",")} - {""}
        headers["Allow"] = ", ".join(sorted(allowed | {"HEAD", "OPTIONS"} if "GET" in allowed else allowed))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
    reasons = {
        404: (
            "ここには何もありません。/ に案内があります。",
            "There is nothing here; see / for what there is.",
        ),
        405: ("この方法では使えません。", "This method is not allowed here."),
    }
    ja, en = reasons.get(error.status_code, (str(error.detail), str(error.detail)))
    return failure(request, error.status_code, ja, en, headers)
