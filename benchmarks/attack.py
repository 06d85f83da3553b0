"""Cross products against a deadline: how late they end, and what others wait meanwhile.

Half of them need more and more memory and may be ended for that; the others, of initiatives alone, need nothing but
time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.queries import ASK, PREFIXES
from benchmarks.servers import Server

__all__ = ["Attack", "attack"]

BOMBS = 8
PATIENCE = 10.0
GREEDY = "SELECT (COUNT(*) AS ?n%d) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"
PATIENT = (
    PREFIXES
    + "SELECT (COUNT(*) AS ?n%d) {"
    + " . ".join(f"?{name} a dxo:Initiative" for name in "abcde")
    + "}"
)


@dataclass(frozen=True)
class Attack:
    """Seconds of an ASK meanwhile, how late the last bomb ended (None: it did not), and how they were answered."""

    p50: float
    p99: float
    late: float | None
    answers: str


def attack(server: Server) -> Attack:
    """Eight cross products at once; a server that does not end them is left `PATIENCE` seconds after its deadline."""
    return asyncio.run(_Attack(server).run())


class _Attack:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._waits: list[float] = []
        self._ends: list[float] = []
        self._said: Counter[str] = Counter()

    async def run(self) -> Attack:
        bombs = [asyncio.create_task(self._bomb(number)) for number in range(BOMBS)]
        await asyncio.gather(self._ask(), *bombs)
        waits, late = sorted(self._waits), max(self._ends) - self._server.deadline
        said = ", ".join(f"{count} × {text}" for text, count in sorted(self._said.items()))
        ended = "none" not in self._said
        return Attack(
            waits[len(waits) // 2], waits[int(len(waits) * 0.99)], max(0.0, late) if ended else None, said
        )

    async def _bomb(self, number: int) -> None:
        begin, limit = _now(), self._server.deadline + PATIENCE
        status = await self._exchange((PATIENT if number % 2 else GREEDY) % number, limit)
        self._said[status] += 1
        self._ends.append(_now() - begin)

    async def _ask(self) -> None:
        number = 0
        while len(self._ends) < BOMBS:
            begin = _now()
            await self._exchange(f"{ASK} # {number}", self._server.deadline + PATIENCE)
            self._waits.append(_now() - begin)
            number += 1
            await asyncio.sleep(0.02)

    async def _exchange(self, query: str, limit: float) -> str:
        """The status line's number over a connection of its own, once the answer is whole; "none" without one."""
        with suppress(TimeoutError, OSError, asyncio.IncompleteReadError):
            async with asyncio.timeout(limit):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._server.port)
                try:
                    writer.write(self._server.request(query, "*/*", "Connection: close"))
                    head = await reader.readuntil(b"\r\n\r\n")
                    await reader.read()
                    return head[9:12].decode()
                finally:
                    writer.close()
        return "none"


def _now() -> float:
    return asyncio.get_running_loop().time()
