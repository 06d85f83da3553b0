"""Which page shows a thing: by its class, else the page of any thing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from dxlod.release.terms import RDF_TYPE, Triple
from dxlod.site.entities import (
    city,
    correction,
    department,
    edition,
    group,
    indicator,
    initiative,
    law,
    source,
    table,
    tasks,
    term,
    topic,
    year,
)
from dxlod.site.entities.draw import Draw
from dxlod.site.entities.look import Look, Section
from dxlod.site.generic import Own, generic_facts
from dxlod.site.links import Links
from dxlod.site.reader import SiteReader
from dxlod.site.render import Renderer
from dxlod.site.view import View

__all__ = ["SECTIONS", "Look", "Section", "entity_page", "section_of"]

SECTIONS: tuple[Section, ...] = (
    edition.SECTION,
    group.POLICY,
    group.MEASURE,
    initiative.SECTION,
    initiative.ACTION,
    indicator.SECTION,
    city.SECTION,
    topic.SECTION,
    topic.CONCEPT,
    department.SECTION,
    department.COLLECTIVE,
    law.LAW,
    law.PROVISION,
    law.WORK,
    tasks.TASK,
    tasks.SYSTEM,
    table.SECTION,
    correction.SECTION,
    source.DOCUMENT,
    source.FRAGMENT,
    year.SECTION,
    term.TERM,
    term.SERIES,
)
"""Of several that fit a thing the first counts."""


def section_of(kinds: set[str], iri: str) -> Section | None:
    """The page of a thing of these classes; None for the page of any thing."""
    return next((item for item in SECTIONS if item.kind in kinds and item.when(iri)), None)


def entity_page(
    renderer: Renderer, reader: SiteReader, view: View, iri: str, triples: Sequence[Triple], page: int = 1
) -> str:
    """The HTML of the page about a thing whose document these triples are (see `SiteReader.closure`).

    `page` counts the pages of what points at it from 1. `view.path` is that of the page, without a suffix.
    """
    translate = renderer.translator(view.lang)
    words = (str(translate("entity.yes")), str(translate("entity.no")))
    section = section_of({triple.o[1:-1] for triple in triples if _is_class(triple, iri)}, iri)
    own = Own(section.shown, section.backlinks) if section else None
    generic = generic_facts(reader, view, iri, triples, page, words, own)
    if section is None:
        return renderer.page("entity.html", view, **generic)
    look = Look(reader, view, iri, generic, translate)
    found = section.facts(look)
    lines = look.things.lines(iri)
    labels = {**generic["labels"], **look.things.labels(generic["labels"])}
    link = Links(view, labels, *words)
    common = {
        "cited_lines": [
            (document, list(group)) for document, group in groupby(lines, attrgetter("document"))
        ],
        "json_ld": "",
        "labels": labels,
        "link": link,
        "draw": Draw(link, translate),
        "rest": generic["groups"],
    }
    return renderer.page(section.template, view, **{**generic, **common, **found})


def _is_class(triple: Triple, iri: str) -> bool:
    return triple.p == RDF_TYPE and triple.s == f"<{iri}>"
