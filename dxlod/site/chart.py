"""A chart of an indicator, as geometry: values by fiscal year as points, and what is no number as a mark below them.

Units are those of SVG user space (pixels); y grows downwards. What is none, unknown or words never becomes a point, and
a line joins only numbers of one unit whose years follow each other without such a gap between.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

__all__ = ["Chart", "Datum", "Mark", "Point", "Segment", "Tick", "draw", "nice_ticks"]

STEP, LEFT, RIGHT, TOP, HEIGHT, BAND = 78, 54, 40, 34, 190, 30
MOST_YEARS, MOST_SIGNS = 10, 7
"""Width of one slot, margins, height of the field of numbers, height of the band of what is no number, the
most years that are drawn true to scale, and the most signs of a print beside its point."""


@dataclass(frozen=True)
class Datum:
    """One value: `slot` is the text under it, `kind` baseline, target or actual, `number` None where it is no number.

    `year` orders the slots (None comes last); `text` is what is printed, `status` what it is, such as none.
    """

    slot: str
    kind: str
    year: int | None
    number: Decimal | None
    text: str
    status: str = "number"


@dataclass(frozen=True)
class Point:
    """A number: its place, its print, its kind."""

    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True)
class Mark:
    """What is no number: its place in the band below, its print, its status."""

    x: float
    text: str
    status: str


@dataclass(frozen=True)
class Segment:
    """A line between two points; `planned`: it leads to a target."""

    x1: float
    y1: float
    x2: float
    y2: float
    planned: bool


@dataclass(frozen=True)
class Tick:
    """A label of an axis at its place (x of a slot, y of a number)."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """All that is drawn. `zero`: the axis begins at zero."""

    width: int
    height: int
    floor: float
    left: int
    right: float
    points: Sequence[Point]
    marks: Sequence[Mark]
    segments: Sequence[Segment]
    slots: Sequence[Tick]
    scale: Sequence[Tick]
    zero: bool


def draw(data: Sequence[Datum]) -> Chart | None:
    """The chart of some values in their order; None where fewer than two are numbers, which a table says better."""
    data = sorted(data, key=lambda item: item.year or 9999)
    numbers = [float(item.number) for item in data if item.number is not None]
    if len(numbers) < 2:
        return None
    ticks = nice_ticks(min(numbers), max(numbers))
    floor = float(TOP + HEIGHT)
    band = BAND if len(numbers) < len(data) else 0
    xs = _columns(data)
    points = [
        Point(x, _y(float(item.number), ticks), _shown(item), item.kind) if item.number is not None else None
        for item, x in zip(data, xs, strict=True)
    ]
    return Chart(
        width=round(max(xs)) + RIGHT,
        height=TOP + HEIGHT + band + 28,
        floor=floor,
        left=LEFT,
        right=max(xs) + 30,
        points=[point for point in points if point],
        marks=[
            Mark(x, item.text, item.status) for item, x in zip(data, xs, strict=True) if item.number is None
        ],
        segments=_segments(points),
        slots=[Tick(x, item.slot) for item, x in zip(data, xs, strict=True)],
        scale=[Tick(_y(tick, ticks), _plain(tick)) for tick in ticks],
        zero=ticks[0] == 0,
    )


def nice_ticks(low: float, high: float) -> list[float]:
    """Round numbers from at most `low` to at least `high`; from zero unless all values lie close together above it."""
    if (0 <= low < 0.7 * high) or low == high:
        low = min(0.0, low)
    if high <= 0 < high - low:
        high = 0.0
    step = _nice((high - low) / 4 or 1.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * at, 10) for at in range(first, max(last, first + 1) + 1)]


def _shown(item: Datum) -> str:
    """What is printed, or the number alone where that would run into its neighbours: the axis names the unit."""
    return item.text if len(item.text) <= MOST_SIGNS or item.number is None else _plain(float(item.number))


def _nice(rough: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 and their tenfolds."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))


def _y(number: float, ticks: Sequence[float]) -> float:
    share = (number - ticks[0]) / (ticks[-1] - ticks[0])
    return round(TOP + HEIGHT * (1 - share), 1)


def _columns(data: Sequence[Datum]) -> list[float]:
    """A place for each value: true to the years where they are few, what has no year after them; else one by one."""
    years = [item.year for item in data if item.year is not None]
    if not years or max(years) - min(years) > MOST_YEARS:
        return [float(LEFT + 30 + STEP * at) for at in range(len(data))]
    after = max(years) - min(years) + 1
    undated = iter(range(after, after + len(data)))
    slots = [next(undated) if item.year is None else item.year - min(years) for item in data]
    return [float(LEFT + 30 + STEP * slot) for slot in slots]


def _segments(points: Sequence[Point | None]) -> list[Segment]:
    return [
        Segment(before.x, before.y, after.x, after.y, after.kind == "target")
        for before, after in pairwise(points)
        if before and after
    ]


def _plain(number: float) -> str:
    text = f"{number:,.10f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"
