"""Item sheets: 取組項目, 担当, 取組内容, 目標, 取組計画, 数値目標, in rows under a header of fiscal years.

Labels may stand a row off, so a row is known by what it holds: phase words make the title above an
action, figures make it an indicator; a bracket with a fiscal year (（令和6年度実績：…）) is a baseline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dxlod.layout.draft import Draft, Row, number_part
from dxlod.layout.tokushima_cells import (
    SheetRow,
    Title,
    is_none,
    is_shifted,
    parse_row,
    phase_codes,
    place,
    read_title,
)
from dxlod.layout.tokushima_targets import Targets, years_ja
from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup

__all__ = ["Sheet", "SheetLabel", "sheet_label"]

_LABELS = (
    ("item", re.compile(r"(?:取組|施策|事業)項目(?:名|名称)?")),
    ("units", re.compile(r"(?:主)?担当(?:課|部署|部局|課等|所属|室)?名?")),
    ("content", re.compile(r"(?:取組|事業|施策)?(?:の)?(?:内容|概要)")),
    ("goal", re.compile(r"(?:取組|施策)?目標|目指す姿|(?:期待(?:される|する)?)?効果")),
    ("plan", re.compile(r"(?:取組|実施|年度|年次)?計画|スケジュール|工程表?")),
    ("target", re.compile(r"(?:数値|成果)目標値?|目標値|(?:評価|成果)?指標|KPI")),
)
_BLOCKS = ("plan", "target", "mixed")
_LOOSE = re.compile(r"\s*(取組項目|担当|取組計画|数値目標)[\s　]+(\S.*)", re.DOTALL)
_MARK = re.compile(r"(?:^|[\s・>。])[(（]\s*([0-9０-９]{1,3})\s*[)）]")


@dataclass(frozen=True, slots=True)
class SheetLabel:
    """The label a row begins with (item, units, content, goal, plan, target), as printed, and the cells."""

    kind: str
    printed: str
    cells: tuple[str, ...]


def sheet_label(line: str) -> SheetLabel | None:
    """The label of a sheet's row, or None. The label's own cell is blanked in ``cells``."""
    cells = line.split("\t")
    word = fold(strip_markup(cells[0])).replace("#", "").replace("*", "")
    for kind, pattern in _LABELS:
        if len(cells) > 1 and pattern.fullmatch(word):
            return SheetLabel(kind, cells[0].strip(), ("", *cells[1:]))
    if match := _LOOSE.fullmatch(line):
        kind = next(kind for kind, pattern in _LABELS if pattern.fullmatch(match[1]))
        return SheetLabel(kind, match[1], ("", *match[2].split("\t")))
    return None


@dataclass
class _Subject:
    """An action or an indicator that has been read: its title and the cells it took."""

    name: tuple[str, str, tuple[str, str] | None]
    cells: tuple[str, ...] = ()


@dataclass
class Sheet:
    """Reads the rows of one item after its title row; :meth:`finish` when the next one begins."""

    draft: Draft
    item: Row
    label: str = ""
    plan_word: str = "取組計画"
    seen: set[str] = field(default_factory=set)
    years: tuple[tuple[int, int], ...] = ()
    header: int = 0
    pending: Title | None = None
    last: _Subject | None = None
    marks: set[str] = field(default_factory=set)
    actions: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    labelled: list[int] = field(default_factory=list)

    # -- rows -----------------------------------------------------------------------------------------

    def prose(self, kind: str, line: int, text: str) -> None:
        """A row of running prose; its number marks tell which actions there should be."""
        self.label = kind
        self.seen.add(kind)
        self.draft.describe(self.item, kind, Lines.of(line))
        if kind == "content":
            self.marks |= {str(int(mark)) for mark in _MARK.findall(strip_markup(text))}

    def feed(self, line: int, label: SheetLabel | None, text: str) -> bool:
        """Read a row of the plan or target block. False where it is no such row."""
        before = self.label
        if label is not None:
            self.label = label.kind
            self.plan_word = label.printed if label.kind == "plan" else self.plan_word
        row = parse_row(label.cells if label else text.split("\t"), self._columns)
        if row.years:
            self._header(line, row)
            return True
        if label is None and before in ("content", "goal") and _is_prose(text):
            self.prose(before, line, text)
            return True
        if label is None and not self._may_read(row, text, in_block=before in _BLOCKS):
            return False
        if label is not None and label.kind == "target":
            self.labelled.append(line)
        if row.text:
            self._title(line, row, label)
        elif row.cells:
            self._cells(line, row, label)
        else:
            self.draft.ignore(Lines.of(line), "empty table row")
        return True

    @staticmethod
    def _may_read(row: SheetRow, text: str, *, in_block: bool) -> bool:
        """Whether a row without a known label may be a title or cells: inside a block, or numbered."""
        if row.unknown_label:
            return False
        title = read_title(row.text, 0)
        marked = bool(title.number or title.baseline or row.cells)
        if "\t" not in text:
            return in_block and marked and "。" not in text
        return in_block or (marked and "。" not in text)

    def _header(self, line: int, row: SheetRow) -> None:
        self._close()
        self.years, self.header = row.years, line
        self.label = self.label if self.label in _BLOCKS else "plan"
        self.draft.ignore(Lines.of(line), "header of fiscal years")

    @property
    def _columns(self) -> list[int]:
        return [column for column, _ in self.years]

    def _title(self, line: int, row: SheetRow, label: SheetLabel | None) -> None:
        title = read_title(
            row.text, line, self.label, label.printed if label and label.kind == "target" else ""
        )
        if self._printed_again(title, row):
            self.repeats.append(line)
            return
        if self.pending is not None and _is_open(self.pending.name) and not title.number:
            self._continue(line, row.text)
        else:
            self._close()
            self.pending = title
        if row.cells:
            self._settle(line, row)

    def _printed_again(self, title: Title, row: SheetRow) -> bool:
        """Whether the title (with its cells, if it has any) is the one just read, printed again."""
        name = (title.number, title.name, title.baseline)
        if self.pending is not None:
            before = self.pending
            return not row.cells and name == (before.number, before.name, before.baseline)
        return (
            self.last is not None
            and bool(row.cells)
            and (self.last.name, self.last.cells) == (name, row.texts)
        )

    def _continue(self, line: int, text: str) -> None:
        before = self.pending
        assert before is not None
        whole = read_title(f"{before.number}{before.name}{text}", before.line, before.block, before.label)
        self.pending = replace(whole, more=(*before.more, line))

    def _cells(self, line: int, row: SheetRow, label: SheetLabel | None) -> None:
        if label is not None and label.kind == "target" and row.has_phases:
            self._relabel(line, label.printed)
        if self.pending is not None:
            self._settle(line, row)
        elif self._says_none(row, label):
            self.item.cite(Lines.of(line))
            self.item.mark_none("indicators")
        elif self.last is not None and self.last.cells == row.texts:
            self.repeats.append(line)
        else:
            self.orphans.append(line)

    def _says_none(self, row: SheetRow, label: SheetLabel | None) -> bool:
        return label is not None and label.kind == "target" and all(is_none(text) for text in row.texts)

    def _relabel(self, line: int, printed: str) -> None:
        """The label of the targets stands on a row of the plan above them; rows of either block may follow."""
        self.label = "mixed"
        reason = f"見出し「{printed}」が上の段にずれている。工程の行。"
        self.draft.correct(line, printed, self.plan_word, reason)

    # -- titles ---------------------------------------------------------------------------------------

    def _settle(self, line: int, row: SheetRow) -> None:
        """The pending title and its cells: an action where the cells are phases, otherwise an indicator.

        Figures on the line below a title of the plan block are not its cells: a title between them is lost.
        """
        title = self.pending
        assert title is not None
        if title.block == self.label == "plan" and title.baseline is None and self._foreign(row):
            self._close()
            self.orphans.append(line)
            return
        self.pending = None
        self._record_shape(line, row)
        if title.baseline is None and (row.has_phases or self._dashes_of_plan(row)):
            self._action(title, line, row)
        else:
            self._indicator(title, line, row)

    @staticmethod
    def _foreign(row: SheetRow) -> bool:
        return not row.text and not row.has_phases and not all(is_none(text) for text in row.texts)

    def _dashes_of_plan(self, row: SheetRow) -> bool:
        return self.label != "target" and all(is_none(text) for text in row.texts)

    def _close(self) -> None:
        """A title whose row of cells does not come: known by its baseline, or else by its label."""
        title, self.pending = self.pending, None
        if title is None:
            return
        if title.baseline is None and title.block != "target":
            self._action(title, 0, None)
        else:
            self._indicator(title, 0, None)

    def _record_shape(self, line: int, row: SheetRow) -> None:
        if row.glued:
            as_read = "\t".join(text for _, text in row.cells)
            self.draft.correct(
                line, row.glued, as_read, "年度ごとのセルが1つに続いている。空白で分けて読む。"
            )
        if is_shifted(row.cells, self._columns) and row.text_column is None:
            first = self.draft.line(line).split("\t")[0]
            reason = "初年度のセルが見出しの列にずれている。"
            self.draft.correct(line, f"{first}\t\t", f"\t{first}\t", reason)

    # -- actions --------------------------------------------------------------------------------------

    def _action(self, title: Title, line: int, row: SheetRow | None) -> None:
        if title.label:
            self._relabel(title.line, title.label)
        action = self.draft.add(
            "action",
            title.lines,
            under=self.item,
            part=number_part(title.number),
            number=title.number,
            title=title.name,
            initiative=self.item,
        )
        self.actions.append(action)
        self.last = _Subject((title.number, title.name, title.baseline), row.texts if row else ())
        if row is None:
            self._unknown_phases(action, "phases-lost", title.lines, "年度別の工程の行がありません。",
                                 "has no row of phases by fiscal year.")  # fmt: skip
        else:
            self._phases(action, line, row)

    def _phases(self, action: Row, line: int, row: SheetRow) -> None:
        placed = place(row.cells, self._columns, row.text_column)
        for (_, year), label in zip(self.years, placed, strict=True):
            if label is not None and not is_none(label):
                self._phase(action, Lines.of(line, self.header), label, year)
        if not self.years or (not any(placed) and len(row.cells) <= len(self.years)):
            for label in row.texts:
                if not is_none(label):
                    self._phase(action, Lines.of(line), label, None)
        if self.years and all(label is not None and is_none(label) for label in placed):
            action.mark_none("phases")
        if None in placed or len(row.cells) != len(self.years):
            self._misfit(action, line, row, None in placed or not self.years)

    def _phase(self, action: Row, lines: Lines, label: str, year: int | None) -> None:
        self.draft.add(
            "phase",
            lines,
            under=action,
            unknown=() if year else ("fiscal_year",),
            initiative=self.item,
            action=action,
            fiscal_year=year,
            label=label,
            phases=phase_codes(label),
        )

    def _misfit(self, action: Row, line: int, row: SheetRow, open_years: bool) -> None:
        raw = "・".join(row.texts)
        count, years = len(row.cells), len(self.years)
        ja = f"「{action.title}」の工程は{years_ja(years)}{count}個（{raw}）です。"
        en = f"“{action.title}” has {count} phases ({raw}) for {years} fiscal years"
        lines = Lines.of(line, *([self.header] if self.header else []))
        if open_years:
            action.mark_unknown("phases")
            ja += "年度を特定できない分は不明としました。"
            en += "; those that cannot be placed are unknown."
        else:
            ja += "どのセルが余分でも同じ読みになります。"
            en += "; whichever cell is the surplus one, the reading is the same."
        self.draft.note("cells-misfit", ja, en, lines, action, "phases")

    def _unknown_phases(self, action: Row, code: str, lines: Lines, ja: str, en: str) -> None:
        action.mark_unknown("phases")
        self.draft.note(code, f"「{action.title}」の{ja}", f"“{action.title}” {en}", lines, action, "phases")

    # -- indicators -----------------------------------------------------------------------------------

    def _indicator(self, title: Title, line: int, row: SheetRow | None) -> None:
        targets = Targets(self.draft, self.item, self.actions, self.years, self.header)
        self.indicators.append(targets.write(title, line, row))
        self.last = _Subject((title.number, title.name, title.baseline), row.texts if row else ())

    # -- the end of the item --------------------------------------------------------------------------

    def finish(self) -> None:
        """Close the item: rows without a title, actions that the content numbers but the plan lacks."""
        self._close()
        have = {number_part(str(row.cells["number"])).split("-")[0] for row in self.actions}
        lost = sorted(self.marks - have, key=int) if any(have) else []
        if lost:
            self.orphans.extend(self.repeats)
        else:
            self._note_repeats()
        self.draft.ignore(Lines.of(*self.orphans), "row of cells without a title (see the finding)")
        if lost or self.orphans or not self.actions:
            self._note_lost(lost)
        if self.labelled and not self.indicators and "indicators" not in self.item.stated_none:
            self._note_no_indicator()

    def _note_repeats(self) -> None:
        """Rows printed again: the conversion doubles the rows of a marked-up table, others are worth a finding."""
        self.draft.ignore(Lines.of(*self.repeats), "row of cells printed again")
        odd = [line for line in self.repeats if "<t" not in self.draft.line(line - 1)]
        if odd:
            number = self.item.cells.get("number")
            ja = f"取組項目{number}で、同じ内容の工程の行が{len(odd)}行、重ねて印字されています。"
            en = f"Item {number}: phase rows printed again with the same cells: {len(odd)}."
            self.draft.note("rows-repeated", ja, en, Lines.of(*odd), self.item, "phases")

    def _note_lost(self, lost: Sequence[str]) -> None:
        number = self.item.cells.get("number")
        lines = self.item.lines | Lines.of(*self.orphans)
        self.item.mark_unknown("actions")
        ja = f"取組項目{number}の実施項目をすべては読み取れません。"
        en = f"Not all actions of item {number} can be read."
        if lost:
            ja += (
                "取組内容の番号"
                + "・".join(f"({mark})" for mark in lost)
                + "に当たる取組計画の行がありません。"
            )
            en += " The plan has no row for " + ", ".join(f"({mark})" for mark in lost) + " of the content."
        if self.orphans:
            ja += f"項目名のない行が{len(self.orphans)}行あります。"
            en += f" Rows without a title: {len(self.orphans)}."
        self.draft.note("actions-lost", ja, en, lines, self.item, "actions")

    def _note_no_indicator(self) -> None:
        ja = f"取組項目{self.item.cells.get('number')}の数値目標を読み取れません。"
        en = f"The indicator of item {self.item.cells.get('number')} cannot be read."
        self.item.mark_unknown("indicators")
        self.draft.note("indicators-lost", ja, en, Lines.of(*self.labelled), self.item, "indicators")


def _is_prose(text: str) -> bool:
    return "。" in text or strip_markup(text).lstrip().startswith(("・", "•", "-", "●", "■"))


def _is_open(text: str) -> bool:
    """Whether a bracket opened in a text is not closed in it, as where a line is broken."""
    return len(re.findall(r"[(（「]", text)) > len(re.findall(r"[)）」]", text))
