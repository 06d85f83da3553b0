"""What running text states: targets of the plan, steps by fiscal year, organizations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_optimization_plan import year_of
from dxlod.layout.gifu_optimization_text import Flow, Section, plain
from dxlod.model.lines import Lines
from dxlod.model.text import tidy

__all__ = ["listed_units", "named_units", "read_period", "read_phases", "read_targets"]

_UNIT = r"(?:兆円|億円|百万円|万円|千円|円|%|パーセント|ポイント|割|件|人|名|台|箇所|か所|時間|分|日|回|種類|業務|システム)"
_VALUE = rf"(?P<text>(?:約|およそ|概ね)?(?P<value>[0-9][0-9,]{{0,14}}(?:\.[0-9]{{1,4}})?)(?P<unit>{_UNIT}))(?P<bound>以上|以下)?"
_NOUN = r"[^\W_ぁ-ん](?:[^\W_ぁ-ん]|[・のー]){1,30}"
_AIMED = r"(?:見込|目指|目標|達成|実現|目途|削減|維持|確保|得)"
_VALUE_OF = re.compile(rf"{_VALUE}の(?P<name>{_NOUN})を{_AIMED}")
_NAME_TO = re.compile(rf"(?P<name>[^、。「」()]{{2,60}}?)(?:を|は|が){_VALUE}(?:に|と|を)?(?:す|な|{_AIMED})")
_KEPT = re.compile(r"(?P<name>[^、。「」()]{2,60}?)を(?P<text>(?P<verb>維持|増加|減少)(?:する|させる))")
_STATUS = {"維持": "maintain", "増加": "increase", "減少": "decrease"}
_BOUND = {"以上": "at-least", "以下": "at-most"}

_ERA_YEAR = r"(明治|大正|昭和|平成|令和)?([0-9]{1,4}|元)年度"
_STEP = re.compile(
    rf"{_ERA_YEAR}(?:\([0-9]{{4}}年度?\))?\)?(?:に(?!お)|から|以降|中に|までに|の[^、。]{{1,40}}?までに)"
)
_RANGE_END = re.compile(_ERA_YEAR)
_LABEL = re.compile(
    r"((?:[^\W_ぁ-ん]|[・ー])(?:[^\W_ぁ-ん]|[・のー]){0,30}を)?([^\W\d_ぁ-んァ-ヶ]{1,6})([ぁ-ん]{0,3})、?$"
)
_PERIOD = re.compile(rf"{_ERA_YEAR}(?:~|から){_ERA_YEAR}(?:まで)?を(?:対象|計画)(?:範囲|期間)")
_PHASES = (
    ("consider", ("検討", "研究")),
    ("prepare", ("策定", "準備", "調達", "設計", "構築", "整備")),
    ("trial", ("試行", "実証", "試験")),
    ("implement", ("実施", "運用", "導入", "開始", "推進", "稼働")),
    ("expand", ("拡大", "展開", "拡充")),
)

_KINDS = (
    (("教育委員会", "委員会", "会議", "協議会", "部会", "推進本部", "対策本部"), "committee"),
    (("消防本部", "病院", "館"), "other"),
    (("水道事業部", "水道部", "水道局", "企業局", "交通局"), "public-enterprise"),
    (("大学", "学校", "幼稚園", "高校"), "school"),
    (("センター",), "center"),
    (("局",), "bureau"),
    (("部",), "department"),
    (("課",), "section"),
    (("室", "所"), "office"),
)
_ENDINGS = tuple(ending for endings, _ in _KINDS for ending in endings)
_COLLECTIVE = re.compile(r"^(?:各|全|関係|庁内)|各課|全部局")
_SECTION_NAME = re.compile(r"([^\W\d_ぁ-ん]{2,14}課)(?=職員|は|が|に|の|を|と|、|。|\))")
_BODY_NAME = re.compile(
    r"([^\W\d_ぁ-ん]{2,16}(?:委員会|協議会|部会|検討会議|推進会議|推進本部|対策本部))(?![^\W\d_ぁ-ん])"
)
_IN_BRACKETS = re.compile(r"体制\(([^()]{3,20})\)")
_TEAM = re.compile(r"(?<![A-Za-z-])(CSIRT|PMO)(?![A-Za-z])")


# -- targets --------------------------------------------------------------------------------------


def read_targets(draft: Draft, section: Section) -> None:
    """The targets stated in a section on targets: a figure with its unit, or a level to be kept."""
    flow = section.flow(draft)
    for start, end in flow.sentences():
        figures = [
            *_VALUE_OF.finditer(flow.text, start, end),
            *_NAME_TO.finditer(flow.text, start, end),
        ]
        seen: set[int] = set()
        for match in sorted(figures, key=lambda match: match.start("value")):
            if match.start("value") not in seen:
                seen.add(match.start("value"))
                _figure(draft, flow, match)
        if not figures and "定量" in section.title:
            for match in _KEPT.finditer(flow.text, start, end):
                _level(draft, flow, match)


def _figure(draft: Draft, flow: Flow, match: re.Match[str]) -> None:
    unit = flow.show(*match.span("unit"))
    where = flow.lines(*match.span("text"))
    indicator = draft.add(
        "indicator", flow.lines(*match.span("name")) | where, name=flow.show(*match.span("name")), unit=unit
    )
    value = draft.add(
        "indicator_value",
        where,
        under=indicator,
        indicator=indicator,
        kind="target",
        status="number",
        value=Decimal(match["value"].replace(",", "")),
        unit=unit,
        bound=_BOUND.get(match["bound"] or ""),
        text=flow.show(match.start("text"), match.end("bound") if match["bound"] else match.end("text")),
    )
    _yearless(draft, value)


def _level(draft: Draft, flow: Flow, match: re.Match[str]) -> None:
    where = flow.lines(match.start("name"), match.end("text"))
    status = _STATUS[match["verb"]]
    indicator = draft.add("indicator", where, name=flow.show(*match.span("name")), direction=status)
    value = draft.add(
        "indicator_value",
        flow.lines(*match.span("text")),
        under=indicator,
        indicator=indicator,
        kind="target",
        status=status,
        text=flow.show(*match.span("text")),
    )
    _yearless(draft, value)


def _yearless(draft: Draft, value: Row) -> None:
    value.mark_unknown("fiscal_year")
    draft.note(
        "target-without-year",
        f"目標値「{value.cells['text']}」には達成する年度がありません（計画期間全体の目標です）。",
        f"The target “{value.cells['text']}” has no single fiscal year (it is for the whole period).",
        value.lines,
        value,
        "fiscal_year",
    )


# -- years ----------------------------------------------------------------------------------------


def read_period(initiative: Row, flow: Flow) -> None:
    """First and last fiscal year, where the text of an initiative says which years it covers."""
    for match in _PERIOD.finditer(flow.text):
        first, last = year_of(match[1], match[2]), year_of(match[3], match[4])
        if first and last and first[0] <= last[0]:
            initiative.cells.update(start_fy=first[0], end_fy=last[0])
            initiative.cite(flow.lines(match.start(), match.end()))
            return


def read_phases(draft: Draft, initiative: Row, flow: Flow) -> None:
    """Steps told in one sentence, each led by its fiscal year (two or more of them)."""
    for start, end in flow.sentences():
        marks = [
            mark
            for mark in _STEP.finditer(flow.text, start, end)
            if year_of(mark[1], mark[2]) and not _RANGE_END.match(flow.text, mark.end())
        ]
        if len(marks) < 2:
            continue
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            # Words that lead to the next year (「今年度」) stand behind the last 「、」.
            stop = flow.text.rfind("、", mark.end(), following.start()) if following else end
            _phase(draft, initiative, flow, mark, max(stop, mark.end()))


def _phase(draft: Draft, initiative: Row, flow: Flow, mark: re.Match[str], stop: int) -> None:
    label = _LABEL.search(flow.text, max(mark.end(), stop - 60), stop)
    years = flow.lines(mark.start(), mark.end())
    if label is None:
        draft.note(
            "phase-unread",
            f"「{flow.show(mark.start(), mark.end())}」に続く工程を読み取れません。",
            f"The step of “{flow.show(mark.start(), mark.end())}” cannot be read.",
            years,
            initiative,
            "phases",
        )
        return
    noun = label[2] if len(label[2]) > 1 and label[3] in ("し", "する") else ""
    first, last = label.start(), label.end(2) if noun else label.end(3)
    text = flow.show(first, last)
    draft.add(
        "phase",
        flow.lines(first, last) | years,
        under=initiative,
        initiative=initiative,
        fiscal_year=(year_of(mark[1], mark[2]) or (None,))[0],
        label=text,
        phases=[code for code, words in _PHASES if any(word in text for word in words)] or ["other"],
    )


# -- organizations --------------------------------------------------------------------------------


def listed_units(draft: Draft, n: int) -> None:
    """Organizations listed on a line with points: ``・A ・B など``."""
    for item in re.split(r"\s+(?=・)", plain(draft.line(n))):
        name = tidy(re.sub(r"\s+など$|等$", "", item.removeprefix("・")))
        if item.startswith("・") and 2 < len(name) <= 20 and name.endswith(_ENDINGS):
            draft.unit(name, Lines.of(n), kind=_kind(name))


def named_units(draft: Draft, flow: Flow, *, on_organization: bool) -> None:
    """Organizations that running text names; committees only where the text is about organization."""
    for start, end in _names(flow, on_organization):
        name = flow.show(start, end)
        if not _COLLECTIVE.search(name):
            draft.unit(name, flow.lines(start, end), kind=_kind(name))


def _names(flow: Flow, on_organization: bool) -> Iterator[tuple[int, int]]:
    patterns = [_SECTION_NAME, _TEAM, *([_BODY_NAME] if on_organization else [])]
    spans = {match.span(1) for pattern in patterns for match in pattern.finditer(flow.text)}
    for match in _IN_BRACKETS.finditer(flow.text):
        if match[1].endswith(_ENDINGS):
            spans.add(match.span(1))
    yield from sorted(spans)


def _kind(name: str) -> str:
    return next((kind for endings, kind in _KINDS if name.endswith(endings)), "other")
