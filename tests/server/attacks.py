"""Attacks on a running service, each with what is promised: shared by the tests and by benchmarks/abuse.py.

An attack tells what came back and what of it breaks the promise; it measures how late answers were but judges no time.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from .hostile import (
    ASK,
    BOMBS,
    CALLS,
    DIRECT,
    ENDLESS,
    FROM,
    MEGABYTES,
    NESTED,
    NO_UTF8,
    PATHS,
    REFUSED,
    SECONDS,
    UPDATE,
    UPDATES,
    Watch,
    is_whole,
    settle,
    throw,
    throw_at_once,
    until,
)
from .live import Live, descendants, open_connections, receive

__all__ = ["ATTACKS", "Attack", "Outcome"]


@dataclass
class Outcome:
    """What came back: how often which status, what breaks the promise, and seconds past the deadline at most."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    late: float | None = None

    def take(self, answer: httpx.Response, allowed: Iterable[int], name: str) -> None:
        """Count an answer, and look whether it is one of those promised."""
        self.statuses[answer.status_code] += 1
        if answer.status_code not in allowed:
            self.broken.append(f"{name}: {answer.status_code}")
        elif answer.status_code == 200 and not is_whole(answer):
            self.broken.append(f"{name}: a 200 that is cut off")
        elif answer.status_code in (503, 504) and not int(answer.headers.get("retry-after", "0")) > 0:
            self.broken.append(f"{name}: no Retry-After")


@dataclass(frozen=True)
class Attack:
    """One attack: its name, what is sent and what is promised, each in Japanese and English, and how it is done."""

    name: str
    ja: str
    sent: tuple[str, str]
    promise: tuple[str, str]
    run: Callable[[Live], Outcome]


def _bombs(group: str) -> Callable[[Live], Outcome]:
    def run(service: Live) -> Outcome:
        # One after the other: each then has all of its time, and is stopped for its own sake.
        answers = throw(service, list(BOMBS[group].values()), 1)
        outcome = Outcome(late=max(seconds for _, seconds in answers) - SECONDS)
        for name, (answer, _) in zip(BOMBS[group], answers, strict=True):
            outcome.take(answer, ENDLESS, name)
        return outcome

    return run


def _every_way(service: Live, texts: Sequence[str], *, calls: bool = False) -> Outcome:
    """Texts by GET, in a form, as they are and as updates; nobody may call at the canary whose port they name."""
    outcome = Outcome()
    with socket.create_server(("127.0.0.1", 0)) as canary, service.client() as client:
        port = str(canary.getsockname()[1])
        for number, text in enumerate(texts):
            query = text.replace("{port}", port)
            answers = [
                client.post("/sparql", data={"query": query}),
                client.post("/sparql", content=query, headers=DIRECT),
                client.post("/sparql", data={"update": query}),
                client.post("/sparql", content=query, headers=UPDATE),
            ]
            if len(query) < 20_000:
                answers.append(client.get("/sparql", params={"query": query}))
            for answer in answers:
                outcome.take(answer, REFUSED, f"text {number}")
        if calls:
            _from_elsewhere(client, outcome, port)
        canary.settimeout(0.2)
        with suppress(TimeoutError):
            canary.accept()
            outcome.broken.append("the canary was called")
    return outcome


def _from_elsewhere(client: httpx.Client, outcome: Outcome, port: str) -> None:
    """FROM names a graph; one that we do not have is empty and is not fetched."""
    answer = client.post("/sparql", data={"query": FROM.replace("{port}", port)})
    outcome.take(answer, (200, *REFUSED), "FROM")
    if answer.status_code == 200 and '"0"' not in answer.text:
        outcome.broken.append("FROM: something came from elsewhere")


def _nesting(service: Live) -> Outcome:
    return _every_way(service, NESTED)


def _megabytes(service: Live) -> Outcome:
    outcome = _every_way(service, MEGABYTES)
    head = b"GET /sparql?query=" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    with suppress(ConnectionError):
        outcome.statuses[int(service.send(head).split()[1])] += 1
    return outcome


def _services(service: Live) -> Outcome:
    return _every_way(service, CALLS, calls=True)


def _updates(service: Live) -> Outcome:
    outcome = _every_way(service, UPDATES)
    with service.client() as client:
        for method in ("PUT", "DELETE", "PATCH"):
            for path in ("/sparql", "/sparql?default", "/dumps/all.nt", "/doc/x", "/"):
                answer = client.request(method, path, content="<x:> <x:> <x:> .")
                outcome.take(answer, (405,), f"{method} {path}")
    return outcome


