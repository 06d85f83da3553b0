"""The vocabulary over HTTP: by negotiation and suffix, its version, shapes, context, frames and example queries."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SH

from dxlod.release import Release, open_current
from dxlod.release.queries import read_questions
from dxlod.server.app import create_app
from dxlod.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NS = URIRef("https://w3id.org/dxlod/ns")
FORMATS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


@pytest.fixture(scope="module")
def published(releases: Path) -> Release:
    return open_current(Settings(home=ROOT, data=ROOT / "data", releases=releases))


class Site:
    """The application without its query workers, which none of these routes needs."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self._get(path, headers))

    async def _get(self, path: str, headers: Mapping[str, str] | None) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://site.example") as client:
            return await client.get(path, headers=headers)


@pytest.fixture(scope="module")
def site(releases: Path, published: Release) -> Site:
    return Site(create_app(published, Settings(home=ROOT, data=ROOT / "data", releases=releases)))


def graph(body: bytes, suffix: str) -> Graph:
    return Graph().parse(data=body, format=PARSERS[suffix])


@pytest.mark.parametrize("place", ["/ns", "/ns/0.1.0", "/dxlod/ns", "/dxlod/ns/0.1.0"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_the_ontology_is_the_same_graph_by_accept_and_by_suffix(site: Site, place: str, suffix: str) -> None:
    asked = site.get(place, headers={"Accept": FORMATS[suffix]})
    named = site.get(f"{place}.{suffix}")
    assert asked.content == named.content
    for answer in (asked, named):
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == FORMATS[suffix]
    assert "Accept" in asked.headers["vary"]
    assert asked.headers["content-location"].endswith(f"/ns.{suffix}")
    version = graph(asked.content, suffix).value(NS, OWL.versionIRI)
    assert version == URIRef("https://w3id.org/dxlod/ns/0.1.0")


def test_the_formats_are_isomorphic(site: Site) -> None:
    first, *rest = (graph(site.get(f"/ns.{suffix}").content, suffix) for suffix in FORMATS)
    assert len(first) > 500
    assert all(isomorphic(first, other) for other in rest)


@pytest.mark.parametrize(
    "path", ["/ns", "/ns/0.1.0", "/ns.html", "/ns/0.1.0.html", "/shapes", "/shapes.html", "/shapes/ontology"]
)
def test_people_get_a_page_in_their_language(site: Site, path: str) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for lang, word in (("ja", "語彙"), ("en", "Vocabulary")):
        answer = site.get(path, headers={**browser, "Accept-Language": lang})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert f'<html lang="{lang}">' in answer.text
        assert word in answer.text
        assert site.get(f"/{lang}{path}", headers=browser).text.count(f'<html lang="{lang}">') == 1


def test_each_term_has_a_page(site: Site) -> None:
    for lang, words in (("ja", "計画"), ("en", "Plan")):
        answer = site.get(f"/{lang}/ns/terms/Plan", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert words in answer.text
        assert f'href="/{lang}/ns#hasPolicy"' in site.get(f"/{lang}/ns/terms/PlanEdition").text


def test_a_page_is_made_once_and_has_a_validator(site: Site) -> None:
    first = site.get("/en/ns", headers={"Accept": "text/html"})
    assert site.get("/en/ns?x=1", headers={"Accept": "text/html"}).content == first.content
    again = site.get("/en/ns", headers={"Accept": "text/html", "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert site.get("/ja/ns", headers={"Accept": "text/html"}).headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/ns.doc",
        "/ns/0.0.9",
        "/ns/terms/Nothing",
        "/ns/0.0.9.ttl",
        "/ns/0.1.0.doc",
        "/ns/..%2fmanifest",
        "/shapes.nt",
        "/context/9.9.9",
        "/frames/none.jsonld",
        "/frames/..%2fcontext.jsonld",
        "/queries.csv",
    ],
)
def test_what_there_is_not_is_404(site: Site, path: str) -> None:
    assert site.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/ns", "/ns/0.1.0", "/shapes"])
def test_a_format_nobody_offers_is_406(site: Site, path: str) -> None:
    answer = site.get(path, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


def test_the_context_is_where_the_dumps_say(site: Site, published: Release) -> None:
    dump = json.loads((published.path / "dumps" / "all.jsonld").read_text(encoding="utf-8"))
    named = dump["@context"]["context"]
    path = named.removeprefix("https://w3id.org/dxlod")
    answer = site.get(path, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/ld+json"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*"
    context = answer.json()["@context"]
    assert context["context"] == named
    assert dump["@context"].items() <= context.items()
    assert site.get("/dxlod/context/0.1.0").content == answer.content
    assert "immutable" not in site.get("/context.jsonld").headers["cache-control"]
    assert site.get("/context.jsonld").content == answer.content
    assert site.get("/context").headers["location"] == "/context.jsonld"


def test_frames_name_the_context(site: Site) -> None:
    context = site.get("/context.jsonld").json()["@context"]["context"]
    for name in ("plan", "initiative"):
        answer = site.get(f"/frames/{name}.jsonld")
        assert answer.headers["content-type"] == "application/ld+json"
        assert answer.json()["@context"] == context


def test_the_example_queries_are_those_of_the_competency_questions(site: Site) -> None:
    graphs = [graph(site.get(f"/queries.{suffix}").content, suffix) for suffix in FORMATS]
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    texts = {str(text) for text in graphs[0].objects(None, SH.select)}
    assert texts == {question.query for question in read_questions(ROOT / "tests" / "competency")}
    assert len(set(graphs[0].subjects(RDF.type, SH.SPARQLExecutable))) >= 30


def test_the_shapes_are_those_that_validate(site: Site) -> None:
    answer = site.get("/shapes", headers={"Accept": "text/turtle"})
    whole = graph(answer.content, "ttl")
    each = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        each.parse(path)
    assert len(whole) == len(each)
    assert set(whole.subjects(SH.message)) == set(each.subjects(SH.message))


def test_a_release_lists_what_belongs_to_the_vocabulary(published: Release) -> None:
    for name in ("context.jsonld", "frames/plan.jsonld", "queries.ttl", "shapes.ttl", "vocabulary.json"):
        entry = published.entry(name)
        assert entry is not None
        assert hashlib.sha256((published.path / name).read_bytes()).hexdigest() == entry.sha256
    assert "queries/cq01-plans-and-periods.rq" in published.manifest.inputs
    assert "frames/plan.jsonld" in published.manifest.inputs
