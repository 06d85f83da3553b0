"""Parameters of the example queries: terms are replaced whole, and only by what their kind allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxlod.errors import QueryError, ReleaseError
from dxlod.release.parameters import KINDS, Parameter, bind, read_parameter
from dxlod.release.queries import read_question

BASE = "https://data.example.jp/dx"
YEAR = Parameter("year", "year", "fy:2027")
WORDS = Parameter("words", "text", '"窓口"@ja')


def put(query: str, *parameters: Parameter, **given: str) -> str:
    return bind(query, parameters, given, lambda iri: "2099" not in iri, BASE)


def test_a_term_is_replaced_wherever_it_stands_whole() -> None:
    query = "fy:2027 fy:20271 xfy:2027 fy:2027-1 fy:2027."
    new = "<https://w3id.org/dxlod/id/fy/2030>"
    assert put(query, YEAR, year="2030") == f"{new} fy:20271 xfy:2027 fy:2027-1 {new}."


def test_nothing_given_changes_nothing() -> None:
    assert put("fy:2027", YEAR) == "fy:2027"
    assert put("fy:2027", YEAR, year="") == "fy:2027"


def test_a_value_is_not_replaced_by_another_value() -> None:
    both = put('"窓口"@ja fy:2027', WORDS, YEAR, words="fy:2027", year="2030")
    assert both == '"fy:2027"@ja <https://w3id.org/dxlod/id/fy/2030>'


def test_text_keeps_its_language_and_is_escaped() -> None:
    assert put('"窓口"@ja', WORDS, words='a"b\\') == '"a\\"b\\\\"@ja'


def test_a_plan_is_named_by_its_slug() -> None:
    parameter = Parameter("plan", "plan", "<https://w3id.org/dxlod/id/plan/212016/dx-action/2025>")
    assert parameter.default == "212016-dx-action-2025"
    bound = put(parameter.term, parameter, plan="212016-it-optimization-2")
    assert bound == f"<{BASE}/id/plan/212016/it-optimization/2>"


@pytest.mark.parametrize("value", ["27", "2099", "2027> ?p", "２０２７", "-1"])
def test_what_is_no_such_value(value: str) -> None:
    with pytest.raises(QueryError, match="year"):
        put("fy:2027", YEAR, year=value)


def test_examples_of_kinds_are_of_their_kind() -> None:
    for name, kind in KINDS.items():
        parameter = Parameter("it", name, '"x"' if not kind.place and name == "text" else "x:1")
        assert put(parameter.term, parameter, it=kind.example) != parameter.term


@pytest.mark.parametrize("line", ["year", "year year", "Year year fy:1", "year month fy:1"])
def test_what_is_no_declaration(line: str) -> None:
    assert read_parameter(line) is None


def test_a_parameter_must_be_in_the_query(tmp_path: Path) -> None:
    path = tmp_path / "cq01-x.rq"
    path.write_text(
        "# ja: 何か。\n# en: What?\n# keywords: x\n# param: year year fy:2027\nASK {}\n", encoding="utf-8"
    )
    with pytest.raises(ReleaseError, match=r"cq01-x\.rq"):
        read_question(path)
