"""The pages of plans, initiatives, indicators and the other kinds, held against the committed tables."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markup import faults
from site_corpus import corpus, nquads, write

from dxlod.namespaces import DXO
from dxlod.release import open_current
from dxlod.settings import Settings
from dxlod.site.entities import SECTIONS, Look, Section, entity_page, section_of
from dxlod.site.entities.correction import changed
from dxlod.site.entities.schedule import MOST_YEARS, Axis, Bar, Run, axis_of
from dxlod.site.entities.topic import MOST, MOST_MORE
from dxlod.site.index import write_index
from dxlod.site.place import open_index
from dxlod.site.reader import SiteReader
from dxlod.site.render import Renderer
from dxlod.site.view import View

DATA = Path(__file__).parents[2] / "data"
ID = "https://w3id.org/dxlod/id/"
TOKUSHIMA, GIFU, SYSTEMS = (
    "plan/362018/dx/2026",
    "plan/212016/dx-action/2025",
    "plan/212016/it-optimization/2",
)
MINO, KAKAMIGAHARA = "plan/212075/dx/2024", "plan/212130/dx/2026"
PLANS = (TOKUSHIMA, GIFU, SYSTEMS, MINO, KAKAMIGAHARA)


@pytest.fixture(scope="module")
def reader(releases: Path) -> Iterator[SiteReader]:
    reader = open_index(open_current(Settings(releases=releases)))
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def facts(reader: SiteReader, renderer: Renderer, short: str, lang: str = "ja") -> Any:
    """What the section of a thing finds."""
    section = section_of(reader.types(ID + short), ID + short)
    assert section is not None
    return section.facts(Look(reader, View(lang=lang), ID + short, {}, renderer.translator(lang)))


def page(reader: SiteReader, renderer: Renderer, short: str, lang: str = "ja", number: int = 1) -> str:
    view = View(lang=lang, prefix=f"/{lang}", path=f"/doc/{short}")
    return entity_page(renderer, reader, view, ID + short, reader.closure(ID + short), number)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of all cities, such as `initiative`."""
    found: list[dict[str, str]] = []
    for path in sorted(DATA.glob(f"*/[0-9]*_{name}.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += csv.DictReader(file)
    return found


def of_plan(name: str, plan: str) -> list[dict[str, str]]:
    _, code, key, edition = plan.split("/")
    wanted = {"全国地方公共団体コード": code, "計画キー": key, "版キー": edition}
    return [row for row in rows(name) if all(row[column] == value for column, value in wanted.items())]


def bar(**changed: object) -> Bar:
    empty = Bar(ID, "", None, None, None, (), (), ())
    return replace(empty, **changed)  # type: ignore[arg-type]


# Plan editions


@pytest.mark.parametrize("plan", PLANS)
def test_an_edition_has_every_initiative_indicator_and_term_of_its_tables(
    plan: str, reader: SiteReader, renderer: Renderer
) -> None:
    found = facts(reader, renderer, plan)
    bars = found["tree"].bars
    printed = of_plan("initiative", plan)
    assert sorted(item.iri for item in bars) == sorted(
        f"{ID}{plan}/initiative/{row['要素キー']}" for row in printed
    )
    assert len(found["kpis"].rows) == len(of_plan("indicator", plan))
    assert len(found["terms"]) == len(of_plan("glossary", plan))
    assert found["corrections"] == len(of_plan("correction", plan))
    assert sum(len(item.parts) for item in bars) == len(of_plan("action", plan))


@pytest.mark.parametrize("plan", [GIFU, TOKUSHIMA])
def test_years_and_phases_are_those_of_the_tables(plan: str, reader: SiteReader, renderer: Renderer) -> None:
    bars = facts(reader, renderer, plan)["tree"].bars
    years = {(item.iri, item.start, item.end) for item in bars}
    for row in of_plan("initiative", plan):
        start, end = (int(row[name]) if row[name] else None for name in ("開始年度", "終了年度"))
        assert (f"{ID}{plan}/initiative/{row['要素キー']}", start, end) in years
    runs = [run for item in bars for part in (item, *item.parts) for run in part.runs]
    phases = {iri for run in runs for iri in run.iris}
    assert len(phases) == len(of_plan("phase", plan))
    undated = [run for run in runs if run.first is None]
    assert len(undated) == sum(not row["年度"] for row in of_plan("phase", plan)) > 0


def test_targets_stand_under_their_years_as_printed(reader: SiteReader, renderer: Renderer) -> None:
    table = facts(reader, renderer, TOKUSHIMA)["kpis"]
    assert table.years == [2026, 2027, 2028, 2029]
    by_key = {kpi.iri.rpartition("/")[2]: kpi for kpi in table.rows}
    checked = 0
    for row in of_plan("indicator_value", TOKUSHIMA):
        figures = by_key[row["指標キー"]].of(row["値の種別"], int(row["年度"]))
        assert [(item.status, item.text) for item in figures] == [(row["値の状態"], row["値の原文表記"])]
        assert (figures[0].number is None) == (not row["値"])
        checked += 1
    assert checked > 200


def test_what_is_none_or_unknown_is_never_shown_as_a_number(reader: SiteReader, renderer: Renderer) -> None:
    html = page(reader, renderer, f"{TOKUSHIMA}/kpi/4-1")
    cells = re.findall(r'<td class="num">(.*?)</td>', html)
    assert [re.sub("<.*?>", "", cell) for cell in cells] == ["–", "1", "–", "–", "–"]
    assert "読み取れない" in html
    assert html.count("（なし）") == 3
    assert "<svg class=" not in html


def test_the_status_the_unknown_date_and_the_unknown_terms_are_said(
    reader: SiteReader, renderer: Renderer
) -> None:
    assert "素案" in page(reader, renderer, TOKUSHIMA)
    html = page(reader, renderer, SYSTEMS)
    assert "状態不明" in html
    assert re.search(r"発行</th><td>\s*<span class=\"badge unknown_value\">", html)
    assert "見当たりません（不明）" in html


def test_an_edition_links_its_files(reader: SiteReader, renderer: Renderer) -> None:
    paths = [file.path for file in facts(reader, renderer, GIFU)["downloads"]]
    assert "/dumps/212016-dx-action-2025.xlsx" in paths
    assert "/dumps/212016-dx-action-2025.ttl" in paths


def test_initiatives_of_other_plans_are_shown_by_name_with_their_plan(
    reader: SiteReader, renderer: Renderer
) -> None:
    alike = facts(reader, renderer, f"{GIFU}/initiative/1-1-5")["alike"]
    assert {iri.removeprefix(ID).rpartition("/initiative/")[0] for iri in alike} == {
        MINO,
        KAKAMIGAHARA,
        TOKUSHIMA,
    }
    for lang in ("ja", "en"):
        shown = page(reader, renderer, f"{GIFU}/initiative/1-1-5", lang).partition('<h2 id="alike">')[2]
        links = re.findall(r"<a [^>]*>([^<]+)</a>", shown.partition("</ul>")[0])
        assert len(links) == 2 * len(alike)
        assert not [text for text in links if re.fullmatch(r"[0-9-]+", text)]


def test_a_plan_of_very_many_initiatives_shows_its_measures(
    reader: SiteReader, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dxlod.site.entities.edition.MOST_ROWS", 100)
    monkeypatch.setattr("dxlod.site.entities.edition.MOST_KPIS", 10)
    html = page(reader, renderer, GIFU)
    assert "/measure/1-1" in html
    assert f"{GIFU}/initiative/1-1-1" not in html
    assert len(re.findall(rf'href="/ja/doc/{GIFU}/kpi/', html)) == 10
    assert "ほか 45 件" in html


# Schedules


def test_two_phases_in_one_year_stay_apart_and_equal_ones_in_a_row_join(
    reader: SiteReader, renderer: Renderer
) -> None:
    found = facts(reader, renderer, f"{TOKUSHIMA}/initiative/15")["bar"]
    runs = found.parts[0].runs
    assert runs[0].kinds == ("consider", "implement")
    assert (runs[0].first, runs[0].label) == (2026, "検討／実施")
    joined = facts(reader, renderer, f"{TOKUSHIMA}/initiative/1")["bar"].parts[0].runs
    assert [(run.label, run.first, run.last, len(run.iris)) for run in joined] == [("実施", 2026, 2029, 4)]


def test_an_unplaced_phase_is_listed_and_not_drawn(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, f"{GIFU}/initiative/1-4-6")["bar"]
    assert [run.label for run in found.undated] == ["実装・運用"]
    html = page(reader, renderer, f"{GIFU}/initiative/1-4-6")
    assert html.count("年度の位置が読み取れない") >= 2
    strips = re.findall(r'<b class="strip">(.*?)</b>', html)
    assert [strip.count("<i") for strip in strips] == [
        2
    ]  # The years of the initiative and its one placed phase.


def test_an_axis_keeps_the_latest_years_and_marks_what_began_before() -> None:
    bars = [bar(start=1995, end=2030), bar(start=2020, end=2024)]
    axis = axis_of(bars)
    assert axis == Axis(2030 - MOST_YEARS + 1, 2030, True, True)
    assert axis.span(1995, 2030) == f"a1 z{MOST_YEARS + 1} cut"
    assert axis.span(2020, 2024) == "a6 z11"
    assert axis.span(1995, 2000) == axis.span(None, 2020) == ""
    assert axis_of([bar()]) is None


def test_an_initiative_is_under_way_in_its_years_and_in_those_of_its_phases() -> None:
    assert [year for year in range(2020, 2026) if bar(start=2021, end=2023).covers(year)] == [
        2021,
        2022,
        2023,
    ]
    phased = bar(parts=(bar(runs=(Run("実施", (), 2024, 2025, ()), Run("実施", (), None, None, ()))),))
    assert [year for year in range(2020, 2027) if phased.covers(year)] == [2024, 2025]


def test_differences_of_list_and_sheet_are_shown(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, f"{GIFU}/initiative/1-4-7")["differences"]
    assert [item.name for item in found] == ["title"]
    assert "道水路" in found[0].in_list
    assert "道路幅員図" in found[0].in_sheet
    assert facts(reader, renderer, f"{GIFU}/initiative/1-4-6")["differences"] == []


def test_departments_of_an_initiative_are_those_of_its_row(reader: SiteReader, renderer: Renderer) -> None:
    for row in of_plan("initiative", TOKUSHIMA):
        found = facts(reader, renderer, f"{TOKUSHIMA}/initiative/{row['要素キー']}")["units"]
        assert {iri.rpartition("/")[2] for iri in found} == set(filter(None, row["担当課キー"].split(";")))


# Indicators


def test_an_indicator_says_whether_its_direction_is_printed_or_inferred(
    reader: SiteReader, renderer: Renderer
) -> None:
    inferred = page(reader, renderer, f"{TOKUSHIMA}/kpi/1-1")
    assert "推定したもの" in inferred
    printed = next(row for row in rows("indicator") if row["望ましい方向"])
    key = f"plan/{printed['全国地方公共団体コード']}/{printed['計画キー']}/{printed['版キー']}/kpi/{printed['要素キー']}"
    html = page(reader, renderer, key)
    assert "計画書の印字による" in html
    assert "推定したもの" not in html


def test_the_chart_has_a_title_a_description_and_every_number(reader: SiteReader, renderer: Renderer) -> None:
    html = page(reader, renderer, f"{TOKUSHIMA}/kpi/7-1", "en")
    assert re.search(r'<svg class="chart" role="img" aria-labelledby="chart-t chart-d"', html)
    assert "target 2029: 100</desc>" in re.sub(r"\s+</desc>", "</desc>", html)
    assert re.findall(r'class="said"[^>]*>([^<]*)', html) == ["31%", "55%", "70%", "85%", "100%"]


def test_words_and_increase_without_a_number_are_no_points(reader: SiteReader, renderer: Renderer) -> None:
    assert facts(reader, renderer, f"{MINO}/kpi/2-5-1")["chart"] is None
    assert "制度の導入" in page(reader, renderer, f"{MINO}/kpi/2-5-1")
    html = page(reader, renderer, f"{KAKAMIGAHARA}/kpi/1-1-2")
    assert "↑ UP" in html
    assert "数値を示さず増加" in html


def test_values_are_property_values_for_search_engines(reader: SiteReader, renderer: Renderer) -> None:
    html = page(reader, renderer, f"{TOKUSHIMA}/kpi/7-4-1")
    graphs = [json.loads(text) for text in re.findall(r'ld\+json">(.*?)</script>', html)]
    nodes = graphs[1]["@graph"]
    assert [node["value"] for node in nodes] == [1.0, 1.0, 1.0]
    assert {node["@type"] for node in nodes} == {"PropertyValue"}


# Topics and cities


@pytest.mark.parametrize("topic", ["bpr", "security"])
def test_a_topic_has_every_element_that_the_tables_give_it(
    topic: str, reader: SiteReader, renderer: Renderer
) -> None:
    columns = facts(reader, renderer, f"topic/{topic}")["columns"]
    assert {column.edition.removeprefix(ID) for column in columns} == set(PLANS)
    for column in columns:
        tagged = [
            row
            for row in of_plan("topic", column.edition.removeprefix(ID))
            if topic in row["DX分野"].split(";")
        ]
        initiatives = {
            f"{column.edition}/initiative/{r['要素キー']}" for r in tagged if r["表"] == "initiative"
        }
        shown = {item.iri for item in column.bars}
        assert shown <= initiatives
        assert len(shown) == min(MOST + MOST_MORE, len(initiatives))
        assert column.on_topic.initiatives == len(initiatives)
        assert len(column.on_topic.policies) == sum(row["表"] == "policy" for row in tagged)
        assert column.all_initiatives == len(of_plan("initiative", column.edition.removeprefix(ID)))


def test_a_topic_maps_to_the_items_of_both_national_plans(reader: SiteReader, renderer: Renderer) -> None:
    matches = facts(reader, renderer, "topic/bpr")["matches"]
    assert {(item.number, item.scheme.rpartition("/")[2], item.kind) for item in matches} >= {
        ("3.3-1", "2.3", "exactMatch"),
        ("3.3-1", "4.0", "exactMatch"),
    }


def test_a_group_of_topics_and_an_item_of_a_list_have_pages_of_their_own(
    reader: SiteReader, renderer: Renderer
) -> None:
    group = facts(reader, renderer, "topic/as-needed")
    assert f"{ID}topic/bpr" in group["narrower"]
    item = facts(reader, renderer, "topic/mic/4.0/3.3-1")
    assert [match.iri for match in item["matches"]] == [f"{ID}topic/bpr"]


@pytest.mark.parametrize(("city", "plans"), [("212016", 2), ("362018", 1), ("210005", 0)])
def test_a_city_has_its_plans_and_says_how_sure_its_number_is(
    city: str, plans: int, reader: SiteReader, renderer: Renderer
) -> None:
    found = facts(reader, renderer, f"lg/{city}")
    with (DATA / "shared" / "municipality.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["全国地方公共団体コード"] == city)
    assert len(found["editions"]) == plans
    assert (found["number"], found["certainty"]) == (row["法人番号"], row["法人番号の確度"])
    assert bool(found["coverage"]) == bool(plans)
    assert len(found["units"]) == sum(
        unit["全国地方公共団体コード"] == city and not unit["上位組織キー"] for unit in rows("organization")
    )
    said = {"seen": "公表資料で確認）", "computed": "規則から計算"}[found["certainty"]]
    assert said in page(reader, renderer, f"lg/{city}")


def test_the_coverage_of_a_city_adds_up_to_the_table(reader: SiteReader, renderer: Renderer) -> None:
    coverage = facts(reader, renderer, "lg/362018")["coverage"]
    for name in ("bpr", "open-data"):
        row = next(item for item in coverage if item.slug == name)
        tagged = sum(name in item["DX分野"].split(";") for item in of_plan("topic", TOKUSHIMA))
        assert row.counts[f"{ID}lg/362018"] == tagged


# Departments, laws, tasks


@pytest.mark.parametrize("unit", ["1", "2"])
def test_a_department_has_the_initiatives_that_name_it(
    unit: str, reader: SiteReader, renderer: Renderer
) -> None:
    duties = facts(reader, renderer, f"lg/362018/unit/{unit}")["duties"]
    named = [
        row["要素キー"] for row in of_plan("initiative", TOKUSHIMA) if unit in row["担当課キー"].split(";")
    ]
    assert sorted(item.iri.rpartition("/")[2] for item in duties[0].bars) == sorted(named)
    assert len(duties) == 1


def test_a_collective_is_said_to_be_none_department(reader: SiteReader, renderer: Renderer) -> None:
    assert "一つの部署ではありません" in page(reader, renderer, "lg/362018/unit/2")
    assert "一つの部署ではありません" not in page(reader, renderer, "lg/362018/unit/1")


def test_a_department_is_linked_with_the_plan_it_edited(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, "lg/212016/unit/2")
    assert found["edited"] == [f"{ID}{GIFU}"]
    assert found["above"] == [f"{ID}lg/212016/unit/1"]
    assert found["duties"] == []


def test_a_law_tells_what_rests_on_it_from_what_names_it(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, "law/425AC0000000027")
    bases = [row for row in of_plan("legal_basis", SYSTEMS) if row["法令ID"] == "425AC0000000027"]
    assert sum(item.rests for item in found["provisions"]) == len(bases)
    named = [row for row in rows("citation") if row["法令ID"] == "425AC0000000027" or "番号法" in row["名称"]]
    assert found["cites"]
    assert len(found["cites"]) <= len(named)
    assert found["maker"] == "国"
    assert "e-Gov 法令検索" in page(reader, renderer, "law/425AC0000000027")


def test_a_provision_says_as_of_when_it_is_cited(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, "law/425AC0000000027/asof/2017/AppdxTable_1/Row_10")
    assert found["law"] == f"{ID}law/425AC0000000027"
    assert found["as_of"] == "2017"
    assert found["provision"].users == [f"{ID}{SYSTEMS}/task/5"]
    table = facts(reader, renderer, "law/425AC0000000027/asof/2017/AppdxTable_1")
    assert len(table["provision"].parts) > 20


def test_an_ordinance_has_no_law_id_but_its_city(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, "lg/212016/ordinance/1")
    assert (found["law_id"], found["passed_by"]) == ("", [f"{ID}lg/212016"])


@pytest.mark.parametrize("task", ["1", "5", "40"])
def test_a_task_has_the_systems_and_bases_of_the_tables(
    task: str, reader: SiteReader, renderer: Renderer
) -> None:
    found = facts(reader, renderer, f"{SYSTEMS}/task/{task}")
    systems = [row["情報システムキー"] for row in of_plan("task_system", SYSTEMS) if row["事務キー"] == task]
    bases = [row for row in of_plan("legal_basis", SYSTEMS) if row["対象キー"] == task]
    assert sorted(iri.rpartition("/")[2] for iri in found["systems"]) == sorted(systems)
    assert sorted(item.text for item in found["bases"]) == sorted(row["根拠の原文表記"] for row in bases)


def test_a_task_without_systems_says_so(reader: SiteReader, renderer: Renderer) -> None:
    row = next(row for row in rows("administrative_task") if row["なしと明記された項目"] == "systems")
    assert "システムを使用しない" in page(reader, renderer, f"{SYSTEMS}/task/{row['要素キー']}")


def test_a_system_has_the_tasks_that_use_it(reader: SiteReader, renderer: Renderer) -> None:
    used = [row["事務キー"] for row in of_plan("task_system", SYSTEMS) if row["情報システムキー"] == "1"]
    found = facts(reader, renderer, f"{SYSTEMS}/system/1")["tasks"]
    assert sorted(item[0].rpartition("/")[2] for item in found) == sorted(used)


# Tables, corrections, sources, years, terms


@pytest.mark.parametrize("key", ["1", "5", "9"])
def test_a_statistical_table_has_its_cells_in_their_places(
    key: str, reader: SiteReader, renderer: Renderer
) -> None:
    found = facts(reader, renderer, f"{TOKUSHIMA}/table/{key}")
    cells = [row for row in of_plan("statistical_cell", TOKUSHIMA) if row["統計表キー"] == key]
    for row in cells:
        cell = found["rows"][int(row["行順"]) - 1].cells[int(row["列順"]) - 1]
        assert cell.text == row["値の原文表記"]
    assert sum(cell is not None for row in found["rows"] for cell in row.cells) == len(cells)
    assert [row.label for row in found["rows"] if row.total] == ["合計"]
    assert all(cell.bar is None for row in found["rows"] if row.total for cell in row.cells)


def test_bars_of_per_cent_are_of_a_hundred(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, f"{TOKUSHIMA}/table/9")
    assert [cell.bar for cell in found["rows"][0].cells[1::2]] == [8, 5, 5]


def test_a_correction_marks_what_differs() -> None:
    assert changed("栓門", "樋門") == ([("栓", True), ("門", False)], [("樋", True), ("門", False)])
    assert changed("一", "") == ([("一", True)], [])


def test_a_correction_leads_to_those_beside_it(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, f"{GIFU}/correction/3")
    row = next(row for row in of_plan("correction", GIFU) if row["要素キー"] == "3")
    assert "".join(text for text, _ in found["printed"]) == row["原文の表記"]
    assert found["reason"] == row["理由"]
    assert found["around"] == {
        "prev": f"{ID}{GIFU}/correction/2",
        "next": f"{ID}{GIFU}/correction/4",
    }


def test_a_document_counts_the_lines_that_became_data(reader: SiteReader, renderer: Renderer) -> None:
    source = of_plan("source", TOKUSHIMA)[0]
    found = facts(reader, renderer, f"doc/{source['SHA-256']}")
    assert found["total"] == int(source["行数"])
    assert 0 < found["read"] < found["total"]
    assert len(found["bins"]) <= 100
    assert max(share for _, share in found["bins"]) <= 100
    assert found["fragments"] > 400


def test_a_fragment_lists_what_was_read_from_it(reader: SiteReader, renderer: Renderer) -> None:
    source = of_plan("source", TOKUSHIMA)[0]["SHA-256"]
    found = facts(reader, renderer, f"doc/{source}/L609-609")
    known = [iri for group in found["supported"] for iri in group.iris]
    assert f"{ID}{TOKUSHIMA}/kpi/7-1/baseline/FY2024" in known
    assert f"{ID}{TOKUSHIMA}/kpi/7-1" in found["around"][f"{ID}{TOKUSHIMA}/kpi/7-1/baseline/FY2024"]


@pytest.mark.parametrize("year", [2026, 2030])
def test_a_year_has_what_begins_ends_and_is_aimed_at(
    year: int, reader: SiteReader, renderer: Renderer
) -> None:
    found = facts(reader, renderer, f"fy/{year}")
    for name, column in (("starts", "開始年度"), ("ends", "終了年度")):
        assert sum(item.total for item in found[name]) == sum(
            row[column] == str(year) for row in rows("initiative")
        )
    targets = [r for r in rows("indicator_value") if r["値の種別"] == "target" and r["年度"] == str(year)]
    assert sum(item.total for item in found["targets"]) == len(targets)


def test_a_term_is_found_in_the_other_plans(reader: SiteReader, renderer: Renderer) -> None:
    names: dict[str, list[str]] = {}
    for row in rows("glossary"):
        plan = f"plan/{row['全国地方公共団体コード']}/{row['計画キー']}/{row['版キー']}"
        names.setdefault(row["用語"], []).append(f"{plan}/term/{row['要素キー']}")
    shared = next(found for found in names.values() if len(found) > 1)
    same = facts(reader, renderer, shared[0])["same"]
    assert {iri.removeprefix(ID) for iri, _ in same} >= set(shared[1:])


# All of them


def examples(reader: SiteReader, section: Section) -> list[str]:
    """The first, a middle and the last thing of a page."""
    found = [iri for iri in reader.instances(section.kind) if iri.startswith(ID) and section.when(iri)]
    return list(dict.fromkeys((found[0], found[len(found) // 2], found[-1])))


@pytest.mark.parametrize("section", SECTIONS, ids=[item.kind.rpartition("/")[2] for item in SECTIONS])
def test_a_page_is_sound_and_small_in_both_languages(
    section: Section, reader: SiteReader, renderer: Renderer
) -> None:
    for iri in examples(reader, section):
        for lang in ("ja", "en"):
            html = page(reader, renderer, iri.removeprefix(ID), lang)
            own = re.sub(r'<title>.*?</title>|<nav class="crumbs.*?</nav>', "", html, flags=re.DOTALL)
            # Names made of prints and definitions that quote them are Japanese within English.
            found = [f for f in faults(own) if not re.search(r"no lang=ja: (「|target |baseline |.*\()", f)]
            assert found == []
            assert len(html.encode()) < 100_000
            assert ("非公式" if lang == "ja" else "unofficial translations") in html


def test_every_plan_stays_small(reader: SiteReader, renderer: Renderer) -> None:
    sizes = {plan: len(page(reader, renderer, plan, "en").encode()) for plan in PLANS}
    assert {plan: size for plan, size in sizes.items() if size >= 100_000} == {}


def test_a_fact_that_a_template_does_not_know_is_still_shown(
    reader: SiteReader, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "そのほかの記録" not in page(reader, renderer, f"{TOKUSHIMA}/kpi/1-1")
    known: Mapping[str, Section] = {item.kind: item for item in SECTIONS}
    less = replace(known[DXO.Indicator], shown=known[DXO.Indicator].shown - {DXO.unitLabel})
    others = tuple(less if item.kind == DXO.Indicator else item for item in SECTIONS)
    monkeypatch.setattr("dxlod.site.entities.SECTIONS", others)
    assert "そのほかの記録" in page(reader, renderer, f"{TOKUSHIMA}/kpi/1-1")


ODD = """
id:plan/212016/dx/2025/kpi/9 a dxo:Indicator | dxo:desiredDirection id:code/direction/sideways
id:plan/212016/dx/2025/kpi/9 dxo:target id:plan/212016/dx/2025/kpi/9/target/FY2026
id:plan/212016/dx/2025/kpi/9/target/FY2026 a dxo:IndicatorValue | dxo:valueStatus id:code/value-status/maybe
id:plan/212016/dx/2025/phase/9 a dxo:SchedulePhase | dxo:phase id:code/phase/pause | rdfs:label "休止"@ja
id:plan/212016/dx/2025/initiative/1 dxo:hasPhase id:plan/212016/dx/2025/phase/9 | dxo:hasIndicator id:plan/212016/dx/2025/kpi/9
id:plan/212016/dx/2025 dxo:cites id:work/9 | dxo:hasPolicy id:plan/212016/dx/2025/policy/1
id:work/9 a dxo:CitedWork | dxo:workKind id:code/work-kind/song
id:lg/212016 dxo:corporateNumber "1" | dxo:corporateNumberCertainty "guessed"
id:plan/212016/dx/2025/table/9 a dxo:StatisticalTable
id:fy/2040 a dxo:FiscalYear
"""


def test_things_that_lack_almost_everything_or_have_codes_unheard_of_still_have_pages(
    tmp_path: Path, renderer: Renderer
) -> None:
    quads = corpus() + nquads(ODD, "graph:plan/212016/dx/2025")
    write_index(write(tmp_path / "all.nq", quads), tmp_path / "site.sqlite")
    reader = SiteReader.open(tmp_path / "site.sqlite")
    subjects = {line.partition(" ")[0][1:-1] for line in quads.splitlines()}
    pages = {iri: page(reader, renderer, iri.removeprefix(ID), "en") for iri in sorted(subjects)}
    reader.close()
    assert "休止" in pages[f"{ID}plan/212016/dx/2025/initiative/1"]
    assert len(pages) > 20


def test_a_class_without_a_page_of_its_own_has_the_page_of_any_thing(
    reader: SiteReader, renderer: Renderer
) -> None:
    short = f"{GIFU}/citation/1"
    assert section_of(reader.types(ID + short), ID + short) is None
    assert "entities.css" not in page(reader, renderer, short)


def test_a_provision_has_an_english_name_made_of_its_law_and_place(reader: SiteReader) -> None:
    law = f"{ID}law/425AC0000000027"
    names = reader.labels([law, f"{law}/asof/2017/AppdxTable_1/Row_7"])
    assert names[f"{law}/asof/2017/AppdxTable_1/Row_7"] == {
        "ja": "番号法別表第1の7の項",
        "en": f"{names[law]['en']}, appended table 1, row 7",
    }
    every = reader.instances(DXO.LegalProvision)
    assert [iri for iri, texts in reader.labels(every).items() if not {"ja", "en"} <= texts.keys()] == []
