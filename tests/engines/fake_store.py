"""A small triple store over HTTP that can be made to behave badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

import pyoxigraph as ox

__all__ = ["FakeStore", "Fault", "fake_store"]

JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Fault:
    """An answer instead of the right one; status 0 breaks the connection."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class FakeStore:
    """`faulty` may give a fault for a method, a path and a body. `seen`: all that has come, as method and path."""

    data: ox.Store = field(default_factory=ox.Store)
    faulty: Callable[[str, str, bytes], Fault | None] = lambda *_: None
    password: str = ""
    scheme: str = "Basic"
    port: int = 0
    seen: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def graph(self, iri: str) -> set[str]:
        quads = self.data.quads_for_pattern(None, None, None, ox.NamedNode(iri))
        return {f"{quad.triple} ." for quad in quads}


@contextmanager
def fake_store() -> Iterator[FakeStore]:
    store = FakeStore()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(store)) as server:
        store.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()


def _handler(store: FakeStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            store.seen.append((self.command, parts.path))
            store.headers.append(dict(self.headers))
            fault = self.refuse() or store.faulty(self.command, parts.path, body)
            if fault is not None:
                self.give(fault)
                return
            try:
                self.give(
                    _answer(store.data, self.command, parts.path, parts.query, body, self.headers["Accept"])
                )
            except SyntaxError as error:
                self.give(Fault(400, str(error).encode()))

        do_GET = do_POST = do_PUT = do_DELETE = handle_any

        def refuse(self) -> Fault | None:
            if not store.password or _knows(self.headers.get("Authorization", ""), store.scheme):
                return None
            challenge = 'Basic realm="x"'
            if store.scheme == "Digest":
                challenge = 'Digest realm="x", nonce="n1", qop="auth", algorithm="MD5", opaque="o"'
            return Fault(401, b"who?", (("WWW-Authenticate", challenge),))

        def give(self, fault: Fault) -> None:
            if not fault.status:
                self.close_connection = True
                return
            self.send_response(fault.status)
            for name, value in (*fault.headers, ("Content-Length", str(len(fault.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(fault.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _knows(authorization: str, scheme: str) -> bool:
    kind, _, rest = authorization.partition(" ")
    if kind != scheme:
        return False
    if scheme == "Basic":
        return rest == "dXNlcjpzZWNyZXQ="  # user:secret
    given = parse_keqv_list(parse_http_list(rest))
    return given["username"] == "user" and len(given["response"]) == 32 and given["qop"] == "auth"


def _answer(data: ox.Store, method: str, path: str, query: str, body: bytes, accept: str) -> Fault:
    if path == "/query":
        form = dict(parse_qsl(body.decode()))
        named = [ox.NamedNode(iri) for iri in parse_qs(body.decode()).get("named-graph-uri", [])]
        default = [ox.NamedNode(iri) for iri in parse_qs(body.decode()).get("default-graph-uri", [])]
        given = {"default_graph": default, "named_graphs": named} if default else {}
        found = data.query(form["query"], **given)  # type: ignore[arg-type]
        if isinstance(found, ox.QueryTriples):
            return Fault(200, found.serialize(format=ox.RdfFormat.N_TRIPLES) or b"")
        return Fault(
            200, found.serialize(format=ox.QueryResultsFormat.JSON) or b"", (("Content-Type", JSON),)
        )
    if path == "/update":
        data.update(body.decode())
        return Fault(204)
    if path != "/store":
        return Fault(404, b"nothing here")
    if "graph=" not in query:
        return Fault(400, b"no graph")
    graph = ox.NamedNode(parse_qs(query)["graph"][0])
    if method in ("PUT", "DELETE"):
        data.remove_graph(graph)
    if method in ("PUT", "POST"):
        data.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    return Fault(204)


def results(*rows: dict[str, object]) -> bytes:
    """Query results as JSON."""
    names = sorted({name for row in rows for name in row})
    return json.dumps({"head": {"vars": names}, "results": {"bindings": list(rows)}}).encode()
