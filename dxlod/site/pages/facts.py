"""The facts each overview page is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from dxlod.release.terms import is_iri
from dxlod.site.iris import SH, local_name
from dxlod.site.pages.catalog_ld import catalog_ld
from dxlod.site.pages.cite import bibtex
from dxlod.site.pages.editions import Edition
from dxlod.site.pages.guide import guide_sections
from dxlod.site.pages.overview import Overview
from dxlod.site.pages.tasks import TaskFilter, choices, select_tasks
from dxlod.site.render import Renderer, pick
from dxlod.site.view import View

__all__ = [
    "MOST_COLUMNS",
    "MOST_VALUES",
    "Facts",
    "downloads",
    "guide",
    "home",
    "method",
    "plans",
    "quality",
    "releases",
    "tasks",
    "topics",
]

Facts = Callable[[View], Mapping[str, object]]

MOST_VALUES = 4
"""Properties of one changed thing of which the page says what they were and are."""
MOST_COLUMNS = 60
"""Systems shown as columns of the matrix; more would make a page of more than 100 kB."""

_COLUMNS = (
    "policies",
    "measures",
    "initiatives",
    "actions",
    "phases",
    "indicators",
    "values",
    "tasks",
    "systems",
    "citations",
)
_KINDS = {
    "policies": "policy",
    "measures": "measure",
    "initiatives": "initiative",
    "actions": "action",
    "indicators": "kpi",
    "tasks": "task",
    "systems": "system",
}


def home(overview: Overview) -> Mapping[str, object]:
    """What this is, the plans, one example."""
    return {
        "cities": overview.cities,
        "totals": overview.totals,
        "example": overview.example,
        "json_ld": catalog_ld(overview.release.path),
    }


def plans(overview: Overview) -> Mapping[str, object]:
    """All editions, with their counts and files."""
    files = {group.slug: group.rows for group in overview.files[0]}
    return {"editions": overview.editions, "files": files, "columns": _COLUMNS, "kinds": _KINDS}


def topics(overview: Overview) -> Mapping[str, object]:
    """The topics with what each plan has on them."""
    return {"groups": overview.topics, "schemes": overview.schemes, "editions": overview.editions}


def tasks(overview: Overview, asked: TaskFilter, lang: str) -> Mapping[str, object]:
    """The tasks asked for, and what they can be filtered by."""
    found = select_tasks(overview.tasks, asked, lang)
    return {
        "asked": asked,
        "found": found,
        "columns": found.systems[:MOST_COLUMNS],
        "many_plans": len({task.edition.iri for task in found.tasks}) > 1,
        "cities": choices(overview.tasks, lambda task: (task.city,), lang),
        "systems": choices(overview.tasks, lambda task: task.systems, lang),
        "laws": choices(overview.tasks, lambda task: task.laws, lang),
    }


def downloads(overview: Overview, renderer: Renderer, view: View) -> Mapping[str, object]:
    """Every file, and how to cite."""
    groups, others = overview.files
    citation = overview.citation
    date = "-".join(f"{part:02}" for part in citation.date)
    cited = renderer.translator(view.lang)(
        "downloads.cite_text",
        title=citation.title_ja if view.lang == "ja" else citation.title_en,
        date=f"({date}) " if date else "",
        version=citation.version,
        url=citation.url,
    )
    return {
        "groups": groups,
        "others": others,
        "editions": {edition.slug: edition for edition in overview.editions},
        "permanent": view.data(f"/releases/{view.release}/"),
        "cited": cited,
        "bibtex": bibtex(citation).rstrip(),
        "json_ld": catalog_ld(overview.release.path, files=True),
    }


def method(overview: Overview) -> Mapping[str, object]:
    """How the data is made, and what was corrected in each plan."""
    report = "html" if overview.release.entry("report.html") else "ttl"
    return {"plans": [(plan, overview.methods(plan)) for plan in overview.editions], "report": report}


def quality(overview: Overview, plan: Edition, renderer: Renderer, view: View) -> Mapping[str, object]:
    """Corrections and unknowns of one plan."""
    t = renderer.translator(view.lang)
    crumbs = [
        (t("about.title"), view.url("/about")),
        (pick(plan.labels, view.lang)[0], view.href(plan.iri)),
        (t("quality.short"), ""),
    ]
    return {
        "crumbs": crumbs,
        "plan": plan,
        "corrections": overview.corrections(plan),
        "unknown": overview.unknown(plan),
        "stated_none": overview.none(plan),
    }


def releases(overview: Overview) -> Mapping[str, object]:
    """The publications, what changed since the last one, and the old and new values of what did."""
    values = overview.changed_values
    terms = {term for found in values.values() for item in found for term in (*item.before, *item.now)}
    named = {term[1:-1] for term in terms if is_iri(term)}
    named |= {item.property for found in values.values() for item in found}
    return {
        "history": overview.publications,
        "values": values,
        "labels": overview.reader.labels(named),
        "most_values": MOST_VALUES,
    }


def guide(
    overview: Overview, origin: str, example: str, places: Collection[str], seconds: str
) -> Mapping[str, object]:
    """The commands that work here."""
    dataset = next((f"dxlod-{edition.slug}" for edition in overview.editions), "dxlod-all")
    queries = overview.reader.instances(f"{SH}SPARQLExecutable")
    saved = local_name(queries[0]) if queries else ""
    return {"sections": guide_sections(origin, example, dataset, places, saved), "seconds": seconds}
