"""SERVICE <https://w3id.org/dxlod/search> at every entrance: the same answers, the same limits, nothing reached outside."""

from __future__ import annotations

import csv
import io
import re
import select
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from dxlod.cli import main
from dxlod.errors import QueryError, QueryRefusedError, QuerySyntaxError
from dxlod.release import open_current
from dxlod.release.parameters import bind
from dxlod.release.queries import Question, read_questions, saved_questions
from dxlod.server.matching import MOST_SEARCHES, answered, search_blocks
from dxlod.settings import Settings
from dxlod.site.matches import LONGEST_TEXT
from dxlod.site.place import open_index
from dxlod.site.reader import SiteReader
from dxlod.store import SEARCH, OxigraphEngine, check_query, open_engine
from dxlod.store.guard import Limits
from dxlod.store.matching import MATCHING, WORDS

from .live import live

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "competency" / "search"
EXAMPLES = read_questions(FOLDER)
HEAD = (
    "PREFIX dxs: <https://w3id.org/dxlod/search#>\n"
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    "PREFIX dxo: <https://w3id.org/dxlod/ns#>\n"
)
FOUND = f"SERVICE <{SEARCH}> {{ ?thing dxs:matches %s ; dxs:property rdfs:label ; dxs:literal ?text }}"
SELECT = f'{HEAD}SELECT ?thing ?text {{ {FOUND % chr(34)}防災" ; dxs:rank ?n }} }} ORDER BY ?n'
JSON = "application/sparql-results+json"
MOST = 300


@pytest.fixture(scope="module")
def settings(releases: Path) -> Settings:
    return Settings.load({}, data=ROOT / "data", releases=releases, search_rows=MOST)


@pytest.fixture(scope="module")
def reader(settings: Settings) -> Iterator[SiteReader]:
    opened = open_index(open_current(settings))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def engine(settings: Settings) -> OxigraphEngine:
    return open_engine(open_current(settings), settings)


@pytest.fixture(scope="module")
def client(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        live(settings, tmp_path_factory.mktemp("matching"), search_rows=MOST) as service,
        service.client() as client,
    ):
        yield client


def searching(*statements: str, rest: str = "") -> str:
    """A query that searches so, and gives every variable."""
    return f"{HEAD}SELECT * {{ SERVICE <{SEARCH}> {{ ?thing {' ; '.join(statements)} }} {rest} }}"


def rows(client: httpx.Client, query: str) -> list[dict[str, str]]:
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_every_entrance_gives_the_same(client: httpx.Client, settings: Settings) -> None:
    query = searching('dxs:matches "防災"', "dxs:literal ?text", "dxs:rank ?rank") + " ORDER BY ?rank"
    asked = [
        client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}),
        client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"}),
        client.post(
            "/sparql",
            content=query,
            headers={"Accept": "text/csv", "Content-Type": "application/sparql-query"},
        ),
    ]
    assert {(answer.status_code, answer.content) for answer in asked} == {(200, asked[0].content)}
    assert len(asked[0].text.splitlines()) > 10
    assert on_the_command_line(settings, query, "csv") == asked[0].content


def on_the_command_line(settings: Settings, query: str, form: str) -> bytes:
    command = ["query", "-", "--releases", str(settings.releases), "--format", form]
    result = CliRunner().invoke(main, command, input=query)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_examples(client: httpx.Client, example: Question, settings: Settings) -> None:
    expected = (FOLDER / f"{example.name}.csv").read_bytes()
    assert expected.count(b"\n") > 2
    saved = client.get(f"/api/queries/{example.name}", params={"format": "csv"})
    assert (saved.status_code, saved.content) == (200, b"\xef\xbb\xbf" + expected)
    other = client.get(f"/api/queries/{example.name}", params={"word": "手続"})
    assert other.json()["count"] > 0
    assert other.json()["rows"] != client.get(f"/api/queries/{example.name}").json()["rows"]
    page = client.get("/ja/query", params={"query": example.query})
    assert page.status_code == 200
    assert expected.decode().splitlines()[1].split(",")[0] in page.text
    assert f'value="{example.name}"' in page.text or f"example={example.name}" in page.text
    assert on_the_command_line(settings, example.query, "csv") == expected


