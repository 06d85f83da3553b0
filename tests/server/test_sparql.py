from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from rdflib import Dataset as Dataset_
from rdflib import Graph, URIRef

from dxlod.release import Release
from dxlod.server.answers import AnswerCache, tagged
from dxlod.store import Answer, Dataset

VALUES = "SELECT ?v WHERE {?s <https://w3id.org/dxlod/ns#value> ?v} ORDER BY ?v"
BOMB = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"
GREEDY = "SELECT DISTINCT (CONCAT(STR(?a), STR(?d), STR(?g), STR(?c)) AS ?x) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
_NAMED = [
    ("csv", "text/csv"),
    ("xml", "application/sparql-results+xml"),
    ("text/tab-separated-values", "text/tab-separated-values"),
]
PLAN = "https://w3id.org/dxlod/graph/plan/212016/dx/2025"


def test_get_form_and_direct_answer_alike(client: httpx.Client) -> None:
    headers = {"Accept": "text/csv"}
    answers = [
        client.get("/sparql", params={"query": VALUES}, headers=headers),
        client.post("/sparql", data={"query": VALUES}, headers=headers),
        client.post("/sparql", content=VALUES, headers=headers | DIRECT),
        client.post(
            "/sparql",
            content=VALUES,
            headers=headers | {"Content-Type": "application/sparql-query; charset=utf-8"},
        ),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"v\r\n41.2\r\n60\r\n")}
    assert answers[0].headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        ("text/*;q=0.3, application/sparql-results+xml;q=0.2", "text/csv"),
    ],
)
def test_negotiation_heeds_quality(client: httpx.Client, accept: str, media_type: str) -> None:
    answer = client.get("/sparql", params={"query": VALUES}, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(("name", "media_type"), _NAMED)
def test_format_wins_over_accept(client: httpx.Client, name: str, media_type: str) -> None:
    answer = client.get(
        "/sparql", params={"query": VALUES, "format": name}, headers={"Accept": "application/json"}
    )
    assert answer.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("name", ["turtle", "nt", "jsonld", "rdf", "trig", "nq"])
def test_graphs_in_every_format(client: httpx.Client, name: str) -> None:
    query = "CONSTRUCT {?s ?p ?o} WHERE {?s <https://w3id.org/dxlod/ns#value> ?o ; ?p ?o}"
    answer = client.get("/sparql", params={"query": query, "format": name})
    parser = {"jsonld": "json-ld", "rdf": "xml", "nq": "nquads"}.get(name, name)
    graph = Dataset_().default_graph if name in ("trig", "nq") else Graph()
    assert len(graph.parse(data=answer.content, format=parser)) == 2


@pytest.mark.parametrize("accept", ["image/png", "text/turtle"])
def test_what_cannot_be_given_is_406_and_says_what_can(client: httpx.Client, accept: str) -> None:
    answer = client.get("/sparql", params={"query": VALUES}, headers={"Accept": accept})
    assert answer.status_code == 406
    assert "text/csv" in answer.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * {", "1 行"),
        ("LOAD <http://127.0.0.1:9/>", "only reads"),
        ("ASK " + "{" * 3000, "deep"),
        ("", "exactly one"),
    ],
)
def test_a_bad_query_is_400_in_two_languages(client: httpx.Client, query: str, said: str) -> None:
    answer = client.post("/sparql", data={"query": query})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert said in answer.text
    assert len(answer.text.splitlines()) == 2


def test_an_error_as_problem_json(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT"}, headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 400


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"query=ASK{}&query=ASK{}", FORM, 400),
        (b"update=DROP+ALL", FORM, 403),
        (b"DROP ALL", {"Content-Type": "application/sparql-update"}, 403),
        (b"ASK {}", {"Content-Type": "text/plain"}, 415),
        (b"ASK {} #\xff", DIRECT, 400),
        (b"ASK {}" + b" " * 2_000_000, DIRECT, 413),
        (b"ASK {}" + b" " * 200_000, DIRECT, 413),
    ],
)
def test_a_bad_request_is_refused(
    client: httpx.Client, content: bytes, headers: dict[str, str], status: int
) -> None:
    assert client.post("/sparql", content=content, headers=headers).status_code == status
    assert client.get("/sparql", params={"query": "ASK {?s ?p ?o}"}).json()["boolean"] is True


def test_other_methods_are_405(client: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.request(method, "/sparql").status_code == 405


def test_default_graph_uri(client: httpx.Client, release: Release) -> None:
    params = {"query": "SELECT (COUNT(*) AS ?n) {?s ?p ?o}", "format": "csv"}
    whole = client.get("/sparql", params=params).text
    part = client.get("/sparql", params={**params, "default-graph-uri": PLAN}).text
    assert (whole, part) == (
        f"n\r\n{release.manifest.triples}\r\n",
        f"n\r\n{release.manifest.graphs[PLAN]}\r\n",
    )


def test_the_service_description(client: httpx.Client, origin: str) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert (None, URIRef(f"{sd}endpoint"), URIRef(f"{origin}/sparql")) in Graph().parse(data=answer.text)
    response = client.get("/sparql", headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["location"]) == (303, "/query")


def test_an_answer_is_validated_by_its_tag(client: httpx.Client) -> None:
    first = client.get("/sparql", params={"query": VALUES, "format": "csv"})
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    again = client.get("/sparql", params={"query": VALUES, "format": "csv"}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/sparql", params={"query": VALUES, "format": "tsv"}, headers={"If-None-Match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize("query", [BOMB, GREEDY])
def test_a_query_past_its_limit_is_stopped_and_others_go_on(client: httpx.Client, query: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        bombs = list(threads.map(lambda _: client.post("/sparql", data={"query": query}), range(4)))
    assert {answer.status_code for answer in bombs} == {504}
    assert {len(answer.text.splitlines()) for answer in bombs} == {2}
    assert client.get("/sparql", params={"query": VALUES, "format": "csv"}).text == "v\r\n41.2\r\n60\r\n"
    assert client.get("/healthz").json()["status"] == "ok"


def test_cors(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": VALUES}, headers={"Origin": "https://example.jp"})
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = {"Origin": "https://example.jp", "Access-Control-Request-Method": "POST"}
    assert client.options("/sparql", headers=asked).status_code == 200


def test_head_is_get_without_a_body(client: httpx.Client, release: Release) -> None:
    head = client.head("/sparql", params={"query": VALUES})
    get = client.get("/sparql", params={"query": VALUES})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length"):
        assert head.headers[name] == get.headers[name]


def test_the_cache_drops_the_least_recently_used() -> None:
    cache = AnswerCache(size=100)
    answer = tagged(Answer("text/csv", b"0123456789"))
    for query in "abcdefghi":
        cache.put(query, "text/csv", Dataset(), answer)
        cache.get("a", "text/csv", Dataset())
    kept = [query for query in "abcdefghi" if cache.get(query, "text/csv", Dataset()) is answer]
    # Nine answers of 11 bytes fit; the tenth costs the one asked for longest ago.
    assert kept == list("abcdefghi")
    cache.get("a", "text/csv", Dataset())
    cache.put("j", "text/csv", Dataset(), answer)
    assert [query for query in "abcdefghij" if cache.get(query, "text/csv", Dataset())] == list("acdefghij")
    cache.put("big", "text/csv", Dataset(), tagged(Answer("text/csv", b"x" * 50)))
    assert cache.get("big", "text/csv", Dataset()) is None
    assert cache.get("a", "application/json", Dataset()) is None
