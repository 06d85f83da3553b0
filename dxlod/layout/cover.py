"""Cover, contents page and period of a plan: what plans without list or sheets have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dxlod.layout.common import heading
from dxlod.layout.draft import Draft, Row
from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup, tidy
from dxlod.model.years import era_year, find_year_month, fiscal_year_of

__all__ = ["Contents", "Cover", "Period", "find_period", "identify", "read_cover", "split_front", "unit_kind"]

_CONTENTS = re.compile(r"目次|もくじ|contents", re.IGNORECASE)
_LEADERS = re.compile(r"[\s.．・…‥･]*(?:[\t\s]|[・…‥･.．]{2,})[\s.．・…‥･]*[0-9０-９]{0,3}\s*$")
_PLACE = r"[^\s()「」『』、。0-9]{1,8}?[市町村区]"
_DATE = (
    r"(?:(?:明治|大正|昭和|平成|令和)(?:元|[0-9]{1,2})|(?:19|20)[0-9]{2})年(?!度)(?:\([^()]*\))?"
    r"(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?"
)
_DATE_LINE = re.compile(rf"({_DATE})(?:発行|策定|作成|改定|改訂|公表)?({_PLACE})?(?:発行|策定|作成)?")
_PLACE_LINE = re.compile(rf"({_PLACE})(?:役所|役場)?")
_ROLE = re.compile(r"(発行|編集|作成|問合せ先?|お問い合わせ先?)(?:者|元|・発行|・編集)?[:：](\S.*)")
_STATUS = re.compile(r"[（(]\s*(素\s*案|案)\s*[）)]\s*$")
_PLAN_END = re.compile(r"(?:計画|戦略|ビジョン|プラン|方針|構想)(?:[0-9]{4})?$")
_UNIT = re.compile(r"(\S*?[^\s本](?:部|局))?(\S+?(?:課|室|所|センター|係))?")
_KINDS = {
    "局": "bureau",
    "部": "department",
    "課": "section",
    "室": "office",
    "所": "office",
    "センター": "center",
}
_POINT = (
    r"(?:(明治|大正|昭和|平成|令和)?(元|[0-9]{1,2})|((?:19|20)[0-9]{2}))(?:\([^()]*\))?年(度)?(?:\([^()]*\))?"
    r"(?:([0-9]{1,2})月)?"
)
_PERIOD = re.compile(rf"{_POINT}(?:末)?(?:から|より|~|-){_POINT}")
_MARKED = re.compile(r"\s*(?:#|\*\*|第[0-9０-９]+章|[（(]?[0-9０-９]{1,2}[）)]?[.．、]?\s*\S|[①-⑳])")


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the front matter, the contents page and the body lie; the entries of the contents page."""

    front: range
    entries: tuple[tuple[int, str], ...]
    body: range


@dataclass(frozen=True, slots=True)
class Period:
    """A period as printed: fiscal years, calendar months where they are printed, and its line."""

    line: int
    start_fy: int | None
    end_fy: int | None
    start: str = ""
    end: str = ""


@dataclass(slots=True)
class Cover:
    """What cover and imprint say of the plan."""

    title: str = ""
    status: str = "adopted"
    marked: str = ""
    municipality: str = ""
    publisher: str = ""
    issued: str = ""
    editor: tuple[int, str] | None = None
    lines: set[int] = field(default_factory=set)

    @property
    def edition(self) -> str:
        """The year of issue, which names the edition; ``undated`` where none is printed."""
        return self.issued[:4] or "undated"


