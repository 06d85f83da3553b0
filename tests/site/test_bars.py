"""Bars of an answer: lengths in proportion, zero in its place, nothing drawn where nothing is to be compared."""

from __future__ import annotations

from dxlod.site.bars import Bars, bars_of


def chart(*rows: tuple[str, float | None]) -> Bars | None:
    return bars_of(
        ("name", "n"), [[name, str(n)] for name, n in rows], [[None, number] for _, number in rows]
    )


def test_lengths_are_in_proportion() -> None:
    drawn = chart(("a", 10.0), ("b", 5.0), ("c", 0.0))
    assert drawn is not None
    assert [bar.length for bar in drawn.bars] == [400.0, 200.0, 0.0]
    assert (drawn.zero, drawn.label, drawn.measure) == (0.0, "name", "n")


def test_less_than_zero_goes_the_other_way() -> None:
    drawn = chart(("a", -100.0), ("b", 300.0))
    assert drawn is not None
    assert drawn.zero == 100.0
    assert [(bar.start, bar.length) for bar in drawn.bars] == [(0.0, 100.0), (100.0, 300.0)]


def test_nothing_to_compare() -> None:
    assert chart(("a", 1.0)) is None
    assert chart(("a", 0.0), ("b", 0.0)) is None
    assert chart(("a", 1.0), ("b", None)) is None
    assert chart(*[(str(n), float(n)) for n in range(41)]) is None


def test_numbers_alone_name_themselves_by_the_first() -> None:
    drawn = bars_of(("year", "n"), [["2025", "1"], ["2026", "2"]], [[2025.0, 1.0], [2026.0, 2.0]])
    assert drawn is not None
    assert [bar.label for bar in drawn.bars] == ["2025", "2026"]
    assert bars_of(("n",), [["1"], ["2"]], [[1.0], [2.0]]) is None


def test_bars_are_named_by_the_column_that_tells_most_rows_apart() -> None:
    found = bars_of(
        ["city", "department", "n"],
        [["徳島市", "住民課", "5"], ["徳島市", "総務課", "4"]],
        [[None, None, 5.0], [None, None, 4.0]],
    )
    assert found is not None
    assert found.label == "department"
    assert [bar.label for bar in found.bars] == ["住民課", "総務課"]
