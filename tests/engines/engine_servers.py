"""Triple stores as people run them, in processes of their own on loopback, with empty folders."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from dxlod.settings import Settings
from dxlod.store.target import Places, find_places
from dxlod.store.web import Web

__all__ = ["SERVERS", "Server", "free_port", "oxigraph", "virtuoso"]

ROOT = Path(__file__).resolve().parents[2]
OXIGRAPH = "oxigraph==0.5.13"
OXIGRAPH_HOME = ROOT / "build" / "oxigraph-venv"
VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
[SPARQL]
MaxQueryExecutionTime = 20
"""


@dataclass(frozen=True)
class Server:
    """A running store: its name, its URL, who may write to it."""

    name: str
    url: str
    user: str = ""
    password: str = ""

    @property
    def web(self) -> Web:
        return Web(self.user, self.password)

    @property
    def places(self) -> Places:
        return find_places(self.web, self.url)

    @property
    def environment(self) -> dict[str, str]:
        """What `dxlod` is told of it."""
        given = {"DXLOD_ENDPOINT_USER": self.user, "DXLOD_ENDPOINT_PASSWORD": self.password}
        return {name: value for name, value in given.items() if value}

    def settings(self, **given: object) -> Settings:
        return Settings.load(self.environment, endpoint=self.places.query, **given)


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """Oxigraph's own server, from PyPI, in an environment that is made on first use."""
    port = free_port()
    with _running(
        [_oxigraph_program(), "serve", "--location", folder / "store", "--bind", f"127.0.0.1:{port}"],
        folder,
        f"http://127.0.0.1:{port}/query",
    ):
        yield Server("oxigraph", f"http://127.0.0.1:{port}")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Virtuoso, from Debian."""
    http_port, sql_port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(http=http_port, sql=sql_port))
    with _running(
        ["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"],
        folder,
        f"http://127.0.0.1:{http_port}/sparql",
    ):
        yield Server("virtuoso", f"http://127.0.0.1:{http_port}", "dba", "dba")


SERVERS = {"oxigraph": oxigraph, "virtuoso": virtuoso}


def _oxigraph_program() -> Path:
    program = OXIGRAPH_HOME / "bin" / "oxigraph"
    OXIGRAPH_HOME.mkdir(parents=True, exist_ok=True)
    with (OXIGRAPH_HOME / ".lock").open("w") as lock:
        # Test processes may come at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = OXIGRAPH_HOME / ".installed"
        if not done.is_file() or done.read_text() != OXIGRAPH:
            venv.create(OXIGRAPH_HOME, with_pip=True)
            pip = [str(OXIGRAPH_HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", OXIGRAPH]
            subprocess.run(pip, check=True)
            done.write_text(OXIGRAPH)
    return program


@contextmanager
def _running(command: list[str | Path], folder: Path, query_url: str) -> Iterator[None]:
    with (
        (folder / "output.txt").open("w") as log,
        subprocess.Popen(
            [str(word) for word in command], cwd=folder, stdout=log, stderr=log, env=_plain(os.environ)
        ) as process,
    ):
        try:
            _wait(process, query_url, folder / "output.txt")
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=60)
            process.kill()


def _plain(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith("DXLOD_")}


def _wait(process: subprocess.Popen[bytes], query_url: str, log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.TransportError):
            if httpx.get(query_url, params={"query": "ASK {}"}, timeout=10).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"{query_url} does not answer: {log.read_text()}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
