"""Japanese eras and fiscal years. A fiscal year is named by the western year in which its April falls."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["era_year", "find_fiscal_years", "find_year_month", "fiscal_year_of", "has_wareki", "year_forms"]

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_ERA = r"(明治|大正|昭和|平成|令和)\s*(元|[0-9]+)\s*年"
_WAREKI = re.compile(_ERA)
_LETTER = re.compile(r"(?<![A-Za-z])([MTSHR])\s*([0-9]{1,2})(?![0-9])")
_FISCAL = re.compile(
    rf"{_ERA}\s*度|(?<![A-Za-z])([MTSHR])\s*([0-9]{{1,2}})(?![0-9])|(?<![0-9])((?:19|20)[0-9]{{2}})\s*年度"
)
_DATE = re.compile(
    rf"(?:{_ERA}|(?<![0-9])((?:19|20)[0-9]{{2}})\s*年)(?:[（(][^（）()]*[）)])?(?:\s*([0-9]{{1,2}})\s*月)?(?:\s*([0-9]{{1,2}})\s*日)?"
)


def era_year(era: str, number: str) -> int:
    """The western year of a year of an era: ``令和``, ``8`` → 2026. ``元`` counts as 1."""
    name = _LETTERS.get(era, era)
    return _ERAS[name] + (1 if number == "元" else int(number))


def fiscal_year_of(year: int, month: int) -> int:
    """The fiscal year that a calendar month belongs to: January 2024 is in fiscal year 2023."""
    return year if month >= 4 else year - 1


def find_fiscal_years(text: str) -> list[int]:
    """Every fiscal year named in a text, in order: ``令和8年度``, ``R6``, ``2024年度``."""
    years = []
    for match in _FISCAL.finditer(unicodedata.normalize("NFKC", text)):
        if match[1]:
            years.append(era_year(match[1], match[2]))
        elif match[3]:
            years.append(era_year(match[3], match[4]))
        else:
            years.append(int(match[5]))
    return years


def find_year_month(text: str) -> list[str]:
    """Every calendar date named in a text, as precise as printed: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    dates = []
    for match in _DATE.finditer(unicodedata.normalize("NFKC", text)):
        year = era_year(match[1], match[2]) if match[1] else int(match[3])
        parts = [f"{year:04}"]
        if match[4]:
            parts.append(f"{int(match[4]):02}")
            if match[5]:
                parts.append(f"{int(match[5]):02}")
        dates.append("-".join(parts))
    return dates


def year_forms(year: int) -> set[str]:
    """The ways a plan prints a year (NFKC, no spaces): 2026, 26年, 令和8年, R8 … for evidence checks."""
    forms = {str(year), f"{year % 100:02}年", f"~{year % 100:02}", f"-{year % 100:02}"}
    for letter, era in _LETTERS.items():
        number = year - _ERAS[era]
        if number >= 1:
            forms |= {
                f"{era}{number}年",
                f"{era}{number}~",
                f"{era}{number}-",
                f"~{number}年",
                f"-{number}年",
                f"{letter}{number}",
            }
            if number == 1:
                forms.add(f"{era}元年")
    return forms


def has_wareki(text: str) -> bool:
    """Whether a text names a year of a Japanese era."""
    text = unicodedata.normalize("NFKC", text)
    return bool(_WAREKI.search(text)) or bool(_LETTER.fullmatch(text.strip()))
