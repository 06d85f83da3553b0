"""Files of releases: /dumps/… of the current one, /releases/{version}/… of each that is kept."""

from __future__ import annotations

from collections import OrderedDict

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dxlod.release import FileEntry, Release, open_release
from dxlod.release.manifest import MANIFEST
from dxlod.server.absent import tombstones_of
from dxlod.server.files import file_response, pick
from dxlod.server.http import BRIEFLY, FOREVER, failure
from dxlod.server.imprint import Imprints
from dxlod.server.negotiate import Page, choose
from dxlod.server.security import DOCUMENT_POLICY
from dxlod.server.service import Service
from dxlod.settings import Settings

__all__ = ["routes"]

_KEPT = 8
_CHANGES = (
    Page("json", "application/json"),
    Page("ttl", "text/turtle"),
    Page("nt", "application/n-triples"),
)


def routes(service: Service) -> APIRouter:
    """The routes of files."""
    router = APIRouter()
    shelf, imprints = _Shelf(service.release, service.settings), Imprints()

    @router.get("/dumps", include_in_schema=False)
    @router.get("/dumps/", include_in_schema=False)
    async def dumps(request: Request) -> Response:
        return _see(request, "/downloads")

    @router.get("/dumps/{name:path}", summary="a dump of the current release")
    async def dump(request: Request, name: str) -> Response:
        path = f"dumps/{name}"
        if service.release.entry(path) is None:
            gone = await run_in_threadpool(_gone_in, service.release, path)
            if gone:
                return _gone(request, path, gone)
        return await _file(request, service.release, path, BRIEFLY, imprints)

    @router.get("/report.{suffix}", summary="the validation report of the current release")
    async def report(request: Request, suffix: str) -> Response:
        return await _file(request, service.release, f"report.{suffix}", BRIEFLY)

    @router.get("/manifest.json", summary="files of the current release and their digests")
    async def manifest(request: Request) -> Response:
        return await _file(request, service.release, MANIFEST, BRIEFLY)

    @router.get("/releases/{version}", summary="a release; see its manifest", status_code=303)
    async def one(request: Request, version: str) -> Response:
        await shelf.get(version)
        return _see(request, f"/releases/{version}/{MANIFEST}")

    @router.get(
        "/releases/{version}/changes", summary="what changed with a release, by Accept", status_code=303
    )
    async def changes(request: Request, version: str) -> Response:
        release = await shelf.get(version)
        offers = [item for item in _CHANGES if release.entry(f"changes.{item.suffix}")]
        chosen = choose(request.headers.get("accept"), offers)
        if chosen is None:
            return failure(request, 404, "変更の記録はありません。", "There is no record of changes.")
        return _see(request, f"/releases/{version}/changes.{chosen.suffix}")

    @router.get("/releases/{version}/{name:path}", summary="a file of a release, which never changes")
    async def kept(request: Request, version: str, name: str) -> Response:
        return await _file(request, await shelf.get(version), name, FOREVER, imprints)

    return router


def _see(request: Request, path: str) -> Response:
    headers = {"Cache-Control": BRIEFLY, "Vary": "Accept"}
    return RedirectResponse(f"{request.scope.get('root_path', '')}{path}", 303, headers)


def _gone_in(release: Release, path: str) -> str:
    """Version of the last release that had a file, by the tombstones of the data sets that went; '' if none had."""
    stones = tombstones_of(release).values()
    return next((str(stone["last"]["version"]) for stone in stones if path in stone.get("files", ())), "")


def _gone(request: Request, path: str, version: str) -> Response:
    kept = f"{request.scope.get('root_path', '')}/releases/{version}/{path}"
    return failure(
        request,
        410,
        f"/{path} はなくなりました。最後のリリースのものはここにあります: {kept}",
        f"/{path} is gone. That of the last release which had it is kept at {kept}",
        {"Link": f'<{kept}>; rel="predecessor-version"'},
    )


class _Shelf:
    """Releases by version; the last few that were asked for stay open."""

    def __init__(self, current: Release, settings: Settings) -> None:
        self._current = current
        self._settings = settings
        self._open: OrderedDict[str, Release] = OrderedDict()

    async def get(self, version: str) -> Release:
        """A release; ReleaseError when there is none of that version."""
        if version == self._current.version:
            return self._current
        release = self._open.pop(version, None)
        if release is None or not release.path.is_dir():
            release = await run_in_threadpool(open_release, self._settings, version)
        self._open[version] = release
        if len(self._open) > _KEPT:
            self._open.popitem(last=False)
        return release


async def _file(
    request: Request, release: Release, name: str, cache: str, imprints: Imprints | None = None
) -> Response:
    """A file that the manifest lists, and no other; ranges as the client asks. Dumps with the imprint."""
    entry = _manifest(release) if name == MANIFEST else release.entry(name)
    if entry is None:
        names = " ".join(item.path for item in release.manifest.files if item.path.startswith("dumps/all"))
        return failure(
            request,
            404,
            f"リリース {release.version} に {name} はありません。例: {names}",
            f"Release {release.version} has no {name}. There are, for example: {names}",
        )
    file = pick(request, release.path, entry, release.entry(f"{name}.gz"))
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    if imprints is not None and name.startswith("dumps/"):
        headers |= imprints.headers(release, str(request.scope.get("root_path", "")))
    if entry.media_type == "text/html":
        headers["Content-Security-Policy"] = DOCUMENT_POLICY
    try:
        return await file_response(request, file, headers)
    except OSError:
        return failure(
            request,
            503,
            f"リリース {release.version} の {name} を読めません。",
            f"{name} of release {release.version} cannot be read.",
            {"Retry-After": "60"},
        )


def _manifest(release: Release) -> FileEntry:
    """The manifest does not list itself; its seal is the digest of all that it says."""
    return FileEntry(MANIFEST, release.seal, 0, "application/json", None)
