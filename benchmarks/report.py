"""docs/performance.md: an introduction, and a section for each size, of which a run replaces its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.latency import Cell, Row, ratio_of
from benchmarks.outcome import Outcome, goals
from benchmarks.rate import Rates
from benchmarks.servers import OURS

__all__ = ["section", "write_section"]

HEAD = """# 性能 / Performance

この文書は `benchmarks/service.py --write` が書きます。直接は編集しません。数は時間と割合の中央値で、そのときの機械でのものです。
ほかの機械との比較には割合を使ってください。
Written by `benchmarks/service.py --write`; do not edit. Numbers are medians on the machine of that run: to compare
machines, use the ratios.

```sh
python benchmarks/service.py --triples 20000 --write        # 4 分ほど / some 4 minutes
python benchmarks/service.py --triples 1000000 --write      # 12 分ほど / some 12 minutes
python benchmarks/service.py --triples 10000000 --write     # 1 時間ほど / about an hour
```

## 測り方 / What is measured

- データは種から作った架空の計画です（`benchmarks/generate.py`）。市町村・部課・計画・取組・実施項目・指標・年度ごとの値・
  根拠法令・原文の行が、公開データと同じ語彙と近い割合で入り、計画ごとにグラフが分かれます。
  Data are plans made from a seed, in the vocabulary and about the proportions of the published ones; a graph a plan.
- どのサーバーも同じデータを、この機械のループバックで、それぞれの新しいプロセスで公開します。順番は毎回入れ替えます。
  Every server serves the same data on loopback from a fresh process; they take turns, in another order each round.
- 応答時間は、一人の利用者が送ってから最後のバイトを受け取るまでです。問いは毎回、変数の名前と定数が新しいので、答えの
  キャッシュは働きません。始めに全サーバーの答えを、順序によらず照合します（数は 9 桁まで、真偽値の 1 と true は同じ）。
  Latency is from sending to the last byte, one client. Each text has new names of variables and new constants, so that
  no cache of answers helps. Beforehand the answers of all are compared without regard to order (numbers to nine
  digits, truth values 1 and true taken as the same).
- 60 秒で答えないものは「–」とし、そのサーバーを起動しなおします。 / What takes over 60 s is given as "–", and the server is started anew.
- 1 より小さい割合は、応答時間では dxlod が速いことを、毎秒の数では遅いことを表します。
  A ratio below 1 means that dxlod is faster where it is of times, and slower where it is of requests a second.
"""
MARK = re.compile(r"<!-- triples:(\d+) -->\n(.*?)<!-- /triples -->\n", re.DOTALL)


def write_section(file: Path, outcome: Outcome, wanted: int) -> None:
    """Replace the section of the size that was wanted; the others stay."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    sections = {int(size): body for size, body in MARK.findall(text)}
    sections[wanted] = section(outcome, wanted) + "\n"
    parts = [f"\n<!-- triples:{size} -->\n{sections[size]}<!-- /triples -->\n" for size in sorted(sections)]
    file.write_text(HEAD + "".join(parts), encoding="utf-8")


def section(outcome: Outcome, wanted: int) -> str:
    """The section as Markdown."""
    return "\n".join(_lines(outcome, wanted))


def _lines(outcome: Outcome, wanted: int) -> Iterator[str]:
    yield f"## {wanted:,} トリプル / triples\n"
    yield from _facts(outcome)
    yield "\n### 目標 / Goals\n\n100万トリプルについて決めたものです。 / They are set for a million triples.\n"
    yield from _goals(outcome)
    if outcome.latency:
        yield "\n### 応答時間 / Latency of first answers\n"
        yield from _latency(outcome)
    if outcome.rates:
        yield f"\n### 毎秒の応答数 / Requests a second, {outcome.clients} clients\n"
        yield from _rates(outcome.rates)
    if outcome.attacks:
        yield "\n### 8 つの直積の間 / While 8 cross products are ended\n"
        yield from _attacks(outcome)
    yield from _rest(outcome)


def _facts(outcome: Outcome) -> Iterator[str]:
    yield (
        f"- {outcome.triples:,} quads · {outcome.plans} plans · {outcome.cities} municipalities · seed {outcome.seed} · "
        f"{outcome.rounds} rounds · {outcome.runs} runs of {outcome.seconds:g} s · {outcome.minutes:.0f} min"
    )
    yield from (f"- {name}: {value}" for name, value in outcome.facts.items())
    yield from (f"- {name}: {why}" for name, why in outcome.left_out)


def _goals(outcome: Outcome) -> Iterator[str]:
    yield from _table(("目標 / goal", "望み / wanted", "結果 / found", ""), 1)
    said = {True: "達成 / met", False: "**未達 / not met**", None: "測定なし / not measured"}
    for goal in goals(outcome):
        yield _row((f"{goal.ja} / {goal.en}", goal.wanted, goal.found, said[goal.met]))


