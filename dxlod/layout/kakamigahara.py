"""Layout “kakamigahara”: pages headed 第N章; 基本方針N and measures N with 目指す姿, ■現状と課題, ■KPI, ■主な取組.

Every page repeats its chapter and policy. A measure's section that the conversion lost is unknown, not none.
"""

from __future__ import annotations

import re
import unicodedata

from dxlod.layout import Layout
from dxlod.layout.common import heading, is_page_number
from dxlod.layout.cover import Contents, find_period, identify, read_cover, split_front
from dxlod.layout.draft import Draft, Row, number_part
from dxlod.layout.kakamigahara_check import check_plan
from dxlod.layout.kakamigahara_measure import Measure, finish_measure
from dxlod.layout.kakamigahara_prose import Prose
from dxlod.model.lines import Lines
from dxlod.model.text import as_printed, fold, strip_markup, tidy

__all__ = ["LAYOUT", "read"]

_CHAPTER = re.compile(r"第\s*([0-9]{1,2})\s*章\s*(\S[^。\t]*)")
_POLICY = re.compile(r"基本方針\s*([0-9]{1,2}|[IVX]{1,4})(?:[.:、]\s*|\s+)(\S[^。\t]*)")
_BOTH = re.compile(r"(.*\S)\s+([0-9]{1,2})[.、]?\s+(\S.*)")
_NUMBERED = re.compile(r"([0-9]{1,2})(?:[.、]\s*|\s+)(\S[^。\t]*)")
_PART = re.compile(r"[■□●◆◇▪▶]?\s*(.+)")
_PARTS = (
    ("goal", re.compile(r"(?:目指す|めざす|あるべき)姿")),
    ("issue", re.compile(r"現状(?:と|・|及び)課題|現状|課題")),
    ("kpi", re.compile(r"(?:重要業績評価指標|成果指標|評価指標|指標|数値目標)?\(?(?:KPI)?\)?")),
    ("items", re.compile(r"(?:主な|主要な|具体的な)取り?組(?:み|内容)?|取組内容")),
)
_GLOSSARY = re.compile(r"用語(?:の?解説|集|の?説明)")
_TERMS_HEADER = re.compile(r"用語.*(?:読み|よみ|説明|概要|意味|解説)")
_DRAWING = re.compile(r"体系図|施策体系|施策の体系")


