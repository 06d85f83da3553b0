"""Small recognisers that several layouts share."""

from __future__ import annotations

import re

from dxlod.model.text import fold, tidy

__all__ = ["accumulation_of", "cells", "heading", "is_page_number"]

_ANNUAL = re.compile(r"(?<![0-9０-９一二三四五六七八九十かヶカケ])年間")
_HEADING = re.compile(r"^\s*(?:#+\s*|\*\*)+")


def heading(line: str) -> str:
    """A line without heading marks and emphasis, tidied: ``## **(1) 目標**`` → ``(1)目標``."""
    return tidy(_HEADING.sub("", line).replace("**", "")).strip()


def accumulation_of(name: str) -> str:
    """How the values of an indicator add up, where its name prints it (累計, 年間): a code, otherwise ''."""
    if "累計" in name:
        return "cumulative"
    return "annual" if _ANNUAL.search(name) else ""


def cells(line: str) -> list[str]:
    """The tab-separated cells of a table row, tidied."""
    return [tidy(cell) for cell in line.split("\t")]


def is_page_number(line: str) -> bool:
    """Whether a line holds nothing but a short number, as a page's foot does."""
    return bool(re.fullmatch(r"-?[0-9]{1,3}-?", fold(line)))
