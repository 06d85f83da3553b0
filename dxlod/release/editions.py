"""The tables of one plan edition: which rows of a body's tables belong to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from dxlod.table.contract import Contract, Table
from dxlod.table.dataset import Dataset

__all__ = ["Edition", "EditionTable", "editions", "shared_tables", "tables_of_edition"]

Record = dict[str, str]


@dataclass(frozen=True)
class Edition:
    """One plan edition and its row of the table of plans."""

    code: str
    plan: str
    edition: str
    row: Record

    @property
    def stem(self) -> str:
        """`{code}-{plan}-{edition}`, which names its dumps."""
        return f"{self.code}-{self.plan}-{self.edition}"

    @property
    def path(self) -> str:
        """`{code}/{plan}/{edition}`, which ends its IRI and that of its graph."""
        return f"{self.code}/{self.plan}/{self.edition}"


@dataclass(frozen=True)
class EditionTable:
    """The rows of a table that belong to an edition, and the name of their CSV file."""

    table: Table
    file: str
    rows: Sequence[Record]


def editions(tables: Dataset) -> list[Edition]:
    """Every plan edition, by code, in the order of the table of plans."""
    return [
        Edition(code, row["plan"], row["edition"], row)
        for code in tables.codes()
        for row in tables.rows("plan", code)
    ]


def shared_tables(tables: Dataset) -> list[EditionTable]:
    """What all bodies share: municipalities, works, units."""
    found = [EditionTable(table, table.file_name(""), tables.rows(table)) for table in tables.contract]
    return [item for item in found if item.table.shared and item.rows]


def tables_of_edition(tables: Dataset, edition: Edition) -> list[EditionTable]:
    """The tables of an edition that have rows, in the order of the contract; the ID register is never among them.

    Of the tables of a whole body (organizations, ordinances) it has the rows that its document states or its own
    rows refer to, with their superiors: every key resolves, and no row is in none of the editions.
    """
    known = {
        table: tables.rows(table, edition.code)
        for table, _ in tables.tables_of(edition.code)
        if not table.register
    }
    chosen = {
        table.name: [row for row in rows if _is_of(row, edition)]
        for table, rows in known.items()
        if table.has("edition")
    }
    chosen |= {
        table.name: _of_body(table, rows, _referred(tables.contract, chosen, table.name))
        for table, rows in known.items()
        if not table.has("edition")
    }
    chosen |= {
        table.name: [row for row in rows if _is_of(row, edition) or _speaks_of(row, chosen)]
        for table, rows in known.items()
        if table.has("edition") and not table.of_edition
    }
    return [
        EditionTable(table, table.file_name(edition.code), chosen[table.name])
        for table in known
        if chosen[table.name]
    ]


def _is_of(row: Record, edition: Edition) -> bool:
    return (row["plan"], row["edition"]) == (edition.plan, edition.edition)


def _referred(contract: Contract, chosen: Mapping[str, Sequence[Record]], name: str) -> set[tuple[str, str]]:
    """What an edition's rows say of a table of the body: its keys, and the documents that state it."""
    found = {("source", row["id"]) for row in chosen.get("source", ())}
    for other, rows in chosen.items():
        columns = [column.name for column in contract[other].columns if column.ref == name]
        found |= {("key", key) for row in rows for column in columns for key in row[column].split(";") if key}
    return found


def _of_body(table: Table, rows: Sequence[Record], wanted: Set[tuple[str, str]]) -> list[Record]:
    taken = {row["key"] for row in rows if wanted & {("key", row["key"]), ("source", row["source"])}}
    parents = {row["key"]: row[c.name] for row in rows for c in table.columns if c.ref == table.name}
    for key in sorted(taken):
        while (key := parents.get(key, "")) and key not in taken:
            taken.add(key)
    return [row for row in rows if row["key"] in taken]


def _speaks_of(row: Record, chosen: Mapping[str, Sequence[Record]]) -> bool:
    """Whether a row of no edition (an English name, a link) is about the body, or about one of the chosen rows."""
    if row["plan"] or row["edition"]:
        return False
    return not row["table"] or any(row["key"] == other["key"] for other in chosen.get(row["table"], ()))
