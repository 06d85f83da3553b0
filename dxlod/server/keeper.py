"""The web process's end of the zygote: one order at a time, in a thread of its own."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, TypeVar

from dxlod.errors import StoreError
from dxlod.release import Release
from dxlod.server.room import fits_memory
from dxlod.server.wire import receive_message
from dxlod.settings import Settings
from dxlod.store import Limits

__all__ = ["Keeper", "gone", "store_folder"]

_T = TypeVar("_T")

_PR_SET_CHILD_SUBREAPER = 36
_LONGEST_END = 5.0


class Keeper:
    """A running zygote. Every method raises StoreError when it has died."""

    def __init__(self, release: Release, settings: Settings) -> None:
        self._config = {
            "nquads": str(release.quads),
            "limits": asdict(Limits.of(settings)),
            "memory": settings.query_memory,
            "spool": settings.spool_bytes,
            "warm": settings.warm_bytes,
            "most": settings.max_answer_bytes,
            "disk": str(store_folder(release, settings) or ""),
        }
        self._thread = ThreadPoolExecutor(1, "keeper")
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._workers: set[int] = set()

    @property
    def pid(self) -> int:
        """Process id of the zygote, 0 before it has started."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Load the store; StoreError when that fails."""
        await self._do(self._start)

    async def fork(self) -> tuple[int, socket.socket, IO[bytes]]:
        """A new worker: its process id, the socket that leads to it, the file for a large answer."""
        return await self._do(self._fork)

    async def kill(self, pid: int) -> None:
        """End a worker."""
        await self._do(lambda: self._order(b"K%d" % pid))
        self._workers.discard(pid)

    async def pause(self, pid: int) -> None:
        """Hold a worker."""
        await self._do(lambda: self._order(b"P%d" % pid))

    async def slow(self, pid: int) -> None:
        """Let a worker go on at the lowest priority."""
        await self._do(lambda: self._order(b"S%d" % pid))

    async def verdict(self, pid: int) -> str:
        """How a worker has ended that has gone by itself: `memory`, `killed` or `failed`."""
        ended = (await self._do(lambda: self._order(b"W%d" % pid)))["ended"]
        self._workers.discard(pid)
        return str(ended)

    async def close(self) -> None:
        """End the zygote and all its workers."""
        await self._do(self._close)
        self._thread.shutdown(wait=False)

    async def _do(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _start(self) -> None:
        if sys.platform == "linux":
            # Workers whose zygote has died become ours to reap.
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
        control, other = socket.socketpair()
        with other:
            command = [sys.executable, "-m", "dxlod.server.zygote", str(other.fileno())]
            self._process = subprocess.Popen(
                [*command, json.dumps(self._config)],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                # Its own group: Ctrl-C is for the web process. The same session: priorities count within one.
                process_group=0,
            )
        self._control = control
        ready = receive_message(control)
        if ready is None or not ready[0]["ok"]:
            self._close()
            raise StoreError(ready[0]["ja"], ready[0]["en"]) if ready else gone()

    def _fork(self) -> tuple[int, socket.socket, IO[bytes]]:
        mine, other = socket.socketpair()
        spool: IO[bytes] = tempfile.TemporaryFile(prefix="dxlod-")  # noqa: SIM115 - the worker holds it
        try:
            with other:
                reply = self._order(b"F", [other.fileno(), spool.fileno()])
        except StoreError:
            mine.close()
            spool.close()
            raise
        pid = int(reply["pid"])
        self._workers.add(pid)
        return pid, mine, spool

    def _order(self, order: bytes, handles: list[int] | None = None) -> Mapping[str, Any]:
        if self._control is None:
            raise gone()
        try:
            socket.send_fds(self._control, [order], handles or [])
            reply = receive_message(self._control)
        except OSError as error:
            raise gone() from error
        if reply is None:
            raise gone()
        return reply[0]

    def _close(self) -> None:
        if self._control is None or self._process is None:
            return
        self._control.close()
        self._control = None
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _reap(self._workers)


def _reap(workers: set[int]) -> None:
    """Wait for those that the zygote has left behind, if it was killed; they end with it."""
    deadline = time.monotonic() + _LONGEST_END
    while workers and time.monotonic() < deadline:
        for pid in sorted(workers):
            try:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    workers.discard(pid)
            except ChildProcessError:
                workers.discard(pid)
        if workers:
            time.sleep(0.01)


def store_folder(release: Release, settings: Settings) -> Path | None:
    """Where the store on disk of a large release lies; None for one that fits into memory."""
    if release.quads.is_file() and not fits_memory(release.quads.stat().st_size, settings):
        return settings.releases / ".cache" / "stores" / release.digest[:16]
    return None


def gone() -> StoreError:
    """What is said of a query process that has died."""
    return StoreError("問い合わせの処理が止まりました。", "The query process has ended.")
