"""Time and memory of mapping, side by side with morph-kgc 2.10 on the same generated tables.

    python benchmarks/mapping.py [--rows 1000 10000 100000] [--runs 5]

Each run is a process of its own that reads mapping and tables and writes N-Quads to a file: the two engines in
turn, one process each, the median of `--runs`. Both outputs are compared before anything is measured.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "mapping")]

from differential_morph import BASE, compare, generate, install, prepare_morph  # noqa: E402

OURS = """
import sys
from pathlib import Path
from dxlod.mapping import map_tables
with open(sys.argv[3], "w", encoding="utf-8") as file:
    file.writelines(line + "\\n" for line in map_tables([Path(sys.argv[1])], Path(sys.argv[2]), sys.argv[4]))
"""

# A new process begins with the peak memory of the one that started it, so a small one must stand between.
LAUNCH = """
import os, sys, time
begin = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - begin, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one row for each number of rows."""
    parser = argparse.ArgumentParser(description="Compare the speed of mapping with morph-kgc.")
    parser.add_argument("--rows", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args(arguments)
    write(f"Python {sys.version.split()[0]}, medians of {chosen.runs} runs, one process each")
    write("| rows | quads | dxlod s | morph-kgc s | ratio | dxlod MiB | morph-kgc MiB |")
    write("|---:|---:|---:|---:|---:|---:|---:|")
    for rows in chosen.rows:
        with tempfile.TemporaryDirectory() as folder:
            write(measure(Path(folder), rows, chosen.runs))
    return 0


def measure(folder: Path, rows: int, runs: int) -> str:
    """One row of the report. Raises RuntimeError where the two engines differ."""
    mappings, tables = generate(folder / "tables", rows, seed=1)
    quads, only_ours, only_morph = compare(mappings, tables, BASE, folder)
    if only_ours or only_morph:
        raise RuntimeError(f"{len(only_ours)} quads only in dxlod, {len(only_morph)} only in morph-kgc")
    config, _ = prepare_morph(mappings, tables, BASE, folder)
    ours = [sys.executable, "-c", OURS, str(mappings[0]), str(tables), str(folder / "ours.nq"), BASE]
    morph = [str(install()), "-m", "morph_kgc", str(config)]
    both = [(run(ours, folder), run(morph, folder)) for _ in range(runs)]
    (our_time, our_memory), (morph_time, morph_memory) = (median(side) for side in zip(*both, strict=True))
    return (
        f"| {rows} | {quads} | {our_time:.2f} | {morph_time:.2f} | {our_time / morph_time:.2f} "
        f"| {our_memory:.0f} | {morph_memory:.0f} |"
    )


def run(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """(seconds, peak memory in MiB) of one process. Raises CalledProcessError where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    launch = [sys.executable, "-S", "-c", LAUNCH, *command]
    done = subprocess.run(launch, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    seconds, kibibytes = done.stdout.split()[-2:]
    return float(seconds), int(kibibytes) / 1024


def median(samples: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The median of each of the two figures."""
    seconds, memory = zip(*samples, strict=True)
    return statistics.median(seconds), statistics.median(memory)


def write(line: str) -> None:
    """One line to standard output."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
