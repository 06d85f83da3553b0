"""Where a thing stands: what it is part of, up to its plan edition and its city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dxlod.namespaces import DXO
from dxlod.site.iris import DCTERMS, ELI, OA, ORG, PROV, RDF, SKOS, local_name
from dxlod.site.reader import SiteReader

__all__ = ["Place", "place_of"]

_DEEPEST = 10
_UP: Final = (
    DXO.indicator,
    DXO.citingElement,
    f"{OA}hasSource",
    f"{ELI}is_part_of",
    f"{ELI}passed_by",
    f"{ORG}subOrganizationOf",
    f"{ORG}unitOf",
    f"{SKOS}broader",
    f"{DCTERMS}isPartOf",
    f"{SKOS}inScheme",
)
"""Properties that lead from a part to its whole, the nearest whole first."""

_DOWN: Final = (
    DXO.hasIndicator,
    DXO.hasPhase,
    DXO.hasAction,
    DXO.hasInitiative,
    DXO.hasPart,
    DXO.hasPolicy,
    f"{OA}hasSelector",
)
"""Properties that lead from a whole to its parts, the nearest first."""

_LAST: Final = (DXO.inEdition, f"{DCTERMS}publisher")
_TYPE: Final = f"{RDF}type"


@dataclass(frozen=True)
class Place:
    """What a thing is part of: IRIs from its city or the like down to the nearest, its plan edition, and its city.

    `edition` and `city` are the thing itself where it is one, '' where there is none.
    """

    above: tuple[str, ...]
    edition: str
    city: str
    status: str
    """Last part of the code of the edition's status, such as `draft`; '' where there is no edition."""


def place_of(reader: SiteReader, iri: str) -> Place:
    """The place of a thing; empty where it is part of nothing."""
    chain: list[str] = []
    edition = city = status = ""
    at: str | None = iri
    while at is not None and len(chain) < _DEEPEST:
        chain.append(at)
        facts = reader.outgoing(at, (_TYPE, DXO.planStatus, *_UP, *_LAST))
        kinds = {value for name, value in facts if name == _TYPE}
        if DXO.PlanEdition in kinds:
            edition = edition or at
            status = next((local_name(value) for name, value in facts if name == DXO.planStatus), "")
        if DXO.Municipality in kinds:
            city = at
            break
        at = _whole(reader, at, kinds, facts, chain)
    return Place(tuple(reversed(chain[1:])), edition, city, status)


def _whole(
    reader: SiteReader, iri: str, kinds: set[str], facts: Sequence[tuple[str, str]], known: Sequence[str]
) -> str | None:
    """The nearest thing that this one is part of."""
    if DXO.SourceDocument in kinds:
        derived = reader.incoming(iri, [f"{PROV}wasDerivedFrom"])
        found = [pair for pair in derived if DXO.PlanEdition in reader.types(pair[1])]
    elif DXO.Plan in kinds:
        editions = reader.object_iris(iri, DXO.edition)[:1]
        found = [pair for edition in editions for pair in reader.outgoing(edition, [f"{DCTERMS}publisher"])]
    else:
        found = [pair for pair in facts if pair[0] in _UP] or reader.incoming(iri, _DOWN)
    found += [pair for pair in facts if pair[0] in _LAST]
    return next((whole for _, whole in found if whole not in known and reader.exists(whole)), None)
