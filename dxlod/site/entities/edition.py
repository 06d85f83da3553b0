"""The page of a plan edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.figures import kpi_table, kpis_of
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.things import Things, first
from dxlod.site.entities.tree import Tree, policies_of
from dxlod.site.iris import DCAT, DCTERMS, PROV, RDFS, SKOS

__all__ = ["SECTION", "Cited", "Document", "Download", "citations", "edition_facts"]

MOST_ROWS, MOST_KPIS = 240, 90
"""Initiatives and actions shown one by one, and indicators; of more, the page shows measures and the first ones."""
_TOPIC = "http://xmlns.com/foaf/0.1/primaryTopic"
_WORKS = ("law", "ordinance", "plan", "strategy", "policy", "guideline", "other")
_FILES = {
    ".xlsx": "Excel",
    ".csv.zip": "CSV (ZIP)",
    ".ttl": "Turtle",
    ".jsonld": "JSON-LD",
    ".nt": "N-Triples",
    ".rdf": "RDF/XML",
    ".nq": "N-Quads",
    ".trig": "TriG",
}


@dataclass(frozen=True)
class Cited:
    """A work that a plan names, with how often and whether the plan stands under it."""

    iri: str
    kind: str
    upper: bool
    times: int


@dataclass(frozen=True)
class Document:
    """The source document of an edition: lines, and whether terms of use were found."""

    iri: str
    lines: int
    rights: str
    rights_unknown: bool


@dataclass(frozen=True)
class Download:
    """One file of the edition's data: name of the format and path below the site."""

    name: str
    path: str


def edition_facts(look: Look) -> Mapping[str, object]:
    """Head, tree with schedule, indicators, citations, glossary, tables, files."""
    things, iri = look.things, look.iri
    tree = policies_of(things, iri)
    kpis = kpis_of(things, [things.iris(iri, DXO.hasIndicator), *tree.held.values()])
    gaps = things.gaps(iri)
    rows = len(tree.bars) + sum(len(bar.parts) for bar in tree.bars)
    return {
        "compact": rows > MOST_ROWS,
        "most_kpis": MOST_KPIS,
        "city": things.iri(iri, f"{DCTERMS}publisher"),
        "plan": first(things.name(look.reader.subjects(DXO.edition, iri, limit=1))),
        "issued": things.text(iri, f"{DCTERMS}issued"),
        "gaps": gaps,
        "start": things.iri(iri, DXO.startFiscalYear),
        "end": things.iri(iri, DXO.endFiscalYear),
        "dates": [things.text(iri, f"{DCAT}{name}") for name in ("startDate", "endDate")],
        "units": things.iris(iri, DXO.responsibleUnit),
        "documents": _documents(things, iri),
        "tree": tree,
        "kpis": kpi_table(kpis),
        "cited": citations(things, look, iri),
        "terms": things.in_order(things.iris(iri, DXO.hasGlossaryTerm)),
        "stat_tables": things.in_order(things.iris(iri, DXO.hasTable)),
        "counts": _counts(look, tree, len(kpis)),
        "corrections": len(things.iris(iri, DXO.hasCorrection)),
        "slug": _slug(look),
        "short": iri.partition("/id/plan/")[2],
        "downloads": _downloads(look),
        "lines": things.lines(iri),
    }


def _slug(look: Look) -> str:
    return look.iri.partition("/id/plan/")[2].replace("/", "-")


def _counts(look: Look, tree: Tree, kpis: int) -> dict[str, int]:
    """How much the plan holds, by the names of the messages; in the order shown."""
    things, iri = look.things, look.iri
    found = {
        "policies": len(tree.branches),
        "measures": sum(len(branch.parts) for branch in tree.branches),
        "initiatives": len(tree.bars),
        "actions": sum(len(bar.parts) for bar in tree.bars),
        "indicators": kpis,
        "tasks": len(things.iris(iri, DXO.hasTask)),
        "systems": len(things.iris(iri, DXO.hasSystem)),
    }
    return {name: number for name, number in found.items() if number}


def citations(things: Things, look: Look, edition: str) -> list[Cited]:
    """The works that an edition names: those it stands under first, then by kind."""
    works = things.name(things.iris(edition, DXO.upperPlan, DXO.cites))
    upper = set(things.iris(edition, DXO.upperPlan))
    kinds = Sayings(things.some(works, DXO.workKind))
    nodes = look.reader.within_any(DXO.citedResource, works, edition)
    cites = Sayings(things.some(nodes, DXO.citedResource, DXO.sourceFragment))
    times: dict[str, int] = {}
    for node in nodes:
        work = cites.iri(node, DXO.citedResource)
        times[work] = times.get(work, 0) + max(1, len(cites.iris(node, DXO.sourceFragment)))
    found = [
        Cited(work, kinds.code(work, DXO.workKind, _WORKS, "other"), work in upper, times.get(work, 0))
        for work in works
    ]
    return sorted(found, key=lambda item: (not item.upper, item.kind, -item.times))


def _documents(things: Things, iri: str) -> list[Document]:
    return [
        Document(
            found,
            things.whole(found, DXO.lineCount),
            things.text(found, f"{DCTERMS}rights"),
            things.gaps(found).get(f"{DCTERMS}rights") == "unknown",
        )
        for found in things.follow([iri], f"{PROV}wasDerivedFrom")
    ]


def _downloads(look: Look) -> list[Download]:
    """The dumps of this edition alone, without compressed ones."""
    things = look.things
    datasets = [iri for iri in look.reader.subjects(_TOPIC, look.iri) if "/id/dataset/" in iri]
    held = Sayings(things.some(datasets, f"{DCAT}distribution"))
    files = [file for iri in datasets for file in held.iris(iri, f"{DCAT}distribution")]
    urls = Sayings(things.some(files, f"{DCAT}downloadURL"))
    found = {urls.iri(file, f"{DCAT}downloadURL") for file in files}
    paths = {f"/dumps/{url.partition('/dumps/')[2]}" for url in found if "/dumps/" in url}
    stem = f"/dumps/{_slug(look)}"
    return [Download(name, f"{stem}{end}") for end, name in _FILES.items() if f"{stem}{end}" in paths]


SECTION = Section(
    DXO.PlanEdition,
    "entities/edition.html",
    edition_facts,
    frozenset(
        (
            f"{RDFS}label",
            f"{SKOS}prefLabel",
            f"{DCTERMS}publisher",
            f"{DCTERMS}issued",
            f"{DCAT}startDate",
            f"{DCAT}endDate",
            f"{PROV}wasDerivedFrom",
            DXO.startFiscalYear,
            DXO.endFiscalYear,
            DXO.planStatus,
            DXO.responsibleUnit,
            DXO.hasPolicy,
            DXO.hasInitiative,
            DXO.hasIndicator,
            DXO.hasTask,
            DXO.hasSystem,
            DXO.hasTable,
            DXO.hasGlossaryTerm,
            DXO.hasCorrection,
            DXO.cites,
            DXO.upperPlan,
            DXO.unknown,
            DXO.statedNone,
            DXO.englishLabelStatus,
        )
    ),
    backlinks=False,
)
