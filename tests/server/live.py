"""A service in a process of its own, with settings of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from dxlod.settings import Settings

__all__ = ["Live", "descendants", "live", "memory", "open_connections", "open_files", "receive"]

_SERVE = """
import json, sys
from dxlod.server import serve
from dxlod.settings import Settings
serve(Settings.load(environ={}, **json.loads(sys.argv[1])), port=0, say=lambda line: print(line, flush=True))
"""


@dataclass
class Live:
    """A running service: its process, its port, and the file that takes its standard error."""

    process: subprocess.Popen[str]
    port: int
    errors: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.origin, timeout=60, **options)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def send(self, text: bytes) -> bytes:
        """What comes back for these bytes until the server closes."""
        with self.connect() as connection:
            connection.sendall(text)
            return receive(connection)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=90)


@contextmanager
def live(settings: Settings, folder: Path, **changes: object) -> Iterator[Live]:
    """Serve the current release; at the end the service must leave with 0 and leave no process behind."""
    given = {"home": str(settings.home), "releases": str(settings.releases), **changes}
    errors = folder / "errors.txt"
    with (
        errors.open("w") as log,
        subprocess.Popen(
            [sys.executable, "-c", _SERVE, json.dumps(given)], stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
            assert found is not None, errors.read_text()
            service = Live(process, int(found.group(1)), errors)
            yield service
            if process.poll() is None:
                family = descendants(process.pid)
                assert service.stop() == 0, errors.read_text()
                assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
        finally:
            process.kill()


def receive(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def descendants(pid: int) -> set[int]:
    """Process ids of a process's children and of theirs."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found |= {int(child)} | descendants(int(child))
    return found


def memory(pid: int) -> int:
    """Bytes that a process and its descendants hold; what they share is counted once (Pss)."""
    total = 0
    for one in {pid} | descendants(pid):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE).group(1)) * 1024  # type: ignore[union-attr]
    return total


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def open_connections(service: Live) -> int:
    """Established connections of the service's port, the client's ends not counted."""
    port = f":{service.port:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(line[1].endswith(port) and line[3] == "01" for line in lines)
