"""Messages between the web process, the zygote and query workers: two lengths, a JSON header, a body.

Each side waits for the other's message before it sends its next, so there is never more than one to be read.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

__all__ = ["Message", "encode_header", "pack", "pack_encoded", "receive_message", "unpack"]

Message = tuple[Mapping[str, Any], bytes]

_LENGTHS = struct.Struct("!IQ")
_PIECE = 1 << 16
_LARGE_PIECE = 1 << 20


def pack(header: dict[str, Any], body: bytes) -> bytes:
    """One message as bytes."""
    return pack_encoded(encode_header(header), body)


def encode_header(header: dict[str, Any]) -> bytes:
    """A header as `pack_encoded` takes it, for those who send the same one again and again."""
    return json.dumps(header).encode()


def pack_encoded(header: bytes, body: bytes) -> bytes:
    """As `pack`, with the header as bytes."""
    return b"".join((_LENGTHS.pack(len(header), len(body)), header, body))


def unpack(received: bytes | bytearray) -> Message | None:
    """The message at the head of what has been received, None while it is not all there."""
    if len(received) < _LENGTHS.size:
        return None
    header, body = _LENGTHS.unpack_from(received)
    start = _LENGTHS.size + header
    if len(received) < start + body:
        return None
    view = memoryview(received)
    return _decoded(bytes(view[_LENGTHS.size : start])), bytes(view[start : start + body])


def receive_message(connection: socket.socket) -> Message | None:
    """The next message of a blocking socket; None when the other side has gone."""
    # Nearly all come in one piece.
    piece = connection.recv(_PIECE)
    message = unpack(piece)
    received = bytearray(piece if message is None else b"")
    while message is None:
        piece = connection.recv(_LARGE_PIECE)
        if not piece:
            return None
        received += piece
        message = unpack(received)
    return message


@lru_cache(maxsize=64)
def _decoded(header: bytes) -> Mapping[str, Any]:
    """What a header says; the same few come again and again."""
    found: Mapping[str, Any] = json.loads(header)
    return found
