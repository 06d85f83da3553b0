"""Every plan edition with what it holds: the rows of the plans page and of the home page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dxlod.namespaces import DXO, ValueStatus
from dxlod.release.terms import RDF_TYPE
from dxlod.site.iris import DCTERMS, PROV
from dxlod.site.reader import SiteReader

__all__ = ["COUNTED", "Document", "Edition", "editions", "totals"]

Labels = Mapping[str, str]

COUNTED = {
    "policies": DXO.Policy,
    "measures": DXO.PolicyMeasure,
    "initiatives": DXO.Initiative,
    "actions": DXO.Action,
    "phases": DXO.SchedulePhase,
    "indicators": DXO.Indicator,
    "values": DXO.IndicatorValue,
    "tasks": DXO.AdministrativeTask,
    "systems": DXO.InformationSystem,
    "tables": DXO.StatisticalTable,
    "citations": DXO.Citation,
    "terms": DXO.GlossaryTerm,
    "corrections": DXO.Correction,
}
"""What is counted in each plan, by the names the templates use."""


@dataclass(frozen=True)
class Document:
    """A source document: its IRI, title, number of lines, and its stated terms (None: not known)."""

    iri: str
    title: Labels
    lines: str
    rights: str | None


@dataclass(frozen=True)
class Edition:
    """One plan edition. `status` is the end of the code's IRI; `issued` as printed ('' with `issued_unknown`: unreadable).

    `start` and `end` are IRIs of fiscal years ('' where none is stated); `counts` goes by the names of COUNTED and has
    `unknown`, `none` (stated as such) and `facts` (triples) besides.
    """

    iri: str
    graph: str
    slug: str
    city: str
    city_labels: Labels
    labels: Labels
    status: str
    issued: str
    issued_unknown: bool
    start: str
    end: str
    years: Mapping[str, Labels]
    documents: Sequence[Document]
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """What stands for the plan in an address: `{code}/{plan}/{edition}`, as in the search."""
        return self.iri.partition("/id/plan/")[2] or self.iri


def editions(reader: SiteReader) -> list[Edition]:
    """All editions, by city and plan; counted at the first time only."""
    return reader.once("editions with counts", lambda: _editions(reader))


def _editions(reader: SiteReader) -> list[Edition]:
    iris = reader.instances(DXO.PlanEdition)
    graphs = {iri: reader.graph_of(iri) or "" for iri in iris}
    counts = _counts(reader)
    return [_edition(reader, iri, graphs[iri], counts.get(graphs[iri], {})) for iri in iris]


def totals(reader: SiteReader) -> dict[str, int]:
    """How many things of each counted kind there are in all."""
    summed: dict[str, int] = {}
    for edition in editions(reader):
        for name, number in edition.counts.items():
            summed[name] = summed.get(name, 0) + number
    return summed


def _edition(reader: SiteReader, iri: str, graph: str, counts: Mapping[str, int]) -> Edition:
    city = next(iter(reader.object_iris(iri, f"{DCTERMS}publisher")), "")
    start, end = (
        next(iter(reader.object_iris(iri, name)), "") for name in (DXO.startFiscalYear, DXO.endFiscalYear)
    )
    labels = reader.labels([iri, city, start, end])
    status = next(iter(reader.object_iris(iri, DXO.planStatus)), "/unknown")
    return Edition(
        iri=iri,
        graph=graph,
        slug=graph.partition("/graph/plan/")[2].replace("/", "-"),
        city=city,
        city_labels=labels.get(city, {}),
        labels=labels.get(iri, {}),
        status=status.rpartition("/")[2],
        issued=reader.text(iri, f"{DCTERMS}issued") or "",
        issued_unknown=f"{DCTERMS}issued" in reader.object_iris(iri, DXO.unknown),
        start=start,
        end=end,
        years=labels,
        documents=_documents(reader, iri),
        counts=counts,
    )


def _documents(reader: SiteReader, iri: str) -> list[Document]:
    return [
        Document(
            found,
            reader.labels([found]).get(found, {}),
            reader.text(found, DXO.lineCount) or "",
            reader.text(found, f"{DCTERMS}rights"),
        )
        for found in reader.object_iris(iri, f"{PROV}wasDerivedFrom")
    ]


def _counts(reader: SiteReader) -> dict[str, dict[str, int]]:
    """Numbers by graph and name."""
    found: dict[str, dict[str, int]] = {}
    names = {f"<{iri}>": name for name, iri in COUNTED.items()}
    for graph, kind, number in reader.rows(_BY_OBJECT, (RDF_TYPE,)):
        if kind in names:
            found.setdefault(graph[1:-1], {})[names[kind]] = int(number)
    for name, sql, parameters in (
        ("facts", _FACTS, ()),
        ("unknown", _BY_PREDICATE, (f"<{DXO.unknown}>",)),
        ("none", _BY_PREDICATE, (f"<{DXO.statedNone}>",)),
        ("none", _WITH_OBJECT, (f"<{DXO.valueStatus}>", f"<{ValueStatus.none}>")),
        ("unknown", _WITH_OBJECT, (f"<{DXO.valueStatus}>", f"<{ValueStatus.unknown}>")),
    ):
        for graph, number in reader.rows(sql, parameters):
            counts = found.setdefault(graph[1:-1], {})
            counts[name] = counts.get(name, 0) + int(number)
    return {graph: counts for graph, counts in found.items() if "/graph/plan/" in graph}


_BY_OBJECT = (
    "SELECT g.text, o.text, n FROM (SELECT g, o, COUNT(*) n FROM quad"
    " WHERE p = (SELECT id FROM term WHERE text = ?) GROUP BY g, o) c"
    " JOIN term g ON g.id = c.g JOIN term o ON o.id = c.o"
)
_FACTS = "SELECT g.text, n FROM (SELECT g, COUNT(*) n FROM quad GROUP BY g) c JOIN term g ON g.id = c.g"
_BY_PREDICATE = (
    "SELECT g.text, n FROM (SELECT g, COUNT(*) n FROM quad WHERE p = (SELECT id FROM term WHERE text = ?) GROUP BY g) c"
    " JOIN term g ON g.id = c.g"
)
_WITH_OBJECT = (
    "SELECT g.text, n FROM (SELECT g, COUNT(*) n FROM quad WHERE p = (SELECT id FROM term WHERE text = ?)"
    " AND o = (SELECT id FROM term WHERE text = ?) GROUP BY g) c JOIN term g ON g.id = c.g"
)
