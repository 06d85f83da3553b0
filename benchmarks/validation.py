"""Time of validating all plans: one plain pySHACL run over the whole graph, and what a build does, side by side.

    python benchmarks/validation.py [--runs 3]

Both read the same lines, mapped beforehand, and load the shapes themselves. They run in turn, each time in a process
of its own; the medians and their ratio are printed.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dxlod.pipeline import data_quads  # noqa: E402
from dxlod.release.reference import reference_files, reference_quads  # noqa: E402
from dxlod.release.terms import parse_quads  # noqa: E402
from dxlod.settings import Settings  # noqa: E402
from dxlod.table.dataset import Dataset  # noqa: E402

# Each prints seconds and the number of results. Starting Python and reading the lines is not counted.
COMMON = """
import pickle, sys, time
from pathlib import Path
from dxlod.validation import load_shapes, validate, validate_parts
shared, parts = pickle.loads(Path(sys.argv[1]).read_bytes())
files = sorted(Path(sys.argv[2]).glob("*.ttl"))
begin = time.perf_counter()
"""
PLAIN = (
    COMMON + "found = validate([*shared, *(line for part in parts for line in part)], load_shapes(files))\n"
)
BUILD = COMMON + "found = validate_parts(parts, shared, load_shapes(files), 'fast', lambda done: None)\n"
PRINT = "print(time.perf_counter() - begin, len(found))\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one line per run and the ratio of the medians."""
    parser = argparse.ArgumentParser(description="Compare validation at build time with plain pySHACL.")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args(arguments)
    shared, parts = published()
    size = len(shared) + sum(map(len, parts))
    write(
        f"Python {sys.version.split()[0]}, {len(parts)} plans, {size} triples, medians of {chosen.runs} runs"
    )
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines"
        lines.write_bytes(pickle.dumps((shared, parts)))
        both = [(timed(PLAIN, lines), timed(BUILD, lines)) for _ in range(chosen.runs)]
    for (plain, plain_found), (build, build_found) in both:
        write(f"pySHACL {plain:.2f} s ({plain_found} results), build {build:.2f} s ({build_found} results)")
    medians = [statistics.median(seconds for seconds, _ in side) for side in zip(*both, strict=True)]
    write(
        f"medians: pySHACL {medians[0]:.2f} s, build {medians[1]:.2f} s; ratio {medians[1] / medians[0]:.3f}"
    )
    return 0


def published() -> tuple[list[str], list[list[str]]]:
    """N-Triples lines that all plans share, and those of each plan."""
    settings = Settings(home=ROOT, data=ROOT / "data")
    quads = set(parse_quads(data_quads(settings, Dataset.at(settings.data))))
    for path in reference_files(settings.ontology):
        quads.update(reference_quads(path))
    plans: dict[str, list[str]] = {}
    shared: list[str] = []
    for quad in sorted(quads, key=lambda quad: quad.line):
        own = quad.g.startswith(f"<{settings.plan_graphs}")
        (plans.setdefault(quad.g, []) if own else shared).append(f"{quad.s} {quad.p} {quad.o} .")
    return shared, [plans[name] for name in sorted(plans)]


def timed(code: str, lines: Path) -> tuple[float, int]:
    """(seconds, number of results) of one process. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-c", code + PRINT, str(lines), str(ROOT / "shapes")]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    seconds, number = done.stdout.split()
    return float(seconds), int(number)


def write(line: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
