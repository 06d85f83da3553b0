"""The process that loads the store once and forks query workers, which share its memory.

The web process cannot do so itself: it has threads by then, and the engine, which has no deadline of its own and may
abort the whole process, must not run in it. Run as `python -m dxlod.server.zygote FD CONFIG`, single-threaded; its
orders come over the socket FD: `F` with a socket forks a worker and answers its id, `K<pid>` ends one. It leaves, and
its workers with it, when that socket closes.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from dxlod.errors import DxlodError, StoreError
from dxlod.server.wire import pack, receive_message
from dxlod.store import Dataset, Limits, OxigraphEngine

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Serve forks until the control socket closes. CONFIG is JSON: nquads, chars, tokens, depth, memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(arguments[0]))
    config = json.loads(arguments[1])
    limits = Limits(config["chars"], config["tokens"], config["depth"])
    try:
        engine = OxigraphEngine.load(Path(config["nquads"]), limits)
    except StoreError as error:
        control.sendall(pack({"ok": False, "ja": error.ja, "en": error.en}, b""))
        return
    control.sendall(pack({"ok": True, "quads": len(engine)}, b""))
    _obey(control, engine, int(config["memory"]))


def _obey(control: socket.socket, engine: OxigraphEngine, memory: int) -> None:
    workers: set[int] = set()
    while True:
        order, handles, _, _ = socket.recv_fds(control, 64, 1)
        if not order:
            break
        if order[:1] == b"F":
            pid = _fork(control, socket.socket(fileno=handles[0]), engine, memory)
            workers.add(pid)
            control.sendall(pack({"pid": pid}, b""))
        else:
            pid = int(order[1:])
            _end({pid} & workers)
            workers.discard(pid)
            control.sendall(pack({}, b""))
    _end(workers)


def _end(workers: set[int]) -> None:
    """Kill and reap. An ended worker is reaped only here, so its id cannot be another process's yet."""
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    for pid in workers:
        os.waitpid(pid, 0)


def _fork(control: socket.socket, connection: socket.socket, engine: OxigraphEngine, memory: int) -> int:
    pid = os.fork()
    if pid:
        connection.close()
        return pid
    status = 1
    try:
        control.close()
        _confine(memory)
        _work(connection, engine)
        status = 0
    finally:
        # Never back into the zygote's loop, whatever happened.
        os._exit(status)


def _confine(memory: int) -> None:
    """End with the zygote; no more memory than the budget; no new file or socket, so no way to the network."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        ceiling = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _work(connection: socket.socket, engine: OxigraphEngine) -> None:
    while True:
        message = receive_message(connection)
        if message is None:
            return
        connection.sendall(_answer(engine, *message))


def _answer(engine: OxigraphEngine, header: dict[str, Any], body: bytes) -> bytes:
    dataset = Dataset(tuple(header["default"]), tuple(header["named"]))
    try:
        answer = engine.query(body.decode(), header["media"], dataset)
    except DxlodError as error:
        return pack({"ok": False, "ja": error.ja, "en": error.en}, b"")
    return pack({"ok": True, "media": answer.media_type}, answer.body)


if __name__ == "__main__":
    main(sys.argv[1:])
