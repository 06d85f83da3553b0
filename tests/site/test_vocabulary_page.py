"""The pages of the vocabulary and of the shapes: every term, its anchor, and links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dxlod.namespaces import DXO, ONTOLOGY
from dxlod.pipeline import data_quads
from dxlod.release.reference import reference_files, reference_quads
from dxlod.release.terms import Quad, Triple, parse_quads
from dxlod.release.vocabulary_part import vocabulary_facts
from dxlod.settings import Settings
from dxlod.site.render import Renderer
from dxlod.site.view import View
from dxlod.site.vocabulary import Term, Vocabulary, read_vocabulary
from dxlod.site.vocabulary_pages import shapes_page, term_page, vocabulary_page
from dxlod.table.dataset import Dataset

ROOT = Path(__file__).resolve().parents[2]
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect"}
SMALL = f"""
<{DXO.Policy}> a <http://www.w3.org/2002/07/owl#Class>
<{DXO.Policy}> <http://www.w3.org/2000/01/rdf-schema#label> "方針"@ja
<{DXO.Policy}> <http://www.w3.org/2000/01/rdf-schema#label> "policy"@en
<{DXO.Policy}> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{DXO.PlanElement}>
<{DXO.PlanElement}> a <http://www.w3.org/2002/07/owl#Class>
<{DXO.hasPolicy}> a <http://www.w3.org/2002/07/owl#ObjectProperty>
<{DXO.hasPolicy}> a <http://purl.org/linked-data/cube#DimensionProperty>
<{DXO.hasPolicy}> <http://www.w3.org/2000/01/rdf-schema#range> <{DXO.Policy}>
<{DXO.hasPolicy}> <http://www.w3.org/2002/07/owl#inverseOf> <{DXO.edition}>
<{DXO.edition}> a <http://www.w3.org/2002/07/owl#ObjectProperty>
<{DXO.edition}> <http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>
<{DXO.edition}> <http://purl.org/dc/terms/isReplacedBy> <{DXO.hasPolicy}>
<{ONTOLOGY}> <http://www.w3.org/2002/07/owl#versionInfo> "0.2.0"
<{ONTOLOGY}> <http://www.w3.org/2002/07/owl#priorVersion> <{ONTOLOGY}/0.1.0>
<https://other.example/C> a <http://www.w3.org/2002/07/owl#Class>
"""
RULE = {"severity": "Warning", "path": "dxo:hasPolicy", "name_ja": "", "name_en": "", "ja": "日", "en": "E"}
FACTS = {
    "usage": {
        "instances": {DXO.Policy: 2, DXO.PlanEdition: 3},
        "triples": {DXO.hasPolicy: 4},
        "carried": {DXO.PlanEdition: {DXO.hasPolicy: 3}, DXO.Plan: {}},
        "links": [[DXO.PlanEdition, DXO.hasPolicy, DXO.Policy, 4]],
        "typed": {},
    },
    "examples": {DXO.Policy: {"iri": "https://e.example/1", "turtle": "<1> a dxo:Policy ."}},
    "schemes": [],
    "shapes": [
        {
            "shape": "https://s.example/#Edition",
            "file": "x.ttl",
            "classes": [DXO.Policy],
            "subjects_of": [],
            "constraints": [
                {**RULE, "shape": "https://s.example/#One", "about": [DXO.hasPolicy]},
                {**RULE, "shape": "https://s.example/#Two", "about": [DXO.hasPolicy]},
            ],
        }
    ],
}


def small(facts: dict[str, object]) -> dict[str, Term]:
    text = SMALL.replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ")
    quads = parse_quads(f"{line} <urn:g> ." for line in text.strip().splitlines())
    return {term.iri: term for term in read_vocabulary((Triple(*q[:3]) for q in quads), facts).terms}


@cache
def quads() -> tuple[Quad, ...]:
    settings = Settings(home=ROOT, data=ROOT / "data")
    found = list(parse_quads(data_quads(settings, Dataset.at(settings.data))))
    for path in reference_files(settings.ontology):
        found += reference_quads(path)
    return tuple(found)


@cache
def published() -> Vocabulary:
    settings = Settings(home=ROOT, data=ROOT / "data")
    triples = (Triple(quad.s, quad.p, quad.o) for quad in quads())
    return read_vocabulary(triples, vocabulary_facts(quads(), settings))


class Page(HTMLParser):
    """Ids, links and the language of each piece of text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.hrefs += [value for name, value in attrs if name == "href" and value]
        if tag not in VOID:
            self.open.append((tag, found.get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1][1] if self.open else "", data.strip()))


