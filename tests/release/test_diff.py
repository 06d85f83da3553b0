"""``dxlod diff``: nothing but what differs, in four forms, and exit codes that can be relied on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dxlod.cli import main
from dxlod.errors import ReleaseError
from dxlod.release import Release, build_release
from dxlod.release.diff import differences, named_release, patch, quads_of
from dxlod.release.terms import parse_quads
from dxlod.release.values import ValueChange, value_changes
from dxlod.settings import Settings

BASE = "https://w3id.org/dxlod"
KPI = f"{BASE}/id/plan/212016/dx/2025/kpi/1-1-1"
POLICY = f"{BASE}/id/plan/212016/dx/2025/policy/1"
LAW = f"{BASE}/id/law/425AC0000000027"


def changed(lines: list[str]) -> list[str]:
    """The policy is gone, the law has a note and another name, an initiative has come."""
    name = f"<{LAW}> <http://www.w3.org/2000/01/rdf-schema#label> "
    kept = [line for line in lines if not line.startswith((f"<{POLICY}> ", name))]
    assert sum(line.startswith(name) for line in lines) == 1
    seen = "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
    new = f"<{BASE}/id/plan/212016/dx/2025/initiative/9>"
    plan = f"<{BASE}/graph/plan/212016/dx/2025>"
    return [
        *kept,
        f'{name}"ほかの名の法律"@ja <{BASE}/graph/law> .',
        f"<{LAW}> {seen} <https://example.org/> <{BASE}/graph/law> .",
        f'{new} <http://www.w3.org/2000/01/rdf-schema#label> "新しい取組"@ja {plan} .',
        f"{new} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}/ns#Initiative> {plan} .",
    ]


@pytest.fixture
def pair(settings: Settings, lines: list[str]) -> tuple[Release, Release]:
    return tuple(
        build_release(settings, some, {"quads.nq": name}, lambda *_: None)
        for name, some in (("1", lines), ("2", changed(lines)))
    )  # type: ignore[return-value]


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["diff", *arguments, "--releases", str(settings.releases)])


def test_every_quad_that_differs_and_no_other(pair: tuple[Release, Release]) -> None:
    before, now = pair
    found = list(differences(before, now))
    old, new = set(quads_of(before)), set(quads_of(now))
    assert {quad for item in found for quad in item.removed} == old - new
    assert {quad for item in found for quad in item.added} == new - old
    assert [(item.change.iri.rpartition("/")[2], item.change.what) for item in found] == [
        ("425AC0000000027", "changed"),
        ("9", "came"),
        ("1", "went"),
    ]


def test_the_other_way_round(pair: tuple[Release, Release]) -> None:
    before, now = pair
    forth, back = list(differences(before, now)), list(differences(now, before))
    assert [item.added for item in forth] == [item.removed for item in back]
    assert [item.removed for item in forth] == [item.added for item in back]


def test_a_patch_makes_the_one_of_the_other(pair: tuple[Release, Release]) -> None:
    before, now = pair
    rows = list(patch(BASE, before, now, differences(before, now)))
    assert rows[:3] == [
        f"H id <{BASE}/releases/{now.version}> .",
        f"H prev <{BASE}/releases/{before.version}> .",
        "TX .",
    ]
    assert rows[-1] == "TC ."
    quads = set(before.quads.read_text("utf-8").splitlines())
    for row in rows[3:-1]:
        kind, line = row[:2], row[2:]
        assert (line in quads) == (kind == "D ")
        quads = quads - {line} if kind == "D " else quads | {line}
    assert quads == set(now.quads.read_text("utf-8").splitlines())


def test_in_words(settings: Settings, pair: tuple[Release, Release]) -> None:
    before, now = pair
    result = run(settings, before.version, now.version)
    assert result.exit_code == 1
    assert "取組 1件追加" in result.output
    assert "initiative: 1 added" in result.output
    assert "law: 1 changed" in result.output
    assert "+ 取組「新しい取組」" in result.output
    assert f"  {BASE}/graph/law: +2 -1\n" in result.output
    assert "    名称 / name: 「番号法」@ja → 「ほかの名の法律」@ja\n" in result.output
    assert "    rdfs:seeAlso: なし (none) → <https://example.org/>\n" in result.output


def test_as_json(settings: Settings, pair: tuple[Release, Release]) -> None:
    before, now = pair
    result = run(settings, str(before.path), "current", "--format", "json")
    found = json.loads(result.output)
    assert result.exit_code == 1
    assert (found["before"], found["now"], found["equal"]) == (before.version, now.version, False)
    assert found["counts"] == {"came": 1, "went": 1, "changed": 1}
    assert found["added"] == 4
    assert found["removed"] == 1 + sum(quad.s == f"<{POLICY}>" for quad in quads_of(before))
    assert {item["iri"]: item["what"] for item in found["subjects"]}[LAW] == "changed"
    values = next(item["values"] for item in found["subjects"] if item["iri"] == LAW)
    assert [(item["property"].rpartition("#")[2], item["en"]) for item in values] == [
        ("label", "name"),
        ("seeAlso", ""),
    ]
    assert values[0]["now"] == ['"ほかの名の法律"@ja']
    assert values[0]["before"] == ['"番号法"@ja']
    assert (values[1]["before"], values[1]["now"]) == ([], ["<https://example.org/>"])


def test_what_only_moves_to_another_graph_is_no_other_value() -> None:
    one, other, new = (
        next(parse_quads([f'<{LAW}> <urn:p> "{text}" <urn:{graph}> .']))
        for text, graph in (("a", 1), ("a", 2), ("b", 2))
    )
    assert value_changes([one], [other]) == ()
    assert value_changes([one], [other, new]) == (ValueChange("urn:p", (), ('"b"',)),)
    assert value_changes([one], [new]) == (ValueChange("urn:p", ('"a"',), ('"b"',)),)
    assert value_changes([], []) == ()


def test_as_n_quads(settings: Settings, pair: tuple[Release, Release]) -> None:
    before, now = pair
    result = run(settings, before.version, "--format", "nq")
    assert result.exit_code == 1
    removed, _, added = result.output.partition("# 加わった文 / added\n")
    old, new = (set(release.quads.read_text("utf-8").splitlines()) for release in (before, now))
    assert set(removed.splitlines()[1:]) == old - new
    assert set(added.splitlines()) == new - old


def test_as_a_patch(settings: Settings, pair: tuple[Release, Release]) -> None:
    before, now = pair
    result = run(settings, before.version, now.version, "--format", "patch")
    assert result.exit_code == 1
    assert result.output.splitlines() == list(patch(BASE, before, now, differences(before, now)))


@pytest.mark.parametrize("form", ["text", "json", "patch", "nq"])
def test_equal_releases(settings: Settings, pair: tuple[Release, Release], form: str) -> None:
    result = run(settings, "current", pair[1].version, "--format", form)
    assert result.exit_code == 0
    assert not [line for line in result.output.splitlines() if line.startswith(("A ", "D ", "<"))]


def test_a_release_that_is_not_there(settings: Settings, pair: tuple[Release, Release]) -> None:
    result = run(settings, "2026-01-01-00000000")
    assert result.exit_code == 2
    assert "There is no release 2026-01-01-00000000" in result.output
    there = " ".join(sorted(release.version for release in pair))
    assert f"There are: {there}" in result.output


def test_a_plan_that_went_is_told_first(settings: Settings, lines: list[str]) -> None:
    plan = f" <{BASE}/graph/plan/212016/dx/2025> ."
    rest = [line for line in lines if not line.endswith(plan)]
    before = build_release(settings, lines, {"quads.nq": "1"}, lambda *_: None)
    build_release(settings, rest, {"quads.nq": "2"}, lambda *_: None)
    rows = run(settings, before.version).output.splitlines()
    assert rows[0].startswith("PlanEdition 1件削除、")
    assert rows[1].startswith("PlanEdition: 1 removed; ")
    subjects = [row for row in rows if row.startswith("- ")]
    assert subjects[0].startswith("- PlanEdition「")
    details = [row.startswith(("- 出典の行 ", "- 出典の行番号 ")) for row in subjects]
    assert any(details)
    assert details == sorted(details)


def test_a_dump_that_cannot_be_compared(settings: Settings, pair: tuple[Release, Release]) -> None:
    before, now = pair
    rows = now.quads.read_text("utf-8").splitlines(keepends=True)
    now.quads.write_text("".join(reversed(rows)), "utf-8")
    with pytest.raises(ReleaseError, match="is not sorted"):
        list(differences(before, now))
    now.quads.write_text("nonsense\n", "utf-8")
    with pytest.raises(ReleaseError, match="no N-Quads line"):
        list(differences(before, now))
    now.quads.unlink()
    assert run(settings, before.version).exit_code == 2


def test_a_release_is_named_by_version_folder_or_as_current(
    settings: Settings, pair: tuple[Release, Release], tmp_path: Path
) -> None:
    before, now = pair
    assert named_release(settings, before.version) == before
    assert named_release(settings, str(before.path)) == before
    assert named_release(settings, "current").version == now.version
    with pytest.raises(ReleaseError, match="There is no release"):
        named_release(settings, str(tmp_path))
