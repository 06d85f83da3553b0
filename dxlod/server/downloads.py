"""Files of releases: /dumps/… of the current one, /releases/{version}/… of each that is kept."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from dxlod.release import Release, open_release
from dxlod.release.manifest import MANIFEST
from dxlod.server.http import BRIEFLY, FOREVER, failure, not_modified
from dxlod.server.service import Service

__all__ = ["routes"]


def routes(service: Service) -> APIRouter:
    """The routes of files."""
    router = APIRouter()

    @router.get("/dumps/{name:path}", summary="a dump of the current release")
    async def dump(request: Request, name: str) -> Response:
        return _file(request, service.release, f"dumps/{name}", BRIEFLY)

    @router.get("/report.{suffix}", summary="the validation report of the current release")
    async def report(request: Request, suffix: str) -> Response:
        return _file(request, service.release, f"report.{suffix}", BRIEFLY)

    @router.get("/manifest.json", summary="files of the current release and their digests")
    async def manifest(request: Request) -> Response:
        return _file(request, service.release, MANIFEST, BRIEFLY)

    @router.get("/releases/{version}/{name:path}", summary="a file of a release, which never changes")
    async def kept(request: Request, version: str, name: str) -> Response:
        release = service.release
        if version != release.version:
            release = await run_in_threadpool(open_release, service.settings, version)
        return _file(request, release, name, FOREVER)

    return router


def _file(request: Request, release: Release, name: str, cache: str) -> Response:
    """A file that the manifest lists, and no other; ranges as the client asks."""
    entry = release.entry(name)
    if entry is None and name != MANIFEST:
        names = " ".join(item.path for item in release.manifest.files if item.path.startswith("dumps/all"))
        return failure(
            request,
            404,
            f"リリース {release.version} に {name} はありません。例: {names}",
            f"Release {release.version} has no {name}. There are, for example: {names}",
        )
    etag = (entry.sha256 if entry else release.seal)[:32]
    headers = {"ETag": f'"{etag}"', "Cache-Control": cache}
    if not_modified(request, etag):
        return Response(status_code=304, headers=headers)
    media_type = entry.media_type if entry else "application/json"
    # Starlette adds the charset to text/*; N-Triples is UTF-8 by definition.
    return FileResponse(release.path / name, headers=headers, media_type=media_type)
