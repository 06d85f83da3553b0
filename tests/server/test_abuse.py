"""Hostile clients, all against one running service: others are served, nothing is broken or left behind."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from dxlod.release import Release
from dxlod.settings import Settings

from .live import Live, descendants, live, memory, open_files

MEMORY = 256 << 20
SECONDS = 2
ASK = {"query": "ASK {?s ?p ?o}"}
DUMP = {"query": "SELECT * {?s ?p ?o} ORDER BY ?s ?p ?o", "format": "csv"}
CROSS = " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(6))

BOMBS = {
    "cross product, counted": f"SELECT (COUNT(*) AS ?n) {{{CROSS}}}",
    "cross product, sorted": f"SELECT * {{{CROSS}}} ORDER BY ?o0 ?o1 ?o2",
    "cross product, distinct": f"SELECT DISTINCT (CONCAT(STR(?s0), STR(?s1), STR(?s2), STR(?s3)) AS ?x) {{{CROSS}}}",
    "cross product, grouped": f"SELECT ?s0 ?s1 ?s2 (GROUP_CONCAT(?o3) AS ?x) {{{CROSS}}} GROUP BY ?s0 ?s1 ?s2",
    "cross product, built": f"CONSTRUCT {{?s0 ?p1 ?o2 . ?s3 ?p4 ?o5}} {{{CROSS}}}",
    "all of it, again and again": f"SELECT * {{{CROSS}}}",
    "concatenation that doubles": "SELECT ?z {VALUES ?a {'"
    + "x" * 1000
    + "'} "
    + " ".join(
        f"BIND(CONCAT(?{a}, ?{a}, ?{a}, ?{a}) AS ?{b})"
        for a, b in zip("abcdefghijkl", "bcdefghijklz", strict=True)
    )
    + "}",
    "replacement that doubles": "SELECT (STRLEN("
    + "REPLACE(" * 12
    + "'aaaaaaaaaaaaaaaa'"
    + ", 'a', 'aaaaaaaaaaaaaaaa')" * 12
    + ") AS ?n) {}",
    "paths without end": "SELECT (COUNT(*) AS ?n) {?a (!<x:>|^!<x:>)* ?b . ?b (!<x:>|^!<x:>)* ?c . ?c (!<x:>|^!<x:>)* ?d"
    " . ?d (!<x:>|^!<x:>)* ?e}",
    "regular expression": "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l "
    "FILTER REGEX(CONCAT(STR(?a), STR(?d), STR(?g)), '(.*a){12}(.*b){12}$')}",
    "subqueries": "SELECT (COUNT(*) AS ?n) {"
    + "".join(f"{{SELECT * {{?a{n} ?b{n} ?c{n}}}}}" for n in range(6))
    + "}",
    "optional upon optional": "SELECT (COUNT(*) AS ?n) {"
    + " ".join(f"OPTIONAL {{?a{n} ?b{n} ?c{n}}}" for n in range(7))
    + "}",
    "negation": f"SELECT (COUNT(*) AS ?n) {{?a ?b ?c FILTER NOT EXISTS {{{CROSS} FILTER(?s5 = <x:none>)}}}}",
}
REFUSED = {
    "nested groups": "ASK " + "{" * 5000 + "}" * 5000,
    "nested brackets": "ASK {FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ")}",
    "nested subqueries": "SELECT * {" * 1000 + "}" * 1000,
    "unions": "ASK {" + " UNION ".join(["{?s ?p ?o}"] * 7000) + "}",
    "a megabyte": "ASK {?s ?p '" + "x" * 1_000_000 + "'}",
    "a long sum": "ASK {FILTER(" + "1+" * 9000 + "1 > 0)}",
    "LOAD": "LOAD <http://127.0.0.1:{port}/>",
    "INSERT": "INSERT DATA {<x:> <x:> <x:>}",
    "DROP": "DROP ALL",
    "SERVICE": "SELECT * {SERVICE <http://127.0.0.1:{port}/> {?s ?p ?o}}",
    "SERVICE by variable": "SELECT * {VALUES ?x {<http://127.0.0.1:{port}/>} SERVICE SILENT ?x {?s ?p ?o}}",
    "FROM elsewhere": "SELECT (COUNT(*) AS ?n) FROM <http://127.0.0.1:{port}/> {?s ?p ?o}",
}


@dataclass
class Watch:
    """Asks simple things all the while, and looks at the memory of all processes together."""

    service: Live
    asked: Counter[int] = field(default_factory=Counter)
    most: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        with self.service.client() as client:
            while not self.done.is_set():
                for path, params in (("/sparql", {"query": f"ASK {{?s ?p {random.random()}}}"}), ("/", {})):
                    self.asked[client.get(path, params=params).status_code] += 1
                time.sleep(0.02)

    def look(self) -> None:
        while not self.done.wait(0.1):
            self.most = max(self.most, memory(self.service.process.pid))

    def __enter__(self) -> Watch:
        self._threads = [threading.Thread(target=work) for work in (self.ask, self.look)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture(scope="module")
def service(settings: Settings, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    limits = {"query_timeout": SECONDS, "query_memory": MEMORY, "queue_timeout": 1, "slow_queries": 2}
    with live(settings, tmp_path_factory.mktemp("abuse"), **limits) as started:
        yield started


@pytest.fixture
def attacked(service: Live) -> Iterator[Live]:
    """Afterwards the service answers as before, from processes that are all alive, with no file left open."""
    with service.client() as client:
        before = client.get("/sparql", params=DUMP)
        settle(client)
        processes, files = len(descendants(service.process.pid)), open_files(service.process.pid)
        yield service
        settle(client)
        after = client.get("/sparql", params=DUMP)
        assert (after.status_code, after.content, after.headers["etag"]) == (
            200,
            before.content,
            before.headers["etag"],
        )
        until(lambda: len(descendants(service.process.pid)) <= processes + 2)
        until(lambda: open_files(service.process.pid) <= files + 8)
    states = {pid: state_of(pid) for pid in descendants(service.process.pid)}
    assert "Z" not in states.values()
    assert "Traceback" not in service.errors.read_text()


def settle(client: httpx.Client) -> None:
    """Wait until no query is under way and enough workers are idle."""

    def quiet() -> bool:
        text = client.get("/metrics").text
        busy = sum(float(x) for x in re.findall(r'workers\{state="(?:fast|slow|held)"\} (\S+)', text))
        idle = float(re.findall(r'workers\{state="idle"\} (\S+)', text)[0])
        return not busy and idle >= 2

    until(quiet)


def until(what: object) -> None:
    deadline = time.monotonic() + 60
    while not what():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


def is_whole(answer: httpx.Response) -> bool:
    """Whether a 200 has all of its body: as long as it says, and well-formed."""
    length = answer.headers.get("content-length")
    if length is not None and "content-encoding" not in answer.headers and int(length) != len(answer.content):
        return False
    kind = answer.headers["content-type"]
    if "json" in kind:
        answer.json()
    return not kind.startswith("text/csv") or answer.text.endswith("\r\n")


def test_bombs_of_every_kind_at_once(attacked: Live) -> None:
    def throw(query: str) -> httpx.Response:
        with attacked.client() as client:
            return client.post("/sparql", data={"query": query})

    with Watch(attacked) as watch, ThreadPoolExecutor(8) as threads:
        answers = dict(zip(BOMBS, threads.map(throw, BOMBS.values()), strict=True))
    for name, answer in answers.items():
        assert answer.status_code in (200, 400, 503, 504), name
        assert answer.status_code != 200 or is_whole(answer), name
        if answer.status_code in (503, 504):
            assert int(answer.headers["retry-after"]) > 0, name
            assert len(answer.text.splitlines()) == 2, name
    assert sum(answer.status_code in (503, 504) for answer in answers.values()) >= len(BOMBS) - 4
    assert set(watch.asked) == {200}
    # Two slow ones, eight held that had hardly begun, and what the service needs itself.
    assert watch.most < 10 * MEMORY


def test_what_is_refused_is_refused_by_every_method_and_reaches_nothing(attacked: Live) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary, attacked.client() as client:
        canary.settimeout(0.2)
        for name, text in REFUSED.items():
            query = text.replace("{port}", str(canary.getsockname()[1]))
            for answer in (
                client.post("/sparql", data={"query": query}),
                client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"}),
                client.post("/sparql", data={"update": query}),
                client.get("/sparql", params={"query": query}) if len(query) < 20_000 else None,
            ):
                if answer is None:
                    continue
                if name == "FROM elsewhere" and answer.status_code == 200:
                    assert '"0"' in answer.text
                    continue
                assert answer.status_code in (400, 403, 413, 414), (name, answer.status_code)
        with pytest.raises(TimeoutError):
            canary.accept()


def test_clients_that_leave_stop_their_queries(attacked: Live) -> None:
    with attacked.client() as client:
        before = cancelled(client)
        with ExitStack() as lines:
            for number in range(20):
                query = quote(BOMBS["cross product, counted"].replace("?n", f"?left{number}"))
                connection = lines.enter_context(attacked.connect())
                connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        until(lambda: cancelled(client) > before)
        settle(client)


def cancelled(client: httpx.Client) -> float:
    found = re.findall(r'dxlod_queries_total\{.*outcome="cancelled"\} (\S+)', client.get("/metrics").text)
    return sum(map(float, found))


def test_processes_killed_by_hand(attacked: Live) -> None:
    with attacked.client() as client, Watch(attacked) as watch:
        for _ in range(5):
            workers = [pid for pid in descendants(attacked.process.pid) if not descendants(pid)]
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
            assert client.get("/sparql", params=ASK).status_code == 200
    # A question that a worker had read when it was killed is the one thing that is lost.
    assert set(watch.asked) <= {200, 503}
    assert watch.asked[503] <= 5


def test_the_process_that_holds_the_data_killed_by_hand(attacked: Live) -> None:
    zygote = next(pid for pid in descendants(attacked.process.pid) if descendants(pid))
    os.kill(zygote, signal.SIGKILL)
    with attacked.client() as client:
        # Pages and files need no query process.
        assert client.get("/").status_code == 200
        assert client.get("/dumps/all.nt").status_code == 200
        until(lambda: client.get("/sparql", params={"query": "ASK {?s ?p 0.5}"}).status_code == 200)


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/../manifest.json",
        "/dumps/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/dumps/..%2f..%2f..%2fetc%2fpasswd",
        "/dumps//etc/passwd",
        "/dumps/all.nt%00",
        "/releases/../../etc/passwd",
        "/releases/current/../manifest.json",
        "/releases/%2e%2e/current/manifest.json",
        "/static/..%2f..%2frun.py",
        "/doc/..%2f..%2fetc%2fpasswd",
        "/doc/%ff%fe",
        "/id/%00",
        "/doc/" + "a/" * 2000,
        "/sparql?query=%ff%fe",
        "/sparql?query=" + "%F0%9F" * 100,
        "/doc/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_no_path_leads_out_or_breaks_us(attacked: Live, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    answer = attacked.send(head.encode())
    status = int(answer.split()[1])
    assert 300 <= status < 500 or (status == 200 and path.startswith("/dumps/../"))
    assert b"root:" not in answer
    assert b"<script>alert" not in answer


async def _flood(service: Live, requests: list[bytes], seconds: float) -> Counter[int]:
    """Eight clients with kept connections, each in its own order."""
    statuses: Counter[int] = Counter()
    end = time.monotonic() + seconds

    async def client(seed: int) -> None:
        chosen = random.Random(seed)
        while time.monotonic() < end:
            async with httpx.AsyncClient(base_url=service.origin, timeout=60) as http:
                for _ in range(200):
                    query = chosen.choice(requests).decode()
                    statuses[(await http.post("/sparql", data={"query": query})).status_code] += 1
                    if time.monotonic() > end:
                        return

    await asyncio.gather(*(client(seed) for seed in range(8)))
    return statuses


@pytest.mark.soak
def test_minutes_of_everything_leave_no_trace_in_memory(attacked: Live) -> None:
    """Ten minutes (DXLOD_SOAK_SECONDS) of bombs and small queries; the web process may grow by 30 MB at most."""
    seconds = float(os.environ.get("DXLOD_SOAK_SECONDS", "600"))
    small = [f"SELECT * {{?s ?p ?o}} LIMIT {n}".encode() for n in range(1, 60)] * 5
    mix = small + [query.encode() for query in BOMBS.values()]
    asyncio.run(_flood(attacked, mix, min(seconds / 5, 60)))
    before = rss(attacked.process.pid)
    with Watch(attacked) as watch:
        statuses = asyncio.run(_flood(attacked, mix, seconds))
    assert set(statuses) <= {200, 400, 503, 504}
    assert statuses[200] > 1000
    assert watch.asked[200] > 0.98 * watch.asked.total()
    assert watch.most < 10 * MEMORY
    assert rss(attacked.process.pid) < before + (30 << 20)


def rss(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024  # type: ignore[union-attr]
