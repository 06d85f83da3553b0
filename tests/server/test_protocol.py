"""What the SPARQL 1.1 Protocol and HTTP leave to be got wrong at /sparql."""

from __future__ import annotations

import http.client
import json
import socket
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from dxlod.errors import RequestError
from dxlod.server.protocol import asks_nothing, read_asked, read_body, read_pairs
from dxlod.store import Dataset

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
PLAN = "https://w3id.org/dxlod/graph/plan/212016/dx/2025"
COUNT = "SELECT (COUNT(*) AS ?n) {?s ?p ?o}"
ROWS = "SELECT ?v WHERE {?s <https://w3id.org/dxlod/ns#value> ?v} ORDER BY ?v"
GRAPH = "CONSTRUCT WHERE {?s <https://w3id.org/dxlod/ns#value> ?v}"
JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
SD_NAME = URIRef("http://www.w3.org/ns/sparql-service-description#name")


def ways(
    client: httpx.Client, query: str, parameters: dict[str, str], **headers: str
) -> list[httpx.Response]:
    """The same question asked in the three ways of the protocol (2.1)."""
    every = {"query": query, **parameters}
    return [
        client.get("/sparql", params=every, headers=headers),
        client.post("/sparql", data=every, headers=headers),
        client.post("/sparql", params=parameters, content=query, headers={**headers, "Content-Type": DIRECT}),
    ]


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_the_data_set_counts_in_all_three_ways(client: httpx.Client, name: str) -> None:
    bare = ways(client, COUNT, {}, accept="text/csv")
    named = ways(client, COUNT, {name: PLAN}, accept="text/csv")
    assert len({answer.text for answer in bare}) == len({answer.text for answer in named}) == 1
    assert named[0].text != bare[0].text
    inside = ways(client, "ASK {GRAPH ?g {?s ?p ?o}}", {name: PLAN}, accept=JSON)
    assert {answer.json()["boolean"] for answer in inside} == {name == "named-graph-uri"}


def test_from_counts_unless_the_protocol_names_the_data_set(client: httpx.Client) -> None:
    def count(query: str, **parameters: str) -> int:
        answer = client.get("/sparql", params={"query": query, **parameters}, headers={"Accept": JSON})
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    part = COUNT.replace("{?s", f"FROM <{PLAN}> {{?s")
    assert 0 < count(part) < count(COUNT)
    assert count(part) == count(COUNT, **{"default-graph-uri": PLAN})
    assert count(part, **{"default-graph-uri": "urn:none"}) == 0


def test_several_graphs_are_merged(client: httpx.Client) -> None:
    graphs = client.get(
        "/sparql", params={"query": "SELECT DISTINCT ?g {GRAPH ?g {?s ?p ?o}}", "format": "csv"}
    )
    pairs: list[tuple[str, str | int | float | bool | None]] = [
        ("query", "ASK {GRAPH ?a {?s ?p ?o} GRAPH ?b {?x ?y ?z} FILTER(?a != ?b)}")
    ]
    pairs += [("named-graph-uri", iri) for iri in graphs.text.split()[1:3]]
    assert client.get("/sparql", params=pairs).json()["boolean"] is True


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("ASK {}", "*/*", JSON),
        ("ASK {}", "application/xml", XML),
        ("ASK {}", "text/csv, */*;q=0.1", JSON),
        ("ASK {}", "text/csv", ""),
        ("ASK {}", "text/tab-separated-values", ""),
        (ROWS, "text/tab-separated-values;q=0.9, application/*;q=0.8", "text/tab-separated-values"),
        (ROWS, "application/sparql-results+xml, application/sparql-results+json;q=0.99", XML),
        (ROWS, "*/*;q=0.5, application/sparql-results+json;q=0", XML),
        (ROWS, "application/sparql-results+json;charset=utf-8", JSON),
        (ROWS, "text/turtle", ""),
        (GRAPH, "*/*", "text/turtle"),
        (GRAPH, "application/rdf+xml;q=0.5, application/ld+json", "application/ld+json"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/trig", "application/trig"),
        (GRAPH, "application/n-quads", "application/n-quads"),
        (GRAPH, "text/csv", ""),
    ],
)
def test_the_format_is_negotiated(client: httpx.Client, query: str, accept: str, media_type: str) -> None:
    for answer in ways(client, query, {}, accept=accept):
        assert answer.headers["vary"].lower().startswith("accept")
        if media_type:
            assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
        else:
            assert answer.status_code == 406


