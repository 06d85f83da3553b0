"""The overview pages over the release of the committed tables, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from markup import Markup, faults

from dxlod.errors import ReleaseError
from dxlod.namespaces import DXO
from dxlod.release import open_current
from dxlod.release.manifest import Manifest
from dxlod.release.terms import Triple
from dxlod.settings import Settings
from dxlod.site.iris import RDFS
from dxlod.site.pages import facts
from dxlod.site.pages.catalog_ld import catalog_ld
from dxlod.site.pages.cite import bibtex, citation_of, csl_json
from dxlod.site.pages.facts import MOST_VALUES
from dxlod.site.pages.guide import guide_sections
from dxlod.site.pages.history import MOST, Publications, changed_values, publications
from dxlod.site.pages.overview import Overview
from dxlod.site.pages.sitemap import PAGES, sitemap_count, sitemap_index, sitemap_part
from dxlod.site.pages.tasks import Task, TaskFilter, choices, select_tasks
from dxlod.site.place import open_index
from dxlod.site.render import Renderer
from dxlod.site.view import View

NAMES = ("home", "plans", "topics", "tasks", "matrix", "downloads", "releases", "about", "quality", "guide")


@pytest.fixture(scope="module")
def overview(releases: Path) -> Iterator[Overview]:
    release = open_current(Settings(releases=releases))
    reader = open_index(release)
    yield Overview(reader, release)
    reader.close()


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def page(name: str, lang: str, overview: Overview, renderer: Renderer) -> str:
    path = {"home": "/", "matrix": "/tasks", "releases": "/releases-list"}.get(name, f"/{name}")
    view = View(lang=lang, prefix=f"/{lang}", path=path, release=overview.release.version)
    template = "tasks.html" if name == "matrix" else f"{name}.html"
    return renderer.page(template, view, **{"crumbs": [], **_facts(name, overview, renderer, view)})


def _facts(name: str, overview: Overview, renderer: Renderer, view: View) -> Mapping[str, object]:
    def link(**changed: str) -> str:
        return "/tasks?" + "&".join(f"{key}={value}" for key, value in changed.items())

    made: dict[str, Any] = {
        "home": lambda: facts.home(overview),
        "plans": lambda: facts.plans(overview),
        "topics": lambda: facts.topics(overview),
        "tasks": lambda: {**facts.tasks(overview, TaskFilter(), view.lang), "link": link},
        "matrix": lambda: {**facts.tasks(overview, TaskFilter(view="matrix"), view.lang), "link": link},
        "downloads": lambda: facts.downloads(overview, renderer, view),
        "releases": lambda: facts.releases(overview),
        "about": lambda: facts.method(overview),
        "quality": lambda: facts.quality(overview, overview.editions[-1], renderer, view),
        "guide": lambda: facts.guide(
            overview, "http://127.0.0.1", "/id/x", {"/api/search", "/catalog"}, "20"
        ),
    }
    found: Mapping[str, object] = made[name]()
    return found


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_sound(name: str, lang: str, overview: Overview, renderer: Renderer) -> None:
    html = page(name, lang, overview, renderer)
    assert faults(html) == []
    assert len(html.encode()) < 100_000
    assert f'<html lang="{lang}">' in html
    assert "非公式" in html if lang == "ja" else "Unofficial" in html


@pytest.mark.parametrize("name", NAMES)
def test_no_bare_iri_is_shown_and_links_stay_in_the_language(
    name: str, overview: Overview, renderer: Renderer
) -> None:
    markup = Markup(page(name, "en", overview, renderer))
    shown = [text for _, text in markup.texts if re.fullmatch(r"https?://\S+", text)]
    assert shown == []
    pages = [link for link in markup.links if link.startswith("/") and not link.startswith("/en/")]
    data = r"/(ja/.*|manifest\.json|openapi\.json|feed\.atom|cite\.\w+|changes\.json|report\.\w+|(dumps|releases)/.*|tasks\?.*)"
    assert [link for link in pages if not re.fullmatch(data, link)] == []


def test_the_home_page_counts_what_the_tables_hold(overview: Overview, renderer: Renderer) -> None:
    html = page("home", "ja", overview, renderer)
    rows = (Path(__file__).parents[2] / "data").glob("*/*_initiative.csv")
    initiatives = sum(len(path.read_text("utf-8-sig").strip().splitlines()) - 1 for path in rows)
    assert overview.totals["initiatives"] == initiatives
    assert f"<dd>{initiatives}</dd>" in html
    for city in ("岐阜市", "美濃市", "各務原市", "徳島市"):
        assert city in html
    assert html.count("status-") >= len(overview.editions)


def test_the_example_leads_to_its_lines(overview: Overview) -> None:
    example = overview.example
    assert example is not None
    assert example.lines[0].start >= 1
    assert example.baseline.text
    assert example.target.text


def test_plans_show_their_status_and_say_what_is_not_known(overview: Overview, renderer: Renderer) -> None:
    by_slug = {edition.slug: edition for edition in overview.editions}
    assert by_slug["212130-dx-2026"].status == "draft"
    assert by_slug["362018-dx-2026"].status == "preliminary-draft"
    assert by_slug["212016-it-optimization-2"].issued_unknown
    html = page("plans", "ja", overview, renderer)
    assert "素案" in html
    assert "読み取れない" in html


def test_topics_come_in_the_order_of_the_national_plan(overview: Overview) -> None:
    slugs = [[topic.slug for topic in group.topics] for group in overview.topics]
    assert slugs[0][0] == "organization"
    assert slugs[1][:3] == ["frontyard", "standardization", "public-payment"]
    assert all(topic.total for group in overview.topics for topic in group.topics)
    assert {scheme.iri.rpartition("/")[2] for scheme in overview.schemes} >= {"2.3", "4.0"}


def test_tasks_are_filtered_and_sorted(overview: Overview) -> None:
    def select(**asked: str) -> list[Task]:
        return list(select_tasks(overview.tasks, TaskFilter(**asked), "ja").tasks)

    every = select()
    assert [task.order for task in every] == sorted(task.order for task in every)
    assert [task.order for task in select(sort="-number")] == [task.order for task in reversed(every)]
    counts = [len(task.systems) for task in select(sort="-systems")]
    assert counts == sorted(counts, reverse=True)
    assert {"国民健康保険事務"} == {task.link.shown("ja") for task in select(text="国民健康保険")}
    assert select(text="ｆｉｘｅｄ　ASSET") == select(text="fixed asset") != []
    assert select(text="そのようなものはない") == []
    none = select(system="none")
    assert none
    assert all(task.no_system and not task.systems for task in none)
    system = choices(every, lambda task: task.systems, "ja")[0]
    assert len(select(system=system.link.short)) == system.count
    assert select(city="212016") == every
    assert select(city="131016") == []
    laws = choices(every, lambda task: task.laws, "ja")
    assert [len(select(law=choice.link.short)) for choice in laws] == [choice.count for choice in laws]
    assert select(sort="nonsense") == every


def test_downloads_list_every_file_of_the_release(overview: Overview, renderer: Renderer) -> None:
    html = page("downloads", "ja", overview, renderer)
    for entry in overview.release.manifest.files:
        assert f"/{entry.path}" in html, entry.path
        assert entry.sha256 in html, entry.path
    assert "クリエイティブ・コモンズ" in html


@pytest.mark.parametrize("name", ["home", "downloads"])
def test_search_engines_read_the_catalogue(name: str, overview: Overview, renderer: Renderer) -> None:
    html = page(name, "ja", overview, renderer)
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    nodes = json.loads(text)["@graph"]
    (catalog,) = (node for node in nodes if node["@type"] == "DataCatalog")
    sets = {node["@id"]: node for node in nodes if node["@type"] == "Dataset"}
    assert {item["@id"] for item in catalog["dataset"]} == set(sets)
    assert len(sets) == len(overview.editions) + 1
    assert all(node["name"] and node["description"] and node["license"] for node in sets.values())
    files = {item["contentUrl"]: item for node in sets.values() for item in node.get("distribution", ())}
    assert bool(files) == (name == "downloads")
    known = {f"https://w3id.org/dxlod/{entry.path}": entry for entry in overview.release.manifest.files}
    assert all(known[url].sha256 == item["sha256"] for url, item in files.items())
    assert len(html.encode()) < 100_000


def test_a_catalogue_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert catalog_ld(tmp_path) == ""
    (tmp_path / "schema.jsonld").write_text(
        '{"@graph": [{"@type": "DataCatalog", "name": "</script>&"}]}', "utf-8"
    )
    text = catalog_ld(tmp_path)
    assert "<" not in text
    assert json.loads(text)["@graph"][0]["name"] == "</script>&"
    (tmp_path / "schema.jsonld").write_text("[]", "utf-8")
    with pytest.raises(ReleaseError, match=r"schema.jsonld cannot be read"):
        catalog_ld(tmp_path)


def test_the_method_page_agrees_with_the_corrections(overview: Overview) -> None:
    for edition in overview.editions:
        corrections = overview.corrections(edition)
        assert (
            len(corrections)
            == edition.counts.get("corrections", 0)
            == sum(overview.methods(edition).values())
        )
        assert all(item.printed and item.reason and item.lines for item in corrections)
        assert sum(gap.count for gap in overview.unknown(edition)) == edition.counts.get("unknown", 0)
        assert sum(gap.count for gap in overview.none(edition)) == edition.counts.get("none", 0)


def manifest(version: str) -> Manifest:
    return Manifest(version, "dxlod", "https://data.example.jp/dx", {}, {}, 0, ())


def test_a_citation_names_the_version(overview: Overview) -> None:
    citation = citation_of(manifest("2026-10-01-1a2b3c4d"))
    assert citation.url == "https://data.example.jp/dx/releases/2026-10-01-1a2b3c4d/manifest.json"
    assert "year = {2026}" in bibtex(citation)
    item = json.loads(csl_json(citation))[0]
    assert item["issued"] == {"date-parts": [[2026, 10, 1]]}
    assert item["type"] == "dataset"
    unpublished = citation_of(manifest("unpublished-1a2b3c4d"))
    assert "year" not in bibtex(unpublished)
    assert "issued" not in json.loads(csl_json(unpublished))[0]


def test_a_plan_is_named_before_lines_of_sources() -> None:
    kinds = ("SourceFragment", "Initiative", "PlanEdition")
    history = Publications(
        changes={"subjects": [{"kind": f"https://w3id.org/dxlod/ns#{kind}"} for kind in kinds]}
    )
    assert [subject["kind"].rpartition("#")[2] for subject in history.subjects] == [*reversed(kinds)]


def test_releases_and_changes(tmp_path: Path, renderer: Renderer) -> None:
    assert publications(tmp_path) == Publications()
    summary = {"ja": "取組 1件追加", "en": "Initiative: 1 added"}
    release = {
        "version": "2026-10-01-1a2b3c4d",
        "date": "2026-10-01",
        "triples": 38510,
        "datasets": 1,
        "summary": summary,
    }
    dataset = {
        "edition": "https://w3id.org/dxlod/id/plan/x/y/1",
        "title": {"ja": "甲計画"},
        "what": "changed",
        "summary": summary,
    }
    subjects = [
        {
            "iri": f"https://w3id.org/dxlod/id/plan/x/y/1/initiative/{n}",
            "what": "came",
            "kind": "https://w3id.org/dxlod/ns#Initiative",
            "label": {"ja": f"<取組{n}>"},
        }
        for n in range(250)
    ]
    changes = {
        "previous": {"version": "2026-09-01-00000000"},
        "summary": summary,
        "datasets": [dataset],
        "subjects": subjects,
    }
    (tmp_path / "releases.json").write_text(json.dumps({"releases": [release]}), "utf-8")
    (tmp_path / "changes.json").write_text(json.dumps(changes), "utf-8")
    for lang, words in (("ja", "取組 1件追加"), ("en", "Initiative: 1 added")):
        html = renderer.page(
            "releases.html",
            View(lang=lang),
            history=publications(tmp_path),
            crumbs=[],
            values={},
            labels={},
            most_values=MOST_VALUES,
        )
        assert faults(html) == []
        assert words in html
        assert "&lt;取組0&gt;" in html
        assert "38,510" in html
        assert html.count("/initiative/") == MOST
        assert str(250 - MOST) in html


def test_what_changed_is_told_with_its_old_and_new_values(
    overview: Overview, renderer: Renderer, tmp_path: Path
) -> None:
    """The earlier release said another name of a plan, said it in English too, and had one department more."""
    edition = overview.editions[0]
    label, unit = f"{RDFS}label", "https://example.org/<unit>"
    earlier = [
        Triple(f"<{edition.iri}>", f"<{label}>", '"<b>前の名</b>"@ja'),
        *(triple for triple in overview.reader.describe(edition.iri) if triple.p != f"<{label}>"),
        Triple(f"<{edition.iri}>", f"<{DXO.responsibleUnit}>", f"<{unit.replace('<', '').replace('>', '')}>"),
    ]
    (tmp_path / "dumps").mkdir()
    lines = "".join(f"{t.s} {t.p} {t.o} <{edition.graph}> .\n" for t in sorted(earlier))
    (tmp_path / "dumps" / "all.nq").write_text(lines, "utf-8")
    subject = {"iri": edition.iri, "what": "changed", "kind": DXO.PlanEdition, "label": {"ja": "計画"}}
    other = {**subject, "iri": f"{edition.iri}/x", "what": "came"}
    values = changed_values(tmp_path, overview.reader, [subject, other])
    found = {item.property: (item.before, item.now) for item in values[edition.iri]}
    names = {o for _, p, o in overview.reader.describe(edition.iri) if p == f"<{label}>"}
    assert list(values) == [edition.iri]
    assert set(found) == {label, DXO.responsibleUnit}
    assert (found[label][0], set(found[label][1])) == (('"<b>前の名</b>"@ja',), names)
    assert found[DXO.responsibleUnit] == (("<https://example.org/unit>",), ())
    assert changed_values(tmp_path / "gone", overview.reader, [subject]) == {}
    changes = {
        "previous": {"version": "1"},
        "summary": {"ja": "計画"},
        "datasets": [],
        "subjects": [subject, other],
    }
    for lang, words in (("ja", "なし"), ("en", "none")):
        html = renderer.page(
            "releases.html",
            View(lang=lang),
            history=Publications(changes=changes),
            crumbs=[],
            values=values,
            labels=overview.reader.labels(found),
            most_values=MOST_VALUES,
        )
        assert "&lt;b&gt;前の名&lt;/b&gt;" in html
        assert re.search(rf"https://example.org/unit.*?</del> → <ins>.*?{words}", html)
        assert html.count("<del>") == html.count("<ins>") == 2


def test_the_guide_shows_only_what_the_service_has() -> None:
    nothing = {section.key for section in guide_sections("http://x", "/id/a", "d", set())}
    everything = {"/api/search", "/api/3/action/package_list", "/catalog", "/api/queries/{name}"}
    full = {section.key for section in guide_sections("http://x", "/id/a", "d", everything, "cq01")}
    assert full - nothing == {"search", "dcat", "ckan", "saved"}


def test_the_site_map_names_pages_and_things(overview: Overview) -> None:
    text = sitemap_part(overview.reader, View(), "https://x.example", 1)
    assert "feed.atom" in {entry.path for entry in overview.release.manifest.files}
    for path in (*PAGES, "/doc/plan/212075/dx/2024", "/doc/lg/212016"):
        assert f"<loc>https://x.example{path}</loc>" in text
    assert sitemap_count(overview.reader) == 1
    assert sitemap_index("https://x.example", 2).count("<sitemap>") == 2
