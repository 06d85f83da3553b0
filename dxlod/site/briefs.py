"""What the index says in one row that pages would have to gather from many: passages of sources, and what lists show.

A list of initiatives or indicators needs a dozen facts of each thing and of its phases or values. They are gathered
by the same code that pages use (`dxlod.site.entities`), once, when the index is made.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dxlod.namespaces import DXO
from dxlod.release.terms import RDF_TYPE, is_iri, literal_parts
from dxlod.site.dictionary import Encoded
from dxlod.site.entities.figures import kpi_brief, kpi_of
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.schedule import bar_brief, bar_of
from dxlod.site.entities.table import prints_of, table_brief
from dxlod.site.iris import DCTERMS, OA
from dxlod.site.labels import LabelRow

__all__ = ["brief_rows", "passage_rows"]

_BARS = (DXO.Initiative, DXO.Action)


def brief_rows(data: Encoded, names: Iterable[LabelRow]) -> Iterator[tuple[int, str]]:
    """Number and brief (JSON) of every initiative, action, indicator and statistical table."""
    bars, kpis, cells = _of(data, *_BARS), _of(data, DXO.Indicator), _cells(data)
    named = _names(data, names, bars | kpis)
    sayings = _Quads(data)
    for number in sorted({*bars, *kpis, *cells}):
        sayings.forget()
        iri = _iri(data, number)
        if number in bars:
            brief = bar_brief(bar_of(sayings, iri), named)
        elif number in kpis:
            brief = kpi_brief(kpi_of(sayings, iri), named)
        else:
            brief = table_brief(prints_of(sayings, [_iri(data, cell) for cell in cells[number]]))
        yield number, json.dumps(brief, ensure_ascii=False, separators=(",", ":"))


class _Quads(Sayings):
    """What the quads say of things, looked up as it is asked for and kept until it is forgotten."""

    def __init__(self, data: Encoded) -> None:
        super().__init__({})
        self._data = data
        self._found: dict[str, dict[int, list[int]]] = {}
        self._predicates: dict[str, int] = {}

    def terms(self, iri: str, predicate: str) -> Sequence[str]:
        """Values of a property in N-Triples syntax."""
        facts = self._found.get(iri)
        if facts is None:
            facts = self._found[iri] = self._facts(self._data.number(f"<{iri}>"))
        number = self._predicates.get(predicate)
        if number is None:
            number = self._predicates[predicate] = self._data.number(f"<{predicate}>")
        objects = facts.get(number)
        return [self._data.term(o) for o in dict.fromkeys(objects)] if objects else ()

    def forget(self) -> None:
        """Keep nothing of what was asked."""
        self._found.clear()

    def _facts(self, subject: int) -> dict[int, list[int]]:
        """Objects by property; one as often as graphs say it."""
        quads = self._data.quads
        found: dict[int, list[int]] = defaultdict(list)
        at = bisect_left(quads, (subject,))  # They are sorted.
        while at < len(quads) and quads[at][0] == subject:
            _, p, o, _ = quads[at]
            found[p].append(o)
            at += 1
        return found


def passage_rows(data: Encoded) -> Iterator[tuple[int, int, int, int]]:
    """Fragment, document (0 = none said), first and last line of everything that has a first line."""
    starts, ends = _lines(data, DXO.startLine), _lines(data, DXO.endLine)
    documents = {s: o for s, o in reversed(data.pairs(f"{OA}hasSource")) if is_iri(data.term(o))}
    for number, start in sorted(starts.items()):
        if start:
            yield number, documents.get(number, 0), start, ends.get(number) or start


def _cells(data: Encoded) -> dict[int, list[int]]:
    """The cells of each statistical table, in natural order."""
    found: dict[int, list[int]] = {table: [] for table in _of(data, DXO.StatisticalTable)}
    for cell, table in dict.fromkeys(data.pairs(f"{DCTERMS}isPartOf")):
        if table in found:
            found[table].append(cell)
    return found


def _iri(data: Encoded, number: int) -> str:
    return data.term(number)[1:-1]


def _of(data: Encoded, *classes: str) -> set[int]:
    wanted = {data.number(f"<{name}>") for name in classes}
    return {s for s, o in data.pairs(RDF_TYPE[1:-1]) if o in wanted}


def _names(data: Encoded, rows: Iterable[LabelRow], subjects: set[int]) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for number, language, text, _ in rows:
        if number in subjects:
            found.setdefault(data.term(number)[1:-1], {})[language] = text
    return found


def _lines(data: Encoded, predicate: str) -> dict[int, int]:
    """The first number that is given for a property."""
    found: dict[int, int] = {}
    for s, o in data.pairs(predicate):
        if not is_iri(data.term(o)):
            text = literal_parts(data.term(o)).text
            found.setdefault(s, int(text) if text.isdecimal() else 0)
    return found
