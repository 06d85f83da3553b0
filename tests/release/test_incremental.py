"""Nothing changed: nothing done. One table changed: one plan mapped, validated, written. The bytes are the same."""

from __future__ import annotations

import csv
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dxlod.errors import NonConformingError, ReleaseError
from dxlod.pipeline import build_current
from dxlod.release import Cache, Release, Work, build_release, open_current, verify
from dxlod.settings import Settings

HOME = Path(__file__).resolve().parents[2]
GRAPH = "https://w3id.org/dxlod/graph/plan/212016/dx/2025"
PLAN = "dumps/212016-dx-2025"
LATER = "dumps/212016-dx-2026"


def built(settings: Settings) -> tuple[Release, Work]:
    work = Work()
    return build_current(settings, lambda *_: None, work=work), work


def done(work: Work) -> tuple[list[str], list[str], list[str], list[str]]:
    return sorted(work.mapped), sorted(work.validated), sorted(work.written), sorted(work.reused)


def rename_a_policy(table: Path) -> None:
    with table.open(encoding="utf-8-sig", newline="") as file:
        header, first, *rest = csv.reader(file)
    first[header.index("名称")] += "（改）"
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, first, *rest])


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The tables of two cities with one plan each, and their first release."""
    folder = tmp_path_factory.mktemp("incremental")
    for name in ("212075", "212130", "shared"):
        shutil.copytree(HOME / "data" / name, folder / "data" / name)
    shutil.copy(HOME / "data" / "publisher.toml", folder / "data")
    settings = Settings(data=folder / "data", releases=folder / "releases")
    _, work = built(settings)
    assert done(work) == (
        ["212075", "212130", "shared"],
        ["212075-dx-2024", "212130-dx-2026"],
        ["dumps/212075-dx-2024", "dumps/212130-dx-2026", "dumps/all", "ns"],
        [],
    )
    return settings


def test_one_changed_table_makes_one_plan_anew(tables: Settings, tmp_path: Path) -> None:
    first = open_current(tables)
    again, work = built(tables)
    assert again == first
    assert done(work) == ([], [], [], [])

    rename_a_policy(tables.data / "212130" / "212130_policy.csv")
    release, work = built(tables)
    assert done(work) == (
        ["212130"],
        ["212130-dx-2026"],
        ["dumps/212130-dx-2026", "dumps/all"],
        ["dumps/212075-dx-2024", "ns"],
    )
    for name in ("dumps/212075-dx-2024.ttl", "dumps/212075-dx-2024.nq.gz", "ns.jsonld"):
        assert (release.path / name).samefile(first.path / name)

    scratch, work = built(replace(tables, releases=tmp_path))
    assert work.reused == []
    assert scratch.manifest == release.manifest
    assert verify(scratch) == verify(release) == verify(first) == ()


def test_tables_with_errors_stop_the_build_as_often_as_they_are_built(
    tables: Settings, tmp_path: Path
) -> None:
    shutil.copytree(tables.data, tmp_path / "data")
    table = tmp_path / "data" / "212130" / "212130_policy.csv"
    text = table.read_text("utf-8-sig")
    table.write_text(text.replace("212130,", "212131,"), "utf-8-sig", newline="")
    wrong = replace(tables, data=tmp_path / "data")
    for _ in range(2):
        with pytest.raises(NonConformingError, match="findings"):
            built(wrong)
    table.write_text(text, "utf-8-sig", newline="")
    assert verify(built(wrong)[0]) == ()


def test_tables_that_change_while_they_are_read_make_no_release(tables: Settings, tmp_path: Path) -> None:
    shutil.copytree(tables.data, tmp_path / "data")
    settings = replace(tables, data=tmp_path / "data", releases=tmp_path / "releases")
    table = settings.data / "212130" / "212130_policy.csv"

    def edit(stage: str, done: int, total: int | None) -> None:
        if (stage, done) == ("validate", 0):
            with table.open("a", encoding="utf-8") as out:
                out.write("\n")

    with pytest.raises(ReleaseError, match=r"212130_policy\.csv changed while the release was made"):
        build_current(settings, edit)
    assert not (settings.releases / "current").exists()
    assert verify(built(settings)[0]) == ()


@pytest.fixture
def two_plans(lines: list[str]) -> list[str]:
    return [*lines, *(line.replace("/dx/2025", "/dx/2026") for line in lines if f"<{GRAPH}>" in line)]


def build(settings: Settings, lines: list[str], name: str) -> tuple[Release, Work]:
    work = Work()
    return build_release(settings, lines, {"quads.nq": name}, lambda *_: None, work=work), work


def renamed(lines: list[str]) -> list[str]:
    """The later plan's indicators called otherwise."""
    return [line.replace('"@ja', '（改）"@ja') if "/dx/2026/kpi" in line else line for line in lines]


def test_only_the_plan_that_differs_is_judged_and_written(settings: Settings, two_plans: list[str]) -> None:
    build(settings, two_plans, "1")
    _, work = build(settings, renamed(two_plans), "2")
    assert done(work) == ([], ["212016-dx-2026"], [LATER, "dumps/all"], [PLAN, "ns"])
    report = (open_current(settings).path / "report.json").read_text("utf-8")
    assert report.count('"severity": "Warning"') == 2


