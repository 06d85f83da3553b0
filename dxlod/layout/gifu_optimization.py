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
from dxlod.layout.gifu_optimization_aims import listed_units, named_units, read_period, read_phases, read_targets
from dxlod.layout.gifu_optimization_plan import identify
from dxlod.layout.gifu_optimization_tasks import TaskTable
from dxlod.layout.gifu_optimization_text import Section, is_caption, plain, sections
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy

__all__ = ["LAYOUT", "read"]

_POLICY = re.compile(r"(?:施策|基本方針|取組方針)\s*([0-9０-９]{1,2})[\s：:]*([^\s：:].*)")
_NO_TITLE = ("「", "～", "~", "〜", "の", "と", "に", "は", "を", "で", "が", "及び", "および", "、")
_GLOSS = re.compile(r"(.+?)[（(](.+)[）)]")
_BRACKETS = re.compile(r"\([^()]*\)")
_SCOPE = re.compile(r"(?:施策|方針)\s+対象範囲")
_SCOPE_ROW = re.compile(r"([0-9０-９]{1,2})\s+(\S.*)")
_INDEX = re.compile(r"[(（]([0-9]{1,2})[)）]\s*(\S.{0,80}?)\s*[(（]([0-9]{1,2}(?:\.[0-9]{1,2})+)\s*[章節][)）]")
_TOTAL = re.compile(r"([0-9]{1,2})つの(施策|基本方針|取組方針|方向性)")
_ITEM = re.compile(r"(?:[・※●○■◆]|[①-⑳]|[(（][0-9]{1,2}[)）]|[*＊][:：])")
_FOOTNOTE = re.compile(r"([0-9]{1,2})\s*([^\s0-9.．年月日、。].*)")
_FOOTNOTE_MARK = re.compile(r"(?<![策図表第年月])(?<=[ァ-ヶー一-龥])([0-9]{1,2})(?=[のにをはがと、。])")
_END = re.compile(r"以\s*上")
_WRAPPED = 30  # a line this long is wrapped text

_SCHEDULE = re.compile(r"スケジュール|工程表|ロードマップ|実施予定")
_STATE = re.compile(r"^現状の|^現在の|現状と課題|(?:現状|状況)$")
_NO_INITIATIVE = re.compile(
    r"これまで|(?:背景|動き|動向|経緯|課題|責任|責務|必要性|重大化|深刻化|高まり|体制|姿|将来像)$"
)
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
        _Reader(draft, found, plan).read()


