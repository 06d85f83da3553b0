"""Messages between the web process and a query worker: two lengths, a JSON header, a body."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any

__all__ = ["pack", "read_message", "receive_message"]

_LENGTHS = struct.Struct("!IQ")


def pack(header: dict[str, Any], body: bytes) -> bytes:
    """One message as bytes."""
    text = json.dumps(header).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


async def read_message(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    """The next message of a stream; IncompleteReadError when the other side has gone."""
    header, body = _LENGTHS.unpack(await reader.readexactly(_LENGTHS.size))
    return json.loads(await reader.readexactly(header)), await reader.readexactly(body)


def receive_message(connection: socket.socket) -> tuple[dict[str, Any], bytes] | None:
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
