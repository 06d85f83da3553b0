"""What hostile clients send, and what is needed to see how a service bears it."""

from __future__ import annotations

import asyncio
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx

from .live import Live, memory

__all__ = [
    "ASK",
    "BOMBS",
    "CALLS",
    "DIRECT",
    "DUMP",
    "ENDLESS",
    "FROM",
    "LIMITS",
    "MEGABYTES",
    "MEMORY",
    "NESTED",
    "NO_UTF8",
    "PATHS",
    "REFUSED",
    "SECONDS",
    "UPDATE",
    "UPDATES",
    "Watch",
    "is_whole",
    "settle",
    "throw",
    "throw_at_once",
    "until",
]

MEMORY = 256 << 20
SECONDS = 2
LIMITS: Mapping[str, object] = {
    "query_timeout": SECONDS,
    "query_memory": MEMORY,
    "queue_timeout": 1,
    "slow_queries": 2,
    "head_timeout": 4,
    "body_timeout": 4,
    "send_timeout": 4,
}
"""Settings of a service that is attacked: small, so that the limits are met soon."""

ASK = {"query": "ASK {?s ?p ?o}"}
DUMP = {"query": "SELECT * {?s ?p ?o} ORDER BY ?s ?p ?o", "format": "csv"}
DIRECT = {"Content-Type": "application/sparql-query"}
FORM = "application/x-www-form-urlencoded"
UPDATE = {"Content-Type": "application/sparql-update"}
CROSS = " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(6))
ENDLESS = (200, 400, 503, 504)
REFUSED = (400, 403, 413, 414)

BOMBS: Mapping[str, Mapping[str, str]] = {
    "cross products": {
        "counted": f"SELECT (COUNT(*) AS ?n) {{{CROSS}}}",
        "sorted": f"SELECT * {{{CROSS}}} ORDER BY ?o0 ?o1 ?o2",
        "distinct": f"SELECT DISTINCT (CONCAT(STR(?s0), STR(?s1), STR(?s2), STR(?s3)) AS ?x) {{{CROSS}}}",
        "grouped": f"SELECT ?s0 ?s1 ?s2 (GROUP_CONCAT(?o3) AS ?x) {{{CROSS}}} GROUP BY ?s0 ?s1 ?s2",
        "built": f"CONSTRUCT {{?s0 ?p1 ?o2 . ?s3 ?p4 ?o5}} {{{CROSS}}}",
        "listed": f"SELECT * {{{CROSS}}}",
    },
    "regular expressions": {
        "nested": "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l "
        "FILTER REGEX(CONCAT(STR(?a), STR(?d), STR(?g)), '(.*a){12}(.*b){12}$')}",
        "replacement that doubles": "SELECT (STRLEN("
        + "REPLACE(" * 12
        + "'aaaaaaaaaaaaaaaa'"
        + ", 'a', 'aaaaaaaaaaaaaaaa')" * 12
        + ") AS ?n) {}",
    },
    "property paths": {
        "without end": "SELECT (COUNT(*) AS ?n) {?a (!<x:>|^!<x:>)* ?b . ?b (!<x:>|^!<x:>)* ?c . ?c (!<x:>|^!<x:>)* ?d"
        " . ?d (!<x:>|^!<x:>)* ?e}",
    },
    "other queries without end": {
        "concatenation that doubles": "SELECT ?z {VALUES ?a {'"
        + "x" * 1000
        + "'} "
        + " ".join(
            f"BIND(CONCAT(?{a}, ?{a}, ?{a}, ?{a}) AS ?{b})"
            for a, b in zip("abcdefghijkl", "bcdefghijklz", strict=True)
        )
        + "}",
        "subqueries": "SELECT (COUNT(*) AS ?n) {"
        + "".join(f"{{SELECT * {{?a{n} ?b{n} ?c{n}}}}}" for n in range(6))
        + "}",
        "optional upon optional": "SELECT (COUNT(*) AS ?n) {"
        + " ".join(f"OPTIONAL {{?a{n} ?b{n} ?c{n}}}" for n in range(7))
        + "}",
        "negation": f"SELECT (COUNT(*) AS ?n) {{?a ?b ?c FILTER NOT EXISTS {{{CROSS} FILTER(?s5 = <x:none>)}}}}",
    },
}
NESTED = (
    "ASK " + "{" * 5000 + "}" * 5000,
    "ASK {FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ")}",
    "SELECT * {" * 1000 + "}" * 1000,
    "ASK {" + " UNION ".join(["{?s ?p ?o}"] * 7000) + "}",
    "ASK {FILTER(" + "1+" * 9000 + "1 > 0)}",
)
MEGABYTES = ("ASK {?s ?p '" + "x" * 1_000_000 + "'}", "ASK {" + "?s ?p ?o . " * 100_000 + "}")
CALLS = (
    "SELECT * {SERVICE <http://127.0.0.1:{port}/> {?s ?p ?o}}",
    "SELECT * {VALUES ?x {<http://127.0.0.1:{port}/>} SERVICE SILENT ?x {?s ?p ?o}}",
)
FROM = "SELECT (COUNT(*) AS ?n) FROM <http://127.0.0.1:{port}/> {?s ?p ?o}"
UPDATES = (
    "LOAD <http://127.0.0.1:{port}/>",
    "LOAD SILENT <http://127.0.0.1:{port}/> INTO GRAPH <x:>",
    "INSERT DATA {<x:> <x:> <x:>}",
    "DELETE WHERE {?s ?p ?o}",
    "DROP ALL",
    "CLEAR ALL",
)
PATHS = (
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
    "/id/%00",
    "/doc/" + "a/" * 2000,
    "/doc/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
)
NO_UTF8 = ("/doc/%ff%fe", "/sparql?query=%ff%fe", "/sparql?query=" + "%F0%9F" * 100, "/search?q=%80%80")


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


