"""A store elsewhere as something to write to: by the Graph Store HTTP Protocol or by SPARQL Update.

Where its three services are is found from one URL: the layouts of Oxigraph, Fuseki, Virtuoso, and of RDF4J and
GraphDB, else one URL for all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from dxlod.errors import QueryError, RemoteStoreError
from dxlod.store.base import RESULT_FORMATS, Rows
from dxlod.store.results import read_rows
from dxlod.store.web import Reply, Web

__all__ = ["GraphStore", "Places", "UpdateStore", "Writer", "ask_rows", "expect", "find_places", "writers"]

_JSON = RESULT_FORMATS[0].media_type
_TRIPLES = {"Content-Type": "application/n-triples"}
_FORM = "application/x-www-form-urlencoded"
_TOO_MUCH = frozenset((400, 413, 500))
_FEWEST = 50
_ENDS = ("query", "sparql", "update", "store", "data")


@dataclass(frozen=True)
class Places:
    """URLs of a store: its query service, and where its update and graph store services may be."""

    query: str
    updates: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()


def find_places(web: Web, url: str) -> Places:
    """The services of the store at this URL; RemoteStoreError when nothing there answers a query."""
    url = url.rstrip("/")
    refused = ""
    for places in _candidates(url):
        reply = _ask(web, places.query, "ASK {}")
        if reply.fine and _is_json(reply.body):
            return places
        if reply.status in (401, 403):
            refused = places.query
    if refused:
        raise _no_entry(refused)
    raise RemoteStoreError(
        f"{url} に SPARQL の窓口が見つかりません。",
        f"No SPARQL endpoint was found at {url}.",
        mend_ja="ストアの URL を確かめてください。例: http://127.0.0.1:7878 、http://127.0.0.1:3030/データセット名",
        mend_en="Check the URL of the store, such as http://127.0.0.1:7878 or http://127.0.0.1:3030/dataset",
    )


def _candidates(url: str) -> Iterator[Places]:
    root, _, end = url.rpartition("/")
    if end in _ENDS:
        yield from _layouts(root)
    yield from _layouts(url)
    yield Places(url, (f"{url}/statements", url), (f"{url}/rdf-graphs/service",))


def _layouts(root: str) -> Iterator[Places]:
    yield Places(f"{root}/query", (f"{root}/update",), (f"{root}/store", f"{root}/data"))
    query = f"{root}/sparql"
    yield Places(query, (f"{query}-auth", f"{root}/update", query), (f"{query}-graph-crud-auth",))


def ask_rows(web: Web, url: str, query: str) -> Rows:
    """The solutions of a SELECT; RemoteStoreError when there are none to be had."""
    reply = _ask(web, url, query)
    if reply.status in (401, 403):
        raise _no_entry(url)
    if not reply.fine:
        raise _failed(url, reply)
    try:
        return read_rows(reply.body)
    except (ValueError, KeyError, TypeError, QueryError) as error:
        raise _failed(url, reply) from error


class Writer(Protocol):
    """Replaces, extends and drops whole graphs. All methods raise RemoteStoreError when the store does not do it."""

    name: str
    batch: int

    def replace(self, graph: str, batches: Iterable[list[str]]) -> None:
        """The graph holds these N-Triples, and nothing else."""
        ...

    def add(self, graph: str, lines: list[str]) -> None:
        """The graph holds these N-Triples too."""
        ...

    def drop(self, graph: str) -> None:
        """The graph is gone, if it was there."""
        ...


class _Delivery:
    """Sends lines in parts that the store takes: where one is too much, halves of it, and no larger ones after."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._most = 0

    def deliver(self, lines: list[str], send: Callable[[list[str]], Reply]) -> None:
        start = 0
        while start < len(lines):
            part = lines[start : start + (self._most or len(lines))]
            reply = send(part)
            if reply.status in _TOO_MUCH and len(part) > _FEWEST:
                self._most = len(part) // 2
            else:
                expect(reply, self._url)
                start += len(part)


class GraphStore:
    """A Writer by the Graph Store HTTP Protocol: PUT of the first batch, POST of the others, DELETE."""

    name = "gsp"
    batch = 100_000

    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url
        self._delivery = _Delivery(url)

    def replace(self, graph: str, batches: Iterable[list[str]]) -> None:
        """See Writer."""
        method = "PUT"

        def send(lines: list[str]) -> Reply:
            nonlocal method
            reply = self._send(method, graph, lines)
            method = "POST" if reply.fine else method
            return reply

        for batch in batches:
            self._delivery.deliver(batch, send)
        if method == "PUT":
            self.drop(graph)

    def add(self, graph: str, lines: list[str]) -> None:
        """See Writer."""
        self._delivery.deliver(lines, lambda some: self._send("POST", graph, some))

    def drop(self, graph: str) -> None:
        """See Writer."""
        reply = self._web.send("DELETE", self._at(graph))
        if reply.status != 404:
            expect(reply, self._url)

    def _send(self, method: str, graph: str, lines: list[str]) -> Reply:
        return self._web.send(method, self._at(graph), "".join(lines).encode(), _TRIPLES)

    def _at(self, graph: str) -> str:
        return f"{self._url}?graph={quote(graph, safe='')}"


class UpdateStore:
    """A Writer by SPARQL Update: DROP, then INSERT DATA in batches."""

    name = "update"
    batch = 2_000
    """Virtuoso reads about 4,900 triples at most in one request."""

    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url
        self._delivery = _Delivery(url)

    def replace(self, graph: str, batches: Iterable[list[str]]) -> None:
        """See Writer."""
        self.drop(graph)
        for batch in batches:
            self.add(graph, batch)

    def add(self, graph: str, lines: list[str]) -> None:
        """See Writer."""
        self._delivery.deliver(
            lines, lambda some: self._send(f"INSERT DATA {{ GRAPH <{graph}> {{\n{''.join(some)}}} }}")
        )

    def drop(self, graph: str) -> None:
        """See Writer."""
        expect(self._send(f"DROP SILENT GRAPH <{graph}>"), self._url)

    def _send(self, update: str) -> Reply:
        kind = {"Content-Type": "application/sparql-update"}
        return self._web.send("POST", self._url, update.encode(), kind)


def writers(web: Web, places: Places, method: str) -> Iterator[Writer]:
    """What to try for `gsp`, `update` or `auto` (the former, then the latter)."""
    if method in ("gsp", "auto"):
        yield from (GraphStore(web, url) for url in places.graphs)
    if method in ("update", "auto"):
        yield from (UpdateStore(web, url) for url in places.updates)


def expect(reply: Reply, url: str) -> None:
    """RemoteStoreError unless the reply is a success."""
    if reply.status in (401, 403):
        raise _no_entry(url)
    if not reply.fine:
        raise _failed(url, reply)


def _ask(web: Web, url: str, query: str) -> Reply:
    headers = {"Content-Type": _FORM, "Accept": _JSON}
    return web.send("POST", url, urlencode({"query": query}).encode(), headers)


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _failed(url: str, reply: Reply) -> RemoteStoreError:
    return RemoteStoreError(
        f"{url} が {reply.status} を返しました。", f"{url} answered {reply.status}: {reply.said}"
    )


def _no_entry(url: str) -> RemoteStoreError:
    return RemoteStoreError(
        f"{url} が利用を認めません。",
        f"{url} does not let us in.",
        mend_ja="--user と環境変数 DXLOD_ENDPOINT_PASSWORD を確かめてください。",
        mend_en="Check --user and the environment variable DXLOD_ENDPOINT_PASSWORD.",
    )
