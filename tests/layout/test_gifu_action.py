"""Layout “gifu-action”: a document of the same layout with other words, damaged ones, and the real plan."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxlod.document import Document, document_of, read_document
from dxlod.errors import LayoutError
from dxlod.extraction.coverage import coverage
from dxlod.extraction.run import read_draft
from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_action import LAYOUT
from dxlod.layout.gifu_action_cells import read_item, split_titles
from dxlod.layout.gifu_action_phase import phase_codes
from dxlod.layout.gifu_action_scan import find_periods
from dxlod.layout.reference import Reference
from dxlod.table.contract import load_contract
from dxlod.table.csvfile import read_rows

_HERE = Path(__file__).parent
_FIXTURE = _HERE / "fixtures" / "gifu_action_list_and_sheets.txt"
_REAL = "000_72c706ab0b507af5.txt"

# title, item, measure, years of the list, ○, sheet, years of the sheet, lines
_INITIATIVES = [
    (
        "住民票の写しのオンライン請求",
        "まちの窓口のDX",
        "申請の電子化",
        2029,
        2034,
        False,
        False,
        None,
        None,
        "19",
    ),
    (
        "水道の使用開始届の電子化",
        "まちの窓口のDX",
        "申請の電子化",
        2031,
        2034,
        True,
        True,
        2031,
        2034,
        "20;37;40",
    ),
    ("公民館の予約システム", "まちの窓口のDX", "申請の電子化", 2030, 2034, False, False, None, None, "21"),
    (
        "窓口のカード払い、スマホ払い",
        "まちの窓口のDX",
        "支払いの電子化",
        2030,
        2033,
        True,
        True,
        2031,
        2034,
        "22;43;46",
    ),
    ("納付書のQRコード払い", "まちの窓口のDX", "支払いの電子化", 2028, 2034, False, False, None, None, "27"),
    ("電子決裁の利用拡大", "庁内業務のDX", "紙の削減", 2031, 2034, True, True, 2032, 2034, "28;49;52-53"),
    ("会議資料の電子化", "庁内業務のDX", "紙の削減", 2030, 2034, True, True, 2030, 2034, "29;57;60"),
    ("オンライン会議の利用", "庁内業務のDX", "会議と連絡のDX", 2030, 2034, False, False, None, None, "30"),
    ("チャットの利用", "庁内業務のDX", "会議と連絡のDX", 2031, 2034, True, True, 2032, 2034, "31;63;66"),
    ("公園の地図の公開", "データ活用", "地図データの公開", 2030, 2034, False, False, None, None, "32"),
    ("AI DXを使う予測", "データ活用", "地図データの公開", 2031, 2034, True, True, 2031, 2034, "32;71;74"),
    ("バス時刻表の公開", "データ活用", "地図データの公開", 2032, 2034, False, False, None, None, "32"),
    ("分析研修の実施", "データ活用", "分析の研修", 2031, 2034, True, False, None, None, "33"),
]

# initiative, year in which it certainly begins, label, codes, lines
_PHASES = [
    ("水道の使用開始届の電子化", 2031, "調査・研究", ["consider"], "39-40"),
    ("水道の使用開始届の電子化", 2032, "システム構築", ["prepare"], "39-40"),
    ("水道の使用開始届の電子化", None, "運用", ["implement"], "40"),
    ("窓口のカード払い、スマホ払い", None, "導入(機器)", ["implement"], "46"),
    ("窓口のカード払い、スマホ払い", 2033, "運用開始", ["implement"], "45-46"),
    ("電子決裁の利用拡大", 2032, "試行運用", ["trial"], "51-52"),
    ("電子決裁の利用拡大", 2033, "本格運用", ["implement"], "51-52"),
    ("会議資料の電子化", 2031, "拡大", ["expand"], "59-60"),
    ("チャットの利用", 2032, "実証", ["trial"], "65-66"),
    ("チャットの利用", 2033, "拡大", ["expand"], "65-66"),
    ("AI DXを使う予測", 2031, "設計", ["prepare"], "73-74"),
    ("AI DXを使う予測", 2032, "導入", ["implement"], "73-74"),
    ("AI DXを使う予測", 2033, "運用", ["implement"], "73-74"),
    ("AI DXを使う予測", 2034, "拡大", ["expand"], "73-74"),
]

_INDICATORS = [
    ("水道の使用開始届の電子化", "利用件数"),
    ("水道の使用開始届の電子化", "紙の届出の削減数"),
    ("窓口のカード払い、スマホ払い", "支払いのうち、カードによる割合"),
    ("会議資料の電子化", "開催数"),
    ("チャットの利用", "利用者数"),
    ("AI DXを使う予測", "予測の誤差、公園の利用者数"),
]

_FINDINGS = {
    "sdgs-lost": 1,
    "mark-placed-by-sheet": 1,
    "sheet-missing": 1,
    "title-differs": 1,
    "measure-differs": 1,
    "years-differ": 3,
    "year-headings-short": 1,
    "heading-missing": 1,
    "phase-not-placed": 2,
    "comma-doubtful": 1,
}


def _fixture_lines() -> list[str]:
    return _FIXTURE.read_text(encoding="utf-8").split("\n")


def _read(lines: list[str], newline: str = "\n") -> Draft:
    return read_draft(document_of("plan.txt", newline.join(lines).encode()), LAYOUT, Reference())


def _name(value: object) -> object:
    return value.title if isinstance(value, Row) else value


def _cells(row: Row, *names: str) -> tuple[object, ...]:
    return tuple(_name(row.cells.get(name)) for name in names)


def test_the_edition() -> None:
    plan = _read(_fixture_lines()).of("plan")[0]
    assert _cells(plan, "title", "plan_title", "status", "issued", "publisher", "start_fy") == (
        "みどり野市DX推進計画 実施編(2030年度版)",
        "みどり野市DX推進計画 実施編",
        "adopted",
        "2031-01-20",
        "みどり野市",
        None,
    )


def test_edition_key_and_editing_unit() -> None:
    draft = _read(_fixture_lines())
    assert (draft.municipality, draft.plan, draft.edition) == ("みどり野市", "dx-action", "2030")
    assert [_cells(row, "name", "kind", "parent") for row in draft.of("organization")] == [
        ("企画部", "department", None),
        ("情報課", "section", "企画部"),
    ]


@pytest.mark.parametrize(("mark", "status"), [("（案）", "draft"), ("（素案）", "preliminary-draft")])
def test_a_draft_plan(mark: str, status: str) -> None:
    lines = [line.replace("実施編", f"実施編{mark}") for line in _fixture_lines()]
    plan = _read(lines).of("plan")[0]
    assert _cells(plan, "status", "plan_title") == (status, "みどり野市DX推進計画 実施編")


def test_policies_and_their_goals() -> None:
    rows = _read(_fixture_lines()).of("policy")
    assert [(*_cells(row, "number", "title", "sdgs"), str(row.lines), row.unknown) for row in rows] == [
        ("1", "まちの窓口のDX", [4, 9, 17], "19;21;27;35", []),
        ("2", "庁内業務のDX", None, "28;55", ["sdgs"]),
        (None, "データ活用", [9, 11, 16], "32;69", []),
    ]


def test_measures() -> None:
    rows = _read(_fixture_lines()).of("policy_measure")
    assert [(*_cells(row, "title", "policy"), str(row.lines)) for row in rows] == [
        ("申請の電子化", "まちの窓口のDX", "19;37"),
        ("支払いの電子化", "まちの窓口のDX", "22;27;43"),
        ("紙の削減", "庁内業務のDX", "28;49"),
        ("会議と連絡のDX", "庁内業務のDX", "30;63"),
        ("地図データの公開", "データ活用", "32;71"),
        ("分析の研修", "データ活用", "33"),
    ]


def test_initiatives() -> None:
    names = ("title", "policy", "measure", "start_fy", "end_fy", "sheet_marked", "has_sheet")
    rows = _read(_fixture_lines()).of("initiative")
    found = [(*_cells(row, *names, "sheet_start_fy", "sheet_end_fy"), str(row.lines)) for row in rows]
    assert found == _INITIATIVES


def test_what_the_sheet_says_otherwise_is_kept() -> None:
    rows = {row.title: row for row in _read(_fixture_lines()).of("initiative")}
    assert _cells(rows["電子決裁の利用拡大"], "sheet_title") == ("電子決裁の利用の拡大",)
    assert _cells(rows["会議資料の電子化"], "measure", "sheet_measure") == ("紙の削減", "会議と連絡のDX")
    assert [row.title for row in rows.values() if row.cells.get("sheet_title")] == ["電子決裁の利用拡大"]


def test_phases() -> None:
    rows = _read(_fixture_lines()).of("phase")
    found = [(*_cells(row, "initiative", "fiscal_year", "label", "phases"), str(row.lines)) for row in rows]
    assert found == _PHASES
    assert [row.unknown for row in rows] == [[] if year else ["fiscal_year"] for _, year, *_ in _PHASES]


def test_indicators() -> None:
    draft = _read(_fixture_lines())
    assert [_cells(row, "initiative", "name") for row in draft.of("indicator")] == _INDICATORS
    none = [row.title for row in draft.of("initiative") if "indicators" in row.stated_none]
    assert none == ["電子決裁の利用拡大"]


def test_findings_corrections_and_coverage() -> None:
    draft = _read(_fixture_lines())
    assert Counter(note.code for note in draft.notes) == _FINDINGS
    assert sorted((c.line, c.as_printed, c.as_read) for c in draft.corrections) == [
        (19, "視点 I", "視点1"),
        (22, "視点 II 支払いの電子化", ""),
        (27, "視点 I", "視点1"),
        (30, "会議と連絡のDX\t", "\t会議と連絡のDX\t"),
        (45, "2031年度\t2031年度", "2031年度"),
    ]
    assert not coverage(draft).unaccounted


def test_windows_line_ends_read_the_same() -> None:
    one, other = _read(_fixture_lines()), _read(_fixture_lines(), "\r\n")
    assert [(r.table, r.title, r.lines) for r in one.rows] == [
        (r.table, r.title, r.lines) for r in other.rows
    ]


def test_a_row_broken_in_two_is_joined() -> None:
    lines = _fixture_lines()
    broken = lines[19].replace("使用開始届の", "使用開始届の\n")
    rows = _read([*lines[:19], *broken.split("\n"), *lines[20:]]).of("initiative")
    assert (*_cells(rows[1], "title", "start_fy", "has_sheet"), str(rows[1].lines)) == (
        "水道の使用開始届の電子化",
        2031,
        True,
        "20-21;38;41",
    )


def test_lost_years_are_unknown_not_guessed() -> None:
    lines = _fixture_lines()
    lines[20] = lines[20].replace("令和12年度～令和16年度", "")
    row = _read(lines).of("initiative")[2]
    assert _cells(row, "start_fy", "end_fy") == (None, None)
    assert row.unknown == ["start_fy", "end_fy"]


def test_titles_that_cannot_be_told_apart_stay_together() -> None:
    lines = _fixture_lines()
    lines[31] = lines[31].replace("公園の地図の公開 ", "公園の 地図の 公開 ")
    draft = _read(lines)
    assert "titles-not-separable" in {note.code for note in draft.notes}
    assert _cells(draft.of("initiative")[9], "start_fy", "sheet_marked") == (None, True)


def test_a_lost_schedule_or_indicator_is_unknown() -> None:
    lines = _fixture_lines()
    del lines[65:67]
    rows = {row.title: row for row in _read(lines).of("initiative")}
    assert rows["チャットの利用"].unknown == ["phases", "indicators"]


def test_a_sheet_without_its_first_line_is_given_to_nobody() -> None:
    lines = _fixture_lines()
    del lines[62]
    draft = _read(lines)
    assert "sheet-untitled" in {note.code for note in draft.notes}
    assert not [row for row in draft.of("phase") if row.cells["label"] == "実証"]


def test_a_sheet_that_the_list_does_not_have() -> None:
    lines = [line.replace("AI DXを使う予測 ", "") for line in _fixture_lines()]
    lines[31] = lines[31].replace("2031～34年度 ", "")
    draft = _read(lines)
    row = draft.of("initiative")[-1]
    assert _cells(row, "title", "policy", "measure", "start_fy", "sheet_start_fy", "has_sheet") == (
        "AI DXを使う予測",
        "データ活用",
        "地図データの公開",
        None,
        2031,
        True,
    )
    assert "sheet-not-listed" in {note.code for note in draft.notes}


def test_another_kind_of_document_is_refused() -> None:
    with pytest.raises(LayoutError):
        _read(["# 会議の記録", "出席者 3人"])


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2020~30年度", (2020, 2030)),
        ("1998～05年度", (1998, 2005)),
        ("２０２４年度〜２０３０年度", (2024, 2030)),
        ("令和6～10年度", (2024, 2028)),
        ("R6~R12", (2024, 2030)),
        ("2026年度", (2026, 2026)),
        ("2026年度～", (2026, None)),
        ("2030～2020年度", (None, None)),
    ],
)
def test_periods(text: str, years: tuple[int | None, int | None]) -> None:
    assert [(period.start, period.end) for period in find_periods(text)] == [years]


@pytest.mark.parametrize(
    ("cell", "number", "title", "goals"),
    [
        ("視点2 庁内のDX (続き)", "2", "庁内のDX", ()),
        ("学びの場 (続き)  4  9  11", "", "学びの場", (4, 9, 11)),
        ("3 いろは ～A～ 4 いろは ～A～ 17 いろは ～A～", "", "", (3, 4, 17)),
        ("  4  9  17", "", "", (4, 9, 17)),
        ("5 学びの場", "", "5学びの場", ()),
    ],
)
def test_items(cell: str, number: str, title: str, goals: tuple[int, ...]) -> None:
    item = read_item(cell)
    assert (item.number, item.title, item.goals) == (number, title, goals)


def test_titles_joined_by_spaces() -> None:
    assert split_titles("甲の導入 乙 AI の活用 丙（丁 戊）", 3, {"乙AIの活用"}) == [
        "甲の導入",
        "乙 AI の活用",
        "丙（丁 戊）",
    ]
    assert split_titles("甲 乙 丙", 2, set()) == []


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        ("運用計画作成", ["prepare"]),
        ("検討／実施", ["consider", "implement"]),
        ("試行・横展開", ["trial", "expand"]),
        ("導入（システム構築）", ["implement"]),
        ("お知らせ", ["other"]),
    ],
)
def test_phase_codes(label: str, codes: list[str]) -> None:
    assert phase_codes(label) == codes


# -- damaged documents ---------------------------------------------------------------------------------------

_DAMAGE = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "swap", "cut", "break", "trim"]),
        st.integers(0, 84),
        st.integers(0, 60),
    ),
    max_size=12,
)


def _damage(lines: list[str], what: str, place: int, column: int) -> list[str]:
    place %= len(lines)
    line = lines[place]
    repaired = {
        "drop": [],
        "double": [line, line],
        "cut": [line[:column]],
        "break": [line[:column], line[column:]],
        "trim": [line.strip("\t")],
        "swap": [lines[place + 1], line] if place + 1 < len(lines) else [line],
    }
    return [*lines[:place], *repaired[what], *lines[place + (2 if what == "swap" else 1) :]] or [""]


@settings(max_examples=150, deadline=None)
@given(_DAMAGE)
def test_damaged_documents_are_read_without_false_values(damage: list[tuple[str, int, int]]) -> None:
    lines = _fixture_lines()
    for what, place, column in damage:
        lines = _damage(lines, what, place, column)
    document = document_of("damaged.txt", "\n".join(lines).encode())
    try:
        draft = read_draft(document, LAYOUT, Reference())
    except LayoutError:
        return  # cover and imprint are gone: no plan is recognised, and that is said
    assert "evidence-missing" not in {note.code for note in draft.notes}
    assert all(c.as_printed in document.line(c.line) for c in draft.corrections)
    noted = {id(note.row) for note in draft.notes}
    assert all(id(row) in noted for row in draft.of("phase") if row.unknown)


# -- the real document ---------------------------------------------------------------------------------------


def _real() -> Document:
    folder = os.environ.get("DXLOD_SOURCES")
    if not folder or not (Path(folder) / _REAL).exists():
        pytest.skip("DXLOD_SOURCES does not name a folder with the plan documents")
    return read_document(Path(folder) / _REAL)


def _real_draft() -> Draft:
    document = _real()
    data = _HERE.parent.parent / "data"
    contract = load_contract()
    reviewed = [
        row
        for row in read_rows(data / "212016" / "212016_correction.csv", contract["correction"])
        if row["method"] == "reviewed" and row["sha256"] == document.sha256
    ]
    shared = read_rows(data / "shared" / "municipality.csv", contract["municipality"])
    return read_draft(document, LAYOUT, Reference.of(shared, []), reviewed)


def test_the_real_plan_in_numbers() -> None:
    draft = _real_draft()
    counts = {
        name: len(draft.of(name)) for name in ("policy", "policy_measure", "initiative", "phase", "indicator")
    }
    assert counts == {"policy": 8, "policy_measure": 33, "initiative": 215, "phase": 81, "indicator": 55}
    assert sum(row.cells["has_sheet"] is True for row in draft.of("initiative")) == 44
    assert not {"evidence-missing", "correction-lost"} & {note.code for note in draft.notes}
    assert not coverage(draft).unaccounted


# line of the list, place on it, item, measure, first and last year, ○, sheet
_AWKWARD = [
    (37, 0, "フロントヤードのDX", "行政手続きのオンライン化", 2026, 2030, True, True),
    (58, 0, "フロントヤードのDX", "オープンデータの推進", 2020, 2030, False, False),
    (115, 0, "市役所バックヤードのDX", "EBPMの推進", 2022, 2030, True, True),
    (144, 0, "地域社会のDX", "教育・子育てのDX", 2024, 2026, False, False),
    (216, 0, "地域社会のDX", "地域経済（産業・労働・交流）のDX", 2023, 2030, False, False),
    (219, 0, "地域社会のDX", "地域経済（産業・労働・交流）のDX", 2025, 2026, False, False),
    (238, 0, "地域社会のDX", "地域経済（産業・労働・交流）のDX", 2025, 2030, True, True),
    (256, 0, "地域社会のDX", "デジタルデバイド（情報格差）対策", 2021, 2029, False, False),
    (264, 0, "AI活用", "市民にやさしいAIの利用推進", 2020, 2030, True, True),
    (264, 2, "AI活用", "市民にやさしいAIの利用推進", 2022, 2030, False, False),
    (266, 2, "AI活用", "効果的な生成AIの活用", 2026, 2028, True, True),
    (268, 1, "人財育成", "DX人財の育成・確保", 2023, 2030, True, False),
    (304, 0, "情報システムの最適化", "BCPに資するシステム運用", 2026, 2030, True, True),
]


@pytest.mark.parametrize(("line", "place", "policy", "measure", "start", "end", "marked", "sheet"), _AWKWARD)
def test_awkward_rows_of_the_real_plan(
    line: int, place: int, policy: str, measure: str, start: int, end: int, marked: bool, sheet: bool
) -> None:
    rows = [row for row in _real_draft().of("initiative") if row.lines.ranges[0][0] == line]
    names = ("policy", "measure", "start_fy", "end_fy", "sheet_marked", "has_sheet")
    assert _cells(rows[place], *names) == (policy, measure, start, end, marked, sheet)


def test_goals_of_the_real_plan_belong_to_its_policies() -> None:
    goals = {row.title: row.cells.get("sdgs") for row in _real_draft().of("policy")}
    assert goals["地域社会のDX"] == [*range(3, 14), 16, 17]
    assert goals["人財育成"] == [8, 9, 11, 13, 17]


def test_years_of_the_sheets_of_the_real_plan() -> None:
    draft = _real_draft()
    years = {
        (row.lines.ranges[-1][1], row.cells["label"]): row.cells["fiscal_year"] for row in draft.of("phase")
    }
    assert years[341, "実装・運用"] is None
    assert years[347, "実装・運用"] == 2030
    assert years[391, "導入（システム構築）"] == 2027
    assert years[355, "クラウドサービス利用・運用開始"] is None
    assert years[526, "実装・運用開始"] == 2027
    none = {row.lines.ranges[0][0] for row in draft.of("initiative") if "indicators" in row.stated_none}
    assert none == {296, 304}
