"""What a query worker does: read a question, answer it. A large answer goes into a file, for the web process to send."""

from __future__ import annotations

import errno
import hashlib
import os
import select
import socket
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from dxlod.errors import DxlodError, QueryMemoryError
from dxlod.server.faults import to_header
from dxlod.server.wire import encode_header, pack, pack_encoded, receive_message
from dxlod.store import Answer, Checked, Dataset, Form, OxigraphEngine

__all__ = ["answer_questions"]

_MOMENT = 0.01
"""Seconds without a question after which there is time for something else."""


def answer_questions(
    connection: socket.socket,
    spool: int,
    engine: OxigraphEngine,
    config: dict[str, Any],
    idly: Iterator[None] | None = None,
) -> None:
    """Until the connection closes. `spool` is a file that takes one answer of more than `config["spool"]` bytes.

    `idly` is gone on with whenever nobody has asked anything for a moment.
    """
    connection.sendall(pack({"ready": True}, b""))
    while True:
        if idly is not None and not _pass_time(connection, idly):
            idly = None
        message = receive_message(connection)
        if message is None:
            return
        connection.sendall(_answer(engine, spool, config, *message))


def _pass_time(connection: socket.socket, idly: Iterator[None]) -> bool:
    """Until something comes, or there is nothing more to do; whether there is."""
    # Not poll(2), which does nothing for a process that may have no more files.
    while not select.select([connection], [], [], _MOMENT)[0]:
        try:
            next(idly)
        except StopIteration:
            return False
    return True


def _answer(
    engine: OxigraphEngine, spool: int, config: dict[str, Any], header: Mapping[str, Any], body: bytes
) -> bytes:
    try:
        answer = _ask(engine, header, body.decode())
        size = len(answer.body)
        if size > config["most"]:
            raise _too_large(config["most"])
        if size <= config["spool"]:
            return pack_encoded(_fine(answer.media_type), answer.body)
        _spool(spool, answer.body)
        digest = hashlib.sha256(answer.body).hexdigest()
        return pack({"ok": True, "media": answer.media_type, "spooled": size, "sha256": digest}, b"")
    except DxlodError as error:
        return pack(to_header(error), b"")


@lru_cache(maxsize=64)
def _fine(media_type: str) -> bytes:
    return encode_header({"ok": True, "media": media_type})


def _ask(engine: OxigraphEngine, header: Mapping[str, Any], text: str) -> Answer:
    """`checked` in the header says that the web process has read the query, and what form it has."""
    dataset = Dataset.from_header(header)
    if "checked" not in header:
        return engine.query(text, header["media"], dataset)
    form, names_graphs = header["checked"]
    checked = Checked(text, Form(form), repeatable=False, names_graphs=names_graphs)
    return engine.answer(checked, header["media"], dataset)


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
