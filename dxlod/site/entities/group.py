"""The pages of a policy and of a measure: what it holds, with years and indicators."""

from __future__ import annotations

from collections.abc import Mapping

from dxlod.namespaces import DXO
from dxlod.site.entities.figures import kpi_table, kpis_of
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.tree import branch_of, tree_of
from dxlod.site.iris import DCTERMS, RDFS

__all__ = ["MEASURE", "POLICY", "group_facts"]


def group_facts(look: Look) -> Mapping[str, object]:
    """The branch with its schedule, the indicators in it, topics and goals."""
    things, iri = look.things, look.iri
    branch = branch_of(things, iri)
    return {
        "branch": branch,
        "tree": tree_of([branch]),
        "kpis": kpi_table(kpis_of(things, branch.held.values())),
        "edition": things.iri(iri, DXO.inEdition),
        "gaps": things.gaps(iri),
        "topics": things.iris(iri, DXO.topic),
        "sdgs": things.iris(iri, DXO.sdg),
    }


_SHOWN = frozenset(
    (
        f"{RDFS}label",
        f"{DCTERMS}identifier",
        DXO.inEdition,
        DXO.printedNumber,
        DXO.category,
        DXO.hasPart,
        DXO.hasInitiative,
        DXO.hasIndicator,
        DXO.topic,
        DXO.sdg,
        DXO.unknown,
        DXO.statedNone,
        DXO.englishLabelStatus,
    )
)
POLICY = Section(DXO.Policy, "entities/group.html", group_facts, _SHOWN)
MEASURE = Section(DXO.PolicyMeasure, "entities/group.html", group_facts, _SHOWN)