def split_front(draft: Draft) -> Contents:
    """Find the contents page. It ends where its first entry is repeated, or at a heading mark or a sentence."""
    first = next(
        (n for n in range(1, draft.last + 1) if _CONTENTS.fullmatch(fold(heading(draft.line(n))))), 0
    )
    if not first:
        start = next((n for n in range(1, draft.last + 1) if _starts_body(draft.line(n))), draft.last + 1)
        return Contents(range(1, start), (), range(start, draft.last + 1))
    entries: list[tuple[int, str]] = []
    end = draft.last + 1
    for number in range(first + 1, draft.last + 1):
        line = draft.line(number)
        if not line.strip():
            continue
        title = heading(_LEADERS.sub("", line.rstrip()) if "\t" in line or _has_leaders(line) else line)
        repeated = bool(entries) and fold(title) == fold(entries[0][1])
        if "。" in line or repeated or (entries and line.lstrip().startswith("#")):
            end = number
            break
        entries.append((number, title))
    return Contents(range(1, first), tuple(entries), range(end, draft.last + 1))


def _has_leaders(line: str) -> bool:
    return bool(re.search(r"[・…‥･.．]{2,}\s*[0-9０-９]*\s*$|\s[0-9０-９]{1,3}\s*$", line))


def _starts_body(line: str) -> bool:
    text = fold(heading(line))
    return "。" in text or bool(re.match(r"第?[1-9](?:章|[.．]|(?=[^0-9年月日]))|はじめに", text))


def read_cover(draft: Draft, front: Iterable[int], imprint: Iterable[int] = ()) -> Cover:
    """Read title, status, date of issue and publisher from the cover, then what is left from the imprint."""
    cover, titles = Cover(), []
    for number in front:
        text = _without_mark(cover, number, heading(strip_markup(draft.line(number))))
        if text and not _take(cover, number, text):
            titles.append((number, text))
    _set_title(cover, titles)
    for number in imprint:
        text = heading(strip_markup(draft.line(number)))
        if _take(cover, number, text) or (text and fold(text) == fold(cover.title)):
            cover.lines.add(number)
    if not cover.title:
        _title_from_text(draft, cover)
    _set_municipality(draft, cover)
    return cover


def _without_mark(cover: Cover, number: int, text: str) -> str:
    match = _STATUS.search(text)
    if match is None:
        return text
    cover.status = "preliminary-draft" if "素" in match[1] else "draft"
    cover.marked = f"({tidy(match[1])})" if "(" in match[0] else f"（{tidy(match[1])}）"
    cover.lines.add(number)
    return text[: match.start()].strip()


def _take(cover: Cover, number: int, text: str) -> bool:
    """Whether a line gives the date of issue, the publisher or the editing unit."""
    plain = fold(text)
    if match := _DATE_LINE.fullmatch(plain):
        cover.issued = cover.issued or next(iter(find_year_month(match[1])), "")
        cover.publisher = cover.publisher or match[2] or ""
    elif match := _PLACE_LINE.fullmatch(plain):
        cover.publisher = cover.publisher or match[1]
    elif match := _ROLE.fullmatch(plain):
        cover.editor = cover.editor or (number, match[2])
    else:
        return False
    cover.lines.add(number)
    return True


def _set_title(cover: Cover, titles: Sequence[tuple[int, str]]) -> None:
    """A line that is a whole title, else the lines up to where a title is complete."""
    whole = [(n, text) for n, text in titles if _PLAN_END.search(fold(text)) and re.match(_PLACE, fold(text))]
    for number, text in whole[:1] or titles:
        if cover.title.endswith(tidy(text)):
            continue  # printed twice
        cover.title = tidy(f"{cover.title} {text}")
        cover.lines.add(number)
        if _PLAN_END.search(fold(cover.title)):
            break


def _title_from_text(draft: Draft, cover: Cover) -> None:
    """Where the cover is lost: the plan that the text says is laid down (「…計画」を策定)."""
    for number in range(1, draft.last + 1):
        match = re.search(
            r"「([^「」]{2,40}?(?:計画|戦略|ビジョン|プラン))」を策定(?:します|する)",
            tidy(draft.line(number)),
        )
        if match:
            cover.title = match[1]
            cover.lines.add(number)
            return


def _set_municipality(draft: Draft, cover: Cover) -> None:
    texts = [
        text
        for text in (cover.publisher, fold(cover.title), fold(cover.editor[1]) if cover.editor else "")
        if text
    ]
    for text in texts:
        known = [name for name in draft.reference.codes if text.startswith(name)]
        match = re.match(_PLACE, text)
        if known or match:
            cover.municipality = max(known, key=len) if known else match[0] if match else ""
            break
    if cover.editor and cover.municipality and fold(cover.editor[1]).startswith(cover.municipality):
        cover.publisher = cover.publisher or cover.municipality


