"""One query worker as the web process sees it."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, cast

from dxlod.server.wire import Message, unpack

__all__ = ["Worker", "WorkerGoneError"]


class WorkerGoneError(Exception):
    """The worker has died. `untouched` says that it had not read the question, so that another may be asked."""

    def __init__(self, *, untouched: bool) -> None:
        super().__init__("untouched" if untouched else "while answering")
        self.untouched = untouched


class Worker(asyncio.Protocol):
    """A process that answers one question at a time, a large one into its spool file.

    `slow`: it works in the slow lane. `low`: it has the lowest priority, and cannot get it back. `still`: it is held.
    """

    def __init__(self, pid: int, connection: socket.socket, spool: IO[bytes]) -> None:
        self.pid = pid
        self._spool: IO[bytes] | None = spool
        self.slow = self.low = self.still = False
        self.gone = False
        self.reaped = False
        self.on_gone: Callable[[Worker], None] = lambda _: None
        self._connection = connection
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._reply: asyncio.Future[Message] | None = None

    @classmethod
    async def connect(cls, pid: int, connection: socket.socket, spool: IO[bytes]) -> Worker:
        """A worker at the other end of this socket, ready to be asked; WorkerGoneError when it dies before that."""
        connection.setblocking(False)
        worker = cls(pid, connection, spool)
        ready = worker._reply = asyncio.get_running_loop().create_future()
        try:
            await asyncio.get_running_loop().create_connection(lambda: worker, sock=connection)
            await ready
        except BaseException:
            worker.end()
            raise
        return worker

    def ask(self, message: bytes) -> asyncio.Future[Message]:
        """The reply to come; WorkerGoneError in it when the worker dies first."""
        self._reply = asyncio.get_running_loop().create_future()
        self._received.clear()
        if self.gone or self._transport is None:
            self._reply.set_exception(WorkerGoneError(untouched=True))
            return self._reply
        # Sent at once and not by the transport, so that a process that is no more is noticed here: once this has
        # succeeded, a reset connection means that the question was not read, an end of file that it was.
        try:
            sent = self._connection.send(message)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._reply.set_exception(WorkerGoneError(untouched=True))
            return self._reply
        if sent < len(message):
            self._transport.write(message[sent:])
        return self._reply

    def seconds(self) -> float:
        """How long the process has computed; the clock's time where the system does not tell."""
        if sys.platform == "linux":
            # What clock_getcpuclockid(3) gives for a process id.
            with suppress(OSError):
                return time.clock_gettime((~self.pid << 3) | 2)
        return time.monotonic()

    def take_spool(self) -> IO[bytes]:
        """The file with the large answer; the worker is of no further use."""
        assert self._spool is not None
        spool, self._spool = self._spool, None
        return spool

    def end(self) -> None:
        """Let go of the worker; its spool file goes with it, unless an answer has taken that."""
        self.gone = True
        if self._spool is not None:
            self._spool.close()
        if self._reply is not None:
            self._reply.cancel()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        message = None if self._received else unpack(data)
        if message is None:
            self._received += data
            message = unpack(self._received)
        if message is not None and self._reply is not None and not self._reply.done():
            self._reply.set_result(message)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.gone = True
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(WorkerGoneError(untouched=isinstance(exc, ConnectionError)))
        self.on_gone(self)
