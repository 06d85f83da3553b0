"""Write what was read into the tables: one edition's rows are replaced, everybody else's are kept.

A table that a person has edited is never overwritten silently: the difference is shown and the run stops.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dxlod.errors import EditedTableError
from dxlod.extraction.finish import BODY_TABLES
from dxlod.extraction.run import Reading
from dxlod.table.contract import Contract, Table
from dxlod.table.csvfile import render, write_file
from dxlod.table.dataset import Dataset
from dxlod.table.register import Register

__all__ = ["merge_rows", "plan_writes", "save"]

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


def plan_writes(
    output: Dataset, reading: Reading, register: Register, contract: Contract
) -> dict[Path, tuple[bytes, bytes]]:
    """Files to write: path → (bytes there now, bytes to be). Tables without rows and without file are left out."""
    writes: dict[Path, tuple[bytes, bytes]] = {}
    tables: Mapping[str, Sequence[Record]] = reading.tables
    for table in contract:
        if not table.extracted:
            continue
        path = output.path(table, reading.code)
        rows = merge_rows(table, output.rows(table, reading.code), tables.get(table.name, []), reading)
        if rows or path.exists():
            writes[path] = (path.read_bytes() if path.exists() else b"", render(table, rows))
    path = output.path("id_register", reading.code)
    ids = render(contract["id_register"], register.rows())
    writes[path] = (path.read_bytes() if path.exists() else b"", ids)
    return writes


def _diff(path: Path, old: bytes, new: bytes) -> Iterable[str]:
    before = old.decode("utf-8-sig", errors="replace").splitlines()
    after = new.decode("utf-8-sig", errors="replace").splitlines()
    return difflib.unified_diff(
        before, after, f"{path.name}（現在 / now）", f"{path.name}（読取 / read）", n=0, lineterm=""
    )


def save(writes: Mapping[Path, tuple[bytes, bytes]], *, force: bool = False) -> list[Path]:
    """Write the files that differ. Raises EditedTableError with the difference unless ``force``.

    The table of corrections and the ID register only grow by extraction, so a difference there is no lost edit
    by itself; any other table that exists and differs stops the run before anything is written.
    """
    changed = {path: pair for path, pair in writes.items() if pair[0] != pair[1]}
    edited = {path: pair for path, pair in changed.items() if pair[0] and path.name != "ids.csv"}
    if edited and not force:
        lines = [line for path, (old, new) in edited.items() for line in _diff(path, old, new)]
        shown = "\n".join(lines[:200]) + (f"\n… {len(lines) - 200} more" if len(lines) > 200 else "")
        raise EditedTableError(
            f"表 {len(edited)} 件が読み取り結果と異なります。編集を失わないよう、何も書きませんでした。\n{shown}",
            f"{len(edited)} tables differ from what was read; nothing was written, so that no edit is lost.",
            mend_ja="表の編集が正しければそのままに、読み取り結果を採るなら --force を付けてください。",
            mend_en="Keep the tables if the edit is right; use --force to take what was read.",
        )
    for path, (_, new) in changed.items():
        write_file(path, new)
    return sorted(changed)
