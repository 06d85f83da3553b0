"""The facts of the search page: what was found, and links that narrow it, widen it or turn the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from dxlod.site.kinds import KINDS
from dxlod.site.search import FacetCounts, FacetValue, SearchPage
from dxlod.site.view import View

__all__ = ["Choice", "Filter", "search_facts"]

Translate = Callable[..., str]


@dataclass(frozen=True)
class Choice:
    """One value of a facet: its names by language, count, whether chosen, and the link that changes that."""

    names: Mapping[str, str]
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Filter:
    """One facet: its name, its choices, and how many values more there are."""

    name: str
    choices: Sequence[Choice]
    more: int

    @property
    def chosen(self) -> Sequence[Choice]:
        """The choices made."""
        return [choice for choice in self.choices if choice.chosen]


def search_facts(
    view: View,
    translate: Translate,
    text: str,
    found: SearchPage,
    facets: Mapping[str, Sequence[str]],
    page: int,
    per_page: int,
) -> Mapping[str, object]:
    """What `search.html` shows. `page` counts from 1."""
    pages = max(1, -(-found.total // per_page))
    kept = [(name, value) for name, values in facets.items() for value in values]
    here = [("q", text)] if text else []
    first = (page - 1) * per_page + 1
    return {
        "crumbs": [(translate("nav.search"), None)],
        "text": text,
        "found": found,
        "kinds": {kind.name: kind.label(view.lang) for kind in KINDS},
        "filters": [_filter(view, translate, facet, here, facets) for facet in found.facets if facet.values],
        "kept": kept,
        "clear": _url(view, here),
        "first": first,
        "last": first + len(found.hits) - 1,
        "page": page,
        "pages": pages,
        "turn": f"{_url(view, [*here, *kept])}{'&' if here or kept else '?'}page=",
    }


def _filter(
    view: View,
    translate: Translate,
    facet: FacetCounts,
    here: Sequence[tuple[str, str]],
    facets: Mapping[str, Sequence[str]],
) -> Filter:
    choices = []
    for one in facet.values:
        without = [
            (name, value)
            for name, values in facets.items()
            for value in values
            if name != facet.name or value not in (one.value, one.iri)
        ]
        pairs = without if one.chosen else [*without, (facet.name, one.value)]
        choices.append(
            Choice(
                _names(view, translate, facet.name, one), one.count, one.chosen, _url(view, [*here, *pairs])
            )
        )
    return Filter(facet.name, choices, facet.more)


def _names(view: View, translate: Translate, name: str, one: FacetValue) -> Mapping[str, str]:
    if name == "kind":
        return {view.lang: next(kind.label(view.lang) for kind in KINDS if kind.name == one.value)}
    if name == "has_kpi":
        return {view.lang: translate("search.with_kpi" if one.value == "true" else "search.without_kpi")}
    if name == "year":
        return {view.lang: translate("search.fiscal_year", year=one.value)}
    return one.names or {"": one.value}


def _url(view: View, pairs: Sequence[tuple[str, str]]) -> str:
    return view.url("/search") + (f"?{urlencode(pairs)}" if pairs else "")
