"""The chart of an indicator: what is drawn where, and what must never be drawn as a number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dxlod.site.chart import HEIGHT, LEFT, STEP, TOP, Datum, draw, nice_ticks


def number(year: int, value: str, kind: str = "target") -> Datum:
    return Datum(f"FY{year}", kind, year, Decimal(value), f"{value}件")


def gap(year: int | None, status: str, text: str = "") -> Datum:
    return Datum(f"FY{year}", "target", year, None, text or status, status)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (31, 100, [0, 25, 50, 75, 100]),
        (0, 0, [0, 1]),
        (1, 1, [0, 0.25, 0.5, 0.75, 1]),
        (98, 100, [98, 98.5, 99, 99.5, 100]),
        (-5, 5, [-5, -2.5, 0, 2.5, 5]),
        (0.2, 0.5, [0, 0.2, 0.4, 0.6]),
        (1120, 284405, [0, 100000, 200000, 300000]),
    ],
)
def test_the_scale_has_round_numbers_and_begins_at_zero_unless_values_lie_close(
    low: float, high: float, ticks: list[float]
) -> None:
    assert nice_ticks(low, high) == ticks


def test_a_number_stands_at_its_height_and_year() -> None:
    chart = draw([number(2024, "31", "baseline"), number(2026, "55"), number(2029, "100")])
    assert chart is not None
    assert [point.x - LEFT - 30 for point in chart.points] == [0, 2 * STEP, 5 * STEP]
    assert [round((TOP + HEIGHT - point.y) / HEIGHT * 100) for point in chart.points] == [31, 55, 100]
    assert [point.kind for point in chart.points] == ["baseline", "target", "target"]
    assert chart.zero
    assert all(0 <= point.x <= chart.width and 0 <= point.y <= chart.height for point in chart.points)


def test_none_unknown_and_words_are_marks_below_the_scale_and_break_the_line() -> None:
    chart = draw(
        [number(2024, "5", "baseline"), gap(2026, "none", "なし"), number(2027, "8"), number(2028, "9")]
    )
    assert chart is not None
    assert [(mark.text, mark.status) for mark in chart.marks] == [("なし", "none")]
    assert len(chart.points) == 3
    assert [(line.x1, line.x2) for line in chart.segments] == [(chart.points[1].x, chart.points[2].x)]
    assert all(point.y < chart.floor for point in chart.points)


def test_a_value_without_a_year_comes_after_the_others() -> None:
    chart = draw([gap(None, "unknown"), number(2025, "1"), number(2026, "2")])
    assert chart is not None
    assert chart.marks[0].x > max(point.x for point in chart.points)


def test_fewer_than_two_numbers_are_no_chart() -> None:
    assert draw([]) is None
    assert draw([number(2024, "1"), gap(2025, "none"), gap(2026, "unknown")]) is None


def test_far_apart_years_stand_side_by_side() -> None:
    chart = draw([number(1995, "1"), number(2030, "2")])
    assert chart is not None
    assert chart.points[1].x - chart.points[0].x == STEP


def test_the_line_to_a_target_is_planned_and_to_an_actual_value_is_not() -> None:
    chart = draw([number(2022, "1", "baseline"), number(2023, "2", "actual"), number(2025, "4")])
    assert chart is not None
    assert [line.planned for line in chart.segments] == [False, True]


def test_an_axis_that_does_not_begin_at_zero_says_so() -> None:
    chart = draw([number(2024, "98", "baseline"), number(2025, "99.5")])
    assert chart is not None
    assert not chart.zero
    assert chart.scale[0].text == "98"


def test_a_long_print_leaves_its_unit_to_the_axis() -> None:
    long = Datum("FY2024", "baseline", 2024, Decimal("12500"), "12,500データセット")
    chart = draw([long, number(2026, "90")])
    assert chart is not None
    assert [point.text for point in chart.points] == ["12,500", "90件"]
