"""The W3C protocol tests: each a sequence of HTTP requests with what must come back, read from the manifest."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from .suite import MF, entries, manifest

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
MEDIA_TYPES = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"),
}


@dataclass(frozen=True)
class Exchange:
    """One request and what must come back: classes of status (`2xx`), kind of format, truth of an ASK."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: frozenset[str]
    format: str
    boolean: bool | None


@dataclass(frozen=True)
class ProtocolCase:
    """One test."""

    iri: str
    exchanges: tuple[Exchange, ...]


def protocol_cases() -> list[ProtocolCase]:
    """The tests of the suite `protocol`."""
    graph = manifest("protocol")
    return [ProtocolCase(str(node), tuple(_exchanges(graph, node))) for node in entries(graph)]


def _exchanges(graph: Graph, node: Node) -> list[Exchange]:
    connection = graph.value(node, MF.action)
    requests = graph.value(connection, HT.requests)
    assert requests is not None
    return [_exchange(graph, request) for request in Collection(graph, requests)]


def _exchange(graph: Graph, request: Node) -> Exchange:
    response = graph.value(request, HT.resp)
    body = graph.value(request, HT.body)
    encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
    headers = graph.value(request, HT.headers)
    boolean = graph.value(response, MF.expectedBoolean)
    return Exchange(
        method=str(graph.value(request, HT.methodName)),
        path="/sparql"
        + str(graph.value(request, HT.absolutePath)).removeprefix("/sparql/").removeprefix("/sparql"),
        headers=tuple(
            (str(graph.value(item, HT.fieldName)), str(graph.value(item, HT.fieldValue)))
            for item in (Collection(graph, headers) if headers is not None else ())
        ),
        body=str(graph.value(body, CNT.chars) or "").encode(encoding) if body is not None else b"",
        statuses=frozenset(str(item)[-3:] for item in graph.objects(response, MF.expectedStatus)),
        format=str(graph.value(response, MF.expectedFormat) or ""),
        boolean=None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]
    )


def perform(client: httpx.Client, case: ProtocolCase) -> str | None:
    """None when every answer is as it must be, else what was wrong."""
    for exchange in case.exchanges:
        answer = client.request(
            exchange.method, exchange.path, headers=dict(exchange.headers), content=exchange.body or None
        )
        fault = _judge(exchange, answer)
        if fault is not None:
            return f"{exchange.method} {exchange.path}: {fault}"
    return None


def _judge(exchange: Exchange, answer: httpx.Response) -> str | None:
    if f"{answer.status_code // 100}xx" not in exchange.statuses:
        return f"{answer.status_code}: {answer.text}"
    kind = answer.headers["content-type"].partition(";")[0]
    if exchange.format and kind not in MEDIA_TYPES[exchange.format]:
        return f"{kind} is not {exchange.format}"
    if exchange.boolean is not None and answer.json()["boolean"] is not exchange.boolean:
        return answer.text
    return None