@cache
def renderer() -> Renderer:
    """One for all pages: it keeps its compiled templates."""
    return Renderer()


@cache
def shown(name: str, lang: str) -> str:
    facts: dict[str, Callable[[View], dict[str, object]]] = {
        "vocabulary": lambda view: vocabulary_page(
            view, published(), f"{ONTOLOGY}/../context/0.1.0", ("plan", "initiative"), True
        ),
        "shapes": lambda view: shapes_page(view, published()),
    }
    view = View(
        lang=lang, prefix=f"/{lang}", path="/ns" if name == "vocabulary" else "/shapes", release="r-1"
    )
    return renderer().page(f"{name}.html", view, **facts[name](view))


@cache
def of_term(name: str, lang: str) -> str:
    term = next(term for term in published().terms if term.name == name)
    view = View(lang=lang, prefix=f"/{lang}", path=f"/ns/terms/{name}", release="r-1")
    return renderer().page("vocabulary_term.html", view, **term_page(view, published(), term))


def test_what_the_ontology_says_of_a_term() -> None:
    terms = small({})
    assert set(terms) == {DXO.Policy, DXO.PlanElement, DXO.hasPolicy, DXO.edition}
    policy, has_policy = terms[DXO.Policy], terms[DXO.hasPolicy]
    assert (policy.name, policy.kind, policy.labels) == ("Policy", "class", {"ja": "方針", "en": "policy"})
    assert policy.supers == (DXO.PlanElement,)
    assert terms[DXO.PlanElement].subs == (DXO.Policy,)
    assert (has_policy.kind, has_policy.ranges, has_policy.inverses) == (
        "object",
        (DXO.Policy,),
        (DXO.edition,),
    )
    assert (terms[DXO.edition].deprecated, terms[DXO.edition].replaced_by) == (True, (DXO.hasPolicy,))
    assert terms[DXO.edition].inverses == (DXO.hasPolicy,)
    assert not has_policy.deprecated
    assert policy.example is None


def test_what_the_data_say_of_a_term() -> None:
    terms = small(FACTS)
    assert terms[DXO.Policy].uses == 2
    assert terms[DXO.Policy].example == ("https://e.example/1", "<1> a dxo:Policy .")
    assert terms[DXO.Policy].shapes == (("Edition", 0, 2),)
    assert (terms[DXO.hasPolicy].uses, terms[DXO.hasPolicy].used_with) == (4, ((DXO.PlanEdition, 3, 3),))


def test_rules_that_say_the_same_are_shown_once() -> None:
    (rule,) = small(FACTS)[DXO.hasPolicy].rules
    assert (rule.name, rule.severity, rule.messages) == ("One", "Warning", {"ja": "日", "en": "E"})


def test_metadata_of_a_later_version() -> None:
    text = SMALL.replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ")
    triples = [Triple(*q[:3]) for q in parse_quads(f"{line} <urn:g> ." for line in text.strip().splitlines())]
    metadata = read_vocabulary(triples, {}).metadata
    assert (metadata.version, metadata.prior, metadata.licence) == ("0.2.0", f"{ONTOLOGY}/0.1.0", "")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", ["vocabulary", "shapes"])
