"""Layout of the optimisation plan of Gifu City: decimal headings, 施策 1…n, a table of administrative tasks.

The text is wrapped with blank lines between the lines; the number of a heading stands behind its text.
What the plan sets out to do is recognised from the headings below 「施策 n：…」:

* one level deeper: a measure, unless its heading is about a schedule (スケジュール …) or the present state
  (現状の …, … 状況);
* two levels deeper: an initiative, unless its heading tells what was or what drives the plan (これまで,
  ends in 背景, 動き, 責任, 重大化 …), who carries it out (ends in 体制) or the state aimed at (ends in 姿).
  A heading that says 今後 is an initiative even so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dxlod.layout import Layout
from dxlod.layout.common import is_page_number
from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_optimization_aims import (
    listed_units,
    named_units,
    read_period,
    read_phases,
    read_targets,
)
from dxlod.layout.gifu_optimization_outline import Outline, is_schedule
from dxlod.layout.gifu_optimization_plan import identify
from dxlod.layout.gifu_optimization_tasks import TaskTable
from dxlod.layout.gifu_optimization_text import Flow, Section, is_caption, plain, sections
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy

__all__ = ["LAYOUT", "read"]

_BRACKETS = re.compile(r"\([^()]*\)")
_SCOPE = re.compile(r"(?:施策|方針)\s+対象範囲")
_SCOPE_ROW = re.compile(r"([0-9０-９]{1,2})\s+(\S.*)")
_INDEX = re.compile(
    r"[(（]([0-9]{1,2})[)）]\s*(\S.{0,80}?)\s*[(（]([0-9]{1,2}(?:\.[0-9]{1,2})+)\s*[章節][)）]"
)
_TOTAL = re.compile(r"([0-9]{1,2})つの(施策|基本方針|取組方針|方向性)")
_ITEM = re.compile(r"[・※●○■◆①-⑳]|[(（][0-9]{1,2}[)）]|[*＊][:：]")
_FOOTNOTE = re.compile(r"([0-9]{1,2})\s*([^\s0-9.．年月日、。].*)")
_FOOTNOTE_MARK = re.compile(r"(?<![策図表第年月])(?<=[ァ-ヶー一-龥])([0-9]{1,2})(?=[のにをはがと、。])")
_END = re.compile(r"以\s*上")
_WRAPPED = 25  # a line this long, with kana in it, is wrapped text
_KANA = re.compile(r"[ぁ-ん]")
_TARGETS = "成果目標"
_PROSE_KINDS = (
    (re.compile(r"目的"), "purpose"),
    (re.compile(r"目標"), "goal"),
    (re.compile(r"背景|変化|状況|動き|動向|これまで|高まり|現状|経緯"), "background"),
    (re.compile(r"課題"), "issue"),
)


def read(draft: Draft) -> None:
    """Read a plan of this layout into the draft."""
    found = sections(draft)
    plan = identify(draft, found)
    if plan is not None:
        outline = Outline(draft, found)
        outline.read()
        _Reader(draft, found, plan, outline).read()


@dataclass
class _Reader:
    """Reads the lines below the headings."""

    draft: Draft
    found: list[Section]
    plan: Row
    outline: Outline
    indexed: dict[tuple[int, ...], int] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)
    scope: list[int] = field(default_factory=list)
    footnote_marks: set[str] = field(default_factory=set)

    def read(self) -> None:
        tasks = TaskTable(self.draft)
        self.listed = {n for lines in self.outline.listed.values() for n in lines}
        for section in self.found:
            if section.number:
                self._body(section, tasks)
        self._statements()
        tasks.write()
        self._schedules()

    def _body(self, section: Section, tasks: TaskTable) -> None:
        place, goes_on = 0, False
        while place < len(section.body):
            n = section.body[place]
            text = plain(self.draft.line(n))
            after = tasks.take(section.body, place)
            if after == place and _SCOPE.fullmatch(text):
                after = self._scope(section.body, place)
            if after > place:
                place, goes_on = after, False
                continue
            if n not in self.listed and not self._single(section, n, text, goes_on):
                goes_on = self._prose(section, n, text, goes_on)
            place += 1

    # -- lines ----------------------------------------------------------------------------------------

    def _single(self, section: Section, n: int, text: str, goes_on: bool) -> bool:
        """Take a line that stands for itself. Returns whether it was one."""
        if is_caption(text):
            self.draft.ignore(Lines.of(n), "caption of a figure that the text does not hold")
        elif _END.fullmatch(text):
            self.draft.ignore(Lines.of(n), "end mark")
        elif is_page_number(text):
            self.draft.ignore(Lines.of(n), "page number")
        elif match := _INDEX.fullmatch(text):
            self._index_item(section, n, match)
        elif not goes_on and self._is_footnote(text):
            self.draft.describe(None, "definition", Lines.of(n))
        else:
            return False
        return True

    def _is_footnote(self, text: str) -> bool:
        match = _FOOTNOTE.fullmatch(text)
        if match is None or match[1] not in self.footnote_marks:
            return False
        self.footnote_marks.discard(match[1])
        return True

    def _prose(self, section: Section, n: int, text: str, goes_on: bool) -> bool:
        """Take a line of running text. Returns whether its sentence goes on.

        Text is what ends a sentence, goes on with one, is as long as a wrapped line, or is a list item.
        """
        item = _ITEM.match(text) is not None
        wrapped = len(text) >= _WRAPPED and len(_KANA.findall(text)) >= 4
        if not (goes_on or item or wrapped or "。" in text or text.endswith("、")):
            return False
        self._describe(self.outline.subject(section, self.plan), _prose_kind(section.title), n, text)
        section.prose.append(n)
        if text.endswith("、"):
            return True
        return wrapped and not text.endswith(("。", "」", "）", ")"))

    def _describe(self, row: Row, kind: str, n: int, text: str) -> None:
        self.footnote_marks.update(_FOOTNOTE_MARK.findall(text))
        self.draft.describe(row, kind, Lines.of(n))

    def _index_item(self, section: Section, n: int, match: re.Match[str]) -> None:
        """An item of a policy's own list of measures: ``(1) title (2.2.1.1 章)``."""
        self.indexed[section.number] = self.indexed.get(section.number, 0) + 1
        lines = Lines.of(n)
        self.draft.describe(self.outline.subject(section, self.plan), "content", lines)
        measure = self.outline.measures.get(tuple(map(int, match[3].split("."))))
        if measure is None:
            self.draft.note(
                "index-without-section",
                f"一覧にある{match[3]}の節が本文にありません。",
                f"Section {match[3]}, which the list names, is not in the text.",
                lines,
            )
            return
        measure.cite(lines)
        title = str(measure.cells["title"])
        if _bare(match[2]) != _bare(title):
            self.draft.note(
                "index-body-disagreement",
                f"一覧では「{tidy(match[2])}」、見出しでは「{title}」です。見出しの名称を採りました。",
                f"The list says “{tidy(match[2])}”, the heading “{title}”; the heading's title is used.",
                measure.lines,
                measure,
                "title",
            )

    def _scope(self, body: list[int], place: int) -> int:
        """The table of what each policy covers, up to its caption. Returns where reading goes on."""
        self.draft.ignore(Lines.of(body[place]), "table header")
        policy: Row | None = None
        place += 1
        while place < len(body):
            n = body[place]
            text = plain(self.draft.line(n))
            if is_caption(text):
                break
            named = self._scope_row(text)
            if named is not None:
                policy = named
                policy.cite(Lines.of(n))
            if policy is None:
                break
            self._describe(policy, "content", n, text)
            self.scope.append(n)
            place += 1
        return place

    def _scope_row(self, text: str) -> Row | None:
        match = _SCOPE_ROW.fullmatch(text)
        return self.outline.policy_named(int(match[1]), match[2]) if match else None

    # -- what the running text states -----------------------------------------------------------------

    def _statements(self) -> None:
        for n in self.scope:
            listed_units(self.draft, n)
        scope = Flow.of((n, plain(self.draft.line(n))) for n in self.scope)
        named_units(self.draft, scope, on_organization=False)
        for section in self.found:
            flow = section.flow(self.draft)
            named_units(self.draft, flow, on_organization="体制" in section.title)
            self._totals(section, flow)
        for initiative, section in self.outline.initiatives:
            flow = section.flow(self.draft)
            read_period(initiative, flow)
            read_phases(self.draft, initiative, flow)
        for section in self._target_sections():
            read_targets(self.draft, section)
            self._lost_targets(section)

    def _target_sections(self) -> Iterator[Section]:
        roots = {s.number for s in self.found if s.number and _TARGETS in s.title}
        for section in self.found:
            if any(section.number[:length] in roots for length in range(1, len(section.number) + 1)):
                yield section

    def _lost_targets(self, section: Section) -> None:
        captions = self._captions(section)
        if captions:
            self.draft.note(
                "figure-lost",
                "成果目標を示す図の内容が本文にありません。図中の目標は読み取れません。",
                "The figure that shows the targets is not in the text; targets in it cannot be read.",
                captions,
                self.plan,
            )

    def _captions(self, section: Section) -> Lines:
        return Lines.of(*(n for n in section.body if is_caption(plain(self.draft.line(n)))))

    def _schedules(self) -> None:
        """A section that only points to a schedule: the years of the policy's initiatives are lost."""
        lost: set[int] = set()
        for section in self.found:
            policy = self.outline.policy_of(section)
            if policy is None or not is_schedule(section.title):
                continue
            lost.add(id(policy))
            number = policy.cells["number"]
            self.draft.note(
                "schedule-lost",
                f"施策{number}の実施予定の図の内容が本文にありません。年次の工程は読み取れません。",
                f"The figure with the schedule of policy {number} is not in the text; its steps cannot be read.",
                section.heading | self._captions(section),
                policy,
            )
        placed = {id(row.under) for row in self.draft.of("phase")}
        for initiative, _ in self.outline.initiatives:
            if id(initiative.cells["policy"]) in lost and id(initiative) not in placed:
                initiative.mark_unknown("phases")

    def _totals(self, section: Section, flow: Flow) -> None:
        """Compare 「5つの施策」 and 「3つの方向性」 with the lists in the same section."""
        body = set(section.body)
        listed = sum(1 for lines in self.outline.listed.values() if not body.isdisjoint(lines))
        for match in _TOTAL.finditer(flow.text):
            count = self.indexed.get(section.number, 0) if match[2] == "方向性" else listed
            if count and count != int(match[1]):
                self.draft.note(
                    "count-mismatch",
                    f"原文は「{match[0]}」としていますが、一覧は{count}件です。",
                    f"The text says {match[1]} (“{match[0]}”); the list has {count}.",
                    flow.lines(match.start(), match.end()),
                )


def _prose_kind(title: str) -> str:
    return next((kind for pattern, kind in _PROSE_KINDS if pattern.search(title)), "content")


def _bare(title: str) -> str:
    return _BRACKETS.sub("", fold(title))


LAYOUT = Layout(
    "gifu-optimization",
    "小数の節番号、施策ごとの取組、事務・システム・根拠法令の表からなる計画（岐阜市情報システム最適化基本計画）",
    "Decimal headings, measures by policy, a table of tasks, systems and legal bases (Gifu City, IT plan)",
    read,
)
