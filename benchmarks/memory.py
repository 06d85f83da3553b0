"""What a service's processes hold in memory, by /proc, before and after many requests."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import hurry
from benchmarks.queries import Query
from benchmarks.servers import Server

__all__ = ["Held", "Memory", "growth"]

_LOOK, _LONGEST, _STEADY = 2.0, 120.0, 1.0


@dataclass(frozen=True)
class Held:
    """MiB of all processes: resident, and with what they share counted once; and their number."""

    rss: float
    pss: float
    processes: int


@dataclass(frozen=True)
class Memory:
    """At first, when workers have made their copies; when caches are full; and after so many requests more."""

    first: Held
    full: Held
    after: Held
    requests: int

    @property
    def growth(self) -> float:
        return self.after.pss / self.full.pss - 1


def growth(
    server: Server, queries: Sequence[Query], requests: int, clients: int, said: Callable[[str], None]
) -> Memory:
    """Look-ups and lists, half of them new: as many again beforehand, so that what may be kept has been kept."""
    nonces, first = itertools.count(3_000_000_000), _settled(server.pid)
    _ask(server, queries, requests, clients, nonces)
    full = _held(server.pid)
    said(f"memory: {full.pss:.0f} MiB after the first {requests} requests")
    _ask(server, queries, requests, clients, nonces)
    return Memory(first, full, _held(server.pid), requests)


def _ask(
    server: Server, queries: Sequence[Query], requests: int, clients: int, nonces: Iterator[int]
) -> None:
    def texts() -> Iterator[bytes]:
        for number in range(requests):
            query = queries[0] if number % 8 else queries[1]
            yield server.request(
                query.new(number // 2, next(nonces)) if number % 2 else query.same(number % 200)
            )

    hurry(server.port, texts(), clients, 3600)


def _settled(pid: int) -> Held:
    """What is held once no more is taken without any request, to a MiB: workers copy the store while they are idle."""
    end, before = time.monotonic() + _LONGEST, _held(pid)
    while time.monotonic() < end:
        time.sleep(_LOOK)
        held = _held(pid)
        if abs(held.pss - before.pss) < _STEADY:
            return held
        before = held
    return before


def _held(pid: int) -> Held:
    family = list(_family(pid))
    sums = [_rollup(member) for member in family]
    return Held(sum(rss for rss, _ in sums), sum(pss for _, pss in sums), len(family))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from _family(int(child))


def _rollup(pid: int) -> tuple[float, float]:
    """Rss and Pss of one process in MiB; nothing of one that has ended."""
    with suppress(OSError):
        lines = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        )
        return int(lines["Rss"].split()[0]) / 1024, int(lines["Pss"].split()[0]) / 1024
    return 0.0, 0.0
