"""Layout “tokushima”: a document of the same layout with other words, damaged ones, and the real plan."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxlod.document import document_of, read_document
from dxlod.errors import LayoutError
from dxlod.extraction.coverage import coverage
from dxlod.extraction.run import read_draft
from dxlod.layout.draft import Draft, Row
from dxlod.layout.reference import Reference
from dxlod.layout.tokushima import LAYOUT
from dxlod.layout.tokushima_cells import parse_row, phase_codes, place, read_figure, read_title
from dxlod.layout.tokushima_units import split_units, unit_kind
from dxlod.table.contract import load_contract
from dxlod.table.csvfile import read_rows

_HERE = Path(__file__).parent
_FIXTURE = _HERE / "fixtures" / "tokushima_plan.txt"
_REAL = "004_0faf49f7b6477e34.txt"
_TEXT = _FIXTURE.read_text(encoding="utf-8")
_LINES = _TEXT.split("\n")


def _read(text: str) -> Draft:
    return read_draft(document_of("fixture.txt", text.encode()), LAYOUT, Reference())


def _title(value: object) -> str:
    assert isinstance(value, Row)
    return value.title


def _number(value: object) -> str:
    assert isinstance(value, Row)
    return str(value.cells["number"])


@pytest.fixture(scope="module")
def draft() -> Draft:
    return _read(_TEXT)


def _phases(draft: Draft) -> list[tuple[object, ...]]:
    return [
        (_number(r.cells["initiative"]), _title(r.cells["action"]), r.cells["fiscal_year"], r.cells["label"])
        for r in draft.of("phase")
    ]


def _values(draft: Draft) -> list[tuple[object, ...]]:
    names = ("kind", "fiscal_year", "status", "value", "unit", "bound", "text")
    found = []
    for row in draft.of("indicator_value"):
        indicator = row.cells["indicator"]
        assert isinstance(indicator, Row)
        place = (_number(indicator.cells["initiative"]), indicator.title)
        found.append((*place, *(row.cells[name] for name in names)))
    return found


# -- (a) the fixture --------------------------------------------------------------------------------------


def test_plan(draft: Draft) -> None:
    assert (draft.municipality, draft.plan, draft.edition) == ("海風市", "dx", "2031")
    (plan,) = draft.of("plan")
    assert str(plan.lines) == "2;26"
    assert plan.cells["title"] == "海風市スマート自治体推進計画2031(案)"
    assert plan.cells["plan_title"] == "海風市スマート自治体推進計画"
    assert (plan.cells["status"], plan.cells["start_fy"], plan.cells["end_fy"]) == ("draft", 2031, 2033)
    assert (plan.cells["publisher"], plan.cells["issued"]) == ("海風市", "")


def test_policies_are_this_plan_s(draft: Draft) -> None:
    rows = [(r.cells["category"], r.cells["number"], r.title, str(r.lines)) for r in draft.of("policy")]
    assert rows == [
        ("取組方針", "1", "港の手続の改革", "73;85;96"),
        ("取組方針", "2", "庁内の改革", "77;90;147"),
    ]


def test_initiatives(draft: Draft) -> None:
    rows = [
        (r.cells["number"], r.title, _number(r.cells["policy"]), r.cells["is_new"], str(r.lines))
        for r in draft.of("initiative")
    ]
    assert rows == [
        ("1", "港の届出の電子化", "1", True, "86;98-99"),
        ("2", "灯台WiFiの整備", "1", False, "87;112-113"),
        ("3", "潮位の公開", "1", False, "88;128-129"),
        ("4", "釣り券の電子化", "1", False, "89;138-139;145"),
        ("5", "席の自由化", "2", False, "91;149-150"),
        ("6", "電子会議", "2", False, "92;159-160"),
        ("7", "庁内便の廃止", "2", False, "93;169-170"),
        ("8", "印章の廃止", "2", False, "94"),
    ]
    by_number = {str(r.cells["number"]): r for r in draft.of("initiative")}
    assert by_number["4"].stated_none == ["indicators"]
    assert by_number["4"].unknown == ["actions"]
    assert by_number["8"].unknown == ["actions", "indicators"]


def test_units(draft: Draft) -> None:
    units = {}
    for row in draft.of("initiative"):
        names = row.cells["units"]
        assert isinstance(names, list)
        units[str(row.cells["number"])] = [_title(unit) for unit in names]
    assert units["1"] == ["港湾局庶務課", "港湾局埠頭課", "全部局"]
    assert units["4"] == ["観光・文化課"]
    assert units["6"] == ["総務課", "各課"]
    kinds = {row.title: row.cells["kind"] for row in draft.of("organization")}
    assert [name for name, kind in kinds.items() if kind == "collective"] == ["全部局", "関係各課", "各課"]


def test_actions(draft: Draft) -> None:
    rows = [
        (_number(r.cells["initiative"]), r.cells["number"], r.title, tuple(r.unknown))
        for r in draft.of("action")
    ]
    assert rows == [
        ("1", "(1)", "届出の電子化", ()),
        ("1", "(2)", "説明会の開催", ()),
        ("2", "(1)-1", "北灯台の整備", ()),
        ("2", "(1)-2", "南灯台の整備", ("phases",)),
        ("2", "(2)", "東灯台の整備", ("phases",)),
        ("2", "(3)", "西灯台の整備", ()),
        ("3", "(1)", "潮位計の更改", ("phases",)),
        ("3", "(2)", "公開", ()),
        ("4", "(1)", "券の電子化", ()),
        ("5", "(1)", "机の入替え", ()),
        ("6", "", "会議の電子化", ()),
        ("7", "(1)", "庁内便の廃止", ("phases",)),
    ]


def test_phases(draft: Draft) -> None:
    expected: list[tuple[str, str, list[str | None]]] = [
        ("1", "届出の電子化", ["検討／準備", "試行", "実施"]),
        ("1", "説明会の開催", ["実施", "拡大", "拡大"]),
        ("2", "北灯台の整備", ["検討", "実施", "実施"]),
        ("2", "東灯台の整備", [None, "実施", "実施"]),
        ("2", "西灯台の整備", ["検討", "実施", "拡大"]),
        ("3", "公開", ["下見", "据付", "点検"]),
        ("4", "券の電子化", ["検討", "実施", "実施"]),
        ("5", "机の入替え", ["実施", "実施", "実施"]),
        ("6", "会議の電子化", ["実施", None, "実施"]),
        ("7", "庁内便の廃止", ["実施", None, "実施"]),
    ]
    placed = [row for row in _phases(draft) if row[2]]
    assert placed == [
        (item, action, 2031 + n, label)
        for item, action, labels in expected
        for n, label in enumerate(labels)
        if label
    ]
    unplaced = [row for row in draft.of("phase") if not row.cells["fiscal_year"]]
    assert [(_title(row.cells["action"]), row.cells["label"], row.unknown) for row in unplaced] == [
        ("潮位計の更改", "下見", ["fiscal_year"]),
        ("潮位計の更改", "据付", ["fiscal_year"]),
    ]


def test_indicators(draft: Draft) -> None:
    rows = []
    for row in draft.of("indicator"):
        actions = row.cells["actions"]
        assert isinstance(actions, list)
        numbers = [_number(action) for action in actions]
        rows.append((_number(row.cells["initiative"]), row.cells["number"], row.title, row.cells["unit"],
                     row.cells["accumulation"], numbers))  # fmt: skip
    assert rows == [
        ("1", "(1)", "電子届出の件数（累計）", "件", "cumulative", ["(1)"]),
        ("1", "(2)", "説明会の回数", "", "", ["(2)"]),
        ("2", "(1)", "灯台の数", "基", "", ["(1)-1", "(1)-2"]),
        ("3", "", "公開する地点の数", "地点", "", []),
        ("5", "", "満足度", "%", "", []),
        ("6", "", "会議の数", "回", "", []),
    ]


def test_values(draft: Draft) -> None:
    def target(year: int, text: str, value: str, unit: str, bound: str = "") -> tuple[object, ...]:
        return ("target", year, "number", Decimal(value), unit, bound, text)

    expected: dict[tuple[str, str], list[tuple[object, ...]]] = {
        ("1", "電子届出の件数（累計）"): [
            ("baseline", 2030, "number", Decimal(1250), "件", "", "1,250件"),
            target(2031, "2,000件以上", "2000", "件", "at-least"),
            target(2032, "3,000件以上", "3000", "件", "at-least"),
            target(2033, "4,500.5件以上", "4500.5", "件", "at-least"),
        ],
        ("1", "説明会の回数"): [
            ("baseline", 2030, "none", None, "回／週", "", "－回／週"),
            ("target", 2031, "none", None, "", "", "－"),
            target(2032, "4回／月", "4", "回／月"),
            target(2033, "4回／月", "4", "回／月"),
        ],
        ("2", "灯台の数"): [
            ("baseline", 2030, "number", Decimal(3), "基", "", "3基"),
            target(2031, "4基", "4", "基"),
            target(2032, "5基", "5", "基"),
            target(2033, "6基", "6", "基"),
        ],
        ("3", "公開する地点の数"): [
            ("baseline", 2030, "none", None, "地点", "", "－地点"),
            *[("target", year, "unknown", None, "", "", "") for year in (2031, 2032, 2033)],
        ],
        ("5", "満足度"): [
            ("baseline", 2030, "number", Decimal("62.5"), "%", "", "62.50%"),
            ("target", 2031, "increase", None, "", "", "UP"),
            ("target", 2032, "maintain", None, "", "", "維持"),
            target(2033, "90%以下", "90", "%", "at-most"),
        ],
        ("6", "会議の数"): [
            ("baseline", 2030, "number", Decimal(8), "回", "", "8回"),
            target(2031, "5回(本会議を除く)", "5", "回"),
            target(2032, "6回(本会議を除く)", "6", "回"),
            target(2033, "7回(本会議を除く)", "7", "回"),
        ],
    }
    assert _values(draft) == [(*name, *value) for name, values in expected.items() for value in values]


def test_statistical_tables(draft: Draft) -> None:
    tables = [(r.cells["number"], r.title, r.cells["unit"]) for r in draft.of("statistical_table")]
    assert tables == [("図表2", "前計画の評価（令和11年度～令和12年度）", ""), ("①", "端末の有無", "世帯")]
    cells = [
        (r.cells["row"], r.cells["column"], r.cells["fiscal_year"], r.cells["text"], r.cells["unit"])
        for r in draft.of("statistical_cell")
    ]
    assert len(cells) == 3 * 4 + 2 * 4
    assert cells[4:8] == [
        ("乙 予定に届かない", "件数", 2029, "6", ""),
        ("乙 予定に届かない", "割合", 2029, "60%", "%"),
        ("乙 予定に届かない", "件数", 2030, "5", ""),
        ("乙 予定に届かない", "割合", 2030, "50%", "%"),
    ]
    assert cells[-2:] == [("ない", "60歳以上", None, "4", "世帯"), ("ない", "合計", None, "5", "世帯")]


def test_glossary(draft: Draft) -> None:
    assert [(r.title, r.cells["reading"]) for r in draft.of("glossary")] == [("ブイ", "ぶい"), ("AI", "")]


def test_findings(draft: Draft) -> None:
    assert Counter((note.code, str(note.lines)) for note in draft.notes) == Counter(
        [
            ("total-differs", "44"),
            ("phases-lost", "119"),
            ("rows-repeated", "155-156"),
            ("cells-misfit", "116;121"),
            ("cells-misfit", "132-133"),
            ("cells-misfit", "132;136"),
            ("actions-lost", "89;138-139;144-145"),
            ("index-mark-differs", "91;149"),
            ("cells-misfit", "173;175"),
            ("sheet-lost", "94"),
            ("total-differs", "83"),
            ("figure-lost", "28;61"),
        ]
    )


def test_corrections(draft: Draft) -> None:
    assert [(c.line, c.as_printed, c.as_read) for c in draft.corrections] == [
        (99, "・埠頭課", "、港湾局埠頭課"),
        (106, "数値目標", "取組計画"),
        (109, "：一回／週", "：－回／週"),
        (110, "\t一\t", "\t－\t"),
        (118, "検討 実施 実施", "検討\t実施\t実施"),
        (124, "検討\t\t", "\t検討\t"),
        (126, "4基\t\t", "\t4基\t"),
        (175, "実施\t\t", "\t実施\t"),
    ]


def test_every_line_is_accounted_for(draft: Draft) -> None:
    assert str(coverage(draft).unaccounted) == ""


def test_a_line_not_understood_stays_unaccounted() -> None:
    assert str(coverage(_read(_TEXT.replace("目標\t圏外をなくす。", "備考\t圏外"))).unaccounted) == "115"


def test_a_document_of_another_kind() -> None:
    with pytest.raises(LayoutError):
        _read("議事録\n\n市長のあいさつがありました。\n")


# -- cells ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "columns", "text_column", "expected"),
    [
        ("1:甲 2:乙 3:丙", (1, 2, 3), None, ["甲", "乙", "丙"]),
        ("5:甲 6:乙 7:丙", (1, 2, 3), None, ["甲", "乙", "丙"]),
        ("0:甲 2:乙 3:丙", (1, 2, 3), None, ["甲", "乙", "丙"]),
        ("0:甲 3:丙", (1, 2, 3), None, ["甲", None, "丙"]),
        ("1:甲 3:丙", (1, 2, 3), 0, ["甲", None, "丙"]),
        ("2:甲 3:丙", (1, 2, 3), 1, [None, None, None]),
        ("0:甲 1:乙", (1, 2, 3), None, [None, None, None]),
        ("0:甲 1:乙 2:乙 3:乙", (1, 2, 3), None, [None, "乙", "乙"]),
        ("0:甲 1:甲 2:甲 3:甲 4:甲", (1, 2, 3), None, ["甲", "甲", "甲"]),
        ("0:甲 0:乙", (1, 2, 3), None, [None, None, None]),
        ("0:甲", (), None, []),
    ],
)
def test_place(
    cells: str, columns: Sequence[int], text_column: int | None, expected: list[str | None]
) -> None:
    pairs = [(int(cell.split(":")[0]), cell.split(":")[1]) for cell in cells.split()]
    assert place(pairs, columns, text_column) == expected


@pytest.mark.parametrize(
    ("text", "status", "value", "unit", "bound"),
    [
        ("1,074 件", "number", "1074", "件", ""),
        ("各1回", "number", "1", "回", ""),
        ("４箇所 (3支所と本庁)", "number", "4", "箇所", ""),
        ("8件／月", "number", "8", "件／月", ""),
        ("80％以上", "number", "80", "%", "at-least"),
        ("- %", "none", None, "%", ""),
        ("—", "none", None, "", ""),
        ("一箇所", "none", None, "箇所", ""),
        ("UP", "increase", None, "", ""),
    ],
)
def test_read_figure(text: str, status: str, value: str | None, unit: str, bound: str) -> None:
    figure = read_figure(text)
    assert figure is not None
    number = Decimal(value) if value else None
    assert (figure.status, figure.value, figure.unit, figure.bound) == (status, number, unit, bound)


@pytest.mark.parametrize("text", ["一部", "一般", "3D地図の整備と活用", "実施", "令和8年度", "5Gの導入", ""])
def test_no_figure(text: str) -> None:
    assert read_figure(text) is None


def test_read_title() -> None:
    title = read_title("(3)-1 Ａ Ｉ の導入数 (令和 6 年度実績 : 1,074 件)", 7)
    assert (title.number, title.name, title.baseline) == (
        "(3)-1",
        "AIの導入数",
        ("令和6年度実績", " 1,074 件"),
    )
    assert read_title("連携（国・県）の推進", 7).baseline is None


def test_markup_is_read_only_where_cells_are_lost() -> None:
    table = "<table><tr><td>検討</td><td>実施</td></tr></table>"
    assert parse_row([table, "", "検討", "実施"], (1, 2)).cells == ((2, "検討"), (3, "実施"))
    assert parse_row([table, "", ""], (1, 2)).texts == ("検討", "実施")


def test_phase_codes() -> None:
    assert phase_codes("検討／実施") == ["consider", "implement"]
    assert phase_codes("実施／拡大") == ["implement", "expand"]
    assert phase_codes("下見") == ["other"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("甲課、 乙室", ["甲課", "乙室"]),
        ("丁局甲課・乙課", ["丁局甲課", "丁局乙課"]),
        ("甲課・乙課", ["甲課", "乙課"]),
        ("甲・乙課", ["甲・乙課"]),
        ("甲課（乙室）", ["甲課（乙室）"]),
    ],
)
def test_split_units(text: str, names: list[str]) -> None:
    assert [name for name, _ in split_units(text)] == names


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("全部局", "collective"),
        ("関係各課", "collective"),
        ("各課", "collective"),
        ("関係課室", "collective"),
        ("各務課", "section"),
        ("消防局警防課", "section"),
        ("社会課（資料室）", "section"),
        ("議会事務局", "office"),
        ("家庭センター", "center"),
        ("研究所", "office"),
    ],
)
def test_unit_kind(name: str, kind: str) -> None:
    assert unit_kind(name) == kind


# -- (b) damaged documents --------------------------------------------------------------------------------


def _facts(draft: Draft) -> set[tuple[object, ...]]:
    """What a damaged document must not get wrong: phases, values and units, each with its item's number."""
    facts: set[tuple[object, ...]] = {row for row in _phases(draft) if row[2]}
    facts |= {row for row in _values(draft) if row[3] and row[4] != "unknown"}
    for row in draft.of("initiative"):
        units = row.cells.get("units") or []
        assert isinstance(units, list)
        facts |= {(row.cells["number"], _title(unit)) for unit in units}
    return facts