def _latency(outcome: Outcome) -> Iterator[str]:
    names = outcome.names()
    others = names[1:]
    heads = [f"{name} ms" for name in names] + [f"÷ {name}" for name in others]
    yield from _table(("問い / query", *heads, "行 / rows"), 1)
    for row in outcome.latency:
        times = [_time(row.cells[name]) for name in names]
        ratios = [_number(ratio_of(row, OURS, name)) for name in others]
        yield _row((f"{row.query.ja} / {row.query.en}", *times, *ratios, _rows(row)))
    means = [_mean(*outcome.mean(name)) for name in others]
    yield _row(("**幾何平均 / geometric mean**", *([""] * len(names)), *means, ""))
    differing = [f"- {row.query.en}: {name}" for row in outcome.latency for name in row.other]
    faults = [
        f"- {row.query.en}: {name}: {cell.fault}"
        for row in outcome.latency
        for name, cell in row.cells.items()
        if cell.fault
    ]
    if differing:
        yield "\n答えがほかと違うもの / Answers that are not those of the others:\n"
        yield from differing
    if faults:
        yield "\n答えなかったもの / Not answered:\n"
        yield from faults
    if not differing and not faults:
        yield "\nどのサーバーの答えも同じです。 / All servers give the same answers."


def _rates(rates: Sequence[Rates]) -> Iterator[str]:
    names = list(rates[0].runs)
    heads = [f"{name} /s" for name in names] + [f"÷ {name}" for name in names[1:]]
    yield from _table(("", *heads), 1)
    for each in rates:
        found = {name: each.median(name) for name in names}
        ours = found[names[0]]
        ratios = [_number(_over(ours, found[name])) for name in names[1:]]
        yield _row((f"{each.load.ja} / {each.load.en}", *(_rate(each, name) for name in names), *ratios))
    shares = [each.client_share(name) for each in rates for name in each.runs]
    yield (
        f"\n計測する側が使ったのは、一つのコアの {min(shares):.0%}〜{max(shares):.0%}（最も速いときが {_busiest(rates):.0%}）です。 / "
        f"The client took {min(shares):.0%} to {max(shares):.0%} of one core ({_busiest(rates):.0%} at the highest rate)."
    )
    refused = [
        f"- {each.load.en}: {name}: {each.refused(name)}"
        for each in rates
        for name in names
        if each.refused(name)
    ]
    if refused:
        yield "\n200 でない答え / Answers other than 200:\n"
        yield from refused


def _busiest(rates: Sequence[Rates]) -> float:
    best = max(
        (run.per_second, run.client_share) for each in rates for runs in each.runs.values() for run in runs
    )
    return best[1]


def _attacks(outcome: Outcome) -> Iterator[str]:
    heads = ("ASK p50 ms", "ASK p99 ms", "期限からの遅れ / late by, s", "答え / answers")
    yield from _table(("", *heads), 1)
    for name, found in outcome.attacks.items():
        late = "–" if found.late is None else f"{found.late:.2f}"
        yield _row((name, f"{found.p50 * 1000:.1f}", f"{found.p99 * 1000:.1f}", late, found.answers))


def _rest(outcome: Outcome) -> Iterator[str]:
    if outcome.not_modified is not None:
        yield f"\n### 304\n\n往復の中央値 / median there and back: {outcome.not_modified * 1000:.2f} ms (dxlod)"
    if outcome.memory is not None:
        memory = outcome.memory
        yield "\n### メモリ / Memory (dxlod)\n"
        yield from _table(("MiB", "Pss", "Rss", "プロセス / processes"), 1)
        for name, held in (
            ("始め / at first", memory.first),
            (f"{memory.requests:,} 件の後 / after {memory.requests:,} requests", memory.full),
            (f"さらに {memory.requests:,} 件の後 / after {memory.requests:,} more", memory.after),
        ):
            yield _row((name, f"{held.pss:.0f}", f"{held.rss:.0f}", str(held.processes)))
        yield (
            f"\n増加 / growth: {memory.growth:+.1%} (Pss)。Pss は共有するページを一度だけ数えます。 / "
            "Pss counts pages that processes share once, Rss in each."
        )


def _time(cell: Cell) -> str:
    if cell.fault or not cell.seconds:
        return "–"
    return f"{cell.median * 1000:.3g}" if cell.median < 1 else f"{cell.median * 1000:.0f}"


def _rate(rates: Rates, name: str) -> str:
    found = rates.median(name)
    return "–" if found is None else f"{found:,.0f}" if found >= 10 else f"{found:.1f}"


def _over(ours: float | None, theirs: float | None) -> float | None:
    return ours / theirs if ours is not None and theirs else None


def _rows(row: Row) -> str:
    counts = [content.rows for content in row.cells[OURS].contents if content.fine]
    return str(counts[0]) if counts else "–"


def _mean(mean: float | None, count: int) -> str:
    return "–" if mean is None else f"**{mean:.2f}** ({count})"


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:.3g}"


def _table(heads: Sequence[str], left: int) -> Iterator[str]:
    yield _row(heads)
    yield "|" + "---|" * left + "---:|" * (len(heads) - left)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
