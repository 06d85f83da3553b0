"""Layout “kakamigahara”: a document of the same layout with other words, damaged ones, and the real plan."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings

from dxlod.document import document_of, read_document
from dxlod.errors import LayoutError
from dxlod.extraction.coverage import coverage
from dxlod.extraction.run import read_draft
from dxlod.layout.draft import Draft, Row
from dxlod.layout.kakamigahara import LAYOUT
from dxlod.layout.kpi_figure import read_figure, read_label
from dxlod.layout.reference import Reference
from dxlod.table.contract import load_contract
from dxlod.table.csvfile import read_rows

from .damage import Damage, damaged, damages

_HERE = Path(__file__).parent
_FIXTURE = _HERE / "fixtures" / "kakamigahara_plan.txt"
_LINES = _FIXTURE.read_text(encoding="utf-8").split("\n")
_REAL = "002_1e97996b3187546a.txt"


def _read(lines: list[str], end: str = "\n") -> Draft:
    return read_draft(document_of("plan.txt", end.join(lines).encode()), LAYOUT, Reference())


@pytest.fixture(scope="module")
def draft() -> Draft:
    return _read(_LINES)


def _title(cell: object) -> str:
    return cell.title if isinstance(cell, Row) else "" if cell is None else str(cell)


def _values(draft: Draft) -> list[tuple[str, ...]]:
    names = ("indicator", "kind", "fiscal_year", "status", "value", "unit", "bound", "text")
    return [
        (*(_title(row.cells.get(name)) for name in names), str(row.lines))
        for row in draft.of("indicator_value")
    ]


_VALUES = [
    ("電子の届け出の割合", "baseline", "2026", "number", "12.5", "%", "", "12.5% (R8)", "88-89"),
    ("電子の届け出の割合", "target", "2032", "number", "95", "%", "", "95%維持", "88-89"),
    ("案内に満足した人の割合", "baseline", "2027", "number", "40", "%", "", "40% (R9)", "88;90"),
    ("案内に満足した人の割合", "target", "2032", "increase", "", "", "", "↑ UP", "88;90"),
    ("届け出の相談件数(累計)", "baseline", "", "none", "", "", "", "—", "88;91"),
    ("届け出の相談件数(累計)", "target", "2032", "number", "1300", "件", "at-least", "1,300件以上", "88;91"),
    (
        "窓口の平均待ち時間(発券から呼び出しまで)",
        "baseline",
        "2027",
        "number",
        "14",
        "分",
        "",
        "14分(R9)",
        "120;122-123",
    ),
    (
        "窓口の平均待ち時間(発券から呼び出しまで)",
        "target",
        "2032",
        "decrease",
        "",
        "",
        "",
        "↓ DOWN",
        "125;127",
    ),
    ("予約の利用者数（累計）", "baseline", "", "none", "", "", "", "—", "120;131"),
    ("予約の利用者数（累計）", "target", "2032", "number", "2000", "人", "", "2,000人", "125;135"),
    ("電子会議の割合", "baseline", "2027", "number", "30", "%", "", "30% (R9)", "161-162"),
    ("電子会議の割合", "target", "2032", "number", "80", "%", "", "80%", "161-162"),
    ("会議資料の電子化数", "baseline", "2026", "number", "210", "件", "", "210件(R8)", "161;163"),
    ("会議資料の電子化数", "target", "2032", "number", "600", "件", "", "600件", "161;163"),
]


def test_the_plan_and_who_issued_it(draft: Draft) -> None:
    plan = draft.of("plan")[0]
    assert (draft.municipality, draft.plan, draft.edition) == ("星原市", "dx", "2028")
    names = ("title", "plan_title", "status", "issued", "publisher", "start_fy", "end_fy", "period_start")
    assert [plan.cells[name] for name in names] == [
        "星原市スマート化計画(素案)",
        "星原市スマート化計画",
        "preliminary-draft",
        "2028-02",
        "星原市",
        2028,
        2032,
        None,
    ]
    rows = [
        (row.title, row.cells["kind"], _title(row.cells.get("parent"))) for row in draft.of("organization")
    ]
    assert rows == [
        ("総務部", "department", ""),
        ("総務部情報課", "section", "総務部"),
        ("スマート化委員会", "committee", ""),
    ]
    assert [_title(unit) for unit in plan.cells["editor_units"]] == ["総務部情報課"]  # type: ignore[attr-defined]


def test_policies_measures_and_what_is_lost(draft: Draft) -> None:
    assert [(row.part, row.title, str(row.lines)) for row in draft.of("policy")] == [
        ("1", "市民に近い市役所", "62;72;105"),
        ("2", "働き方のデジタル化", "66;145"),
    ]
    rows = draft.of("policy_measure")
    assert [(_title(r.cells["policy"]), r.cells["number"], r.title, r.unknown) for r in rows] == [
        ("市民に近い市役所", "1", "届け出の電子化", []),
        ("市民に近い市役所", "2", "窓口の待ち時間の短縮", ["initiatives"]),
        ("働き方のデジタル化", "1", "会議の電子化", []),
    ]
    assert [(note.code, str(note.lines)) for note in draft.notes] == [("initiatives-lost", "105")]


def test_initiatives(draft: Draft) -> None:
    assert [(_title(r.cells["measure"]), r.title, str(r.lines)) for r in draft.of("initiative")] == [
        ("届け出の電子化", "届け出の画面の整備", "95"),
        ("届け出の電子化", "相談窓口の拡充", "97"),
        ("会議の電子化", "会議室の機器の更新", "167"),
        ("会議の電子化", "資料の共有", "171"),
    ]


def test_values_in_tables_in_lines_and_a_row_below_their_names(draft: Draft) -> None:
    assert _values(draft) == _VALUES
    columns = ("unit", "direction", "accumulation")
    assert [tuple(row.cells.get(c) for c in columns) for row in draft.of("indicator")] == [
        ("%", "maintain", None),
        ("%", "increase", None),
        ("件", None, "cumulative"),
        ("分", "decrease", None),
        ("人", None, "cumulative"),
        ("%", None, None),
        ("件", None, None),
    ]
    assert sorted((c.line, c.as_printed, c.as_read) for c in draft.corrections) == [
        (161, "電子会議の割合", ""),
        (162, "会議資料の電子化数", "電子会議の割合"),
        (163, "\t210件 (R8)", "会議資料の電子化数\t210件 (R8)"),
    ]


def test_rows_that_cannot_be_matched_are_unknown() -> None:
    lines = [line for line in _LINES if line != "\t210件 (R8)\t600件"]
    draft = _read(lines)
    assert [v[3] for v in _values(draft)[10:]] == ["unknown"] * 4
    assert "kpi-rows-unclear" in {note.code for note in draft.notes}


def test_a_lost_figure_is_not_filled_from_the_next_indicator() -> None:
    lines = [*_LINES]
    place = lines.index("14分")
    del lines[place : place + 2]
    values = {v[:2]: v[3:5] for v in _values(_read(lines))}
    assert values["窓口の平均待ち時間(発券から呼び出しまで)", "baseline"] == ("unknown", "")
    assert values["窓口の平均待ち時間(発券から呼び出しまで)", "target"] == ("decrease", "")
    assert values["予約の利用者数（累計）", "target"] == ("number", "2000")


def test_a_measure_without_its_heading_is_not_given_to_another() -> None:
    lines = [line for line in _LINES if line != "1 会議の電子化"]
    draft = _read(lines)
    assert [row.title for row in draft.of("policy_measure")] == ["届け出の電子化", "窓口の待ち時間の短縮"]
    assert "measure-lost" in {note.code for note in draft.notes}
    assert str(coverage(draft).unaccounted) == "150;152;154;156;158;160-162;164;166;168;170"


def test_glossary_and_coverage(draft: Draft) -> None:
    assert [(row.title, row.cells["reading"]) for row in draft.of("glossary")] == [
        ("VPN (仮想専用網)", "ブイピーエヌ"),
        ("電子印", "デンシイン"),
    ]
    assert not coverage(draft).unaccounted
    lines = [*_LINES]
    lines.insert(107, "様式第3号 事業費の内訳書")
    assert str(coverage(_read(lines)).unaccounted) == "108"


def test_line_ends_make_no_difference(draft: Draft) -> None:
    assert _values(_read(_LINES, "\r\n")) == _VALUES


@pytest.mark.parametrize(
    ("printed", "status", "value", "unit", "bound", "direction"),
    [
        ("1,300件以上", "number", "1300", "件", "at-least", ""),
        ("２０分以下", "number", "20", "分", "at-most", ""),
        ("➡ 95％維持", "number", "95", "%", "", "maintain"),
        ("UP", "increase", "None", "", "", "increase"),
        ("↓", "decrease", "None", "", "", "decrease"),
        ("現状維持", "maintain", "None", "", "", "maintain"),
        ("－", "none", "None", "", "", ""),
        ("一", "none", "None", "", "", ""),
        ("3件/年", "number", "3", "件/年", "", ""),
    ],
)
def test_figures(printed: str, status: str, value: str, unit: str, bound: str, direction: str) -> None:
    figure = read_figure(printed)
    assert figure is not None
    found = (figure.status, str(figure.value), figure.unit, figure.bound, figure.direction)
    assert found == (status, value, unit, bound, direction)


@pytest.mark.parametrize("printed", ["制度の導入", "10%未満", "1人1台", "R6", "", "総合窓口"])
def test_words_are_not_figures(printed: str) -> None:
    assert read_figure(printed) is None


def test_labels() -> None:
    found = [
        read_label(text) for text in ("現状値 (R 4)", "目標値（令和9年度）", "令和14年度", "基準値", "指標")
    ]
    assert [(label.kind, label.year) for label in found if label] == [
        ("baseline", 2022),
        ("target", 2027),
        ("target", 2032),
        ("baseline", None),
        ("name", None),
    ]


@settings(max_examples=150, deadline=None)
@given(damages(len(_LINES)))
def test_damaged_documents_give_no_value_that_is_not_printed(damage: Damage) -> None:
    lines = damaged(_LINES, damage)
    try:
        draft = _read(lines)
    except LayoutError:
        return  # no plan is recognised, and that is said
    noted = {id(note.row) for note in draft.notes}
    for row in draft.rows:
        if row.cells.get("status") == "unknown":
            assert id(row) in noted
    for note in draft.notes:
        assert note.code != "evidence-missing", (note, lines)
    assert all(c.as_printed in draft.document.line(c.line) for c in draft.corrections)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(damages(len(_LINES)))
def test_damage_never_moves_a_figure_to_another_indicator(damage: Damage) -> None:
    """Of an undamaged name and an undamaged figure, only pairs of the whole document appear."""
    if any(kind in ("swap", "double") for kind, _, _ in damage):
        return  # these print the lines of one indicator at another
    try:
        values = _values(_read(damaged(_LINES, damage)))
    except LayoutError:
        return
    whole = {(v[0], v[1], v[4]) for v in _VALUES}
    names, figures = {v[0] for v in _VALUES}, {v[4] for v in _VALUES}
    for v in values:
        if v[0] in names and v[4] in figures and v[4]:
            assert (v[0], v[1], v[4]) in whole, v


def test_many_pages_are_read() -> None:
    start = _LINES.index("目指す姿")
    stop = next(n for n, line in enumerate(_LINES) if n > start and line.startswith("第3章"))
    draft = _read([*_LINES[:start], *(_LINES[start:stop] * 400), *_LINES[stop:]])
    assert len(draft.of("indicator")) == 3 * 400 + 4


@pytest.fixture(scope="module")
def real() -> Draft:
    path = Path(os.environ.get("DXLOD_SOURCES", "")) / _REAL
    if not os.environ.get("DXLOD_SOURCES") or not path.is_file():
        pytest.skip(f"DXLOD_SOURCES does not name the folder of the plan documents ({_REAL})")
    table = _HERE.parent.parent / "data" / "212130" / "212130_correction.csv"
    rows = [r for r in read_rows(table, load_contract()["correction"]) if r["method"] == "reviewed"]
    return read_draft(
        read_document(path), LAYOUT, Reference({"岐阜県": "210005", "各務原市": "212130"}), rows
    )


def test_the_real_plan_in_numbers(real: Draft) -> None:
    tables = (
        "policy",
        "policy_measure",
        "initiative",
        "indicator",
        "indicator_value",
        "glossary",
        "organization",
    )
    assert [len(real.of(table)) for table in tables] == [3, 14, 35, 31, 62, 28, 5]
    assert not coverage(real).unaccounted
    assert [note.code for note in real.notes] == ["initiatives-lost"] * 3
    plan = real.of("plan")[0]
    assert [plan.cells[c] for c in ("status", "issued", "start_fy", "end_fy")] == [
        "draft",
        "2026-03",
        2026,
        2030,
    ]


def test_the_real_plan_where_it_is_awkward(real: Draft) -> None:
    values = {v[:2]: v[2:] for v in _values(real)}
    expected = {
        ("オンライン申請可能な手続の割合", "target"): ("2030", "number", "100", "%", "", "100%維持", "275-276"),
        ("公共交通に対する不満割合", "baseline"): ("2023", "number", "22", "%", "", "22% (R5)", "683-684"),
        ("公共交通に対する不満割合", "target"): ("2030", "decrease", "", "", "", "DOWN", "683-684"),
        ("ふれあいバス・チョイソコの年間利用者数", "target"): ("2030", "number", "284405", "人", "at-least", "284,405人以上", "683;685"),
        ("アナログ規制の見直し率", "baseline"): ("", "none", "", "", "", "—", "512;522"),
        ("タブレットを使用して、週3回以上調べ学習をする学校の割合", "baseline"): ("2025", "number", "64", "%", "", "64% (R7)", "446;448"),
        ("かかみがはらビジネス相談窓口のデジタル化に関する相談件数", "target"): ("2030", "number", "10", "件", "", "10件", "755;757"),
        ("外部人材を活用した業務数(累計)", "baseline"): ("2025", "number", "4", "業務", "", "4業務(R7)", "597;608-609"),
    }  # fmt: skip
    assert {key: values[key] for key in expected} == expected
    lost = [row.title for row in real.of("policy_measure") if row.unknown]
    assert lost == [
        "迷わせない・書かせない・待たせない窓口の整備",
        "行政事務のデジタル化の推進",
        "地域産業のデジタル化の推進",
    ]
    names = [row.title for row in real.of("indicator")]
    assert names[4] == "総合窓口システムによる平均待ち時間(受付番号発券から呼び出しまでの平均時間)"
    readings = {row.title: row.cells["reading"] for row in real.of("glossary")}
    assert readings["情報セキュリティインシデント"] == "ジョウホウセキュリティインシデント"
    assert readings["RPA"] == "アールピーエー"