def test_what_is_shared_concerns_all_plans(settings: Settings, two_plans: list[str]) -> None:
    build(settings, two_plans, "1")
    shared = [line.replace("番号法", "マイナンバー法") for line in two_plans]
    _, work = build(settings, shared, "2")
    assert work.validated == ["212016-dx-2025", "212016-dx-2026"]
    assert work.reused == [PLAN, LATER, "ns"]


def test_a_changed_shape_judges_all_plans_and_writes_none(settings: Settings, two_plans: list[str]) -> None:
    build(settings, two_plans, "1")
    shapes = settings.shapes / "sample.ttl"
    shapes.write_text(shapes.read_text("utf-8").replace("sh:Warning", "sh:Info"), "utf-8")
    release, work = build(settings, two_plans, "1")
    assert len(work.validated) == 2
    assert work.written == []
    assert '"severity": "Info"' in (release.path / "report.json").read_text("utf-8")


def test_a_violation_is_found_again_and_again(settings: Settings, two_plans: list[str]) -> None:
    broken = [line.replace('"41.2"^^', '"x"^^') if "/dx/2026" in line else line for line in two_plans]
    for _ in range(2):
        with pytest.raises(NonConformingError, match="xsd:decimal"):
            build(settings, broken, "1")


def test_another_context_writes_everything_anew(settings: Settings, two_plans: list[str]) -> None:
    build(settings, two_plans, "1")
    context = settings.ontology / "context.jsonld"
    context.write_text(context.read_text("utf-8") + "\n", "utf-8")
    assert build(settings, two_plans, "1")[1].reused == []


def test_a_damaged_file_of_the_previous_release_is_not_taken_over(
    settings: Settings, two_plans: list[str], tmp_path: Path
) -> None:
    first, _ = build(settings, two_plans, "1")
    path = first.path / f"{PLAN}.ttl"
    path.write_bytes(path.read_bytes().replace(b"2025", b"2052", 1))
    release, work = build(settings, two_plans, "2")
    assert PLAN in work.written
    assert LATER in work.reused
    assert verify(release) == ()
    scratch, _ = build(replace(settings, releases=tmp_path / "scratch"), two_plans, "2")
    assert scratch.manifest == release.manifest


def test_a_damaged_or_deleted_cache_only_costs_time(settings: Settings, two_plans: list[str]) -> None:
    build(settings, two_plans, "1")
    folder = settings.releases / ".cache"
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"Warning", b"Info") + b" ")
    _, work = build(settings, two_plans, "2")
    assert len(work.validated) == 2
    _, work = build(settings, two_plans, "3")
    assert work.validated == []
    shutil.rmtree(folder)
    _, work = build(settings, two_plans, "4")
    assert len(work.validated) == 2


def test_the_cache_gives_back_what_it_was_given(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.get("kind", "key") is None
    cache.put("kind", "key", "行\n\u2028 \x85 end")
    assert Cache(tmp_path).get("kind", "key") == "行\n\u2028 \x85 end"
    assert Cache(tmp_path).get("other", "key") is None
    (tmp_path / ".cache" / "kind-key").write_bytes(b"\xff\xfe")
    assert Cache(tmp_path).get("kind", "key") is None


def test_the_cache_does_not_grow_for_ever(tmp_path: Path) -> None:
    for number in range(100):
        Cache(tmp_path).put("kind", f"{number}", "")
    (tmp_path / ".cache" / ".building-1-left.part").touch()
    cache = Cache(tmp_path)
    assert cache.get("kind", "0") == ""
    cache.tidy()
    names = {path.name for path in (tmp_path / ".cache").iterdir()}
    assert len(names) == 64
    assert {"kind-0", "kind-99"} <= names
    assert ".building-1-left.part" not in names


def test_a_cache_that_cannot_be_written_stops_nothing(settings: Settings, two_plans: list[str]) -> None:
    settings.releases.mkdir()
    (settings.releases / ".cache").write_text("in the way", "utf-8")
    release, _ = build(settings, two_plans, "1")
    assert verify(release) == ()
    assert build(settings, two_plans, "1")[0] == release


@pytest.mark.parametrize("name", ["dumps/all.nq", "dumps", "manifest.json", f"{PLAN}.ttl.gz"])
def test_a_damaged_release_is_mended_where_it_is(
    settings: Settings, lines: list[str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name that `current` points at never vanishes, so a build killed in between leaves nothing dangling."""
    release, _ = build(settings, lines, "1")
    before = {path: path.read_bytes() for path in release.path.rglob("*") if path.is_file()}
    place = release.path / name
    if place.is_dir():
        shutil.rmtree(place)
        place.write_text("in the way", "utf-8")
    else:
        place.write_bytes(b"")
    (release.path / "added.ttl").touch()
    calls: list[bool] = []
    replaced = os.replace

    def watched(source: Path, target: Path) -> None:
        calls.append((settings.releases / "current").is_dir())
        replaced(source, target)

    monkeypatch.setattr("dxlod.release.files.os.replace", watched)
    again, _ = build(settings, lines, "1")
    assert verify(again) == ()
    assert calls
    assert all(calls)
    assert {path: path.read_bytes() for path in release.path.rglob("*") if path.is_file()} == before
