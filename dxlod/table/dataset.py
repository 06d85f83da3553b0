"""The folder of tables: ``data/<団体コード>/`` per body, ``data/shared/`` for what all agree on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dxlod.errors import TableError
from dxlod.model.codes import is_local_government_code
from dxlod.table.contract import Contract, Table, load_contract
from dxlod.table.csvfile import read_rows

__all__ = ["Dataset"]

Record = dict[str, str]


@dataclass(frozen=True)
class Dataset:
    """Tables below a folder."""

    root: Path
    contract: Contract

    @classmethod
    def at(cls, root: Path) -> Dataset:
        """The tables below ``root``. Raises TableError where there is no such folder."""
        if not root.is_dir():
            raise TableError(
                f"{root}: 表のフォルダーがありません。",
                f"{root}: there is no such folder of tables.",
                mend_ja="--data で data/ フォルダーを指定してください。",
                mend_en="Name the data folder with --data.",
            )
        return cls(root, load_contract())

    def codes(self) -> list[str]:
        """Codes of the bodies that have a folder, sorted."""
        return sorted(p.name for p in self.root.iterdir() if p.is_dir() and is_local_government_code(p.name))

    def path(self, table: Table | str, code: str = "") -> Path:
        """Where a table is kept."""
        table = self.contract[table] if isinstance(table, str) else table
        folder = "shared" if table.shared else code
        return self.root / folder / table.file_name(code)

    def rows(self, table: Table | str, code: str = "") -> list[Record]:
        """Rows of a table by physical column name; none where there is no file."""
        table = self.contract[table] if isinstance(table, str) else table
        return read_rows(self.path(table, code), table)

    def tables_of(self, code: str) -> Iterator[tuple[Table, Path]]:
        """The tables of one body that exist, without those that are never published."""
        for table in self.contract:
            if not (table.shared or table.private) and self.path(table, code).exists():
                yield table, self.path(table, code)
