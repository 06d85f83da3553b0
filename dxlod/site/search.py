"""Searching the index: Japanese and English, width and case folded, with facets and their counts.

Every word of the question must occur; one of Latin letters also in another form of the word. What comes first: the
very name, then names that begin so, names that have it within, names that have all the words, other texts; within
these plans, initiatives and indicators before smaller things, and short names before long ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dxlod.errors import QueryError
from dxlod.site.entries import FACETS
from dxlod.site.fold import key_of, tokens_of
from dxlod.site.kinds import KINDS
from dxlod.site.reader import FacetSet, SiteReader

__all__ = ["FACETS", "MOST", "FacetCounts", "FacetValue", "Hit", "SearchPage", "search"]

MOST = 100
"""Most hits of one page."""

_LONGEST, _MOST_WORDS, _MOST_CHOSEN, _SHOWN = 200, 12, 30, 40
_LATIN = re.compile(r"[a-z0-9]+")
_SCRIPTS = re.compile(r"[一-龠々〇]+|[ァ-ヴ-]+|[ぁ-ん]{2,}|[a-z0-9]+")
_TIER = (
    "CASE WHEN e.ja = :key OR e.en = :key THEN 0 WHEN instr(e.ja, :key) = 1 OR instr(e.en, :key) = 1 THEN 1"
    " WHEN instr(e.ja, :key) OR instr(e.en, :key) THEN 2 WHEN {every} THEN 3 ELSE 4 END"
)


@dataclass(frozen=True)
class Hit:
    """One thing found: its IRI, kind and names by language; IRIs of its plan edition and city ('' = none)."""

    iri: str
    kind: str
    names: Mapping[str, str]
    plan: str
    city: str


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet: as in an address, its IRI ('' = none), names, how many hits it leaves, whether chosen."""

    value: str
    iri: str
    names: Mapping[str, str]
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetCounts:
    """One facet: its values, the most frequent first (years: the latest), and how many more there are."""

    name: str
    values: tuple[FacetValue, ...]
    more: int


@dataclass(frozen=True)
class SearchPage:
    """One page of what was found. `names` are those of plans and cities; `loose`: the words were taken apart."""

    hits: tuple[Hit, ...]
    total: int
    facets: tuple[FacetCounts, ...]
    names: Mapping[str, Mapping[str, str]]
    loose: bool = False


def search(
    reader: SiteReader,
    text: str,
    *,
    lang: str = "ja",
    facets: Mapping[str, Sequence[str]] | None = None,
    limit: int = 20,
    offset: int = 0,
) -> SearchPage:
    """What answers a question, within chosen values of facets: any of those of one facet, in all of the facets.

    A value is given as in an address (`212016`, `frontyard`) or as an IRI. An empty text lists everything. QueryError
    for a question that is too long, an unknown facet or kind, or numbers out of their range.
    """
    chosen = {name: tuple(values) for name, values in (facets or {}).items() if values}
    _check(text, chosen, limit, offset)
    order, loose = _found(reader, text)
    sets = _Sets(reader.facet_sets(), chosen)
    every = (1 << reader.entry_count()) - 1 if order is None else _bits(order, reader.entry_count())
    kept = every & sets.within()
    page = _page(order, kept, limit, offset)
    hits = _hits(reader, page)
    around = {iri for hit in hits for iri in (hit.plan, hit.city) if iri}
    return SearchPage(
        hits, kept.bit_count(), _counts(reader, sets, every, lang), reader.labels(around), loose
    )


def _check(text: str, chosen: Mapping[str, Sequence[str]], limit: int, offset: int) -> None:
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS:
        raise QueryError(
            f"検索のことばは {_LONGEST} 文字、{_MOST_WORDS} 語までです。",
            f"A search takes at most {_LONGEST} characters and {_MOST_WORDS} words.",
        )
    if sum(map(len, chosen.values())) > _MOST_CHOSEN:
        raise QueryError(
            f"絞り込みの値は {_MOST_CHOSEN} 個までです。",
            f"At most {_MOST_CHOSEN} values of facets can be chosen.",
        )
    unknown = sorted(set(chosen) - set(FACETS))
    if unknown:
        names = ", ".join(FACETS)
        raise QueryError(
            f"絞り込みに使えるのは {names} です。", f"Facets are {names}, not {', '.join(unknown)}."
        )
    allowed = {"has_kpi": ("true", "false"), "kind": tuple(kind.name for kind in KINDS)}
    for name, values in allowed.items():
        if not set(chosen.get(name, ())) <= set(values):
            raise QueryError(
                f"{name} に使えるのは {', '.join(values)} です。", f"{name} is one of {', '.join(values)}."
            )
    if not 0 <= limit <= MOST or not 0 <= offset <= 1 << 31:
        raise QueryError(
            f"limit は 0 から {MOST}、offset は 0 以上です。", f"limit is 0 to {MOST}, offset 0 or more."
        )


def _found(reader: SiteReader, text: str) -> tuple[list[int] | None, bool]:
    """Entries that answer, best first (None = all), and whether the words had to be taken apart for it."""
    words = list(dict.fromkeys(tokens_of(text)))
    if not words:
        return (None, False) if not text.strip() else ([], False)
    order = _ranked(reader, key_of(text), words)
    pieces = [piece for word in words for piece in _SCRIPTS.findall(word)]
    if order or len(pieces) <= len(words) or len(pieces) > _MOST_WORDS:
        return order, False
    order = _ranked(reader, key_of(text), pieces)
    return order, bool(order)


