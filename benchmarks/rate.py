"""How many requests are answered each second, to several clients at once, server beside server."""

from __future__ import annotations

import itertools
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.client import Connection, Rate, hurry
from benchmarks.queries import ASK, JSON, Query
from benchmarks.servers import Server

__all__ = ["Load", "Plan", "Rates", "not_modified", "rates"]

# So many different texts are repeated, and all were asked before.
REPEATED = 300
WARM = 10.0


@dataclass(frozen=True)
class Load:
    """A kind of request: what is asked, and whether it is new each time."""

    ja: str
    en: str
    query: Query
    distinct: bool


@dataclass
class Rates:
    """The runs of one load, by server."""

    load: Load
    runs: dict[str, list[Rate]] = field(default_factory=dict)

    def median(self, name: str) -> float | None:
        found = [run.per_second for run in self.runs.get(name, [])]
        return statistics.median(found) if found else None

    def refused(self, name: str) -> int:
        return sum(run.refused for run in self.runs.get(name, []))

    def client_share(self, name: str) -> float:
        return statistics.median(run.client_share for run in self.runs[name])


@dataclass(frozen=True)
class Plan:
    """So many runs of so many seconds with so many clients; servers that are asked for look-ups alone."""

    runs: int
    seconds: float
    clients: int
    look_ups_only: tuple[str, ...] = ()


def rates(
    servers: Sequence[Server], queries: Sequence[Query], plan: Plan, said: Callable[[str], None]
) -> list[Rates]:
    """Look-ups and lists of a city, new and repeated; the servers take turns in each run."""
    look_up, of_city = queries[0], queries[1]
    loads = [
        Load("検索・同じ問い", "look-up, repeated", look_up, False),
        Load("検索・毎回違う問い", "look-up, distinct", look_up, True),
        Load("市の一覧・同じ問い", "list of a city, repeated", of_city, False),
        Load("市の一覧・毎回違う問い", "list of a city, distinct", of_city, True),
    ]
    found, nonces = [Rates(load) for load in loads], itertools.count(2_000_000_000)
    for each in found:
        asked = [one for one in servers if each.load.query is look_up or one.name not in plan.look_ups_only]
        for server in asked:
            # Known to every cache, and at work, before the first run.
            first = itertools.islice(_requests(server, each.load, nonces), REPEATED)
            hurry(server.port, first, plan.clients, WARM)
        for run in range(plan.runs):
            for server in (*asked[run % len(asked) :], *asked[: run % len(asked)]):
                rate = hurry(server.port, _requests(server, each.load, nonces), plan.clients, plan.seconds)
                each.runs.setdefault(server.name, []).append(rate)
        said(f"rate: {each.load.en}")
    return found


def _requests(server: Server, load: Load, nonces: Iterator[int]) -> Iterator[bytes]:
    """Made ahead where they repeat; a new one is a known one with another number in its names, so that it costs little."""
    if not load.distinct:
        return itertools.cycle([server.request(load.query.same(number)) for number in range(REPEATED)])
    mark = 1_999_999_999
    moulds = [server.request(load.query.new(number, mark)) for number in range(REPEATED)]
    random.Random(1).shuffle(moulds)
    old = str(mark).encode()
    return (
        mould.replace(old, b"%d" % nonce)
        for mould, nonce in zip(itertools.cycle(moulds), nonces, strict=False)
    )


def not_modified(server: Server, times: int = 500) -> float | None:
    """Median seconds from request to 304 on a kept connection, one after the other; None without entity tags."""
    line = Connection(server.port)
    tag = line.ask(server.request(ASK)).fields.get(b"etag")
    if tag is None:
        return None
    request = server.request(ASK, JSON, f"If-None-Match: {tag.decode()}")
    answers = [line.ask(request) for _ in range(times)]
    line.close()
    good = [answer.seconds for answer in answers if answer.status == 304]
    return statistics.median(good) if len(good) == times else None
