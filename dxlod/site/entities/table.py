"""The page of a statistical table: as printed, with bars where all figures of a row or column share a unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from dxlod.namespaces import DXO, Unit
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings
from dxlod.site.iris import DCTERMS, QB, RDFS, local_name

__all__ = ["SECTION", "Cell", "Head", "Print", "TableRow", "prints_of", "table_brief", "table_facts"]

_TOTALS = ("合計", "計", "総計", "全体")


@dataclass(frozen=True)
class Cell:
    """One cell as printed. `bar` is the length of its bar in hundredths, None where none would be honest."""

    iri: str
    text: str
    status: str
    bar: int | None


@dataclass(frozen=True)
class TableRow:
    """A row: its label, its cells by column (None: no cell), whether it is a total."""

    label: str
    cells: Sequence[Cell | None]
    total: bool


@dataclass(frozen=True)
class Head:
    """A column: its label, and its fiscal year where it has one."""

    label: str
    year: int | None


class Print(NamedTuple):
    """What is printed in one cell, and where."""

    iri: str
    row: int
    column: int
    row_label: str
    column_label: str
    year: int | None
    unit: str
    number: Decimal | None
    text: str
    status: str

    @property
    def total(self) -> bool:
        """Whether it is in a row or column of totals."""
        return self.row_label in _TOTALS or self.column_label in _TOTALS

    @property
    def measure(self) -> str:
        """Alike in cells whose figures may be compared by length: the unit, and where there is none, the column label."""
        return self.unit or f"column {self.column_label}"


def table_facts(look: Look) -> Mapping[str, object]:
    """The table in its printed arrangement."""
    things, iri = look.things, look.iri
    brief = things.briefs([iri]).get(iri)
    prints = [_print(row) for row in brief] if brief is not None else _read(look)
    by_place = {(item.row, item.column): item for item in prints}
    columns = sorted({column for _, column in by_place})
    longest = _longest(prints)
    rows = []
    for number in sorted({row for row, _ in by_place}):
        found = [by_place.get((number, column)) for column in columns]
        label = next((item.row_label for item in found if item), "")
        rows.append(TableRow(label, [_cell(item, longest) for item in found], label in _TOTALS))
    heads = [next(item for (_, at), item in by_place.items() if at == column) for column in columns]
    return {
        "edition": things.iri(iri, DXO.inEdition),
        "number": things.text(iri, DXO.printedNumber),
        "unit": things.text(iri, DXO.unitLabel),
        "heads": [Head(item.column_label, item.year) for item in heads],
        "rows": rows,
        "barred": any(cell and cell.bar is not None for row in rows for cell in row.cells),
        "table_lines": things.lines(*(item.iri for item in prints)),
    }


def _read(look: Look) -> list[Print]:
    cells = look.reader.subjects(f"{DCTERMS}isPartOf", look.iri)
    return prints_of(Sayings(look.things.some(cells, *_READ)), cells)


_READ = (
    DXO.tableRow,
    DXO.tableColumn,
    DXO.rowLabel,
    DXO.columnLabel,
    DXO.fiscalYear,
    DXO.unit,
    DXO.value,
    DXO.valueText,
    DXO.valueStatus,
)


def prints_of(said: Sayings, cells: Iterable[str]) -> list[Print]:
    """What is printed in cells."""
    return [
        Print(
            cell,
            said.whole(cell, DXO.tableRow),
            said.whole(cell, DXO.tableColumn),
            said.text(cell, DXO.rowLabel),
            said.text(cell, DXO.columnLabel),
            said.year(cell, DXO.fiscalYear),
            said.iri(cell, DXO.unit),
            said.decimal(cell, DXO.value),
            said.text(cell, DXO.valueText),
            local_name(said.iri(cell, DXO.valueStatus)),
        )
        for cell in cells
    ]


def table_brief(prints: Iterable[Print]) -> list[Any]:
    """The cells of a table as the index has them, in what JSON knows."""
    return [[*item[:7], None if item.number is None else str(item.number), *item[8:]] for item in prints]


def _print(row: Sequence[Any]) -> Print:
    """The cell that `table_brief` took apart."""
    return Print._make([*row[:7], None if row[7] is None else Decimal(row[7]), *row[8:]])


def _longest(prints: Iterable[Print]) -> dict[str, Decimal]:
    """The longest bar of each measure: 100 per cent, else the largest number but totals; none where any is below zero."""
    found: dict[str, list[Decimal]] = {}
    for item in prints:
        if item.number is not None and not item.total:
            found.setdefault(item.measure, []).append(item.number)
    most = {key: max(numbers) for key, numbers in found.items() if min(numbers) >= 0 and max(numbers) > 0}
    return {key: max(number, Decimal(100)) if key == Unit.percent else number for key, number in most.items()}


def _cell(item: Print | None, longest: Mapping[str, Decimal]) -> Cell | None:
    if item is None:
        return None
    most = longest.get(item.measure)
    bar = None
    if item.number is not None and most is not None and not item.total:
        bar = round(100 * item.number / most)
    return Cell(item.iri, item.text, item.status, bar)


SECTION = Section(
    DXO.StatisticalTable,
    "entities/table.html",
    table_facts,
    frozenset(
        (
            f"{RDFS}label",
            f"{QB}structure",
            DXO.inEdition,
            DXO.printedNumber,
            DXO.unit,
            DXO.unitLabel,
            DXO.englishLabelStatus,
        )
    ),
)
