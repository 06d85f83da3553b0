"""Cells of the list of an action plan: 項目 with its number and SDG goals, and cells with several titles."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dxlod.model.text import fold, tidy

__all__ = ["CONTINUED", "Item", "read_item", "split_titles"]

CONTINUED = re.compile(r"\s*[（(]\s*続き\s*[）)]\s*")
_NUMBERED = re.compile(
    r"(視点|基本方針|方針|柱|戦略)\s*([0-9０-９]{1,2}|[IVX]{1,4}|[ⅠⅡⅢⅣⅤ])[\s.．：:]*(\S.*)"
)
_GOALS = re.compile(r"(?<![0-9])(1[0-7]|[1-9])(?![0-9])")
_TRAILING_GOALS = re.compile(r"(.*?\D)((?:\s+(?:1[0-7]|[1-9])){2,}|\s{2,}(?:1[0-7]|[1-9]))\s*")
_SPACES = re.compile(r"[ \u3000]+")
_LONG_CELL = 200
_LATIN_END = re.compile(r"[A-Za-z0-9)]$")
_LATIN_START = re.compile(r"[A-Za-z0-9(]")


@dataclass(frozen=True, slots=True)
class Item:
    """The 項目 cell of a row: label, printed number, SDG goals (residue of icons)."""

    category: str = ""
    number: str = ""
    title: str = ""
    continued: bool = False
    goals: tuple[int, ...] = ()


def _goals(cell: str) -> tuple[int, ...]:
    """SDG goals where a cell holds nothing but what is left of icons: ascending numbers from its start on."""
    if not re.match(r"\s*[0-9]", cell):
        return ()
    numbers = tuple(int(n) for n in _GOALS.findall(cell))
    ascending = all(a < b for a, b in itertools.pairwise(numbers))
    return numbers if len(numbers) > 1 and ascending else ()


def read_item(cell: str) -> Item:
    """Read a 項目 cell."""
    goals = _goals(cell)
    if goals:
        return Item(goals=goals)
    trailing = _TRAILING_GOALS.fullmatch(cell) if len(cell) < _LONG_CELL else None
    if trailing:
        cell, goals = trailing[1], tuple(int(n) for n in trailing[2].split())
    continued = bool(CONTINUED.search(cell))
    label = CONTINUED.sub("", cell)
    numbered = _NUMBERED.fullmatch(label.strip())
    if numbered:
        return Item(numbered[1], tidy(numbered[2]), tidy(numbered[3]), continued, goals)
    return Item(title=tidy(label), continued=continued, goals=goals)


def split_titles(text: str, count: int, known: set[str]) -> list[str]:
    """A cell of titles joined by spaces, as ``count`` titles; empty where they cannot be told apart.

    ``known``: folded titles of sheets, which settle it where there are more spaces than seams.
    """
    parts = [part for part in _SPACES.split(text) if part]
    if len(parts) == count:
        return parts
    joined: list[str] = []
    for part in parts:
        if joined and (not _ends_title(joined[-1], known) and _one_word(joined[-1], part)):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    if len(joined) > count:
        joined = _join_known(joined, known)
    return joined if len(joined) == count else []


def _ends_title(text: str, known: set[str]) -> bool:
    return fold(text) in known


def _one_word(left: str, right: str) -> bool:
    return bool(_LATIN_END.search(left) and _LATIN_START.match(right)) or left.count("（") > left.count("）")


def _join_known(parts: Sequence[str], known: set[str]) -> list[str]:
    """Join neighbours that together are the title of a sheet."""
    result: list[str] = []
    start = 0
    while start < len(parts):
        end = next(
            (
                e
                for e in range(min(len(parts), start + 6), start + 1, -1)
                if fold("".join(parts[start:e])) in known
            ),
            start + 1,
        )
        result.append(" ".join(parts[start:end]))
        start = end
    return result
