"""Clients that are slow, long-winded or many: none of them keeps others from being served."""

from __future__ import annotations

import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dxlod.release import Release
from dxlod.settings import Settings

from .live import Live, live, open_connections, open_files, receive

ASK = "/sparql?query=ASK%20%7B%3Fs%20%3Fp%20%3Fo%7D"
ASKED = f"GET {ASK} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
BOMB = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"


@pytest.fixture(scope="module")
def strict(settings: Settings, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    limits = {
        "head_timeout": 1,
        "body_timeout": 1,
        "send_timeout": 1,
        "keep_alive": 2,
        "max_connections": 30,
        "max_url_bytes": 4000,
        "max_head_bytes": 8000,
        "query_timeout": 30,
    }
    with live(settings, tmp_path_factory.mktemp("strict"), **limits) as started:
        yield started


@pytest.fixture
def served(strict: Live) -> Iterator[Live]:
    """Afterwards it answers as before, and has let go of the connections."""
    yield strict
    deadline = time.monotonic() + 30
    while open_connections(strict) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert open_connections(strict) == 0
    with strict.client() as client:
        assert client.get(ASK).json()["boolean"] is True


@pytest.mark.parametrize("begin", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_who_does_not_finish_a_request_is_let_go(served: Live, begin: bytes) -> None:
    answer = served.send(begin)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("path", [b"/sparql", b"/api/3/action/package_search"])
def test_who_does_not_finish_a_body_is_told_so_once(served: Live, path: bytes) -> None:
    answer = served.send(POST.replace(b"/sparql", path) + b"Content-Length: 100\r\n\r\nASK")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert "Traceback" not in served.errors.read_text()


def test_who_sends_a_byte_now_and_then_is_let_go_too(served: Live) -> None:
    def drip() -> None:
        for byte in b"GET / HTTP/1.1\r\nHost: x\r\nX-More: " + b"x" * 1000:
            connection.sendall(bytes((byte,)))
            time.sleep(0.05)

    with served.connect() as connection, pytest.raises(ConnectionError):
        drip()


def test_a_kept_connection_is_closed_when_it_is_not_used(served: Live) -> None:
    with served.connect() as connection:
        connection.sendall(ASKED)
        assert receive(connection).startswith(b"HTTP/1.1 200 ")


def test_who_reads_nothing_is_dropped(served: Live) -> None:
    with served.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        for _ in range(200):
            connection.sendall(b"GET /dumps/all.nt HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\n\r\n")
        deadline = time.monotonic() + 20
        while open_connections(served) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert open_connections(served) == 0
    assert "Traceback" not in served.errors.read_text()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 3000 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1_000_000, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK {}", 400),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ],
)
def test_what_is_too_long_or_no_http_is_refused(served: Live, request_: bytes, status: int) -> None:
    try:
        answer = served.send(request_)
    except ConnectionError:
        # Refused before all of it was sent, and our system did not show us the answer.
        assert len(request_) > 100_000
        return
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


def test_too_many_connections_are_told_so(served: Live) -> None:
    before = open_files(served.process.pid)
    lines = [served.connect() for _ in range(40)]
    try:
        while open_files(served.process.pid) < before + 40:
            time.sleep(0.01)
        for line in lines:
            line.sendall(ASKED.replace(b"Host", b"Connection: close\r\nHost"))
        answers = [receive(line) for line in lines]
    finally:
        for line in lines:
            line.close()
    statuses = {answer.split()[1] for answer in answers}
    assert b"503" in statuses <= {b"200", b"503"}
    assert all(b"retry-after" in answer for answer in answers if answer.split()[1] == b"503")


def test_two_hundred_at_once_leave_nothing_behind(served: Live) -> None:
    before = open_files(served.process.pid)
    lines = []
    for _ in range(200):
        try:
            lines.append(served.connect())
            lines[-1].sendall(b"GET / HTTP/1.1\r\nHo")
        except OSError:
            continue
    for line in lines:
        line.close()
    deadline = time.monotonic() + 20
    while open_files(served.process.pid) > before + 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert open_files(served.process.pid) <= before + 2


def test_stopping_finishes_what_is_under_way(settings: Settings, release: Release, tmp_path: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) {{SELECT * {?a ?b ?c} LIMIT 90} ?d ?e ?f . ?g ?h ?i}"
    with live(settings, tmp_path, query_timeout=200) as service, service.client() as client:
        answers: list[httpx.Response] = []
        asking = threading.Thread(
            target=lambda: answers.append(client.post("/sparql", data={"query": query, "format": "csv"}))
        )
        asking.start()
        wait_for_slow(service)
        assert service.stop(signal.SIGTERM) == 0
        asking.join()
        assert answers[0].text == f"n\r\n{90 * release.manifest.triples**2}\r\n"


def test_stopping_does_not_wait_for_ever(settings: Settings, release: Release, tmp_path: Path) -> None:
    with live(settings, tmp_path, query_timeout=600, drain_timeout=1) as service:
        with service.connect() as connection:
            connection.sendall(
                f"GET /sparql?query={BOMB} HTTP/1.1\r\nHost: x\r\n\r\n".replace(" ", "+", 14).encode()
            )
            begin = time.monotonic()
            assert service.stop(signal.SIGINT) == 0
        assert time.monotonic() - begin < 60


def wait_for_slow(service: Live) -> None:
    with service.client() as client:
        for _ in range(500):
            if re.search(r'workers\{state="slow"\} [1-9]', client.get("/metrics").text):
                return
            time.sleep(0.02)
    raise AssertionError("no slow query")
