"""Policies against the contents page and the printed count; numbering; measures that lack a section."""

from __future__ import annotations

import re
import unicodedata

from dxlod.layout.cover import Contents
from dxlod.layout.draft import Draft, Row, number_part
from dxlod.layout.mino_check import check_numbers
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy

__all__ = ["check_plan"]

_ENTRY = re.compile(r"基本方針\s*([0-9]{1,2}|[IVX]{1,4})[\s.:、]*(\S.*)")
_COUNT = re.compile(r"([0-9]{1,2})つの基本方針を柱")


def check_plan(draft: Draft, contents: Contents) -> None:
    """Add findings where the document disagrees with itself."""
    policies = {row.part: row for row in draft.of("policy")}
    listed: set[str] = set()
    for number, text in contents.entries:
        match = _ENTRY.fullmatch(unicodedata.normalize("NFKC", text))
        if match is None:
            continue
        part, title = number_part(match[1]), tidy(match[2])
        listed.add(part)
        row = policies.get(part)
        if row is None:
            text_ja = f"目次の「{title}」が本文にありません。"
            draft.note(
                "not-in-body",
                text_ja,
                f"“{title}” of the contents page is not in the body.",
                Lines.of(number),
            )
        elif fold(row.title) != fold(title):
            _differs(draft, row, title, number)
    for part, row in policies.items():
        if listed and part not in listed:
            text_en = f"“{row.title}” is not on the contents page."
            draft.note("not-in-contents", f"「{row.title}」が目次にありません。", text_en, row.lines, row)
    _check_count(draft, contents, len(policies))
    check_numbers(draft)


def _differs(draft: Draft, row: Row, title: str, number: int) -> None:
    draft.note(
        "contents-differ",
        f"目次の「{title}」と本文の「{row.title}」が異なります。",
        f"The contents page has “{title}”, the body “{row.title}”.",
        Lines.of(number) | row.lines,
        row,
        "title",
    )


def _check_count(draft: Draft, contents: Contents, found: int) -> None:
    for number in contents.body:
        match = _COUNT.search(fold(draft.line(number)))
        if match and int(match[1]) != found:
            draft.note(
                "count-differs",
                f"本文は基本方針を{match[1]}つとしていますが、読み取れたのは{found}件です。",
                f"The text counts {match[1]} policies; {found} were read.",
                Lines.of(number),
            )
            return
