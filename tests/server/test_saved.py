"""The saved queries as an API and the page to ask at, over the release of the repository's own tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from dxlod.release.queries import read_questions, saved_questions
from dxlod.settings import Settings

from .live import live

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "competency"
QUESTIONS = {question.name: question for question in read_questions(FOLDER)}
WITH_PARAMETERS = [question for question in QUESTIONS.values() if question.parameters]


@pytest.fixture(scope="module")
def client(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = Settings.load({}, data=ROOT / "data", releases=releases)
    with live(settings, tmp_path_factory.mktemp("saved")) as service, service.client() as client:
        yield client


def answer(client: httpx.Client, name: str, **values: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = (
        client.get(f"/api/queries/{name}", params=values).raise_for_status().json()["rows"]
    )
    return rows


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_csv_is_the_expected_answer(client: httpx.Client, name: str) -> None:
    response = client.get(f"/api/queries/{name}", headers={"Accept": "text/csv"})
    assert response.status_code == 200
    assert response.content == b"\xef\xbb\xbf" + (FOLDER / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("question", WITH_PARAMETERS, ids=lambda question: question.name)
def test_the_defaults_given_are_the_answer_without_them(client: httpx.Client, question: object) -> None:
    assert question in WITH_PARAMETERS
    found = QUESTIONS[getattr(question, "name", "")]
    values = {item.name: item.default for item in found.parameters}
    assert answer(client, found.name, **values) == answer(client, found.name) != []


def test_a_value_changes_the_answer(client: httpx.Client) -> None:
    of_2028 = answer(client, "cq36-starting-in-2027", year="2028")
    assert of_2028 != answer(client, "cq36-starting-in-2027")
    assert all(row["lastYear"] is None or int(str(row["lastYear"])) >= 2028 for row in of_2028)


def test_numbers_are_numbers(client: httpx.Client) -> None:
    rows = answer(client, "cq15-series-of-an-indicator")
    assert all(isinstance(row["value"], int | float) for row in rows)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("cq36-starting-in-2027", {"year": "next"}),
        ("cq36-starting-in-2027", {"year": "1900"}),
        ("cq36-starting-in-2027", {"month": "4"}),
        ("cq32-what-a-line-says", {"line": "1 || true"}),
        ("cq32-what-a-line-says", {"city": "000000"}),
        ("cq53-initiatives-on-a-topic", {"topic": "x> ?p ?o . <y"}),
        ("cq07-cashless-across-cities", {"words": "a\nb"}),
    ],
)
def test_a_value_that_cannot_be_used(client: httpx.Client, name: str, values: dict[str, str]) -> None:
    response = client.get(f"/api/queries/{name}", params=values)
    assert response.status_code == 400
    ja, en = response.text.splitlines()
    assert next(iter(values)) in ja
    assert next(iter(values)) in en


@pytest.mark.parametrize("words", ['")) } #', "\\", '\\"', "'''", "?item", 'x" @en', "\\u0022"])
def test_words_stay_words(client: httpx.Client, words: str) -> None:
    response = client.get("/api/queries/cq07-cashless-across-cities", params={"words": words})
    assert response.status_code == 200
    assert response.json()["rows"] == []
    assert response.json()["parameters"] == {"words": words}


def test_every_query_is_in_the_list_and_in_openapi(client: httpx.Client) -> None:
    listed = client.get("/api/queries").json()["queries"]
    paths = client.get("/openapi.json").json()["paths"]
    assert [entry["name"] for entry in listed] == [question.name for question in saved_questions(FOLDER)]
    for entry in listed:
        told = paths[entry["url"]]["get"]["parameters"]
        described = {item["name"] for item in told if item["in"] == "query"}
        assert described == {item["name"] for item in entry["parameters"]} | {"format"}


def test_unchanged_answers_are_304_and_no_such_query_is_404(client: httpx.Client) -> None:
    first = client.get("/api/queries/cq01-plans-and-periods")
    again = client.get(
        "/api/queries/cq01-plans-and-periods", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    missing = client.get("/api/queries/cq99-nothing")
    assert missing.status_code == 404
    assert "cq01-plans-and-periods" in missing.text
    assert (
        client.get("/api/queries/cq01-plans-and-periods", headers={"Accept": "image/png"}).status_code == 406
    )


def shown(client: httpx.Client, query: str, status: int = 200, lang: str = "en") -> str:
    response = client.get(f"/{lang}/query", params={"query": query})
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    return response.text


def test_the_page_shows_the_rows_of_an_example(client: httpx.Client) -> None:
    question = QUESTIONS["cq38-longest-running"]
    page = shown(client, question.query, lang="ja")
    with (FOLDER / "cq38-longest-running.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    body = re.search(r'<table class="data answer-table">.*?</table>', page, re.DOTALL)
    assert body is not None
    assert body.group().count("<tr>") == len(rows)
    for cell in rows[1]:
        assert cell in body.group()


def test_the_page_offers_the_same_answer_as_a_file(client: httpx.Client) -> None:
    query = QUESTIONS["cq01-plans-and-periods"].query
    assert f"/sparql?{urlencode({'query': query, 'format': 'csv'})}".replace("&", "&amp;") in shown(
        client, query
    )


def test_numbers_beside_names_are_drawn(client: httpx.Client) -> None:
    page = shown(client, QUESTIONS["cq05-busiest-departments"].query)
    with io.StringIO((FOLDER / "cq05-busiest-departments.csv").read_text(encoding="utf-8")) as file:
        rows = list(csv.DictReader(file))
    assert page.count('class="bar"') == len(rows)


def test_a_mistake_is_shown_with_its_place(client: httpx.Client) -> None:
    page = shown(client, "SELECT * WHERE {\n  ?s ?p\n}", status=400)
    assert 'data-line="3"' in page
    assert "?s ?p" in page


def test_updates_and_strangers_are_refused_on_the_page(client: httpx.Client) -> None:
    assert 'role="alert"' in shown(client, "DROP ALL", status=400)
    shown(client, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", status=403)


def test_ask_and_construct_on_the_page(client: httpx.Client) -> None:
    assert "Yes (true)" in shown(client, "ASK {}")
    assert "No (false)" in shown(client, "ASK { <urn:x> ?p ?o }")
    assert "urn:b" in shown(client, "CONSTRUCT { <urn:a> <urn:b> <urn:c> } WHERE {}")


def test_what_is_asked_cannot_break_the_page(client: httpx.Client) -> None:
    page = shown(client, 'SELECT ("</textarea><script>alert(1)</script>" AS ?x) {}')
    assert "<script>alert" not in page
    assert "</textarea><script>" not in page


def test_an_example_is_filled_in_but_not_run(client: httpx.Client) -> None:
    page = client.get("/query?example=cq37-starts-by-year").text
    assert "answer-table" not in page
    assert "id/plan/212016/dx-action/2025" in page
    assert client.get("/query?example=nothing").status_code == 404
