"""Runs one test of the suite against a running endpoint: None when it passes, else what went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

import httpx
from rdflib import Graph
from rdflib.compare import isomorphic

from .results import Table, difference, read, read_graph, same
from .suite import BASE, NOTHING, Case

ACCEPT = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
}
GRAPHS = {"turtle": "text/turtle", "xml": "application/rdf+xml", "nt": "application/n-triples"}
LOSSLESS = ("srx", "srj", "tsv")


def endpoint_of(origin: str, graph: str) -> str:
    """A SPARQL endpoint that serves one graph: ours, told its default graph."""
    return f"{origin}/sparql?default-graph-uri={quote(graph, safe='')}"


def run(client: httpx.Client, case: Case) -> str | None:
    """Run a test by its kind."""
    return KINDS[case.kind](client, case)


def _evaluate(client: httpx.Client, case: Case) -> str | None:
    assert case.result is not None
    suffix = case.result.suffix[1:]
    if suffix == "ttl":
        graph = Graph().parse(case.result, publicID=f"{BASE}{case.folder}/")
        table = read_graph(graph)
        return (
            _evaluate_graph(client, case, graph)
            if table is None
            else _evaluate_table(client, case, table, LOSSLESS)
        )
    expected = read(case.result.read_bytes(), suffix)
    forms = (suffix,) if suffix == "csv" else LOSSLESS if expected.boolean is None else LOSSLESS[:2]
    return _evaluate_table(client, case, expected, forms)


def _evaluate_table(client: httpx.Client, case: Case, expected: Table, forms: Sequence[str]) -> str | None:
    for form in forms:
        answer = _ask(client, case, ACCEPT[form])
        if answer.status_code != 200:
            return f"{answer.status_code}: {answer.text}"
        found = read(answer.content, form)
        if not same(expected, found):
            return f"as {form}: {difference(expected, found)}"
    return None


def _evaluate_graph(client: httpx.Client, case: Case, graph: Graph) -> str | None:
    for name, media_type in GRAPHS.items():
        answer = _ask(client, case, media_type)
        if answer.status_code != 200:
            return f"{answer.status_code}: {answer.text}"
        if not isomorphic(graph, Graph().parse(data=answer.content, format=name)):
            return f"as {name}: found {answer.text}"
    return None


def _accepts(client: httpx.Client, case: Case) -> str | None:
    answer = _ask(client, case, "*/*")
    return None if answer.status_code == 200 else f"{answer.status_code}: {answer.text}"


def _refuses(client: httpx.Client, case: Case) -> str | None:
    answer = _ask(client, case, "application/json")
    if answer.status_code != 400:
        return f"{answer.status_code}: {answer.text}"
    return None if "line" in answer.json() else f"no place: {answer.text}"


def _ask(client: httpx.Client, case: Case, accept: str) -> httpx.Response:
    text = case.text
    for endpoint, graph in case.services:
        text = text.replace(f"<{endpoint}>", f"<{endpoint_of(str(client.base_url).rstrip('/'), graph)}>")
    form = {
        "query": text,
        "default-graph-uri": list(case.default) or [NOTHING],
        "named-graph-uri": list(case.named),
    }
    if re.search(r"\bFROM\b", text) and not case.default:
        # The data set of the query counts only where the protocol names none.
        form = {"query": text}
    return client.post("/sparql", data=form, headers={"Accept": accept})


KINDS: dict[str, Callable[[httpx.Client, Case], str | None]] = {
    "QueryEvaluationTest": _evaluate,
    "CSVResultFormatTest": _evaluate,
    "PositiveSyntaxTest11": _accepts,
    "NegativeSyntaxTest11": _refuses,
}

__all__ = ["ACCEPT", "KINDS", "endpoint_of", "run"]
