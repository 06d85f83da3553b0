"""`package_search`: filtered, sorted, paged and counted as CKAN does it.

Without `sort` what fits the words best comes first, then what was changed last. Records that sort alike keep the order
of the catalogue, so the pages of a walk fit together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dxlod.errors import ActionError
from dxlod.server.ckan_actions import Params, boolean, invalid, natural
from dxlod.server.ckan_portal import Portal, Record
from dxlod.server.ckan_query import Found, Query, read_query

__all__ = ["ROWS_MAX", "SearchAnswer", "package_search"]

ROWS_MAX = 1_000
_DEFAULT_SORT = "score desc, metadata_modified desc"
_KNOWN = frozenset((
    "q", "fq", "fq_list", "rows", "start", "sort", "facet", "facet.field", "facet.limit", "facet.mincount", "fl", "qf",
    "bf", "boost", "tie", "defType", "mm", "df", "wt", "use_default_schema", "include_private", "include_drafts",
    "include_deleted", "callback", "q.op",
))  # fmt: skip
_Pair = tuple[Record, Found]


@dataclass(frozen=True)
class SearchAnswer:
    """The result, and whether it depends on when it was asked for."""

    result: dict[str, Any]
    timely: bool


def package_search(portal: Portal, params: Params, now: datetime) -> SearchAnswer:
    """What fits `q` and every `fq`. ActionError 409 for a parameter, 400 for a query that cannot be read."""
    unknown = sorted(name for name in params if name not in _KNOWN and not name.startswith(("ext_", "\0")))
    if unknown:
        raise _refused(f"Invalid search parameters: {unknown}")
    asked = read_query(_query(params), now)
    filters = [read_query(text, now) for text in _filters(params)]
    rows, start = natural(params, "rows", 10, ROWS_MAX), natural(params, "start", 0)
    sort = _text(params, "sort") or _DEFAULT_SORT
    fitting = [
        pair for pair in portal.indexed if asked.fits(pair[1]) and all(one.fits(pair[1]) for one in filters)
    ]
    found = _sorted(fitting, asked, sort)
    facets = _facets(found, params)
    result = {
        "count": len(found),
        "sort": sort,
        "results": [_shown(package, params) for package, _ in found[start : start + rows]],
        "facets": facets,
        "search_facets": {name: _titled(name, values, portal) for name, values in facets.items()},
    }
    return SearchAnswer(result, any(query.timely for query in (asked, *filters)))


def _query(params: Params) -> str:
    text = _text(params, "q")
    return "" if text in ('""', "''") else text


def _filters(params: Params) -> Iterable[str]:
    for name in ("fq", "fq_list"):
        value = params.get(name) or []
        yield from (str(item) for item in (value if isinstance(value, list) else [value]))


def _text(params: Params, name: str) -> str:
    value = params.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(name, "text")
    return value.strip()


def _sorted(found: Sequence[_Pair], asked: Query, sort: str) -> list[_Pair]:
    """By each of the fields in turn, from the last to the first: sorting keeps the order of what is alike."""
    every = list(found)
    for part in reversed([item.split() for item in sort.split(",") if item.strip()]):
        if len(part) > 2 or (len(part) == 2 and part[1].lower() not in ("asc", "desc")):
            raise _refused('Invalid "sort" parameter')
        name, down = part[0], len(part) == 2 and part[1].lower() == "desc"
        if name == "score":
            every.sort(key=lambda pair: _score(pair[1], asked.words), reverse=down)
        else:
            every.sort(key=lambda pair: _key(pair[1], name), reverse=down)
    return every


def _key(found: Found, name: str) -> str:
    return "\n".join(found.get("title" if name == "title_string" else name, ("",)))


def _score(found: Found, words: Sequence[str]) -> int:
    """Words in the name or title count four times, in a tag twice."""
    weights = {"name": 4, "title": 4, "tags": 2, "text": 1}
    return sum(
        weight
        for name, weight in weights.items()
        for word in words
        if any(word in value for value in found.get(name, ()))
    )


def _shown(package: Record, params: Params) -> Record:
    """The package, or those of its fields that `fl` names."""
    value = params.get("fl")
    names = value if isinstance(value, list) else str(value or "").replace(",", " ").split()
    if not names or "*" in names:
        return package
    extras = {f"extras_{item['key']}": item["value"] for item in package["extras"]}
    every = {**extras, **package}
    return {name: every[name] for name in map(str, names) if name in every}


def _facets(found: Sequence[_Pair], params: Params) -> dict[str, dict[str, int]]:
    """How many of the packages found have each value of the fields asked for, the most frequent first."""
    if not boolean(params, "facet", default=True):
        return {}
    least = natural(params, "facet.mincount", 1)
    most = _limit(params)
    facets = {}
    for name in _facet_fields(params):
        counts = Counter(value for package, _ in found for value in _values(package, name))
        order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        facets[name] = {value: count for value, count in order[:most] if count >= least}
    return facets


def _limit(params: Params) -> int | None:
    """Values of a facet at most: 50; all of them where the number is negative."""
    value = params.get("facet.limit")
    if str(value).startswith("-") and str(value)[1:].isdigit():
        return None
    return natural(params, "facet.limit", 50)


def _facet_fields(params: Params) -> list[str]:
    value = params.get("facet.field") or []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise invalid("facet.field", "text")
    return value


def _values(package: Record, name: str) -> Iterable[str]:
    """Values as they are written, not as they are compared."""
    if name == "tags":
        return [tag["name"] for tag in package["tags"]]
    if name == "organization":
        return [package["organization"]["name"]]
    if name == "res_format":
        return dict.fromkeys(item["format"] for item in package["resources"])
    if isinstance(package.get(name), str):
        return [package[name]]
    own = {extra["key"]: extra["value"] for extra in package["extras"]}
    value = own.get(name.removeprefix("extras_"))
    return [value] if value is not None else []


def _titled(name: str, values: Mapping[str, int], portal: Portal) -> dict[str, Any]:
    titles: dict[str, str] = {}
    if name == "organization":
        titles = {key: own["title"] for key, own in portal.organizations.items()}
    if name == "license_id":
        titles = {package["license_id"]: package["license_title"] for package in portal.packages}
    items = [
        {"name": value, "display_name": titles.get(value, value), "count": count}
        for value, count in values.items()
    ]
    return {"title": name, "items": items}


def _refused(message: str) -> ActionError:
    return ActionError(
        400,
        "Search Query Error",
        f"Search Query is invalid: {message!r}",
        f"検索の指定が正しくありません: {message}",
        f"The search cannot be done: {message}",
    )
