"""Bad input: each fault is a finding that says where and how to mend it; nothing raises."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxlod.table.check import check_dataset
from dxlod.table.contract import load_contract
from dxlod.table.csvfile import render
from dxlod.table.dataset import Dataset

GOOD = {
    "code": "212075", "id": "dx-2024-1", "municipality": "美濃市", "plan": "dx", "edition": "2024", "key": "1",
    "number": "1", "title": "市民サービスの向上", "order": "1", "source": "dx-2024-s1", "lines": "199",
}  # fmt: skip
SOURCE = {
    "code": "212075", "id": "dx-2024-s1", "municipality": "美濃市", "plan": "dx", "edition": "2024", "file": "a.txt",
    "sha256": "0" * 64, "title": "計画", "line_count": "678", "layout": "mino", "lines": "3",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "212075").mkdir()
    source = render(load_contract()["source"], [SOURCE])
    (tmp_path / "212075" / "212075_source.csv").write_bytes(source)
    return tmp_path


def write(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "212075" / "212075_policy.csv"
    path.write_bytes(render(load_contract()["policy"], rows))
    return path


def found(folder: Path) -> list[tuple[str, int, str, str]]:
    findings = check_dataset(Dataset.at(folder))
    for finding in findings:
        assert finding.message_ja
        assert finding.message_en
    return [(finding.file.split("_")[-1], finding.row, finding.column, finding.code) for finding in findings]


def test_a_good_table_has_no_findings(folder: Path) -> None:
    write(folder, GOOD)
    assert found(folder) == []


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"title": ""}, "名称", "missing-cell"),
        ({"code": "212076"}, "全国地方公共団体コード", "check-digit"),
        ({"code": "02120"}, "全国地方公共団体コード", "lgcode"),
        ({"title": "ＤＸの推進"}, "名称", "width"),
        ({"title": "ﾃﾞｼﾞﾀﾙ"}, "名称", "width"),
        ({"order": "１"}, "表示順", "width"),
        ({"order": "1.5"}, "表示順", "type-integer"),
        ({"key": "日本"}, "要素キー", "type-key"),
        ({"lines": "5-3"}, "原文行", "lines"),
        ({"lines": "700"}, "原文行", "line-out-of-range"),
        ({"source": "dx-2023-s1"}, "出典文書ID", "dangling-reference"),
        ({"unknown": "colour"}, "不明な項目", "unknown-column-name"),
        ({"unknown": "number"}, "計画書上の番号", "contradiction"),
        ({"title": "市民\ufffdサービス"}, "名称", "broken-character"),
        ({"sdgs": "4;x"}, "SDGsゴール", "type-integer"),
    ],
)
def test_a_faulty_cell_is_a_finding(folder: Path, change: dict[str, str], column: str, code: str) -> None:
    write(folder, {**GOOD, **change})
    assert ("policy.csv", 2, column, code) in found(folder)


@pytest.mark.parametrize(("value", "mend"), [("令和8年度", "2026"), ("R8", "2026"), ("平成29年", "2017")])
def test_a_wareki_year_is_a_finding_with_the_western_year(folder: Path, value: str, mend: str) -> None:
    plan = {**{k: GOOD[k] for k in ("code", "municipality", "plan", "edition", "source", "lines")},
            "id": "dx-2024", "title": "計画", "plan_title": "計画", "status": "adopted", "start_fy": value}  # fmt: skip
    (folder / "212075" / "212075_plan.csv").write_bytes(render(load_contract()["plan"], [plan]))
    (finding,) = check_dataset(Dataset.at(folder))
    assert (finding.row, finding.column, finding.code) == (2, "開始年度", "wareki")
    assert mend in finding.mend_ja
    assert mend in finding.mend_en


def test_a_duplicate_id_is_a_finding(folder: Path) -> None:
    write(folder, GOOD, GOOD)
    assert ("policy.csv", 3, "ID", "duplicate-id") in found(folder)


def test_an_unknown_column_is_a_finding_and_nothing_is_lost(folder: Path) -> None:
    path = write(folder, GOOD)
    text = path.read_text("utf-8-sig").splitlines()
    changed = "\r\n".join(["備考," + text[0], "大切なメモ," + text[1]])
    path.write_text(changed, "utf-8-sig", newline="")
    before = path.read_bytes()
    assert ("policy.csv", 1, "備考", "unknown-column") in found(folder)
    assert path.read_bytes() == before


def test_a_missing_column_is_a_finding(folder: Path) -> None:
    path = write(folder, GOOD)
    path.write_text(path.read_text("utf-8-sig").replace("名称", "なまえ"), "utf-8-sig", newline="")
    codes = {(column, code) for _, row, column, code in found(folder) if row == 1}
    assert codes == {("なまえ", "unknown-column"), ("名称", "missing-column")}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"\xef\xbb\xbf\r\n", "empty-file"),
        (b"\x81", "broken-encoding"),
        (b'"a', "unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding(folder: Path, data: bytes, code: str) -> None:
    (folder / "212075" / "212075_policy.csv").write_bytes(data)
    assert ("policy.csv", 0, "", code) in found(folder)


def test_windows_31j_is_read_and_said(folder: Path) -> None:
    path = write(folder, GOOD)
    path.write_bytes(path.read_text("utf-8-sig").encode("cp932"))
    assert found(folder) == [("policy.csv", 0, "", "encoding")]


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("data")
    (folder / "212075").mkdir()
    (folder / "212075" / "212075_policy.csv").write_bytes(data)
    check_dataset(Dataset.at(folder))
