"""Publishing: what the ledger gains, what a plain build makes of it, and that both have the same bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dxlod.errors import ReleaseError
from dxlod.release import Release, Work, build_release, open_current, read_ledger, verify
from dxlod.release.changes import changes_part
from dxlod.release.files import held
from dxlod.settings import Settings

ONE = {"quads.nq": "1"}
TWO = {"quads.nq": "2"}
PARTS = (changes_part("見出し", "運営者"),)


def build(
    settings: Settings, lines: list[str], inputs: dict[str, str], publish: str = "", work: Work | None = None
) -> Release:
    return build_release(settings, lines, inputs, lambda *_: None, parts=PARTS, publish=publish, work=work)


def ledger(settings: Settings) -> list[str]:
    return [entry.version for entry in read_ledger(settings.ledger, settings.base)]


def content(release: Release) -> dict[str, bytes]:
    return {entry.path: (release.path / entry.path).read_bytes() for entry in release.manifest.files}


def test_a_plain_build_only_reads(settings: Settings, lines: list[str]) -> None:
    release = build(settings, lines, ONE)
    assert release.version.startswith("unpublished-")
    assert not settings.ledger.exists()


def test_a_publication_is_in_the_ledger(settings: Settings, lines: list[str]) -> None:
    work = Work()
    release = build(settings, lines, ONE, "2026-04-01", work)
    assert release.version.startswith("2026-04-01-")
    assert work.published
    (entry,) = read_ledger(settings.ledger, settings.base)
    assert (entry.version, entry.date, entry.triples) == (
        release.version,
        "2026-04-01",
        release.manifest.triples,
    )
    assert entry.files == {item.path: item.sha256 for item in release.manifest.files}
    assert {path.name for path in settings.ledger.iterdir()} == {f"{release.version}.json"}


def test_a_fresh_clone_builds_what_was_published(
    settings: Settings, lines: list[str], tmp_path: Path
) -> None:
    build(settings, lines[5:], ONE, "2026-04-01")
    second = build(settings, lines, TWO, "2026-10-01")
    clone = replace(settings, releases=tmp_path / "clone")
    work = Work()
    again = build(clone, lines, TWO, work=work)
    assert again.version == second.version
    assert content(again) == content(second)
    assert again.seal == second.seal
    assert work.differing == []
    assert not work.published


def test_a_build_between_publications_knows_all_of_them(settings: Settings, lines: list[str]) -> None:
    published = build(settings, lines[5:], ONE, "2026-04-01")
    between = build(settings, lines, TWO)
    assert between.version.startswith("2026-04-01-")
    assert between.version != published.version
    assert ledger(settings) == [published.version]
    assert published.version.encode() in content(between)["changes.json"]
    assert build(settings, lines[5:], ONE) == published


def test_publishing_what_is_published_changes_nothing(settings: Settings, lines: list[str]) -> None:
    release = build(settings, lines, ONE, "2026-04-01")
    path = settings.ledger / f"{release.version}.json"
    before = path.read_bytes(), path.stat().st_mtime_ns
    work = Work()
    assert build(settings, lines, ONE, "2026-10-01", work) == release
    assert not work.published
    assert ledger(settings) == [release.version]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_twice_on_one_day_is_twice(settings: Settings, lines: list[str]) -> None:
    first = build(settings, lines[5:], ONE, "2026-04-01")
    between = build(settings, lines, TWO)
    second = build(settings, lines, TWO, "2026-04-01")
    assert len({first.version, between.version, second.version}) == 3
    assert ledger(settings) == [first.version, second.version]


@pytest.mark.parametrize("date", ["2026-13-01", "2026-02-30", "20260401", "2026-4-1", "next week"])
def test_what_is_no_date(settings: Settings, lines: list[str], date: str) -> None:
    with pytest.raises(ReleaseError, match="Write it like 2026-10-01"):
        build(settings, lines, ONE, date)
    assert not list(settings.releases.glob("2*"))


def test_a_date_before_the_last(settings: Settings, lines: list[str]) -> None:
    first = build(settings, lines, ONE, "2026-04-01")
    with pytest.raises(ReleaseError, match="Give 2026-04-01 or a later date"):
        build(settings, lines, TWO, "2026-03-31")
    assert ledger(settings) == [first.version]
    assert open_current(settings) == first


def test_a_violation_is_not_published(settings: Settings, lines: list[str]) -> None:
    broken = [
        line.replace('"41.2"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"about 41"') for line in lines
    ]
    with pytest.raises(ReleaseError):
        build(settings, broken, ONE, "2026-04-01")
    assert list(settings.ledger.glob("*")) == []


def test_another_base_has_another_history(settings: Settings, lines: list[str]) -> None:
    build(settings, lines, ONE, "2026-04-01")
    other = replace(settings, base="https://example.jp/dx")
    assert build(other, lines, ONE).version.startswith("unpublished-")
    assert build(other, lines, ONE, "2025-01-01").version.startswith("2025-01-01-")
    assert len(ledger(other)) == len(ledger(settings)) == 1


def test_a_lost_release_folder_is_built_again(settings: Settings, lines: list[str]) -> None:
    release = build(settings, lines, ONE, "2026-04-01")
    before = content(release)
    (release.path / "manifest.json").unlink()
    assert content(build(settings, lines, ONE)) == before
    assert verify(open_current(settings)) == ()


def test_bytes_that_are_not_those_published_are_told(
    settings: Settings, lines: list[str], tmp_path: Path
) -> None:
    release = build(settings, lines, ONE, "2026-04-01")
    path = settings.ledger / f"{release.version}.json"
    entry = release.entry("dumps/all.ttl")
    assert entry is not None
    path.write_text(path.read_text("utf-8").replace(entry.sha256, "0" * 64), "utf-8")
    work = Work()
    build(replace(settings, releases=tmp_path / "clone"), lines, ONE, work=work)
    assert work.differing == ["dumps/all.ttl"]


def test_published_releases_and_the_latest_others_are_kept(settings: Settings, lines: list[str]) -> None:
    few = replace(settings, keep_releases=2)
    published = build(few, lines, ONE, "2026-04-01")
    versions = [build(few, lines, {"quads.nq": f"{number}"}).version for number in range(10, 14)]
    kept = {path.name for path in settings.releases.glob("2026-*")}
    assert kept == {published.version, *versions[-2:]}
    everything = replace(settings, keep_releases=0)
    build(everything, lines, {"quads.nq": "20"})
    assert len(list(settings.releases.glob("2026-*"))) == 4


def test_a_release_that_somebody_holds_is_kept(settings: Settings, lines: list[str]) -> None:
    few = replace(settings, keep_releases=1)
    first = build(few, lines, ONE)
    with held(first.path):
        build(few, lines, TWO)
        assert verify(first) == ()
    work = Work()
    third = build(few, lines, {"quads.nq": "3"}, work=work)
    assert first.version in work.discarded
    assert [path.name for path in settings.releases.glob("unpublished-*")] == [third.version]
