"""Rates and latencies over HTTP: this service beside Oxigraph's server and rdflib-endpoint, in one run.

    python benchmarks/service.py [--triples 40000] [--runs 3] [--seconds 3] [--clients 8] [--rivals FOLDER]

All serve the same triples on loopback at the same time and are asked the same things in turn by the same client, which
keeps its connections; medians of the runs are printed, and their ratios to ours. `--triples` copies the plans under
other codes until there are so many. The rivals live in an environment of their own, made in FOLDER
where it is not there yet. What is "distinct" is asked in a text that nobody has sent before, so no cache can help.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from pages import write_data  # noqa: E402

from dxlod.namespaces import DXO  # noqa: E402
from dxlod.release.manifest import FileEntry, Manifest, sha256_of, write_manifest  # noqa: E402

PINNED = (
    "oxigraph==0.5.13",
    "rdflib-endpoint[web]==0.6.3",
    "rdflib==7.6.0",
    "uvloop==0.23.0",
    "httptools==0.9.0",
)
JSON = "application/sparql-results+json"
BOMB = "SELECT (COUNT(*) AS ?n%d) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"
DEADLINE = 10
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
OURS = "dxlod"
RIVALS = ("oxigraph", "rdflib-endpoint")
WITH_DEADLINE = "oxigraph --timeout-s"


@dataclass(frozen=True)
class Server:
    """One that answers SPARQL by GET: where, and the process to end."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]

    def request(self, query: str, *fields: str) -> bytes:
        head = [
            f"GET {self.path}?query={quote(query)} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Accept: {JSON}",
            *fields,
        ]
        return "\r\n".join((*head, "", "")).encode()


