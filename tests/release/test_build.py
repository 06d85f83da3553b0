from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dxlod.errors import NonConformingError, ReleaseError
from dxlod.release import Location, Release, build, build_release, open_current, open_release, verify
from dxlod.settings import Settings

KPI = "https://w3id.org/dxlod/id/plan/212016/dx/2025/kpi/1-1-1"
GRAPH = "https://w3id.org/dxlod/graph/plan/212016/dx/2025"
INPUTS = {"quads.nq": "0"}
OTHER = {"quads.nq": "1"}


def files(release: Release) -> dict[str, bytes]:
    return {
        path.relative_to(release.path).as_posix(): path.read_bytes()
        for path in release.path.rglob("*")
        if path.is_file()
    }


def contents(settings: Settings) -> list[str]:
    """What lies in the folder of releases, beside the lock and the cache."""
    return sorted({path.name for path in settings.releases.iterdir()} - {".lock", ".cache"})


def no_lines() -> Iterator[str]:
    raise AssertionError("the quads must not be read")
    yield ""


def test_same_inputs_same_bytes(
    settings: Settings, lines: list[str], release: Release, tmp_path: Path
) -> None:
    elsewhere = Settings(home=settings.home, data=settings.data, releases=tmp_path / "again")
    again = build_release(elsewhere, reversed(lines * 2), INPUTS, lambda *_: None)
    assert again.version == release.version
    assert files(again) == files(release)


def test_bytes_do_not_depend_on_hash_seeds(settings: Settings, release: Release, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dxlod.settings import Settings; from dxlod.release import *\n"
        "home, data, out = map(Path, sys.argv[1:])\n"
        "build_release(Settings(home=home, data=data, releases=out), (home / 'quads.nq').open(encoding='utf-8'),"
        " {'quads.nq': '0'}, lambda *_: None)"
    )
    out = tmp_path / "again"
    arguments = [str(settings.home), str(settings.data), str(out)]
    subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, env={**os.environ, "PYTHONHASHSEED": "7"}
    )
    assert files(open_current(Settings(home=settings.home, releases=out))) == files(release)


def test_what_was_built_is_whole_and_current(settings: Settings, release: Release) -> None:
    assert open_current(settings) == Release(release.path, release.manifest, release.seal)
    assert verify(release) == ()
    assert contents(settings) == ["current", release.version]


def test_the_reference_data_have_graphs_of_their_own(release: Release) -> None:
    names = {name.rpartition("/graph/")[2] for name in release.manifest.graphs}
    assert names == {"code", "fy", "law", "ontology", "org/212016", "plan/212016/dx/2025"}
    assert "_:" not in (release.path / "ns.nt").read_text(encoding="utf-8")


def test_nothing_changed_reads_nothing(settings: Settings, release: Release) -> None:
    assert build_release(settings, no_lines(), INPUTS, lambda *_: None) == release


def test_a_changed_shape_or_base_is_another_version(
    settings: Settings, lines: list[str], release: Release
) -> None:
    shapes = settings.shapes / "sample.ttl"
    shapes.write_text(shapes.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert build_release(settings, lines, INPUTS, lambda *_: None).version != release.version


def test_a_damaged_release_is_built_anew(settings: Settings, lines: list[str], release: Release) -> None:
    path = release.path / "dumps" / "all.nq"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"1", b"2", 1))
    assert [damage.path for damage in verify(release)] == ["dumps/all.nq"]
    again = build_release(settings, lines, INPUTS, lambda *_: None)
    assert verify(again) == ()
    assert path.read_bytes() == content


@pytest.mark.parametrize("fault", ["missing", "longer", "added", "manifest", "renamed"])
def test_damage_is_found(settings: Settings, release: Release, fault: str) -> None:
    manifest = release.path / "manifest.json"
    if fault == "missing":
        (release.path / "dumps" / "all.ttl").unlink()
    elif fault == "longer":
        with (release.path / "report.json").open("a", encoding="utf-8") as out:
            out.write(" ")
    elif fault == "added":
        (release.path / "dumps" / "more.ttl").touch()
    elif fault == "manifest":
        manifest.write_text(
            manifest.read_text(encoding="utf-8").replace("dxlod 0", "dxlod 9"), encoding="utf-8"
        )
    else:
        release.path.rename(settings.releases / "unpublished-00000000")
    folder = next(path for path in settings.releases.glob("unpublished-*"))
    places = {"missing": "dumps/all.ttl", "longer": "report.json", "added": "dumps/more.ttl"}
    assert [damage.path for damage in verify(open_release(settings, folder.name))] == [
        places.get(fault, "manifest.json")
    ]


def test_a_violation_stops_the_build_and_names_the_cell(
    settings: Settings, lines: list[str], release: Release
) -> None:
    broken = [
        line.replace('"41.2"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"about 41"') for line in lines
    ]
    assert broken != lines

    def locate(focus: str, path: str | None, value: str | None) -> Location:
        assert (focus, path, value) == (
            f"{KPI}/baseline/FY2024",
            "https://w3id.org/dxlod/ns#value",
            "about 41",
        )
        return Location("212016_indicator_value.csv", 2, "値")

    with pytest.raises(NonConformingError) as caught:
        build_release(settings, broken, OTHER, locate)
    assert [violation.place for violation in caught.value.violations] == [
        Location("212016_indicator_value.csv", 2, "値")
    ]
    assert "212016_indicator_value.csv, 2行, 値列: 値は xsd:decimal で1つだけ記述してください。" in str(
        caught.value
    )
    assert "Give at most one value, an xsd:decimal." in str(caught.value)
    assert open_current(settings) == release
    assert contents(settings) == ["current", release.version]


