"""The benchmark of the SPARQL service: its data, its comparison of answers, its report, and a whole run in small."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, repeat
from pathlib import Path

import pytest

from benchmarks.answers import content_of
from benchmarks.client import Answer, Connection, hurry
from benchmarks.generate import generate
from benchmarks.latency import Cell, Row, agree, ratio_of
from benchmarks.outcome import Outcome, goals
from benchmarks.queries import JSON, NTRIPLES, Query, pool_of, researcher_queries
from benchmarks.report import section, write_section
from dxlod.validation import Severity, load_shapes, validate

HOME = Path(__file__).resolve().parents[1]
SHARED = re.compile(r"/graph/(ontology|code|topic|unit|fy|align)> \.$")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plans") / "all.nq"
    generate(file, 12_000)
    return file


def test_a_seed_gives_the_same_bytes_and_another_gives_others(plans: Path, tmp_path: Path) -> None:
    for seed in (1, 2):
        generate(tmp_path / f"{seed}.nq", 12_000, seed)
    assert (tmp_path / "1.nq").read_bytes() == plans.read_bytes()
    assert (tmp_path / "2.nq").read_bytes() != plans.read_bytes()


def test_there_are_as_many_triples_as_wanted_and_none_twice(plans: Path) -> None:
    lines = plans.read_text(encoding="utf-8").splitlines()
    assert 12_000 <= len(lines) <= 13_500
    triples = [line.rsplit(" ", 2)[0] for line in lines]
    assert len(set(triples)) == len(triples)


@pytest.mark.thorough
def test_generated_plans_are_as_the_shapes_want_them(plans: Path) -> None:
    lines = [f"{line.rsplit(' ', 2)[0]} ." for line in plans.read_text(encoding="utf-8").splitlines()]
    found = validate(lines, load_shapes(sorted((HOME / "shapes").glob("*.ttl"))))
    assert [result for result in found if result.severity is Severity.VIOLATION] == []


def test_generated_plans_use_nothing_that_a_release_does_not(plans: Path, releases: Path) -> None:
    real = predicates(releases / "current" / "dumps" / "all.nq")
    assert predicates(plans) - real == set()


def predicates(file: Path) -> set[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {line.split(" ", 2)[1] for line in lines if not SHARED.search(line)}


def test_each_text_is_new_and_asks_the_same(tmp_path: Path) -> None:
    _, made = generate(tmp_path / "all.nq", 6_000)
    for query in researcher_queries(pool_of(made)):
        assert query.new(3, 17) != query.new(3, 18)
        assert query.new(3, 17).replace("17", "") == query.same(3).replace("17", "")


def rows(*bindings: Mapping[str, object]) -> Answer:
    return Answer(200, {}, json.dumps({"head": {}, "results": {"bindings": list(bindings)}}).encode(), 0.1)


def typed(value: str, name: str) -> dict[str, object]:
    return {"n5": {"type": "literal", "value": value, "datatype": f"http://www.w3.org/2001/XMLSchema#{name}"}}


def test_order_names_and_notation_do_not_count() -> None:
    one, two = {"x5": {"type": "uri", "value": "urn:a"}}, {"x5": {"type": "literal", "value": "市"}}
    other = {"x6": {"type": "literal", "value": "市"}}, {"x6": {"type": "uri", "value": "urn:a"}}
    assert content_of(rows(one, two), JSON) == content_of(rows(*other), JSON)
    assert content_of(rows(typed("2.50", "decimal")), JSON) == content_of(rows(typed("2.5", "double")), JSON)
    assert content_of(rows(typed("1", "boolean")), JSON) == content_of(rows(typed("true", "boolean")), JSON)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(rows(typed("3", "decimal")), id="value"),
        pytest.param(rows(typed("2", "decimal"), typed("2", "decimal")), id="twice"),
        pytest.param(rows(), id="none"),
    ],
)
def test_other_rows_are_other_answers(other: Answer) -> None:
    mine = Cell([content_of(rows(typed("2", "decimal")), JSON)], [1.0])
    cells = {
        "dxlod": mine,
        "one": Cell(mine.contents, [2.0]),
        "two": Cell([content_of(other, JSON)], [0.5]),
    }
    assert agree(cells) == ("two",)
    row = Row(Query("", "", str), cells, agree(cells))
    assert ratio_of(row, "dxlod", "one") == 0.5
    assert ratio_of(row, "dxlod", "two") is None


def test_triples_are_compared_as_a_set() -> None:
    one, other = (
        b'<urn:a> <urn:b> "\\u5e02" .\n<urn:a> <urn:b> "2"@ja .\n',
        b'<urn:a> <urn:b> "2"@JA .\n',
    )
    other += '<urn:a> <urn:b> "市" .\n'.encode()
    contents = [content_of(Answer(200, {}, body, 0.1), NTRIPLES) for body in (one, other)]
    assert contents[0] == contents[1]
    assert contents[0].rows == 2


def test_what_is_no_answer_is_a_fault() -> None:
    assert content_of(Answer(503, {}, b"", 1), JSON).fault == "503"
    assert content_of(Answer(0, {}, b"", 60), JSON).fault == "no answer in time"
    assert content_of(Answer(200, {}, b'{"results": {"bin', 1), JSON).fault.startswith("not readable")


class Speaker(BaseHTTPRequestHandler):
    """Answers in the three ways of ending an answer, by the path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404 if self.path == "/none" else 200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"2\r\nab\r\n")
            self.wfile.write(b"1;x=y\r\nc\r\n0\r\n\r\n")
        elif self.path == "/close":
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"abc")
            self.close_connection = True
        elif self.path == "/broken":
            self.send_header("Content-Length", "9")
            self.end_headers()
            self.wfile.write(b"abc")
            self.close_connection = True
        else:
            self.send_header("Content-Length", "3")
            self.end_headers()
            self.wfile.write(b"abc")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


