"""This SPARQL service beside others, over generated plans, in one run.

    python benchmarks/service.py --triples 20000 --write
    python benchmarks/service.py --triples 1000000 --write

Twelve researcher queries (first answers), requests a second with eight clients, cross products against a deadline, 304,
and memory over many requests. `--write` puts the tables into docs/performance.md, where each size has its section.
The others live in an environment of their own, made in `--rivals` where it is not there; Virtuoso is taken from the
system (Debian: virtuoso-opensource-7) or left out, which is said. Exit code 1 where answers differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.attack import attack  # noqa: E402
from benchmarks.facts import facts  # noqa: E402
from benchmarks.generate import generate  # noqa: E402
from benchmarks.latency import latencies  # noqa: E402
from benchmarks.memory import growth  # noqa: E402
from benchmarks.outcome import Outcome  # noqa: E402
from benchmarks.queries import Query, pool_of, researcher_queries  # noqa: E402
from benchmarks.rate import Plan, not_modified, rates  # noqa: E402
from benchmarks.report import section, write_section  # noqa: E402
from benchmarks.servers import (  # noqa: E402
    DISK,
    ENDPOINT,
    FRAMEWORK,
    MEMORY,
    OURS,
    RDFLIB,
    VIRTUOSO,
    Recipe,
    prepare,
    recipes,
    started,
)
from benchmarks.virtuoso import virtuoso_recipe  # noqa: E402

__all__ = ["main"]

PARTS = ("latency", "rates", "attack", "memory")
DEADLINE, ATTACKED = 60.0, 10.0
# rdflib answers some of the queries in minutes beyond this; rdflib-endpoint is asked for look-ups up to the second.
RDFLIB_BEARS, ENDPOINT_BEARS = 50_000, 2_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints the section; 1 where answers differ."""
    chosen = _arguments(arguments)
    prepare(chosen.rivals)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        outcome = _Run(chosen, Path(place)).measure()
    write(section(outcome, chosen.triples))
    if chosen.write:
        write_section(chosen.file, outcome, chosen.triples)
        write(f"{chosen.file}")
    return 1 if outcome.faults() else 0


class _Run:
    """One run: the data, the servers over it, and what was found."""

    def __init__(self, chosen: argparse.Namespace, folder: Path) -> None:
        self._chosen, self._begin = chosen, time.perf_counter()
        nquads = folder / "all.nq"
        noise = facts(chosen.rivals)
        count, made = generate(nquads, chosen.triples, chosen.seed)
        self._queries: list[Query] = researcher_queries(pool_of(made, chosen.seed))
        self._recipes = recipes(folder, nquads, chosen.rivals)
        cities = len({plan.place.code for plan in made})
        self._outcome = Outcome(
            count,
            chosen.seed,
            len(made),
            cities,
            noise,
            chosen.rounds,
            chosen.runs,
            chosen.seconds,
            chosen.clients,
        )
        virtuoso = virtuoso_recipe(folder, nquads, count)
        if virtuoso is not None:
            self._recipes[VIRTUOSO] = virtuoso
        self._say(f"{count} quads, {len(made)} plans")

    def measure(self) -> Outcome:
        parts = self._chosen.part or PARTS
        if "latency" in parts or "rates" in parts:
            self._latency_and_rates(parts)
        if "attack" in parts or "memory" in parts:
            self._strain(parts)
        self._outcome.left_out += self._left_out()
        self._outcome.minutes = (time.perf_counter() - self._begin) / 60
        return self._outcome

    def _latency_and_rates(self, parts: Sequence[str]) -> None:
        chosen, outcome = self._chosen, self._outcome
        few = self._bearing(ENDPOINT, RDFLIB_BEARS) + self._bearing(RDFLIB, RDFLIB_BEARS)
        with ExitStack() as stack:
            names = (DISK, MEMORY, VIRTUOSO, *few)
            servers = [
                stack.enter_context(started(each, DEADLINE, self._say))
                for each in self._chosen_recipes(*names)
            ]
            if "latency" in parts:
                outcome.latency = latencies(servers, self._queries, chosen.rounds, self._say)
            if "rates" in parts:
                # The framework alone knows no data: it tells how fast the machine is.
                more = (FRAMEWORK, *(() if ENDPOINT in few else self._bearing(ENDPOINT, ENDPOINT_BEARS)))
                servers += [
                    stack.enter_context(started(recipe, DEADLINE, self._say))
                    for recipe in self._chosen_recipes(*more)[1:]
                ]
                fast = [server for server in servers if server.name != RDFLIB]
                plan = Plan(chosen.runs, chosen.seconds, chosen.clients, more)
                outcome.rates = rates(fast, self._queries, plan, self._say)
                outcome.not_modified = not_modified(servers[0])

    def _strain(self, parts: Sequence[str]) -> None:
        """Many requests to ours, then cross products to all, each from a fresh process with a short deadline."""
        chosen = self._chosen
        others = (DISK, MEMORY, VIRTUOSO, *self._bearing(ENDPOINT, RDFLIB_BEARS)) if "attack" in parts else ()
        for recipe in self._chosen_recipes(*others):
            with started(recipe, ATTACKED, self._say) as server:
                if recipe.name == OURS and "memory" in parts:
                    self._outcome.memory = growth(
                        server, self._queries, chosen.requests, chosen.clients, self._say
                    )
                if "attack" in parts:
                    self._outcome.attacks[recipe.name] = attack(server)

    def _chosen_recipes(self, *names: str) -> list[Recipe]:
        """Ours and those of the names that can be started and are not left out."""
        wanted = [OURS, *(name for name in names if name not in self._chosen.without)]
        return [self._recipes[name] for name in wanted if name in self._recipes]

    def _bearing(self, name: str, most: int) -> tuple[str, ...]:
        return (name,) if self._chosen.triples <= most else ()

    def _left_out(self) -> list[tuple[str, str]]:
        found = [(name, "left out on demand") for name in self._chosen.without]
        if VIRTUOSO not in self._recipes:
            found.append((VIRTUOSO, "not installed / 導入されていません"))
        if self._chosen.triples > ENDPOINT_BEARS:
            found.append(
                (ENDPOINT, f"left out above {ENDPOINT_BEARS:,} triples / これより大きいデータでは測りません")
            )
        elif self._chosen.triples > RDFLIB_BEARS:
            found.append(
                (
                    ENDPOINT,
                    f"only rates of look-ups above {RDFLIB_BEARS:,} triples / これより大きいデータでは検索の毎秒の数だけ",
                )
            )
        if self._chosen.triples > RDFLIB_BEARS:
            found.append(
                (RDFLIB, f"left out above {RDFLIB_BEARS:,} triples / これより大きいデータでは測りません")
            )
        return found

    def _say(self, line: str) -> None:
        write(f"[{time.perf_counter() - self._begin:6.1f} s] {line}")


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare the SPARQL service with others.")
    parser.add_argument("--triples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7, help="times that each query is asked")
    parser.add_argument("--runs", type=int, default=3, help="runs of each load")
    parser.add_argument("--seconds", type=float, default=3, help="length of such a run")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--requests", type=int, default=100_000, help="requests between two looks at memory")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part")
    parser.add_argument("--without", action="append", default=[], help="leave out the server of this name")
    parser.add_argument("--rivals", type=Path, default=ROOT / "build" / "rivals")
    parser.add_argument(
        "--folder", type=Path, help="where the data and stores are put for the time of the run"
    )
    parser.add_argument("--write", action="store_true", help="write the section of the report")
    parser.add_argument("--file", type=Path, default=ROOT / "docs" / "performance.md")
    return parser.parse_args(arguments)


def write(line: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
