"""What a layout writes: rows with their source lines, lines it leaves aside, corrections and findings.

A layout sees the document through :class:`Draft` and adds rows to it. References between rows are the rows
themselves; keys are allotted at the end, from the register, when all siblings are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dxlod.document import Document
from dxlod.layout.reference import Reference
from dxlod.model.lines import Lines

__all__ = ["Cell", "Correction", "Draft", "Note", "Row", "number_part"]


Cell = object  # Value or a list of them; rendered by extraction according to the contract

_CIRCLED = {chr(0x2460 + n): n + 1 for n in range(20)}


def number_part(number: str) -> str:
    """The key part that a printed number gives: ``①`` → ``1``, ``(2)-1`` → ``2-1``, ``Ⅱ`` → ``2``, ``36の2`` → ``36_2``."""
    if number in _CIRCLED:
        return str(_CIRCLED[number])
    text = unicodedata.normalize("NFKC", number)
    roman = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
    if text in roman:
        return roman[text]
    text = re.sub(r"(?<=[0-9])の(?=[0-9])", "_", text)
    return "-".join(re.findall(r"[0-9]+(?:_[0-9]+)*", text))


@dataclass(eq=False)
class Row:
    """One row in the making. ``under`` is the row its key is built on; ``part`` the key part it asks for."""

    table: str
    lines: Lines
    cells: dict[str, Cell]
    under: Row | None = None
    part: str = ""
    title: str = ""
    stated_none: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    key: str = ""

    def cite(self, lines: Lines) -> None:
        """Add lines that the row rests on."""
        self.lines = self.lines | lines

    def mark_none(self, *columns: str) -> None:
        """The source says that these columns have no value."""
        self.stated_none.extend(c for c in columns if c not in self.stated_none)

    def mark_unknown(self, *columns: str) -> None:
        """The source has or should have a value for these columns that cannot be read."""
        self.unknown.extend(c for c in columns if c not in self.unknown)


@dataclass(frozen=True, slots=True)
class Note:
    """A finding of the reading: what disagrees or is lost, where."""

    code: str
    ja: str
    en: str
    lines: Lines
    row: Row | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A misreading undone: on one line, as printed and as read."""

    line: int
    as_printed: str
    as_read: str
    reason: str
    method: str = "rule"
    alternative: str = ""


@dataclass
class Draft:
    """Everything read from one document. Layouts call :meth:`add`, :meth:`unit`, :meth:`ignore`, :meth:`note`."""

    document: Document
    reference: Reference = field(default_factory=Reference)
    plan: str = ""
    edition: str = ""
    municipality: str = ""
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    ignored: dict[int, str] = field(default_factory=dict)
    prose: list[tuple[Row | None, str, Lines]] = field(default_factory=list)
    _units: dict[str, Row] = field(default_factory=dict)
    _orders: dict[tuple[str, int], int] = field(default_factory=dict)

    # -- the document -------------------------------------------------------------------------------

    def line(self, number: int) -> str:
        """Line ``number`` of the document, counted from 1, reviewed corrections applied."""
        return self.document.line(number)

    @property
    def last(self) -> int:
        """Number of the last line."""
        return len(self.document.lines)

    # -- rows -----------------------------------------------------------------------------------------

    def add(
        self,
        table: str,
        lines: Lines,
        *,
        under: Row | None = None,
        part: str = "",
        none: Iterable[str] = (),
        unknown: Iterable[str] = (),
        **cells: Cell,
    ) -> Row:
        """Add a row. ``order`` is counted by itself (per table and ``under``) where it is not given."""
        title = str(cells.get("title") or cells.get("name") or cells.get("term") or cells.get("label") or "")
        row = Row(table, lines, cells, under, part, title, list(none), list(unknown))
        if "order" not in cells:
            place = (table, id(under))
            self._orders[place] = self._orders.get(place, 0) + 1
            cells["order"] = self._orders[place]
        self.rows.append(row)
        return row

    def unit(self, name: str, lines: Lines, *, kind: str = "department", parent: Row | None = None) -> Row:
        """The organization of this name, added when it is first seen (its row cites the first place)."""
        if name not in self._units:
            self._units[name] = self.add("organization", lines, name=name, kind=kind, parent=parent)
        return self._units[name]

    def identify(self, *, municipality: str, plan: str, edition: str, lines: Lines, **cells: Cell) -> Row:
        """Say which plan edition this is; ``cells`` are those of the plan table. Returns the plan row."""
        self.municipality, self.plan, self.edition = municipality, plan, edition
        row = Row("plan", lines, cells, title=str(cells.get("title") or ""))
        self.rows.append(row)
        return row

    # -- what is not a row ----------------------------------------------------------------------------

    def ignore(self, lines: Lines, reason: str) -> None:
        """Leave lines aside, with the reason that the coverage report shows (a short English phrase)."""
        for number in lines:
            self.ignored.setdefault(number, reason)

    def describe(self, row: Row | None, kind: str, lines: Lines) -> None:
        """Running prose about a row (kinds: purpose, issue, goal, content, background, definition).

        The text is not copied into the tables; its lines count as read.
        """
        self.prose.append((row, kind, lines))

    def note(
        self, code: str, ja: str, en: str, lines: Lines, row: Row | None = None, column: str = ""
    ) -> None:
        """Record a finding of the reading."""
        self.notes.append(Note(code, ja, en, lines, row, column))

    def correct(self, line: int, as_printed: str, as_read: str, reason: str) -> None:
        """Record a misreading that a rule of the layout undid. ``as_printed`` occurs literally in the line."""
        self.corrections.append(Correction(line, as_printed, as_read, reason))

    def of(self, table: str) -> Sequence[Row]:
        """The rows added to a table so far."""
        return [row for row in self.rows if row.table == table]

    def used(self) -> set[int]:
        """All lines that rows, prose and ignored ranges cover."""
        covered = set(self.ignored)
        for row in self.rows:
            covered.update(row.lines)
        for _, _, lines in self.prose:
            covered.update(lines)
        return covered
