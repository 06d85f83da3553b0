"""The process that loads the store once and forks query workers, which share its memory.

The web process cannot do so itself: it has threads by then, and the engine, which has no deadline of its own and may
abort the whole process, must not run in it. Run as `python -m dxlod.server.zygote FD CONFIG`, single-threaded; its
orders come over the socket FD, each with a message in answer:

    F     with a socket and a file: fork a worker, answer its id
    K<id> end a worker
    P<id> pause a worker
    S<id> let a worker go on, at the lowest priority
    W<id> say how a worker has ended that has gone by itself: `memory`, `killed` or `failed`

It leaves, and its workers with it, when that socket closes.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dxlod.errors import StoreError
from dxlod.server.offline import forbid_sockets
from dxlod.server.questions import answer_questions
from dxlod.server.warm import warming
from dxlod.server.wire import pack
from dxlod.store import Limits, OxigraphEngine

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1
_LOWEST = 19
_NO_MEMORY = 12

OpenEngine = Callable[[], OxigraphEngine]


def main(arguments: list[str]) -> None:
    """Serve forks until the control socket closes. CONFIG is JSON: see `dxlod.server.keeper`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(arguments[0]))
    config = json.loads(arguments[1])
    try:
        open_engine = _prepare(config)
    except StoreError as error:
        control.sendall(pack({"ok": False, "ja": error.ja, "en": error.en}, b""))
        return
    # What is there now is never garbage; collecting it would copy the pages that workers share.
    gc.collect()
    gc.freeze()
    control.sendall(pack({"ok": True}, b""))
    _Nursery(control, open_engine, config).run()


def _prepare(config: dict[str, Any]) -> OpenEngine:
    """What gives a worker its engine: the one loaded here, or the store on disk, opened after the fork."""
    limits = Limits(**config["limits"])
    nquads = Path(config["nquads"])
    if not config["disk"]:
        engine = OxigraphEngine.load(nquads, limits)
        return lambda: engine
    folder = Path(config["disk"])
    OxigraphEngine.build(nquads, folder)
    return lambda: OxigraphEngine.open(folder, limits)


class _Nursery:
    """Obeys the orders; knows its workers, and those that are killed but not reaped yet."""

    def __init__(self, control: socket.socket, open_engine: OpenEngine, config: dict[str, Any]) -> None:
        self._control = control
        self._open_engine = open_engine
        self._config = config
        self._workers: set[int] = set()
        self._dying: set[int] = set()

    def run(self) -> None:
        """Until the control socket closes."""
        while True:
            # A large process takes a while to go; nobody shall wait for that.
            ready, _, _ = select.select([self._control], [], [], 0.02 if self._dying else None)
            self._dying = {pid for pid in self._dying if os.waitpid(pid, os.WNOHANG)[0] == 0}
            if not ready:
                continue
            order, handles, _, _ = socket.recv_fds(self._control, 64, 2)
            if not order:
                break
            reply = self._fork(handles) if order[:1] == b"F" else self._treat(order[:1], int(order[1:]))
            self._control.sendall(pack(reply, b""))
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)
        for pid in self._workers | self._dying:
            os.waitpid(pid, 0)

    def _treat(self, order: bytes, pid: int) -> dict[str, Any]:
        """An ended worker is reaped only here, so its id cannot be another process's before."""
        if pid not in self._workers:
            return {"ended": "failed"}
        if order == b"P":
            os.kill(pid, signal.SIGSTOP)
        elif order == b"S":
            os.setpriority(os.PRIO_PROCESS, pid, _LOWEST)
            os.kill(pid, signal.SIGCONT)
        elif order == b"W":
            self._workers.discard(pid)
            return {"ended": _verdict(os.waitpid(pid, 0)[1])}
        else:
            self._workers.discard(pid)
            self._dying.add(pid)
            os.kill(pid, signal.SIGKILL)
        return {}

    def _fork(self, handles: list[int]) -> dict[str, Any]:
        pid = os.fork()
        if pid:
            for handle in handles:
                os.close(handle)
            self._workers.add(pid)
            return {"pid": pid}
        status = 1
        try:
            self._control.close()
            self._work(*handles)
            status = 0
        except MemoryError:
            status = _NO_MEMORY
        finally:
            # Never back into the zygote's loop, whatever happened.
            os._exit(status)

    def _work(self, connection: int, spool: int) -> None:
        on_disk = bool(self._config["disk"])
        if on_disk and not forbid_sockets():
            sys.stderr.write(
                "dxlod: this system does not keep query workers of a store on disk from sockets\n"
            )
        engine = self._open_engine()
        copying = warming(int(self._config["warm"]))
        _confine(int(self._config["memory"]), int(self._config["most"]), files=on_disk)
        answer_questions(socket.socket(fileno=connection), spool, engine, self._config, copying)


def _confine(memory: int, most: int, *, files: bool) -> None:
    """End with the zygote; bounded memory and file size; unless with `files`, no new file and no socket.

    A store on disk opens its files as they are needed; its workers are kept from the network otherwise.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        ceiling = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    if not files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _verdict(status: int) -> str:
    """The engine aborts when it gets no memory, or when its stack ends."""
    if os.WIFSIGNALED(status):
        return "killed" if os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGTERM) else "memory"
    return "memory" if os.WEXITSTATUS(status) == _NO_MEMORY else "failed"


if __name__ == "__main__":
    main(sys.argv[1:])