def test_the_examples_have_answers_and_no_orphans() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == {example.name for example in EXAMPLES}
    assert len(EXAMPLES) == 2
    assert set(EXAMPLES) < set(saved_questions(FOLDER.parent))


@pytest.mark.parametrize("word", ['a" ; dxs:limit 1 } #', "} UNION { ?s ?p ?o", "\\", "'''ぬ"])
def test_a_value_of_a_saved_query_stays_a_text(reader: SiteReader, settings: Settings, word: str) -> None:
    query = bind(EXAMPLES[1].query, EXAMPLES[1].parameters, {"word": word}, reader.exists, settings.base)
    assert answered(reader, settings, query).fetched == ("{ VALUES (?initiative) {  } }",)


def test_joined_with_the_data(client: httpx.Client) -> None:
    """As FILTER would find them, where folding changes nothing."""
    rest = "?thing a dxo:Initiative ; rdfs:label ?text"
    searched = rows(client, searching('dxs:matches "オンライン"@ja', "dxs:literal ?text", rest=rest))
    filtered = rows(
        client,
        f'{HEAD}SELECT ?thing ?text {{ {rest} FILTER(CONTAINS(?text, "オンライン") && LANG(?text) = "ja") }}',
    )
    assert sorted(map(pair, searched)) == sorted(map(pair, filtered))
    assert len(searched) > 5


def pair(row: dict[str, str]) -> tuple[str, str]:
    return row["thing"], row["text"]


def test_optional_minus_union_graph_and_subselect(client: httpx.Client) -> None:
    one = 'SERVICE <https://w3id.org/dxlod/search> { ?thing dxs:matches "防災" }'
    count = len(rows(client, f"{HEAD}SELECT DISTINCT ?thing {{ {one} }}"))
    assert count > 5

    def number(pattern: str) -> int:
        return int(rows(client, f"{HEAD}SELECT (COUNT(DISTINCT ?thing) AS ?n) {{ {pattern} }}")[0]["n"])

    assert number(f"{{ {one} }} UNION {{ {one} }}") == count
    assert number(f"GRAPH ?g {{ ?thing a ?class . {one} }}") == count
    assert number(f"{{ SELECT ?thing {{ {one} }} LIMIT 3 }}") == 3
    assert number(f"{one} MINUS {{ {one} }}") == 0
    assert number(f"{one} FILTER EXISTS {{ ?thing a ?class }}") == count
    assert number(f"?thing a dxo:Initiative MINUS {{ {one} }}") + number(
        f"?thing a dxo:Initiative . {one}"
    ) == number("?thing a dxo:Initiative")
    assert (
        number(f"{one} OPTIONAL {{ SERVICE <{SEARCH}> {{ ?thing dxs:matches '窓口' ; dxs:literal ?x }} }}")
        == count
    )


def test_asking_constructing_and_describing(client: httpx.Client) -> None:
    def ask(word: str) -> bool:
        query = f"{HEAD}ASK {{ SERVICE <{SEARCH}> {{ ?t dxs:matches '{word}' }} }}"
        return bool(client.get("/sparql", params={"query": query}).json()["boolean"])

    assert ask("防災")
    assert not ask("ぬるぽ")
    query = (
        f"{HEAD}CONSTRUCT {{ ?t a rdfs:Resource }} WHERE {{ SERVICE <{SEARCH}> {{ ?t dxs:matches '防災' }} }}"
    )
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "application/n-triples"})
    assert answer.text.count("Resource") > 5
    page = client.get("/en/query", params={"query": query})
    assert "initiative" in page.text


