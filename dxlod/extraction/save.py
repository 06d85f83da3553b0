"""Write what was read into the tables: one edition's rows are replaced, everybody else's are kept.

A table that a person has edited is never overwritten silently: the difference is shown and the run stops.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dxlod.errors import EditedTableError
from dxlod.extraction.finish import BODY_TABLES
from dxlod.extraction.run import Reading
from dxlod.table.contract import Contract, Table
from dxlod.table.csvfile import read_raw, render, write_file
from dxlod.table.dataset import Dataset
from dxlod.table.register import Register

__all__ = ["Write", "merge_rows", "plan_writes", "save"]

Record = dict[str, str]


def _body_order(row: Record) -> tuple[int, str]:
    return (int(row["key"]), row["key"]) if row["key"].isdigit() else (10**9, row["key"])


def merge_rows(table: Table, old: Sequence[Record], new: Sequence[Record], reading: Reading) -> list[Record]:
    """Old and new rows of one table. Of a body table, the first source that named a thing keeps its row."""
    if table.name in BODY_TABLES:
        source = f"{reading.plan}-{reading.edition}-s1"
        kept = {row["key"]: row for row in old if row["source"] != source}
        return sorted([*kept.values(), *(row for row in new if row["key"] not in kept)], key=_body_order)
    others = [row for row in old if (row["plan"], row["edition"]) != (reading.plan, reading.edition)]
    if not others:
        return list(new)
    groups: dict[tuple[str, str], list[Record]] = {}
    for row in (*others, *new):
        groups.setdefault((row["plan"], row["edition"]), []).append(row)
    return [row for edition in sorted(groups) for row in groups[edition]]


@dataclass(frozen=True)
class Write:
    """One file to write: bytes there now, bytes to be, and whether a person's work would go."""

    old: bytes
    new: bytes
    loses: bool


def _mine(table: Table, rows: Sequence[Record], reading: Reading) -> list[Record]:
    """The rows of this reading's edition, or of its document in a table of the whole body."""
    if table.name in BODY_TABLES:
        source = f"{reading.plan}-{reading.edition}-s1"
        return [row for row in rows if row["source"] == source]
    return [row for row in rows if (row["plan"], row["edition"]) == (reading.plan, reading.edition)]


def _loses(path: Path, table: Table, old: Sequence[Record], new: Sequence[Record], reading: Reading) -> bool:
    """Whether rows of this edition would change, or a column that the contract does not know would go."""
    if not path.exists():
        return False
    known = {alias for column in table.columns for alias in (column.ja, column.en, column.name)}
    before = _mine(table, old, reading)
    return bool(set(read_raw(path).header) - known) or (bool(before) and before != _mine(table, new, reading))


def plan_writes(
    output: Dataset, reading: Reading, register: Register, contract: Contract
) -> dict[Path, Write]:
    """Files to write, by path. Tables without rows and without a file are left out."""
    writes: dict[Path, Write] = {}
    for table in contract:
        if not table.extracted:
            continue
        path = output.path(table, reading.code)
        old = output.rows(table, reading.code)
        rows = merge_rows(table, old, reading.tables.get(table.name, []), reading)
        if rows or path.exists():
            now = path.read_bytes() if path.exists() else b""
            writes[path] = Write(now, render(table, rows), _loses(path, table, old, rows, reading))
    path = output.path("id_register", reading.code)
    now = path.read_bytes() if path.exists() else b""
    writes[path] = Write(now, render(contract["id_register"], register.rows()), loses=False)
    return writes


def _diff(path: Path, old: bytes, new: bytes) -> Iterable[str]:
    before = old.decode("utf-8-sig", errors="replace").splitlines()
    after = new.decode("utf-8-sig", errors="replace").splitlines()
    return difflib.unified_diff(
        before, after, f"{path.name}（現在 / now）", f"{path.name}（読取 / read）", n=0, lineterm=""
    )


def save(writes: Mapping[Path, Write], *, force: bool = False) -> list[Path]:
    """Write the files that differ. Raises EditedTableError with the difference unless ``force``.

    Nothing is written before every table is judged. Rows of other editions always stay, so the first reading of
    a second plan adds to the tables of its city.
    """
    changed = {path: write for path, write in writes.items() if write.old != write.new}
    edited = {path: write for path, write in changed.items() if write.loses}
    if edited and not force:
        lines = [line for path, write in edited.items() for line in _diff(path, write.old, write.new)]
        shown = "\n".join(lines[:200]) + (f"\n… {len(lines) - 200} more" if len(lines) > 200 else "")
        raise EditedTableError(
            f"表 {len(edited)} 件が読み取り結果と異なります。編集を失わないよう、何も書きませんでした。\n{shown}",
            f"{len(edited)} tables differ from what was read; nothing was written, so that no edit is lost.",
            mend_ja="表の編集が正しければそのままに、読み取り結果を採るなら --force を付けてください。",
            mend_en="Keep the tables if the edit is right; use --force to take what was read.",
        )
    for path, write in changed.items():
        write_file(path, write.new)
    return sorted(changed)
