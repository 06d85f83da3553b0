"""Every kind of page that the site has, and where one of each is in a release."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from dxlod.release.terms import RDF_TYPE
from dxlod.settings import SHARED
from dxlod.site.entities import SECTIONS, Section, section_of
from dxlod.site.reader import SiteReader

__all__ = ["ENTITIES", "OVERVIEWS", "PAGES", "ROUGH", "fullest", "place_of", "things_of_no_page"]

ID = f"{SHARED}/id/"
OVERVIEWS = {
    "home": "/",
    "plans": "/plans",
    "topics": "/topics",
    "tasks": "/tasks",
    "tasks-matrix": "/tasks?view=matrix",
    "downloads": "/downloads",
    "releases": "/releases-list",
    "about": "/about",
    "quality": "/about/212016-dx-action-2025",
    "guide": "/guide",
    "search": "/search",
    "search-found": "/search?q=%E5%AD%90%E8%82%B2%E3%81%A6",
    "query": "/query",
    "query-example": "/query?example=cq37-starts-by-year",
    "query-wrong": "/query?query=SELECT+*+%7B",
    "ns": "/ns",
    "ns-term": "/ns/terms/PlanEdition",
    "shapes": "/shapes",
    "missing": "/doc/plan/212016/nothing",
    "nowhere": "/nowhere",
}
"""Pages that are not about one thing."""

ENTITIES = {f"{section.template.split('/')[-1][:-5]}-{at}": section for at, section in enumerate(SECTIONS)}
"""Pages of things that have a template of their own, by the name of the template and its place in the list."""

ROUGH = {
    "plain-citation": "https://w3id.org/dxlod/ns#Citation",
    "plain-phase": "https://w3id.org/dxlod/ns#SchedulePhase",
    "plain-value": "https://w3id.org/dxlod/ns#IndicatorValue",
    "plain-unit": "http://qudt.org/schema/qudt/Unit",
    "plain-scheme": "http://www.w3.org/2004/02/skos/core#ConceptScheme",
    "plain-cube": "http://purl.org/linked-data/cube#DataSet",
    "plain-structure": "http://purl.org/linked-data/cube#DataStructureDefinition",
}
"""Classes of things that are shown on the page of any thing."""

PAGES = (*OVERVIEWS, *ENTITIES, *ROUGH)


def place_of(reader: SiteReader, name: str) -> str:
    """The address of a page by its name, without a language; of several things the one with most to show."""
    if name in OVERVIEWS:
        return OVERVIEWS[name]
    iri = fullest(reader, name)
    return f"/doc/{iri.removeprefix(ID)}"


@cache
def fullest(reader: SiteReader, name: str) -> str:
    """The thing of a kind that has the longest document."""
    things = list(_things(reader, name))
    assert things, f"the release has nothing for {name}"
    return max(things, key=lambda iri: (len(reader.closure(iri)), iri))


def _things(reader: SiteReader, name: str) -> Iterator[str]:
    section: Section | None = ENTITIES.get(name)
    kind = section.kind if section else ROUGH[name]
    for iri in reader.instances(kind):
        if iri.startswith(ID) and section_of(reader.types(iri), iri) is section:
            yield iri


def things_of_no_page(reader: SiteReader) -> dict[str, str]:
    """For each class some things of which have no page of their own: one such thing below /id/."""
    sql = "SELECT DISTINCT o.text FROM quad q JOIN term p ON p.id = q.p JOIN term o ON o.id = q.o WHERE p.text = ?"
    found: dict[str, str] = {}
    for (text,) in reader.rows(sql, [RDF_TYPE]):
        for iri in reader.instances(text[1:-1]):
            if iri.startswith(ID) and section_of(reader.types(iri), iri) is None:
                found[text[1:-1]] = iri
                break
    return found