@pytest.mark.parametrize("line", [n for n, text in enumerate(_LINES) if text.strip() and n != 1])
def test_a_dropped_line_makes_no_false_fact(draft: Draft, line: int) -> None:
    damaged = _read("\n".join(_LINES[:line] + _LINES[line + 1 :]))
    false = _facts(damaged) - _facts(draft)
    assert not false or _explained(damaged, false)


def _explained(draft: Draft, false: set[tuple[object, ...]]) -> bool:
    """Whether each item with a false fact carries a finding: a lost title between two rows may show in no other way."""
    items = [note.row.cells.get("initiative", note.row) for note in draft.notes if note.row is not None]
    return {str(fact[0]) for fact in false} <= {
        _number(item) for item in items if isinstance(item, Row) and item.table == "initiative"
    }


@pytest.mark.parametrize("line", [n for n, text in enumerate(_LINES) if text.strip()])
def test_a_doubled_line_makes_no_second_fact(draft: Draft, line: int) -> None:
    doubled = _read("\n".join(_LINES[: line + 1] + _LINES[line:]))
    assert _facts(doubled) == _facts(draft)
    assert len(doubled.of("indicator_value")) == len(draft.of("indicator_value"))
    assert len(doubled.of("phase")) == len(draft.of("phase"))


def test_figures_below_a_plan_title_are_not_its_own() -> None:
    """The indicator's title between them is lost: nothing is said of either."""
    rows = "取組計画\t令和13年度\t令和14年度\n\t(1) 桟橋の整備\t\n\t5基\t6基\n"
    text = _TEXT.replace("\n6 用語説明\n", f"\n取組項目\t9 桟橋\t\n担当\t総務課\t\n{rows}\n6 用語説明\n")
    draft = _read(text)
    assert [r.unknown for r in draft.of("action") if r.title == "桟橋の整備"] == [["phases"]]
    assert not [v for v in _values(draft) if v[0] == "9"]
    assert {note.code for note in draft.notes if note.row and note.row.cells.get("number") == "9"} == {
        "actions-lost",
        "index-lacks-item",
    }