def until(what: Callable[[], object]) -> None:
    """Wait until something is so; a minute at most."""
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def settle(client: httpx.Client) -> None:
    """Wait until no query is under way and enough workers are idle."""

    def quiet() -> bool:
        text = client.get("/metrics").text
        busy = sum(float(x) for x in re.findall(r'workers\{state="(?:fast|slow|held)"\} (\S+)', text))
        idle = float(re.findall(r'workers\{state="idle"\} (\S+)', text)[0])
        return not busy and idle >= 2

    until(quiet)


def is_whole(answer: httpx.Response) -> bool:
    """Whether a 200 has all of its body: as long as it says, and well-formed."""
    length = answer.headers.get("content-length")
    if length is not None and "content-encoding" not in answer.headers and int(length) != len(answer.content):
        return False
    kind = answer.headers["content-type"]
    if "json" in kind:
        answer.json()
    return not kind.startswith("text/csv") or answer.text.endswith("\r\n")


def throw(service: Live, queries: Sequence[str], at_once: int = 4) -> list[tuple[httpx.Response, float]]:
    """Post queries, some at a time: the answers in order, each with the seconds it took."""

    def one(query: str) -> tuple[httpx.Response, float]:
        begin = time.perf_counter()
        answer = client.post("/sparql", data={"query": query})
        return answer, time.perf_counter() - begin

    limits = httpx.Limits(max_connections=at_once)
    with service.client(limits=limits) as client, ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(one, queries))


def throw_at_once(service: Live, queries: Sequence[str]) -> list[tuple[httpx.Response, float]]:
    """As `throw`, all of them at the same moment: by one thread, for many would wait for each other instead."""

    async def one(query: str) -> tuple[httpx.Response, float]:
        begin = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
        body = urlencode({"query": query}).encode()
        head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {FORM}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        received = await reader.read()
        seconds = time.perf_counter() - begin
        writer.close()
        return _read(received), seconds

    async def every() -> list[tuple[httpx.Response, float]]:
        return await asyncio.gather(*map(one, queries))

    return asyncio.run(every())


def _read(received: bytes) -> httpx.Response:
    head, _, body = received.partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in fields)]
    return httpx.Response(int(first.split()[1]), headers=pairs, content=body)
