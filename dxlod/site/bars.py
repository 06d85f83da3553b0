"""A bar chart of an answer: the column of text that tells most rows apart names the bars, the last column of
numbers is their length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Bar", "Bars", "bars_of"]

_MOST = 40
_WIDTH = 400.0


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its value as the answer says it, where it starts and how long it is (of 400 units)."""

    label: str
    value: str
    start: float
    length: float


@dataclass(frozen=True)
class Bars:
    """A chart: names of the two columns, the bars in the order of the answer, where zero lies (of 400 units)."""

    label: str
    measure: str
    bars: tuple[Bar, ...]
    zero: float


def bars_of(
    columns: Sequence[str], labels: Sequence[Sequence[str]], numbers: Sequence[Sequence[float | None]]
) -> Bars | None:
    """The chart of a table, or None where there is nothing to compare.

    `labels` are the cells as text; `numbers` the same cells as numbers, None where a cell is none.
    """
    if not 2 <= len(labels) <= _MOST:
        return None
    numeric = [i for i in range(len(columns)) if all(row[i] is not None for row in numbers)]
    names = [i for i in range(len(columns)) if i not in numeric]
    if not numeric or not (names or len(numeric) > 1):
        return None
    measure = numeric[-1]
    # The first of those that tell most rows apart: six bars of the same city would say nothing.
    name = max(names, key=lambda i: len({row[i] for row in labels})) if names else numeric[0]
    values = [row[measure] or 0.0 for row in numbers]
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        return None
    scale = _WIDTH / (high - low)
    zero = -low * scale
    bars = tuple(
        Bar(row[name], row[measure], round(zero + min(0.0, value) * scale, 1), round(abs(value) * scale, 1))
        for row, value in zip(labels, values, strict=True)
    )
    return Bars(columns[name], columns[measure], bars, round(zero, 1))
