"""The competency questions have the same answers, byte for byte, whichever engine gives them (`-m servers`)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dxlod.errors import DxlodError, QuerySyntaxError, QueryTimeoutError
from dxlod.release import Release
from dxlod.server.matching import answered
from dxlod.settings import Settings
from dxlod.site.place import open_index
from dxlod.store import RemoteEngine, open_engine
from dxlod.store.push import push
from dxlod.store.results import read_rows

from .engine_servers import Server

pytestmark = pytest.mark.servers
HERE = Path(__file__).resolve().parent
QUESTIONS = sorted((HERE.parent / "competency").glob("*.rq"))
SEARCHES = sorted((HERE.parent / "competency" / "search").glob("*.rq"))
EXCEPTIONS = tomllib.loads((HERE / "exceptions.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def remote(server: Server, release: Release) -> RemoteEngine:
    push(release, server.web, server.places)
    return RemoteEngine(server.places.query, server.settings(), tuple(release.manifest.graphs))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_answer(path: Path, remote: RemoteEngine, server: Server) -> None:
    expected = path.with_suffix(".csv").read_bytes()
    reason = EXCEPTIONS[server.name].get(path.stem)
    try:
        answer = remote.query(path.read_text("utf-8"), "text/csv").body
    except DxlodError:
        if reason is None:
            raise
        return
    assert (answer == expected) is (reason is None), answer.decode()


@pytest.mark.parametrize("path", SEARCHES, ids=lambda path: path.stem)
def test_searches_are_answered_before_the_store_is_asked(
    path: Path, remote: RemoteEngine, release: Release
) -> None:
    reader = open_index(release)
    text = path.read_text("utf-8")
    found = remote.query(text, "text/csv", answered(reader, Settings.load({}), text))
    reader.close()
    assert found.body == path.with_suffix(".csv").read_bytes()


def test_a_search_without_and_with_as_many_rows_as_there_may_be(
    remote: RemoteEngine, release: Release
) -> None:
    reader = open_index(release)
    most = Settings.load({}).search_rows
    for text, limit, count in (("ぬるぽ", "", 0), ("e", f"; dxs:limit {most}", most)):
        query = (
            "PREFIX dxs: <https://w3id.org/dxlod/search#> SELECT ?thing ?text { SERVICE <https://w3id.org/dxlod/search>"
            f' {{ ?thing dxs:matches "{text}" ; dxs:literal ?text {limit} }} }}'
        )
        assert (
            len(read_rows(remote.query(query, "", answered(reader, Settings.load({}), query)).body).rows)
            == count
        )
    reader.close()


def test_exceptions_are_of_questions() -> None:
    names = {path.stem for path in QUESTIONS}
    assert len(QUESTIONS) >= 55
    assert all(set(listed) <= names for listed in EXCEPTIONS.values())


@pytest.mark.parametrize("media_type", ["application/sparql-results+xml", "text/tab-separated-values"])
def test_other_formats_are_the_same_too(media_type: str, remote: RemoteEngine, release: Release) -> None:
    query = QUESTIONS[2].read_text("utf-8")
    embedded = open_engine(release, Settings.load({}))
    assert remote.query(query, media_type) == embedded.query(query, media_type)


def test_graphs_come_back_as_they_were(remote: RemoteEngine, release: Release) -> None:
    lines = release.quads.read_text("utf-8").splitlines()
    for graph, count in release.manifest.graphs.items():
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        found = sorted(remote.construct(query, "application/n-triples").decode().splitlines())
        ending = f" <{graph}> ."
        assert found == sorted(line.removesuffix(ending) + " ." for line in lines if line.endswith(ending))
        assert len(found) == count


def test_yes_and_no(remote: RemoteEngine) -> None:
    assert remote.ask("ASK {}") is True
    assert remote.ask("ASK { FILTER(false) }") is False
    assert remote.ask("PREFIX dxo: <https://w3id.org/dxlod/ns#> ASK { ?plan a dxo:PlanEdition }") is True
    assert remote.ask("PREFIX dxo: <https://w3id.org/dxlod/ns#> ASK { ?plan a dxo:Nothing }") is False


def test_what_is_not_ours_is_not_seen(remote: RemoteEngine, server: Server) -> None:
    graph = f"{server.places.graphs[0]}?graph=urn%3Aexample%3Aforeign"
    line = b'<urn:example:a> <urn:example:b> "c" .\n'
    assert server.web.send("PUT", graph, line, {"Content-Type": "application/n-triples"}).fine
    try:
        assert remote.ask("ASK { <urn:example:a> ?p ?o }") is False
        assert remote.ask("ASK { GRAPH ?g { <urn:example:a> ?p ?o } }") is False
        # The record of the push is no data either.
        assert remote.ask("ASK { ?s <https://schema.org/hasPart> ?o }") is False
    finally:
        assert server.web.send("DELETE", graph).fine


def test_relative_iris_mean_the_service(remote: RemoteEngine) -> None:
    rows = remote.select("SELECT ?iri { VALUES ?iri { <x> } }").rows
    assert [term.text for row in rows for term in row if term] == ["https://w3id.org/dxlod/x"]


def test_wrong_queries_are_said_to_be_wrong(remote: RemoteEngine) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        remote.query("SELECT * {\n  ?s ?o\n}")
    assert caught.value.line in (2, 3)


def test_a_long_query_is_given_up(server: Server, release: Release) -> None:
    hasty = RemoteEngine(
        server.places.query, server.settings(query_timeout=1), tuple(release.manifest.graphs)
    )
    with pytest.raises(QueryTimeoutError):
        hasty.query("SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i)}")