def test_accept_may_come_in_several_lines(client: httpx.Client) -> None:
    headers = [("Accept", "text/csv;q=0.1"), ("Accept", "application/sparql-results+xml")]
    answer = client.get("/sparql", params={"query": ROWS}, headers=headers)
    assert answer.headers["content-type"].partition(";")[0] == XML


@pytest.mark.parametrize(
    ("query_string", "content", "kind", "status"),
    [
        ("query=", "", "", 400),
        ("query=%20%0A", "", "", 400),
        ("query=ASK%7B%7D&query=ASK%7B%7D", "", "", 400),
        ("query=ASK%7B%7D&update=DROP+ALL", "", "", 400),
        ("update=DROP+ALL", "", "", 403),
        ("default-graph-uri=urn:x", "", "", 400),
        ("query=ASK%7B%7D%FF", "", "", 400),
        ("query=ASK%7B%7D%23%ED%A0%80", "", "", 400),
        ("query=ASK%7B%7D%00", "", "", 400),
        ("query=ASK%7B%7D&default-graph-uri=no%20iri", "", "", 400),
        ("query=ASK%7B%7D&format=png", "", "", 406),
        ("", "query=ASK%7B%7D", FORM, 200),
        ("query=ASK%7B%7D", "query=ASK%7B%7D", FORM, 400),
        ("query=ASK%7B%7D", "ASK {}", DIRECT, 400),
        ("", "update=DROP+ALL&query=ASK%7B%7D", FORM, 400),
        ("", "update=DROP+ALL&update=DROP+ALL", FORM, 400),
        ("", "update=DROP+ALL", FORM, 403),
        ("", "DROP ALL", "application/sparql-update", 403),
        ("using-graph-uri=urn:x", "DROP ALL", "application/sparql-update", 403),
        ("", "DROP ALL", DIRECT, 400),
        ("", "", DIRECT, 400),
        ("", "", FORM, 400),
        ("", "\ufeffASK {}", DIRECT, 200),
        ("", "ASK {} #\x00", DIRECT, 200),
        ("", "ASK {\x00}", DIRECT, 400),
        ("", "ASK {}", f'{DIRECT}; charset="UTF-8"', 200),
        ("", "ASK {}", f"{DIRECT}; charset=US-ASCII", 200),
        ("", "ASK {}", f"{DIRECT}; charset=UTF-16", 415),
        ("", "query=ASK%7B%7D", f"{FORM}; charset=Shift_JIS", 415),
        ("", "ASK {}", "text/plain", 415),
        ("", "ASK {}", "", 415),
        ("", "ASK {}", "multipart/form-data; boundary=x", 415),
        ("", "ASK {}", "APPLICATION/SPARQL-QUERY", 200),
    ],
)
def test_the_status_says_what_is_wrong(
    client: httpx.Client, query_string: str, content: str, kind: str, status: int
) -> None:
    url = f"/sparql?{query_string}" if query_string else "/sparql"
    headers = {"Content-Type": kind} if kind else {}
    method = "POST" if content or kind else "GET"
    answer = client.request(method, url, content=content.encode() or None, headers=headers)
    assert answer.status_code == status, answer.text
    if status >= 400:
        japanese, english = answer.text.splitlines()
        assert english.isascii() or "%" in english
        assert not japanese.isascii()
        problem = client.request(
            method, url, content=content.encode() or None, headers={**headers, "Accept": "application/json"}
        )
        assert problem.headers["content-type"] == "application/problem+json"
        assert (problem.json()["status"], problem.json()["title"]) == (status, english)


def test_a_compressed_body_is_refused_by_name(client: httpx.Client) -> None:
    headers = {"Content-Type": DIRECT, "Content-Encoding": "gzip"}
    answer = client.post("/sparql", content=b"ASK {}", headers=headers)
    assert (answer.status_code, DIRECT in answer.headers["accept-post"]) == (415, True)


def raw(origin: str, target: bytes) -> tuple[int, bytes]:
    """What no library would send: this request target as it is."""
    where = urlsplit(origin)
    assert where.hostname is not None
    with socket.create_connection((where.hostname, where.port or 80), timeout=20) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read()


