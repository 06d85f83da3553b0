"""The catalogue in pages: together they are everything, each stands alone, each leads to the next."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from dxlod.catalog import Catalogue
from dxlod.catalog.dcat import catalogue_triples
from dxlod.catalog.paging import page_path, page_triples, pages
from dxlod.catalog.part import write_catalogue
from dxlod.release import Draft, History, Release
from dxlod.release.terms import Quad
from dxlod.settings import Settings

from .conftest import parsed
from .dcat_ap import load, results

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SIZE = 2


@pytest.fixture(scope="module")
def paged(published: Catalogue) -> list[Graph]:
    every = pages(published, SIZE)
    return [parsed(page_triples(published, number, every, "ttl")) for number in range(1, len(every) + 1)]


def without_paging(graph: Graph) -> Graph:
    kept = Graph()
    for triple in graph:
        if not any(str(node).startswith(str(HYDRA)) for node in triple):
            kept.add(triple)
    return kept


def test_one_page_is_no_paging(published: Catalogue) -> None:
    assert pages(published, 6) == []
    assert len(pages(published, 5)) == 2


def test_together_the_pages_are_everything(published: Catalogue, paged: list[Graph]) -> None:
    union = Graph()
    for page in paged:
        union += without_paging(page)
    assert len(paged) == 3
    assert set(union) == set(parsed(catalogue_triples(published)))


def test_every_page_leads_to_the_next_as_a_harvester_follows(paged: list[Graph]) -> None:
    seen, here = [], "https://w3id.org/dxlod/catalog/page/1.ttl"
    by_url = {f"https://w3id.org/dxlod/catalog/page/{n}.ttl": page for n, page in enumerate(paged, 1)}
    while here:
        page = by_url[here]
        (view,) = page.subjects(RDF.type, HYDRA.PartialCollectionView)
        assert str(view) == here
        seen += list(page.subjects(RDF.type, DCAT.Dataset))
        here = str(page.value(view, HYDRA.next) or "")
    assert len(seen) == len(set(seen)) == 6


def test_pages_link_back_and_count(paged: list[Graph]) -> None:
    catalog = URIRef("https://w3id.org/dxlod/id/catalog")
    for number, page in enumerate(paged, 1):
        view = URIRef(f"https://w3id.org/dxlod/catalog/page/{number}.ttl")
        assert page.value(catalog, HYDRA.view) == view
        assert page.value(catalog, HYDRA.totalItems) == Literal(6)
        before = page.value(view, HYDRA.previous)
        assert before == (
            URIRef(f"https://w3id.org/dxlod/catalog/page/{number - 1}.ttl") if number > 1 else None
        )
        assert str(page.value(view, HYDRA.last)).endswith("/3.ttl")


def test_a_page_in_another_format_leads_on_in_that_format(published: Catalogue) -> None:
    page = parsed(page_triples(published, 1, pages(published, SIZE), "jsonld"))
    assert {str(url)[-9:] for url in page.objects(None, HYDRA.next)} == {"/2.jsonld"}


def test_a_page_describes_everything_that_it_names(paged: list[Graph]) -> None:
    """Whatever the union describes, a page that names it describes as well, but for other pages' data sets."""
    union = Graph()
    for page in paged:
        union += page
    described = set(union.subjects())
    later = (
        DCAT.seriesMember,
        DCAT.first,
        DCAT.last,
        DCAT.prev,
        HYDRA.next,
        HYDRA.previous,
        HYDRA.first,
        HYDRA.last,
    )
    parts = (*later, URIRef("http://purl.org/dc/terms/hasPart"), URIRef("http://purl.org/dc/terms/isPartOf"))
    for page in paged:
        own = set(page.subjects())
        named = {node for _, p, node in page if p not in parts and isinstance(node, URIRef)}
        assert named & described <= own, sorted((named & described) - own)[:5]


@pytest.mark.skipif(not os.environ.get("DXLOD_VENDOR"), reason="DXLOD_VENDOR has no dcat-ap-3.0.1")
def test_every_page_conforms(paged: list[Graph]) -> None:
    shapes = load(Path(os.environ["DXLOD_VENDOR"]) / "dcat-ap-3.0.1", ["dcat-ap-SHACL.ttl"])
    assert [results(page, shapes) for page in paged] == [[], [], []]


def test_pages_are_written_where_the_publisher_asks_for_them(
    published: Catalogue, release: Release, quads: list[Quad], tmp_path: Path
) -> None:
    settings = Settings(releases=tmp_path)
    draft = Draft(settings, tmp_path, release.version, History(""), quads)
    facts = replace(published, publisher=replace(published.publisher, page_size=4))
    write_catalogue(draft, facts)
    written = {entry.path: entry for entry in draft.entries() if entry.path.startswith("catalog/page/")}
    assert sorted(written) == sorted(page_path(n, s) for n in (1, 2) for s in ("ttl", "jsonld", "nt", "rdf"))
    for path, entry in written.items():
        kind = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}[path.rpartition(".")[2]]
        assert len(Graph().parse(tmp_path / path, format=kind)) == entry.triples