def _ranked(reader: SiteReader, key: str, words: Sequence[str]) -> list[int]:
    """Entries in which each word occurs, and one of them in what the entry itself says."""
    values: dict[str, str] = {"key": key}
    anywhere, own, named = [], [], []
    for at, word in enumerate(words):
        quoted = f'"{word.replace(chr(34), chr(34) * 2)}"'
        values |= {f"w{at}": word, f"q{at}": quoted, f"o{at}": f"own : {quoted}"}
        anywhere.append(_condition(word, f"w{at}", f"q{at}", ("ja", "body", "near")))
        own.append(_condition(word, f"w{at}", f"o{at}", ("ja", "body")))
        named.append(f"(instr(e.ja, :w{at}) OR instr(e.en, :w{at}))")
    sql = (
        f"SELECT e.id FROM entry e WHERE {' AND '.join(anywhere)} AND ({' OR '.join(own)})"
        f" ORDER BY {_TIER.format(every=' AND '.join(named))}, e.weight, length(e.ja), e.id"
    )
    return [row[0] for row in reader.rows(sql, values)]


def _condition(word: str, name: str, quoted: str, columns: Sequence[str]) -> str:
    """Where a word occurs. Trigrams know no shorter words than three: these are looked for as they are."""
    forms = f"SELECT rowid FROM word WHERE word MATCH :{quoted}"
    if len(word) > 2:
        pieces = f"SELECT rowid FROM piece WHERE piece MATCH :{quoted}"
        return f"e.id IN ({pieces} UNION {forms})" if _LATIN.fullmatch(word) else f"e.id IN ({pieces})"
    within = " OR ".join(f"instr(e.{column}, :{name})" for column in columns)
    return f"({within} OR e.id IN ({forms}))" if _LATIN.fullmatch(word) else f"({within})"


class _Sets:
    """The values of all facets as sets of entries, and those chosen."""

    def __init__(self, sets: Sequence[FacetSet], chosen: Mapping[str, Sequence[str]]) -> None:
        self.by_name: dict[str, list[FacetSet]] = {name: [] for name in FACETS}
        for one in sets:
            self.by_name.setdefault(one.name, []).append(one)
        self._chosen = {name: set(values) for name, values in chosen.items()}

    def is_chosen(self, one: FacetSet) -> bool:
        """Whether a value was asked for, by its short form or by its IRI."""
        wanted = self._chosen.get(one.name, set())
        return one.value in wanted or (one.iri != "" and one.iri in wanted)

    def within(self, without: str = "") -> int:
        """Entries that all chosen facets leave, but for one of them."""
        left = -1
        for name in self._chosen:
            if name != without:
                union = 0
                for one in self.by_name[name]:
                    union |= one.bits if self.is_chosen(one) else 0
                left &= union
        return left


def _bits(entries: Sequence[int], count: int) -> int:
    found = bytearray(count // 8 + 1)
    for entry in entries:
        found[entry >> 3] |= 1 << (entry & 7)
    return int.from_bytes(found, "little")


def _page(order: Sequence[int] | None, kept: int, limit: int, offset: int) -> list[int]:
    bits = kept.to_bytes(kept.bit_length() // 8 + 1, "little")
    entries: Iterator[int] = iter(range(len(bits) * 8)) if order is None else iter(order)
    found: list[int] = []
    passed = 0
    for entry in entries:
        if len(found) == limit:
            break
        if entry >> 3 < len(bits) and bits[entry >> 3] >> (entry & 7) & 1:
            passed += 1
            if passed > offset:
                found.append(entry)
    return found


def _hits(reader: SiteReader, entries: Sequence[int]) -> tuple[Hit, ...]:
    marks = ", ".join("?" for _ in entries)
    sql = (
        "SELECT e.id, t.text, e.kind, p.text, c.text FROM entry e JOIN term t ON t.id = e.term"
        f" LEFT JOIN term p ON p.id = e.plan LEFT JOIN term c ON c.id = e.city WHERE e.id IN ({marks})"
    )
    rows = {row[0]: row[1:] for row in reader.rows(sql, entries)}
    names = reader.labels(row[0][1:-1] for row in rows.values())
    return tuple(
        Hit(iri, kind, names.get(iri, {}), (plan or "")[1:-1], (city or "")[1:-1])
        for term, kind, plan, city in (rows[entry] for entry in entries)
        for iri in (term[1:-1],)
    )


def _counts(reader: SiteReader, sets: _Sets, every: int, lang: str) -> tuple[FacetCounts, ...]:
    """Counts of a facet's values as if nothing were chosen in that facet, so that a choice can be changed."""
    found = []
    for name in FACETS:
        base = every & sets.within(without=name)
        counted = [(one, (one.bits & base).bit_count()) for one in sets.by_name[name]]
        left = [(one, count) for one, count in counted if count or sets.is_chosen(one)]
        left.sort(key=_by_year if name == "year" else _by_count)
        shown = (
            left
            if name == "year"
            else [pair for at, pair in enumerate(left) if at < _SHOWN or sets.is_chosen(pair[0])]
        )
        names = reader.labels(one.iri for one, _ in shown if one.iri)
        values = (
            FacetValue(one.value, one.iri, names.get(one.iri, {}), count, sets.is_chosen(one))
            for one, count in shown
        )
        found.append(FacetCounts(name, tuple(values), len(left) - len(shown)))
    return tuple(found)


def _by_count(pair: tuple[FacetSet, int]) -> tuple[int, str]:
    return -pair[1], pair[0].value


def _by_year(pair: tuple[FacetSet, int]) -> tuple[int, str]:
    return -int(pair[0].value), ""
