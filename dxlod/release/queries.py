"""The example queries: questions in Japanese and English, each with the SPARQL that answers it.

A question is a file whose first lines are ``# ja: …``, ``# en: …`` and ``# keywords: a, b``, then any number
of ``# param: NAME KIND TERM`` (parameters.py); the rest is the query.
The files are the only source: from them come the page ``docs/queries.md`` and the graph of examples, in the form
that SPARQL services of life sciences share theirs (one ``sh:SPARQLExecutable`` for each question).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dxlod.errors import ReleaseError
from dxlod.release.parameters import Parameter, read_parameter
from dxlod.release.terms import RDF_TYPE, Triple, literal
from dxlod.release.turtle import turtle
from dxlod.settings import SHARED

__all__ = [
    "Question",
    "example_queries_graph",
    "example_query_triples",
    "queries_page",
    "read_question",
    "read_questions",
    "saved_questions",
]

_SH = "http://www.w3.org/ns/shacl#"
_SCHEMA = "https://schema.org/"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_HEADER = re.compile(
    r"# ja: (?P<ja>\S.*)\n# en: (?P<en>\S.*)\n# keywords: (?P<keywords>\S.*)\n"
    r"(?P<params>(?:# param: .*\n)*)\s*(?P<query>\S[\s\S]*)"
)
_HEAD = """# 問いとSPARQL / Questions and their SPARQL

この文書は `tests/competency/*.rq` から作られます（`dxlod docs`）。直接は編集しません。
Made from `tests/competency/*.rq` by `dxlod docs`; do not edit.

どの問いも、いまの公開データに対してそのまま実行できます。答えは、計画の文書を読んで確かめたものが
`tests/competency/` に CSV で置いてあり、テストが毎回見比べます。
Each can be run as it stands. The answers, checked by reading the plans, are kept as CSV in `tests/competency/`
and compared with the data by a test.

```sh
dxlod query -f tests/competency/cq01-plans-and-periods.rq              # 表で / as a table
dxlod query -f tests/competency/cq01-plans-and-periods.rq --format csv
```

問いを足すには `.rq` を置き、原文を読んで確かめた答えを同じ名前の `.csv` にします。
To add one, write the `.rq` and keep the answer, once checked against the source, under the same name:

```sh
dxlod query -f tests/competency/cqNN-slug.rq --format csv > tests/competency/cqNN-slug.csv
```
"""


@dataclass(frozen=True)
class Question:
    """One example query: its name (the file's stem), the question in ja and en, keywords, SPARQL, parameters."""

    name: str
    ja: str
    en: str
    keywords: tuple[str, ...]
    query: str
    parameters: tuple[Parameter, ...] = ()


def read_question(path: Path) -> Question:
    """The question of one file; ReleaseError when the three header lines are not there."""
    match = _HEADER.fullmatch(path.read_text(encoding="utf-8"))
    if match is None:
        raise ReleaseError(
            f"{path.name} の初めに # ja: # en: # keywords: の行がありません。",
            f"{path.name} does not begin with the lines # ja:, # en: and # keywords:.",
            mend_ja="この順に1行ずつ書き、そのあとに問い合わせを書いてください。",
            mend_en="Write one line of each, in this order, then the query.",
        )
    keywords = tuple(word.strip() for word in match["keywords"].split(",") if word.strip())
    return Question(
        path.stem,
        match["ja"].strip(),
        match["en"].strip(),
        keywords,
        match["query"],
        _parameters(path, match["params"], match["query"]),
    )


def _parameters(path: Path, head: str, query: str) -> tuple[Parameter, ...]:
    found = []
    for line in head.splitlines():
        parameter = read_parameter(line.removeprefix("# param:"))
        if parameter is None or parameter.term not in query:
            raise ReleaseError(
                f"{path.name} の「{line}」は # param: 名前 種類 問い合わせ中の語 の形ではありません。",
                f"{path.name}: {line!r} is not of the form # param: NAME KIND TERM, with TERM in the query.",
            )
        found.append(parameter)
    return tuple(found)


def read_questions(folder: Path) -> tuple[Question, ...]:
    """The questions of the folder's ``*.rq``, by name."""
    return tuple(read_question(path) for path in sorted(folder.glob("*.rq")))


def saved_questions(folder: Path) -> tuple[Question, ...]:
    """The questions of the folder, and those of its folder `search`, which only this service answers."""
    return (*read_questions(folder), *read_questions(folder / "search"))


def example_queries_graph(folder: Path, base: str = SHARED) -> str:
    """The examples as Turtle: sh:SPARQLExecutable of the SHACL vocabulary, with schema.org keywords.

    `base` is the publisher's base IRI without a closing slash; the queries' target is its ``/sparql``.
    """
    return "".join(turtle(example_query_triples(folder, base), f"{base}/"))


def example_query_triples(folder: Path, base: str = SHARED) -> list[Triple]:
    """The triples of `example_queries_graph`, question by question."""
    return [triple for question in read_questions(folder) for triple in _triples(question, base)]


def _triples(question: Question, base: str) -> Iterator[Triple]:
    subject = f"<{base}/id/query/{question.name}>"
    yield Triple(subject, RDF_TYPE, f"<{_SH}SPARQLExecutable>")
    yield Triple(subject, RDF_TYPE, f"<{_SH}SPARQLSelectExecutable>")
    yield Triple(subject, f"<{_RDFS}comment>", literal(question.ja, language="ja"))
    yield Triple(subject, f"<{_RDFS}comment>", literal(question.en, language="en"))
    yield Triple(subject, f"<{_SH}select>", literal(question.query))
    yield Triple(subject, f"<{_SCHEMA}target>", f"<{base}/sparql>")
    for keyword in question.keywords:
        yield Triple(subject, f"<{_SCHEMA}keywords>", literal(keyword))


def queries_page(folder: Path) -> str:
    """The page of all questions, as Markdown."""
    questions = read_questions(folder)
    return "\n".join((_HEAD, *_contents(questions), *(line for q in questions for line in _section(q))))


def _contents(questions: Sequence[Question]) -> Iterator[str]:
    for question in questions:
        yield f"- [{question.name}](#{question.name}) {question.ja}"


def _section(question: Question) -> Iterator[str]:
    yield f"\n## {question.name}\n"
    yield f"{question.ja}\n\n{question.en}\n"
    yield f"{' · '.join(question.keywords)} — [答え / answer](../tests/competency/{question.name}.csv)\n"
    yield f"```sparql\n{question.query.rstrip()}\n```"
