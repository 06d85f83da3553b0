"""Which plan and edition a document is: title, municipality, period, status, from its running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_optimization_text import Flow, Section, plain
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy
from dxlod.model.years import era_year, find_year_month

__all__ = ["identify", "year_of"]

_PLAN_KEY = "it-optimization"
_TITLE = re.compile(r"「([^「」。]{3,80})」\(以下、?「?本(?:計画|戦略|方針|プラン)」?(?:という|とする)。?\)")
_DEFINED = re.compile(r"\(以下、?「?本")
_YEAR = r"(明治|大正|昭和|平成|令和)?([0-9]{1,4}|元)"
_PERIOD = re.compile(
    rf"{_YEAR}(?:年度?)?(?:~|から|-){_YEAR}年度?(?:までの?)?(?:([0-9]{{1,2}})年間|([0-9]{{1,2}})か年)?"
)
_EDITION = re.compile(r"第([0-9一二三四五六七八九十]{1,2})[次期]")
_KANJI = {kanji: str(number) for number, kanji in enumerate("一二三四五六七八九十", start=1)}
_MUNICIPALITY = re.compile(r"([^\W\d_]{1,8}?(?:市市|[市区町村]))")
_STATUS = {"案": "draft", "素案": "preliminary-draft"}


def year_of(era: str | None, number: str, like: str | None = None) -> tuple[int, str | None] | None:
    """The fiscal year and its era; ``like`` is the era of the year before, where the print omits it."""
    if len(number) == 4:
        return int(number), None
    name = era or like
    return (era_year(name, number), name) if name else None


def identify(draft: Draft, found: Sequence[Section]) -> Row | None:
    """Add the plan row. None where no title is found."""
    cover = [n for section in found if not section.number for n in section.body]
    title, lines = _title(draft, found, cover)
    if not title:
        return None
    named = lines
    cells: dict[str, object] = {"title": title, "plan_title": _EDITION.sub("", title, count=1)}
    status, issued, used = _cover(draft, cover, title)
    lines = lines | used
    period, where, total = _period(draft, found)
    if period:
        cells.update(start_fy=period[0], end_fy=period[1])
        lines = lines | where
    municipality = _municipality(draft, title)
    plan = draft.identify(
        municipality=municipality,
        plan=_PLAN_KEY,
        edition=_edition(title, period),
        lines=lines,
        status=status or "unknown",
        issued=issued,
        publisher=municipality or None,
        **cells,
    )
    _notes(draft, plan, named, total)
    return plan


def _title(draft: Draft, found: Sequence[Section], cover: Iterable[int]) -> tuple[str, Lines]:
    body = [n for section in found for n in section.body]
    flow = Flow.of((n, plain(draft.line(n))) for n in body)
    for mark in _DEFINED.finditer(flow.text):
        match = _TITLE.search(flow.text, max(0, mark.start() - 90), mark.end() + 20)
        if match:
            return flow.show(match.start(1), match.end(1)), flow.lines(match.start(1), match.end(1))
    for n in cover:
        text = re.sub(r"[(（](?:案|素案)[)）]$", "", tidy(plain(draft.line(n))))
        if text.endswith(("計画", "戦略", "方針", "プラン")) and "。" not in text:
            return text, Lines.of(n)
    return "", Lines()


def _cover(draft: Draft, cover: Iterable[int], title: str) -> tuple[str, str | None, Lines]:
    """Status and date of issue from the lines before the first heading."""
    status, issued, used = "", None, Lines()
    for n in cover:
        text = fold(plain(draft.line(n)))
        rest = text.removeprefix(fold(title)).strip("()")
        dates = find_year_month(plain(draft.line(n)))
        if text.startswith(fold(title)) and (not rest or rest in _STATUS):
            status = _STATUS.get(rest, status)
            used = used | Lines.of(n)
        elif dates and re.fullmatch(
            r"\S{2,4}[0-9元]{1,4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:策定|発行|作成)?", text
        ):
            issued = issued or dates[0]
            used = used | Lines.of(n)
        elif text == fold(_municipality(draft, title)):
            used = used | Lines.of(n)
    return status, issued, used


def _period(draft: Draft, found: Sequence[Section]) -> tuple[tuple[int, int] | None, Lines, int | None]:
    """First and last fiscal year, their lines, and the printed number of years."""
    for section in found:
        if "期間" not in section.title:
            continue
        flow = Flow.of((n, plain(draft.line(n))) for n in section.body)
        for match in _PERIOD.finditer(flow.text):
            first = year_of(match[1], match[2])
            last = year_of(match[3], match[4], first[1]) if first else None
            if first and last and first[0] <= last[0]:
                total = match[5] or match[6]
                if not match[3] and first[1]:
                    _restore_era(draft, flow.lines(*match.span(4)), match[4], first[1])
                where = flow.lines(match.start(), match.end())
                return (first[0], last[0]), where, int(total) if total else None
    return None, Lines(), None


def _restore_era(draft: Draft, lines: Lines, number: str, era: str) -> None:
    """The last year of a period goes without its era: 令和4年度～8年度."""
    for n in lines:
        match = re.search(rf"(?<=[~～〜\-らか\s]){number}\s*年", draft.line(n))
        if match:
            draft.correct(n, match[0], f"{era}{match[0]}", "期間の終わりの年で省略された元号を補った")
            return


def _municipality(draft: Draft, title: str) -> str:
    known = [name for name in draft.reference.codes if name in title]
    if known:
        return max(known, key=len)
    match = _MUNICIPALITY.search(_EDITION.sub("", title))
    return match[1] if match else ""


def _edition(title: str, period: tuple[int, int] | None) -> str:
    match = _EDITION.search(title)
    if match:
        return _KANJI.get(match[1], match[1])
    return str(period[0]) if period else "unknown"


def _notes(draft: Draft, plan: Row, lines: Lines, total: int | None) -> None:
    if plan.cells["status"] == "unknown":
        draft.note(
            "status-unprinted",
            "案・素案・策定済みの別が本文にありません（表紙・奥付がありません）。",
            "The text does not say whether the plan is a draft or adopted (cover and colophon are missing).",
            lines,
            plan,
            "status",
        )
    if not plan.cells["issued"]:
        plan.mark_unknown("issued")
        draft.note(
            "issued-lost",
            "発行日が本文にありません（表紙・奥付がありません）。",
            "The text has no date of issue (cover and colophon are missing).",
            lines,
            plan,
            "issued",
        )
    first, last = plan.cells.get("start_fy"), plan.cells.get("end_fy")
    if not isinstance(first, int) or not isinstance(last, int):
        plan.mark_unknown("start_fy", "end_fy")
        draft.note(
            "period-lost",
            "計画の対象期間を読み取れません。",
            "The period of the plan cannot be read.",
            lines,
            plan,
            "start_fy",
        )
    elif total is not None and last - first + 1 != total:
        draft.note(
            "count-mismatch",
            f"対象期間は{last - first + 1}年度分ですが、原文は{total}年間としています。",
            f"The period spans {last - first + 1} fiscal years; the text says {total}.",
            plan.lines,
            plan,
            "end_fy",
        )