_DAMAGE = st.lists(
    st.tuples(st.sampled_from(["drop", "double", "swap", "cut", "blank"]), st.integers(0, len(_LINES) - 2), st.integers(0, 40)),
    max_size=12,
)  # fmt: skip


def _damage(steps: Sequence[tuple[str, int, int]]) -> str:
    lines = list(_LINES)
    for kind, at, column in steps:
        at %= max(1, len(lines) - 1)
        if kind == "drop":
            del lines[at]
        elif kind == "double":
            lines.insert(at, lines[at])
        elif kind == "swap":
            lines[at : at + 2] = reversed(lines[at : at + 2])
        elif kind == "cut":
            lines[at : at + 1] = [lines[at][:column], lines[at][column:]]
        else:
            lines[at] = ""
    return "\n".join(lines)


@settings(max_examples=120, deadline=None)
@given(_DAMAGE)
def test_damaged_documents(steps: list[tuple[str, int, int]]) -> None:
    """Never an exception but the one for a lost title; what is read stands in the cited lines, or is noted."""
    try:
        damaged = _read(_damage(steps))
    except LayoutError:
        return
    last = damaged.last
    for row in damaged.rows:
        assert row.lines
        assert max(row.lines) <= last
    missing = [note for note in damaged.notes if note.code == "evidence-missing"]
    assert all(note.row is not None and note.row.table == "statistical_cell" for note in missing)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends(draft: Draft, end: str) -> None:
    assert _facts(_read(_TEXT.replace("\n", end))) == _facts(draft)


