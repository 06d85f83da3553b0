"""Messages between the web process, the zygote and query workers: two lengths, a JSON header, a body."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

__all__ = ["Message", "encode_header", "pack", "pack_encoded", "receive_message", "unpack"]

Message = tuple[dict[str, Any], bytes]

_LENGTHS = struct.Struct("!IQ")


def pack(header: dict[str, Any], body: bytes) -> bytes:
    """One message as bytes."""
    return pack_encoded(encode_header(header), body)


def encode_header(header: dict[str, Any]) -> bytes:
    """A header as `pack_encoded` takes it, for those who send the same one again and again."""
    return json.dumps(header).encode()


def pack_encoded(header: bytes, body: bytes) -> bytes:
    """As `pack`, with the header as bytes."""
    return b"".join((_LENGTHS.pack(len(header), len(body)), header, body))


def unpack(received: bytearray) -> Message | None:
    """The message at the head of what has been received, None while it is not all there."""
    if len(received) < _LENGTHS.size:
        return None
    header, body = _LENGTHS.unpack_from(received)
    end = _LENGTHS.size + header
    if len(received) < end + body:
        return None
    return json.loads(received[_LENGTHS.size : end]), bytes(memoryview(received)[end : end + body])


def receive_message(connection: socket.socket) -> Message | None:
    """The next message of a blocking socket; None when the other side has gone."""
    lengths = _receive(connection, _LENGTHS.size)
    if lengths is None:
        return None
    header, body = _LENGTHS.unpack(lengths)
    rest = _receive(connection, header + body)
    return None if rest is None else (json.loads(rest[:header]), rest[header:])


def _receive(connection: socket.socket, size: int) -> bytes | None:
    received = bytearray()
    while len(received) < size:
        piece = connection.recv(min(size - len(received), 1 << 20))
        if not piece:
            return None
        received += piece
    return bytes(received)
