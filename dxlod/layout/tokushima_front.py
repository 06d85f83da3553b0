"""Title page, contents, period and printed totals of a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dxlod.layout.common import heading
from dxlod.layout.draft import Draft, Row
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy
from dxlod.model.years import find_fiscal_years, find_year_month

__all__ = ["Contents", "chapter_kind", "identify", "read_contents"]

_ENTRY = re.compile(
    r"\s*(第?[0-9０-９]+章?|[(（][0-9０-９]+[)）]|[①-⑳])\t\s*([^\t]+?)\s*(?:\t\s*[0-9０-９]*\s*)?"
)
_STATUS = (("素案", "preliminary-draft"), ("案", "draft"))
_BRACKETED = re.compile(r"\s*[(（]\s*(素\s*案|案)\s*[)）]\s*")
_SPACED = re.compile(r"\s+(?=[(（][^()（）]*[)）]$)")
_YEAR = re.compile(r"\s*((?:19|20)[0-9]{2})\s*(?:年度?版?)?\s*$")
_TITLE = re.compile(r"計画|戦略|プラン|ビジョン|方針")
_QUOTED = re.compile(
    r"「\**([^「」*]{4,60}?(?:計画|戦略|プラン)\s*(?:20[0-9]{2})?)\**」(?=[^「」]{0,40}以下)"
)
_BODY_NAME = re.compile(r"(.{1,6}?(?:市|町|村|区))")
_SPAN = re.compile(r"([0-9]+)\s*(?:年間|[かヶカケ]年)")
_PERIODS = (re.compile(r"本計画の(?:計画)?期間([^。]*)"), re.compile(r"(?<!前)計画期間は([^。]*)"))
_KINDS = (
    ("glossary", re.compile(r"用語")),
    ("previous", re.compile(r"前(?:期)?計画|旧計画|これまで|振り返り")),
    ("survey", re.compile(r"アンケート|調査結果|意識調査")),
    ("period", re.compile(r"計画.{0,2}期間")),
    ("body", re.compile(r"取組|施策|目標|方針")),
)


@dataclass(frozen=True)
class Contents:
    """The table of contents: entries by folded ``number + title``, and the line after its last one."""

    chapters: dict[str, str] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    end: int = 0


def chapter_kind(title: str) -> str:
    """What a chapter is about: glossary, previous (plan), survey, period, body, or background."""
    return next((kind for kind, pattern in _KINDS if pattern.search(title)), "background")


def read_contents(draft: Draft) -> Contents:
    """The contents page: numbered, tabbed entries before the first sentence."""
    chapters: dict[str, str] = {}
    sections: dict[str, str] = {}
    end = 0
    for line in range(1, draft.last + 1):
        text = draft.line(line)
        if "。" in text:
            break
        if match := _ENTRY.fullmatch(text):
            where = sections if fold(match[1])[0] == "(" or match[1] in "①②③④⑤⑥⑦⑧⑨⑩" else chapters
            where.setdefault(fold(match[1] + match[2]), tidy(match[2]))
            draft.ignore(Lines.of(line), "contents page")
            end = line
        elif "目次" in fold(text) and len(fold(text)) < 10:
            draft.ignore(Lines.of(line), "contents page")
            end = line
    return Contents(chapters, sections, end)


def _title_line(draft: Draft, before: int) -> tuple[int, str]:
    """The title: the first line of the front page that names a plan, or a plan named 「…」（以下…） in the text."""
    for line in range(1, before + 1):
        text = draft.line(line)
        if "\t" in text or "。" in text:
            break
        if _TITLE.search(text) and not text.lstrip().startswith(("～", "〜", "~", "-")):
            return line, heading(text)
    own: tuple[int, str] = (0, "")
    for line in range(1, draft.last + 1):
        for match in _QUOTED.finditer(draft.line(line)):
            if _YEAR.search(match[1]) and "策定します" in draft.line(line):
                return line, tidy(match[1])
    return own


def identify(draft: Draft, contents: Contents) -> Row | None:
    """The plan row, or None where no title is found."""
    line, text = _title_line(draft, contents.end or min(draft.last, 40))
    if not line:
        return None
    lines = Lines.of(line)
    status, status_line = _status(draft, text, line, contents.end)
    title = _BRACKETED.sub("", text)
    year = _YEAR.search(title)
    name = _municipality(draft, title)
    if not name:
        return None
    start, end, period_line = _period(draft)
    issued, issued_line = _issued(draft, contents.end)
    used = [n for n in (status_line, period_line, issued_line) if n]
    plan = draft.identify(
        municipality=name,
        plan="dx",
        edition=year[1] if year else str(start or "1"),
        lines=lines | Lines.of(*used),
        title=_SPACED.sub("", text),
        plan_title=_YEAR.sub("", title),
        status=status,
        issued=issued,
        start_fy=start,
        end_fy=end,
        publisher=name,
    )
    _check_period(draft, plan, period_line)
    return plan


def _status(draft: Draft, title: str, line: int, end: int) -> tuple[str, int]:
    for number, text in [(line, title), *((n, draft.line(n)) for n in range(line + 1, end + 1))]:
        match = _BRACKETED.search(text)
        if match and (number == line or not _BRACKETED.sub("", text).strip()):
            printed = fold(match[1])
            if number != line:
                draft.ignore(Lines.of(number), "title page")
            return next(code for word, code in _STATUS if word == printed), number
    return "adopted", 0


def _municipality(draft: Draft, title: str) -> str:
    known = [name for name in draft.reference.codes if name in title]
    if known:
        return max(known, key=len)
    match = _BODY_NAME.match(title)
    return match[1] if match else ""


def _issued(draft: Draft, end: int) -> tuple[str, int]:
    for line in range(1, end + 1):
        text = draft.line(line)
        dates = find_year_month(text)
        if len(dates) == 1 and re.fullmatch(r"[^a-zA-Z\t]{3,24}[月日]\s*(?:策定|発行|公表)?", text.strip()):
            return dates[0], line
    return "", 0


def _period(draft: Draft) -> tuple[int | None, int | None, int]:
    """First and last fiscal year of the plan, and the line that says so: 本計画の期間は…から…まで."""
    for pattern in _PERIODS:
        for line in range(1, draft.last + 1):
            match = pattern.search(fold(draft.line(line)))
            years = find_fiscal_years(match[1]) if match else []
            if len(years) >= 2:
                return years[0], years[1], line
    return None, None, 0


def _check_period(draft: Draft, plan: Row, line: int) -> None:
    if not line:
        plan.mark_unknown("start_fy", "end_fy")
        ja, en = "計画の期間を読み取れません。", "The period of the plan cannot be read."
        draft.note("period-lost", ja, en, plan.lines, plan, "start_fy")
        return
    start, end = plan.cells["start_fy"], plan.cells["end_fy"]
    match = _SPAN.search(fold(draft.line(line)))
    if match and isinstance(start, int) and isinstance(end, int) and int(match[1]) != end - start + 1:
        ja = f"計画期間は{match[1]}年間とありますが、{start}年度から{end}年度までは{end - start + 1}年です。"
        en = f"The period is said to last {match[1]} years; FY{start} to FY{end} are {end - start + 1}."
        draft.note("period-differs", ja, en, Lines.of(line), plan, "end_fy")