def _gets(service: Live, paths: Sequence[str], allowed: Callable[[str, int], bool]) -> Outcome:
    """Paths as they stand, without what a client would make of them."""
    outcome = Outcome()
    for path in paths:
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        answer = service.send(head.encode())
        status = int(answer.split()[1])
        outcome.statuses[status] += 1
        if not allowed(path, status) or b"root:" in answer or b"<script>alert" in answer:
            outcome.broken.append(f"{path[:60]}: {status}")
    return outcome


def _paths(service: Live) -> Outcome:
    return _gets(
        service, PATHS, lambda path, status: 300 <= status < 500 or (status == 200 and "/../" in path)
    )


def _no_utf8(service: Live) -> Outcome:
    # Words to look for are read as far as they can be; everything else is refused.
    outcome = _gets(service, NO_UTF8, lambda path, status: status in (400, 404) or path.startswith("/search"))
    with service.client() as client:
        for content, headers in (
            (b"ASK {?s ?p '\xff'}", DIRECT),
            (b"query=%ff", {"Content-Type": "application/x-www-form-urlencoded"}),
            (b"query=ASK{?s ?p '\xed\xa0\x80'}", {"Content-Type": "application/x-www-form-urlencoded"}),
        ):
            answer = client.post("/sparql", content=content, headers=headers)
            outcome.take(answer, (400,), repr(content))
    return outcome


