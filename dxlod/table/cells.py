"""What a single cell may hold, by the type of its column. Pure functions: cell in, fault out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dxlod.model.codes import is_local_government_code
from dxlod.model.lines import Lines
from dxlod.model.years import era_year, find_year_month, has_wareki
from dxlod.table.contract import Column

__all__ = ["Fault", "check_cell"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, and how to mend it."""

    code: str
    ja: str
    en: str
    mend_ja: str = ""
    mend_en: str = ""


_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ]")
_HALF_KANA = re.compile(r"[\uff61-\uff9f]")
_PATTERNS = {
    "key": re.compile(r"[0-9A-Za-z]+(?:[-_.][0-9A-Za-z]+)*"),
    "integer": re.compile(r"-?(?:0|[1-9][0-9]*)"),
    "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"),
    "year": re.compile(r"(?:19|20)[0-9]{2}"),
    "date": re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"),
    "boolean": re.compile(r"true|false"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "iri": re.compile(r"https?://[^\s<>\"{}|\\^`]+"),
    "property": re.compile(r"[a-z_]+"),
}
_EXAMPLES = {
    "key": "dx-2024-1-1", "integer": "3", "decimal": "80.6", "year": "2026", "date": "2026-02-09", "boolean": "true",
    "sha256": "64 hex digits", "iri": "https://…", "property": "fiscal_year",
}  # fmt: skip


def _wareki(value: str, column: Column) -> Fault:
    dates = find_year_month(value if "年" in value else f"{value}年") or [_letter_year(value)]
    mend = dates[0][:4] if column.type == "year" else dates[0]
    return Fault(
        "wareki",
        f"和暦「{value}」があります。西暦で書きます。",
        f"A year of a Japanese era (“{value}”); western years are stored.",
        f"「{mend}」に直してください。" if mend else "西暦に直してください。",
        f"Write {mend}." if mend else "Write the western year.",
    )


def _letter_year(value: str) -> str:
    match = re.fullmatch(r"([MTSHR])\s*([0-9]{1,2})", unicodedata.normalize("NFKC", value.strip()))
    return str(era_year(match[1], match[2])) if match else ""


def _width(value: str) -> Fault:
    narrow = unicodedata.normalize("NFKC", value)
    return Fault(
        "width",
        f"全角の英数字または半角カナが混じっています:「{value}」",
        f"Full-width letters or digits, or half-width kana: “{value}”",
        f"「{narrow}」に直してください。",
        f"Write “{narrow}”.",
    )


def _lgcode(value: str) -> Fault | None:
    if is_local_government_code(value):
        return None
    if re.fullmatch(r"[0-9]{6}", value):
        return Fault(
            "check-digit",
            f"全国地方公共団体コード「{value}」の検査数字が合いません。",
            f"The check digit of the local government code “{value}” does not match.",
            "6桁のコードを確かめてください（例: 岐阜市 212016）。",
            "Check the six-digit code (e.g. Gifu City: 212016).",
        )
    return Fault(
        "lgcode",
        f"全国地方公共団体コードは半角数字6桁です:「{value}」",
        f"A local government code is six half-width digits: “{value}”",
        "先頭の0が落ちていないか、書式が文字列かを確かめてください。",
        "See whether a leading 0 was lost; keep the cell as text.",
    )


def _lines(value: str) -> Fault | None:
    try:
        Lines.parse(value)
    except ValueError:
        return Fault(
            "lines", f"原文行「{value}」を読めません。", f"“{value}” is not a list of line ranges.",
            "「120-134;150」の形にしてください。", "Write it as 120-134;150.",
        )  # fmt: skip
    return None


def _typed(value: str, column: Column) -> Fault | None:
    if column.type in ("year", "date") and has_wareki(value):
        return _wareki(value, column)
    if _WIDE.search(value) or _HALF_KANA.search(value):
        return _width(value)
    pattern = re.compile(column.pattern) if column.pattern else _PATTERNS.get(column.type)
    if pattern is None or pattern.fullmatch(value):
        return None
    example = _EXAMPLES.get(column.type, column.pattern)
    return Fault(
        f"type-{column.type}",
        f"「{value}」は「{column.ja}」の書き方に合いません。",
        f"“{value}” is not of the form of “{column.en}”.",
        f"例: {example}",
        f"For example: {example}",
    )


def _text(value: str) -> Fault | None:
    return _width(value) if _WIDE.search(value) or _HALF_KANA.search(value) else None


def _listed(value: str, column: Column, lists: Mapping[str, Sequence[str]]) -> Fault | None:
    allowed = lists.get(column.codes, ())
    if value in allowed:
        return None
    return Fault(
        "not-in-list",
        f"「{value}」は「{column.ja}」の選択肢にありません。",
        f"“{value}” is not among the values of “{column.en}”.",
        f"次から選んでください: {'、'.join(allowed)}",
        f"Choose one of: {', '.join(allowed)}",
    )


_WHOLE: Mapping[str, Callable[[str], Fault | None]] = {"lgcode": _lgcode, "lines": _lines, "text": _text}


def check_cell(value: str, column: Column, lists: Mapping[str, Sequence[str]]) -> list[Fault]:
    """The faults of one cell. A blank cell is a fault where the column is required (◎)."""
    if not value.strip():
        if not column.required:
            return []
        return [
            Fault(
                "missing-cell",
                f"必須の「{column.ja}」が空です。",
                f"“{column.en}” is required and blank.",
                "値を入れてください。",
                "Fill it in.",
            )
        ]
    faults: list[Fault | None] = []
    if "\ufffd" in value:
        faults.append(
            Fault(
                "broken-character",
                "文字化け（�）があります。",
                "A broken character (�).",
                "元の文字に直してください。",
                "Restore it.",
            )
        )
    for item in value.split(";") if column.many else [value]:
        if column.codes:
            faults.append(_listed(item, column, lists))
        elif column.type == "verbatim":
            continue
        elif column.type in _WHOLE and not column.pattern:
            faults.append(_WHOLE[column.type](item))
        else:
            faults.append(_typed(item, column))
    return [fault for fault in faults if fault is not None]
