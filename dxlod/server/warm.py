"""Making the memory that a forked worker shares its own, piece by piece, while it has nothing to do.

The engine counts references to each quad that it visits, so reading writes: the first query over a part of the store
copies its pages, one fault at a time, which takes several times as long as the query. `MADV_POPULATE_WRITE` (Linux
5.14) copies them in bulk beforehand. Where it is not known, queries do it as before.
"""

from __future__ import annotations

import ctypes
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["warming"]

_POPULATE_WRITE = 23
_STEP = 2 << 20
_LIBC = ctypes.CDLL(None)

_Range = tuple[int, int]


def warming(most: int) -> Iterator[None]:
    """Copies some 2 MiB each time it is asked; nothing where more than `most` bytes would have to be copied.

    To be called before the process loses its right to open files, though it may go on afterwards.
    """
    if sys.platform != "linux" or _shared() > most:
        return iter(())
    return _warm(list(_written()))


def _warm(ranges: list[_Range]) -> Iterator[None]:
    for begin, end in ranges:
        for start in range(begin, end, _STEP):
            for first, last in _present(start, min(start + _STEP, end)):
                if _LIBC.madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), _POPULATE_WRITE):
                    return
            yield


def _present(start: int, end: int) -> list[_Range]:
    """The parts of a range that are in memory; what was only reserved must not be made real."""
    page = resource.getpagesize()
    found = (ctypes.c_ubyte * ((end - start) // page))()
    if _LIBC.mincore(ctypes.c_void_p(start), ctypes.c_size_t(end - start), found):
        return []
    there = bytes(value & 1 for value in found)
    parts, place = [], there.find(1)
    while place >= 0:
        past = there.find(0, place)
        past = len(there) if past < 0 else past
        parts.append((start + place * page, start + past * page))
        place = there.find(1, past)
    return parts


def _written() -> Iterator[_Range]:
    """What this process may write and shares with no file: its heap and what is mapped beside it."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if fields[1] == "rw-p" and (len(fields) < 6 or fields[5] == "[heap]"):
            begin, _, end = fields[0].partition("-")
            yield int(begin, 16), int(end, 16)


def _shared() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