@pytest.fixture(scope="module")
def speaker() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Speaker) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def test_the_client_reads_every_end_of_an_answer(speaker: int) -> None:
    line = Connection(speaker)
    for path in ("/length", "/chunked", "/close", "/length", "/chunked"):
        answer = line.ask(get(path))
        assert (answer.status, answer.body) == (200, b"abc"), path
    assert line.ask(get("/none")).status == 404
    assert line.ask(get("/broken")).status == 0
    assert line.ask(get("/length")).status == 200
    line.close()


@pytest.mark.parametrize("path", ["/length", "/chunked", "/close"])
def test_the_client_in_a_hurry_counts_each_answer_once(speaker: int, path: str) -> None:
    for number in (1, 3, 40):
        found = hurry(speaker, islice(repeat(get(path)), number), 3, 60)
        assert found.good == number
        assert found.refused == 0
    assert hurry(speaker, islice(repeat(get("/none")), 5), 3, 60).refused == 5
    assert hurry(speaker, islice(repeat(get("/broken")), 5), 3, 60).refused == 5


def outcome(triples: int) -> Outcome:
    return Outcome(triples, 1, 2, 2, {"machine": "2 cores"}, 1, 1, 1.0, 8)


def test_a_run_replaces_the_section_of_its_size_alone(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    for wanted, found in ((1_000_000, 1_000_111), (20_000, 20_011), (20_000, 20_022)):
        write_section(file, outcome(found), wanted)
    text = file.read_text(encoding="utf-8")
    assert text.index("## 20,000 ") < text.index("## 1,000,000 ")
    assert "1,000,111 quads" in text
    assert "20,022 quads" in text
    assert "20,011" not in text
    assert text.count("# 性能 / Performance") == 1


def test_what_was_not_measured_is_not_met() -> None:
    assert {goal.met for goal in goals(outcome(20_000))} == {None}
    assert "達成" not in section(outcome(20_000), 20_000).replace("未達", "")


@pytest.mark.rivals
@pytest.mark.servers
def test_all_servers_give_the_same_answers(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    command = [sys.executable, str(HOME / "benchmarks" / "service.py"), "--triples", "20000", "--rounds", "1"]
    command += ["--runs", "1", "--seconds", "0.5", "--requests", "500", "--write", "--file", str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    text = file.read_text(encoding="utf-8")
    assert "どのサーバーの答えも同じです" in text
    for name in ("dxlod", "Oxigraph, disk", "Oxigraph, memory", "Virtuoso", "rdflib-endpoint", "rdflib"):
        assert f"{name} ms" in text
    assert "測定なし" not in text
