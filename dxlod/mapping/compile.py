"""The RML model → Python functions, one per triples map.

A triples map becomes the source of one function that takes a row and hands its N-Quads lines to `add`, for
example

    def emit(row, add):
        v0 = row['id']
        v1 = row['title']
        if not (v0): return
        e0 = iri(v0) if v0 else ''
        s = '<https://example.org/' f'{e0}' '>'
        if v1:
            add(f'{s}' ' ' '<http://www.w3.org/2000/01/rdf-schema#label>' ' ' '"' f'{lit(v1)}' '"@ja' ' .')

so that whatever does not depend on the row is decided once. Texts of the mapping enter the source as `repr`
or as names bound outside it, never as code. `vN` is a cell, `eN` its percent-encoded form, `gN` the end of
a line, `kN` a bound function, `jN` a join index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from dxlod.mapping.model import (
    DEFAULT_GRAPH,
    Expression,
    IriConstant,
    LogicalSource,
    RefObjectMap,
    TermMap,
    TriplesMap,
)
from dxlod.mapping.parse import parse_mappings
from dxlod.mapping.pieces import Options, Piece, TermWriter, joined, mapping_error, text
from dxlod.mapping.terms import RDF_TYPE

__all__ = [
    "CompiledJoin",
    "CompiledMap",
    "Emit",
    "Index",
    "Options",
    "Program",
    "Row",
    "compile_mappings",
    "compile_maps",
]

Row = Mapping[str, str]
Index = Mapping[str | tuple[str, ...], Iterable[str]]
Add = Callable[[str], None]
Emit = Callable[[Row, Add], None]
Put = Callable[[str | tuple[str, ...], str], None]


class Binder(Protocol):
    """Gives the emitting function of a triples map, once its join indexes are there."""

    def __call__(self, *indexes: Index) -> Emit: ...


@dataclass(frozen=True, slots=True)
class CompiledJoin:
    """The side of the parent: `pair(row, put)` hands over join key and subject of a row of `source`."""

    parent: TriplesMap
    source: LogicalSource
    columns: tuple[str, ...]
    keys: tuple[Expression, ...]
    pair: Callable[[Row, Put], None]


@dataclass(frozen=True, slots=True)
class CompiledMap:
    """A triples map as a function: `bind(*indexes)` in the order of `joins`; `code` is its Python source."""

    triples_map: TriplesMap
    source: LogicalSource
    columns: tuple[str, ...]
    joins: tuple[CompiledJoin, ...]
    bind: Binder
    code: str


Program = tuple[CompiledMap, ...]


def compile_mappings(paths: Iterable[Path], options: Options) -> Program:
    """Reads and compiles mapping files. Raises `MappingError` where they are outside the subset."""
    return compile_maps(parse_mappings(paths), options)


def compile_maps(maps: Iterable[TriplesMap], options: Options) -> Program:
    """Compiles triples maps, which may refer to one another. Raises `MappingError`."""
    by_name = {found.name: found for found in maps}
    return tuple(_compile(found, by_name, options) for found in by_name.values())


def _compile(triples_map: TriplesMap, by_name: Mapping[str, TriplesMap], options: Options) -> CompiledMap:
    function = _Function(triples_map, by_name, options)
    body = function.quads()
    return CompiledMap(
        triples_map=triples_map,
        source=triples_map.source,
        columns=tuple(function.terms.columns),
        joins=tuple(function.joins),
        bind=function.define("emit(row, add)", body, [f"j{n}" for n in range(len(function.joins))]),
        code="\n".join(body),
    )


class _Function:
    """The function of one triples map while it is being written."""

    def __init__(self, triples_map: TriplesMap, by_name: Mapping[str, TriplesMap], options: Options) -> None:
        self.map = triples_map
        self.by_name = by_name
        self.options = options
        self.terms = TermWriter(triples_map, options)
        self.joins: list[CompiledJoin] = []
        self.ends: dict[Piece, str] = {}

    # ── the whole ──

    def quads(self) -> list[str]:
        """The body of `emit`."""
        subject = self.terms.term(self.map.subject)
        groups: dict[tuple[str, ...], list[str]] = {}
        for needs, statement in self._statements():
            extra = tuple(dict.fromkeys(name for name in needs if name not in subject.needs))
            groups.setdefault(extra, []).append(statement)
        body = [*self._prologue(subject), f"s = {subject.source}"]
        for end, name in self.ends.items():
            body.append(f"{name} = ({end.source}) if {self._present(end.needs)} else ''")
        for needs, statements in groups.items():
            indent = "    " if needs else ""
            body += [f"if {self._present(needs)}:"] if needs else []
            body += [indent + statement for statement in statements]
        return body

    def pairs(self, keys: tuple[Expression, ...]) -> list[str]:
        """The body of `pair`: join key and subject of a parent's row."""
        subject = self.terms.term(self.map.subject)
        key = self._key(keys)
        both = Piece(subject.source, tuple(dict.fromkeys(subject.needs + key.needs)))
        return [*self._prologue(both), f"put({key.source}, {subject.source})"]

    def define(self, signature: str, body: list[str], parameters: list[str]) -> Callable[..., Any]:
        """Runs the source of a function that makes the function, its helpers and `parameters` in its
        closure.
        """
        name = signature.partition("(")[0]
        lines = [f"def make({', '.join([*self.terms.bound, *parameters])}):", f"    def {signature}:"]
        lines += ["        " + line for line in body] + [f"    return {name}"]
        namespace: dict[str, Callable[..., Any]] = {}
        code = compile("\n".join(lines), f"<{self.map.file.name}: {self.map.name}>", "exec")
        # The source is made of repr and numbered names only, so nothing of a mapping runs as code.
        exec(code, {"__builtins__": {}}, namespace)
        return partial(namespace["make"], *self.terms.bound.values())

    def _prologue(self, subject: Piece) -> list[str]:
        lines = [f"{name} = row[{column!r}]" for column, name in self.terms.columns.items()]
        lines += [f"if not ({self._present(subject.needs)}): return"] if subject.needs else []
        for (cell, function), name in self.terms.encoded.items():
            lines.append(f"{name} = {function}({cell}) if {cell} else ''")
        return lines

    def _present(self, names: Iterable[str]) -> str:
        test = "" if self.options.empty_is_null else " is not None"
        return " and ".join(name + test for name in names)

    # ── statements ──

    def _statements(self) -> Iterable[tuple[tuple[str, ...], str]]:
        """(cells needed, Python statement) for every quad of a row."""
        subject_graphs = self._graphs(self.map.graphs)
        for name in sorted(self.map.classes):
            yield from self._add(text(f" <{RDF_TYPE}> <{name}>"), subject_graphs)
        for found in self.map.predicate_objects:
            graphs = self._graphs((*self.map.graphs, *found.graphs))
            for predicate in map(self.terms.term, found.predicates):
                for target in found.objects:
                    if isinstance(target, RefObjectMap) and target.joins:
                        yield from self._joined(predicate, target, graphs)
                        continue
                    term = self._same_row(target) if isinstance(target, RefObjectMap) else target
                    yield from self._add(
                        joined(text(" "), predicate, text(" "), self.terms.term(term)), graphs
                    )

    def _add(self, rest: Piece, graphs: list[Piece]) -> Iterable[tuple[tuple[str, ...], str]]:
        for graph in graphs:
            line = joined(Piece("f'{s}'"), rest, graph)
            yield line.needs, f"add({line.source})"

    def _joined(
        self, predicate: Piece, target: RefObjectMap, graphs: list[Piece]
    ) -> Iterable[tuple[tuple[str, ...], str]]:
        parent = self._parent(target)
        key = self._key(tuple(join.child for join in target.joins))
        index = f"j{self._join(parent, tuple(join.parent for join in target.joins))}"
        rest = joined(text(" "), predicate, text(" "), Piece("f'{o}'"))
        for needs, statement in self._add(rest, graphs):
            yield needs + key.needs, f"for o in {index}.get({key.source}, ()): {statement}"

    def _join(self, parent: TriplesMap, keys: tuple[Expression, ...]) -> int:
        function = _Function(parent, self.by_name, self.options)
        body = function.pairs(keys)
        pair: Callable[[Row, Put], None] = function.define("pair(row, put)", body, [])()
        self.joins.append(CompiledJoin(parent, parent.source, tuple(function.terms.columns), keys, pair))
        return len(self.joins) - 1

    def _parent(self, target: RefObjectMap) -> TriplesMap:
        parent = self.by_name.get(target.parent)
        if parent is None:
            raise mapping_error(
                self.map,
                f"親のトリプルズマップ <{target.parent}> がありません。",
                f"There is no parent triples map <{target.parent}>.",
            )
        return parent

    def _same_row(self, target: RefObjectMap) -> TermMap:
        """The parent's subject, made from the child's row."""
        parent = self._parent(target)
        if (parent.source, parent.base) != (self.map.source, self.map.base):
            raise mapping_error(
                self.map,
                f"親 <{target.parent}> は表か基準 IRI が違うので rml:joinCondition が要ります。",
                f"The parent <{target.parent}> has another table or base, so an rml:joinCondition is wanted.",
            )
        return parent.subject

    def _key(self, keys: tuple[Expression, ...]) -> Piece:
        pieces = [self.terms.value(key) for key in keys]
        needs = tuple(name for piece in pieces for name in piece.needs)
        source = pieces[0].source if len(pieces) == 1 else f"({', '.join(piece.source for piece in pieces)})"
        return Piece(source, needs)

    def _graphs(self, graphs: tuple[TermMap, ...]) -> list[Piece]:
        """The ends of the lines. Without any graph map the default graph; a quad may have several."""
        pieces: dict[Piece, None] = {}
        for graph in graphs or (TermMap(IriConstant(DEFAULT_GRAPH)),):
            default = graph.expression == IriConstant(DEFAULT_GRAPH)
            end = text(" .") if default else joined(text(" "), self.terms.term(graph), text(" ."))
            pieces[self._once(end) if end.needs else end] = None
        return list(pieces)

    def _once(self, end: Piece) -> Piece:
        """The end of a line that differs from row to row, made once for all lines of the row."""
        name = self.ends.setdefault(end, f"g{len(self.ends)}")
        return Piece(f"f'{{{name}}}'", end.needs)
