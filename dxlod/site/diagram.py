"""A class diagram, laid out in columns: boxes whose rows are the properties, and lines that never cross a box.

A line leaves its row to the right, runs down a lane of the gutter beside the column, and enters its target. All lines
of a gutter that lead to one target share a lane, so that they read as one. Where a target stands several columns on,
the line crosses the columns between in the space between two boxes. Units are those of SVG user space (pixels).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Box", "Diagram", "Line", "Placed", "Row", "draw"]

WIDTH, HEAD, ROW, GAP, LANE, MARGIN = 170, 46, 19, 40, 8, 8
_ROOM = (GAP - 10) // 5


@dataclass(frozen=True)
class Row:
    """A property of a class, and the boxes that it leads to."""

    name: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A class in a column (counted from 0); the order of the boxes is their order in the column."""

    key: str
    column: int
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A box with its corner and height; `ys` are the middles of its rows."""

    box: Box
    x: int
    y: int
    height: int

    @property
    def ys(self) -> tuple[int, ...]:
        """Where the line of each row begins."""
        return tuple(self.y + HEAD + ROW * at + ROW // 2 for at in range(len(self.box.rows)))


@dataclass(frozen=True)
class Line:
    """One line from a row to a box as SVG path data; `hue` (1 to 6) is that of the target."""

    source: str
    name: str
    target: str
    path: str
    hue: int


@dataclass(frozen=True)
class Diagram:
    """Boxes and lines, and the size of the whole."""

    boxes: tuple[Placed, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


@dataclass
class _Sheet:
    """What drawing a line needs to know: where the boxes stand, and which lanes are taken."""

    placed: Mapping[str, Placed]
    lefts: Sequence[int]
    lanes: dict[int, list[str]]
    channels: dict[tuple[int, int], list[str]] = field(default_factory=dict)

    def lane(self, gutter: int, target: str) -> int:
        """x of the lane of a target in the gutter right of a column."""
        return self.lefts[gutter] + WIDTH + LANE * (1 + self.lanes[gutter].index(target))

    def channel(self, column: int, near: int, target: str) -> int:
        """y of a way through a column close to `near`: between two boxes while there is room, or below the last."""
        tops = [item.y for item in self.placed.values() if item.box.column == column]
        ends = [item.y + item.height for item in self.placed.values() if item.box.column == column]
        gaps = [min(tops) - GAP, *ends] if tops else [near]
        room = [y for y in gaps[:-1] if len(self.channels.get((column, y), ())) < _ROOM] + gaps[-1:]
        # A gap that others go through is a little farther away.
        start = min(
            room, key=lambda y: (abs(y + GAP // 2 - near) + 15 * len(self.channels.get((column, y), ())), y)
        )
        taken = self.channels.setdefault((column, start), [])
        if target not in taken:
            taken.append(target)
        return start + 6 + 5 * taken.index(target)


def draw(boxes: Sequence[Box]) -> Diagram:
    """Lay out boxes and lines. Targets that are no box are left out."""
    keys = {box.key: box for box in boxes}
    ends = [(b, row, t) for b in boxes for row in b.rows for t in row.targets if t in keys]
    lanes = _lanes(ends, keys)
    lefts = _lefts(max((box.column for box in boxes), default=0), lanes)
    placed = _place(boxes, lefts)
    sheet = _Sheet(placed, lefts, lanes)
    hues = {key: 1 + at % 6 for at, key in enumerate(dict.fromkeys(t for *_, t in ends))}
    lines = tuple(Line(b.key, row.name, t, _path(sheet, b, row, t), hues[t]) for b, row, t in ends)
    width = lefts[-1] + WIDTH + LANE * (1 + len(lanes.get(len(lefts) - 1, ()))) + MARGIN
    height = max((item.y + item.height for item in placed.values()), default=0) + GAP
    return Diagram(tuple(placed.values()), lines, width, height)


def _lanes(ends: Sequence[tuple[Box, Row, str]], keys: Mapping[str, Box]) -> dict[int, list[str]]:
    """The targets that have a lane in each gutter: that of the source, and every one a line passes through."""
    lanes: dict[int, list[str]] = {}
    for box, _, target in ends:
        to = keys[target].column
        gutters = range(box.column, to) if to > box.column else range(to, box.column + 1)
        for gutter in gutters:
            if target not in lanes.setdefault(gutter, []):
                lanes[gutter].append(target)
    return lanes


def _lefts(last: int, lanes: Mapping[int, Sequence[str]]) -> list[int]:
    lefts = [MARGIN]
    for column in range(last):
        lefts.append(lefts[-1] + WIDTH + LANE * (2 + len(lanes.get(column, ()))))
    return lefts


def _place(boxes: Sequence[Box], lefts: Sequence[int]) -> dict[str, Placed]:
    tops: dict[int, int] = {}
    placed: dict[str, Placed] = {}
    for box in boxes:
        y = tops.get(box.column, GAP)
        height = HEAD + ROW * len(box.rows) + (6 if box.rows else 0)
        placed[box.key] = Placed(box, lefts[box.column], y, height)
        tops[box.column] = y + height + GAP
    return placed


def _path(sheet: _Sheet, box: Box, row: Row, target: str) -> str:
    source, end = sheet.placed[box.key], sheet.placed[target]
    y = source.ys[box.rows.index(row)]
    steps = [f"M{source.x + WIDTH} {y}"]
    goal = end.y + HEAD // 2
    if end.box.column > box.column:
        for column in range(box.column, end.box.column):
            last = column + 1 == end.box.column
            y = goal if last else sheet.channel(column + 1, y, target)
            steps.append(f"H{sheet.lane(column, target)}V{y}")
        return "".join((*steps, f"H{end.x}"))
    for column in range(box.column, end.box.column, -1):
        y = sheet.channel(column, y, target)
        steps.append(f"H{sheet.lane(column, target)}V{y}")
    return "".join((*steps, f"H{sheet.lane(end.box.column, target)}V{goal}H{end.x + WIDTH}"))
