"""The sheets of an action plan: each belongs to an initiative of the list and adds phases and indicators."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_action_list import PlanList
from dxlod.layout.gifu_action_phase import Schedule, phase_codes, placed_years
from dxlod.layout.gifu_action_scan import Period, Sheet
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy

__all__ = ["Heading", "read_sheets"]

_SIMILAR = 0.8
_PAIRS = 20_000  # similarity is slow: it is tried for the few sheets that no title fits
_NONE = ("-", "なし", "設定なし", "未設定")
_QUANTITY = re.compile(
    r"(?:数|率|割合|件|回|種類|種別|時間|日|人|量|額|度|値|点|スコア|ポイント|コスト|費|面積|距離|実績|状況|有無)"
    r"(?:[（(][^（）()]*[）)])?$"
)
_HIRAGANA = re.compile(r"[ぁ-ん]$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter heading above sheets, and the policy that it names."""

    line: int
    policy: Row


class _SheetReader:
    def __init__(self, draft: Draft, plan: PlanList, headings: Sequence[Heading]) -> None:
        self._draft = draft
        self._plan = plan
        self._headings = headings
        self._starts = [heading.line for heading in headings]
        self._waiting: dict[str, deque[Row]] = defaultdict(deque)
        for row in plan.initiatives:
            self._waiting[fold(row.title)].append(row)
        self._taken: dict[str, Row] = {}
        self._pairs = _PAIRS
        self._astray: dict[tuple[int, int], list[Lines]] = {}

    def run(self, sheets: Sequence[Sheet]) -> None:
        close = self._close_titles(sheets)
        for sheet in sheets:
            for line in sheet.repeated:
                self._draft.ignore(Lines.of(line), "line printed twice")
            if not sheet.title:
                self._note_untitled(sheet)
            elif fold(sheet.title) in self._taken and not self._waiting.get(fold(sheet.title)):
                self._note_repeated(sheet)
            else:
                self._read(sheet, close.get(id(sheet)))
        self._note_astray()
        self._check_marks()

    # -- which initiative --------------------------------------------------------------------------

    def _close_titles(self, sheets: Sequence[Sheet]) -> dict[int, Row]:
        """Initiatives for the sheets whose title is not quite that of the list."""
        titles = {fold(sheet.title) for sheet in sheets}
        free = [row for row in self._plan.initiatives if fold(row.title) not in titles]
        found: dict[int, Row] = {}
        for sheet in sheets:
            if not sheet.title or fold(sheet.title) in self._waiting or self._pairs < len(free):
                continue
            self._pairs -= len(free)
            best = max(((_ratio(sheet.title, row.title), -n) for n, row in enumerate(free)), default=(0.0, 0))
            if best[0] >= _SIMILAR:
                found[id(sheet)] = free.pop(-best[1])
        return found

    def _read(self, sheet: Sheet, close: Row | None) -> None:
        queue = self._waiting.get(fold(sheet.title))
        initiative = queue.popleft() if queue else close or self._add_unlisted(sheet)
        self._taken[fold(sheet.title)] = initiative
        initiative.cells["has_sheet"] = True
        initiative.cite(Lines.of(sheet.line))
        if initiative is close:
            self._keep_title(sheet, initiative)
        self._check_measure(sheet, initiative)
        self._check_heading(sheet, initiative)
        if sheet.content:
            self._draft.describe(initiative, "content", Lines.of(*sheet.content))
        self._read_schedule(sheet, initiative)
        self._read_indicators(sheet, initiative)

    def _add_unlisted(self, sheet: Sheet) -> Row:
        heading = self._heading(sheet)
        policy = heading.policy if heading else None
        measure = self._plan.measures.get((id(policy), fold(sheet.measure)))
        initiative = self._draft.add(
            "initiative",
            Lines.of(sheet.line),
            under=measure or policy,
            title=sheet.title,
            policy=policy,
            measure=measure,
            sheet_marked=False,
        )
        if policy is None or measure is None:
            initiative.mark_unknown(
                *(["policy"] if policy is None else []), *(["measure"] if measure is None else [])
            )
        self._plan.initiatives.append(initiative)
        self._draft.note(
            "sheet-not-listed",
            f"取組シート「{sheet.title}」に当たる取組が一覧にありません。",
            f"The list has no initiative for the sheet “{sheet.title}”.",
            Lines.of(sheet.line),
            initiative,
            "title",
        )
        return initiative

    def _keep_title(self, sheet: Sheet, initiative: Row) -> None:
        initiative.cells["sheet_title"] = sheet.title
        self._draft.note(
            "title-differs",
            f"一覧では「{initiative.title}」、取組シートでは「{sheet.title}」です。",
            f"The list has “{initiative.title}”, the sheet “{sheet.title}”.",
            initiative.lines,
            initiative,
            "sheet_title",
        )

    # -- list against sheet ------------------------------------------------------------------------

    def _check_measure(self, sheet: Sheet, initiative: Row) -> None:
        measure = initiative.cells.get("measure")
        if not sheet.measure:
            return
        if isinstance(measure, Row) and fold(measure.title) == fold(sheet.measure):
            measure.cite(Lines.of(sheet.line))
            return
        initiative.cells["sheet_measure"] = sheet.measure
        listed = measure.title if isinstance(measure, Row) else ""
        if listed:
            self._draft.note(
                "measure-differs",
                f"取組「{initiative.title}」の取組事項は、一覧では「{listed}」、取組シートでは「{sheet.measure}」です。",
                f"The list puts “{initiative.title}” under “{listed}”, its sheet under “{sheet.measure}”.",
                initiative.lines,
                initiative,
                "sheet_measure",
            )

    def _heading(self, sheet: Sheet) -> Heading | None:
        place = bisect_right(self._starts, sheet.line) - 1
        return self._headings[place] if place >= 0 else None

    def _check_heading(self, sheet: Sheet, initiative: Row) -> None:
        heading = self._heading(sheet)
        policy = initiative.cells.get("policy")
        if heading is not None and isinstance(policy, Row) and heading.policy is not policy:
            place = (bisect_right(self._starts, heading.line) - 1, id(policy))
            self._astray.setdefault(place, []).append(Lines.of(sheet.line))

    def _note_astray(self) -> None:
        policies = {id(row): row for row in self._plan.policies.values()}
        for (place, policy), lines in self._astray.items():
            above, own = self._headings[place].policy.title, policies[policy].title
            self._draft.note(
                "heading-missing",
                f"「{own}」の取組シート{len(lines)}枚が見出し「{above}」の下にあります（章の見出しが落ちています）。",
                f"{len(lines)} sheet(s) of “{own}” stand below “{above}”; their own heading is lost.",
                Lines.merge(r for part in lines for r in part.ranges) | Lines.of(self._headings[place].line),
                policies[policy],
            )

    def _check_marks(self) -> None:
        for row in self._plan.initiatives:
            marked, has = row.cells.get("sheet_marked"), bool(row.cells.get("has_sheet"))
            if marked is True and not has:
                self._draft.note(
                    "sheet-missing",
                    f"取組「{row.title}」は一覧に○がありますが、取組シートがありません。",
                    f"The list marks “{row.title}” as having a sheet, but there is none.",
                    row.lines,
                    row,
                    "has_sheet",
                )
            elif marked is False and has and row.cells.get("start_fy"):
                self._draft.note(
                    "mark-missing",
                    f"取組「{row.title}」には取組シートがありますが、一覧に○がありません。",
                    f"“{row.title}” has a sheet, but the list does not mark it.",
                    row.lines,
                    row,
                    "sheet_marked",
                )

    def _note_untitled(self, sheet: Sheet) -> None:
        self._draft.note(
            "sheet-untitled",
            "具体的な取組の名称が落ちた取組シートがあります。その内容は使われませんでした。",
            "The title of a sheet is lost; what the sheet says was not used.",
            Lines.of(*_lines(sheet)),
        )

    def _note_repeated(self, sheet: Sheet) -> None:
        self._draft.ignore(Lines.of(*_lines(sheet)), "sheet printed twice")
        self._draft.note(
            "sheet-repeated",
            f"取組シート「{sheet.title}」が2回あります。初めのものを使いました。",
            f"The sheet “{sheet.title}” stands twice; the first was used.",
            Lines.of(sheet.line),
            self._taken[fold(sheet.title)],
        )

    # -- schedule ----------------------------------------------------------------------------------

    def _read_schedule(self, sheet: Sheet, initiative: Row) -> None:
        years, row = sheet.rows.get("years"), sheet.rows.get("schedule")
        if row is None:
            self._lost(initiative, "phases", "スケジュール", "schedule", sheet)
            if years:
                self._draft.ignore(Lines.of(years[0]), "years of a schedule that is lost")
            return
        schedule = Schedule.of(self._draft, years, row)
        initiative.cite(Lines.of(row[0]))
        self._take_period(schedule.period, row[0], initiative)
        if years:
            self._check_years(schedule, years[0], row[0], initiative)
        labels = [(place, cell) for place, cell in enumerate(schedule.cells) if cell]
        if not labels:
            self._lost(initiative, "phases", "工程の名称", "names of phases", sheet)
            if years:
                self._draft.ignore(Lines.of(years[0]), "years of a schedule without phases")
        placed = placed_years(schedule)
        for place, label in labels:
            self._add_phase(initiative, schedule, label, placed.get(place))

    def _take_period(self, period: Period | None, line: int, initiative: Row) -> None:
        if period is None or period.start is None:
            initiative.mark_unknown("sheet_start_fy", "sheet_end_fy")
            self._draft.note(
                "sheet-years-lost",
                f"取組「{initiative.title}」のシートの期間を読み取れません。",
                f"The period on the sheet of “{initiative.title}” cannot be read.",
                Lines.of(line),
                initiative,
                "sheet_start_fy",
            )
            return
        initiative.cells.update(sheet_start_fy=period.start, sheet_end_fy=period.end)
        start, end = initiative.cells.get("start_fy"), initiative.cells.get("end_fy")
        if start is not None and (start, end) != (period.start, period.end):
            self._draft.note(
                "years-differ",
                f"取組「{initiative.title}」の年度は、一覧では {start}～{end or ''}、取組シートでは "
                f"{period.start}～{period.end or ''} です。",
                f"The years of “{initiative.title}” are {start}–{end or ''} in the list, "
                f"{period.start}–{period.end or ''} on the sheet.",
                initiative.lines,
                initiative,
                "sheet_start_fy",
            )

    def _check_years(self, schedule: Schedule, years: int, line: int, initiative: Row) -> None:
        self._draft.ignore(Lines.of(years), "year headings")
        period, header = schedule.period, schedule.years
        if period and period.end and header and header[-1] < period.end:
            self._draft.note(
                "year-headings-short",
                f"取組「{initiative.title}」のシートの期間は {period.end} 年度までですが、"
                f"年度欄は {header[-1]} 年度までです。",
                f"The sheet of “{initiative.title}” has years to {header[-1]}, its period {period.end}.",
                Lines.of(years, line),
                initiative,
                "phases",
            )

    def _add_phase(self, initiative: Row, schedule: Schedule, label: str, year: int | None) -> None:
        lines = Lines.of(schedule.line) if year is None else Lines.of(schedule.line, schedule.header)
        phase = self._draft.add(
            "phase",
            lines,
            under=initiative,
            initiative=initiative,
            fiscal_year=year,
            label=label,
            phases=phase_codes(label),
        )
        if year is None:
            phase.mark_unknown("fiscal_year")
            self._draft.note(
                "phase-not-placed",
                f"取組「{initiative.title}」の工程「{label}」が始まる年度は、原文の欄の位置からは決まりません。",
                f"The first year of “{label}” of “{initiative.title}” cannot be told from its place.",
                lines,
                phase,
                "fiscal_year",
            )

    # -- indicators --------------------------------------------------------------------------------

    def _read_indicators(self, sheet: Sheet, initiative: Row) -> None:
        row = sheet.rows.get("indicators")
        cells = [cell for cell in row[1] if cell][1:] if row else []
        if row is None or not cells:
            self._lost(initiative, "indicators", "評価指標", "indicators", sheet)
            if row:
                initiative.cite(Lines.of(row[0]))
            return
        if cells == ["一"]:
            self._draft.correct(row[0], "一", "－", "横棒が漢字の一に読み違えられている")
            cells = ["－"]
        if all(fold(cell) in _NONE for cell in cells):
            initiative.mark_none("indicators")
            initiative.cite(Lines.of(row[0]))
            return
        for cell in cells:
            for name in self._split_indicators(cell, row[0], initiative):
                self._draft.add(
                    "indicator", Lines.of(row[0]), under=initiative, name=name, initiative=initiative
                )

    def _split_indicators(self, cell: str, line: int, initiative: Row) -> list[str]:
        """The indicators of a cell. 「、」 parts them where a quantity (…数, …率) stands before it."""
        names, start, doubtful = [], 0, False
        for place in _commas(cell):
            before = cell[start:place]
            if _QUANTITY.search(before):
                names.append(before)
                start = place + 1
            elif not _HIRAGANA.search(before):
                doubtful = True
        names.append(cell[start:])
        if doubtful:
            self._draft.note(
                "comma-doubtful",
                f"取組「{initiative.title}」の評価指標の「、」が区切りかどうか分かりません。区切らずに読みました。",
                f"Whether a comma parts indicators of “{initiative.title}” is unclear; it was not read so.",
                Lines.of(line),
                initiative,
                "indicators",
            )
        return [tidy(name) for name in names if name.strip()]

    def _lost(self, initiative: Row, column: str, ja: str, en: str, sheet: Sheet) -> None:
        initiative.mark_unknown(column)
        self._draft.note(
            f"{column}-lost",
            f"取組「{initiative.title}」のシートの{ja}を読み取れません。",
            f"The {en} on the sheet of “{initiative.title}” cannot be read.",
            Lines.of(sheet.line),
            initiative,
            column,
        )


def _lines(sheet: Sheet) -> list[int]:
    return [sheet.line, *(line for line, _ in sheet.rows.values()), *sheet.content]


def _commas(text: str) -> list[int]:
    """Places of 「、」 and 「，」 outside brackets."""
    places, depth = [], 0
    for place, char in enumerate(text):
        depth += (char in "（(「『【［[") - (char in "）)」』】］]" and depth > 0)
        if char in "、，" and depth == 0:
            places.append(place)
    return places


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, fold(one), fold(other), autojunk=False)
    if matcher.real_quick_ratio() < _SIMILAR or matcher.quick_ratio() < _SIMILAR:
        return 0.0
    return matcher.ratio()


def read_sheets(draft: Draft, plan: PlanList, sheets: Sequence[Sheet], headings: Sequence[Heading]) -> None:
    """Attach the sheets to the initiatives and add their phases and indicators. ``headings``: by line."""
    _SheetReader(draft, plan, headings).run(sheets)
