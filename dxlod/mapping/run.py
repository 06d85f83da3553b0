"""Tables and mappings → N-Quads lines, row by row.

Every source is read once for all its triples maps, and once more for each join that looks things up in it;
only the join indexes are kept in memory.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from dxlod.errors import MappingError
from dxlod.mapping.compile import (
    CompiledJoin,
    CompiledMap,
    Emit,
    Index,
    Options,
    Program,
    Row,
    compile_mappings,
)
from dxlod.mapping.model import Expression, LogicalSource, TriplesMap
from dxlod.mapping.pieces import mapping_error
from dxlod.mapping.terms import TermError

__all__ = ["OpenTable", "map_tables", "run"]

OpenTable = Callable[[], Iterable[Row]]

_BATCH = 512


def map_tables(
    mapping_paths: Iterable[Path],
    sources: Mapping[str, OpenTable] | Path,
    base: str,
    *,
    empty_is_null: bool = True,
    canonical_literals: bool = True,
    distinct: bool = False,
) -> Iterator[str]:
    """N-Quads lines, without line ends, in the order of sources and rows.

    `sources` is a folder, to which each `rml:path` is relative, or functions that open tables, by
    `rml:path` or by the name of the file without its suffix. Relative IRIs are put after `base`, with a
    slash between them where it lacks one. Lines may repeat unless `distinct`, which keeps all of them in
    memory. Mappings are read and compiled at once, rows as the lines are taken. Raises `MappingError`, at
    once for a fault of a mapping, later for one of a table; it names mapping file, triples map, row and
    column.
    """
    whole = base if base.endswith(("/", "#", ":")) else base + "/"
    options = Options(whole, empty_is_null=empty_is_null, canonical_literals=canonical_literals)
    lines = run(compile_mappings(mapping_paths, options), sources)
    return iter(_distinct(lines)) if distinct else lines


def run(program: Program, sources: Mapping[str, OpenTable] | Path) -> Iterator[str]:
    """The lines of compiled mappings; see `map_tables`."""
    opened = {found.triples_map.name: _open(found.triples_map, found.source, sources) for found in program}
    return _run(program, opened)


def _run(program: Program, opened: Mapping[str, OpenTable]) -> Iterator[str]:
    groups: dict[OpenTable, list[CompiledMap]] = {}
    for found in program:
        groups.setdefault(opened[found.triples_map.name], []).append(found)
    for table, group in groups.items():
        yield from _lines(table, group, _bound(group, opened))


def _lines(
    table: OpenTable, group: Iterable[CompiledMap], bound: Iterable[tuple[CompiledMap, Emit]]
) -> Iterator[str]:
    needed = {column: found.triples_map for found in group for column in found.columns}
    buffer: list[str] = []
    for number, row in enumerate(_checked(table(), needed), 1):
        for found, emit in bound:
            try:
                emit(row, buffer.append)
            except (TermError, KeyError) as error:
                raise _row_error(found.triples_map, number, error) from error
        if len(buffer) >= _BATCH:
            yield from buffer
            buffer.clear()
    yield from buffer


def _bound(group: Iterable[CompiledMap], opened: Mapping[str, OpenTable]) -> list[tuple[CompiledMap, Emit]]:
    """The maps of one table with their functions; joins of the same keys share an index."""
    indexes: dict[tuple[str, tuple[Expression, ...]], Index] = {}
    for join in (join for found in group for join in found.joins):
        if (join.parent.name, join.keys) not in indexes:
            indexes[join.parent.name, join.keys] = _index(join, opened[join.parent.name])
    return [
        (found, found.bind(*(indexes[join.parent.name, join.keys] for join in found.joins)))
        for found in group
    ]


def _index(join: CompiledJoin, table: OpenTable) -> Index:
    """Subjects of the parent by join key, each once."""
    index: dict[str | tuple[str, ...], dict[str, None]] = {}

    def put(key: str | tuple[str, ...], subject: str) -> None:
        index.setdefault(key, {})[subject] = None

    for number, row in enumerate(_checked(table(), dict.fromkeys(join.columns, join.parent)), 1):
        try:
            join.pair(row, put)
        except (TermError, KeyError) as error:
            raise _row_error(join.parent, number, error) from error
    return index


def _distinct(lines: Iterable[str]) -> Iterable[str]:
    seen: set[str] = set()
    for line in lines:
        if line not in seen:
            seen.add(line)
            yield line


# ── tables ──


class _CsvTable:
    """A CSV file: UTF-8 with or without a byte order mark, the names of its columns in the first line."""

    def __init__(self, path: Path, triples_map: TriplesMap) -> None:
        self.path = path
        self.triples_map = triples_map
        self.fieldnames: list[str] = []

    def __iter__(self) -> Iterator[Row]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                yield from self._rows(csv.reader(file, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise mapping_error(
                self.triples_map, f"表 {self.path.name} を読めません: {error}",
                f"The table {self.path.name} cannot be read: {error}",
            ) from error  # fmt: skip

    def _rows(self, reader: Iterator[list[str]]) -> Iterator[Row]:
        name = self.path.name
        self.fieldnames = header = next(reader, [])
        if len(set(header)) < len(header):
            raise mapping_error(
                self.triples_map, f"表 {name} に同じ名前の列があります。",
                f"Two columns of the table {name} have the same name.",
            )  # fmt: skip
        for number, cells in enumerate(reader, 1):
            if len(cells) == len(header):
                yield dict(zip(header, cells, strict=True))
            elif cells:
                raise mapping_error(
                    self.triples_map,
                    f"表 {name} の {number} 行目のセルは {len(cells)} 個で、列は {len(header)} です。",
                    f"Row {number} of the table {name} has {len(cells)} cells for {len(header)} columns.",
                )


def _open(
    triples_map: TriplesMap, source: LogicalSource, sources: Mapping[str, OpenTable] | Path
) -> OpenTable:
    if not isinstance(sources, Path):
        found = sources.get(source.path, sources.get(Path(source.path).stem))
        if found is None:
            raise mapping_error(
                triples_map, f"表 {source.path} がありません。", f"There is no table {source.path}."
            )
        return found
    path = sources / source.path
    if not path.is_file():
        raise mapping_error(triples_map, f"表 {path.name} がありません。", f"There is no table {path.name}.")
    return _FileTable(path.resolve(), triples_map)


class _FileTable:
    """Opens one file; two of the same file are equal, so that triples maps share one pass."""

    def __init__(self, path: Path, triples_map: TriplesMap) -> None:
        self.path = path
        self.triples_map = triples_map

    def __call__(self) -> Iterable[Row]:
        return _CsvTable(self.path, self.triples_map)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _FileTable) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)


def _checked(rows: Iterable[Row], needed: Mapping[str, TriplesMap]) -> Iterator[Row]:
    """The rows, after the columns that mappings refer to were found, in the header of an empty table too."""
    iterator = iter(rows)
    first = next(iterator, None)
    present = first if first is not None else getattr(rows, "fieldnames", None) or needed
    for column, triples_map in needed.items():
        if column not in present:
            raise mapping_error(
                triples_map,
                f"列「{column}」が表 {triples_map.source.path} にありません。",
                f"The table {triples_map.source.path} has no column {column!r}.",
            )
    return iterator if first is None else chain((first,), iterator)


# ── errors ──


def _row_error(triples_map: TriplesMap, number: int, error: TermError | KeyError) -> MappingError:
    table = triples_map.source.path
    if isinstance(error, KeyError):
        column = error.args[0]
        return mapping_error(
            triples_map,
            f"表 {table} の {number} 行目に列「{column}」がありません。",
            f"Row {number} of the table {table} has no column {column!r}.",
        )
    shown = error.value if len(error.value) <= 80 else error.value[:80] + "…"
    return mapping_error(
        triples_map,
        f"表 {table} の {number} 行目、{error.column or '値'}: {shown!r} から {error.kind} が作れません。",
        f"Row {number} of the table {table}, {error.column or 'value'}: {shown!r} makes no {error.kind}.",
    )
