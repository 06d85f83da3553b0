"""HTTP by hand on loopback, so that the client costs as little as it can beside the servers.

`Connection` asks one thing after the other and takes the time of each; `hurry` keeps several connections busy from one
loop and counts answers.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Answer", "Connection", "Rate", "hurry"]

_HOST = "127.0.0.1"
_PIECE = 1 << 18
_PATIENCE = 20.0


@dataclass(frozen=True)
class Answer:
    """What came back: status (0: nothing whole in time), headers by small name, body, and seconds to its last byte."""

    status: int
    fields: dict[bytes, bytes]
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Rate:
    """Answers with the wanted status, and others, in so many seconds; the client's processor seconds for each second."""

    good: int
    refused: int
    seconds: float
    client_share: float

    @property
    def per_second(self) -> float:
        return self.good / self.seconds


class Connection:
    """A connection that is kept, and opened anew when the other side has closed it."""

    def __init__(self, port: int, limit: float = 60.0) -> None:
        self._port, self._limit = port, limit
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> Answer:
        """One request; after `limit` seconds, or where the server goes away, status 0."""
        begin = time.perf_counter()
        try:
            answer = self._exchange(request, begin)
        except OSError:
            answer = None
        if answer is None:
            self.close()
            return Answer(0, {}, b"", time.perf_counter() - begin)
        if answer.fields.get(b"connection", b"").lower() == b"close":
            self.close()
        return answer

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes, begin: float) -> Answer | None:
        fresh = self._socket is None
        if self._socket is None:
            self._socket = _connect(self._port)
        self._socket.settimeout(self._limit)
        try:
            self._socket.sendall(request)
            incoming = self._read(begin)
        except ConnectionError:
            incoming = None
        if incoming is None and not fresh:
            self.close()
            return self._exchange(request, begin)
        if incoming is None:
            return None
        return Answer(incoming.status, incoming.fields(), incoming.body(), time.perf_counter() - begin)

    def _read(self, begin: float) -> _Incoming | None:
        assert self._socket is not None
        incoming = _Incoming()
        while not incoming.whole:
            left = self._limit - (time.perf_counter() - begin)
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            piece = self._socket.recv(_PIECE)
            if not piece:
                return incoming if incoming.end() else None
            incoming.add(piece)
        return incoming


class _Incoming:
    """An answer as it comes in."""

    __slots__ = ("_chunked", "_data", "_start", "_wanted", "status", "whole")

    def __init__(self) -> None:
        self._data = bytearray()
        self._start, self._wanted, self._chunked = 0, -1, False
        self.status, self.whole = 0, False

    def add(self, piece: bytes) -> None:
        self._data += piece
        if not self._start:
            self._start = self._data.find(b"\r\n\r\n") + 4
            if self._start < 4:
                self._start = 0
                return
            self._read_head()
        if self._wanted >= 0:
            self.whole = len(self._data) >= self._wanted
        elif self._chunked:
            self.whole = self._data.endswith(b"0\r\n\r\n", self._start)

    def end(self) -> bool:
        """The connection has ended: whether this was a whole answer that only ends with it."""
        self.whole = bool(self._start) and self._wanted < 0 and not self._chunked
        return self.whole

    def _read_head(self) -> None:
        head = bytes(self._data[: self._start]).lower()
        self.status = int(head[9:12])
        place = head.find(b"\r\ncontent-length:")
        if place >= 0:
            self._wanted = self._start + int(head[place + 17 : head.index(b"\r", place + 2)])
        elif self.status in (204, 304):
            self._wanted = self._start
        self._chunked = b"\r\ntransfer-encoding: chunked" in head

    def fields(self) -> dict[bytes, bytes]:
        lines = bytes(self._data[: self._start]).split(b"\r\n")[1:-2]
        return {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}

    def body(self) -> bytes:
        data = bytes(self._data[self._start :])
        return b"".join(_chunks(data)) if self._chunked else data


def hurry(port: int, requests: Iterator[bytes], clients: int, seconds: float, status: int = 200) -> Rate:
    """Ask what `requests` give, over so many connections at once, for so long or until there are no more."""
    begin, busy = time.perf_counter(), time.process_time()
    good, refused = _Hurry(port, requests, status).run(clients, begin + seconds)
    whole = time.perf_counter() - begin
    return Rate(good, refused, min(seconds, whole), (time.process_time() - busy) / whole)


class _Hurry:
    def __init__(self, port: int, requests: Iterator[bytes], status: int) -> None:
        self._port, self._requests, self._status = port, requests, status
        self._incoming: dict[socket.socket, _Incoming] = {}
        self._selector = selectors.DefaultSelector()

    def run(self, clients: int, end: float) -> tuple[int, int]:
        good = other = 0
        for _ in range(clients):
            self._open()
        while self._incoming and time.perf_counter() < end + _PATIENCE:
            for key, _ in self._selector.select(0.2):
                connection: socket.socket = key.fileobj  # type: ignore[assignment]
                found = self._advance(connection)
                if time.perf_counter() < end:
                    good += found == self._status
                    other += found not in (self._status, None)
            if time.perf_counter() >= end:
                # What is under way is waited for, not counted, so that it does not burden whoever is next.
                self._requests = iter(())
        for connection in list(self._incoming):
            self._drop(connection)
        self._selector.close()
        return good, other

    def _advance(self, connection: socket.socket) -> int | None:
        """Take what has come; the status of an answer that is whole now (0: closed before its end)."""
        incoming = self._incoming[connection]
        try:
            piece = connection.recv(_PIECE)
        except ConnectionError:
            piece = b""
        if not piece:
            self._drop(connection)
            self._open()
            return incoming.status if incoming.end() else 0
        incoming.add(piece)
        if not incoming.whole:
            return None
        self._send(connection)
        return incoming.status

    def _open(self) -> None:
        connection = _connect(self._port)
        self._incoming[connection] = _Incoming()
        self._selector.register(connection, selectors.EVENT_READ)
        self._send(connection)

    def _send(self, connection: socket.socket) -> None:
        request = next(self._requests, None)
        if request is None:
            self._drop(connection)
            return
        self._incoming[connection] = _Incoming()
        try:
            connection.sendall(request)
        except ConnectionError:
            # The next look at it finds its end.
            return

    def _drop(self, connection: socket.socket) -> None:
        self._incoming.pop(connection, None)
        self._selector.unregister(connection)
        connection.close()


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection((_HOST, port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _chunks(data: bytes) -> Iterator[bytes]:
    place = 0
    while True:
        end = data.index(b"\r\n", place)
        size = int(data[place:end].split(b";")[0], 16)
        if not size:
            return
        yield data[end + 2 : end + 2 + size]
        place = end + size + 4