def test_long_documents() -> None:
    long = _read(_TEXT * 20)
    assert len(long.of("policy")) == 2
    assert any(note.code == "item-number-twice" for note in long.notes)


# -- (c) the real plan ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Draft:
    folder = os.environ.get("DXLOD_SOURCES")
    if not folder:
        pytest.skip("DXLOD_SOURCES is not set: the plan documents are not part of the repository")
    data = _HERE.parents[1] / "data"
    contract = load_contract()
    towns = read_rows(data / "shared" / "municipality.csv", contract["municipality"])
    works = read_rows(data / "shared" / "work.csv", contract["work"])
    corrections = read_rows(data / "362018" / "362018_correction.csv", contract["correction"])
    reviewed = [row for row in corrections if row["method"] == "reviewed"]
    document = read_document(Path(folder) / _REAL)
    return read_draft(document, LAYOUT, Reference.of(towns, works), reviewed)


def test_real_counts(real: Draft) -> None:
    counts = Counter(row.table for row in real.rows)
    del counts["citation"]
    assert counts == {
        "plan": 1, "policy": 3, "initiative": 41, "action": 92, "phase": 351, "indicator": 51,
        "indicator_value": 255, "organization": 46, "statistical_table": 3, "statistical_cell": 129, "glossary": 53,
    }  # fmt: skip
    (plan,) = real.of("plan")
    assert (plan.cells["status"], plan.cells["start_fy"], plan.cells["end_fy"]) == (
        "preliminary-draft",
        2026,
        2029,
    )
    assert (real.municipality, real.edition, plan.cells["issued"]) == ("徳島市", "2026", "")
    assert sum(row.cells["is_new"] is True for row in real.of("initiative")) == 14


