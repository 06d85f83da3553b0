"""Small recognisers that several layouts share."""

from __future__ import annotations

import re

from dxlod.model.text import fold, tidy

__all__ = ["cells", "heading"]

_HEADING = re.compile(r"^\s*(?:#+\s*|\*\*)+")


def heading(line: str) -> str:
    """A line without heading marks and emphasis, tidied: ``## **(1) 目標**`` → ``(1)目標``."""
    return tidy(_HEADING.sub("", line).replace("**", "")).strip()


def cells(line: str) -> list[str]:
    """The tab-separated cells of a table row, tidied."""
    return [tidy(cell) for cell in line.split("\t")]


def is_page_number(line: str) -> bool:
    """Whether a line holds nothing but a short number, as a page's foot does."""
    return bool(re.fullmatch(r"-?[0-9]{1,3}-?", fold(line)))
