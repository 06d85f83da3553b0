"""The table of results. It needs no run: the tests hold every test not excepted to pass and every exception to fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from . import suite

HEAD = """# W3C SPARQL 1.1 の試験 / W3C SPARQL 1.1 tests

動いているサービスに HTTP で問い合わせた結果です。評価の試験は、答えを XML・JSON・TSV（グラフは Turtle・RDF/XML・N-Triples）のすべてで比べます。
These tests are put to a running service over HTTP. Evaluation tests compare the answer in XML, JSON and TSV (graphs: Turtle,
RDF/XML and N-Triples), by value where the store canonicalises literals. `make test` runs them; `python -m tests.w3c` writes this page.

"""


def table() -> str:
    """The page, in Markdown."""
    return HEAD + "\n".join([*_counts(), "", *_exceptions(), "", *_not_applicable(), ""])


def _counts() -> Iterator[str]:
    every = list(suite.cases())
    total = Counter(case.folder for case in every)
    design = Counter(case.folder for case in every if case.iri in suite.by_design())
    engine = Counter(case.folder for case in every if case.iri in suite.exceptions()) - design
    yield "| suite | tests | pass | fail (engine) | not offered, by design |"
    yield "|---|---:|---:|---:|---:|"
    for name, number in sorted(total.items()):
        yield f"| {name} | {number} | {number - engine[name] - design[name]} | {engine[name]} | {design[name]} |"
    failing, refused = engine.total(), design.total()
    number = len(every) - failing - refused
    yield f"| **all** | **{len(every)}** | **{number}** | **{failing}** | **{refused}** |"
    yield ""
    share = number / (number + failing)
    yield f"Of the {number + failing} tests of what the service offers, {number} pass: {share:.1%}."


def _exceptions() -> Iterator[str]:
    yield "## 例外 / Exceptions"
    yield ""
    for iri, reason in suite.exceptions().items():
        yield f"- `{iri.removeprefix(suite.BASE)}`: {reason}"


def _not_applicable() -> Iterator[str]:
    yield "## 対象外 / Not applicable"
    yield ""
    for name, reason in sorted(suite.not_applicable().items()):
        yield f"- `{name}`: {reason}"
