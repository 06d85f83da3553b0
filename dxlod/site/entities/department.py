"""The page of a department, or of departments named together such as all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.entities.sayings import Sayings
from dxlod.site.entities.schedule import Bar, bars_of
from dxlod.site.entities.things import edition_of
from dxlod.site.entities.tree import Tree, tree_of_bars
from dxlod.site.iris import DCTERMS, ORG, RDFS, local_name

__all__ = ["COLLECTIVE", "SECTION", "Duty", "department_facts"]

MOST, MOST_PLANS = 40, 6
"""Initiatives of one plan shown, and plans; what points at the department, below, has the others."""


@dataclass(frozen=True)
class Duty:
    """What a department is named for in one plan: the first of `total` initiatives, and those it leads with others."""

    edition: str
    tree: Tree
    bars: Sequence[Bar]
    leads: frozenset[str]
    partners: Mapping[str, Sequence[str]]
    total: int


def department_facts(look: Look) -> Mapping[str, object]:
    """Place in the organization, years seen, initiatives by plan, plans that it edited."""
    things, iri = look.things, look.iri
    named = list(
        dict.fromkeys(
            found for name in (DXO.leadUnit, DXO.responsibleUnit) for found in look.reader.subjects(name, iri)
        )
    )
    edited = things.name(item for item in named if edition_of(item) == item)
    above = things.iris(iri, f"{ORG}unitOf", f"{ORG}subOrganizationOf")
    below = [
        *look.reader.subjects(f"{ORG}subOrganizationOf", iri),
        *look.reader.subjects(f"{ORG}unitOf", iri),
    ]
    return {
        "kind": local_name(things.iri(iri, DXO.organizationKind)),
        "kind_iri": things.iri(iri, DXO.organizationKind),
        "seen": things.text(iri, DXO.nameSeenIn),
        "above": above,
        "below": things.name(below),
        "edited": edited,
        "duties": _duties(look, [item for item in named if item not in edited]),
    }


def _duties(look: Look, elements: Sequence[str]) -> list[Duty]:
    things = look.things
    plans: dict[str, list[str]] = {}
    for element in elements:
        plans.setdefault(edition_of(element), []).append(element)
    things.name(list(plans)[:MOST_PLANS])
    found: list[Duty] = []
    for edition, every in list(plans.items())[:MOST_PLANS]:
        members = every[:MOST]
        bars = bars_of(things, members)
        units = Sayings(things.some(members, DXO.leadUnit, DXO.responsibleUnit))
        leads = frozenset(item for item in members if look.iri in units.iris(item, DXO.leadUnit))
        partners = {
            item: things.name(unit for unit in units.iris(item, DXO.responsibleUnit) if unit != look.iri)
            for item in members
        }
        found.append(Duty(edition, tree_of_bars(bars), bars, leads, partners, len(every)))
    return found


_SHOWN = frozenset(
    (
        f"{RDFS}label",
        f"{DCTERMS}identifier",
        f"{ORG}unitOf",
        f"{ORG}subOrganizationOf",
        DXO.organizationKind,
        DXO.nameSeenIn,
        DXO.englishLabelStatus,
    )
)
SECTION = Section(f"{ORG}OrganizationalUnit", "entities/department.html", department_facts, _SHOWN)
COLLECTIVE = Section(
    f"{ORG}OrganizationalCollaboration", "entities/department.html", department_facts, _SHOWN
)