def test_raw_bytes_in_a_url_are_utf8_or_refused(origin: str) -> None:
    status, body = raw(origin, "/sparql?format=json&query=SELECT('岐阜'AS?x){}".encode())
    assert status == 400 or json.loads(body)["results"]["bindings"][0]["x"]["value"] == "岐阜"
    assert raw(origin, b"/sparql?query=ASK{}%23\xff")[0] == 400


def test_a_long_url_is_414_and_points_to_post(origin: str) -> None:
    status, body = raw(origin, b"/sparql?query=ASK%7B%7D" + b"%20" * 30_000)
    assert status == 414, body
    assert b"POST" in body


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_and_say_which_are_allowed(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/sparql", content=b"x")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert len(answer.text.splitlines()) == 2


def test_options_names_the_methods(client: httpx.Client) -> None:
    answer = client.options("/sparql")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert DIRECT in answer.headers["accept-post"]


def test_browsers_of_other_sites_may_ask(client: httpx.Client) -> None:
    preflight = client.options(
        "/sparql",
        headers={
            "Origin": "https://example.jp",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"].lower() in ("*", "content-type")
    for query in ("ASK {}", "ASK {"):
        answer = client.get("/sparql", params={"query": query}, headers={"Origin": "https://example.jp"})
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/sparql", "/sparql?" + urlencode({"query": ROWS}), "/sparql?query=ASK%7B"])
def test_head_answers_like_get(client: httpx.Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    names = ("content-type", "content-length", "etag", "vary", "cache-control")
    assert [head.headers.get(name) for name in names] == [get.headers.get(name) for name in names]


def test_a_syntax_error_has_its_place_in_the_body(client: httpx.Client) -> None:
    query = "SELECT * {\n  ?s ?p '岐阜' ) }"
    for answer in ways(client, query, {}, accept="application/json"):
        problem = answer.json()
        assert (answer.status_code, problem["line"], problem["column"]) == (400, 2, 14)
    for answer in ways(client, query, {}, accept="text/csv"):
        assert answer.text == (
            '2 行 14 字目、「)」の所で文法が正しくありません。\nSyntax error in line 2, column 14, at ")".\n'
        )


def test_relative_iris_are_those_of_the_service(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": "SELECT (<id/x> AS ?x) (<#y> AS ?y) {}", "format": "csv"})
    assert answer.text == "x,y\r\nhttps://w3id.org/dxlod/id/x,https://w3id.org/dxlod/sparql#y\r\n"


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf", "trig", "nq"])
def test_the_description_by_name(client: httpx.Client, suffix: str) -> None:
    answer = client.get("/sparql", params={"format": suffix})
    parser = {"jsonld": "json-ld", "rdf": "xml", "trig": "turtle", "nq": "nt"}.get(suffix, suffix)
    described = Graph().parse(data=answer.content, format=parser)
    names = {str(name) for name in described.objects(None, SD_NAME)}
    assert PLAN in names


@given(
    st.lists(
        st.sampled_from(
            [b"%3D", b"%e5%b2%90", b"%", b"=", b"==", b"&", b"+", b"a", b"\n", b"_", b"%ff", b"\xe5"]
        )
    )
)
def test_parameters_are_read_as_forms_are(pieces: list[bytes]) -> None:
    text = b"".join(pieces)
    try:
        wanted = parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(RequestError):
            read_pairs(text, 1000)
        return
    assert read_pairs(text, 1000) == wanted


def test_pure_reading_of_requests() -> None:
    assert read_pairs(b"query=%E5%B2%90&x", 100) == [("query", "岐"), ("x", "")]
    assert read_body({"content-type": FORM}, b"query=a+b") == [("query", "a b")]
    assert asks_nothing([("format", "ttl")])
    assert not asks_nothing([("named-graph-uri", "")])
    asked = read_asked([("query", "\ufeffASK {}"), ("default-graph-uri", "urn:a"), ("output", "xml")])
    assert (asked.query, asked.dataset, asked.format) == ("ASK {}", Dataset(("urn:a",)), "xml")
    with pytest.raises(RequestError) as caught:
        read_pairs(b"a" * 101, 100)
    assert caught.value.status == 414
