"""Time of `dxlod build`: from nothing, with nothing changed, and with one table changed.

    python benchmarks/build.py [--runs 3] [--copies 1]

Each is a process of its own, start of Python included, over a copy of the tables; they run in turn. Printed are the
medians, their ratios and what was mapped, judged and written. `--copies` multiplies the tables: each city is there so
many times, under other codes.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dxlod.model.codes import is_local_government_code  # noqa: E402

BUILD = """
import sys, resource
from pathlib import Path
from dxlod.pipeline import build_current
from dxlod.release import Work
from dxlod.settings import Settings
work = Work()
build_current(Settings(data=Path(sys.argv[1]), releases=Path(sys.argv[2])), lambda *_: None, work=work)
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss >> 10} mapped {len(work.mapped)}, judged {len(work.validated)},"
      f" written {len(work.written)}, taken over {len(work.reused)}")
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the medians of each kind of build and how they compare."""
    parser = argparse.ArgumentParser(
        description="Time builds from nothing, unchanged, and with one table changed."
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--copies", type=int, default=1)
    chosen = parser.parse_args(arguments)
    times: dict[str, list[tuple[float, float, str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        copy_tables(data, chosen.copies)
        for run in range(chosen.runs):
            releases = Path(folder) / f"releases-{run}"
            times.setdefault("from nothing", []).append(timed(data, releases))
            times.setdefault("nothing changed", []).append(timed(data, releases))
            change_a_table(data, run)
            times.setdefault("one table changed", []).append(timed(data, releases))
            shutil.rmtree(releases)
    first = statistics.median(seconds for seconds, _, _ in times["from nothing"])
    write(f"Python {sys.version.split()[0]}, medians of {chosen.runs} runs, tables x {chosen.copies}")
    for kind, found in times.items():
        seconds = statistics.median(item[0] for item in found)
        cpu = statistics.median(item[1] for item in found)
        write(
            f"{kind}: {seconds:.2f} s ({cpu:.2f} s of processor), {seconds / first:.2f} of the first; {found[-1][2]}"
        )
    return 0


def copy_tables(data: Path, copies: int) -> None:
    """The committed tables, each city `copies` times."""
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("releases"))
    cities = sorted(path.name for path in data.iterdir() if path.name.isdigit())
    spare = (f"{number:06}" for number in range(400_000, 460_000) if is_local_government_code(f"{number:06}"))
    for _ in range(copies - 1):
        for code in cities:
            other = next(spare)
            for path in (data / code).glob("*.csv"):
                target = data / other / path.name.replace(code, other)
                target.parent.mkdir(exist_ok=True)
                target.write_text(path.read_text("utf-8-sig").replace(code, other), "utf-8-sig", newline="")
            register(data, code, other)


def register(data: Path, code: str, other: str) -> None:
    """Give the copy of a city the row of the list of municipalities that the city has."""
    path = data / "shared" / "municipality.csv"
    rows = path.read_text("utf-8-sig").splitlines()
    rows += [row.replace(code, other) for row in rows if row.startswith(code)]
    path.write_text("\n".join(rows) + "\n", "utf-8-sig", newline="")


def change_a_table(data: Path, run: int) -> None:
    """Call one policy of one plan otherwise."""
    table = data / "212130" / "212130_policy.csv"
    with table.open(encoding="utf-8-sig", newline="") as file:
        header, first, *rest = csv.reader(file)
    first[header.index("名称")] += f"（{run}）"
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, first, *rest])


def timed(data: Path, releases: Path) -> tuple[float, float, str]:
    """Seconds on the clock, seconds of processor, and what was done."""
    start = time.perf_counter()
    command = [sys.executable, "-c", BUILD, str(data), str(releases)]
    result = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    cpu, memory, what = result.stdout.strip().split(" ", 2)
    return seconds, float(cpu), f"{what}; {memory} MB"


def write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
