"""Layout “mino”: a document of the same layout with other words, damaged ones, and the real plan."""

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
from dxlod.layout.mino import LAYOUT
from dxlod.layout.mino_terms import read_term
from dxlod.layout.reference import Reference
from dxlod.model.text import trim_sentence
from dxlod.table.contract import load_contract
from dxlod.table.csvfile import read_rows

from .damage import Damage, damaged, damages

_HERE = Path(__file__).parent
_FIXTURE = _HERE / "fixtures" / "mino_plan.txt"
_LINES = _FIXTURE.read_text(encoding="utf-8").split("\n")
_REAL = "003_07bd49875288b237.txt"


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


def test_the_plan_and_its_period(draft: Draft) -> None:
    plan = draft.of("plan")[0]
    assert (draft.municipality, draft.plan, draft.edition) == ("汐見町", "dx", "2027")
    assert {k: v for k, v in plan.cells.items() if k != "order"} == {
        "title": "汐見町デジタル計画",
        "plan_title": "汐見町デジタル計画",
        "status": "adopted",
        "issued": "2027-10",
        "publisher": "汐見町",
        "start_fy": 2027,
        "end_fy": 2030,
        "period_start": "2027-10",
        "period_end": "2031-03",
    }
    assert str(plan.lines) == "2;4-5;50"


def test_policies_and_measures(draft: Draft) -> None:
    assert [(row.cells["number"], row.title, str(row.lines)) for row in draft.of("policy")] == [
        ("1", "暮らしのデジタル化", "58;68"),
        ("2", "役場のデジタル化", "62;105"),
    ]
    rows = draft.of("policy_measure")
    assert [(_title(r.cells["policy"]), r.cells["number"], r.part, r.title, r.unknown) for r in rows] == [
        ("暮らしのデジタル化", "①", "1", "港の手続きのオンライン化", []),
        ("暮らしのデジタル化", "②", "2", "漁協との連携", []),
        ("役場のデジタル化", "①", "1", "会計事務の電子化", ["indicators"]),
        ("役場のデジタル化", "②", "2", "町民に期待される取組", []),
    ]


def test_initiatives_with_and_without_a_heading(draft: Draft) -> None:
    rows = draft.of("initiative")
    assert [(_title(r.cells["measure"]), r.cells["heading"], r.title, str(r.lines)) for r in rows] == [
        ("港の手続きのオンライン化", None, "入港届の受付システムを導入", "78"),
        ("港の手続きのオンライン化", None, "係留場所の予約を、電話から画面へ移し", "79-80"),
        ("港の手続きのオンライン化", None, "港湾使用料の見直し", "81"),
        ("漁協との連携", None, "台帳の電子化", "98"),
        ("会計事務の電子化", None, "伝票の様式を随時見直し", "115"),
        ("町民に期待される取組", "買い物", "電子マネーの利用", "127-128"),
        ("町民に期待される取組", "買い物", "商店の注文サイトを広げ", "127;129"),
        ("町民に期待される取組", "防災", "防災アプリを家族で使い始め", "130-131"),
    ]


def test_values_with_their_years_and_states(draft: Draft) -> None:
    assert _values(draft) == [
        ("入港届のオンライン率", "baseline", "2026", "number", "7.5", "%", "", "7.5%", "85-86"),
        ("入港届のオンライン率", "target", "2030", "number", "90", "%", "at-least", "90%以上", "85-86"),
        ("係留場所の予約件数（累計）", "baseline", "2026", "none", "", "", "", "—", "85;87"),
        ("係留場所の予約件数（累計）", "target", "2030", "number", "1250", "件", "", "1,250件", "85;87"),
        ("受付画面の整備", "baseline", "2026", "none", "", "", "", "―", "85;88"),
        ("受付画面の整備", "target", "2030", "text", "", "", "", "画面の公開", "85;88"),
        ("台帳の電子化数", "baseline", "2026", "number", "3", "冊", "", "3冊", "102-103"),
        ("台帳の電子化数", "target", "2030", "unknown", "", "", "", "", "102-103"),
    ]
    units = [
        (row.title, row.cells.get("unit"), row.cells.get("accumulation")) for row in draft.of("indicator")
    ]
    assert units == [
        ("入港届のオンライン率", "%", None),
        ("係留場所の予約件数（累計）", "件", "cumulative"),
        ("受付画面の整備", None, None),
        ("台帳の電子化数", "冊", None),
    ]


def test_terms_bodies_corrections_and_findings(draft: Draft) -> None:
    assert [(row.title, row.cells["reading"]) for row in draft.of("glossary")] == [
        ("RFID（ラジオ・フリークエンシー・アイデンティフィケーション）", None),
        ("Li-Fi", "ライファイ"),
        ("輻輳", "ふくそう"),
    ]
    assert [(row.title, row.cells["kind"], str(row.lines)) for row in draft.of("organization")] == [
        ("汐見町デジタル推進本部", "committee", "41;45"),
        ("港デジタル協議会", "committee", "45"),
    ]
    assert [(c.line, c.as_printed, c.as_read) for c in draft.corrections] == [(88, "\t一", "\t―")]
    assert [(note.code, str(note.lines)) for note in draft.notes] == [
        ("value-lost", "102-103"),
        ("indicators-lost", "117"),
        ("contents-differ", "16;66"),
    ]


def test_every_line_is_accounted_for_and_an_unknown_one_is_not(draft: Draft) -> None:
    assert not coverage(draft).unaccounted
    lines = [*_LINES]
    lines.insert(70, "様式第3号 事業費の内訳書")
    assert str(coverage(_read(lines)).unaccounted) == "71"


