"""All that one run of the benchmark found, and which goals it meets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.attack import Attack
from benchmarks.latency import Row, geometric_mean, ratio_of
from benchmarks.memory import Memory
from benchmarks.rate import Rates
from benchmarks.servers import DISK, ENDPOINT, FRAMEWORK, MEMORY, OURS, VIRTUOSO

__all__ = ["Goal", "Outcome", "goals"]


@dataclass
class Outcome:
    """One run at one size; names of servers are those of `servers`."""

    triples: int
    seed: int
    plans: int
    cities: int
    facts: Mapping[str, str]
    rounds: int
    runs: int
    seconds: float
    clients: int
    minutes: float = 0.0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    latency: Sequence[Row] = ()
    rates: Sequence[Rates] = ()
    attacks: dict[str, Attack] = field(default_factory=dict)
    not_modified: float | None = None
    memory: Memory | None = None

    def names(self) -> list[str]:
        """Servers with latencies, ours first."""
        return list(self.latency[0].cells) if self.latency else []

    def mean(self, theirs: str) -> tuple[float | None, int]:
        """Geometric mean of our time over theirs, and over how many queries."""
        found = [ratio_of(row, OURS, theirs) for row in self.latency if theirs in row.cells]
        ratios = [ratio for ratio in found if ratio is not None]
        return geometric_mean(ratios), len(ratios)

    def rate(self, load: str, name: str = OURS) -> float | None:
        """Median requests a second of a load by its English name."""
        return next((each.median(name) for each in self.rates if each.load.en == load), None)

    def faults(self) -> list[str]:
        """Answers that are not those of the most, and those that ours did not give."""
        other = [f"{row.query.en}: {name}" for row in self.latency for name in row.other]
        return other + [
            f"{row.query.en}: {row.cells[OURS].fault}" for row in self.latency if row.cells[OURS].fault
        ]


@dataclass(frozen=True)
class Goal:
    """What was wanted and what was found; `met` is None where it was not measured."""

    ja: str
    en: str
    wanted: str
    found: str
    met: bool | None


def goals(outcome: Outcome) -> list[Goal]:
    """The goals, which are set for a million triples, first answers and eight clients."""
    attack, memory = outcome.attacks.get(OURS), outcome.memory
    late = attack.late if attack else None
    return [
        _at_most("応答時間の幾何平均÷Oxigraph（ディスク）", "latency ÷ Oxigraph on disk, geometric mean", outcome.mean(DISK)[0], 0.5),
        _at_most("応答時間の幾何平均÷Virtuoso", "latency ÷ Virtuoso, geometric mean", outcome.mean(VIRTUOSO)[0], 1.0),
        _at_least("検索・同じ問い（毎秒）", "look-ups, repeated, a second", outcome.rate("look-up, repeated"), 6000, "{:,.0f}"),
        _at_least("検索・毎回違う問い（毎秒）", "look-ups, distinct, a second", outcome.rate("look-up, distinct"), 3000, "{:,.0f}"),
        # The number above is for a machine on which the framework alone gives 6,900.
        _at_least("同÷枠組みだけの応答", "the same ÷ the framework alone", _over(outcome, "look-up, distinct", FRAMEWORK), 3000 / 6900),
        _at_least("同÷rdflib-endpoint", "the same ÷ rdflib-endpoint", _over(outcome, "look-up, distinct", ENDPOINT), 3.0),
        _at_least("市の一覧・毎回違う問い÷Oxigraph（メモリ）", "list of a city, distinct ÷ Oxigraph in memory", _over(outcome, "list of a city, distinct", MEMORY), 0.6),
        _at_least("市の一覧・同じ問い÷Oxigraph（メモリ）", "list of a city, repeated ÷ Oxigraph in memory", _over(outcome, "list of a city, repeated", MEMORY), 2.0),
        _at_most("期限を過ぎてから止まるまで（秒）", "seconds from deadline to the end of a cross product", late, 0.2, ended=attack is not None),
        _at_most("その間の ASK の p99（ミリ秒）", "p99 of an ASK meanwhile, ms", attack.p99 * 1000 if attack else None, 50),
        _at_most("304 の往復（ミリ秒）", "304, there and back, ms", _thousand(outcome.not_modified), 1.0),
        _at_most("要求の後のメモリの増加（％）", "growth of memory over the requests, %", memory.growth * 100 if memory else None, 1.0),
    ]  # fmt: skip


def _at_most(ja: str, en: str, found: float | None, wanted: float, *, ended: bool = False) -> Goal:
    if found is None:
        return Goal(ja, en, f"≤ {wanted:g}", "∞" if ended else "–", False if ended else None)
    return Goal(ja, en, f"≤ {wanted:g}", f"{found:.2f}", found <= wanted)


def _at_least(ja: str, en: str, found: float | None, wanted: float, form: str = "{:.2f}") -> Goal:
    if found is None:
        return Goal(ja, en, f"≥ {form.format(wanted)}", "–", None)
    return Goal(ja, en, f"≥ {form.format(wanted)}", form.format(found), found >= wanted)


def _over(outcome: Outcome, load: str, theirs: str) -> float | None:
    """Our rate over theirs. The goal for repeated ones is ours from the cache over theirs, which have none."""
    ours, other = outcome.rate(load), outcome.rate(load, theirs)
    return ours / other if ours is not None and other else None


def _thousand(number: float | None) -> float | None:
    return None if number is None else number * 1000