def test_real_lines_and_evidence(real: Draft) -> None:
    assert str(coverage(real).unaccounted) == ""
    assert not [
        note for note in real.notes if note.code in ("evidence-missing", "correction-lost", "unreviewed")
    ]


@pytest.mark.parametrize(
    ("item", "name", "texts"),
    [
        ("4", "PMH導入に向けた検討会開催数（障害者関係）", ["1回", None, "—", "—"]),
        ("4", "PMHの対象とする受給者証の種類（障害者関係）", [None, "2種類", "2種類", "2種類"]),
        ("4", "マイナ救急を実施する救急隊数", ["9隊"] * 4),
        ("7", "罹災証明実務訓練実施回数", ["－", "1回", "1回", "1回"]),
        ("8", "ICT活用指導力の達成率", [None] * 4),
        ("10", "徳島市公式SNSへの投稿件数", ["8件／月"] * 4),
        ("15", "キャッシュレス決済が利用できる窓口数", ["1窓口", "2窓口", "3窓口", "4窓口"]),
        ("17", "BPO業務委託開始（累計）", ["－", "1業務", "2業務", "3業務"]),
        ("26", "標準準拠システムへの移行が未完了の基幹系情報システム数", ["3件", "2件", "2件", "—"]),
        ("34", "デジタル化（又は廃止）した事務書類数", ["－", "2種類", "2種類", "3種類"]),
        ("41", "ITガバナンスの推進に関する意識啓発・研修活動", ["各1回"] * 4),
    ],
)
def test_real_targets(real: Draft, item: str, name: str, texts: list[str | None]) -> None:
    rows = [v for v in _values(real) if v[:3] == (item, name, "target")]
    assert [v[3] for v in rows] == [2026, 2027, 2028, 2029]
    assert [v[8] if v[4] != "unknown" else None for v in rows] == texts


