"""A small plan as rows of every table, mapped as the pipeline maps it. Its names and figures are made up."""

from __future__ import annotations

from pathlib import Path

from dxlod.pipeline import data_quads
from dxlod.settings import Settings
from dxlod.table.csvfile import render, write_file
from dxlod.table.dataset import Dataset

__all__ = ["ODD", "PLAN", "sample_lines"]

PLAN = "https://w3id.org/dxlod/id/plan/212016/dx/2025"
ODD = "https://example.jp/計画?a=b&c=(d)'e;f:g#h"
Rows = list[dict[str, str]]

_BODY: dict[str, Rows] = {
    "source": [{"file": "a.txt", "sha256": "ab" * 32, "title": "見本", "publisher": "見本市", "issued": "2026-02-09",
                "line_count": "200", "rights": "出典を示せば使える", "lines": "1", "id": "dx-2025-s1"}],
    "plan": [{"title": "見本計画（令和7年度版）", "plan_title": "見本計画", "status": "adopted", "issued": "2026-02",
              "start_fy": "2025", "end_fy": "2027", "period_start": "2025-04-01", "period_end": "2028",
              "editor_units": "2", "lines": "1-2", "stated_none": "rights"}],
    "organization": [
        {"key": "1", "name": "総務部", "kind": "department", "seen_year": "2026", "lines": "3"},
        {"key": "2", "name": "デジタル課", "kind": "section", "parent": "1", "seen_year": "2026", "lines": "4"},
        {"key": "3", "name": "全部局", "kind": "collective", "seen_year": "2026", "lines": "5"},
    ],
    "policy": [{"key": "1", "number": "1", "category": "視点", "title": "窓口", "order": "1", "sdgs": "4;11", "lines": "10"}],
    "policy_measure": [{"key": "1", "title": "手続", "order": "1", "policy": "1", "lines": "11"}],
    "initiative": [
        {"key": "1-1", "number": "(1)", "title": '"窓口" の\\改革\nと', "heading": "重点", "order": "2", "measure": "1",
         "start_fy": "2025", "end_fy": "2027", "is_new": "true", "sheet_marked": "true", "has_sheet": "false",
         "sheet_title": "窓口", "sheet_measure": "手続", "sheet_start_fy": "2025", "sheet_end_fy": "2026",
         "units": "2;3", "lines": "12;14-15", "unknown": "indicators"},
        {"key": "1-10", "title": "第十の取組", "order": "1", "measure": "1", "units": "2", "lines": "16",
         "stated_none": "indicators"},
        {"key": "2 (一)'", "title": "別の取組", "order": "3", "policy": "1", "lines": "17"},
    ],
    "action": [{"key": "1", "number": "①", "title": "予約を受ける", "order": "1", "initiative": "1-1", "lines": "18"}],
    "phase": [
        {"key": "1-1", "initiative": "1-1", "order": "2", "fiscal_year": "2026", "label": "検討／実施",
         "phases": "consider;implement", "lines": "20"},
        {"key": "1-2", "initiative": "1-1", "order": "1", "label": "準備", "phases": "prepare", "lines": "21",
         "unknown": "fiscal_year"},
        {"key": "2", "action": "1", "order": "1", "fiscal_year": "2025", "label": "実施", "phases": "implement", "lines": "22"},
    ],
    "indicator": [
        {"key": "1-1", "number": "1-1", "name": "申請の割合", "order": "1", "initiative": "1-1", "unit": "%",
         "accumulation": "cumulative", "lines": "30"},
        {"key": "2", "name": "件数", "order": "2", "policy": "1", "unit": "件", "direction": "increase", "lines": "31"},
    ],
    "indicator_value": [
        {"key": "b", "indicator": "1-1", "kind": "baseline", "fiscal_year": "2024", "status": "number", "value": "0.10",
         "unit": "%", "text": "0.10%", "lines": "32"},
        {"key": "t", "indicator": "1-1", "kind": "target", "fiscal_year": "2026", "status": "number", "value": "80.5",
         "bound": "at-least", "unit": "%", "text": "80.5%以上", "lines": "33"},
        {"key": "u", "indicator": "1-1", "kind": "target", "fiscal_year": "2027", "status": "number", "value": "-100",
         "unit": "%", "text": "△100%", "lines": "34"},
        {"key": "v", "indicator": "2", "kind": "target", "status": "increase", "text": "UP", "lines": "35",
         "unknown": "fiscal_year"},
        {"key": "w", "indicator": "2", "kind": "actual", "fiscal_year": "2025", "status": "none", "text": "なし", "lines": "36"},
    ],
    "ordinance": [{"key": "1", "name": "見本市の条例", "short_name": "条例", "lines": "40"}],
    "administrative_task": [{"key": "1", "number": "1", "title": "住民の届出", "order": "1", "lines": "41"}],
    "information_system": [{"key": "1", "name": "住民のシステム", "order": "1", "lines": "42"}],
    "task_system": [{"key": "1", "task": "1", "system": "1", "order": "1", "lines": "43"}],
    "legal_basis": [
        {"key": "1", "subject_table": "administrative_task", "subject": "1", "order": "1", "law_name": "番号法",
         "law_id": "425AC0000000027", "annex": "1", "annex_row": "30", "text": "番号法別表第一の30の項", "lines": "44"},
        {"key": "2", "subject_table": "initiative", "subject": "1-1", "order": "2", "ordinance": "1", "article": "3",
         "text": "条例第3条", "lines": "45"},
    ],
    "citation": [
        {"key": "1", "subject_table": "plan", "order": "1", "name": "国の計画", "kind": "plan", "relation": "upper",
         "work": "national-plan", "lines": "50"},
        {"key": "2", "subject_table": "plan", "order": "2", "name": "市の構想", "kind": "plan", "relation": "cites", "lines": "51"},
    ],
    "statistical_table": [{"key": "9", "number": "図表9", "title": "回答", "order": "1", "unit": "%", "lines": "60"}],
    "statistical_cell": [{"key": "1", "table": "9", "row_order": "1", "row": "はい", "column_order": "2", "column": "割合",
                          "fiscal_year": "2025", "status": "number", "value": "33.3", "unit": "%", "text": "33.3", "lines": "61"}],
    "glossary": [{"key": "1", "term": "見本語", "reading": "みほんご", "order": "1", "lines": "70"}],
    "correction": [{"key": "1", "lines": "12", "as_printed": "冨口", "as_read": "窓口", "reason": "字形が似る",
                    "method": "reviewed", "alternative": "富口"}],
    "english": [{"table": "initiative", "key": "1-1", "label": '"窓口" の\\改革\nと', "english": "Reform of the counter"},
                {"table": "organization", "plan": "", "edition": "", "key": "2", "label": "デジタル課", "english": "Digital Section"}],
    "topic": [{"table": "initiative", "key": "1-1", "topics": "frontyard;bpr"}],
    "direction": [{"key": "1-1", "direction": "increase", "reason": "割合"}],
    "link": [{"table": "initiative", "key": "1-1", "property": "rdfs:seeAlso", "target": ODD, "certainty": "seen"}],
}  # fmt: skip
_SHARED: dict[str, Rows] = {
    "municipality": [{"code": "212016", "name": "見本市", "name_en": "Sample City", "houjin": "6000020212016",
                      "houjin_certainty": "computed", "estat": "C21201-20060101", "ndl": "00275250", "geonames": "1863641"}],
    "unit": [{"label": "%", "iri": "http://qudt.org/vocab/unit/PERCENT"}, {"label": "件", "iri": "https://w3id.org/dxlod/id/unit/case"}],
    "work": [{"key": "national-plan", "title": "国の計画", "title_en": "National plan", "aliases": "計画;国計画", "kind": "plan", "issuer": "国"},
             {"key": "my-number-act", "title": "番号の法律", "aliases": "番号法", "kind": "law", "issuer": "国",
              "law_id": "425AC0000000027", "certainty": "seen"}],
}  # fmt: skip


def sample_lines(folder: Path) -> list[str]:
    """N-Quads of the sample, whose tables are written below the folder."""
    (folder / "212016").mkdir(parents=True)
    tables = Dataset.at(folder)
    edition = {
        "code": "212016",
        "municipality": "見本市",
        "plan": "dx",
        "edition": "2025",
        "source": "dx-2025-s1",
    }
    for name, rows in {**_BODY, **_SHARED}.items():
        known = {column.name for column in tables.contract[name].columns}
        assert not {key for row in rows for key in row} - known, f"{name} has other columns"
        ready = [{**({} if tables.contract[name].shared else edition), **row} for row in rows]
        write_file(tables.path(name, "212016"), render(tables.contract[name], ready))
    return list(data_quads(Settings(data=folder), tables))