class _Reader:
    """Walks the body once. State: chapter, policy, measure and its part, or explanatory text, or glossary."""

    def __init__(self, draft: Draft, contents: Contents, plan: Row) -> None:
        self._draft, self._contents = draft, contents
        self._mode = "prose"  # prose | measure | glossary | drawing
        self._chapter = ""
        self._policies: dict[str, Row] = {}
        self._policy: Row | None = None
        self._measures: dict[tuple[int, str], Measure] = {}
        self._measure: Measure | None = None
        self._awaits_measure = self._is_fresh = False
        self._term: Row | None = None
        self._prose = Prose(draft, plan)
        self._titles = self._listed_policies()

    def _listed_policies(self) -> dict[str, str]:
        found = {}
        for _, text in self._contents.entries:
            if match := _POLICY.fullmatch(_plain(text)):
                found[number_part(match[1])] = tidy(match[2])
        return found

    def read(self) -> None:
        for number in self._contents.body:
            line = strip_markup(self._draft.line(number))
            if not line.strip():
                continue
            if not self._heading(number, line):
                self._text(number, line)
            self._is_fresh = bool(_CHAPTER.fullmatch(_plain(line)))
        self._prose.finish()
        for measure in self._measures.values():
            finish_measure(self._draft, measure)

    # -- headings -------------------------------------------------------------------------------------

    def _heading(self, number: int, line: str) -> bool:
        text = _plain(line)
        if match := _CHAPTER.fullmatch(text):
            return self._enter_chapter(number, match[2])
        if _GLOSSARY.fullmatch(fold(text)):
            return self._enter(number, "glossary")
        if _DRAWING.fullmatch(fold(text)) and self._mode != "measure":
            return self._enter(number, "drawing")
        if self._mode in ("glossary", "drawing"):
            return False
        if match := _POLICY.fullmatch(text):
            return self._enter_policy(number, number_part(match[1]), match[1], match[2])
        if match := _NUMBERED.fullmatch(text):
            if self._awaits_measure or self._counts_on(match[1]):
                return self._enter_measure(number, match[1], match[2])
            if not self._is_measures():
                return self._enter(number, "prose", section=match[2])
        return self._part(number, text)

    def _is_measures(self) -> bool:
        return bool(re.search(r"取組|施策", self._chapter))

    def _counts_on(self, printed: str) -> bool:
        """A measure's heading whose policy line is lost: the next number in a chapter of measures."""
        return self._is_fresh and self._measure is not None and int(printed) == self._measure.number + 1

    def _enter_chapter(self, number: int, title: str) -> bool:
        if fold(title) != fold(self._chapter):
            self._policy, self._measure = None, None
        self._chapter, self._awaits_measure = title, False
        if self._measure is not None:
            self._draft.ignore(Lines.of(number), "page header")
            return True
        return self._enter(number, "prose", reason="page header")

    def _enter(self, number: int, mode: str, *, section: str = "", reason: str = "heading") -> bool:
        self._mode, self._measure, self._awaits_measure = mode, None, False
        self._policy = None
        self._prose.start(section)
        self._draft.ignore(Lines.of(number), reason)
        return True

    def _enter_policy(self, number: int, part: str, printed: str, rest: str) -> bool:
        title, measure = self._parted(part, rest)
        row = self._policies.get(part)
        lines = Lines.of(number)
        if row is None:
            row = self._draft.add("policy", lines, part=part, number=printed, title=title)
            self._policies[part] = row
        else:
            row.cite(lines)
            if fold(row.title) != fold(title):
                self._differs(part, row, title)
        self._policy, self._measure = row, None
        self._mode, self._awaits_measure = "prose", self._is_measures()
        self._prose.start("", row)
        if measure:
            self._enter_measure(number, *measure)
        return True

    def _parted(self, part: str, rest: str) -> tuple[str, tuple[str, str] | None]:
        """Policy title and, where it stands on the same line, number and title of the measure."""
        known = self._policies[part].title if part in self._policies else self._titles.get(part, "")
        match = _BOTH.fullmatch(rest)
        if match is None or fold(rest) == fold(known):
            return tidy(rest), None
        return tidy(match[1]), (match[2], match[3])

    def _differs(self, part: str, row: Row, title: str) -> None:
        self._draft.note(
            "policy-title-differs",
            f"基本方針{part}の名称が「{row.title}」と「{title}」の2通りあります。",
            f"Policy {part} has two titles: “{row.title}” and “{title}”.",
            row.lines,
            row,
            "title",
        )

    def _enter_measure(self, number: int, printed: str, title: str) -> bool:
        lost = not self._awaits_measure
        self._awaits_measure = False
        title, part, lines = self._as_printed(number, title), number_part(printed), Lines.of(number)
        known = self._measures.get((id(self._policy), part))
        if known is not None and fold(known.row.title) == fold(title):
            known.row.cite(lines)
            self._measure, self._mode = known, "measure"
            return True
        row = self._draft.add(
            "policy_measure",
            lines,
            under=self._policy,
            part=part,
            number=printed,
            title=title,
            policy=self._policy,
        )
        if lost:
            text = f"取組施策「{title}」の上の基本方針の行がありません。番号の続きから判断しました。"
            english = f"The policy line above the measure “{title}” is lost; its number counts on from the one before."
            self._draft.note("policy-line-lost", text, english, lines, row, "policy")
        self._measure, self._mode = Measure(row, int(part)), "measure"
        self._measures[id(self._policy), part if known is None else f"{part}#{number}"] = self._measure
        return True

    def _as_printed(self, number: int, title: str) -> str:
        """A title in the widths that its line prints."""
        raw = tidy(strip_markup(self._draft.line(number)).replace("**", ""))
        return as_printed(raw, fold(title)) or tidy(title)

    def _part(self, number: int, text: str) -> bool:
        match = _PART.fullmatch(text)
        plain = fold(match[1]) if match else ""
        kind = next((kind for kind, pattern in _PARTS if plain and pattern.fullmatch(plain)), "")
        if kind and self._measure is None and self._awaits_measure:
            self._measure_lost(number)
        if not kind or self._measure is None:
            return False
        self._measure.open(kind, number)
        self._draft.ignore(Lines.of(number), "heading")
        return True

    def _measure_lost(self, number: int) -> None:
        """A measure's parts below a policy without the measure's heading: not read, not accounted for."""
        self._mode, self._awaits_measure = "lost", False
        text = "取組施策の見出しがないため、この部分は読み取っていません。"
        english = "The heading of the measure is lost; what follows was not read."
        self._draft.note("measure-lost", text, english, Lines.of(number), self._policy)

    # -- text -----------------------------------------------------------------------------------------

    def _text(self, number: int, line: str) -> None:
        if self._mode == "glossary":
            self._glossary(number, line)
        elif self._mode == "drawing":
            self._draft.ignore(Lines.of(number), "drawing")
        elif self._mode == "measure" and self._measure is not None:
            self._measure.take(number)
        elif is_page_number(line):
            self._draft.ignore(Lines.of(number), "page number")
        elif self._mode == "prose":
            self._prose.take(number, line)

    def _glossary(self, number: int, line: str) -> None:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > 1 and _TERMS_HEADER.match(fold("".join(cells))):
            self._draft.ignore(Lines.of(number), "column label")
        elif len(cells) >= 3 and cells[0] and cells[1]:
            reading = re.sub(r"\s+", "", tidy(cells[1]))
            self._term = self._draft.add("glossary", Lines.of(number), term=tidy(cells[0]), reading=reading)
        elif len(cells) == 2 and cells[0] and cells[1]:
            row = self._term = self._draft.add("glossary", Lines.of(number), term=tidy(cells[0]))
            row.mark_unknown("reading")
            text = f"用語「{row.title}」の読みを読み取れません。"
            english = f"The reading of the term “{row.title}” cannot be read."
            self._draft.note("reading-lost", text, english, Lines.of(number), row, "reading")
        elif is_page_number(line):
            self._draft.ignore(Lines.of(number), "page number")
        elif "。" in line and self._term is not None and "\t" not in line:
            self._draft.describe(self._term, "definition", Lines.of(number))