def _slow(service: Live) -> Outcome:
    """Clients that begin and do not end: with the head, with the body, and with reading what they asked for."""
    outcome = Outcome()
    post = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK"
    begun = [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", post] * 10
    with ExitStack() as lines:
        open_ = [lines.enter_context(service.connect()) for _ in begun]
        deaf = [lines.enter_context(service.connect()) for _ in range(10)]
        for line, text in zip(open_, begun, strict=True):
            line.sendall(text)
        for line in deaf:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            line.sendall(b"GET /dumps/all.nt HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\n\r\n" * 200)
        with service.client() as client:
            outcome.take(client.get("/sparql", params=ASK), (200,), "another client meanwhile")
        for line in open_:
            answer = receive(line)
            if answer and not answer.startswith(b"HTTP/1.1 408 "):
                outcome.broken.append(answer[:40].decode("latin-1"))
            outcome.statuses[408] += bool(answer)
        # Nobody reads what the deaf were sent; only the client that waits here may be left.
        until(lambda: open_connections(service) == 0)
    return outcome


def _flood(service: Live) -> Outcome:
    """200 endless queries at once, then 200 cheap ones."""
    endless = BOMBS["cross products"]["counted"]
    outcome = Outcome()
    slow = throw_at_once(service, [endless.replace("?n", f"?n{number}") for number in range(200)])
    outcome.late = max(seconds for _, seconds in slow) - SECONDS
    for answer, _ in slow:
        outcome.take(answer, (503, 504), "endless")
    with service.client() as client:
        settle(client)
    for answer, _ in throw_at_once(service, [f"ASK {{?s ?p {number}}}" for number in range(200)]):
        outcome.take(answer, (200, 503), "cheap")
    if outcome.statuses[200] < 50:
        outcome.broken.append("cheap ones were turned away for which there is room")
    return outcome


def _kill_workers(service: Live) -> Outcome:
    outcome = Outcome()
    with service.client() as client, Watch(service) as watch:
        for _ in range(5):
            for pid in descendants(service.process.pid):
                if not descendants(pid):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
            outcome.take(client.get("/sparql", params=ASK), (200,), "after the kill")
    # A question that a worker had read when it was killed is the one thing that is lost.
    outcome.statuses.update(watch.asked)
    if not set(watch.asked) <= {200, 503} or watch.asked[503] > 5:
        outcome.broken.append(f"meanwhile: {dict(watch.asked)}")
    return outcome


def _kill_zygote(service: Live) -> Outcome:
    outcome = Outcome()
    zygote = next(pid for pid in descendants(service.process.pid) if descendants(pid))
    os.kill(zygote, signal.SIGKILL)
    with service.client() as client:
        # Pages and files need no query process.
        for path in ("/", "/dumps/all.nt"):
            outcome.take(client.get(path), (200,), path)

        def answered() -> bool:
            answer = client.get("/sparql", params={"query": "ASK {?s ?p 0.5}"})
            outcome.take(answer, (200, 503), "meanwhile")
            return answer.status_code == 200

        until(answered)
    return outcome


def _leave(service: Live) -> Outcome:
    """Twenty clients that ask without end and go away."""
    with service.client() as client:
        before = _cancelled(client)
        with ExitStack() as lines:
            for number in range(20):
                query = quote(BOMBS["cross products"]["counted"].replace("?n", f"?left{number}"))
                connection = lines.enter_context(service.connect())
                connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        until(lambda: _cancelled(client) > before)
        settle(client)
    return Outcome()


def _cancelled(client: httpx.Client) -> float:
    found = re.findall(r'dxlod_queries_total\{.*outcome="cancelled"\} (\S+)', client.get("/metrics").text)
    return sum(map(float, found))


_ENDED = (
    "締切で止め、504 か 503 と Retry-After。途中で切れた 200 はない",
    "stopped at the deadline: 504 or 503 with Retry-After, never a 200 that is cut off",
)
_UNRUN = ("実行せずに断る", "refused before it is run")
ATTACKS = (
    Attack("cross products", "直積", ("直積を数える・並べる・重複を除く・まとめる・作る・出す", "six patterns without a join, counted, sorted, distinct, grouped, constructed, listed"), _ENDED, _bombs("cross products")),
    Attack("regular expressions", "正規表現の爆弾", ("後戻りする式と、長さが16倍になる置換を12回", "an expression that backtracks; twelve replacements that each make the text 16 times as long"), _ENDED, _bombs("regular expressions")),
    Attack("property paths", "プロパティパスの爆発", ("終わりのないパスを4つ", "four paths without end, one after the other"), _ENDED, _bombs("property paths")),
    Attack("other queries without end", "終わらないほかの問い合わせ", ("倍々の連結、副問い合わせ、OPTIONAL の連鎖、否定", "concatenation that doubles, subqueries, OPTIONAL upon OPTIONAL, negation"), _ENDED, _bombs("other queries without end")),
    Attack("deep nesting", "深い入れ子", ("括弧 5,000 重、副問い合わせ 1,000 重、UNION 7,000 個、項 9,000 個の和", "5,000 brackets, 1,000 subqueries, 7,000 branches of UNION, a sum of 9,000 terms"), _UNRUN, _nesting),
    Attack("queries of a megabyte", "1 MB の問い合わせ", ("1 MB の文字列、10万個のパターン（どの方法でも）", "a string of 1 MB and 100,000 patterns, by every method"), ("断る: 413、414、更新としては 403", "refused: 413 or 414; 403 as an update"), _megabytes),
    Attack("SERVICE and FROM", "SERVICE と FROM", ("手元のおとりの URL を SERVICE、変数、FROM で", "the URL of a canary on loopback in SERVICE, by a variable, in FROM"), ("断る。おとりには誰も来ない", "refused; nobody calls at the canary"), _services),
    Attack("updates by every method", "あらゆる方法の更新", ("LOAD、INSERT、DELETE、DROP、CLEAR を GET・フォーム・本文で。PUT・DELETE・PATCH", "LOAD, INSERT, DELETE, DROP, CLEAR by GET, form and body; PUT, DELETE, PATCH"), ("400、403、405。データは変わらない", "400, 403 or 405; the data do not change"), _updates),
    Attack("path traversal", "パスの細工", ("../、%2e%2e、%2f、//、%00、長いパス、スクリプト", "../, %2e%2e, %2f, //, %00, long paths, a script"), ("目録にないファイルは出ない", "no file that the manifest does not list"), _paths),
    Attack("invalid UTF-8", "UTF-8 でない文字", ("URL、フォーム、本文に", "in URLs, forms and bodies"), ("400 か 404", "400 or 404"), _no_utf8),
    Attack("slow clients", "遅いクライアント", ("終わらないヘッダーと本文、読まない受け手を40本", "40 that do not finish a head or a body, or read nothing"), ("408 か切断。ほかの人は待たない", "408 or let go; others do not wait"), _slow),
    Attack("200 at once", "200 件を同時に", ("終わらない問い合わせ 200 件、続いて軽い問い合わせ 200 件", "200 endless queries, then 200 cheap ones"), ("503 か 504 と Retry-After。軽いものは 200（並びきれなければ 503）", "503 or 504 with Retry-After; cheap ones 200, or 503 past the queue"), _flood),
    Attack("workers killed by hand", "ワーカーを手で止める", ("SIGKILL を 5 回、全ワーカーに", "SIGKILL to all workers, five times"), ("作り直す。失われるのは読みかけの問い合わせだけ", "replaced; only questions already read are lost, with 503"), _kill_workers),
    Attack("the holder of the data killed by hand", "データを持つプロセスを手で止める", ("SIGKILL", "SIGKILL"), ("ページとファイルは出続け、問い合わせにもまた答える", "pages and files go on; queries are answered again"), _kill_zygote),
    Attack("clients that leave", "去るクライアント", ("終わらない問い合わせを 20 件送って切る", "20 endless queries, and away"), ("問い合わせを止める", "their queries are stopped"), _leave),
)  # fmt: skip
"""All of them; the table in docs/abuse.md has the same names."""
