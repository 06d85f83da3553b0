"""Competency questions: every ``tests/competency/*.rq`` gives exactly the answer beside it, read from the plans."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef

from dxlod.errors import ReleaseError
from dxlod.release import open_current
from dxlod.release.queries import (
    Question,
    example_queries_graph,
    queries_page,
    read_question,
    read_questions,
)
from dxlod.settings import Settings
from dxlod.store import open_engine
from dxlod.store.guard import Limits, check_query
from dxlod.store.oxigraph import OxigraphEngine

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "competency"
QUESTIONS = sorted(FOLDER.glob("*.rq"))
SH = Namespace("http://www.w3.org/ns/shacl#")
SCHEMA = Namespace("https://schema.org/")


@pytest.fixture(scope="session")
def engine(releases: Path) -> OxigraphEngine:
    """An engine over the release of the repository's own tables."""
    settings = Settings.load({}, data=ROOT / "data", releases=releases)
    return open_engine(open_current(settings), settings)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_answer(path: Path, engine: OxigraphEngine) -> None:
    answer = engine.query(path.read_text(encoding="utf-8"), "text/csv").body.decode()
    expected = path.with_suffix(".csv").read_bytes().decode()
    assert answer.splitlines() == expected.splitlines()
    assert answer == expected


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_expected_answer_has_rows(path: Path) -> None:
    assert len(path.with_suffix(".csv").read_text(encoding="utf-8").splitlines()) > 1


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_question_is_complete(path: Path) -> None:
    question = read_question(path)
    assert question.keywords
    assert "か。" in question.ja
    assert question.en.endswith("?")
    assert check_query(question.query, Limits.of(Settings())).form.value == "SELECT"
    assert "ORDER BY" in question.query


def test_no_orphans() -> None:
    answers = {path.stem for path in FOLDER.glob("*.csv")}
    assert answers == {path.stem for path in QUESTIONS}


def test_numbers_run_on() -> None:
    assert [path.name[:4] for path in QUESTIONS] == [f"cq{n:02}" for n in range(1, len(QUESTIONS) + 1)]
    assert len(QUESTIONS) >= 32


def test_questions_are_distinct() -> None:
    questions = read_questions(FOLDER)
    for name in ("ja", "en", "query"):
        assert len({getattr(question, name) for question in questions}) == len(questions)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE { ?s ?p ?o }\n",
        "# ja: 何か。\n# en: What?\nSELECT * WHERE { ?s ?p ?o }\n",
        "# ja: 何か。\n# en: \n# keywords: a\nSELECT * WHERE { ?s ?p ?o }\n",
        "# en: What?\n# ja: 何か。\n# keywords: a\nSELECT * WHERE { ?s ?p ?o }\n",
        "# ja: 何か。\n# en: What?\n# keywords: a\n",
    ],
    ids=["no-header", "no-keywords", "blank", "wrong-order", "no-query"],
)
def test_incomplete_question_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "cq01-sample.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"cq01-sample\.rq"):
        read_question(path)


def test_graph_of_examples_says_what_the_files_say() -> None:
    graph = Graph().parse(data=example_queries_graph(FOLDER, "https://data.example.jp/dx"), format="turtle")
    questions = read_questions(FOLDER)
    assert set(graph.subjects(RDF.type, SH.SPARQLExecutable)) == {_iri(question) for question in questions}
    for question in questions:
        iri = _iri(question)
        assert set(graph.objects(iri, RDFS.comment)) == {
            Literal(question.ja, lang="ja"),
            Literal(question.en, lang="en"),
        }
        assert graph.value(iri, SH.select) == Literal(question.query)
        assert set(graph.objects(iri, SCHEMA.keywords)) == {Literal(word) for word in question.keywords}
        assert graph.value(iri, SCHEMA.target) == URIRef("https://data.example.jp/dx/sparql")


def _iri(question: Question) -> URIRef:
    return URIRef(f"https://data.example.jp/dx/id/query/{question.name}")


def test_page_shows_every_question_and_query() -> None:
    page = queries_page(FOLDER)
    for question in read_questions(FOLDER):
        assert f"## {question.name}\n\n{question.ja}\n\n{question.en}\n" in page
        assert question.query.rstrip() in page
