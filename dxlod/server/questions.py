"""What a query worker does: read a question, answer it. A large answer goes into a file, for the web process to send."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
from typing import Any

from dxlod.errors import DxlodError, QueryMemoryError
from dxlod.server.faults import to_header
from dxlod.server.wire import pack, receive_message
from dxlod.store import Dataset, OxigraphEngine

__all__ = ["answer_questions"]


def answer_questions(
    connection: socket.socket, spool: int, engine: OxigraphEngine, config: dict[str, Any]
) -> None:
    """Until the connection closes. `spool` is a file that takes one answer of more than `config["spool"]` bytes."""
    connection.sendall(pack({"ready": True}, b""))
    while True:
        message = receive_message(connection)
        if message is None:
            return
        connection.sendall(_answer(engine, spool, config, *message))


def _answer(
    engine: OxigraphEngine, spool: int, config: dict[str, Any], header: dict[str, Any], body: bytes
) -> bytes:
    try:
        answer = engine.query(body.decode(), header["media"], Dataset.from_header(header))
        size = len(answer.body)
        if size > config["most"]:
            raise _too_large(config["most"])
        if size <= config["spool"]:
            return pack({"ok": True, "media": answer.media_type}, answer.body)
        _spool(spool, answer.body)
        digest = hashlib.sha256(answer.body).hexdigest()
        return pack({"ok": True, "media": answer.media_type, "spooled": size, "sha256": digest}, b"")
    except DxlodError as error:
        return pack(to_header(error), b"")


def _spool(spool: int, body: bytes) -> None:
    rest, place = memoryview(body), 0
    try:
        while rest:
            written = os.pwrite(spool, rest, place)
            rest, place = rest[written:], place + written
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise QueryMemoryError(
            "答えを置く場所が足りません。範囲を絞るか、LIMIT を付けてください。",
            "There is no room for this answer now. Narrow the query, or add a LIMIT.",
        ) from error


def _too_large(most: int) -> QueryMemoryError:
    return QueryMemoryError(
        f"答えが {most} バイトを超えます。範囲を絞るか、/dumps/ の全データを使ってください。",
        f"The answer is larger than {most} bytes. Narrow the query, or use the whole data under /dumps/.",
    )
