"""Damaged variants of a document: lines dropped, doubled, swapped, cut in the middle, blanked, glued."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

Damage = list[tuple[str, int, int]]
_KINDS = ["drop", "double", "swap", "cut", "blank", "markup", "join", "cell"]


def damages(size: int) -> st.SearchStrategy[Damage]:
    """Up to eight damages to a document of ``size`` lines."""
    place = st.tuples(st.sampled_from(_KINDS), st.integers(0, size - 1), st.integers(0, 40))
    return st.lists(place, min_size=1, max_size=8)


def damaged(lines: Sequence[str], damage: Damage) -> list[str]:
    """The lines after all damages, one after another."""
    result = list(lines)
    for kind, place, column in damage:
        if place < len(result) - 1:
            _apply(result, kind, place, column)
    return result


def _apply(lines: list[str], kind: str, place: int, column: int) -> None:
    line = lines[place]
    if kind == "drop":
        del lines[place]
    elif kind == "double":
        lines.insert(place, line)
    elif kind == "swap":
        lines[place], lines[place + 1] = lines[place + 1], line
    elif kind == "cut":
        lines[place : place + 1] = [line[:column], line[column:]]
    elif kind == "blank":
        lines[place] = ""
    elif kind == "markup":
        lines[place] = f"<table><tr><td>{line}</td></tr></table>"
    elif kind == "join":
        lines[place : place + 2] = [line + lines[place + 1]]
    else:
        lines[place] = "\t".join(line.split("\t")[:-1]) or line
