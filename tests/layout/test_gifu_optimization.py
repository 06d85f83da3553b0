"""Layout “gifu-optimization”: a document of the same layout with other words, damaged ones, and the real plan."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxlod.document import document_of, read_document
from dxlod.errors import LayoutError
from dxlod.extraction.coverage import coverage
from dxlod.extraction.evidence import Evidence
from dxlod.extraction.run import read_draft
from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_optimization import LAYOUT
from dxlod.layout.reference import Reference, Work
from dxlod.table.contract import load_contract

_FIXTURE = Path(__file__).parent / "fixtures" / "gifu_optimization_shinonome.txt"
_REAL = "001_c1efb5e7034bf252.txt"
_ACT = Work("x-act", "番号の法律", ("番号の法律", "番号法"), "law", "499AC0000000001")
_REFERENCE = Reference({"東雲市": "999997"}, (_ACT,))


def _read(text: str, reference: Reference = _REFERENCE) -> Draft:
    return read_draft(document_of("plan.txt", text.encode()), LAYOUT, reference)


def _text() -> str:
    return _FIXTURE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def draft() -> Draft:
    return _read(_text())


def _cells(row: Row, *names: str) -> tuple[object, ...]:
    return tuple(row.cells.get(name) for name in names)


def _codes(draft: Draft) -> Counter[str]:
    return Counter(note.code for note in draft.notes)


def test_plan_is_identified_by_structure(draft: Draft) -> None:
    plan = draft.of("plan")[0]
    assert (draft.municipality, draft.plan, draft.edition) == ("東雲市", "it-optimization", "3")
    assert {name: value for name, value in plan.cells.items() if name != "order"} == {
        "title": "第3次東雲市情報システム最適化基本計画",
        "plan_title": "東雲市情報システム最適化基本計画",
        "status": "unknown",
        "issued": None,
        "start_fy": 2022,
        "end_fy": 2026,
        "publisher": "東雲市",
    }
    assert str(plan.lines) == "13;15;19"
    assert plan.unknown == ["issued"]


def test_omitted_era_is_a_recorded_correction(draft: Draft) -> None:
    assert [(c.line, c.as_printed, c.as_read, c.method) for c in draft.corrections] == [
        (19, "8 年", "令和8 年", "rule")
    ]


def test_cover_gives_status_and_date() -> None:
    cover = "第 3 次東雲市情報システム最適化基本計画（素案）\n令和 4年 2月\n東雲市\n"
    draft = _read(cover + _text())
    plan = draft.of("plan")[0]
    assert _cells(plan, "status", "issued") == ("preliminary-draft", "2022-02")
    assert not plan.unknown
    assert not coverage(draft).unaccounted


def test_policies_join_list_scope_and_section(draft: Draft) -> None:
    assert [(*_cells(p, "number", "title"), str(p.lines)) for p in draft.of("policy")] == [
        ("1", "窓口の刷新", "31;43;57"),
        ("2", "機器の集約", "33;35;49;95"),
        ("3", "データ活用の定着", "37;51;101"),
    ]


def test_measures_leave_out_schedules_and_present_state(draft: Draft) -> None:
    found = [(*_cells(m, "number", "title"), str(m.lines)) for m in draft.of("policy_measure")]
    assert found == [
        ("2.3.1", "書かない窓口", "61;69"),
        ("2.3.2", "手続の拡大", "63;81"),
        ("2.4.1", "庁内機器の集約", "97"),
        ("2.5.2", "データ活用人材の育成", "148"),
    ]


def test_initiatives_are_things_to_be_done(draft: Draft) -> None:
    found = [
        (*_cells(i, "number", "title", "start_fy", "end_fy"), i.unknown, str(i.lines))
        for i in draft.of("initiative")
    ]
    assert found == [
        ("2.3.1.1", "申請書作成支援の導入", 2022, 2024, [], "71;73"),
        ("2.3.2.1", "これまでの手続と今後の広げ方", None, None, ["phases"], "83"),
    ]


def test_steps_by_year(draft: Draft) -> None:
    found = [(*_cells(p, "fiscal_year", "label", "phases"), str(p.lines)) for p in draft.of("phase")]
    assert found == [
        (2022, "方式を検討", ["consider"], "73"),
        (2023, "設備を調達", ["prepare"], "73"),
        (2024, "運用を開始", ["implement"], "75"),
    ]


def test_tasks_with_broken_names(draft: Draft) -> None:
    found = [
        (*_cells(t, "number", "title"), t.stated_none, str(t.lines)) for t in draft.of("administrative_task")
    ]
    assert found == [
        ("1", "転入の受付", [], "111"),
        ("2", "見舞金、祝金の支給", ["systems"], "113"),
        ("3", "工場設置奨励金の交付又は工場移転奨励金の交付", ["systems"], "115-117;119"),
        ("4", "市税の賦課", [], "121-123;125"),
        ("5", "ICT研修の受付", [], "131-133"),
        ("6", "犬の登録に関する事務", [], "135-137;139-141"),
        ("7", "犬の鑑札", [], "143"),
    ]


def test_systems_are_one_row_each_and_used_in_order(draft: Draft) -> None:
    names = [row.cells["name"] for row in draft.of("information_system")]
    assert names == [
        "住民台帳",
        "Web予約",
        "住民税",
        "固定資産",
        "軽自動車税",
        "収納（市税）",
        "研修管理",
        "登録管理",
    ]
    uses = [
        (_number(u.cells["task"]), _name(u.cells["system"]), str(u.lines)) for u in draft.of("task_system")
    ]
    assert uses == [
        ("1", "住民台帳", "111"),
        ("1", "Web予約", "111"),
        ("4", "住民税", "122"),
        ("4", "固定資産", "122"),
        ("4", "軽自動車税", "122-123"),
        ("4", "収納（市税）", "123"),
        ("5", "研修管理", "131"),
        ("5", "住民台帳", "131"),
        ("6", "登録管理", "139"),
        ("7", "登録管理", "143"),
    ]


def _number(cell: object) -> object:
    assert isinstance(cell, Row)
    return cell.cells["number"]


def _name(cell: object) -> object:
    assert isinstance(cell, Row)
    return cell.cells["name"]


def test_legal_bases(draft: Draft) -> None:
    columns = ("law_name", "law_id", "article", "paragraph", "item", "annex", "annex_row")
    found = [
        (_number(b.cells["subject"]), *_cells(b, *columns), str(b.lines)) for b in draft.of("legal_basis")
    ]
    act = ("番号法", _ACT.law_id)
    assert found == [
        ("1", *act, "8", "2", "3", None, None, "111"),
        ("2", *act, None, None, None, "1", "7", "113"),
        ("3", *act, None, None, None, "1", "36_2", "119"),
        ("4", *act, None, None, None, "1", "16", "125"),
        ("5", *act, "19_2", None, None, None, None, "132"),
        ("5", "個人番号条例", None, None, None, None, "2", "4", "133"),
        ("6", *act, "9", "2", None, None, None, "140"),
        ("6", "個人番号条例", None, None, None, None, "2", "11", "141"),
        ("7", "狂犬病予防法", None, "4", "1", None, None, None, "143"),
    ]


def test_ordinance_is_named_by_its_footnote(draft: Draft) -> None:
    ordinance = draft.of("ordinance")
    assert [_cells(o, "name", "short_name", "kind") for o in ordinance] == [
        ("東雲市個人番号の利用に関する条例", "個人番号条例", "ordinance")
    ]
    assert str(ordinance[0].lines) == "133;145-146"
    assert [
        b.cells["ordinance"] is ordinance[0] for b in draft.of("legal_basis") if b.cells["ordinance"]
    ] == [
        True,
        True,
    ]


def test_targets(draft: Draft) -> None:
    indicators = [(*_cells(i, "name", "unit"), str(i.lines)) for i in draft.of("indicator")]
    assert indicators == [
        ("令和3年度までに得られた運用費の水準", None, "158"),
        ("費用削減効果", "万円", "160;162"),
        ("窓口の待ち時間", "分", "162"),
    ]
    values = [
        (*_cells(v, "status", "value", "text", "fiscal_year"), v.unknown) for v in draft.of("indicator_value")
    ]
    assert values == [
        ("maintain", None, "維持する", None, ["fiscal_year"]),
        ("number", Decimal(1250), "約1,250万円", None, ["fiscal_year"]),
        ("number", Decimal(15), "15分", None, ["fiscal_year"]),
    ]


def test_organizations(draft: Draft) -> None:
    assert [(*_cells(o, "name", "kind"), str(o.lines)) for o in draft.of("organization")] == [
        ("東雲市立図書館", "other", "45"),
        ("東雲市消防本部", "other", "45"),
        ("水道事業部", "public-enterprise", "47"),
        ("企画調整課", "section", "51"),
        ("業務刷新推進委員会", "committee", "23"),
        ("機器調達検討部会", "committee", "23"),
        ("CSIRT", "other", "99"),
    ]


def test_findings_and_coverage(draft: Draft) -> None:
    assert _codes(draft) == {
        "status-unprinted": 1,
        "issued-lost": 1,
        "index-body-disagreement": 1,
        "target-without-year": 3,
        "schedule-lost": 1,
    }
    assert not coverage(draft).unaccounted


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("3つの施策", "4つの施策", "count-mismatch"),
        ("2 つの方向性", "3 つの方向性", "count-mismatch"),
        ("5年間を対象", "6年間を対象", "count-mismatch"),
        ("(2.3.2 章)", "(2.3.9 章)", "index-without-section"),
        ("(1) 書かない窓口", "(1) 待たない窓口", "index-body-disagreement"),
        ("2 見舞金、祝金の支給 使用しない 番号法　別表第一7\n", "", "numbering-gap"),
        ("3.2.\n", "3.4.\n", "numbering-gap"),
        ("7 犬の鑑札 登録管理 狂犬病予防法　第4条第1項", "7 犬の鑑札 登録管理", "legal-basis-lost"),
        ("使用しない 番号法　別表第一7", "番号法　別表第一7", "systems-unread"),
        ("別表第一16", "別表第16の表", "provision-unread"),
        ("7 犬の鑑札", "8 犬の鑑札", "numbering-gap"),
        (" 施策 2：機器の集約 2.4.\n", "", "section-lost"),
        (" 書かない窓口 2.3.1.\n", "", "heading-lost"),
        ("施策 3  データ活用の定着 \n", "", "policy-unlisted"),
        ("2.3.1.2. 窓口を巡る国の動き", "2.3.1.1. 窓口を広げる仕組み", "numbering-duplicate"),
        (
            "図表 2.6 事務の一覧(2/2) \n\n項番 事務の名称 システムの名称 根拠法令等",
            "図表 2.6 一覧",
            "table-header-lost",
        ),
    ],
)
def test_disagreements_are_findings(before: str, after: str, code: str) -> None:
    assert before in _text()
    draft = _read(_text().replace(before, after))
    assert _codes(draft)[code] > 0
    assert _codes(draft)["evidence-missing"] == 0


def test_identical_rows_are_both_rows() -> None:
    text = _text().replace(
        "4 市税の賦課\n", "4 見舞金、祝金の支給 使用しない 番号法　別表第一7\n\n5 市税の賦課\n"
    )
    text = text.replace("3\n工場", "3 見舞金、祝金の支給 使用しない 番号法　別表第一7\n\n9\n工場")
    draft = _read(text)
    same = [t for t in draft.of("administrative_task") if t.cells["title"] == "見舞金、祝金の支給"]
    assert [t.cells["number"] for t in same] == ["2", "3", "4"]
    assert _codes(draft)["identical-rows"] == 2


def test_rows_outside_a_known_structure_stay_unaccounted() -> None:
    draft = _read(_text().replace("以 上", "表 X|甲|乙|12|34\n\n以 上"))
    assert [draft.line(n) for n in coverage(draft).unaccounted] == ["表 X|甲|乙|12|34"]


@pytest.mark.parametrize("wrap", ["\r\n", "\r"])
def test_line_ends_do_not_matter(draft: Draft, wrap: str) -> None:
    data = _text().replace("\n", wrap).encode()
    other = read_draft(document_of("plan.txt", data), LAYOUT, _REFERENCE)
    assert [(r.table, r.lines, r.title) for r in other.rows] == [
        (r.table, r.lines, r.title) for r in draft.rows
    ]


def test_heading_marks_and_markup_do_not_matter(draft: Draft) -> None:
    lines = [
        f"### **{line.strip()}**" if line.rstrip().endswith("1.") else line for line in _text().split("\n")
    ]
    other = _read("\n".join(f"<p>{line}</p>" if line.startswith("施策") else line for line in lines))
    assert [(r.table, r.title) for r in other.rows] == [(r.table, r.title) for r in draft.rows]


def test_without_a_title_the_layout_says_so() -> None:
    with pytest.raises(LayoutError):
        _read(_text().replace("本計画という", "ここでいう"))


def test_long_documents_keep_their_rows() -> None:
    tasks = len(_read(_text()).of("administrative_task"))
    draft = _read(_text() * 60)
    assert len(draft.of("administrative_task")) == tasks * 60
    assert _codes(draft)["evidence-missing"] == 0


_DAMAGE = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "swap", "cut", "join", "blank"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
    ),
    max_size=25,
)


def _damaged(lines: list[str], damage: list[tuple[str, int, int]]) -> list[str]:
    lines = list(lines)
    for kind, first, second in damage:
        place, other = first % len(lines), second % len(lines)
        if kind == "drop" and len(lines) > 1:
            del lines[place]
        elif kind == "double":
            lines.insert(place, lines[place])
        elif kind == "swap":
            lines[place], lines[other] = lines[other], lines[place]
        elif kind == "cut":
            lines[place] = lines[place][: second % (len(lines[place]) + 1)]
        elif kind == "join" and place + 1 < len(lines):
            lines[place : place + 2] = [lines[place] + lines[place + 1]]
        else:
            lines = [line for n, line in enumerate(lines) if line.strip() or n % 7 != second % 7]
    return lines


@settings(max_examples=120, deadline=None)
@given(_DAMAGE)
def test_damaged_documents_are_read_or_refused(damage: list[tuple[str, int, int]]) -> None:
    document = document_of("plan.txt", "\n".join(["", *_damaged(_text().split("\n"), damage), "x"]).encode())
    try:
        draft = read_draft(document, LAYOUT, _REFERENCE)
    except LayoutError:
        return
    evidence = Evidence(draft.document, draft.corrections, load_contract())
    for row in draft.rows:
        assert row.lines
        assert all(1 <= n <= draft.last for n in row.lines)
    # A line on which an era was restored may be joined with another row's text; that row then has a finding.
    restored = {correction.line for correction in draft.corrections}
    own = [
        r for r in draft.rows if r.table != "citation" and (r.table == "plan" or not restored & set(r.lines))
    ]
    assert [note for row in own for note in evidence.check(row)] == []
    noted = {(id(note.row), note.column) for note in draft.notes}
    assert all((id(row), note.column) in noted for row in draft.rows for note in evidence.check(row))


# -- the real plan --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Draft:
    folder = os.environ.get("DXLOD_SOURCES", "")
    path = Path(folder) / _REAL
    if not folder or not path.is_file():
        pytest.skip(f"DXLOD_SOURCES does not name the folder of the plan documents ({_REAL})")
    act = Work("my-number-act", "番号法", ("番号法",), "law", "425AC0000000027")
    return read_draft(
        read_document(path), LAYOUT, Reference({"岐阜県": "210005", "岐阜市": "212016"}, (act,))
    )


def test_real_counts(real: Draft) -> None:
    counts = Counter(row.table for row in real.rows)
    del counts["citation"]
    assert counts == {
        "plan": 1,
        "policy": 5,
        "policy_measure": 9,
        "initiative": 6,
        "phase": 4,
        "indicator": 2,
        "indicator_value": 2,
        "organization": 13,
        "administrative_task": 55,
        "information_system": 45,
        "task_system": 127,
        "legal_basis": 61,
        "ordinance": 1,
    }


def test_real_lines_are_all_accounted_for(real: Draft) -> None:
    assert not coverage(real).unaccounted
    assert _codes(real) == {
        "status-unprinted": 1,
        "issued-lost": 1,
        "index-body-disagreement": 1,
        "schedule-lost": 2,
        "identical-rows": 1,
        "figure-lost": 1,
        "target-without-year": 2,
    }


def test_real_plan(real: Draft) -> None:
    plan = real.of("plan")[0]
    assert _cells(plan, "title", "start_fy", "end_fy", "status") == (
        "第2次岐阜市情報システム最適化基本計画",
        2017,
        2021,
        "unknown",
    )
    assert real.edition == "2"


@pytest.mark.parametrize(
    ("number", "title", "systems", "lines"),
    [
        ("1", "住民基本台帳事務", ["住民記録", "住民基本台帳ネットワーク"], "693"),
        ("4", "助産施設入所事務又は母子生活支援施設入所事務", [], "699-701;703"),
        (
            "12",
            "入湯税賦課事務",
            ["入湯税", "口座管理", "収納消込", "総合窓口証明", "宛名管理"],
            "728-730;732",
        ),
        ("31", "後期高齢者医療事務", ["後期高齢者収納・連携"], "786"),
        ("37", "日本学生支援機構奨学金事務", [], "798"),
        ("38", "日本学生支援機構奨学金事務", [], "800"),
        ("39", "医療観察法", [], "802"),
        ("42", "難病の患者に対する特定医療費の支給に関する事務", [], "808-810;812"),
        (
            "54",
            "私立幼稚園就園奨励費補助金の交付に関する事務",
            ["幼稚園", "住民記録", "市県民税"],
            "858-860;862-864",
        ),
        ("55", "競輪事業における給与、報酬等の法定調書作成事務", ["従事員給与"], "866-868;870"),
    ],
)
def test_real_awkward_tasks(real: Draft, number: str, title: str, systems: list[str], lines: str) -> None:
    task = next(t for t in real.of("administrative_task") if t.cells["number"] == number)
    used = [_name(u.cells["system"]) for u in real.of("task_system") if u.cells["task"] is task]
    assert (task.cells["title"], used, str(task.lines)) == (title, systems, lines)
    assert (task.stated_none == ["systems"]) is (not systems)


def test_real_health_insurance_systems(real: Draft) -> None:
    used = [_name(u.cells["system"]) for u in real.of("task_system") if _number(u.cells["task"]) == "14"]
    assert used == [
        "国民健康保険",
        "国民健康保険料",
        "国民健康保険給付",
        "高額療養費",
        "国保医療費",
        "高額介護合算",
        "滞納管理（国保）",
        "口座管理",
        "収納消込",
        "宛名管理",
        "国保連合会",
    ]


@pytest.mark.parametrize(
    ("number", "bases"),
    [
        ("1", [("番号法", "7", None, None, None)]),
        ("18", [("番号法", None, None, "1", "36_2")]),
        ("43", [("番号法", "9", "3", None, None)]),
        ("49", [("番号法", "9", "2", None, None), ("番号利用条例", None, None, "1", "8")]),
        ("54", [("番号法", "9", "2", None, None), ("番号利用条例", None, None, "1", "9")]),
    ],
)
def test_real_legal_bases(real: Draft, number: str, bases: list[tuple[str | None, ...]]) -> None:
    rows = [b for b in real.of("legal_basis") if _number(b.cells["subject"]) == number]
    assert [_cells(b, "law_name", "article", "paragraph", "annex", "annex_row") for b in rows] == bases
    assert [b.cells["law_id"] for b in rows] == ["425AC0000000027", None][: len(rows)]
    assert [b.cells["ordinance"] is not None for b in rows] == [False, True][: len(rows)]


def test_real_figure(real: Draft) -> None:
    value = real.of("indicator_value")[1]
    assert _cells(value, "value", "unit", "text") == (Decimal("2.3"), "億円", "約2.3億円")
    assert str(value.lines) == "1144;1146"


_REAL_DAMAGE = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "swap", "cut"]), st.integers(0, 10_000), st.integers(0, 10_000)
    ),
    max_size=60,
)


@settings(max_examples=15, deadline=None)
@given(_REAL_DAMAGE)
def test_real_document_damaged(real: Draft, damage: list[tuple[str, int, int]]) -> None:
    lines = _damaged(list(real.document.lines), damage)
    try:
        draft = read_draft(document_of("plan.txt", "\n".join(lines).encode()), LAYOUT, real.reference)
    except LayoutError:
        return
    evidence = Evidence(draft.document, draft.corrections, load_contract())
    assert [m for row in draft.rows if row.table != "citation" for m in evidence.check(row)] == []
