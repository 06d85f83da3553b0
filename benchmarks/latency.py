"""How long the first answer to each researcher query takes, server beside server, and whether all say the same."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.answers import Content, content_of
from benchmarks.client import Connection
from benchmarks.queries import Query
from benchmarks.servers import Server

__all__ = ["Cell", "Row", "agree", "geometric_mean", "latencies", "ratio_of"]

LIMIT = 60.0
# One that takes so long is asked no more often than this.
SLOW, FEW = 5.0, 3


@dataclass
class Cell:
    """One server and one query: its answers when it was asked before all others, and seconds of those after."""

    contents: list[Content] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def fault(self) -> str:
        return next((content.fault for content in self.contents if content.fault), "")

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass
class Row:
    """One query over all servers, by their names; `other` names those that answer otherwise than most."""

    query: Query
    cells: dict[str, Cell]
    other: tuple[str, ...] = ()


def latencies(
    servers: Sequence[Server], queries: Sequence[Query], rounds: int, said: Callable[[str], None]
) -> list[Row]:
    """Ask everything once to compare, once to warm up, then `rounds` times, all servers in turn with each query."""
    asking = _Asking(servers)
    rows = []
    for query in queries:
        rows.append(asking.compare(query))
        said(_compared(rows[-1]))
    for turn in range(rounds + 1):
        for place, row in enumerate(rows):
            asking.measure(row, turn, place)
        said(f"round {turn} of {rounds}")
        if not turn:
            for cell in (cell for row in rows for cell in row.cells.values()):
                cell.seconds.clear()
    return rows


def _compared(row: Row) -> str:
    counts = sorted(
        {content.rows for cell in row.cells.values() for content in cell.contents if content.fine}
    )
    faults = [f"{name}: {cell.fault}" for name, cell in row.cells.items() if cell.fault]
    faults += [f"{name}: other rows" for name in row.other]
    return "; ".join((f"compared {row.query.en}: {', '.join(map(str, counts))} rows", *faults))


def agree(cells: dict[str, Cell]) -> tuple[str, ...]:
    """Names of the servers whose answers are not those of the most, among those that answered."""
    fine = {name: tuple(cell.contents) for name, cell in cells.items() if not cell.fault}
    if not fine:
        return ()
    most = Counter(fine.values()).most_common(1)[0][0]
    return tuple(name for name, contents in fine.items() if contents != most)


def ratio_of(row: Row, ours: str, theirs: str) -> float | None:
    """Median time of ours over theirs; None where one of them did not answer, or otherwise."""
    cells = [row.cells[name] for name in (ours, theirs)]
    if any(cell.fault or not cell.seconds for cell in cells) or {ours, theirs} & set(row.other):
        return None
    return cells[0].median / cells[1].median


def geometric_mean(ratios: Sequence[float]) -> float | None:
    """The geometric mean, None of nothing."""
    return math.exp(statistics.fmean(map(math.log, ratios))) if ratios else None


class _Asking:
    """One client that asks one thing at a time; every text that it sends is new."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = servers
        self._lines = {server.name: Connection(server.port, LIMIT) for server in servers}
        self._nonces: Iterator[int] = iter(range(1_000_000_000, 2_000_000_000))

    def compare(self, query: Query) -> Row:
        row = Row(query, {server.name: Cell() for server in self._servers})
        for number in range(2):
            for server in self._servers:
                cell = row.cells[server.name]
                if not cell.fault:
                    content, _ = self._ask(server, query, number)
                    cell.contents.append(content)
        row.other = agree(row.cells)
        return row

    def measure(self, row: Row, turn: int, place: int) -> None:
        """Every server once, each time in another order."""
        first = (turn + place) % len(self._servers)
        for server in (*self._servers[first:], *self._servers[:first]):
            cell = row.cells[server.name]
            if cell.fault or (len(cell.seconds) >= FEW and cell.median > SLOW):
                continue
            content, seconds = self._ask(server, row.query, turn + 2, read=False)
            if content.fault:
                cell.contents.append(content)
            cell.seconds.append(seconds)

    def _ask(self, server: Server, query: Query, number: int, read: bool = True) -> tuple[Content, float]:
        request = server.request(query.new(number, next(self._nonces)), query.accept)
        answer = self._lines[server.name].ask(request)
        if not answer.status:
            # It may compute on for nobody, to the harm of the others.
            server.restart()
            self._lines[server.name] = Connection(server.port, LIMIT)
        content = content_of(answer, query.accept) if read or answer.status != 200 else Content(0, "")
        return content, answer.seconds
