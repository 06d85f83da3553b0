"""report.html says what was checked, and of each result where to mend it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dxlod.release import Location, Release, open_current
from dxlod.release.report_page import focus_counts, report_page
from dxlod.release.shapelist import NodeShape, list_shapes
from dxlod.release.terms import Quad, parse_quads
from dxlod.settings import Settings
from dxlod.validation import Result, Severity

SH = "http://www.w3.org/ns/shacl#"
KPI = "https://w3id.org/dxlod/id/plan/212016/dx/2025/kpi/1-1-1"
WARNING = Result(
    Severity.WARNING,
    KPI,
    "https://w3id.org/dxlod/ns#unit",
    "<b>&",
    "https://w3id.org/dxlod/shapes#Units",
    f"{SH}MinCountConstraintComponent",
    "単位がありません。",
    "There is no unit.",
)
SHAPE = NodeShape("https://w3id.org/dxlod/shapes#Units", "x.ttl", ("urn:C",), ("urn:p",), ())


class Text(HTMLParser):
    """Texts by table row, and every start tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.rows and data.strip():
            self.rows[-1].append(data.strip())


@pytest.fixture(scope="module")
def current(releases: Path) -> Release:
    return open_current(Settings(releases=releases))


def page(results: tuple[Result, ...], place: Location | None = None) -> str:
    return "".join(report_page("2026-10-01-00000000", results, (SHAPE,), {SHAPE.shape: 3}, lambda *_: place))


def test_a_result_says_file_row_column_and_mend() -> None:
    text = page((WARNING,), Location("212016/212016_indicator.csv", 5, "単位"))
    row = Text(text).rows[1]
    assert row[:4] == ["注意", "warning", "単位がありません。", "There is no unit."]
    assert row[4:9] == [KPI, "<b>&", "212016/212016_indicator.csv", "5", "単位"]
    assert "5 行目" in row[9]
    assert "row 5" in row[10]
    assert "<b>" not in text


def test_a_result_from_no_table_says_so() -> None:
    assert "Not from a table." in page((WARNING,))


def test_nothing_found_is_said() -> None:
    text = page(())
    assert "直すところは見つかりませんでした。" in text
    assert "Nothing to mend was found." in text
    assert "3 applications in all" in text


def test_the_release_lists_every_rule_with_what_it_was_put_to(current: Release) -> None:
    text = (current.path / "report.html").read_text(encoding="utf-8")
    shapes = list_shapes(sorted(Settings().shapes.glob("*.ttl")))
    rows = {row[0]: row for row in Text(text).rows}
    assert {shape.shape.rpartition("#")[2] for shape in shapes} <= set(rows)
    indicators = len(re.findall(r"#type> <https://w3id.org/dxlod/ns#Indicator> ", nquads(current)))
    assert f"{indicators}" in rows["Indicator"] or any(str(indicators) in row for row in rows.values())
    assert current.version in text


def nquads(release: Release) -> str:
    return release.quads.read_text(encoding="utf-8")


def test_focus_nodes_are_counted_once_with_those_of_subclasses() -> None:
    lines = (
        "<urn:1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:C> <urn:g> .",
        "<urn:1> <urn:p> <urn:x> <urn:g> .",
        "<urn:2> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:E> <urn:g> .",
        "<urn:3> <urn:p> <urn:y> <urn:h> .",
        "<urn:4> <urn:q> <urn:y> <urn:h> .",
        "<urn:D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:C> <urn:o> .",
        "<urn:E> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:D> <urn:o> .",
    )
    quads: list[Quad] = list(parse_quads(lines))
    assert focus_counts((SHAPE,), quads) == {SHAPE.shape: 3}
