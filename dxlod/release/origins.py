"""Which columns of the tables make each term, read from the mappings themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dxlod.mapping.model import (
    Expression,
    IriConstant,
    LiteralConstant,
    PredicateObjectMap,
    Reference,
    RefObjectMap,
    Template,
    TermMap,
    TriplesMap,
    columns_of,
)
from dxlod.mapping.parse import parse_mappings
from dxlod.table.contract import Contract

__all__ = ["origins"]

_IDENTITY = ("code", "plan", "edition")


def origins(mappings: Iterable[Path], contract: Contract) -> Mapping[str, tuple[str, ...]]:
    """`table.column` (or `table` alone, for a class or a constant) by IRI of the term.

    A column that the tables do not have, because it is computed from others before mapping, is marked with `*`.
    MappingError when a mapping cannot be read.
    """
    maps = parse_mappings(mappings)
    named = {one.name: one for one in maps}
    found: dict[str, set[str]] = {}
    for one in maps:
        view = one.source.path.removesuffix(".csv")
        for cls in one.classes:
            found.setdefault(cls, set()).add(view.partition(".")[0])
        for pair in one.predicate_objects:
            columns = tuple(_columns(pair, named))
            for term in _terms(pair, one, contract):
                found.setdefault(term, set()).update(_places(view, columns, contract))
    return {term: tuple(sorted(places)) for term, places in sorted(found.items())}


def _terms(pair: PredicateObjectMap, one: TriplesMap, contract: Contract) -> Iterator[str]:
    """The predicates, and datatypes of ours among the objects; a template stands for each item of its column's list."""
    for predicate in pair.predicates:
        yield from _iris(predicate.expression, one, contract)
    for target in pair.objects:
        if isinstance(target, TermMap) and isinstance(target.datatype, IriConstant):
            yield target.datatype.value


def _iris(expression: Expression, one: TriplesMap, contract: Contract) -> Iterator[str]:
    if isinstance(expression, IriConstant):
        yield expression.value
    elif isinstance(expression, Template):
        table = contract[one.source.path.partition(".")[0]]
        lists = [
            contract.lists.get(table.column(part.column).codes, ())
            if isinstance(part, Reference)
            else (part,)
            for part in expression.parts
        ]
        pattern = re.compile("".join(f"(?:{'|'.join(map(re.escape, items))})" for items in lists))
        last = lists[-1]
        head = "".join(items[0] for items in lists[:-1] if items)
        yield from (f"{head}{item}" for item in last if pattern.fullmatch(f"{head}{item}"))


def _columns(pair: PredicateObjectMap, named: Mapping[str, TriplesMap]) -> Iterator[str]:
    """The columns that the objects are made of; those that only identify the edition, where there are no others."""
    read: list[str] = []
    for target in pair.objects:
        if isinstance(target, RefObjectMap):
            read += columns_of(named[target.parent].subject.expression)
        elif not isinstance(target.expression, IriConstant | LiteralConstant):
            read += columns_of(target.expression)
    own = [column for column in read if column not in _IDENTITY]
    yield from dict.fromkeys(own or read[-1:])


def _places(view: str, columns: Iterable[str], contract: Contract) -> Iterator[str]:
    name, _, part = view.partition(".")
    table = contract.tables.get(name)
    if table is not None and part and table.has(part):
        yield f"{name}.{part}"
        return
    names = tuple(columns)
    for column in names:
        yield f"{name}.{column}" if table is not None and table.has(column) else f"{name}.{column}*"
    if not names:
        yield name
