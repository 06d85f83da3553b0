"""What the plan sets out to do, from its list of policies and its headings: policies, measures, initiatives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_optimization_text import Section, plain
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy

__all__ = ["Outline", "is_schedule"]

_T = TypeVar("_T")
_POLICY = re.compile(r"(施策|基本方針|取組方針)\s*([0-9０-９]{1,2})[\s：:]*([^\s：:].*)")
_NO_TITLE = ("「", "～", "~", "〜", "の", "と", "に", "は", "を", "で", "が", "及び", "および", "、")
_GLOSS = re.compile(r"(.+?)[（(](.+)[）)]")
_SCHEDULE = re.compile(r"スケジュール|工程表|ロードマップ|実施予定")
_STATE = re.compile(r"^現状の|^現在の|現状と課題|(?:現状|状況)$")
_NO_INITIATIVE = re.compile(
    r"これまで|(?:背景|動き|動向|経緯|課題|責任|責務|必要性|重大化|深刻化|高まり|体制|姿|将来像)$"
)


def is_schedule(title: str) -> bool:
    """Whether a heading is about when things are done, and not about what."""
    return _SCHEDULE.search(title) is not None


def _is_measure(title: str) -> bool:
    return not is_schedule(title) and _STATE.search(title) is None


def _is_initiative(title: str) -> bool:
    return _is_measure(title) and ("今後" in title or _NO_INITIATIVE.search(title) is None)


def _policy_title(text: str) -> tuple[str, int, str] | None:
    """What the plan calls its policies ('' for the usual 基本方針), number, title."""
    match = _POLICY.fullmatch(text)
    if match is None or match[3].startswith(_NO_TITLE):
        return None
    return match[1] if match[1] != "基本方針" else "", int(match[2]), match[3]


@dataclass
class Outline:
    """Writes the rows of policies, measures and initiatives, and knows which section belongs to which row."""

    draft: Draft
    found: Sequence[Section]
    policies: dict[int, Row] = field(default_factory=dict)
    titles: dict[int, set[str]] = field(default_factory=dict)
    listed: dict[int, Lines] = field(default_factory=dict)
    roots: dict[tuple[int, ...], tuple[Row, Section]] = field(default_factory=dict)
    measures: dict[tuple[int, ...], Row] = field(default_factory=dict)
    initiatives: list[tuple[Row, Section]] = field(default_factory=list)
    _initiative_numbers: set[tuple[int, ...]] = field(default_factory=set)
    _subjects: dict[int, Row] = field(default_factory=dict)
    _children: dict[tuple[int, ...], dict[int, Section]] = field(default_factory=dict)

    def read(self) -> None:
        """Read the list of policies, then the headings."""
        for section in self.found:
            if not section.number:
                continue
            self._children.setdefault(section.number[:-1], {}).setdefault(section.number[-1], section)
            if _policy_title(section.title) is None:
                for place in range(len(section.body)):
                    self._listed_policy(section.body, place)
        self._policy_sections()
        for section in self.found:
            if section.number:
                self.draft.ignore(section.heading, "section heading")
                self._heading(section)
        self._check_numbers()

    def subject(self, section: Section, default: Row) -> Row:
        """The row that the text of a section is about."""
        return self._subjects.get(id(section), default)

    def policy_named(self, number: int, text: str) -> Row | None:
        """The policy of this number, if a text starts with its title as the list or its section prints it."""
        named = fold(text)
        titles = self.titles.get(number, ())
        return self.policies[number] if any(named.startswith(title) for title in titles) else None

    def policy_of(self, section: Section) -> Row | None:
        """The policy whose section this one is or belongs to."""
        root = self._root(section)
        return root[0] if root else None

    # -- policies -----------------------------------------------------------------------------------

    def _listed_policy(self, body: Sequence[int], place: int) -> None:
        """One line of the list 「施策 n title」; a bracket that the wrap broke is closed on the next line."""
        text = plain(self.draft.line(body[place]))
        found = _policy_title(text) if "。" not in text and len(text) <= 80 else None
        if found is None or found[1] in self.policies:
            return
        category, number, title = found
        end = place + 1
        while _is_open(title) and end < min(place + 3, len(body)):
            title += plain(self.draft.line(body[end]))
            end += 1
        self.listed[number] = Lines.of(*body[place:end])
        self._add_policy(category, number, tidy(title), self.listed[number])

    def _add_policy(self, category: str, number: int, title: str, lines: Lines) -> Row:
        row = self.draft.add(
            "policy", lines, part=str(number), number=str(number), title=title, category=category
        )
        self.policies[number] = row
        self.titles[number] = {fold(title)}
        return row

    def _policy_sections(self) -> None:
        for section in self.found:
            title = _policy_title(section.title) if section.number and not self._root(section) else None
            if title is not None:
                self.roots[section.number] = self._policy_section(section, *title), section
        opened = {id(row) for row, _ in self.roots.values()}
        for number, policy in self.policies.items():
            if id(policy) not in opened:
                self.draft.note(
                    "section-lost",
                    f"施策{number}の節が本文にありません。",
                    f"The section on policy {number} is not in the text.",
                    policy.lines,
                    policy,
                )

    def _policy_section(self, section: Section, category: str, number: int, title: str) -> Row:
        policy = self.policies.get(number)
        if policy is not None:
            policy.cite(section.heading)
            self.titles[number].add(fold(title))
            self._settle_title(policy, title)
            return policy
        policy = self._add_policy(category, number, title, section.heading)
        if self.listed:
            self.draft.note(
                "policy-unlisted",
                f"施策{number}は施策の一覧にありません。",
                f"Policy {number} is not in the list of policies.",
                section.heading,
                policy,
            )
        return policy

    def _settle_title(self, policy: Row, title: str) -> None:
        """The list's title stands. A gloss in brackets is no part of it where the section omits it."""
        listed = str(policy.cells["title"])
        gloss = _GLOSS.fullmatch(listed)
        if gloss and fold(gloss[1]) == fold(title):
            policy.cells["title"] = policy.title = listed = gloss[1]
        if fold(listed) != fold(title):
            self.draft.note(
                "index-body-disagreement",
                f"一覧では「{listed}」、節の見出しでは「{title}」です。一覧の名称を採りました。",
                f"The list says “{listed}”, the section heading “{title}”; the list's title is used.",
                policy.lines,
                policy,
                "title",
            )

    def _root(self, section: Section) -> tuple[Row, Section] | None:
        for length in range(len(section.number), 0, -1):
            if section.number[:length] in self.roots:
                return self.roots[section.number[:length]]
        return None

    # -- measures and initiatives -------------------------------------------------------------------

    def _heading(self, section: Section) -> None:
        root = self._root(section)
        if root is None:
            return
        policy, top = root
        self._subjects[id(section)] = policy
        depth = len(section.number) - len(top.number)
        if depth == 1 and _is_measure(section.title):
            self._measure(section, policy)
        elif depth >= 2:
            measure = self.measures.get(section.number[: len(top.number) + 1])
            self._subjects[id(section)] = measure or policy
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
        self.measures[section.number] = self._subjects[id(section)] = measure

    def _initiative(self, section: Section, policy: Row, measure: Row | None) -> None:
        parent = self._children.get(section.number[:-2], {}).get(section.number[-2])
        if measure is None and parent is not None:
            return  # below a section on the schedule or the present state
        initiative = self.draft.add(
            "initiative",
            section.heading,
            under=measure or policy,
            part=str(section.number[-1]) if measure else "",
            number=section.printed,
            title=section.title,
            policy=policy,
            measure=measure,
        )
        if measure is None:
            self._unplaced(section, initiative)
        if section.number in self._initiative_numbers:
            self._twice(section, initiative)
        self._initiative_numbers.add(section.number)
        self.initiatives.append((initiative, section))
        self._subjects[id(section)] = initiative

    def _unplaced(self, section: Section, initiative: Row) -> None:
        initiative.mark_unknown("measure")
        self.draft.note(
            "heading-lost",
            f"{section.printed}の上の節の見出しが本文にありません。",
            f"The heading of the section above {section.printed} is not in the text.",
            section.heading,
            initiative,
            "measure",
        )

    def _twice(self, section: Section, row: Row) -> None:
        self.draft.note(
            "numbering-duplicate",
            f"節番号{section.printed}が2回以上使われています。",
            f"Section number {section.printed} is used more than once.",
            section.heading,
            row,
            "number",
        )

    # -- numbers ------------------------------------------------------------------------------------

    def _check_numbers(self) -> None:
        for number, following in _gaps(self.policies):
            self.draft.note(
                "numbering-gap",
                f"施策{number}がありません。",
                f"Policy {number} is missing.",
                following.lines,
                following,
                "number",
            )
        for above in [*self.roots, *self.measures]:
            self._check_sections(above)

    def _check_sections(self, above: tuple[int, ...]) -> None:
        for number, following in _gaps(self._children.get(above, {})):
            printed = ".".join(map(str, (*above, number)))
            self.draft.note(
                "numbering-gap",
                f"節{printed}の見出しがありません。",
                f"The heading of section {printed} is missing.",
                following.heading,
            )


def _gaps(rows: Mapping[int, _T]) -> list[tuple[int, _T]]:
    """The numbers that are missing between 1 and the last, each with what follows it."""
    gaps: list[tuple[int, _T]] = []
    expected = 1
    for number in sorted(rows):
        gaps.extend((missing, rows[number]) for missing in range(expected, number))
        expected = max(expected, number + 1)
    return gaps


def _is_open(title: str) -> bool:
    return title.count("（") + title.count("(") > title.count("）") + title.count(")")
