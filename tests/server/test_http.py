"""What HTTP asks of every answer: validators for each coding, ranges, HEAD, OPTIONS, headers (RFC 9110, 9111)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace

import brotli  # type: ignore[import-untyped]
import httpx
import pytest
import zstandard

from dxlod.release import Release
from dxlod.server.codings import choose_coding
from dxlod.settings import Settings

from .live import Live, live

PLAIN = {"Accept-Encoding": "identity"}
DUMP = "/dumps/all.nt"
PAGE = {"Accept": "text/html"}
QUERY = {"query": "SELECT * {?s ?p ?o} ORDER BY ?s ?p ?o", "format": "csv"}
CODINGS = ("gzip", "br", "zstd")


@pytest.fixture(scope="module")
def service(settings: Settings, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(settings, tmp_path_factory.mktemp("http")) as started:
        yield started


@pytest.fixture
def raw(service: Live) -> Iterator[httpx.Client]:
    """A client that asks for no coding unless told to, and that sees bodies as they are sent."""
    with service.client(headers=PLAIN) as client:
        yield client


def sent(client: httpx.Client, path: str, **options: object) -> tuple[httpx.Response, bytes]:
    with client.stream("GET", path, **options) as answer:  # type: ignore[arg-type]
        return answer, b"".join(answer.iter_raw())


def fields(answer: httpx.Response) -> dict[str, str]:
    return {
        name: value for name, value in answer.headers.items() if name not in ("date", "transfer-encoding")
    }


def decode(coding: str, body: bytes) -> bytes:
    if coding == "gzip":
        return gzip.decompress(body)
    if coding == "br":
        return bytes(brotli.decompress(body))
    return zstandard.ZstdDecompressor().decompressobj().decompress(body)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("gzip;q=0", ""),
        ("GZip;Q=0.7", "gzip"),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=nonsense", ""),
        ("deflate", ""),
    ],
)
def test_the_coding_a_client_likes_best(accept: str, chosen: str) -> None:
    assert choose_coding(accept) == chosen


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("path", ["/", "/sparql", "/manifest.json", DUMP])
def test_each_coding_has_a_strong_tag_of_its_own(raw: httpx.Client, path: str, coding: str) -> None:
    params = QUERY if path == "/sparql" else {}
    plain, body = sent(raw, path, params=params, headers=PAGE)
    coded, packed = sent(raw, path, params=params, headers={**PAGE, "Accept-Encoding": coding})
    assert coded.headers["content-encoding"] == coding
    assert decode(coding, packed) == body
    assert (
        len(packed) == int(coded.headers["content-length"]) if "content-length" in coded.headers else packed
    )
    tags = [answer.headers["etag"] for answer in (plain, coded)]
    assert tags[0] != tags[1]
    assert not any(tag.startswith("W/") for tag in tags)
    for answer in (plain, coded):
        assert "Accept-Encoding" in answer.headers["vary"]
    for accept, tag in zip(("identity", coding), tags, strict=True):
        headers = {**PAGE, "Accept-Encoding": accept, "If-None-Match": tag}
        again, nothing = sent(raw, path, params=params, headers=headers)
        assert (again.status_code, nothing, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["vary"] == (plain.headers if accept == "identity" else coded.headers)["vary"]
    # The tag of another coding is that of other bytes.
    headers = {**PAGE, "Accept-Encoding": "identity", "If-None-Match": tags[1]}
    assert sent(raw, path, params=params, headers=headers)[0].status_code == 200


def test_a_cache_that_holds_both_is_told_which_is_meant(raw: httpx.Client) -> None:
    plain, _ = sent(raw, "/sparql", params=QUERY)
    coded, _ = sent(raw, "/sparql", params=QUERY, headers={"Accept-Encoding": "br"})
    both = f"{plain.headers['etag']}, {coded.headers['etag']}"
    again, _ = sent(raw, "/sparql", params=QUERY, headers={"Accept-Encoding": "br", "If-None-Match": both})
    assert (again.status_code, again.headers["etag"]) == (304, coded.headers["etag"])


def test_what_is_small_or_compressed_already_is_left_alone(raw: httpx.Client) -> None:
    headers = {"Accept-Encoding": "br"}
    assert "content-encoding" not in raw.get("/healthz", headers=headers).headers
    assert "content-encoding" not in raw.get("/dumps/all.nt.gz", headers=headers).headers


def test_a_dump_is_sent_from_its_gzip_file(raw: httpx.Client, release: Release) -> None:
    answer, body = sent(raw, DUMP, headers={"Accept-Encoding": "gzip"})
    assert body == (release.path / f"{DUMP[1:]}.gz").read_bytes()
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["content-type"] == "application/n-triples"


@pytest.mark.parametrize("path", ["/", "/sparql", "/manifest.json", DUMP, "/nothing", "/healthz"])
@pytest.mark.parametrize("accept", ["identity", "gzip"])
def test_head_is_get_without_a_body(raw: httpx.Client, path: str, accept: str) -> None:
    params = QUERY if path == "/sparql" else {}
    headers = {"Accept-Encoding": accept}
    head = raw.head(path, params=params, headers=headers)
    get, _ = sent(raw, path, params=params, headers=headers)
    assert (head.status_code, head.content) == (get.status_code, b"")
    # How a body that is not sent would have been cut up need not be said (RFC 9110, 9.3.2).
    assert fields(head) == fields(get)


@pytest.mark.parametrize(
    ("asked", "status", "said", "part"),
    [
        ("bytes=0-9", 206, "bytes 0-9/{n}", slice(0, 10)),
        ("bytes=10-", 206, "bytes 10-{last}/{n}", slice(10, None)),
        ("bytes=-7", 206, "bytes {tail}-{last}/{n}", slice(-7, None)),
        ("bytes=5-999999999", 206, "bytes 5-{last}/{n}", slice(5, None)),
        ("bytes=0-4,3-9", 206, "bytes 0-9/{n}", slice(0, 10)),
        ("bytes=999999999-", 416, "bytes */{n}", None),
        ("bytes=-0", 416, "bytes */{n}", None),
        ("bytes=9-2", 200, "", slice(None)),
        ("bytes=a-b", 200, "", slice(None)),
        ("lines=1-2", 200, "", slice(None)),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(0, 60, 3)), 200, "", slice(None)),
    ],
)
def test_a_range_of_a_dump(
    raw: httpx.Client, release: Release, asked: str, status: int, said: str, part: slice | None
) -> None:
    whole = (release.path / DUMP[1:]).read_bytes()
    answer, body = sent(raw, DUMP, headers={"Range": asked, "Accept-Encoding": "gzip, br"})
    size = len(whole)
    assert answer.status_code == status
    assert answer.headers.get("content-range", "") == said.format(n=size, last=size - 1, tail=size - 7)
    if part is not None:
        assert body == whole[part]
        assert "content-encoding" not in answer.headers
        assert answer.headers["accept-ranges"] == "bytes"
    head = raw.head(DUMP, headers={"Range": asked, "Accept-Encoding": "gzip, br"})
    assert fields(head) == fields(answer)


def test_several_ranges_come_as_parts(raw: httpx.Client, release: Release) -> None:
    whole = (release.path / DUMP[1:]).read_bytes()
    answer, body = sent(raw, DUMP, headers={"Range": "bytes=20-29,0-9,-5"})
    assert answer.status_code == 206
    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    assert int(answer.headers["content-length"]) == len(body)
    parts = [part.partition(b"\r\n\r\n") for part in body.split(f"\r\n--{boundary}".encode())[1:-1]]
    assert [content for _, _, content in parts] == [whole[20:30], whole[:10], whole[-5:]]
    assert f"bytes 20-29/{len(whole)}".encode() in parts[0][0]
    assert body.endswith(f"\r\n--{boundary}--\r\n".encode())


def test_a_download_that_broke_off_goes_on_only_with_the_same_bytes(
    raw: httpx.Client, release: Release
) -> None:
    for accept, name in (("identity", DUMP[1:]), ("gzip", f"{DUMP[1:]}.gz")):
        whole = (release.path / name).read_bytes()
        headers = {"Accept-Encoding": accept}
        tag = raw.get(DUMP, headers=headers).headers["etag"]
        rest, body = sent(raw, DUMP, headers={**headers, "Range": "bytes=100-", "If-Range": tag})
        assert (rest.status_code, body) == (206, whole[100:])
        assert rest.headers.get("content-encoding", "identity") == accept
        for other in ('"other"', f"W/{tag}", "Sat, 21 Nov 2026 07:38:34 GMT"):
            answer, _ = sent(raw, DUMP, headers={**headers, "Range": "bytes=100-", "If-Range": other})
            assert answer.status_code == 200


def test_preconditions_come_before_ranges(raw: httpx.Client) -> None:
    tag = raw.get(DUMP).headers["etag"]
    known = {"If-None-Match": tag, "Range": "bytes=0-1"}
    assert raw.get(DUMP, headers=known).status_code == 304
    assert raw.get(DUMP, headers={"If-Match": '"other"'}).status_code == 412
    assert raw.get(DUMP, headers={"If-Match": tag, "Range": "bytes=0-1"}).status_code == 206
    assert raw.get(DUMP, headers={"If-None-Match": "*"}).status_code == 304


def test_options_says_what_is_allowed(raw: httpx.Client) -> None:
    answer = raw.options(DUMP)
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    refused = raw.delete(DUMP)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_any_page_may_read_us_whether_or_not_it_says_who_it_is(raw: httpx.Client) -> None:
    for headers in ({}, {"Origin": "https://example.jp"}):
        answer = raw.get("/manifest.json", headers=headers)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "origin" not in answer.headers["vary"].lower()
        assert "access-control-allow-credentials" not in answer.headers
    asked = {"Origin": "https://example.jp", "Access-Control-Request-Method": "GET"}
    answer = raw.options(DUMP, headers={**asked, "Access-Control-Request-Headers": "Range"})
    assert (answer.status_code, answer.headers["access-control-allow-headers"]) == (200, "*")


@pytest.mark.parametrize(
    "path", ["/", "/sparql?query=ASK%20%7B%7D", DUMP, "/nothing", "/healthz", "/metrics"]
)
def test_every_answer_carries_the_headers_of_safety(raw: httpx.Client, release: Release, path: str) -> None:
    headers = raw.get(path, headers=PAGE).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["x-dxlod-release"] == release.version
    assert "server" not in headers


def test_a_host_that_is_none_is_refused(service: Live) -> None:
    for head in (b"Host: a\r\nHost: b\r\n", b"Host: evil.example/x\r\n", b'Host: "><script>\r\n'):
        answer = service.send(b"GET / HTTP/1.1\r\n" + head + b"Connection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"script" not in answer


def test_with_a_site_the_host_is_not_believed(
    settings: Settings, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = "https://data.example.jp/dx"
    with (
        live(replace(settings), tmp_path_factory.mktemp("site"), site=site) as started,
        started.client(headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}) as client,
    ):
        # Whether the proxy in front has taken the path off or not.
        for path in ("/sparql", "/dx/sparql"):
            text = client.get(path, headers={"Accept": "text/turtle"}).text
            assert f"<{site}/sparql>" in text
            assert "evil" not in text
        assert client.get("/id/fy/2025").headers["location"].startswith(("/dx/doc/", f"{site}/doc/"))


def test_metrics_count_by_route_and_name_nobody(raw: httpx.Client, release: Release) -> None:
    raw.get("/doc/fy/2025.ttl")
    raw.get("/sparql", params={"query": "ASK {?secret ?p ?o}"})
    raw.get("/sparql", params={"query": "ASK {"})
    text = raw.get("/metrics").text
    assert 'dxlod_requests_total{route="/doc/{path:path}",status="200"}' in text
    assert 'dxlod_queries_total{lane="fast",outcome="ok"}' in text
    assert f'dxlod_release{{version="{release.version}"}} 1.0' in text
    assert 'dxlod_query_workers{state="idle"}' in text
    assert "dxlod_request_seconds_bucket" in text
    assert "secret" not in text
    assert "fy/2025" not in text


def test_an_answer_is_kept_and_not_asked_for_twice(raw: httpx.Client) -> None:
    def hits() -> float:
        lines = raw.get("/metrics").text.splitlines()
        return float(
            next(
                line for line in lines if line.startswith('dxlod_cache_requests_total{result="hit"')
            ).split()[1]
        )

    query = {"query": "SELECT ?o {?s <http://example.jp/kept> ?o}"}
    first = raw.get("/sparql", params=query)
    before = hits()
    again = raw.get("/sparql", params=query)
    assert hits() == before + 1
    assert (first.content, fields(first)) == (again.content, fields(again))
    other = raw.get("/sparql", params=query, headers={"Accept": "text/csv"})
    assert other.headers["content-type"].startswith("text/csv")


def test_what_differs_each_time_is_not_kept(raw: httpx.Client) -> None:
    answers = [raw.get("/sparql", params={"query": "SELECT (UUID() AS ?u) {}"}) for _ in range(2)]
    assert answers[0].content != answers[1].content
    assert answers[0].headers["cache-control"] == "no-store"


def test_readiness(raw: httpx.Client, release: Release) -> None:
    for path in ("/healthz", "/readyz"):
        answer = raw.get(path)
        assert answer.json() == {"status": "ok", "release": release.version}
        assert answer.headers["cache-control"] == "no-store"


def test_the_log_has_nothing_about_a_person(
    settings: Settings, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("log")
    with live(settings, folder, access_log="stderr") as started:
        with started.client(headers={"User-Agent": "Secret-Agent", "Referer": "http://secret/"}) as client:
            client.get("/doc/fy/2025.ttl?secret=1")
            client.get("/sparql", params={"query": "ASK {?secret ?p ?o}"})
            client.get("/secret")
        assert started.stop() == 0
        text = started.errors.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/doc/{path:path}", 200),
        ("/sparql", 200),
        ("-", 404),
    ]
    assert {*lines[0]} == {"time", "method", "route", "status", "ms", "bytes", "release"}
    assert lines[0]["release"] == release.version
    assert lines[0]["bytes"] > 0
    assert "secret" not in text.lower()
    assert "127.0.0.1" not in text
