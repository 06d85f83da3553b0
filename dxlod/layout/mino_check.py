"""Contents page against body, and the numbering of policies and measures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dxlod.layout.common import heading
from dxlod.layout.cover import Contents
from dxlod.layout.draft import Draft, Row, number_part
from dxlod.model.lines import Lines
from dxlod.model.text import fold

__all__ = ["check_contents", "check_numbers"]

_ENTRY = re.compile(r"\s*(?:([0-9０-９]{1,2})(?:[.．、]|\s)|[（(]([0-9０-９]{1,2})[)）]|([①-⑳]))\s*(.+)")


def _chains(entries: Sequence[tuple[int, str]]) -> dict[tuple[str, str, str], tuple[int, str]]:
    """Contents entries by chapter, section and circled number."""
    found: dict[tuple[str, str, str], tuple[int, str]] = {}
    chapter = section = ""
    for number, text in entries:
        match = _ENTRY.fullmatch(text)
        if match is None:
            continue
        if match[1]:
            chapter, section, circled = number_part(match[1]), "", ""
        elif match[2]:
            section, circled = number_part(match[2]), ""
        else:
            circled = number_part(match[3])
        found.setdefault((chapter, section, circled), (number, match[4]))
    return found


def check_contents(draft: Draft, contents: Contents) -> None:
    """Compare the titles of chapters, policies and measures with the contents page."""
    listed = _chains(contents.entries)
    _check_chapters(draft, contents, listed)
    chapters = {key[0] for key in listed if key[2]}
    if not chapters:
        return
    chapter = min(chapters, key=int)
    body: dict[tuple[str, str, str], Row] = {}
    for row in draft.of("policy"):
        body[chapter, row.part, ""] = row
    for row in draft.of("policy_measure"):
        body.setdefault((chapter, row.under.part if row.under else "", row.part), row)
    for key, (number, title) in listed.items():
        if key[0] != chapter or not key[1]:
            continue
        found = body.get(key)
        if found is None:
            _note(
                draft,
                "not-in-body",
                f"目次の「{title}」が本文にありません。",
                f"“{title}” of the contents page is not in the body.",
                Lines.of(number),
            )
        elif fold(found.title) != fold(title):
            _differs(draft, title, found.title, Lines.of(number) | found.lines, found)
    for key, row in body.items():
        if key not in listed:
            _note(
                draft,
                "not-in-contents",
                f"「{row.title}」が目次にありません。",
                f"“{row.title}” is not on the contents page.",
                row.lines,
                row,
            )


def _check_chapters(
    draft: Draft, contents: Contents, listed: dict[tuple[str, str, str], tuple[int, str]]
) -> None:
    chapters = {key[0]: entry for key, entry in listed.items() if key[0] and not key[1] and not key[2]}
    for number in contents.body:
        line = draft.line(number)
        if not line.lstrip().startswith("#"):
            continue
        match = _ENTRY.fullmatch(heading(line))
        if match is None or not match[1]:
            match = re.fullmatch(r"#+\s*([0-9０-９]{1,2})\s+()()(\S.*)", line.strip())
        entry = chapters.pop(number_part(match[1]), None) if match and match[1] else None
        if match and entry and fold(match[4]) != fold(entry[1]):
            _differs(draft, entry[1], heading(match[4]), Lines.of(entry[0], number), None)


def _differs(draft: Draft, listed: str, printed: str, lines: Lines, row: Row | None) -> None:
    draft.note(
        "contents-differ",
        f"目次の「{listed}」と本文の「{printed}」が異なります。",
        f"The contents page has “{listed}”, the body “{printed}”.",
        lines,
        row,
        "title" if row else "",
    )


def _note(draft: Draft, code: str, ja: str, en: str, lines: Lines, row: Row | None = None) -> None:
    draft.note(code, ja, en, lines, row)


def check_numbers(draft: Draft) -> None:
    """Policies and the measures of each policy count up from 1 without gap or repetition."""
    groups: dict[int, list[Row]] = {0: list(draft.of("policy"))}
    for row in draft.of("policy_measure"):
        groups.setdefault(id(row.under), []).append(row)
    for rows in groups.values():
        numbers = [int(row.part) for row in rows if row.part.isdigit()]
        expected = list(range(1, len(numbers) + 1))
        if numbers != expected:
            printed = "、".join(str(number) for number in numbers)
            draft.note(
                "numbering",
                f"番号が1から続いていません（{printed}）。",
                f"The numbers do not run from 1 without gap ({printed}).",
                Lines.merge(r for row in rows for r in row.lines.ranges),
            )
