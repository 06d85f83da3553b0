"""Pure values: line ranges, years, codes, text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dxlod.model.codes import corporate_number, is_local_government_code
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy, trim_sentence
from dxlod.model.years import (
    era_year,
    find_fiscal_years,
    find_year_month,
    fiscal_year_of,
    has_wareki,
    year_forms,
)


@pytest.mark.parametrize(
    ("text", "numbers"), [("7", [7]), ("120-122;150", [120, 121, 122, 150]), ("3;4;5", [3, 4, 5])]
)
def test_lines_are_read(text: str, numbers: list[int]) -> None:
    assert list(Lines.parse(text)) == numbers


@pytest.mark.parametrize("text", ["", "0", "5-3", "a", "1,2", "1;", "-4", "1-2-3"])
def test_malformed_lines_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line range"):
        Lines.parse(text)


@given(st.lists(st.integers(1, 400), min_size=1))
def test_lines_are_a_set_of_numbers(numbers: list[int]) -> None:
    lines = Lines.of(*numbers)
    assert list(lines) == sorted(set(numbers))
    assert Lines.parse(str(lines)) == lines


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("212016", True),
        ("212130", True),
        ("212075", True),
        ("362018", True),
        ("212017", False),
        ("21201", False),
        ("２１２０１６", False),
    ],
)
def test_check_digit(code: str, right: bool) -> None:
    assert is_local_government_code(code) is right


def test_corporate_number_is_the_one_seen() -> None:
    assert corporate_number("362018") == "6000020362018"
    assert corporate_number("210005") == "4000020210005"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("令和8年度", [2026]),
        ("平成31年度 令和元年度", [2019, 2019]),
        ("(R 4)", [2022]),
        ("2024年度", [2024]),
        ("令和８年度", [2026]),
        ("RPA7", []),
        ("昭和38年", []),
    ],
)
def test_fiscal_years(text: str, years: list[int]) -> None:
    assert find_fiscal_years(text) == years


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("令和8年2月9日", ["2026-02-09"]),
        ("2024年（令和6年）1月", ["2024-01"]),
        ("平成27年9月", ["2015-09"]),
        ("令和3年", ["2021"]),
    ],
)
def test_dates_keep_their_precision(text: str, dates: list[str]) -> None:
    assert find_year_month(text) == dates


def test_years_between_april_and_march() -> None:
    assert fiscal_year_of(2024, 1) == 2023
    assert fiscal_year_of(2024, 4) == 2024
    assert era_year("令和", "元") == 2019
    assert {"令和8年", "R8", "2026"} <= year_forms(2026)


@pytest.mark.parametrize(
    ("text", "found"), [("令和8年度", True), ("R8", True), ("2026", False), ("DX2026", False)]
)
def test_wareki_is_seen(text: str, found: bool) -> None:
    assert has_wareki(text) is found


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("市民 サービス", "市民サービス"),
        ("防災D Xの推進", "防災DXの推進"),
        ("窓口DX SaaS", "窓口DX SaaS"),
        ("ＩＣＴ部門", "ICT部門"),
        ("（仮称） 計画", "（仮称）計画"),
        ("Ｅ Ｂ Ｐ Ｍ の推進", "EBPMの推進"),
    ],
)
def test_wrap_spaces_go_and_punctuation_stays(printed: str, shown: str) -> None:
    assert tidy(printed) == shown


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
@example("0\n0")
def test_tidy_changes_nothing_that_fold_sees(text: str) -> None:
    assert fold(tidy(text)) == fold(text)
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(alphabet="市民のために情報をします。図りに努め行い ", min_size=1, max_size=40))
def test_a_trimmed_sentence_is_part_of_it(text: str) -> None:
    assert fold(trim_sentence(text)) in fold(text)