def test_anchors_are_unique_and_links_within_the_page_lead_to_them(name: str, lang: str) -> None:
    page = Page(shown(name, lang))
    assert len(page.ids) == len(set(page.ids))
    inner = {href[1:] for href in page.hrefs if href.startswith("#")}
    assert inner
    assert inner <= set(page.ids)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_links_between_the_pages_lead_to_anchors(lang: str) -> None:
    vocabulary, shapes = Page(shown("vocabulary", lang)), Page(shown("shapes", lang))
    hrefs = {href for term in published().terms for href in Page(of_term(term.name, lang)).hrefs}
    rules = {href.partition("#")[2] for href in hrefs if href.startswith(f"/{lang}/shapes#")}
    own = {href.partition("#")[2] for href in hrefs if href.startswith(f"/{lang}/ns#")}
    assert len(own) > 80
    assert own <= set(vocabulary.ids)
    terms = {href.partition("#")[2] for href in shapes.hrefs if href.startswith(f"/{lang}/ns#")}
    assert len(rules) > 100
    assert rules <= set(shapes.ids)
    assert len(terms) > 15
    assert terms <= set(vocabulary.ids)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_term_stands_at_its_anchor_in_both_languages(lang: str) -> None:
    page = Page(shown("vocabulary", lang))
    texts = set(page.texts)
    for term in published().terms:
        assert term.name in page.ids
        for tag in ("ja", "en"):
            assert (tag, term.labels[tag]) in texts or any(
                found.startswith(term.labels[tag]) for where, found in texts if where == tag
            ), term.name
        assert (lang, term.definitions[lang]) in texts, term.name
        assert f"/{lang}/ns/terms/{term.name}" in page.hrefs


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_of_a_term_has_both_languages(lang: str) -> None:
    for term in published().terms:
        texts = set(Page(of_term(term.name, lang)).texts)
        for tag in ("ja", "en"):
            assert (tag, term.labels[tag]) in texts, term.name
            assert (tag, term.definitions[tag]) in texts, term.name


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_is_small_and_no_link_is_called_by_an_address(lang: str) -> None:
    html = shown("vocabulary", lang)
    assert len(html.encode()) < 100_000
    assert re.findall(r"<a [^>]*>(?:<code>)?https?://", html) == []


def test_the_page_shows_what_the_data_hold() -> None:
    html = shown("vocabulary", "en")
    edition = of_term("edition", "en")
    assert '<a href="/en/ns#Plan">Plan</a> 5 of 5' in edition
    assert "A plan has at least one edition" in edition
    assert "a dxo:PlanEdition ;" in of_term("PlanEdition", "en")
    unused = html[html.index('id="supportsTask"') :]
    assert "not used in the data at present" in unused[: unused.index("</section>")]


def test_a_term_that_the_data_do_not_use_says_what_it_is_for() -> None:
    unused = [term for term in published().terms if not term.uses]
    assert len(unused) >= 5
    assert [term.name for term in unused if not (term.notes.get("ja") and term.notes.get("en"))] == []
    assert str(unused[-1].notes["en"]) in shown("vocabulary", "en")


def test_every_list_of_codes_is_linked_by_its_name() -> None:
    page = Page(shown("vocabulary", "ja"))
    schemes = published().schemes
    assert len(schemes) > 10
    assert {item["iri"].replace("https://w3id.org/dxlod/id/", "/ja/doc/") for item in schemes} <= set(
        page.hrefs
    )
    assert {("ja", item["labels"]["ja"]) for item in schemes} <= set(page.texts)


def test_the_diagram_has_a_title_a_description_and_a_table() -> None:
    html = shown("vocabulary", "en")
    assert 'aria-labelledby="diagram-title diagram-desc"' in html
    assert '<title id="diagram-title">The classes' in html
    assert '<tr><td><a href="#Plan">Plan</a></td><td><a href="#edition">edition</a></td>' in html


def test_both_pages_say_where_they_stand() -> None:
    assert '<nav class="crumbs wrap"' in shown("vocabulary", "en")
    assert '<li><a href="/en/ns">Vocabulary</a></li>' in shown("shapes", "en")


def test_every_rule_is_on_the_page_of_shapes() -> None:
    html = Page(shown("shapes", "ja"))
    names = {
        item["shape"].rpartition("#")[2] for shape in published().shapes for item in shape["constraints"]
    }
    assert len(names) > 150
    assert names <= set(html.ids)
