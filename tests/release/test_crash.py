"""A build killed at any instant, two builds at once: the old release serves, nothing half-made is seen, the next succeeds.

A run is killed as it touches the file system for the n-th time (deadly.py): a few n spread over the whole of a build
in `make test`, hundreds, and as many instants of time, in `make soak` (DXLOD_KILLS).
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dxlod.release import Release, open_current, open_release, read_ledger, verify
from dxlod.release.manifest import VERSION
from dxlod.settings import Settings

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1]
KILLS = int(os.environ.get("DXLOD_KILLS", "200"))
KILLED = -signal.SIGKILL


@dataclass
class Builder:
    """Builds in processes of their own, from the tables of a city or from the quads of the sample."""

    settings: Settings
    folder: Path
    of_tables: bool
    edits: int = 0

    def edit(self) -> None:
        """Make what is built another thing."""
        self.edits += 1
        if self.of_tables:
            rename_a_policy(self.settings.data, f"（改{self.edits}）")
        else:
            quads = self.settings.home / "quads.nq"
            text = re.sub(r'"[0-9]*番号法', f'"{self.edits}番号法', quads.read_text("utf-8"))
            quads.write_text(text, "utf-8")

    def command(self, limit: int = 0, publish: str = "") -> list[str]:
        settings = self.settings
        head = [sys.executable, str(HERE / "deadly.py"), f"{limit}", str(self.folder / "count")]
        head.append(f"{settings.releases}:{settings.ledger}")
        if not self.of_tables:
            return [*head, "quads", str(settings.home), f"{self.edits}", publish]
        options = ["--data", str(settings.data), "--releases", str(settings.releases)]
        return [*head, "data", "build", *options, *(["--publish", publish] if publish else [])]

    def run(self, limit: int = 0, publish: str = "") -> int:
        """The exit code; KILLED where it was killed."""
        return subprocess.run(
            self.command(limit, publish), check=False, cwd=HOME, stdout=subprocess.DEVNULL
        ).returncode

    def build(self, publish: str = "") -> int:
        """Build to the end; how often that touches the file system."""
        assert self.run(publish=publish) == 0
        clean(self.settings)
        return int((self.folder / "count").read_text("utf-8"))


def rename_a_policy(data: Path, mark: str) -> None:
    table = data / "212075" / "212075_policy.csv"
    with table.open(encoding="utf-8-sig", newline="") as file:
        header, first, *rest = csv.reader(file)
    at = header.index("名称")
    first[at] = first[at].partition("（改")[0] + mark
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, first, *rest])


@pytest.fixture
def tables(tmp_path: Path) -> Builder:
    for name in ("212075", "shared"):
        shutil.copytree(HOME / "data" / name, tmp_path / "data" / name)
    shutil.copy(HOME / "data" / "publisher.toml", tmp_path / "data")
    return Builder(Settings(data=tmp_path / "data", releases=tmp_path / "releases"), tmp_path, of_tables=True)


@pytest.fixture
def sample(settings: Settings, tmp_path: Path) -> Builder:
    return Builder(settings, tmp_path, of_tables=False)


@pytest.fixture
def survived(capsys: pytest.CaptureFixture[str]) -> Callable[[int], None]:
    """Says how many kills were survived, for all to see."""

    def tell(kills: int) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{kills} kills survived\n")

    return tell


def spread(steps: int, number: int) -> list[int]:
    """Points over a whole run, its first and its last step among them."""
    return sorted({1 + at * (steps - 1) // max(number - 1, 1) for at in range(number)})


def intact(settings: Settings) -> Release:
    """What holds at any instant: a whole release serves, and whatever can be seen is whole."""
    visible = [path.name for path in settings.releases.iterdir() if VERSION.fullmatch(path.name)]
    assert [damage for name in visible for damage in verify(open_release(settings, name))] == []
    assert {entry.version for entry in read_ledger(settings.ledger, settings.base)} <= set(visible)
    return open_current(settings)


def clean(settings: Settings) -> None:
    """Nothing is left of builds that did not end."""
    hidden = {path.name for path in settings.releases.iterdir() if path.name.startswith(".")}
    assert hidden == {".lock", ".cache"}
    rest = [*(settings.releases / ".cache").iterdir(), *settings.ledger.glob("*")]
    assert [path.name for path in rest if path.name.startswith(".")] == []


def killed(builder: Builder, points: Iterable[int], publish: str = "") -> int:
    """Kill a build of something new at each point, and build it to the end; the number of kills."""
    kills = 0
    for point in points:
        old = open_current(builder.settings)
        builder.edit()
        assert builder.run(point, publish) == KILLED
        kills += 1
        intact(builder.settings)
        assert verify(old) == ()
        builder.build(publish)
        assert intact(builder.settings).version != old.version
    return kills


@pytest.mark.thorough
def test_killed_builds_of_tables(tables: Builder) -> None:
    """Killed one after the other, without a build in between that would clear up."""
    tables.build()
    tables.edit()
    steps = tables.build()
    old = intact(tables.settings)
    for point in spread(steps - 1, 4):
        tables.edit()
        assert tables.run(point) == KILLED
        assert intact(tables.settings) == old
    tables.build()
    assert intact(tables.settings) != old


def test_killed_builds_of_quads(sample: Builder) -> None:
    sample.build()
    sample.edit()
    steps = sample.build()
    assert killed(sample, spread(steps, 6)) == 6


@pytest.mark.thorough
def test_killed_publications(sample: Builder) -> None:
    """The last steps put the folder in place, write the ledger and flip `current`."""
    sample.build("2026-04-01")
    sample.edit()
    steps = sample.build("2026-04-01")
    kills = killed(sample, range(steps - 6, steps + 1), "2026-04-01")
    assert kills == 7
    assert len(read_ledger(sample.settings.ledger, sample.settings.base)) == 2 + kills


@pytest.mark.thorough
def test_killed_while_it_mends_a_damaged_release(sample: Builder) -> None:
    """`current` points at a folder throughout, which is never less whole than it was."""
    sample.build()
    release = open_current(sample.settings)
    damage(release)
    steps = sample.build()
    assert killed_mending(sample, release, spread(steps, 6)) == 6


def damage(release: Release) -> None:
    (release.path / "dumps" / "all.nq").write_bytes(b"")
    (release.path / "ns.ttl").unlink(missing_ok=True)
    (release.path / "report.json").write_text("{}", "utf-8")


def killed_mending(builder: Builder, release: Release, points: Iterable[int]) -> int:
    kills = 0
    for point in points:
        damage(release)
        faults = len(verify(release))
        assert faults
        assert builder.run(point) == KILLED
        kills += 1
        assert open_current(builder.settings).path == release.path
        assert len(verify(release)) <= faults
        builder.build()
        assert verify(open_current(builder.settings)) == ()
    return kills


@pytest.mark.soak
@pytest.mark.parametrize("publish", ["", "2026-04-01"])
def test_killed_hundreds_of_times(sample: Builder, publish: str, survived: Callable[[int], None]) -> None:
    sample.build(publish)
    sample.edit()
    steps = sample.build(publish)
    survived(killed(sample, spread(steps, KILLS), publish))


@pytest.mark.soak
def test_killed_mending_hundreds_of_times(sample: Builder, survived: Callable[[int], None]) -> None:
    sample.build()
    release = open_current(sample.settings)
    damage(release)
    survived(killed_mending(sample, release, spread(sample.build(), KILLS)))


@pytest.mark.soak
@pytest.mark.parametrize("publish", ["", "2026-04-01"])
def test_killed_builds_of_tables_at_hundreds_of_steps(
    tables: Builder, publish: str, survived: Callable[[int], None]
) -> None:
    tables.build(publish)
    tables.edit()
    steps = tables.build(publish)
    survived(killed(tables, spread(steps, KILLS // 4), publish))


@pytest.mark.soak
def test_killed_builds_of_tables_at_any_time(tables: Builder, survived: Callable[[int], None]) -> None:
    """Killed from outside, at random instants: between steps too."""
    tables.build()
    tables.edit()
    start = time.monotonic()
    tables.build()
    whole, chance, kills = time.monotonic() - start, random.Random(7), 0
    for _ in range(KILLS // 4):
        tables.edit()
        old = open_current(tables.settings)
        with subprocess.Popen(tables.command(), cwd=HOME, stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(chance.uniform(0, whole))
            except subprocess.TimeoutExpired:
                process.kill()
        kills += process.returncode == KILLED
        assert verify(old) == ()
        intact(tables.settings)
    tables.build()
    assert kills
    survived(kills)


@pytest.mark.parametrize("publish", ["", "2026-04-01"])
def test_two_builds_at_once(sample: Builder, publish: str) -> None:
    builds = [subprocess.Popen(sample.command(publish=publish), cwd=HOME) for _ in range(2)]
    assert [build.wait() for build in builds] == [0, 0]
    intact(sample.settings)
    clean(sample.settings)
    assert len(list(sample.settings.releases.glob("*-*"))) == 1
    assert len(read_ledger(sample.settings.ledger, sample.settings.base)) == (1 if publish else 0)


def test_two_different_builds_at_once(sample: Builder) -> None:
    """Each is whole, and the one that comes last is current."""
    one = subprocess.Popen(sample.command(), cwd=HOME)
    first = (sample.settings.home / "quads.nq").read_bytes()
    sample.edits += 1
    other = subprocess.Popen(sample.command(), cwd=HOME)
    assert [one.wait(), other.wait()] == [0, 0]
    assert (sample.settings.home / "quads.nq").read_bytes() == first
    assert len(list(sample.settings.releases.glob("unpublished-*"))) == 2
    intact(sample.settings)
    clean(sample.settings)


@pytest.mark.thorough
def test_a_disk_that_gets_full(tables: Builder, record_property: Callable[[str, object], None]) -> None:
    """On a file system of its own where one may be mounted, else with files that may not get long."""
    after = tables.folder / "after"
    shutil.copytree(tables.settings.data, after)
    rename_a_policy(after, "（改）")
    private = ["unshare", "--user", "--map-root-user", "--mount"]
    allowed = shutil.which("unshare") and not subprocess.run([*private, "true"], check=False).returncode
    means = "tmpfs" if allowed else "limit"
    script = [sys.executable, str(HERE / "full_disk.py"), means, str(tables.settings.releases)]
    shares = ["0", "0.5", "0.85"] if allowed else ["0", "0.1", "0.2"]
    command = [*(private if allowed else []), *script, str(tables.settings.data), str(after), *shares]
    told = json.loads(subprocess.run(command, check=True, cwd=HOME, stdout=subprocess.PIPE).stdout)
    record_property("means", means)
    first, *full, last = told
    assert first[1:] == last[1:] == [0, True, []]
    assert [row[1:] for row in full] == [[2, True, []]] * 3
