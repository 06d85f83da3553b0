"""Our endpoint asked through SPARQLWrapper: the remote engine answers as the embedded one does."""

from __future__ import annotations

import pytest
from SPARQLWrapper import SPARQLWrapper

from dxlod.errors import QueryError, QueryTimeoutError, StoreError
from dxlod.release import Release
from dxlod.settings import Settings
from dxlod.store import Engine, RemoteEngine, open_engine

VALUES = (
    "PREFIX dxo: <https://w3id.org/dxlod/ns#> "
    "SELECT ?v ?text WHERE {?s dxo:value ?v ; dxo:valueText ?text} ORDER BY ?v"
)


@pytest.fixture
def remote(origin: str, settings: Settings) -> Engine:
    return RemoteEngine(f"{origin}/sparql", settings)


def test_the_same_answers_as_the_embedded_engine(
    remote: Engine, release: Release, settings: Settings
) -> None:
    embedded: Engine = open_engine(release, settings)
    assert remote.select(VALUES) == embedded.select(VALUES)
    for media_type in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
        assert remote.query(VALUES, media_type) == embedded.query(VALUES, media_type)
    assert remote.ask("ASK {?s ?p ?o}") is embedded.ask("ASK {?s ?p ?o}") is True
    query = "CONSTRUCT WHERE {?s <https://w3id.org/dxlod/ns#value> ?v}"
    lines = [
        sorted(engine.construct(query, "application/n-triples").splitlines()) for engine in (remote, embedded)
    ]
    assert lines[0] == lines[1] != []


@pytest.mark.parametrize(
    ("query", "name", "start"),
    [
        (VALUES, "xml", b"<?xml"),
        (VALUES, "json", b'{"head"'),
        (VALUES, "csv", b"v,text"),
        (VALUES, "tsv", b"?v\t?text"),
        ("CONSTRUCT WHERE {?s ?p ?o}", "turtle", b"<http"),
        ("CONSTRUCT WHERE {?s ?p ?o}", "n3", b"<http"),
        ("CONSTRUCT WHERE {?s ?p ?o}", "xml", b"<?xml"),
        ("CONSTRUCT WHERE {?s ?p ?o}", "json-ld", b"[{"),
    ],
)
def test_sparqlwrapper_as_people_use_it(origin: str, query: str, name: str, start: bytes) -> None:
    client = SPARQLWrapper(f"{origin}/sparql")
    client.setReturnFormat(name)
    client.setQuery(query)
    with client.query().response as response:
        assert response.read().startswith(start)


def test_its_errors_are_ours(remote: Engine, settings: Settings) -> None:
    with pytest.raises(QueryError):
        remote.query("SELECT * {")
    with pytest.raises(QueryTimeoutError):
        remote.query("SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}")
    with pytest.raises(StoreError):
        RemoteEngine("http://127.0.0.1:9/sparql", settings).ask("ASK {}")
