"""Pages of things that very many others point at: they stay small, say how many there are, and lead to the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dxlod.namespaces import DXO, ValueKind
from dxlod.site.entities import Look, entity_page, section_of
from dxlod.site.entities import law as laws
from dxlod.site.entities import topic as topics
from dxlod.site.entities import year as years
from dxlod.site.index import write_index
from dxlod.site.iris import DCTERMS, ELI, ORG, RDF, RDFS, SKOS
from dxlod.site.reader import SiteReader
from dxlod.site.render import Renderer
from dxlod.site.view import View

ID = "https://w3id.org/dxlod/id/"
GRAPH = "https://w3id.org/dxlod/graph/plan/"
PLANS, EACH = 70, 30
TOPIC, YEAR, LAW = f"{ID}topic/busy", f"{ID}fy/2026", f"{ID}law/1"
UNIT = f"{ID}lg/1/unit/1"


def quads() -> Iterator[str]:
    """Plans of as many cities, each with initiatives that are on one topic, in one year, of one unit, under one law."""
    shared = {
        TOPIC: f"{SKOS}Concept",
        YEAR: DXO.FiscalYear,
        LAW: f"{ELI}LegalResource",
        UNIT: f"{ORG}OrganizationalUnit",
    }
    for iri, kind in shared.items():
        yield line(iri, f"{RDF}type", kind, "shared")
        yield line(iri, f"{RDFS}label", '"共有のもの"@ja', "shared")
    for plan in range(1, PLANS + 1):
        city, edition, graph = f"{ID}lg/{plan}", f"{ID}plan/{plan}/dx/2026", f"{plan}/dx/2026"
        facts = {
            city: {f"{RDF}type": DXO.Municipality},
            edition: {f"{RDF}type": DXO.PlanEdition, f"{DCTERMS}publisher": city, DXO.startFiscalYear: YEAR},
        }
        for number in range(1, EACH + 1):
            initiative, kpi = f"{edition}/initiative/{number}", f"{edition}/kpi/{number}"
            facts[initiative] = {
                f"{RDF}type": DXO.Initiative,
                DXO.inEdition: edition,
                DXO.topic: TOPIC,
                DXO.startFiscalYear: YEAR,
                DXO.responsibleUnit: UNIT,
                DXO.legalBasis: LAW,
                DXO.hasIndicator: kpi,
            }
            facts[kpi] = {f"{RDF}type": DXO.Indicator, DXO.inEdition: edition, DXO.target: f"{kpi}/target"}
            facts[f"{kpi}/target"] = {
                f"{RDF}type": DXO.IndicatorValue,
                DXO.indicator: kpi,
                DXO.fiscalYear: YEAR,
                DXO.valueKind: ValueKind.target,
            }
        for iri, said in facts.items():
            yield line(
                iri, f"{RDFS}label", f'"とても長い名前をもつもの その{iri.rpartition("/")[2]}"@ja', graph
            )
            for predicate, value in said.items():
                yield line(iri, predicate, value, graph)


def line(subject: str, predicate: str, value: str, graph: str) -> str:
    term = value if value.startswith('"') else f"<{value}>"
    return f"<{subject}> <{predicate}> {term} <{GRAPH}{graph}> .\n"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteReader]:
    folder = tmp_path_factory.mktemp("busy")
    (folder / "all.nq").write_text("".join(sorted(quads())), "utf-8")
    write_index(folder / "all.nq", folder / "site.sqlite")
    reader = SiteReader.open(folder / "site.sqlite")
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def facts(reader: SiteReader, renderer: Renderer, iri: str) -> Any:
    section = section_of(reader.types(iri), iri)
    assert section is not None
    return section.facts(Look(reader, View(), iri, {}, renderer.translator("ja")))


BUSY = [TOPIC, YEAR, LAW, UNIT, f"{ID}lg/35", f"{ID}plan/35/dx/2026", f"{ID}plan/35/dx/2026/initiative/3"]


@pytest.mark.parametrize("iri", BUSY)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_busy_page_is_small(reader: SiteReader, renderer: Renderer, iri: str, lang: str) -> None:
    view = View(lang=lang, prefix=f"/{lang}", path=f"/doc/{iri.removeprefix(ID)}")
    html = entity_page(renderer, reader, view, iri, reader.closure(iri))
    assert len(html.encode()) < 100_000
    assert re.findall(r">https://w3id.org/dxlod/id/(?!\S*</code>)", html) == []


def test_a_topic_counts_every_plan(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, TOPIC)
    assert len(found["columns"]) == topics.MOST_COLUMNS
    assert len(found["others"]) + found["more_others"] + topics.MOST_COLUMNS == PLANS
    for column in found["columns"]:
        on_topic = column.on_topic
        assert (on_topic.initiatives, on_topic.all_kpis, column.share) == (EACH, EACH, 100)
        assert len(column.kpis.rows) == topics.MOST_KPIS
        assert [bar.iri for bar in column.bars] == [
            f"{column.edition}/initiative/{n}" for n in range(1, EACH + 1)
        ]
    assert {number for *_, number in found["others"]} == {EACH}


def test_a_year_counts_everything(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, YEAR)
    assert found["totals"]["starts"] == found["totals"]["targets"] == PLANS * EACH
    assert found["plans_start_total"] == PLANS
    for name in ("starts", "targets"):
        assert len(found[name]) == years.MOST_PLANS
        assert all((item.total, len(item.shown)) == (EACH, years.MOST) for item in found[name])


def test_a_law_counts_everything(reader: SiteReader, renderer: Renderer) -> None:
    found = facts(reader, renderer, LAW)
    assert (found["direct_total"], len(found["direct"])) == (PLANS * EACH, laws.MOST_USERS)


def test_a_city_stands_among_its_neighbours(reader: SiteReader, renderer: Renderer) -> None:
    for at, wanted in ((1, range(1, 7)), (35, range(32, 38)), (PLANS, range(PLANS - 5, PLANS + 1))):
        found = facts(reader, renderer, f"{ID}lg/{at}")
        assert found["cities"] == [f"{ID}lg/{n}" for n in wanted]
        assert found["other_cities"] == PLANS - 6


def test_similar_initiatives_are_of_other_plans_each_in_turn(reader: SiteReader, renderer: Renderer) -> None:
    alike = facts(reader, renderer, f"{ID}plan/35/dx/2026/initiative/3")["alike"]
    plans = [iri.partition("/initiative/")[0] for iri in alike]
    assert len(alike) == 8
    assert len(set(plans)) == 8
    assert f"{ID}plan/35/dx/2026" not in plans
