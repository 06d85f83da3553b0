"""Policies, the index of items and the item sheets, compared with each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dxlod.layout.draft import Draft, Row, number_part
from dxlod.layout.tokushima_sheet import Sheet, SheetLabel
from dxlod.layout.tokushima_units import read_units, same_units
from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup, tidy

__all__ = ["Items"]

_MARK = re.compile(r"\s*【\s*(新規|継続|拡充|拡大|重点|見直し|一部見直し|完了)\s*】\s*")
_NUMBERED = re.compile(r"\s*([0-9０-９]{1,4})(?![0-9０-９])[\s　.．、:：]*(.*)", re.DOTALL)
_INDEX = re.compile(r"\s*([0-9０-９]{1,4})\s*\t\s*([^\t]+?)\s*\t\s*([^\t]*?)\s*")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of the index."""

    line: int
    title: str
    is_new: bool
    units: str
    policy: Row | None


@dataclass
class Items:
    """Collects index rows and reads sheets; ``sheet`` is the one being read."""

    draft: Draft
    indexing: bool = False
    sheet: Sheet | None = None
    policies: dict[str, Row] = field(default_factory=dict)
    current: Row | None = None
    entries: dict[str, _Entry] = field(default_factory=dict)
    read: dict[str, Row] = field(default_factory=dict)
    new: list[tuple[Row, bool]] = field(default_factory=list)
    raw_units: str = ""
    lost: bool = False

    # -- policies -------------------------------------------------------------------------------------

    def policy(self, line: int, category: str, number: str, title: str, *, in_table: bool) -> Row:
        """The policy of this number, added when first seen; a line that names it otherwise is a finding."""
        row = self.policies.get(number)
        if row is None or row is not self.current:
            self.close()
        if row is None:
            row = self.policies[number] = self.draft.add(
                "policy", Lines.of(line), part=number, number=number, category=category, title=title
            )
        elif fold(row.title) == fold(title):
            row.cite(Lines.of(line))
        else:
            ja = f"{category}{number}の名称が「{row.title}」と「{title}」とで異なります。"
            en = f"Policy {number} is named “{row.title}” and “{title}”."
            self.draft.note("policy-title-differs", ja, en, Lines.of(line), row, "title")
            self.draft.ignore(Lines.of(line), "heading of a policy")
        self.current = row
        self.indexing = self.indexing or (in_table and not self.read)
        return row

    # -- index ----------------------------------------------------------------------------------------

    def index(self, line: int, text: str) -> bool:
        """Read an index row: number, title, units. False where it is none."""
        match = _INDEX.fullmatch(text) if self.indexing else None
        if match is None:
            return False
        number, title = str(int(match[1])), tidy(_MARK.sub("", match[2]))
        known = self.entries.get(number)
        if known is not None and fold(known.title) == fold(title):
            self.draft.ignore(Lines.of(line), "line printed again")
        elif known is not None:
            ja = f"一覧に番号{number}が2つあります（「{known.title}」「{title}」）。"
            en = f"The index has number {number} twice (“{known.title}”, “{title}”)."
            self.draft.note("index-number-twice", ja, en, Lines.of(known.line, line))
            self.draft.ignore(Lines.of(line), "index row (see the finding)")
        else:
            self.entries[number] = _Entry(line, title, "新規" in match[2], match[3], self.current)
        return True

    # -- sheets ---------------------------------------------------------------------------------------

    def start(self, line: int, label: SheetLabel) -> None:
        """Begin the sheet of an item at its title row."""
        raw = strip_markup(" ".join(cell for cell in label.cells if cell.strip()))
        match = _NUMBERED.fullmatch(_MARK.sub("", raw))
        number, title = (str(int(match[1])), tidy(match[2])) if match else ("", tidy(_MARK.sub("", raw)))
        if self.sheet is not None and self._is_current(number, title):
            self.draft.ignore(Lines.of(line), "line printed again")
            return
        self.close()
        self.indexing = False
        self._open(line, number, title, "新規" in "".join(_MARK.findall(raw)))

    def _is_current(self, number: str, title: str) -> bool:
        assert self.sheet is not None
        item = self.sheet.item
        return item.cells["number"] == number and fold(item.title) == fold(title)

    def _open(self, line: int, number: str, title: str, is_new: bool) -> None:
        entry = self.entries.get(number)
        lines = Lines.of(line, *([entry.line] if entry else []))
        row = self.draft.add(
            "initiative",
            lines,
            part=number_part(number),
            number=number,
            title=title,
            policy=self.current,
        )
        if not title:
            row.mark_unknown("title")
        self.new.append((row, is_new))
        self.raw_units = ""
        self.sheet = Sheet(self.draft, row)
        if number in self.read:
            ja, en = f"取組項目の番号{number}が2つあります。", f"Two items have the number {number}."
            self.draft.note("item-number-twice", ja, en, self.read[number].lines | lines, row, "number")
        elif number:
            self.read[number] = row
        if entry is not None:
            self._compare(row, entry, is_new)

    def _compare(self, row: Row, entry: _Entry, is_new: bool) -> None:
        lines = row.lines
        if fold(entry.title) != fold(row.title):
            ja = f"一覧の名称「{entry.title}」と取組項目の名称「{row.title}」が異なります。"
            en = f"The index has “{entry.title}”, the sheet “{row.title}”."
            self.draft.note("index-title-differs", ja, en, lines, row, "title")
        if entry.is_new != is_new:
            ja, en = (
                "【新規】の印が一覧と取組項目とで異なります。",
                "Index and sheet disagree on 【新規】 (new).",
            )
            self.draft.note("index-mark-differs", ja, en, lines, row, "is_new")
        if entry.policy is not None and entry.policy is not row.cells["policy"]:
            ja, en = (
                "取組方針が一覧と取組項目とで異なります。一覧によります。",
                "Index and sheet disagree on the policy; the index is followed.",
            )
            if row.cells["policy"] is not None:
                self.draft.note("index-policy-differs", ja, en, lines, row, "policy")
            row.cells["policy"] = entry.policy

    def feed(self, line: int, label: SheetLabel | None, text: str) -> bool:
        """Read a row of the sheet. False where it is none."""
        if self.sheet is not None and label is not None and self._is_next(label):
            self._lose(line)
        if self.sheet is None:
            self.draft.ignore(Lines.of(line), "sheet whose title row is lost (see the finding)")
        elif label is not None and label.kind == "units":
            self._units(line, label)
        elif label is not None and label.kind in ("content", "goal"):
            self.sheet.prose(label.kind, line, "\t".join(label.cells))
        else:
            return self.sheet.feed(line, label, text)
        return True

    def _is_next(self, label: SheetLabel) -> bool:
        """Whether a row belongs to another item, whose title row is lost: a block that this one has had."""
        assert self.sheet is not None
        if label.kind == "units":
            return bool(self.raw_units) and not same_units(self.raw_units, _text(label))
        return label.kind in ("content", "goal") and bool(self.sheet.header) and label.kind in self.sheet.seen

    def _lose(self, line: int) -> None:
        self.close()
        self.lost = True
        ja, en = (
            "取組項目の番号・名称の行がない表です。どの項目か特定できません。",
            "A sheet without the row of its number and title.",
        )
        self.draft.note("item-title-lost", ja, en, Lines.of(line))

    def _units(self, line: int, label: SheetLabel) -> None:
        assert self.sheet is not None
        item = self.sheet.item
        text = _text(label)
        if self.raw_units and same_units(self.raw_units, text):
            self.draft.ignore(Lines.of(line), "line printed again")
            return
        self.raw_units = text
        units = item.cells.setdefault("units", [])
        assert isinstance(units, list)
        units.extend(row for row in read_units(self.draft, line, text) if row not in units)
        item.cite(Lines.of(line))
        entry = self.entries.get(str(item.cells["number"]))
        if entry is not None and entry.units and not same_units(entry.units, text):
            ja, en = (
                "担当が一覧と取組項目とで異なります。取組項目によります。",
                "Index and sheet disagree on the units; the sheet is followed.",
            )
            self.draft.note("index-units-differ", ja, en, Lines.of(line, entry.line), item, "units")

    def close(self) -> None:
        """End the sheet being read."""
        sheet, self.sheet = self.sheet, None
        self.lost = False
        if sheet is None:
            return
        sheet.finish()
        self._settle_units(sheet.item)
        if sheet.item.cells["policy"] is None:
            sheet.item.mark_unknown("policy")

    def _settle_units(self, item: Row) -> None:
        if item.cells.get("units"):
            return
        entry = self.entries.get(str(item.cells["number"]))
        if entry is not None and entry.units:
            item.cells["units"] = read_units(self.draft, entry.line, entry.units)
            item.cite(Lines.of(entry.line))
            return
        item.mark_unknown("units")
        ja, en = (
            f"取組項目{item.cells['number']}の担当を読み取れません。",
            f"The units of item {item.cells['number']} cannot be read.",
        )
        self.draft.note("units-lost", ja, en, item.lines, item, "units")

    # -- the end --------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Add items that only the index has, and say 【新規】 or not on every one if the plan marks it."""
        self.close()
        for number, entry in self.entries.items():
            if number not in self.read:
                self._index_only(number, entry)
        if self.entries:
            self._note_unlisted()
        self._note_gaps()
        if any(is_new for _, is_new in self.new):
            for row, is_new in self.new:
                row.cells["is_new"] = is_new

    def _index_only(self, number: str, entry: _Entry) -> None:
        row = self.draft.add(
            "initiative",
            Lines.of(entry.line),
            part=number,
            unknown=["actions", "indicators"],
            number=number,
            title=entry.title,
            policy=entry.policy,
            units=read_units(self.draft, entry.line, entry.units),
        )
        self.read[number] = row
        self.new.append((row, entry.is_new))
        ja, en = (
            f"一覧の番号{number}の取組項目の表がありません。",
            f"Item {number} of the index has no sheet.",
        )
        self.draft.note("sheet-lost", ja, en, row.lines, row)

    def _note_unlisted(self) -> None:
        for number, row in self.read.items():
            if number not in self.entries:
                ja, en = f"取組項目{number}は一覧にありません。", f"Item {number} is not in the index."
                self.draft.note("index-lacks-item", ja, en, row.lines, row)

    def _note_gaps(self) -> None:
        numbers = {int(number) for number in self.read if len(number) < 4}
        gaps = sorted(set(range(1, max(numbers, default=0))) - numbers)
        if gaps:
            text = "、".join(map(str, gaps[:30]))
            ja, en = f"取組項目の番号{text}がありません。", f"Item numbers missing: {text}"
            lines = Lines.merge(r for row in self.read.values() for r in row.lines.ranges)
            self.draft.note("item-number-gap", ja, en, lines)


def _text(label: SheetLabel) -> str:
    return "、".join(cell for cell in label.cells if cell.strip())
