"""RDF as numbers: every term of some N-Quads and N-Triples files once, and the quads as their numbers.

The numbers follow the natural order of the terms (item 2 before item 10), so what is read in the order of the
numbers is in the order that people expect.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dxlod.release.terms import Quad, natural_key, parse_quads

__all__ = ["NO_GRAPH", "Encoded", "Numbers", "encode"]

Numbers = tuple[int, int, int, int]
"""Subject, predicate, object and graph of one quad."""

NO_GRAPH = 0
"""Stands for the graph of a triple whose file names none; terms count from 1."""

_NOWHERE = "<>"
_CHUNK = 1 << 20


class Encoded:
    """`terms[n - 1]` is the term of number n; `quads` are sorted, each once."""

    def __init__(self, terms: Sequence[str], quads: Sequence[Numbers]) -> None:
        self.terms = terms
        self.quads = quads
        self._numbers = {term: at for at, term in enumerate(terms, 1)}
        self._by_predicate: dict[int, list[tuple[int, int]]] = {}
        for s, p, o, _ in quads:
            self._by_predicate.setdefault(p, []).append((s, o))

    def number(self, term: str) -> int:
        """The number of a term, 0 when it does not occur."""
        return self._numbers.get(term, 0)

    def term(self, number: int) -> str:
        """The term of a number."""
        return self.terms[number - 1]

    def pairs(self, predicate: str) -> Sequence[tuple[int, int]]:
        """Subject and object of every quad with this predicate IRI, in order."""
        return self._by_predicate.get(self.number(f"<{predicate}>"), ())


def encode(nquads: Path, triples: Iterable[Path] = ()) -> Encoded:
    """The quads of an N-Quads file, and of N-Triples files what they say of things of which the dump says nothing.

    So a catalogue that names a city does not add to what the data themselves say of it. ReleaseError for a line that
    is of neither format.
    """
    numbers: dict[str, int] = {}
    columns = tuple(array("q") for _ in range(4))
    _collect(parse_quads(_lines(nquads)), numbers, columns)
    described = set(columns[0])
    for path in triples:
        quads = parse_quads(map(_with_graph, _lines(path)))
        _collect((quad for quad in quads if numbers.get(quad.s) not in described), numbers, columns)
    return _in_order(numbers, columns)


def _collect(quads: Iterable[Quad], numbers: dict[str, int], columns: Sequence[array[int]]) -> None:
    for quad in quads:
        for column, term in zip(columns, quad, strict=True):
            number = numbers.get(term)
            if number is None:
                number = numbers[term] = len(numbers)
            column.append(number)


def _in_order(numbers: dict[str, int], columns: Sequence[array[int]]) -> Encoded:
    """Numbered anew in natural order, from 1; no graph is 0."""
    terms = sorted((term for term in numbers if term != _NOWHERE), key=natural_key)
    final = array("q", bytes(8 * len(numbers)))
    for at, term in enumerate(terms, 1):
        final[numbers[term]] = at
    rows = zip(*(map(final.__getitem__, column) for column in columns), strict=True)
    return Encoded(terms, sorted(set(rows)))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n", buffering=_CHUNK) as lines:
        yield from (line for line in lines if line.strip())


def _with_graph(line: str) -> str:
    """A line of N-Triples as one of N-Quads with an empty graph name, which no N-Quads of ours has."""
    return f"{line.rstrip().removesuffix('.')}{_NOWHERE} ."
