"""Answers SERVICE <https://w3id.org/dxlod/search> from the index of the release, as inline data for the engine.

A list that is longer than the setting says is never cut: the query is told to narrow it, or to say how many it wants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dxlod.errors import QueryError
from dxlod.release.terms import iri_of, literal_parts
from dxlod.server.inline import block_of, iri_text, literal_text
from dxlod.settings import Settings
from dxlod.site.fold import key_of
from dxlod.site.matches import LONGEST_TEXT, Match, find_matches, is_used
from dxlod.site.reader import SiteReader
from dxlod.store import SEARCH, Checked, Dataset, Limits, check_query
from dxlod.store.matching import Search, misplaced, read_search

__all__ = ["MOST_SEARCHES", "answered", "search_blocks"]

MOST_SEARCHES = 8
"""Most searches of one query."""


def search_blocks(reader: SiteReader, checked: Checked, most: int) -> Mapping[int, str]:
    """For each SERVICE clause that is a search, by its place among them, its matches as a group with VALUES.

    `most` is how many rows they may have together. QuerySyntaxError, with line and column, for a group that is no search,
    for a text or property that cannot be looked for, and for more rows than that.
    """
    calls = [(nth, call) for nth, call in enumerate(checked.calls) if call.endpoint == SEARCH]
    if len(calls) > MOST_SEARCHES:
        raise QueryError(
            f"1つの問い合わせで検索できるのは {MOST_SEARCHES} 回までです。",
            f"A query can search at most {MOST_SEARCHES} times.",
        )
    blocks, left = {}, most
    # All are read before any is looked for.
    for nth, search in [(nth, read_search(checked, call, most)) for nth, call in calls]:
        _check(reader, search)
        matches = _find(reader, search, left, most)
        left -= len(matches)
        blocks[nth] = _block(search, matches)
    return blocks


def answered(reader: SiteReader, settings: Settings, text: str) -> Dataset:
    """What an engine has to be given with this query so that its searches are answered.

    QueryError for a query that may not be run, or that asks for another service.
    """
    checked = check_query(text, Limits.of(settings))
    blocks = search_blocks(reader, checked, settings.search_rows)
    return Dataset(fetched=tuple(blocks[nth] for nth in range(len(checked.calls))))


def _check(reader: SiteReader, search: Search) -> None:
    if not key_of(search.text):
        raise misplaced(search.at, "探す文字列が空です", "the text to look for is empty")
    if len(search.text) > LONGEST_TEXT:
        raise misplaced(
            search.at,
            f"探す文字列は {LONGEST_TEXT} 文字までです",
            f"a text to look for has at most {LONGEST_TEXT} characters",
        )
    for item in search.properties:
        if not is_used(reader, item.iri):
            raise misplaced(
                item.at,
                f"プロパティ <{item.iri}> はこの公開データで使われていません",
                f"the property <{item.iri}> is not used in this release",
            )


def _find(reader: SiteReader, search: Search, left: int, most: int) -> list[Match]:
    wanted = search.limit or left + 1
    found = find_matches(
        reader,
        search.text,
        most=min(wanted, left + 1),
        language=search.language,
        properties=tuple(item.iri for item in search.properties),
        by_property=bool(search.predicate),
        by_literal=bool(search.literal),
    )
    if len(found) > left:
        raise misplaced(
            search.at,
            f"見つかるものが {most} 件を超えます。文字列を長くするか、dxs:property で絞るか、dxs:limit で件数を指定してください",
            f"more than {most} rows are found; look for a longer text, name a dxs:property, or say how many with dxs:limit",
        )
    return found


def _block(search: Search, matches: Sequence[Match]) -> str:
    rows = (
        [*_row(search, match), *([str(rank)] if search.rank else [])] for rank, match in enumerate(matches, 1)
    )
    return block_of(search.variables, rows)


def _row(search: Search, match: Match) -> Iterator[str]:
    yield iri_text(iri_of(match.thing))
    if search.predicate:
        yield iri_text(iri_of(match.property))
    if search.literal:
        parts = literal_parts(match.literal)
        yield literal_text(parts.text, language=parts.language)
