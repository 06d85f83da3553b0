"""How much of each plan was corrected, unknown or left with a finding (``docs/quality.md``), from the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dxlod.table.dataset import Dataset

__all__ = ["quality_page"]

_HEAD = """# 読み取りの質 / Quality of the reading

表から作られます（`dxlod docs`）。 *Made from the tables by `dxlod docs`.*

- **値のあるセル**: 原文に根拠を求める列（契約の `evidence`）の、空でないセル。 *Cells: non-blank cells of columns that need evidence in the text.*
- **補正**: 誤読・ずれを直した箇所。`確認`＝人が文書と突き合わせた、`規則`＝様式の一般規則。割合は補正の数÷値のあるセル。 *Corrections: misreadings undone, by a person's review or by a general rule; the share is corrections per cell.*
- **不明**: 原文にあるはずだが読み取れない値。**なし**: 原文がなしと書く値。 *Unknown: cannot be read; none: the text says none.*
- **所見**: 一覧と本文の食い違い、欠けた図など、読み取りの途中で分かったこと。 *Findings: disagreements within the plan, lost figures and the like.*

| 計画 / plan | 値のあるセル / cells | 補正（確認） / reviewed | 補正（規則） / by rule | 割合 / share | 不明 / unknown | なし / none | 所見 / findings |
|---|---:|---:|---:|---:|---:|---:|---:|"""


def _counts(tables: Dataset, code: str) -> dict[tuple[str, str], Counter[str]]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in tables.rows("plan", code):
        counts[row["plan"], row["edition"]] = Counter()
    for table in tables.contract:
        if not (table.extracted and table.of_edition):
            continue
        for row in tables.rows(table, code):
            count = counts[row["plan"], row["edition"]]
            count["cells"] += sum(bool(c.evidence and row[c.name]) for c in table.columns)
            count["unknown"] += len([name for name in row.get("unknown", "").split(";") if name])
            count["none"] += len([name for name in row.get("stated_none", "").split(";") if name])
            if row.get("status") in ("unknown", "none") and table.name in (
                "indicator_value",
                "statistical_cell",
            ):
                count[row["status"]] += 1
            if table.name == "correction":
                count[row["method"]] += 1
            if table.name == "finding":
                count["findings"] += 1
    return counts


def _rows(tables: Dataset) -> Iterator[str]:
    for code in tables.codes():
        titles = {(row["plan"], row["edition"]): row["title"] for row in tables.rows("plan", code)}
        for edition, count in _counts(tables, code).items():
            share = (count["reviewed"] + count["rule"]) / count["cells"]
            yield (
                f"| {titles[edition]} | {count['cells']:,} | {count['reviewed']} | {count['rule']} | {share:.1%} "
                f"| {count['unknown']} | {count['none']} | {count['findings']} |"
            )


def quality_page(tables: Dataset) -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *_rows(tables)]) + "\n"
