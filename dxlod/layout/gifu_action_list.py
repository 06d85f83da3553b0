"""The list of initiatives of an action plan: policies (視点 or chapters), 取組事項 and initiatives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dxlod.layout.draft import Draft, Row, number_part
from dxlod.layout.gifu_action_cells import CONTINUED, Item, read_item, split_titles
from dxlod.layout.gifu_action_scan import ListRow, Period, Scan, find_periods
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy

__all__ = ["PlanList", "read_list"]

_MARK = re.compile(r"[○〇◯●]")


@dataclass
class PlanList:
    """What the list gave: policies and measures by folded title, and the initiatives in order."""

    policies: dict[str, Row] = field(default_factory=dict)
    measures: dict[tuple[int, str], Row] = field(default_factory=dict)
    initiatives: list[Row] = field(default_factory=list)


class _ListReader:
    def __init__(self, draft: Draft, parts: Scan) -> None:
        self._draft = draft
        self._rows = parts.rows
        self._chapters = {fold(entry.title) for entry in parts.contents}
        self._sheets = {fold(sheet.title) for sheet in parts.sheets if sheet.title}
        self._list = PlanList()
        self._policy: Row | None = None
        self._measure: Row | None = None
        self._labels: list[tuple[Row, int, str, str]] = []
        self._titles: dict[tuple[int, str], tuple[Row, ListRow]] = {}

    def run(self) -> PlanList:
        for index, row in enumerate(self._rows):
            item, measure = read_item(row.item), row.measure
            if self._is_shifted(index, item):
                item, measure = self._shift(row)
            elif self._is_stray(item, measure):
                self._correct_stray(row)
                item = Item()
            self._take_policy(row, item)
            self._take_measure(row, measure)
            self._take_initiatives(row)
        self._settle_numbers()
        self._check_goals()
        return self._list

    # -- labels in the wrong column --------------------------------------------------------------------

    def _is_shifted(self, index: int, item: Item) -> bool:
        """Whether the 取組事項 cell runs through the titles of this and the following rows."""
        rest = fold(self._rows[index].measure)
        count = 0
        while item.title and rest and index + count < len(self._rows):
            title = fold(self._rows[index + count].title)
            if not title or not rest.startswith(title):
                break
            rest, count = rest[len(title) :], count + 1
        return count > 1 and not rest

    def _shift(self, row: ListRow) -> tuple[Item, str]:
        reason = "取組事項の名称が項目の欄に、取組名の並びが取組事項の欄に入っている"
        self._correct(row, f"{row.item}\t", f"\t{row.item}\t", reason)
        return Item(), row.item

    def _is_stray(self, item: Item, measure: str) -> bool:
        """Whether the 項目 cell only repeats the 取組事項 of its row (and is no chapter)."""
        folded = fold(item.title)
        known = folded in self._chapters or folded in self._list.policies
        return bool(folded and measure) and not known and folded in fold(measure)

    def _correct_stray(self, row: ListRow) -> None:
        self._correct(row, row.item, "", "取組事項の名称が項目の欄にも入っている")

    def _correct(self, row: ListRow, printed: str, read: str, reason: str) -> None:
        line = row.lines.ranges[0][0]
        if printed in self._draft.line(line):
            self._draft.correct(line, printed, read, reason)

    # -- policies and measures ---------------------------------------------------------------------------

    def _take_policy(self, row: ListRow, item: Item) -> None:
        if item.title:
            self._open_policy(row, item)
        if item.goals and self._policy is not None:
            known = self._policy.cells.get("sdgs")
            goals = set(known) if isinstance(known, list) else set()
            self._policy.cells["sdgs"] = sorted(goals | set(item.goals))
            self._policy.cite(row.lines)

    def _open_policy(self, row: ListRow, item: Item) -> None:
        policy = self._list.policies.get(fold(item.title))
        if policy is None:
            if item.continued:
                self._note_lost(row, f"項目「{item.title}」", f"item “{item.title}”")
            policy = self._draft.add(
                "policy",
                row.lines,
                part=number_part(item.number) if item.number else "",
                number=item.number or None,
                category=item.category or None,
                title=item.title,
            )
            self._list.policies[fold(item.title)] = policy
        else:
            policy.cite(row.lines)
        if item.number:
            self._labels.append((policy, row.lines.ranges[0][0], item.category, item.number))
        if policy is not self._policy:
            self._policy, self._measure = policy, None

    def _take_measure(self, row: ListRow, cell: str) -> None:
        title = tidy(CONTINUED.sub("", cell))
        if not title:
            return
        place = (id(self._policy), fold(title))
        measure = self._list.measures.get(place)
        if measure is None:
            if CONTINUED.search(cell):
                self._note_lost(row, f"取組事項「{title}」", f"policy measure “{title}”")
            measure = self._draft.add(
                "policy_measure", row.lines, under=self._policy, title=title, policy=self._policy
            )
            if self._policy is None:
                measure.mark_unknown("policy")
            self._list.measures[place] = measure
        else:
            measure.cite(row.lines)
        self._measure = measure

    def _note_lost(self, row: ListRow, ja: str, en: str) -> None:
        self._draft.note(
            "label-lost",
            f"{ja}の（続き）がありますが、最初の見出しが一覧にありません。",
            f"The {en} is continued, but the list has no first label of it.",
            row.lines,
        )

    # -- initiatives ---------------------------------------------------------------------------------------

    def _take_initiatives(self, row: ListRow) -> None:
        periods = find_periods(row.years)
        if not row.title:
            if periods:
                self._draft.note(
                    "title-lost",
                    "実施予定年度がありますが、具体的な取組の名称がありません。",
                    "There are fiscal years, but the title of the initiative is lost.",
                    row.lines,
                )
            return
        titles = split_titles(row.title, len(periods), self._sheets) if len(periods) > 1 else [row.title]
        if not titles:
            self._draft.note(
                "titles-not-separable",
                f"1行に年度が{len(periods)}個ありますが、取組の名称を{len(periods)}個に分けられません。",
                f"The row has {len(periods)} spans of years, but its titles cannot be told apart.",
                row.lines,
            )
            titles, periods = [row.title], []
        marks = self._marks(row, titles)
        for place, title in enumerate(titles):
            self._add(row, tidy(title), periods[place] if place < len(periods) else None, marks[place])

    def _marks(self, row: ListRow, titles: Sequence[str]) -> list[bool | None]:
        """The ○ of each title. Fewer marks than titles are placed by the sheets, where these are as many."""
        count = len(_MARK.findall(row.mark))
        if count in (0, len(titles)):
            return [count > 0] * len(titles)
        if len(titles) == 1:
            return [True]
        with_sheet = [fold(title) in self._sheets for title in titles]
        if sum(with_sheet) == count:
            self._draft.note(
                "mark-placed-by-sheet",
                f"1行に取組が{len(titles)}件、○が{count}個あります。○は取組シートのある取組のものとしました。",
                f"The row has {len(titles)} initiatives and {count} mark(s); "
                "the marks were given to the initiatives that have a sheet.",
                row.lines,
            )
            return list(with_sheet)
        self._draft.note(
            "mark-not-placed",
            f"1行に取組が{len(titles)}件、○が{count}個あり、どの取組の○か分かりません。",
            f"The row has {len(titles)} initiatives and {count} mark(s); whose they are cannot be told.",
            row.lines,
        )
        return [None] * len(titles)

    def _add(self, row: ListRow, title: str, period: Period | None, mark: bool | None) -> None:
        if self._is_repeated(row, title):
            return
        initiative = self._draft.add(
            "initiative",
            row.lines,
            under=self._measure or self._policy,
            title=title,
            policy=self._policy,
            measure=self._measure,
            start_fy=period.start if period else None,
            end_fy=period.end if period else None,
            sheet_marked=mark,
            has_sheet=False,
        )
        self._titles[id(self._measure), fold(title)] = (initiative, row)
        self._list.initiatives.append(initiative)
        self._mark_lost(initiative, row, period)
        if mark is None:
            initiative.mark_unknown("sheet_marked")

    def _mark_lost(self, initiative: Row, row: ListRow, period: Period | None) -> None:
        lost = [name for name in ("policy", "measure") if initiative.cells[name] is None]
        if period is None or period.start is None:
            lost += ["start_fy", "end_fy"]
        if lost:
            initiative.mark_unknown(*lost)
            self._draft.note(
                "row-incomplete",
                f"取組「{initiative.title}」の項目・取組事項・実施予定年度のいずれかを読み取れません。",
                f"The item, the measure or the years of the initiative “{initiative.title}” cannot be read.",
                row.lines,
                initiative,
                lost[0],
            )

    def _is_repeated(self, row: ListRow, title: str) -> bool:
        earlier = self._titles.get((id(self._measure), fold(title)))
        if earlier is None:
            return False
        same = (earlier[1].title, earlier[1].years, earlier[1].mark) == (row.title, row.years, row.mark)
        self._draft.note(
            "title-repeated",
            f"取組「{title}」が同じ取組事項に2回あります。",
            f"The initiative “{title}” stands twice under the same policy measure.",
            earlier[0].lines | row.lines,
            earlier[0],
            "title",
        )
        adjacent = same and row.lines.ranges[0][0] == earlier[1].lines.ranges[-1][1] + 1
        if adjacent:
            earlier[0].cite(row.lines)
        return adjacent

    # -- numbers and goals -----------------------------------------------------------------------------------

    def _settle_numbers(self) -> None:
        """Where other items have Arabic figures, a Roman one (``視点 I``) is a misread figure."""
        arabic = any(number.isdigit() for _, _, _, number in self._labels)
        for policy, line, category, number in self._labels:
            if arabic and not number.isdigit():
                figure = number_part(number)
                printed = re.search(rf"{category}\s*{number}", self._draft.line(line))
                if printed:
                    self._draft.correct(
                        line, printed[0], f"{category}{figure}", "算用数字がローマ数字に読み違えられている"
                    )
                policy.cells["number"] = figure
        self._check_numbers()

    def _check_numbers(self) -> None:
        numbered: dict[str, Row] = {}
        for policy, line, category, number in self._labels:
            figure = number_part(number)
            other = numbered.setdefault(figure, policy)
            if other is not policy:
                self._draft.note(
                    "number-repeated",
                    f"「{category}{figure}」が「{other.title}」と「{policy.title}」の両方にあります。",
                    f"“{category}{figure}” stands for both “{other.title}” and “{policy.title}”.",
                    other.lines | Lines.of(line),
                    policy,
                    "number",
                )
        missing = [
            n
            for n in range(1, max(map(int, filter(str.isdigit, numbered)), default=0))
            if str(n) not in numbered
        ]
        if missing:
            self._draft.note(
                "number-missing",
                f"項目の番号 {'、'.join(map(str, missing))} がありません。",
                f"There is no item with the number(s) {', '.join(map(str, missing))}.",
                Lines.merge(r for row in numbered.values() for r in row.lines.ranges),
            )

    def _check_goals(self) -> None:
        policies = list(self._list.policies.values())
        if not any(policy.cells.get("sdgs") for policy in policies):
            return
        for policy in policies:
            if not policy.cells.get("sdgs"):
                policy.mark_unknown("sdgs")
                self._draft.note(
                    "sdgs-lost",
                    f"他の項目には SDGs の番号がありますが、「{policy.title}」の番号は読み取れません。",
                    f"Other items show SDG goals; those of “{policy.title}” cannot be read.",
                    policy.lines,
                    policy,
                    "sdgs",
                )


def read_list(draft: Draft, parts: Scan) -> PlanList:
    """Add the policies, measures and initiatives of the list."""
    return _ListReader(draft, parts).run()
