"""Searching for a text within SPARQL: SERVICE with the index beside FILTER(CONTAINS(…)), on the same data.

    python benchmarks/matching.py [--triples 1000000] [--runs 5]

The data are the plans of this repository, copied under other codes until there are enough (pages.py). Both sides are the
whole work of one query in one process, without HTTP and cache: reading it, searching or scanning, joining, writing CSV.
Both find the same things, which is looked at. Medians of the runs, and their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from pages import write, write_data  # noqa: E402

from dxlod.server.matching import answered  # noqa: E402
from dxlod.settings import Settings  # noqa: E402
from dxlod.site.index import write_index  # noqa: E402
from dxlod.site.reader import SiteReader  # noqa: E402
from dxlod.store import Limits, OxigraphEngine  # noqa: E402

WORDS = ("防災", "税", "窓口", "オンライン申請", "マイナンバーカード", "ぬるぽ")
HEAD = """PREFIX dxs: <https://w3id.org/dxlod/search#>
PREFIX dxo: <https://w3id.org/dxlod/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
SEARCH = 'SERVICE <https://w3id.org/dxlod/search> {{ ?s dxs:matches "{word}"{more} }}'
CONTAINS = 'FILTER(CONTAINS(LCASE(?text), "{word}"))'
TASKS = (
    (
        "names of anything",
        "SELECT DISTINCT ?s {{ {search} }}",
        "SELECT DISTINCT ?s {{ ?s rdfs:label ?text {contains} }}",
        " ; dxs:property rdfs:label",
    ),
    (
        "any text of anything",
        "SELECT DISTINCT ?s {{ {search} }}",
        "SELECT DISTINCT ?s {{ ?s ?p ?text {contains} }}",
        "",
    ),
    (
        "names of initiatives, by plan",
        "SELECT ?plan (COUNT(DISTINCT ?s) AS ?n) {{ {search} ?s a dxo:Initiative ; dxo:inEdition ?plan }} GROUP BY ?plan",
        "SELECT ?plan (COUNT(DISTINCT ?s) AS ?n) {{ ?s a dxo:Initiative ; rdfs:label ?text {contains} ?s dxo:inEdition ?plan }}"
        " GROUP BY ?plan",
        " ; dxs:property rdfs:label",
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints medians and ratios as a table; 1 when the two sides do not find the same."""
    parser = argparse.ArgumentParser(description="Speed of searches within SPARQL.")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        nquads, index = Path(folder) / "all.nq", Path(folder) / "site.sqlite"
        count = write_data(nquads, chosen.triples)
        write_index(nquads, index)
        settings = Settings(home=ROOT, search_rows=100_000)
        engine = OxigraphEngine.load(nquads, Limits.of(settings))
        reader = SiteReader.open(index)
        write(f"Python {sys.version.split()[0]}, {count} quads, medians of {chosen.runs} runs")
        same = compare(engine, reader, settings, chosen.runs)
        reader.close()
    return 0 if same else 1


def compare(engine: OxigraphEngine, reader: SiteReader, settings: Settings, runs: int) -> bool:
    """Both sides in turn on every task and word."""
    write("| task | text | rows | SERVICE ms | CONTAINS ms | ratio |\n|---|---|---:|---:|---:|---:|")
    ratios, same = [], True
    for task, searched, scanned, more in TASKS:
        for word in WORDS:
            with_index = HEAD + searched.format(search=SEARCH.format(word=word, more=more))
            without = HEAD + scanned.format(contains=CONTAINS.format(word=word))

            def search(query: str = with_index) -> set[bytes]:
                return lines(engine.query(query, "text/csv", answered(reader, settings, query)).body)

            def scan(query: str = without) -> set[bytes]:
                return lines(engine.query(query, "text/csv").body)

            (ours, found), (theirs, expected) = timed(search, runs), timed(scan, runs)
            same = same and expected <= found
            ratios.append(ours / theirs)
            write(
                f"| {task} | {word} | {len(found)}{'' if found == expected else f' ({len(expected)})'} |"
                f" {1000 * ours:.1f} | {1000 * theirs:.1f} | {ours / theirs:.3f} |"
            )
    write(f"Geometric mean of the ratios: {statistics.geometric_mean(ratios):.3f}")
    return same


def lines(body: bytes) -> set[bytes]:
    """The rows of a CSV answer, without its head."""
    return set(body.split(b"\r\n")[1:-1])


def timed(what: Callable[[], set[bytes]], runs: int) -> tuple[float, set[bytes]]:
    """The median of some runs after a first one, and what it gave."""
    given, took = what(), []
    for _ in range(runs):
        begin = time.perf_counter()
        what()
        took.append(time.perf_counter() - begin)
    return statistics.median(took), given


if __name__ == "__main__":
    sys.exit(main())
