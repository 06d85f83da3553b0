"""SERVICE with a list of endpoints: joined as the specification says, and no way to anywhere else."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from dxlod.errors import EndpointError, QueryError, QueryRefusedError, QuerySyntaxError, SettingsError
from dxlod.release import Release
from dxlod.server.federation import Federation, is_public
from dxlod.server.inline import values_block
from dxlod.settings import Settings
from dxlod.site.place import open_index
from dxlod.site.reader import SiteReader
from dxlod.store import SEARCH, Dataset, Limits, OxigraphEngine, check_query

LIMITS = Limits(20_000, 2_000, 30)
Fetch = Callable[[Settings, str], tuple[str, ...]]
ROWS = {
    "head": {"vars": ["v", "name"]},
    "results": {
        "bindings": [
            {
                "v": {
                    "type": "literal",
                    "value": "60",
                    "datatype": "http://www.w3.org/2001/XMLSchema#decimal",
                },
                "name": {"type": "literal", "value": 'six"ty\\\n', "xml:lang": "en"},
            },
            {"v": {"type": "literal", "value": "1"}},
            {"name": {"type": "uri", "value": "http://e/x"}},
        ]
    },
}


class Endpoint:
    """An endpoint on loopback that answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status, self.headers = 200, {"Content-Type": "application/sparql-results+json"}
        self.body: Callable[[], bytes] = lambda: json.dumps(ROWS).encode()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                endpoint.asked.append(form["query"][0])
                self.send_response(endpoint.status)
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(endpoint.body())

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/sparql"
        threading.Thread(target=self._server.serve_forever).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.close()


@pytest.fixture
def other() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.close()


@pytest.fixture(scope="module")
def reader(release: Release) -> Iterator[SiteReader]:
    opened = open_index(release)
    yield opened
    opened.close()


@pytest.fixture
def fetch(reader: SiteReader) -> Fetch:
    async def run(settings: Settings, query: str) -> tuple[str, ...]:
        return await Federation(settings, reader).fetch(check_query(query, LIMITS, calls=True))

    return lambda settings, query: asyncio.run(run(settings, query))


def listing(settings: Settings, *endpoints: str) -> Settings:
    return replace(settings, service_endpoints=" ".join(endpoints))


def test_what_comes_back_is_joined(
    fetch: Fetch, endpoint: Endpoint, settings: Settings, release: Release
) -> None:
    query = (
        "PREFIX dxo: <https://w3id.org/dxlod/ns#>\n"
        f"SELECT ?v ?name {{ ?s dxo:value ?v . SERVICE <{endpoint.url}> {{ ?x dxo:value ?v }} }} ORDER BY ?name"
    )
    blocks = fetch(listing(settings, endpoint.url), query)
    assert endpoint.asked == [
        "PREFIX dxo: <https://w3id.org/dxlod/ns#>\n\nSELECT * WHERE { ?x dxo:value ?v }"
    ]
    engine = OxigraphEngine.load(release.quads, LIMITS)
    found = engine.query(query, "text/csv", Dataset(fetched=blocks)).body.decode()
    assert sorted(found.split("\r\n")[1:]) == ["", "41.2,http://e/x", '60,"six""ty\\\n"', "60,http://e/x"]


def test_a_search_beside_an_endpoint(
    fetch: Fetch, endpoint: Endpoint, settings: Settings, release: Release
) -> None:
    query = (
        "PREFIX dxs: <https://w3id.org/dxlod/search#>\n"
        f"SELECT ?t ?v {{ SERVICE <{endpoint.url}> {{ ?x ?y ?v }} SERVICE <{SEARCH}> {{ ?t dxs:matches '申請率' }} }}"
    )
    blocks = fetch(listing(settings, endpoint.url), query)
    assert endpoint.asked == ["PREFIX dxs: <https://w3id.org/dxlod/search#>\n\nSELECT * WHERE { ?x ?y ?v }"]
    assert blocks[1].startswith("{ VALUES (?t) { (<https://w3id.org/dxlod/id/")
    found = OxigraphEngine.load(release.quads, LIMITS).query(query, "text/csv", Dataset(fetched=blocks))
    assert len(found.body.splitlines()) == 1 + 2 * 3
    with pytest.raises(QueryRefusedError, match="only http://127"):
        fetch(listing(settings, endpoint.url), query.replace(endpoint.url, f"{endpoint.url}x"))
    with pytest.raises(QuerySyntaxError):
        fetch(listing(settings, endpoint.url), query.replace("'申請率'", "''"))
    assert len(endpoint.asked) == 1


def test_an_engine_given_no_answers_asks_nobody(endpoint: Endpoint, release: Release) -> None:
    engine = OxigraphEngine.load(release.quads, LIMITS)
    query = f"ASK {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}"
    for dataset in (Dataset(), Dataset(fetched=("{}", "{}"))):
        with pytest.raises(QueryRefusedError):
            engine.query(query, "", dataset)
    assert not endpoint.asked


