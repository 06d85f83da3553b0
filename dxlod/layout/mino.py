"""Layout “mino”: numbered chapters; 基本方針 with ①… each of ア 現状と課題, イ 具体的な取組, ウ KPI; 用語解説.

The marks tell the structure (``4``, ``(1)``, ``①``, ``ア``, ``-``, ``・``, ``○``); the depth of ``#`` does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dxlod.layout import Layout
from dxlod.layout.common import cells, heading, is_page_number
from dxlod.layout.cover import Contents, find_period, identify, read_cover, split_front
from dxlod.layout.draft import Draft, Row, number_part
from dxlod.layout.kpi import read_kpis
from dxlod.layout.mino_check import check_contents, check_numbers
from dxlod.layout.mino_terms import read_term
from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup, tidy, trim_sentence

__all__ = ["LAYOUT", "read"]

_CHAPTER = re.compile(r"([0-9０-９]{1,2})(?:[.．、]\s*|\s+)(\S[^。\t]{0,60})")
_SECTION = re.compile(r"[（(]\s*([0-9０-９]{1,2})\s*[)）]\s*(\S[^。\t]*)")
_CIRCLED = re.compile(r"([①-⑳])\s*(\S[^。\t]*)")
_PART = re.compile(r"([アイウエオカキ])[\s.．、　]+(\S[^。\t]*)")
_POLICY = re.compile(r"基本方針\s*([0-9０-９]{1,2}|[Ⅰ-Ⅹ]|[①-⑳])[\s.．:：、]*(\S[^。\t]*)")
_UNNUMBERED = re.compile(r"はじめに|おわりに|ごあいさつ|(?:参考)?資料(?:編)?|付録")
_GLOSSARY = re.compile(r"用語(?:の?解説|集|の?説明)")
_TERM = re.compile(r"\s*(?:#+\s*)?[○〇◯●]\s*(\S[^。\t]*)")
_BULLET = re.compile(r"(\s*)[-*]\s+(\S.*)|\s*([・※]\s*\S.*)")
_SOURCE = re.compile(r"(?:資料|出典|出所)[:：]")
_CAPTION = re.compile(
    r"(?:推移|推計|率|割合|構成|内訳|数|状況|比較|グラフ|図|表|イメージ|全体像|体系|予測|分布)(?:[（(][^（）()]*[)）])?$"
)
_BODY = re.compile(
    r"(?:[一-龠々ァ-ヶーA-Za-z0-9]{2,})(?:本部|委員会|協議会|(?:推進|戦略|本部|調整|検討)会議|部会)(?![一-龠々ァ-ヶー])"
)
_PARTS = (
    ("kpi", re.compile(r"KPI|指標|数値目標")),
    ("items", re.compile(r"取組|施策|事業")),
    ("issue", re.compile(r"現状|課題")),
)


@dataclass(slots=True)
class _Bullet:
    """A list item: the lines it is printed on and its text without marks. ``inner``: below a ・."""

    lines: list[int]
    text: str
    inner: bool


@dataclass(slots=True)
class _Section:
    """One part (ア, イ, ウ) of a measure."""

    kind: str
    line: int
    lines: list[int] = field(default_factory=list)


class _Reader:
    """Walks the body once. State: the chapter, policy, measure and part that a line stands in."""

    def __init__(self, draft: Draft, contents: Contents) -> None:
        self._draft, self._contents = draft, contents
        self._titles = {fold(_unmarked(title)) for _, title in contents.entries}
        self._mode = ""  # prose | measures | glossary
        self._section = ""  # title of the (n) section in prose
        self._policies: dict[str, Row] = {}
        self._policy: Row | None = None
        self._measure: Row | None = None
        self._part: _Section | None = None
        self._parts: list[tuple[Row, list[_Section]]] = []
        self._term: Row | None = None
        self._plan: Row | None = None
        self._bodies: dict[str, list[int]] = {}  # bodies named, with the lines that name them
        self._chapter = self._skip = 0

    def read(self, plan: Row) -> None:
        self._plan = plan
        for number in self._contents.body:
            line = strip_markup(self._draft.line(number))
            if number != self._skip and line.strip() and not self._heading(number, line):
                self._text(number, line)
        for name, numbers in self._bodies.items():
            self._draft.unit(name, Lines()).cite(Lines.of(*numbers))
        for measure, parts in self._parts:
            self._finish(measure, parts)

    # -- headings -------------------------------------------------------------------------------------

    def _heading(self, number: int, line: str) -> bool:
        """Whether a line is a heading of the structure; if so, move there."""
        text, marked = heading(line), line.lstrip().startswith("#")
        raw = re.sub(r"\*\*|^\s*#+\s*", "", line).strip()
        if _GLOSSARY.fullmatch(fold(text)):
            return self._enter(number, "glossary")
        if _UNNUMBERED.fullmatch(fold(text)):
            return self._enter(number, "prose")
        if self._mode == "glossary" and _TERM.match(line):
            return False
        match = _CHAPTER.fullmatch(raw)
        if match and (marked or fold(match[2]) in self._titles or self._is_next(number, match[1])):
            self._chapter = int(number_part(match[1]))
            return self._enter(number, "measures" if re.search(r"取組|施策", match[2]) else "prose")
        match = _POLICY.fullmatch(raw)
        if match and not line.lstrip().startswith("-"):
            return self._add_policy(number, match[1], match[2])
        match = _SECTION.fullmatch(raw)
        if match and not line.lstrip().startswith("-"):
            return self._enter_section(number, match[1], match[2])
        if self._mode != "measures" or line.lstrip().startswith("-"):
            return self._prose_heading(number, text) if marked else False
        match = _CIRCLED.fullmatch(raw)
        if match:
            return self._add_measure(number, match[1], match[2])
        match = _PART.fullmatch(raw)
        kind = next((kind for kind, pattern in _PARTS if match and pattern.search(fold(match[2]))), "")
        if kind and self._measure is not None:
            return self._enter_part(number, kind)
        return False

    def _is_next(self, number: int, printed: str) -> bool:
        """Whether a heading without marks stands alone and counts the chapters on."""
        return int(number_part(printed)) == self._chapter + 1 and self._alone(number)

    def _enter(self, number: int, mode: str) -> bool:
        self._mode, self._section, self._term = mode, "", None
        self._policy = self._measure = self._part = None
        self._draft.ignore(Lines.of(number), "heading")
        return True

    def _prose_heading(self, number: int, text: str) -> bool:
        if self._mode != "prose" or "。" in text:
            return False
        if "体制" in text or "経過" in text or "経緯" in text:
            self._section = text
        self._draft.ignore(Lines.of(number), "heading")
        return True

    def _enter_section(self, number: int, printed: str, title: str) -> bool:
        if self._mode != "measures":
            self._section, self._policy = title, None
            self._draft.ignore(Lines.of(number), "heading")
            return True
        return self._add_policy(number, printed, title)

    def _add_policy(self, number: int, printed: str, title: str) -> bool:
        title, lines = self._whole(number, title)
        part = number_part(printed)
        row = self._policies.get(part)
        if row is None:
            row = self._draft.add("policy", lines, part=part, number=tidy(printed), title=title)
            self._policies[part] = row
        else:
            row.cite(lines)
            if fold(row.title) != fold(title):
                self._draft.note(
                    "policy-title-differs",
                    f"基本方針{part}の名称が「{row.title}」と「{title}」の2通りあります。",
                    f"Policy {part} has two titles: “{row.title}” and “{title}”.",
                    row.lines,
                    row,
                    "title",
                )
        self._policy, self._measure, self._part = row, None, None
        return True

    def _whole(self, number: int, title: str) -> tuple[str, Lines]:
        """A title with the next line, where the contents page shows that it wraps."""
        title, following = tidy(title), heading(self._draft.line(number + 1))
        joined = tidy(f"{title} {following}")
        if following and fold(title) not in self._titles and fold(joined) in self._titles:
            self._skip = number + 1
            return joined, Lines.span(number, number + 1)
        return title, Lines.of(number)

    def _add_measure(self, number: int, printed: str, title: str) -> bool:
        title, lines = self._whole(number, title)
        part = number_part(printed)
        self._measure = self._draft.add(
            "policy_measure",
            lines,
            under=self._policy,
            part=part,
            number=printed,
            title=title,
            policy=self._policy,
        )
        if self._policy is None:
            self._measure.mark_unknown("policy")
            self._draft.note(
                "policy-lost",
                f"取組事項「{title}」の基本方針を読み取れません。",
                f"The policy of the measure “{title}” cannot be read.",
                lines,
                self._measure,
                "policy",
            )
        self._part = None
        self._parts.append((self._measure, []))
        return True

    def _enter_part(self, number: int, kind: str) -> bool:
        self._part = _Section(kind, number)
        self._parts[-1][1].append(self._part)
        self._draft.ignore(Lines.of(number), "heading")
        return True

    # -- text -----------------------------------------------------------------------------------------

    def _text(self, number: int, line: str) -> None:
        if (
            is_page_number(line)
            and self._mode != "glossary"
            and not (self._part and self._part.kind == "kpi")
        ):
            self._draft.ignore(Lines.of(number), "page number")
        elif self._mode == "glossary":
            self._glossary(number, line)
        elif self._part is not None:
            self._part.lines.append(number)
        elif self._mode:
            self._prose(number, line)

    def _glossary(self, number: int, line: str) -> None:
        match = _TERM.fullmatch(line.rstrip())
        if match:
            term, reading = read_term(tidy(match[1]))
            self._term = self._draft.add("glossary", Lines.of(number), term=term, reading=reading)
        elif self._term is not None:
            self._draft.describe(self._term, "definition", Lines.of(number))

    def _prose(self, number: int, line: str) -> None:
        """A sentence, a list item, a table of an explanatory section, or the caption and source of a figure."""
        lines, text = Lines.of(number), tidy(line)
        if "体制" in self._section:
            for name in (match[0] for cell in cells(line) for match in _BODY.finditer(cell)):
                self._draft.unit(name, lines, kind="committee")
                self._bodies.setdefault(name, []).append(number)
        if "将来像" in self._section or "理念" in self._section:
            self._draft.describe(self._plan, "goal", lines)
        elif "。" in line or _BULLET.fullmatch(line) or self._wraps_on(number):
            self._draft.describe(self._measure or self._policy or self._plan, "content", lines)
        elif "\t" in line and self._section:
            self._draft.describe(self._plan, "background", lines)
        elif _SOURCE.match(text):
            self._draft.ignore(lines, "source of a figure")
        elif self._mode == "prose" and _CAPTION.search(text) and len(text) <= 40 and self._alone(number):
            self._draft.ignore(lines, "caption")

    def _wraps_on(self, number: int) -> bool:
        """A line of running text that the next line, without a gap, continues to its 「。」."""
        after = self._draft.line(number + 1)
        return (
            len(self._draft.line(number)) > 20 and "。" in after and not after.lstrip().startswith(("-", "#"))
        )

    def _alone(self, number: int) -> bool:
        return not self._draft.line(number - 1).strip() and not self._draft.line(number + 1).strip()

    # -- a measure ------------------------------------------------------------------------------------

    def _finish(self, measure: Row, parts: list[_Section]) -> None:
        kinds = {part.kind for part in parts}
        for part in parts:
            if part.kind == "kpi":
                self._kpis(measure, part)
            elif part.kind == "items":
                self._initiatives(measure, part)
            else:
                self._draft.describe(measure, "issue", Lines.of(*part.lines))
        if "items" not in kinds:
            self._lost(measure, "initiatives", measure.lines)

    def _kpis(self, measure: Row, part: _Section) -> None:
        def is_caption(number: int) -> bool:
            return bool(_CAPTION.search(self._draft.line(number).strip())) and self._alone(number)

        if not read_kpis(self._draft, measure, part.lines, is_caption):
            self._lost(measure, "indicators", Lines.of(part.line))

    def _lost(self, measure: Row, column: str, lines: Lines) -> None:
        ja, en = {"initiatives": ("具体的な取組", "initiatives"), "indicators": ("KPI", "indicators")}[column]
        measure.mark_unknown(column)
        self._draft.note(
            f"{column}-lost",
            f"取組事項「{measure.title}」の{ja}を読み取れません。",
            f"The {en} of the measure “{measure.title}” cannot be read.",
            lines,
            measure,
            column,
        )

    def _bullets(self, part: _Section) -> list[_Bullet]:
        bullets: list[_Bullet] = []
        for number in part.lines:
            line = strip_markup(self._draft.line(number))
            match = _BULLET.fullmatch(line.rstrip())
            text = ((match[2] or match[3]) if match else line).replace("**", "").strip()
            if match:
                inner = text.startswith("・")
                bullets.append(_Bullet([number], text.lstrip("・ 　") if inner else text, inner))
            elif bullets and not bullets[-1].text.endswith("。") and number == bullets[-1].lines[-1] + 1:
                bullets[-1].lines.append(number)
                bullets[-1].text += f" {text}"
            elif "。" in text:
                self._draft.describe(self._measure, "content", Lines.of(number))
        return bullets

    def _initiatives(self, measure: Row, part: _Section) -> None:
        bullets, count = self._bullets(part), 0
        above: _Bullet | None = None
        for place, bullet in enumerate(bullets):
            if bullet.text.startswith("※"):
                self._draft.describe(measure, "content", Lines.of(*bullet.lines))
                continue
            follows = bullets[place + 1].inner if place + 1 < len(bullets) else False
            if not bullet.inner and "。" not in bullet.text and follows:
                above = bullet
                continue
            above = above if bullet.inner else None
            self._add_initiative(measure, bullet, above)
            count += 1
        if not count:
            self._lost(measure, "initiatives", Lines.of(part.line))

    def _add_initiative(self, measure: Row, bullet: _Bullet, above: _Bullet | None) -> None:
        lines = Lines.of(*bullet.lines, *(above.lines if above else []))
        self._draft.add(
            "initiative",
            lines,
            under=measure,
            title=trim_sentence(bullet.text),
            heading=tidy(above.text) if above else None,
            policy=measure.cells["policy"],
            measure=measure,
        )


def _unmarked(title: str) -> str:
    """A title of the contents page without its number."""
    return re.sub(r"^\s*(?:[0-9０-９]{1,2}[.．、]|[（(][0-9０-９]{1,2}[)）]|[①-⑳])\s*", "", title)


def read(draft: Draft) -> None:
    """Read a plan of this layout into the draft."""
    contents = split_front(draft)
    cover = read_cover(draft, contents.front)
    plan = identify(draft, cover, "dx", find_period(draft, contents.body))
    if plan is None:
        return
    for number, _ in contents.entries:
        draft.ignore(Lines.of(number), "contents page")
    first = contents.entries[0][0] if contents.entries else contents.body.start
    for number in (*contents.front, *range(contents.front.stop, first)):
        if draft.line(number).strip():
            draft.ignore(Lines.of(number), "contents page" if number >= contents.front.stop else "cover")
    _Reader(draft, contents).read(plan)
    check_contents(draft, contents)
    check_numbers(draft)


LAYOUT = Layout(
    "mino",
    "番号付きの章、基本方針と①…の取組事項（ア 現状と課題・イ 具体的な取組・ウ KPI）からなる計画（美濃市）",
    "Plan of numbered chapters with policies and circled measures, each with issues, items and KPIs (Mino)",
    read,
)
