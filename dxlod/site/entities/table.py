"""The page of a statistical table: as printed, with bars where all figures of a row or column share a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dxlod.namespaces import DXO, Unit
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.things import Things
from dxlod.site.iris import DCTERMS, QB, RDFS, local_name

__all__ = ["SECTION", "Cell", "Head", "TableRow", "table_facts"]

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


def table_facts(look: Look) -> Mapping[str, object]:
    """The table in its printed arrangement."""
    things, iri = look.things, look.iri
    cells = things.read(look.reader.subjects(f"{DCTERMS}isPartOf", iri), named=False)
    by_place = {(things.whole(c, DXO.tableRow), things.whole(c, DXO.tableColumn)): c for c in cells}
    columns = sorted({column for _, column in by_place})
    longest = _longest(things, cells)
    rows = []
    for number in sorted({row for row, _ in by_place}):
        found = [by_place.get((number, column)) for column in columns]
        label = next((things.text(cell, DXO.rowLabel) for cell in found if cell), "")
        rows.append(TableRow(label, [_cell(things, cell, longest) for cell in found], label in _TOTALS))
    heads = [next(cell for (_, at), cell in by_place.items() if at == column) for column in columns]
    return {
        "edition": things.iri(iri, DXO.inEdition),
        "number": things.text(iri, DXO.printedNumber),
        "unit": things.text(iri, DXO.unitLabel),
        "heads": [
            Head(things.text(cell, DXO.columnLabel), things.year(cell, DXO.fiscalYear)) for cell in heads
        ],
        "rows": rows,
        "barred": any(cell and cell.bar is not None for row in rows for cell in row.cells),
        "table_lines": things.lines(*cells),
    }


def _is_total(things: Things, cell: str) -> bool:
    return things.text(cell, DXO.rowLabel) in _TOTALS or things.text(cell, DXO.columnLabel) in _TOTALS


def _key(things: Things, cell: str) -> str:
    """Cells whose figures may be compared by length: of one unit, and where there is none, of one column label."""
    unit = things.iri(cell, DXO.unit)
    return unit or f"column {things.text(cell, DXO.columnLabel)}"


def _longest(things: Things, cells: Sequence[str]) -> dict[str, Decimal]:
    """The longest bar of each unit: 100 per cent, else the largest number but totals; none where any is below zero."""
    found: dict[str, list[Decimal]] = {}
    for cell in cells:
        number = things.decimal(cell, DXO.value)
        if number is not None and not _is_total(things, cell):
            found.setdefault(_key(things, cell), []).append(number)
    most = {key: max(numbers) for key, numbers in found.items() if min(numbers) >= 0 and max(numbers) > 0}
    return {key: max(number, Decimal(100)) if key == Unit.percent else number for key, number in most.items()}


def _cell(things: Things, cell: str | None, longest: Mapping[str, Decimal]) -> Cell | None:
    if cell is None:
        return None
    number, most = things.decimal(cell, DXO.value), longest.get(_key(things, cell))
    bar = None
    if number is not None and most is not None and not _is_total(things, cell):
        bar = round(100 * number / most)
    return Cell(cell, things.text(cell, DXO.valueText), local_name(things.iri(cell, DXO.valueStatus)), bar)


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
