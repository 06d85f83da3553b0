"""Files of a release as answers: validators, ranges, and the compressed file where the client takes gzip."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from werkzeug.http import parse_etags

from dxlod.release.manifest import FileEntry
from dxlod.server.codings import choose_coding
from dxlod.server.http import is_head, not_modified
from dxlod.server.ranges import Span, UnsatisfiableRangeError, multipart, select

__all__ = ["StoredFile", "file_response", "pick"]

_PIECE = 256 << 10


@dataclass(frozen=True)
class StoredFile:
    """Bytes on disk: where, their entity tag (without quotes), media type, and content coding ('' for none)."""

    path: Path
    tag: str
    media_type: str
    coding: str = ""


def pick(request: Request, folder: Path, entry: FileEntry, packed: FileEntry | None) -> StoredFile:
    """The file itself, or `packed`, its gzip, for a client that takes that: each with its own strong tag.

    A range is of the plain file, unless If-Range names the packed one: then somebody goes on with what broke off.
    """
    plain = StoredFile(folder / entry.path, entry.sha256[:32], entry.media_type)
    if packed is None or not choose_coding(request.headers.get("accept-encoding", ""), ("gzip",)):
        return plain
    gzip = StoredFile(folder / packed.path, packed.sha256[:32], entry.media_type, "gzip")
    if "range" in request.headers and request.headers.get("if-range", "").strip() != f'"{gzip.tag}"':
        return plain
    return gzip


async def file_response(request: Request, file: StoredFile, headers: dict[str, str]) -> Response:
    """200, 206, 304, 412 or 416; never more of the file in memory than a piece. OSError when it is not there."""
    fields = {"ETag": f'"{file.tag}"', "Accept-Ranges": "bytes", **headers}
    if file.coding:
        fields["Content-Encoding"] = file.coding
    match = request.headers.get("if-match")
    if match is not None and match.strip() != "*" and file.tag not in parse_etags(match).as_set():
        return Response(status_code=412)
    if not_modified(request, file.tag) or request.headers.get("if-none-match", "").strip() == "*":
        fields.pop("Content-Encoding", None)
        return Response(status_code=304, headers=fields)
    handle = await asyncio.to_thread(os.open, file.path, os.O_RDONLY | os.O_CLOEXEC)
    size = os.fstat(handle).st_size
    try:
        spans = select(request.headers, f'"{file.tag}"', size)
    except UnsatisfiableRangeError:
        os.close(handle)
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    return _send(request, handle, file, spans, size, fields)


def _send(
    request: Request,
    handle: int,
    file: StoredFile,
    spans: Sequence[Span],
    size: int,
    fields: dict[str, str],
) -> Response:
    kind = f"{file.media_type}; charset=utf-8" if file.media_type.startswith("text/") else file.media_type
    heads, tail, length = [b""], b"", size
    fields = {**fields, "Content-Type": kind}
    if len(spans) == 1:
        length = len(spans[0])
        fields["Content-Range"] = f"bytes {spans[0].first}-{spans[0].last}/{size}"
    elif spans:
        boundary = f"part-{file.tag}"
        heads, tail, length = multipart(tuple(spans), size, kind, boundary)
        fields["Content-Type"] = f"multipart/byteranges; boundary={boundary}"
    fields["Content-Length"] = str(length)
    status = 206 if spans else 200
    if is_head(request):
        os.close(handle)
        return Response(status_code=status, headers=fields)
    parts = list(zip(heads, spans or (Span(0, size - 1),), strict=True))
    return _FileStream(handle, _pieces(handle, parts, tail), status, fields)


class _FileStream(StreamingResponse):
    """Closes its file, also where nothing of it was sent."""

    def __init__(
        self, handle: int, pieces: AsyncIterator[bytes], status: int, headers: dict[str, str]
    ) -> None:
        super().__init__(pieces, status, headers)
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            os.close(self._handle)


async def _pieces(handle: int, parts: Sequence[tuple[bytes, Span]], tail: bytes) -> AsyncIterator[bytes]:
    for head, span in parts:
        if head:
            yield head
        place = span.first
        while place <= span.last:
            # Read here, not in a thread: what was built or asked for lately lies in memory, and a thread that still
            # reads when the client has left would read from whatever the number means by then.
            piece = os.pread(handle, min(_PIECE, span.last + 1 - place), place)
            if not piece:
                raise OSError("the file is shorter than it was")
            place += len(piece)
            yield piece
            await asyncio.sleep(0)
    if tail:
        yield tail