def test_only_what_is_listed_is_asked(
    fetch: Fetch, endpoint: Endpoint, other: Endpoint, settings: Settings
) -> None:
    listed = listing(settings, endpoint.url)
    with pytest.raises(QueryRefusedError, match="only http://127"):
        fetch(listed, f"ASK {{ SERVICE <{other.url}> {{}} SERVICE <{endpoint.url}> {{}} }}")
    with pytest.raises(QueryRefusedError):
        fetch(listed, f"ASK {{ SERVICE <{endpoint.url}?x> {{}} }}")
    assert fetch(listed, f"ASK {{ SERVICE SILENT <{other.url}> {{}} }}") == ("{}",)
    assert not endpoint.asked
    assert not other.asked


def test_a_name_that_leads_inside_is_not_asked(fetch: Fetch, endpoint: Endpoint, settings: Settings) -> None:
    for host in ("localhost", "2130706433", "127.1"):
        url = endpoint.url.replace("127.0.0.1", host)
        with pytest.raises(EndpointError, match=r"no public address|cannot be asked"):
            fetch(listing(settings, url), f"ASK {{ SERVICE <{url}> {{}} }}")
    assert not endpoint.asked


def test_redirects_are_not_followed(
    fetch: Fetch, endpoint: Endpoint, other: Endpoint, settings: Settings
) -> None:
    for status in (301, 302, 303, 307, 308):
        endpoint.status, endpoint.headers = status, {"Location": other.url}
        with pytest.raises(EndpointError, match=str(status)):
            fetch(listing(settings, endpoint.url, other.url), f"ASK {{ SERVICE <{endpoint.url}> {{}} }}")
    assert not other.asked


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"head": {}, "boolean": true}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "bnode", "value": "b"}}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "a:> } #"}}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "rel"}}]}}',
        b'{"head": {"vars": ["x ) {} #"]}, "results": {"bindings": []}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "a", "xml:lang": "en>"}}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "a", "datatype": "x"}}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": 1}}]}}',
        b"[" * 100_000,
    ],
)
def test_an_answer_that_is_none_is_an_error_unless_silent(
    fetch: Fetch, endpoint: Endpoint, settings: Settings, body: bytes
) -> None:
    endpoint.body = lambda: body
    with pytest.raises(EndpointError):
        fetch(listing(settings, endpoint.url), f"ASK {{ SERVICE <{endpoint.url}> {{}} }}")
    assert fetch(listing(settings, endpoint.url), f"ASK {{ SERVICE SILENT <{endpoint.url}> {{}} }}") == (
        "{}",
    )


def test_an_answer_without_end_is_cut_off(fetch: Fetch, endpoint: Endpoint, settings: Settings) -> None:
    endpoint.body = lambda: b" " * (9 << 20)
    with pytest.raises(EndpointError, match="more than"):
        fetch(listing(settings, endpoint.url), f"ASK {{ SERVICE <{endpoint.url}> {{}} }}")


def test_an_endpoint_that_is_silent_is_left_at_the_deadline(fetch: Fetch, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        listed = replace(listing(settings, url), query_timeout=0.2)
        with pytest.raises(EndpointError, match="TimeoutError"):
            fetch(listed, f"ASK {{ SERVICE <{url}> {{}} }}")


def test_several_silent_endpoints_are_asked_at_once(fetch: Fetch, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        listed = replace(listing(settings, url), query_timeout=0.2)
        query = f"ASK {{ SERVICE SILENT <{url}> {{}} SERVICE SILENT <{url}> {{}} }}"
        assert fetch(listed, query) == ("{}", "{}")


def test_terms_become_inline_data_that_says_the_same() -> None:
    block = values_block("http://e/", json.dumps(ROWS).encode())
    assert block == (
        '{ VALUES (?v ?name) { ("60"^^<http://www.w3.org/2001/XMLSchema#decimal> "six\\"ty\\\\\\n"@en) '
        '("1" UNDEF) (UNDEF <http://e/x>) } }'
    )


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("203.0.114.1", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    "url", ["ftp://a/", "http://", "http://u:p@a/", "file:///etc", "https://a/#x", "a.example"]
)
def test_the_list_holds_plain_urls(settings: Settings, url: str) -> None:
    with pytest.raises(SettingsError, match="service_endpoints"):
        replace(settings, service_endpoints=f"https://a.example/sparql {url}")


def test_without_a_list_nothing_is_asked(settings: Settings) -> None:
    assert settings.endpoints == ()
    with pytest.raises(QueryError, match="SERVICE"):
        check_query("ASK { SERVICE <http://a.example/> {} }", LIMITS)