def identify(draft: Draft, cover: Cover, plan: str, period: Period | None) -> Row | None:
    """Add the plan row. None where neither title nor municipality is found."""
    if not cover.title or not cover.municipality:
        return None
    cells: Mapping[str, object] = {
        "title": f"{cover.title}{cover.marked}",
        "plan_title": cover.title,
        "status": cover.status,
        "issued": cover.issued or None,
        "publisher": cover.publisher or None,
        "start_fy": period.start_fy if period else None,
        "end_fy": period.end_fy if period else None,
        "period_start": (period.start or None) if period else None,
        "period_end": (period.end or None) if period else None,
    }
    lines = Lines.of(*cover.lines, *([period.line] if period else []))
    row = draft.identify(
        municipality=cover.municipality, plan=plan, edition=cover.edition, lines=lines, **cells
    )
    _add_editor(draft, cover, row)
    wanted = (("issued", "発行日", "date of issue"), ("publisher", "発行者", "publisher"))
    years = (
        ("start_fy", "計画期間の始め", "start of the period"),
        ("end_fy", "計画期間の終わり", "end of the period"),
    )
    for column, ja, en in (*wanted, *years):
        if row.cells.get(column) is None:
            row.mark_unknown(column)
            draft.note(
                f"{column}-lost".replace("_", "-"),
                f"{ja}を読み取れません。",
                f"The {en} cannot be read.",
                lines,
                row,
                column,
            )
    return row


def _add_editor(draft: Draft, cover: Cover, plan: Row) -> None:
    if cover.editor is None:
        return
    lines, units = Lines.of(cover.editor[0]), []
    for name in re.split(r"[、,，]", cover.editor[1].removeprefix(cover.municipality)):
        match = _UNIT.fullmatch(name.strip())
        if match is None or not match[0]:
            continue
        above = draft.unit(match[1], lines, kind=unit_kind(match[1])) if match[1] else None
        own = draft.unit(match[0], lines, kind=unit_kind(match[0]), parent=above) if match[2] else above
        units.append(own)
    if units:
        plan.cells["editor_units"] = units


def unit_kind(name: str) -> str:
    """The kind of organization that a name's ending tells."""
    return next((kind for ending, kind in _KINDS.items() if name.endswith(ending)), "other")


def find_period(draft: Draft, body: Iterable[int]) -> Period | None:
    """The period of the plan: in a section on the 期間, else in a line that names the 計画期間 or 対象期間."""
    under, fallback = False, None
    for number in body:
        line = draft.line(number)
        if not line.strip():
            continue
        if "。" not in line and len(line) < 60 and _MARKED.match(line):
            under = "期間" in line
        elif under or re.search(r"(?:計画|対象)期間", fold(line)):
            period = _period(number, fold(strip_markup(line)))
            if period and under:
                return period
            fallback = fallback or period
    return fallback


def _period(line: int, text: str) -> Period | None:
    match = _PERIOD.search(text)
    if match is None or not (match[1] or match[3]):
        return None
    start = _point(match[1], match[2], match[3], match[4], match[5])
    end = _point(match[6] or match[1], match[7], match[8], match[9], match[10])
    return Period(line, start[0], end[0], start[1], end[1])


def _point(
    era: str | None, number: str | None, western: str | None, fiscal: str | None, month: str | None
) -> tuple[int | None, str]:
    """Fiscal year and calendar month (``YYYY-MM`` or blank) of one end of a period."""
    if western:
        year = int(western)
    elif era and number:
        year = era_year(era, number)
    else:
        return None, ""
    if fiscal:
        return year, ""
    if month and 1 <= int(month) <= 12:
        return fiscal_year_of(year, int(month)), f"{year:04}-{int(month):02}"
    return None, f"{year:04}"