def test_it_is_kept_and_has_a_tag(client: httpx.Client) -> None:
    query = searching('dxs:matches "税"')
    first = client.get("/sparql", params={"query": query})
    assert first.headers["cache-control"] != "no-store"
    again = client.get("/sparql", params={"query": query}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/sparql", params={"query": query}).content == first.content


def test_numbers_of_rows(client: httpx.Client) -> None:
    for limit in (1, 5, MOST):
        found = rows(client, searching('dxs:matches "の"', f"dxs:limit {limit}", "dxs:rank ?n"))
        assert sorted(int(row["n"]) for row in found) == list(range(1, limit + 1))


@pytest.mark.parametrize(
    ("statements", "said", "at"),
    [
        (('dxs:matches "の"',), "more than 300 rows", '"の"'),
        (('dxs:matches "　"',), "is empty", '"　"'),
        ((f'dxs:matches "{"税" * 201}"',), "at most 200 characters", '"税'),
        (('dxs:matches "税"', "dxs:property rdfs:lable"), "is not used in this release", "rdfs:lable"),
        (('dxs:matches "税"', f"dxs:limit {MOST + 1}"), "1 to 300", str(MOST + 1)),
        (('dxs:contains "税"',), "the predicates are", "dxs:contains"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    client: httpx.Client, statements: tuple[str, ...], said: str, at: str
) -> None:
    query = searching(*statements)
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": "application/problem+json"})
    problem = answer.json()
    assert answer.status_code == 400
    assert said in answer.text
    lines = query.splitlines()
    assert (problem["line"], problem["column"]) == (4, lines[3].index(at) + 1)
    silent = client.post("/sparql", data={"query": query.replace("SERVICE", "SERVICE SILENT")})
    assert silent.status_code == 400
    page = client.get("/ja/query", params={"query": query})
    assert page.status_code == 400
    assert 'data-line="4"' in page.text


def test_the_rows_of_all_searches_count_together(reader: SiteReader, settings: Settings) -> None:
    one = f'SERVICE <{SEARCH}> {{ ?t%d dxs:matches "の" ; dxs:limit 200 }}'
    limits = Limits.of(settings)
    assert len(search_blocks(reader, check_query(f"{HEAD}ASK {{ {one % 1} }}", limits), MOST)) == 1
    with pytest.raises(QuerySyntaxError, match="more than 300"):
        search_blocks(reader, check_query(f"{HEAD}ASK {{ {one % 1} {one % 2} }}", limits), MOST)
    few = f'SERVICE <{SEARCH}> {{ ?t dxs:matches "防災" ; dxs:limit 1 }} '
    search_blocks(reader, check_query(f"{HEAD}ASK {{ {few * MOST_SEARCHES} }}", limits), MOST)
    with pytest.raises(QueryError, match="at most 8 times"):
        search_blocks(reader, check_query(f"{HEAD}ASK {{ {few * (MOST_SEARCHES + 1)} }}", limits), MOST)


def test_a_mistake_elsewhere_is_where_it_was_written(client: httpx.Client) -> None:
    query = searching('dxs:matches "防災"', rest="?thing rdfs:label .")
    problem = client.get(
        "/sparql", params={"query": query}, headers={"Accept": "application/problem+json"}
    ).json()
    assert (problem["line"], problem["column"]) == (4, query.splitlines()[3].rindex(".") + 1)


AROUND = {
    "beside": "SERVICE <{search}> {{ ?t dxs:matches 'x' }} SERVICE <{canary}> {{ ?t ?p ?o }}",
    "beside, silent": "SERVICE <{search}> {{ ?t dxs:matches 'x' }} SERVICE SILENT <{canary}> {{ ?t ?p ?o }}",
    "within": "SERVICE <{search}> {{ ?t dxs:matches 'x' . SERVICE <{canary}> {{ ?t ?p ?o }} }}",
    "around": "SERVICE <{canary}> {{ SERVICE <{search}> {{ ?t dxs:matches 'x' }} }}",
    "around, silent": "SERVICE SILENT <{canary}> {{ SERVICE SILENT <{search}> {{ ?t dxs:matches 'x' }} }}",
    "by variable": "VALUES ?s {{ <{canary}> <{search}> }} SERVICE SILENT ?s {{ ?t dxs:matches 'x' }}",
    "twice silent": "SERVICE SILENT SILENT <{search}> {{}} SERVICE <{canary}> {{ ?t ?p ?o }}",
    "in a comment's place": "SERVICE #<{search}>\n<{canary}> {{ ?t ?p ?o }}",
    "in a text": "SERVICE <{search}> {{ ?t dxs:matches '}} SERVICE <{canary}> {{' }} SERVICE <{canary}> {{}}",
    "in another reading": "FILTER(?a<#x>\n1) SERVICE <{search}> {{ ?t dxs:matches 'x' }} SERVICE <{canary}> {{}}",
}


@pytest.mark.parametrize("name", AROUND)
def test_no_other_service_is_asked(
    name: str, client: httpx.Client, reader: SiteReader, settings: Settings
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        url = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        query = f"{HEAD}SELECT * {{ {AROUND[name].format(search=SEARCH, canary=url)} }}"
        for path in ("/sparql", "/ja/query"):
            assert client.get(path, params={"query": query}).status_code in (400, 403)
        assert client.post("/sparql", data={"query": query}).status_code in (400, 403)
        with pytest.raises(QueryError):
            answered(reader, settings, query)
        assert not select.select([canary], [], [], 0)[0]


def test_an_engine_alone_does_not_search(
    engine: OxigraphEngine, reader: SiteReader, settings: Settings
) -> None:
    query = searching('dxs:matches "防災"')
    with pytest.raises(QueryRefusedError):
        engine.query(query)
    assert b"initiative" in engine.query(query, "text/csv", answered(reader, settings, query)).body


@pytest.mark.parametrize("signs", ["e", "ea10の-デ市"])
def test_many_rows_do_not_end_a_worker(signs: str, tmp_path: Path, settings: Settings) -> None:
    """As many as the default allows, and several times as many; joined, and looked at again for each row."""
    each = Settings().search_rows
    one = f'{{ SERVICE <{SEARCH}> {{ ?thing dxs:matches "%s" ; dxs:limit {each} ; dxs:literal ?text ; dxs:property ?p }} }}'
    union = " UNION ".join(one % sign for sign in signs)
    with live(settings, tmp_path, search_rows=len(signs) * each) as service, service.client() as client:
        for pattern in (union, f"{{ {union} }} ?thing ?p ?text", f"?thing a ?class OPTIONAL {{ {union} }}"):
            found = rows(client, f"{HEAD}SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
            assert int(found[0]["n"]) >= min(each * len(signs), 7_000)
        assert client.get("/healthz").json()["status"] == "ok"


def test_the_description_says_so(client: httpx.Client) -> None:
    text = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
    assert "<http://www.w3.org/ns/sparql-service-description#feature> <https://w3id.org/dxlod/search>" in text
    assert "BasicFederatedQuery" not in text


def test_the_words_lead_to_what_they_mean(client: httpx.Client) -> None:
    for media_type, name in (
        ("text/turtle", "turtle"),
        ("application/rdf+xml", "xml"),
        ("application/n-triples", "nt"),
    ):
        answer = client.get("/search", headers={"Accept": media_type})
        assert answer.headers["content-type"].startswith(media_type)
        graph = Graph().parse(data=answer.text, format=name)
        words = set(graph.subjects(RDF.type, RDF.Property))
        assert words == {URIRef(f"{MATCHING}{word}") for word in WORDS}
        for word in words:
            assert {
                term.language for term in graph.objects(word, RDFS.comment) if isinstance(term, Literal)
            } == {"ja", "en"}
    for accept in ("*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"):
        page = client.get("/search", headers={"Accept": accept})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "Accept" in page.headers["vary"]


def test_what_the_documentation_shows_is_answered(client: httpx.Client) -> None:
    page = (ROOT / "docs" / "search.md").read_text("utf-8")
    shown = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    assert shown
    assert all(rows(client, query) for query in shown)
    assert set(re.findall(r"(?m)^\| `dxs:(\w+)`", page)) == set(WORDS)
    assert f"{Settings().search_rows:,} rows" in page
    assert f"{MOST_SEARCHES} of them" in page
    assert f"{LONGEST_TEXT} characters" in page


def test_tables_and_mistakes_on_the_command_line(settings: Settings, tmp_path: Path) -> None:
    query = searching('dxs:matches "防災"', "dxs:literal ?text", "dxs:limit 3")
    places = ["--releases", str(settings.releases)]
    shown = CliRunner().invoke(main, ["query", query, *places])
    assert shown.exit_code == 0
    assert shown.stdout.count("防災") == 3
    wrong = CliRunner().invoke(main, ["query", searching('dxs:matches ""'), *places])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "Line 4, column" in wrong.stderr
    nowhere = CliRunner().invoke(main, ["query", query, "--releases", str(tmp_path)])
    assert nowhere.exit_code == 2
