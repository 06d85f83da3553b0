"""Query workers with a deadline: a query past it is killed with its process, and another process takes its place."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass

from dxlod.errors import QueryError, QueryTimeoutError, StoreBusyError, StoreError
from dxlod.release import Release
from dxlod.server.wire import pack, read_message, receive_message
from dxlod.settings import Settings
from dxlod.store import Answer, Dataset

__all__ = ["QueryPool"]


@dataclass(frozen=True)
class _Worker:
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class _Zygote:
    """The web process's end of the zygote: one order at a time."""

    def __init__(self, release: Release, settings: Settings) -> None:
        self._lock = threading.Lock()
        config = {
            "nquads": str(release.quads),
            "chars": settings.max_query_chars,
            "tokens": settings.max_query_tokens,
            "depth": settings.max_query_depth,
            "memory": settings.query_memory,
        }
        self._control, other = socket.socketpair()
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dxlod.server.zygote", str(other.fileno()), json.dumps(config)],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        ready = receive_message(self._control)
        if ready is None or not ready[0]["ok"]:
            self.close()
            raise StoreError(ready[0]["ja"], ready[0]["en"]) if ready else _gone()

    def fork(self) -> tuple[int, socket.socket]:
        """A new worker's process id and the socket that leads to it."""
        mine, other = socket.socketpair()
        with other, self._lock:
            socket.send_fds(self._control, [b"F"], [other.fileno()])
            reply = receive_message(self._control)
        if reply is None:
            mine.close()
            raise _gone()
        return int(reply[0]["pid"]), mine

    def kill(self, pid: int) -> None:
        """End a worker now."""
        with self._lock:
            self._control.sendall(f"K{pid}".encode())
            if receive_message(self._control) is None:
                raise _gone()

    def close(self) -> None:
        """End the zygote and all its workers."""
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class QueryPool:
    """Answers queries over one release from `settings.query_workers` processes."""

    def __init__(self, release: Release, settings: Settings) -> None:
        self._release = release
        self._settings = settings
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._workers: dict[int, _Worker] = {}
        self._repairs: set[asyncio.Task[None]] = set()
        self._zygote: _Zygote | None = None
        self._mending = asyncio.Lock()

    async def start(self) -> None:
        """Load the store and fork the workers; StoreError when that fails."""
        self._zygote = await asyncio.to_thread(_Zygote, self._release, self._settings)
        for _ in range(self._settings.query_workers):
            await self._fork()

    async def close(self) -> None:
        """End all workers; queries still running end with StoreError."""
        # Under the lock, so that no repair begins a new zygote behind our back.
        async with self._mending:
            zygote, self._zygote = self._zygote, None
        for worker in self._workers.values():
            worker.writer.close()
        self._workers.clear()
        if zygote is not None:
            await asyncio.to_thread(zygote.close)
        while self._repairs:
            await asyncio.wait(self._repairs)

    @property
    def alive(self) -> bool:
        """Whether there are workers, or some on their way."""
        return self._zygote is not None and bool(self._workers or self._repairs)

    async def query(self, text: str, media_type: str = "", dataset: Dataset | None = None) -> Answer:
        """A whole answer; QueryTimeoutError at the deadline, StoreBusyError when no worker gets free, QueryError."""
        worker = await self._take()
        dataset = dataset or Dataset()
        header = {"media": media_type, "default": dataset.default_graphs, "named": dataset.named_graphs}
        fit = False
        try:
            async with asyncio.timeout(self._settings.query_timeout):
                worker.writer.write(pack(header, text.encode()))
                await worker.writer.drain()
                reply, body = await read_message(worker.reader)
            fit = True
        except TimeoutError as error:
            raise QueryTimeoutError(
                f"{self._settings.query_timeout:g} 秒以内に終わらないため、問い合わせを止めました。",
                f"The query was stopped: it took longer than {self._settings.query_timeout:g} s.",
                mend_ja="範囲を絞るか、LIMIT を付けるか、/dumps/ の全データを使ってください。",
                mend_en="Narrow it, add a LIMIT, or use the whole data under /dumps/.",
            ) from error
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            raise QueryTimeoutError(
                "問い合わせがメモリなどの上限に達したため、止めました。",
                "The query was stopped: it reached the limit of memory.",
                mend_ja="範囲を絞るか、/dumps/ の全データを使ってください。",
                mend_en="Narrow it, or use the whole data under /dumps/.",
            ) from error
        finally:
            # Also when the caller was cancelled because its client has gone.
            if fit:
                self._idle.put_nowait(worker)
            else:
                self._discard(worker)
        if not reply["ok"]:
            raise QueryError(reply["ja"], reply["en"])
        return Answer(reply["media"], body)

    async def _take(self) -> _Worker:
        try:
            async with asyncio.timeout(self._settings.queue_timeout):
                return await self._idle.get()
        except TimeoutError as error:
            raise StoreBusyError(
                "混み合っています。しばらくしてからお試しください。",
                "Too busy now; please try again in a while.",
            ) from error

    async def _fork(self) -> None:
        if self._zygote is None:
            raise _gone()
        pid, connection = await asyncio.to_thread(self._zygote.fork)
        reader, writer = await asyncio.open_connection(sock=connection)
        worker = _Worker(pid, reader, writer)
        self._workers[pid] = worker
        self._idle.put_nowait(worker)

    def _discard(self, worker: _Worker) -> None:
        self._workers.pop(worker.pid, None)
        worker.writer.close()
        repair = asyncio.create_task(self._replace(worker.pid))
        self._repairs.add(repair)
        repair.add_done_callback(self._repairs.discard)

    async def _replace(self, pid: int) -> None:
        """End a worker and fork another; where the zygote has died too, begin anew."""
        async with self._mending:
            if self._zygote is None:
                return
            try:
                await asyncio.to_thread(self._zygote.kill, pid)
                await self._fork()
            except (OSError, StoreError):
                await asyncio.to_thread(self._zygote.close)
                self._zygote = await asyncio.to_thread(_Zygote, self._release, self._settings)
                await self._fork()


def _gone() -> StoreError:
    return StoreError("問い合わせの処理が止まりました。", "The query process has ended.")