def test_a_violation_in_reference_data_names_its_file(settings: Settings, lines: list[str]) -> None:
    ontology = settings.ontology / "dxlod.ttl"
    with ontology.open("a", encoding="utf-8") as out:
        out.write("<https://w3id.org/dxlod/id/x> a dxo:Indicator .\n")
    with pytest.raises(NonConformingError) as caught:
        build_release(settings, lines, INPUTS, lambda *_: None)
    assert [violation.place for violation in caught.value.violations] == [Location("ontology/dxlod.ttl")]


def test_warnings_are_published(release: Release) -> None:
    report = json.loads((release.path / "report.json").read_text(encoding="utf-8"))
    assert report["conforms"] is True
    assert report["counts"] == {"Violation": 0, "Warning": 1, "Info": 0}
    assert report["results"][0]["focus"] == KPI
    assert "sh:conforms false" in (release.path / "report.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize("stage", ["map", "validate", "write", "install"])
def test_killed_at_any_stage_the_old_release_stays(
    settings: Settings, lines: list[str], release: Release, stage: str
) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from dxlod.settings import Settings\n"
        "from dxlod.release import build_release\n"
        "home, data, out, fatal = sys.argv[1:]\n"
        "def progress(stage, done, total):\n"
        "    if stage == fatal: os.kill(os.getpid(), signal.SIGKILL)\n"
        "build_release(Settings(home=Path(home), data=Path(data), releases=Path(out)),"
        " Path(home, 'quads.nq').open(encoding='utf-8'), {'quads.nq': '1'}, lambda *_: None, progress)"
    )
    arguments = [str(settings.home), str(settings.data), str(settings.releases), stage]
    assert subprocess.run([sys.executable, "-c", code, *arguments], check=False).returncode == -9
    assert open_current(settings) == release
    assert verify(release) == ()
    new = build_release(settings, lines, OTHER, lambda *_: None)
    assert open_current(settings).version == new.version != release.version
    assert contents(settings) == ["current", *sorted([release.version, new.version])]


def test_the_date_comes_from_the_ledger(settings: Settings, lines: list[str]) -> None:
    published = build_release(settings, lines, INPUTS, lambda *_: None, publish="2026-05-01")
    assert published.version.startswith("2026-05-01-")
    between = build_release(settings, lines, OTHER, lambda *_: None)
    assert between.version.startswith("2026-05-01-")
    assert between.version != published.version


def test_a_base_of_ones_own(settings: Settings, lines: list[str]) -> None:
    own = Settings(
        home=settings.home, data=settings.data, releases=settings.releases, base="https://example.jp/dx"
    )
    moved = [
        line.replace("https://w3id.org/dxlod/id/plan", f"{own.base}/id/plan").replace(
            GRAPH, GRAPH.replace("https://w3id.org/dxlod", own.base)
        )
        for line in lines
    ]
    release = build_release(own, moved, INPUTS, lambda *_: None)
    assert release.entry("dumps/212016-dx-2025.ttl") is not None


@pytest.mark.parametrize("version", ["../etc", "2026-01-01-00000000", ""])
def test_a_version_that_is_not_there(settings: Settings, release: Release, version: str) -> None:
    with pytest.raises(ReleaseError, match="There is no release"):
        open_release(settings, version)


def test_no_release_yet(settings: Settings) -> None:
    with pytest.raises(ReleaseError, match="Run dxlod build"):
        open_current(settings)


def test_broken_reference_data_are_named(settings: Settings, lines: list[str]) -> None:
    (settings.ontology / "codes.ttl").write_text("<a> <b> .", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"codes\.ttl is no Turtle"):
        build_release(settings, lines, INPUTS, lambda *_: None)


def test_a_folder_that_cannot_be_written(
    settings: Settings, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dxlod.release.dumps.write_gzip", full)
    with pytest.raises(ReleaseError, match="Check free space"):
        build_release(settings, lines, INPUTS, lambda *_: None)
    assert contents(settings) == []


def test_each_plan_has_dumps_and_is_validated_by_itself(settings: Settings, lines: list[str]) -> None:
    later = [line.replace("/dx/2025", "/dx/2026") for line in lines if f"<{GRAPH}>" in line]
    told: list[tuple[str, int, int | None]] = []
    release = build_release(
        settings,
        lines + later,
        OTHER,
        lambda *_: None,
        lambda stage, done, total: told.append((stage, done, total)),
    )
    numbers = {stem: release.entry(f"dumps/212016-dx-{stem}.nt") for stem in ("2025", "2026")}
    assert {entry.triples for entry in numbers.values() if entry} == {release.manifest.graphs[GRAPH]}
    text = (release.path / "dumps" / "212016-dx-2026.nq").read_text(encoding="utf-8")
    assert "/dx/2025" not in text
    assert ("validate", 2, 2) in told
    assert told[-1] == ("install", 1, 1)
    assert json.loads((release.path / "report.json").read_text(encoding="utf-8"))["counts"]["Warning"] == 2


def test_all_code_that_decides_bytes_decides_the_version() -> None:
    """Every layer that the pipeline calls, but the index of the pages, which lies in store/ and is promised nothing."""
    package = Path(build.__file__).parents[1]
    named = re.findall(r"^from dxlod\.(\w+)", (package / "pipeline.py").read_text("utf-8"), re.MULTILINE)
    assert {"catalog", "mapping", "release"} <= set(named)
    assert set(named) - {"errors", "settings", "site"} <= set(build._BUILDING_CODE)
    assert all((package / name).exists() for name in build._BUILDING_CODE)