@dataclass(frozen=True)
class Question:
    """Texts to be asked one after the other; `distinct` adds a comment that makes each new."""

    name: str
    texts: Sequence[str]
    distinct: bool

    def requests(self, server: Server, turn: int) -> Callable[[int], bytes]:
        def make(number: int) -> bytes:
            text = self.texts[number % len(self.texts)]
            return server.request(f"{text} # {turn}.{number}" if self.distinct else text)

        return make


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table of medians and ratios."""
    parser = argparse.ArgumentParser(description="Compare the service with others.")
    parser.add_argument("--triples", type=int, default=40_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rivals", type=Path, default=ROOT / "build" / "rivals")
    parser.add_argument("--without", action="append", default=[], help="leave out the server of this name")
    chosen = parser.parse_args(arguments)
    prepare(chosen.rivals)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        nquads = folder / "all.nq"
        count = write_data(nquads, chosen.triples)
        make_release(folder, nquads)
        write(
            f"{count} quads, {chosen.clients} clients, medians of {chosen.runs} runs of {chosen.seconds:g} s"
        )
        known = starts(folder, nquads, chosen.rivals)
        servers = [stack.enter_context(known[name]) for name in (OURS, *RIVALS) if name not in chosen.without]
        measure(servers, questions(nquads), chosen)
        # With a deadline, Oxigraph's server keeps a thread for each query until that has passed, and ends when there
        # are too many: it is asked for rates without one, and started anew with one to be attacked.
        attacked = [
            stack.enter_context(known[WITH_DEADLINE]) if server.name == "oxigraph" else server
            for server in servers
        ]
        attack(attacked)
    return 0


def prepare(folder: Path) -> None:
    """An environment with the rivals, each at a version of its own choice."""
    if not (folder / "bin" / "oxigraph").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *PINNED], check=True)


def make_release(folder: Path, nquads: Path) -> None:
    """A release with nothing but its quads: what it takes to serve them."""
    release = folder / "releases" / "measured-00000000"
    (release / "dumps").mkdir(parents=True)
    (release / "dumps" / "all.nq").hardlink_to(nquads)
    entry = FileEntry("dumps/all.nq", sha256_of(nquads), nquads.stat().st_size, "application/n-quads", 0)
    manifest = Manifest(release.name, "benchmark", "https://w3id.org/dxlod", {}, {}, 0, (entry,))
    (release / "manifest.json").write_text(write_manifest(manifest), encoding="utf-8")
    (folder / "releases" / "current").symlink_to(release.name)


def starts(folder: Path, nquads: Path, rivals: Path) -> dict[str, AbstractContextManager[Server]]:
    """How to start each server."""
    oxigraph, endpoint = str(rivals / "bin" / "oxigraph"), str(rivals / "bin" / "rdflib-endpoint")

    def on_disk(port: int, *more: str) -> list[str]:
        place = folder / "oxigraph"
        if not place.exists():
            command = [oxigraph, "load", "--location", str(place), "--file", str(nquads)]
            subprocess.run(command, check=True, stderr=QUIET)
        options = ["--union-default-graph", "--bind", f"127.0.0.1:{port}", *more]
        return [oxigraph, "serve-read-only", "--location", str(place), *options]

    def limited(port: int) -> list[str]:
        return on_disk(port, "--timeout-s", str(DEADLINE))

    def rdflib(port: int) -> list[str]:
        triples = folder / "all.nt"
        with nquads.open(encoding="utf-8") as lines, triples.open("w", encoding="utf-8") as out:
            out.writelines(f"{line.rsplit(' ', 2)[0]} .\n" for line in lines)
        return [endpoint, "serve", "--host", "127.0.0.1", "--port", str(port), str(triples)]

    def ours(port: int) -> list[str]:
        options = ["--releases", str(folder / "releases"), "--port", str(port)]
        return [sys.executable, "-m", "dxlod.cli", "serve", *options]

    return {
        OURS: running(OURS, ours, "/sparql"),
        "oxigraph": running("oxigraph", on_disk, "/query"),
        WITH_DEADLINE: running(WITH_DEADLINE, limited, "/query"),
        "rdflib-endpoint": running("rdflib-endpoint", rdflib, "/"),
    }


QUIET = subprocess.DEVNULL


@contextmanager
def running(name: str, command: Callable[[int], list[str]], path: str) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    environment = {**os.environ, "DXLOD_QUERY_TIMEOUT": str(DEADLINE)}
    begin = time.perf_counter()
    process = subprocess.Popen(command(port), stdout=QUIET, stderr=QUIET, cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}{path}?query={quote('ASK {}')}"
        wait(process, urllib.request.Request(address, headers={"Accept": JSON}))
        write(f"{name}: answers {time.perf_counter() - begin:.1f} s after its start")
        yield Server(name, port, path, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(process: subprocess.Popen[bytes], request: urllib.request.Request) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{process.args!r} has ended")


def questions(nquads: Path) -> list[Question]:
    """What people ask; entities and cities as they come in the data."""
    subjects, cities = set(), set()
    with nquads.open(encoding="utf-8") as lines:
        for line in lines:
            subject, predicate, rest = line.split(" ", 2)
            if predicate.endswith("#type>") and f"<{DXO.Indicator}>" in rest:
                subjects.add(subject)
                cities.add(line.rsplit(" ", 2)[-2])
    chosen = random.Random(1)
    things = chosen.sample(sorted(subjects), min(500, len(subjects)))
    look_ups = [f"SELECT ?p ?o {{{thing} ?p ?o}}" for thing in things]
    lists = [
        f"SELECT ?k ?label {{GRAPH {graph} {{?k a <{DXO.Indicator}> ; {LABEL} ?label}}}}"
        for graph in chosen.sample(sorted(cities), min(20, len(cities)))
    ]
    total = "SELECT ?type (COUNT(?s) AS ?n) {?s a ?type} GROUP BY ?type ORDER BY DESC(?n)"
    return [
        Question("look-up, distinct", look_ups, True),
        Question("look-up, repeated", look_ups, False),
        Question("list of a city, distinct", lists, True),
        Question("list of a city, repeated", lists, False),
        Question("count by class, distinct", [total], True),
        Question("ASK {}, distinct", ["ASK {}"], True),
    ]


def measure(servers: Sequence[Server], asked: Sequence[Question], chosen: argparse.Namespace) -> None:
    write("\n| requests/s | " + " | ".join(server.name for server in servers) + " | ratio |")
    write("|---|" + "---|" * (len(servers) + 1))
    for question in asked:
        rates: dict[str, list[float]] = {server.name: [] for server in servers}
        for turn in range(chosen.runs):
            for server in servers:
                make = question.requests(server, turn)
                rates[server.name].append(asyncio.run(rate(server.port, make, chosen)))
        row(question.name, [statistics.median(rates[server.name]) for server in servers], "{:.0f}")
    known = [asyncio.run(not_modified(server, chosen)) for server in servers]
    row("304 for what is known", known, "{:.0f}")


def attack(servers: Sequence[Server]) -> None:
    """Latency of something cheap while cross products are under way, and how those end."""
    write("\n| ms | " + " | ".join(server.name for server in servers) + " | ratio |")
    write("|---|" + "---|" * (len(servers) + 1))
    # 8 bombs are under way all the while; a server that does not stop them is asked no longer than this.
    found = [asyncio.run(under_fire(server)) for server in servers]
    for name, place in (
        ("ASK beside 8 cross products, p50", 0),
        ("p99", 1),
        ("a bomb's end after its deadline", 2),
    ):
        row(name, [numbers[place] for numbers, _ in found], "{:.1f}")
    write(
        "\nanswers to the bombs: "
        + ", ".join(f"{server.name}: {said}" for server, (_, said) in zip(servers, found, strict=True))
    )


async def rate(port: int, make: Callable[[int], bytes], chosen: argparse.Namespace) -> float:
    """Requests answered with 200 each second, over kept connections."""
    count, end = 0, time.perf_counter() + chosen.seconds
    numbers = iter(range(10**9))

    async def client() -> None:
        nonlocal count
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            writer.write(make(next(numbers)))
            try:
                status, _ = await answer(reader)
                count += status == 200
            except (ConnectionError, asyncio.IncompleteReadError):
                # Some close a connection that they had said to keep.
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    begin = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(chosen.clients)))
    return float(count / (time.perf_counter() - begin))


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Status and headers of the next answer; its body is read and dropped."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    status = int(head[0].split(" ")[1])
    if "content-length" in fields:
        await reader.readexactly(int(fields["content-length"]))
    elif "chunked" in fields.get("transfer-encoding", ""):
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status, fields


async def not_modified(server: Server, chosen: argparse.Namespace) -> float:
    """Answers 304 each second; 0 for a server that gives no entity tag."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(server.request("ASK {}"))
    _, fields = await answer(reader)
    writer.close()
    if "etag" not in fields:
        return 0.0
    again = server.request("ASK {}", f"If-None-Match: {fields['etag']}")
    count, end = 0, time.perf_counter() + chosen.seconds

    async def client() -> None:
        nonlocal count
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        while time.perf_counter() < end:
            writer.write(again)
            status, _ = await answer(reader)
            count += status == 304
        writer.close()

    await asyncio.gather(*(client() for _ in range(chosen.clients)))
    return float(count / chosen.seconds)


