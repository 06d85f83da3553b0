"""The web application over one release. It answers no query itself: see pool.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dxlod import __version__
from dxlod.errors import DxlodError
from dxlod.release import Release
from dxlod.server import documents, downloads, sparql
from dxlod.server.http import Envelope, etag_of, failure, respond, status_of
from dxlod.server.negotiate import HTML, PLAIN, choose
from dxlod.server.pages import home_page, home_text
from dxlod.server.service import Service, make_service
from dxlod.settings import Settings

__all__ = ["create_app"]


def create_app(release: Release, settings: Settings) -> FastAPI:
    """An application that serves this release; its query workers live from start-up to shut-down."""
    service = make_service(release, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.pool.start()
        try:
            yield
        finally:
            await service.pool.close()

    app = FastAPI(
        title="dxlod",
        summary="自治体DX計画のリンクトオープンデータ / municipal DX plans as linked open data",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    _add_general_routes(app, service)
    for module in (sparql, documents, downloads):
        app.include_router(module.routes(service))
    app.add_exception_handler(DxlodError, _on_own_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["ETag", "Link", "Content-Location", "Retry-After"],
    )
    app.add_middleware(Envelope, prefixes=service.prefixes)
    return app


def _add_general_routes(app: FastAPI, service: Service) -> None:
    release = service.release
    plans = sorted(
        entry.path[len("dumps/") : -len(".nq")]
        for entry in release.manifest.files
        if entry.path.endswith(".nq") and entry.path != "dumps/all.nq"
    )

    @app.get("/healthz", summary="whether queries can be answered")
    async def health() -> Response:
        body = {"status": "ok" if service.pool.alive else "down", "release": release.version}
        return JSONResponse(body, 200 if service.pool.alive else 503, {"Cache-Control": "no-store"})

    @app.get("/", summary="what this is and what to try")
    async def home(request: Request) -> Response:
        origin = str(request.base_url).rstrip("/")
        chosen = choose(request.headers.get("accept"), (PLAIN, HTML)) or PLAIN
        etag = etag_of(service.digest, "home", origin, chosen.suffix)
        if chosen is HTML:
            return respond(
                request, home_page(origin, service.example, release.version, plans), "text/html", etag
            )
        return respond(request, home_text(origin, service.example, release.version), "text/plain", etag)


async def _on_own_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DxlodError)
    status, headers = status_of(error)
    ja, en = (
        f"{text} {mend}".strip() for text, mend in ((error.ja, error.mend_ja), (error.en, error.mend_en))
    )
    return failure(request, status, ja, en, headers)


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reasons = {
        404: (
            "ここには何もありません。/ に案内があります。",
            "There is nothing here; see / for what there is.",
        ),
        405: ("この方法では使えません。", "This method is not allowed here."),
    }
    ja, en = reasons.get(error.status_code, (str(error.detail), str(error.detail)))
    return failure(request, error.status_code, ja, en, error.headers)