@pytest.mark.parametrize(
    ("item", "action", "labels"),
    [
        ("1", "オープンデータに関する職員研修の開催", [None] * 4),
        ("4", "自治体医療機関等間情報連携システム(PMH)の導入", [None, None, "実施", "実施"]),
        ("12", "市民へのお知らせ等の電子送付対応", ["実施"] * 4),
        ("15", "窓口のキャッシュレス決済の導入", ["実施", "拡大", "拡大", "拡大"]),
        ("17", "コールセンターの導入", ["検討", "実施", "実施", "実施／拡大"]),
        ("31", "庁外施設における無線LAN環境の構築", ["検討", "検討／実施", "実施", "実施"]),
        ("33", "テレワーク実証実験の実施・導入", [None] * 4),
        ("35", "条例等の改正及び運用の変更", [None] * 4),
        ("38", "情報セキュリティインシデント発生時の職員体制の構築", ["実施", None, None, "実施"]),
        ("40", "デジタル人材の確保", ["実施"] * 4),
    ],
)
def test_real_phases(real: Draft, item: str, action: str, labels: list[str | None]) -> None:
    found = {row[2]: row[3] for row in _phases(real) if row[:2] == (item, action) and row[2]}
    assert [found.get(year) for year in (2026, 2027, 2028, 2029)] == labels
    (row,) = [r for r in real.of("action") if r.title == action and _number(r.cells["initiative"]) == item]
    assert ("phases" in row.unknown) == (None in labels)


def test_real_lost_actions(real: Draft) -> None:
    assert [r.cells["number"] for r in real.of("initiative") if "actions" in r.unknown] == ["11", "12"]
