"""One printed figure of a KPI: a number with its unit, UP or DOWN, a dash, or words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from dxlod.model.text import fold, tidy
from dxlod.model.years import find_fiscal_years, find_year_month, fiscal_year_of

__all__ = ["ARROWS", "Figure", "Label", "own_year", "read_figure", "read_label"]

ARROWS = "→⇒⟶▶►➔➙➛➜➝➞➟➠➡➢➣➤➥➦➧➨➩➪"
_ARROW = re.compile(rf"[\s\ufe0f{ARROWS}]+")
_OWN_YEAR = re.compile(
    r"\s*[（(]\s*((?:明治|大正|昭和|平成|令和|[MTSHR])?\s*(?:元|[0-9０-９]{1,4})\s*(?:年度?)?[^（）()]{0,8}?)"
    r"\s*(?:末|時点|現在|実績)*\s*[）)]\s*$"
)
_DASH = re.compile(r"[-‐‑‒–—―−ー－─━]{1,3}")
_NONE = re.compile(r"(?:設定|該当)?なし")
_UP = re.compile(r"↑?(?:UP|アップ|増加|向上|上昇|増)|↑", re.IGNORECASE)
_DOWN = re.compile(r"↓?(?:DOWN|ダウン|減少|低下|削減|減)|↓", re.IGNORECASE)
_KEEP = re.compile(r"(?:現状)?維持")
_NUMBER = re.compile(
    r"(?:約|延べ)?([0-9][0-9,]*(?:\.[0-9]+)?)([^0-9,.、。()↑↓]{0,10}?)(程度|前後)?(以上|以下)?(?:を?(維持))?(\(累計\))?"
)
_OPEN = re.compile(r"(?:未満|超え?|以内|以降|以前|まで|から)$")
_BOUNDS = {"以上": "at-least", "以下": "at-most"}
_BASELINE = re.compile(r"(?:基準|現状|現況|策定時|当初)(?:値|の値)?(?:年度)?(?:\((.*)\))?")
_TARGET = re.compile(r"(?:最終)?目標(?:値|の値)?(?:年度)?(?:\((.*)\))?")
_ACTUAL = re.compile(r"実績(?:値)?(?:\((.*)\))?")
_YEAR_LABEL = re.compile(
    r"((?:明治|大正|昭和|平成|令和)(?:元|[0-9]{1,2})年度|[MTSHR][0-9]{1,2}(?:年度)?|20[0-9]{2}年度)(末)?(?:\(?(目標|実績|基準)値?\)?)?"
)
_NAME = re.compile(r"(?:成果|評価|重要業績評価)?指標(?:名|\(KPI\))?|KPI|項目|(?:指標の)?名称")
_OTHER = re.compile(r"単位|備考|考え方|説明|算出方法|出典|番号|No\.?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as read. ``arrow``: an arrow is drawn before it; ``misread``: a dash read as the kanji 一."""

    status: str
    text: str
    value: Decimal | None = None
    unit: str = ""
    bound: str = ""
    direction: str = ""
    year: int | None = None
    cumulative: bool = False
    arrow: bool = False
    misread: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A column label: ``baseline``, ``target``, ``actual``, ``name`` or ``other``, and the year it prints."""

    kind: str
    year: int | None = None


def own_year(text: str) -> int | None:
    """The fiscal year of ``(R6)``, ``（令和6年度）`` or ``(令和5年3月末)`` where that is the whole text."""
    match = _OWN_YEAR.fullmatch(text)
    return _year(match[1]) if match else None


def _year(text: str) -> int | None:
    plain = fold(text)
    for date in find_year_month(plain):
        if len(date) >= 7 and 1 <= int(date[5:7]) <= 12:
            return fiscal_year_of(int(date[:4]), int(date[5:7]))
    years = find_fiscal_years(plain) or find_fiscal_years(re.sub(r"年(?!度)", "年度", plain))
    return years[0] if years else None


def read_figure(printed: str) -> Figure | None:
    """Read what stands in a value cell; None where it is neither a number, a direction nor a dash."""
    text = _ARROW.sub("", printed, count=1) if _ARROW.match(printed) else printed
    arrow = any(char in ARROWS for char in printed[: len(printed) - len(text)])
    text = tidy(text.replace("\ufe0f", ""))
    year = None
    core = text
    match = _OWN_YEAR.search(text)
    if match and match.start() > 0:
        year = _year(match[1])
        core = text[: match.start()] if year is not None else text
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", core))
    found = _figure(plain, text)
    if found is None:
        return None
    status, value, unit, bound, direction, cumulative, misread = found
    return Figure(status, text, value, unit, bound, direction, year, cumulative, arrow, misread)


_Parts = tuple[str, Decimal | None, str, str, str, bool, bool]


def _figure(plain: str, text: str) -> _Parts | None:
    if _DASH.fullmatch(plain) or _NONE.fullmatch(plain) or plain == "一":
        return "none", None, "", "", "", False, plain == "一"
    for pattern, status in ((_UP, "increase"), (_DOWN, "decrease"), (_KEEP, "maintain")):
        if pattern.fullmatch(plain):
            return status, None, "", "", status, False, False
    match = _NUMBER.fullmatch(plain)
    if match is None or _OPEN.search(match[2]):
        return None
    value = Decimal(match[1].replace(",", ""))
    direction = "maintain" if match[5] else ""
    return "number", value, match[2], _BOUNDS.get(match[4] or "", ""), direction, "累計" in text, False


def read_label(printed: str) -> Label | None:
    """Read a column label such as 現状値 (R4), 基準値, 令和12年度 or 指標."""
    text = fold(printed).replace("*", "")
    for kind, pattern in (("baseline", _BASELINE), ("target", _TARGET), ("actual", _ACTUAL)):
        if match := pattern.fullmatch(text):
            return Label(kind, _year(match[1]) if match[1] else None)
    if match := _YEAR_LABEL.fullmatch(text):
        kind = {"実績": "actual", "基準": "baseline"}.get(match[3] or "", "target")
        return Label(kind, _year(match[1]))
    if _NAME.fullmatch(text):
        return Label("name")
    return Label("other") if _OTHER.fullmatch(text) else None
