"""The catalogue over HTTP, as harvesters, browsers and importers ask for it."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from starlette.types import ASGIApp

from dxlod.catalog import Catalogue
from dxlod.catalog.part import write_catalogue
from dxlod.release import Draft, History, Manifest, Release
from dxlod.release.terms import Quad
from dxlod.server.catalog import changed_since, removed_since
from dxlod.settings import Settings

from .conftest import CHANGED, FIRST, SECOND
from .service import app_over, ask

DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
PARSERS = {
    "text/turtle": "turtle", "application/ld+json": "json-ld", "application/rdf+xml": "xml",
    "application/n-triples": "nt",
}  # fmt: skip
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def app(release: Release) -> ASGIApp:
    return app_over(release)


@pytest.fixture(scope="module")
def paged(
    published: Catalogue, release: Release, quads: list[Quad], tmp_path_factory: pytest.TempPathFactory
) -> ASGIApp:
    """The service over the release as published twice, with two data sets on a page."""
    folder = tmp_path_factory.mktemp("paged") / release.version
    folder.mkdir()
    for entry in release.path.iterdir():
        os.symlink(entry, folder / entry.name) if entry.name in ("dumps", "store", "context.jsonld") else None
    draft = Draft(Settings(releases=folder.parent), folder, release.version, History(""), quads)
    write_catalogue(draft, replace(published, publisher=replace(published.publisher, page_size=2)))
    fields = {name: getattr(release.manifest, name) for name in Manifest.__dataclass_fields__}
    kept = [
        entry for entry in release.manifest.files if not entry.path.startswith(("catalog", "void", "ckan"))
    ]
    own = [entry for entry in draft.entries() if entry.path.startswith("catalog")]
    return app_over(Release(folder, Manifest(**{**fields, "files": (*kept, *own)}), release.seal))


def parser_of(content_type: str) -> str:
    return PARSERS[content_type.partition(";")[0]]


@pytest.mark.parametrize("path", ["/catalog", "/catalog/page/1", "/void"])
@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples; charset=utf-8"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.9", "text/turtle; charset=utf-8"),
    ],
)
def test_rdf_by_negotiation(app: ASGIApp, path: str, accept: str | None, expected: str) -> None:
    answer = ask(app, path, headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == expected
    assert "Accept" in answer.headers["vary"]
    assert len(Graph().parse(data=answer.text, format=parser_of(expected))) > 1000


def test_as_ckanext_dcat_asks(app: ASGIApp) -> None:
    """HEAD first, then GET, with no Accept of RDF; the Content-Type chooses the parser."""
    head = ask(app, "/catalog", "HEAD", {"User-Agent": "python-requests/2.32", "Accept": "*/*"})
    answer = ask(app, "/catalog", headers={"User-Agent": "python-requests/2.32", "Accept": "*/*"})
    assert head.status_code == answer.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(answer.content))
    assert int(head.headers["content-length"]) < 50 << 20
    graph = Graph().parse(data=answer.text, format=parser_of(answer.headers["content-type"]))
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 6


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/catalog.ttl", "text/turtle; charset=utf-8"),
        ("/catalog.jsonld", "application/ld+json"),
        ("/catalog.rdf", "application/rdf+xml"),
        ("/catalog.nt", "application/n-triples; charset=utf-8"),
        ("/catalog/page/1.rdf", "application/rdf+xml"),
        ("/void.ttl", "text/turtle; charset=utf-8"),
        ("/void.jsonld", "application/ld+json"),
        ("/schema.jsonld", "application/ld+json"),
        ("/opendata-list.csv", "text/csv; charset=utf-8"),
        ("/オープンデータ一覧.csv", "text/csv; charset=utf-8"),
    ],
)
def test_files_have_their_media_type_a_tag_and_answer_head_like_get(
    app: ASGIApp, path: str, media_type: str
) -> None:
    answer, head = ask(app, path), ask(app, path, "HEAD")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == answer.headers[name]
    again = ask(app, path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_representations_have_tags_of_their_own(app: ASGIApp) -> None:
    accepts = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples")
    tags = {ask(app, "/catalog", headers={"Accept": accept}).headers["etag"] for accept in accepts}
    assert len(tags) == 4


@pytest.mark.parametrize(("path", "place"), [("/catalog", "/downloads"), ("/en/catalog", "/en/downloads")])
def test_browsers_are_shown_the_downloads(app: ASGIApp, path: str, place: str) -> None:
    answer = ask(app, path, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert "Accept" in answer.headers["vary"]


def test_well_known_void_leads_to_it(app: ASGIApp) -> None:
    answer = ask(app, "/.well-known/void")
    assert (answer.status_code, answer.headers["location"]) == (302, "/void")


def test_a_data_set_is_an_entity_like_others(app: ASGIApp) -> None:
    answer = ask(app, "/id/dataset/212130-dx-2026")
    assert (answer.status_code, answer.headers["location"]) == (303, "/doc/dataset/212130-dx-2026")
    document = ask(app, "/doc/dataset/212130-dx-2026.ttl")
    graph = Graph().parse(data=document.text, format="turtle")
    here = URIRef("https://w3id.org/dxlod/id/dataset/212130-dx-2026")
    assert (here, RDF.type, DCAT.Dataset) in graph


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/catalog/page/2", 404), ("/catalog/page/0", 404), ("/catalog/page/x", 404), ("/catalog/page/1.csv", 404),
        ("/catalog.csv", 404), ("/void.html", 404), ("/catalog/changes", 400),
        ("/catalog/changes?since=2026-02-30", 400), ("/catalog/changes?since=20260401", 400),
        ("/catalog/changes?since=昨日", 400),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_in_both_languages(app: ASGIApp, path: str, status: int) -> None:
    answer = ask(app, path)
    assert answer.status_code == status
    assert "/catalog" in answer.text
    ja, en = answer.text.splitlines()[:2]
    assert not ja.isascii()
    assert en.isascii() or "昨日" in en


def test_no_format_that_suits_is_406(app: ASGIApp) -> None:
    for path in ("/catalog", "/catalog/page/1", "/void"):
        answer = ask(app, path, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert "text/turtle" in answer.text


def test_a_harvester_follows_the_pages_to_everything(paged: ASGIApp) -> None:
    path, seen = "/catalog", []
    while path:
        answer = ask(paged, path)
        assert answer.status_code == 200
        graph = Graph().parse(data=answer.text, format=parser_of(answer.headers["content-type"]))
        seen += list(graph.subjects(RDF.type, DCAT.Dataset))
        following = next(graph.objects(None, HYDRA.next), None)
        path = str(following).removeprefix("https://w3id.org/dxlod") if following else ""
    assert len(seen) == len(set(seen)) == 6
    whole = Graph().parse(data=ask(paged, "/catalog.ttl").text, format="turtle")
    assert set(seen) == set(whole.subjects(RDF.type, DCAT.Dataset))


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "rdf", "nt"])
def test_pages_in_every_format(paged: ASGIApp, suffix: str) -> None:
    answer = ask(paged, f"/catalog/page/3.{suffix}")
    graph = Graph().parse(data=answer.text, format=parser_of(answer.headers["content-type"]))
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == 2
    assert list(graph.objects(None, HYDRA.next)) == []
    assert ask(paged, f"/catalog/page/4.{suffix}").status_code == 404


def test_changes_since_a_date_say_that_they_are_not_for_harvesting(paged: ASGIApp) -> None:
    document = json.loads(ask(paged, f"/catalog/changes?since={SECOND}").text)
    assert document["for_harvesting"] is False
    assert "Not for harvesting" in document["note"]["en"]
    assert "ハーベストには使わないで" in document["note"]["ja"]
    urls = {file["url"] for item in document["datasets"] for file in item["files"]}
    assert f"https://w3id.org/dxlod/{CHANGED}" in urls
    assert all(url.endswith((".xlsx", CHANGED)) for url in urls)
    assert json.loads(ask(paged, "/catalog/changes?since=2026-11-21").text)["datasets"] == []
    assert len(json.loads(ask(paged, f"/catalog/changes?since={FIRST}").text)["datasets"]) == 6


def test_what_has_no_date_has_not_changed() -> None:
    files = [{"url": "a", "modified": None}, {"url": "b", "modified": "2026-04-01"}]
    (found,) = changed_since([{"id": "x", "files": files}, {"id": "y", "files": files[:1]}], "2026-04-01")
    assert found == {"id": "x", "files": files[1:]}


def test_the_list_can_be_imported_by_its_url(app: ASGIApp) -> None:
    for path in (
        "/opendata-list.csv",
        "/%E3%82%AA%E3%83%BC%E3%83%97%E3%83%B3%E3%83%87%E3%83%BC%E3%82%BF%E4%B8%80%E8%A6%A7.csv",
    ):
        text = ask(app, path).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert {len(row) for row in rows} == {45}


def test_what_went_is_said_since_the_day_it_went() -> None:
    def stone(kind: str, day: str) -> dict[str, object]:
        last = {"version": "2026-01-01-00000000", "date": "2026-01-01"}
        absent = {"version": f"{day}-00000000", "date": day}
        return {
            "kind": f"http://www.w3.org/ns/dcat#{kind}",
            "label": {"ja": "計画"},
            "last": last,
            "absent": absent,
        }

    stones = {
        "https://x.example/a": stone("Dataset", "2026-04-01"),
        "https://x.example/b": stone("Dataset", "2026-02-01"),
        "https://x.example/c": stone("Catalog", "2026-04-01"),
    }
    assert [item["iri"] for item in removed_since(stones, "2026-03-01")] == ["https://x.example/a"]
    assert len(removed_since(stones, "2026-01-01")) == 2