def _plain(line: str) -> str:
    """A line without marks, NFKC, its white space (but tabs) single: spaces part titles here."""
    text = unicodedata.normalize("NFKC", re.sub(r"\*\*|^\s*#+\s*", "", line))
    return re.sub(r"[^\S\t]+", " ", text).strip()


def _imprint(draft: Draft, body: range) -> range:
    """The lines after the last row of the glossary: the back cover and who issued the plan."""
    last = 0
    seen = False
    for number in body:
        line = draft.line(number)
        seen = seen or bool(_GLOSSARY.fullmatch(fold(heading(line))))
        if "。" in line or "\t" in line:
            last = number
    return range(last + 1, body.stop) if last and seen else range(body.stop, body.stop)


def read(draft: Draft) -> None:
    """Read a plan of this layout into the draft."""
    contents = split_front(draft)
    imprint = _imprint(draft, contents.body)
    cover = read_cover(draft, contents.front, imprint)
    plan = identify(draft, cover, "dx", find_period(draft, contents.body))
    if plan is None:
        return
    first = contents.entries[0][0] if contents.entries else contents.body.start
    for number in (*contents.front, *range(contents.front.stop, first)):
        if draft.line(number).strip():
            draft.ignore(Lines.of(number), "contents page" if number >= contents.front.stop else "cover")
    for number, _ in contents.entries:
        draft.ignore(Lines.of(number), "contents page")
    body = Contents(contents.front, contents.entries, range(contents.body.start, imprint.start))
    _Reader(draft, body, plan).read()
    for number in imprint:
        _back_cover(draft, number)
    check_plan(draft, contents)


_PARTNER = re.compile(r"(?:協力|監修|デザイン|印刷|アドバイザー)")
_ENGLISH = re.compile(r"[A-Z][A-Za-z&' -]*")


def _back_cover(draft: Draft, number: int) -> None:
    """What the back cover prints besides title, date and issuer: an English title, who helped."""
    text = heading(draft.line(number))
    if _ENGLISH.fullmatch(text):
        draft.ignore(Lines.of(number), "English title on the back cover")
    elif _PARTNER.search(re.sub(r"\s+", "", text)):
        draft.ignore(Lines.of(number), "who helped, in the imprint")
    elif is_page_number(text):
        draft.ignore(Lines.of(number), "page number")


LAYOUT = Layout(
    "kakamigahara",
    "章の見出しがページごとに繰り返され、基本方針の下に目指す姿・現状と課題・KPI・主な取組が並ぶ計画（各務原市）",
    "Plan of pages under repeated chapter headings; measures with goal, issues, KPI table and items (Kakamigahara)",
    read,
)
