"""Servers beside each other on loopback: this service and others, each a process of its own over the same quads."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from benchmarks.queries import ASK, JSON
from dxlod.release.manifest import FileEntry, Manifest, sha256_of, write_manifest

__all__ = [
    "DISK",
    "ENDPOINT",
    "FRAMEWORK",
    "MEMORY",
    "OURS",
    "RDFLIB",
    "VIRTUOSO",
    "Recipe",
    "Server",
    "prepare",
    "recipes",
    "started",
]

ROOT: Final = Path(__file__).resolve().parents[1]
OURS, DISK, MEMORY, VIRTUOSO = "dxlod", "Oxigraph, disk", "Oxigraph, memory", "Virtuoso"
ENDPOINT, RDFLIB = "rdflib-endpoint", "rdflib"
FRAMEWORK: Final = "FastAPI alone"
PINNED: Final = (
    "oxigraph==0.5.13",
    "rdflib-endpoint[web]==0.6.3",
    "rdflib==7.6.0",
    "uvloop==0.23.0",
    "httptools==0.9.0",
)
START_LIMIT: Final = 3600.0
QUIET: Final = subprocess.DEVNULL


@dataclass(frozen=True)
class Recipe:
    """How to start a server: its command for a port and a deadline, the path of its endpoint, what to do before and after."""

    name: str
    path: str
    command: Callable[[int, float], list[str]]
    folder: Path
    before: Callable[[], None] = lambda: None
    after: Callable[[int], None] = lambda _port: None
    environment: Callable[[float], Mapping[str, str]] = lambda _deadline: {}


@dataclass
class Server:
    """One that is running, and ends queries after `deadline` seconds where it can."""

    recipe: Recipe
    deadline: float
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.recipe.name

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def request(self, query: str, accept: str = JSON, *fields: str) -> bytes:
        """The bytes of a GET."""
        head = (
            f"GET {self.recipe.path}?query={quote(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n"
        )
        return (head + "".join(f"{line}\r\n" for line in fields) + "\r\n").encode()

    def start(self) -> float:
        """Start it; the seconds until it answers with all its data."""
        begin, recipe = time.perf_counter(), self.recipe
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DXLOD_")}
        environment = {**kept, **recipe.environment(self.deadline)}
        command = recipe.command(self.port, self.deadline)
        self.process = subprocess.Popen(
            command, stdout=QUIET, stderr=QUIET, cwd=recipe.folder, env=environment
        )
        self._wait()
        recipe.after(self.port)
        return time.perf_counter() - begin

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def restart(self) -> None:
        """End what it is doing, and start it afresh."""
        self.stop()
        self.start()

    def _wait(self) -> None:
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended with {self.process.returncode}: {self.process.args!r}")
            with suppress(OSError):
                address = f"http://127.0.0.1:{self.port}{self.recipe.path}?query={quote(ASK)}"
                with urllib.request.urlopen(
                    urllib.request.Request(address, headers={"Accept": JSON}), timeout=5
                ):
                    return
            time.sleep(0.1)
        raise SystemExit(f"{self.name} does not answer")


@contextmanager
def started(recipe: Recipe, deadline: float, said: Callable[[str], None]) -> Iterator[Server]:
    """The server for as long as it is needed."""
    recipe.before()
    server = Server(recipe, deadline)
    try:
        said(f"{recipe.name}: answers {server.start():.1f} s after its start")
        yield server
    finally:
        server.stop()


def prepare(folder: Path) -> None:
    """An environment with the others, each at a version of its own choice; made where it is not there as it should be."""
    wanted, done = "\n".join(PINNED), folder / ".pinned"
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *PINNED], check=True)
    done.write_text(wanted, encoding="utf-8")


def recipes(folder: Path, nquads: Path, rivals: Path) -> dict[str, Recipe]:
    """All that can be started over the file; what they keep goes to `folder`."""
    binary, url = str(rivals / "bin" / "oxigraph"), "http://127.0.0.1:{}/store"
    place, served = folder / "oxigraph", folder / "releases"

    def load() -> None:
        if not place.exists():
            command = [binary, "load", "--location", str(place), "--file", str(nquads)]
            subprocess.run(command, check=True, stdout=QUIET, stderr=QUIET)

    def on_disk(port: int, deadline: float) -> list[str]:
        command = [binary, "serve-read-only", "--location", str(place), "--union-default-graph"]
        return [*command, "--bind", f"127.0.0.1:{port}", *_limit(deadline)]

    def in_memory(port: int, deadline: float) -> list[str]:
        return [binary, "serve", "--union-default-graph", "--bind", f"127.0.0.1:{port}", *_limit(deadline)]

    def ours(port: int, _deadline: float) -> list[str]:
        return [sys.executable, "-m", "dxlod.cli", "serve", "--releases", str(served), "--port", str(port)]

    def endpoint(port: int, _deadline: float) -> list[str]:
        command = [str(rivals / "bin" / "rdflib-endpoint"), "serve", "--host", "127.0.0.1"]
        return [*command, "--port", str(port), str(nquads)]

    def framework(port: int, _deadline: float) -> list[str]:
        return [sys.executable, str(ROOT / "benchmarks" / "framework.py"), str(port)]

    def plain(port: int, _deadline: float) -> list[str]:
        return [
            str(rivals / "bin" / "python"),
            str(ROOT / "benchmarks" / "rdflib_server.py"),
            str(port),
            str(nquads),
        ]

    def release() -> None:
        if not served.exists():
            _make_release(served, nquads)

    return {
        recipe.name: recipe
        for recipe in (
            Recipe(OURS, "/sparql", ours, ROOT, before=release, environment=_deadline_of_ours),
            Recipe(DISK, "/query", on_disk, folder, before=load),
            Recipe(MEMORY, "/query", in_memory, folder, after=lambda port: _post(url.format(port), nquads)),
            Recipe(ENDPOINT, "/", endpoint, folder),
            Recipe(RDFLIB, "/", plain, folder),
            Recipe(FRAMEWORK, "/", framework, folder),
        )
    }


def _limit(deadline: float) -> list[str]:
    """With a deadline Oxigraph keeps a thread for each query until that has passed: it has one only to be attacked."""
    return ["--timeout-s", f"{deadline:.0f}"] if deadline < 30 else []


def _deadline_of_ours(deadline: float) -> Mapping[str, str]:
    return {"DXLOD_QUERY_TIMEOUT": str(deadline)}


def _make_release(folder: Path, nquads: Path) -> None:
    """A release with nothing but its quads: what it takes to serve them."""
    release = folder / "measured-00000000"
    (release / "dumps").mkdir(parents=True)
    (release / "dumps" / "all.nq").hardlink_to(nquads)
    entry = FileEntry("dumps/all.nq", sha256_of(nquads), nquads.stat().st_size, "application/n-quads", 0)
    manifest = Manifest(release.name, "benchmark", "https://w3id.org/dxlod", {}, {}, 0, (entry,))
    (release / "manifest.json").write_text(write_manifest(manifest), encoding="utf-8")
    (folder / "current").symlink_to(release.name)


def _post(url: str, nquads: Path) -> None:
    """Send all the quads to the Graph Store Protocol."""
    headers = {"Content-Type": "application/n-quads", "Content-Length": str(nquads.stat().st_size)}
    with nquads.open("rb") as body:
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=START_LIMIT):
                return
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{url}: {error.code} {error.read(500)!r}") from error
