"""How much memory there is for query workers, and whether a store held in memory would leave enough to others.

Each worker comes to hold a copy of most of the store (see warm.py), so that a store that fits once may not fit as often
as there are workers.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from dxlod.settings import Settings

__all__ = ["fits_memory", "memory_bytes"]

_CGROUP = Path("/sys/fs/cgroup/memory.max")
_PER_BYTE = 1.6
"""Bytes that the engine takes for each of N-Quads; measured with 1 M triples of plans."""
_BESIDE = 4
"""Processes with the store beside the regular workers: the one that they are forked from, spare and slow ones."""
_SHARE = 0.5


def fits_memory(quads: int, settings: Settings) -> bool:
    """Whether N-Quads of so many bytes are served from memory: within the limit set, and within half of what is there."""
    copies = settings.query_workers + _BESIDE
    return quads <= settings.memory_store_limit and quads * _PER_BYTE * copies <= memory_bytes() * _SHARE


def memory_bytes(cgroup: Path = _CGROUP) -> int:
    """Bytes of memory of this machine, or of this container where it is given less."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    # "max" where there is no limit.
    with suppress(OSError, ValueError):
        return min(machine, int(cgroup.read_text(encoding="ascii")))
    return machine
