"""The catalogue in pages (https://www.hydra-cg.com/spec/latest/core/, partial collection views).

Harvesters delete what is missing from a feed, so the pages together are always everything, and each page leads to the
next in its own format: `catalog/page/2.ttl` holds on any web server, with the right media type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dxlod.catalog.dcat import catalogue_triples
from dxlod.catalog.facts import Catalogue, DatasetFacts
from dxlod.catalog.terms import Fact, iri, node
from dxlod.release.terms import XSD, Triple, literal

__all__ = ["page_path", "page_triples", "pages"]


def pages(facts: Catalogue, size: int) -> list[Sequence[DatasetFacts]]:
    """The data sets of each page, `size` at most; no pages where one would hold them all."""
    if len(facts.datasets) <= size:
        return []
    return [facts.datasets[at : at + size] for at in range(0, len(facts.datasets), size)]


def page_path(number: int, suffix: str) -> str:
    """Path of a page within the release; the first is 1."""
    return f"catalog/page/{number}.{suffix}"


def page_triples(
    facts: Catalogue, number: int, every: Sequence[Sequence[DatasetFacts]], suffix: str
) -> list[Triple]:
    """One page: its data sets described in full, and the way to the other pages in the same format."""
    triples = {*catalogue_triples(facts, every[number - 1]), *_view(facts, number, len(every), suffix)}
    return sorted(triples, key=lambda triple: triple.line)


def _view(facts: Catalogue, number: int, last: int, suffix: str) -> Iterator[Triple]:
    def link(name: str, page: int) -> Fact:
        return f"hydra:{name}", iri(facts.url(f"/{page_path(page, suffix)}") if 1 <= page <= last else "")

    here = facts.url(f"/{page_path(number, suffix)}")
    ways = [link("first", 1), link("previous", number - 1), link("next", number + 1), link("last", last)]
    yield from node(here, ["hydra:PartialCollectionView"], ways)
    total = literal(str(len(facts.datasets)), f"{XSD}integer")
    yield from node(facts.iri, ["hydra:Collection"], [("hydra:view", iri(here)), ("hydra:totalItems", total)])