async def under_fire(server: Server) -> tuple[list[float], str]:
    """Milliseconds of an ASK beside bombs (p50, p99), how late the last bomb ended, and how they were answered."""
    waits: list[float] = []
    endings: list[tuple[float, str]] = []

    async def bomb(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        begin = time.perf_counter()
        writer.write(server.request(BOMB % number))
        try:
            status, _ = await asyncio.wait_for(answer(reader), DEADLINE + 10)
            endings.append((time.perf_counter() - begin - DEADLINE, str(status)))
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            endings.append((time.perf_counter() - begin - DEADLINE, "none"))
        writer.close()

    async def ask() -> None:
        number = 0
        while len(endings) < 8:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            begin = time.perf_counter()
            writer.write(server.request(f"ASK {{}} # {number}"))
            with suppress(TimeoutError, asyncio.IncompleteReadError, ConnectionError):
                await asyncio.wait_for(answer(reader), DEADLINE + 10)
            waits.append(time.perf_counter() - begin)
            writer.close()
            number += 1
            await asyncio.sleep(0.02)

    bombs = [asyncio.create_task(bomb(number)) for number in range(8)]
    await asyncio.gather(ask(), *bombs)
    waits.sort()
    said = ", ".join(sorted(text for _, text in endings))
    late = max(late for late, _ in endings)
    numbers = [waits[len(waits) // 2], waits[int(len(waits) * 0.99)], max(0.0, late)]
    return [number * 1000 for number in numbers], said


def row(name: str, numbers: Sequence[float], form: str) -> None:
    """One row; the ratio is of ours to the best of the others."""
    others = [number for number in numbers[1:] if number]
    best = (min if form != "{:.0f}" else max)(others, default=0.0)
    ratio = f"{numbers[0] / best:.2f}" if best else "–"
    write(f"| {name} | " + " | ".join(form.format(number) for number in numbers) + f" | {ratio} |")


def write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