def test_line_ends_and_marks_make_no_difference(draft: Draft) -> None:
    assert _values(_read(_LINES, "\r\n")) == _values(draft)
    bare = [line.lstrip("# ") if line.startswith("#") else line for line in _LINES]
    plain = _read(bare)
    assert _values(plain) == _values(draft)
    assert [row.title for row in plain.of("initiative")] == [row.title for row in draft.of("initiative")]


def test_a_value_column_without_header_is_not_taken() -> None:
    lines = [line for line in _LINES if not line.startswith("指標\t現状値 (R 8)")]
    draft = _read(lines)
    assert [v[0] for v in _values(draft)] == ["台帳の電子化数"] * 2
    assert "kpi-header-lost" in {note.code for note in draft.notes}


def test_a_title_that_wraps_is_joined_by_the_contents_page() -> None:
    lines = [*_LINES]
    place = lines.index("#### ①港の手続きのオンライン化")
    lines[place : place + 1] = ["#### ①港の手続きの", "オンライン化"]
    assert _read(lines).of("policy_measure")[0].title == "港の手続きのオンライン化"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("KPI（ケーピーアイ）", ("KPI", "ケーピーアイ")),
        ("GIGA（ギガ）", ("GIGA", "ギガ")),
        (
            "CRM（カスタマーリレーションシップマネジメント）",
            ("CRM（カスタマーリレーションシップマネジメント）", None),
        ),
        ("情報格差（デジタルデバイド）", ("情報格差（デジタルデバイド）", None)),
        ("クラウド", ("クラウド", None)),
    ],
)
def test_readings_are_told_from_expansions(printed: str, expected: tuple[str, str | None]) -> None:
    assert read_term(printed) == expected


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("港の清掃に取組みます。", "港の清掃"),
        ("港の清掃に取り組めます。", "港の清掃"),
        ("灯台の点検を推進していきます。", "灯台の点検を推進"),
        ("台帳を随時見直します。", "台帳を随時見直し"),
        ("潮位を表で示します。", "潮位を表で示し"),
        ("船を長く使えるようにします。", "船を長く使える"),
        ("漁協と連携して取り組みます。毎年確かめます。", "漁協と連携"),
        ("健康な暮らしを延ばすことを目指します。", "健康な暮らしを延ばす"),
        ("係留の届け出が画面でできます。", "係留の届け出が画面でできます"),
        ("波止場の照明の更新", "波止場の照明の更新"),
    ],
)
def test_a_sentence_as_a_title(printed: str, title: str) -> None:
    assert trim_sentence(printed) == title
    assert title in printed


def test_a_text_without_plan_is_refused() -> None:
    with pytest.raises(LayoutError):
        _read(["見出しのない文章です。", "表もありません。"])


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


def test_many_lines_are_read() -> None:
    start = _LINES.index("#### ①港の手続きのオンライン化")
    stop = _LINES.index("#### ②漁協との連携")
    lines = [*_LINES[:start], *(_LINES[start:stop] * 500), *_LINES[stop:]]
    assert len(_read(lines).of("indicator")) == 3 * 500 + 1


@pytest.fixture(scope="module")
def real() -> Draft:
    path = Path(os.environ.get("DXLOD_SOURCES", "")) / _REAL
    if not os.environ.get("DXLOD_SOURCES") or not path.is_file():
        pytest.skip(f"DXLOD_SOURCES does not name the folder of the plan documents ({_REAL})")
    table = _HERE.parent.parent / "data" / "212075" / "212075_correction.csv"
    rows = [r for r in read_rows(table, load_contract()["correction"]) if r["method"] == "reviewed"]
    return read_draft(read_document(path), LAYOUT, Reference({"岐阜県": "210005", "美濃市": "212075"}), rows)


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
    assert [len(real.of(table)) for table in tables] == [3, 15, 82, 17, 34, 24, 2]
    assert not coverage(real).unaccounted
    assert [note.code for note in real.notes] == ["contents-differ"]
    plan = real.of("plan")[0]
    assert (plan.cells["start_fy"], plan.cells["end_fy"], real.edition) == (2023, 2025, "2024")


def test_the_real_plan_where_it_is_awkward(real: Draft) -> None:
    values = {v[:3]: v[3:] for v in _values(real)}
    assert values["テレワーク制度の導入", "target", "2025"] == ("text", "", "", "", "制度の導入", "436-437")
    assert values["テレワーク制度の導入", "baseline", "2022"] == ("none", "", "", "", "—", "436-437")
    assert values["標準システムに移行した業務数", "target", "2025"][:4] == ("number", "20", "", "")
    assert values["職員向け研修会の開催回数", "baseline", "2022"][:3] == ("number", "0", "回")
    assert values["美濃病院におけるマイナンバーカードでの受診件数", "target", "2025"][1] == "15000"
    measures = [row.title for row in real.of("policy_measure")]
    assert measures[4] == "デジタルデバイド（情報格差）対策"
    assert measures[14] == "事業者に期待される取組"
    items = {(row.title, row.cells["heading"]): str(row.lines) for row in real.of("initiative")}
    assert items["国、県、市等と連携し、DXを推進", "公的に準ずる機関"] == "571-572"
    assert (
        items[
            "のり愛くんの利用時は、マイナンバーカードと連携するオンライン予約サービスやキャッシュレス決済サービスを利用",
            "公共交通",
        ]
        == "502-503"
    )
    assert items["市においてもマイナンバーカードを利活用する機会を創出", None] == "239"
    assert real.of("glossary")[-1].cells["reading"] == "ワイファイ"
    assert real.of("glossary")[11].title == "GIGAスクール構想"
