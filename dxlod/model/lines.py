"""Line ranges of a source document: ``120-134;150``, counted from 1, inclusive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Lines"]

_RANGE = re.compile(r"([1-9][0-9]*)(?:-([1-9][0-9]*))?")


@dataclass(frozen=True, slots=True)
class Lines:
    """Sorted, disjoint, non-adjacent line ranges. Empty means: nowhere."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, *numbers: int) -> Lines:
        """The lines with these numbers, merged into ranges."""
        return cls.merge((number, number) for number in numbers)

    @classmethod
    def span(cls, first: int, last: int) -> Lines:
        """The lines from ``first`` to ``last``, both included."""
        return cls(((first, last),))

    @classmethod
    def merge(cls, ranges: Iterable[tuple[int, int]]) -> Lines:
        """Any ranges, sorted and merged where they touch or overlap."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    @classmethod
    def parse(cls, text: str) -> Lines:
        """Read ``120-134;150``. Raises ValueError where it is not of that form."""
        ranges = []
        for part in text.split(";"):
            match = _RANGE.fullmatch(part.strip())
            if match is None:
                raise ValueError(f"not a line range: {part!r}")
            first = int(match[1])
            last = int(match[2] or match[1])
            if last < first:
                raise ValueError(f"line range ends before it starts: {part!r}")
            ranges.append((first, last))
        return cls(tuple(ranges))

    def __or__(self, other: Lines) -> Lines:
        return Lines.merge((*self.ranges, *other.ranges))

    def __str__(self) -> str:
        return ";".join(str(a) if a == b else f"{a}-{b}" for a, b in self.ranges)

    def __iter__(self) -> Iterator[int]:
        for first, last in self.ranges:
            yield from range(first, last + 1)

    def __bool__(self) -> bool:
        return bool(self.ranges)