@dataclass
class _Reader:
    draft: Draft
    found: list[Section]
    plan: Row
    policies: dict[int, Row] = field(default_factory=dict)
    listed: dict[int, Lines] = field(default_factory=dict)
    roots: dict[tuple[int, ...], tuple[Row, Section]] = field(default_factory=dict)
    measures: dict[tuple[int, ...], Row] = field(default_factory=dict)
    initiatives: list[tuple[Row, Section]] = field(default_factory=list)
    subjects: dict[int, Row] = field(default_factory=dict)
    indexed: dict[tuple[int, ...], list[str]] = field(default_factory=dict)
    footnote_marks: set[str] = field(default_factory=set)
    used: set[int] = field(default_factory=set)

    def read(self) -> None:
        self.used.update(self.plan.lines if not self.found[0].body else ())
        self._policy_list()
        self._policy_sections()
        for section in self.found:
            self._heading(section)
        tasks = TaskTable(self.draft)
        for section in self.found:
            self._body(section, tasks)
        self._contents()
        tasks.write()
        self._schedules()
        self._checks()

    # -- policies -----------------------------------------------------------------------------------

    def _policy_list(self) -> None:
        """The list 「施策 n title」, one policy a line, before the sections on the policies."""
        for section in self.found:
            if section.number and _policy_title(section.title) is None:
                for place in range(len(section.body)):
                    self._listed_policy(section.body, place)

    def _listed_policy(self, body: list[int], place: int) -> None:
        text = plain(self.draft.line(body[place]))
        found = _policy_title(text) if "。" not in text and len(text) <= 80 else None
        if found is None or found[0] in self.policies:
            return
        end = place + 1
        title = found[1]
        while title.count("（") + title.count("(") > title.count("）") + title.count(")") and end < place + 3:
            if end >= len(body):
                break
            title += plain(self.draft.line(body[end]))
            end += 1
        lines = Lines.of(*body[place:end])
        self.used.update(lines)
        self.listed[found[0]] = lines
        self._add_policy(found[0], tidy(title), lines)

    def _add_policy(self, number: int, title: str, lines: Lines) -> Row:
        row = self.draft.add("policy", lines, part=str(number), number=str(number), title=title)
        self.policies[number] = row
        return row

    def _policy_sections(self) -> None:
        for section in self.found:
            found = _policy_title(section.title) if section.number and not self._root(section) else None
            if found is None:
                continue
            number, title = found
            policy = self.policies.get(number)
            if policy is None:
                policy = self._add_policy(number, title, section.heading)
                if self.listed:
                    self._note("policy-unlisted", f"施策{number}は施策の一覧にありません。",
                               f"Policy {number} is not in the list of policies.", section.heading, policy)
            else:
                policy.cite(section.heading)
                self._same_title(policy, title, section)
            self.roots[section.number] = policy, section
        lost = set(self.policies) - {int(str(row.cells["number"])) for row, _ in self.roots.values()}
        for number in sorted(lost):
            policy = self.policies[number]
            self._note("section-lost", f"施策{number}の節が本文にありません。",
                       f"The section on policy {number} is not in the text.", policy.lines, policy)

    def _same_title(self, policy: Row, title: str, section: Section) -> None:
        """The list's title stands. A gloss in brackets is no part of it where the section omits it."""
        listed = str(policy.cells["title"])
        gloss = _GLOSS.fullmatch(listed)
        if gloss and fold(gloss[1]) == fold(title):
            policy.cells["title"] = policy.title = listed = gloss[1]
        if fold(listed) != fold(title):
            self._note("index-body-disagreement",
                       f"一覧では「{listed}」、節の見出しでは「{title}」です。一覧の名称を採りました。",
                       f"The list says “{listed}”, the section heading “{title}”; the list's title is used.",
                       policy.lines, policy, "title")

    def _root(self, section: Section) -> tuple[Row, Section] | None:
        """The policy whose section this one belongs to."""
        for length in range(len(section.number), 0, -1):
            if section.number[:length] in self.roots:
                return self.roots[section.number[:length]]
        return None

    # -- measures and initiatives ---------------------------------------------------------------------

    def _heading(self, section: Section) -> None:
        if not section.number:
            return
        self.draft.ignore(section.heading, "section heading")
        root = self._root(section)
        if root is None:
            return
        policy, top = root
        self.subjects[id(section)] = policy
        depth = len(section.number) - len(top.number)
        if depth == 1 and not (_SCHEDULE.search(section.title) or _STATE.search(section.title)):
            self._measure(section, policy)
        elif depth >= 2:
            measure = self.measures.get(section.number[: len(top.number) + 1])
            if measure is not None:
                self.subjects[id(section)] = measure
            if depth == 2 and _is_initiative(section.title):
                self._initiative(section, policy, measure)

    def _measure(self, section: Section, policy: Row) -> None:
        measure = self.draft.add(
            "policy_measure",
            section.heading,
            under=policy,
            part=str(section.number[-1]),
            number=section.printed,
            title=section.title,
            policy=policy,
        )
        if section.number in self.measures:
            self._twice(section, measure)
        self.measures[section.number] = self.subjects[id(section)] = measure

    def _initiative(self, section: Section, policy: Row, measure: Row | None) -> None:
        above = section.number[:-1]
        if measure is None and any(other.number == above for other in self.found):
            return  # below a section on the schedule or the present state
        initiative = self.draft.add(
            "initiative",
            section.heading,
            under=measure or policy,
            part=str(section.number[-1]),
            number=section.printed,
            title=section.title,
            policy=policy,
            measure=measure,
        )
        if measure is None:
            initiative.mark_unknown("measure")
            self._note("heading-lost", f"取組{section.printed}の上の節の見出しが本文にありません。",
                       f"The heading above initiative {section.printed} is not in the text.",
                       section.heading, initiative, "measure")
        if any(other.number == section.number for _, other in self.initiatives):
            self._twice(section, initiative)
        self.initiatives.append((initiative, section))
        self.subjects[id(section)] = initiative

    def _twice(self, section: Section, row: Row) -> None:
        self._note("numbering-duplicate", f"節番号{section.printed}が2回以上使われています。",
                   f"Section number {section.printed} is used more than once.", section.heading, row, "number")

    # -- the lines below headings ---------------------------------------------------------------------

    def _body(self, section: Section, tasks: TaskTable) -> None:
        place, open_sentence = 0, False
        while place < len(section.body):
            n = section.body[place]
            text = plain(self.draft.line(n))
            after = tasks.take(section.body, place) if section.number else place
            if after == place and _SCOPE.fullmatch(text):
                after = self._scope(section.body, place)
            if after > place:
                place, open_sentence = after, False
                continue
            if not self._single(section, n, text, open_sentence):
                open_sentence = self._prose(section, n, text, open_sentence)
            place += 1

    def _single(self, section: Section, n: int, text: str, open_sentence: bool) -> bool:
        """Take a line that stands for itself. Returns whether it was one."""
        if n in self.used:
            return True
        if is_caption(text):
            self.draft.ignore(Lines.of(n), "caption of a figure that the text does not hold")
        elif _END.fullmatch(text):
            self.draft.ignore(Lines.of(n), "end mark")
        elif is_page_number(text):
            self.draft.ignore(Lines.of(n), "page number")
        elif _INDEX.fullmatch(text):
            self._index_item(section, n, text)
        elif not open_sentence and self._is_footnote(text):
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

    def _prose(self, section: Section, n: int, text: str, open_sentence: bool) -> bool:
        """Take a line of running text below a known heading. Returns whether its sentence goes on."""
        item = _ITEM.match(text) is not None
        if not section.number or not (
            open_sentence or item or "。" in text or len(text) >= _WRAPPED or text.endswith("、")
        ):
            return False
        self.footnote_marks.update(_FOOTNOTE_MARK.findall(text))
        section.prose.append(n)
        self.draft.describe(self.subjects.get(id(section), self.plan), _prose_kind(section.title), Lines.of(n))
        if item and len(text) < _WRAPPED:
            return False
        return not text.endswith(("。", "」", "）", ")", "」。"))

    def _index_item(self, section: Section, n: int, text: str) -> None:
        """An item of a policy's own list of measures: ``(1) title (2.2.1.1 章)``."""
        match = _INDEX.fullmatch(text)
        if match is None:
            return
        self.indexed.setdefault(section.number, []).append(match[3])
        measure = self.measures.get(tuple(map(int, match[3].split("."))))
        self.draft.describe(self.subjects.get(id(section), self.plan), "content", Lines.of(n))
        if measure is None:
            self._note("index-without-section", f"一覧にある{match[3]}の節が本文にありません。",
                       f"Section {match[3]}, which the list names, is not in the text.", Lines.of(n))
            return
        measure.cite(Lines.of(n))
        if _bare(match[2]) != _bare(str(measure.cells["title"])):
            self._note("index-body-disagreement",
                       f"一覧では「{tidy(match[2])}」、見出しでは「{measure.cells['title']}」です。",
                       f"The list says “{tidy(match[2])}”, the heading “{measure.cells['title']}”.",
                       Lines.of(n) | measure.lines, measure, "title")

    def _scope(self, body: list[int], place: int) -> int:
        """The table of what each policy covers. Returns where reading goes on."""
        self.draft.ignore(Lines.of(body[place]), "table header")
        policy: Row | None = None
        place += 1
        while place < len(body):
            n = body[place]
            text = plain(self.draft.line(n))
            if is_caption(text):
                break
            row = _SCOPE_ROW.fullmatch(text)
            named = self.policies.get(int(row[1])) if row else None
            if row and named and fold(row[2]).startswith(fold(str(named.cells["title"]))):
                policy = named
                policy.cite(Lines.of(n))
            elif policy is None:
                break
            self.draft.describe(policy, "content", Lines.of(n))
            self.found_scope.append(n)
            place += 1
        return place

    found_scope: list[int] = field(default_factory=list)

    # -- contents and checks --------------------------------------------------------------------------

    def _contents(self) -> None:
        """What the running text states, once all of it is known."""
        for n in self.found_scope:
            listed_units(self.draft, n)
        if self.found_scope:
            scope = Section((0,), "対象範囲", prose=self.found_scope)
            named_units(self.draft, scope.flow(self.draft), on_organization=False)
        for section in self.found:
            flow = section.flow(self.draft)
            named_units(self.draft, flow, on_organization="体制" in section.title)
            self._totals(section)
        for initiative, section in self.initiatives:
            flow = section.flow(self.draft)
            read_period(initiative, flow)
            read_phases(self.draft, initiative, flow)
        for section in self._target_sections():
            read_targets(self.draft, section)
            self._lost_figure(section)

    def _target_sections(self) -> Iterator[Section]:
        roots = [s.number for s in self.found if s.number and _TARGETS in s.title]
        for section in self.found:
            if section.number and any(section.number[: len(root)] == root for root in roots):
                yield section

    def _lost_figure(self, section: Section) -> None:
        captions = [n for n in section.body if is_caption(plain(self.draft.line(n)))]
        if captions:
            self.plan.cite(Lines())
            self._note("figure-lost", "成果目標を示す図の内容が変換で失われています。図中の目標は読み取れません。",
                       "The figure that shows the targets was lost in conversion; targets in it cannot be read.",
                       Lines.of(*captions), self.plan)

    def _schedules(self) -> None:
        """A section that only points to a schedule: the years of the policy's initiatives are lost."""
        for section in self.found:
            root = self._root(section) if section.number else None
            if root is None or not _SCHEDULE.search(section.title):
                continue
            policy = root[0]
            for initiative, _ in self.initiatives:
                if initiative.cells["policy"] is policy and not _has_phase(self.draft, initiative):
                    initiative.mark_unknown("phases")
            captions = [n for n in section.body if is_caption(plain(self.draft.line(n)))]
            self._note("schedule-lost", f"施策{policy.cells['number']}の実施予定の図の内容が変換で失われています。",
                       f"The figure with the schedule of policy {policy.cells['number']} was lost in conversion.",
                       section.heading | Lines.of(*captions), policy)

    def _totals(self, section: Section) -> None:
        flow = section.flow(self.draft)
        for match in _TOTAL.finditer(flow.text):
            if match[2] == "方向性":
                count = len(self.indexed.get(section.number, ()))
            else:
                count = len(set(self.listed) if any(set(x) & set(section.body) for x in self.listed.values()) else ())
            if count and count != int(match[1]):
                self._note("count-mismatch", f"原文は{match[1]}つの{match[2]}としていますが、一覧は{count}件です。",
                           f"The text says {match[1]} (“{match[0]}”); the list has {count}.",
                           flow.lines(match.start(), match.end()))

    def _checks(self) -> None:
        self._gaps("施策", sorted(self.policies), {n: row for n, row in self.policies.items()})
        for root, (_, top) in self.roots.items():
            level = {s.number[-1]: s for s in self.found if s.number[:-1] == root and len(s.number) == len(root) + 1}
            self._section_gaps(top, level)
            for section in level.values():
                below = {
                    s.number[-1]: s
                    for s in self.found
                    if s.number[:-1] == section.number and len(s.number) == len(section.number) + 1
                }
                self._section_gaps(section, below)

    def _gaps(self, label: str, numbers: list[int], rows: dict[int, Row]) -> None:
        for number in sorted(set(range(1, max(numbers, default=0))) - set(numbers)):
            following = rows[min(n for n in numbers if n > number)]
            self._note("numbering-gap", f"{label}{number}がありません。", f"Policy {number} is missing.",
                       following.lines, following, "number")

    def _section_gaps(self, top: Section, level: dict[int, Section]) -> None:
        for number in sorted(set(range(1, max(level, default=0))) - set(level)):
            following = level[min(n for n in level if n > number)]
            self._note("numbering-gap", f"節{top.printed}.{number}の見出しがありません。",
                       f"The heading of section {top.printed}.{number} is missing.", following.heading)

    def _note(self, code: str, ja: str, en: str, lines: Lines, row: Row | None = None, column: str = "") -> None:
        self.draft.note(code, ja, en, lines, row, column)


def _policy_title(text: str) -> tuple[int, str] | None:
    match = _POLICY.fullmatch(text)
    if match is None or match[2].startswith(_NO_TITLE):
        return None
    return int(match[1]), match[2]


def _is_initiative(title: str) -> bool:
    if _SCHEDULE.search(title) or _STATE.search(title):
        return False
    return "今後" in title or not _NO_INITIATIVE.search(title)


def _prose_kind(title: str) -> str:
    return next((kind for pattern, kind in _PROSE_KINDS if pattern.search(title)), "content")


def _bare(title: str) -> str:
    return _BRACKETS.sub("", fold(title))


def _has_phase(draft: Draft, initiative: Row) -> bool:
    return any(row.under is initiative for row in draft.of("phase"))


LAYOUT = Layout(
    "gifu-optimization",
    "小数の節番号を見出しの後に置き、施策ごとに取組を記し、事務とシステムと根拠法令を表にした計画（岐阜市情報システム最適化基本計画）",
    "Decimal headings, measures by policy, a table of tasks, systems and legal bases (Gifu City, IT optimisation)",
    read,
)
