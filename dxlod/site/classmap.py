"""Which classes stand where in the class diagram, and which properties it draws.

The columns are chosen by hand, since a reader looks for the plan first and for its parts to the right of it; what is
drawn between them is what the data hold. A class that has no place here comes last in the last column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dxlod.namespaces import DXO
from dxlod.release.formats import prefixed
from dxlod.site.diagram import Box, Row
from dxlod.site.iris import DCTERMS, ELI, OA, ORG
from dxlod.site.vocabulary import Vocabulary

__all__ = ["LEFT_OUT", "box_labels", "boxes", "relations", "standing_for"]

_ORGANIZATION, _LAW = f"{ORG}Organization", f"{ELI}LegalResource"
_COLUMNS = (
    (DXO.Municipality, DXO.Plan, DXO.PlanEdition, DXO.Correction),
    (
        DXO.Policy,
        DXO.PolicyMeasure,
        DXO.Citation,
        DXO.AdministrativeTask,
        DXO.GlossaryTerm,
        DXO.StatisticalTable,
    ),
    (DXO.Initiative, DXO.Action, DXO.InformationSystem, DXO.LegalProvision, DXO.CitedWork),
    (DXO.SchedulePhase, DXO.Indicator, _ORGANIZATION, _LAW),
    (DXO.FiscalYear, DXO.IndicatorValue, DXO.SourceFragment, DXO.SourceDocument),
)
_SAME = {f"{ORG}OrganizationalUnit": _ORGANIZATION, f"{ORG}OrganizationalCollaboration": _ORGANIZATION}
_OTHERS = (
    (DXO.PlanEdition, f"{DCTERMS}publisher"),
    (DXO.SourceFragment, f"{OA}hasSource"),
    (DXO.LegalProvision, f"{ELI}is_part_of"),
)
_NAMES = {
    _ORGANIZATION: {"ja": "部署・組織", "en": "organization"},
    _LAW: {"ja": "法令・条例", "en": "law or ordinance"},
}
LEFT_OUT = (DXO.inEdition, DXO.sourceFragment)
"""Nearly everything has these, so a line for each would hide the rest; the page says so in words."""
_NOT_DRAWN = (
    *LEFT_OUT,
    DXO.indicator,
    DXO.indicatorValue,
    DXO.statedNone,
    DXO.unknown,
    DXO.sheetStartFiscalYear,
    DXO.sheetEndFiscalYear,
)


def box_labels(vocabulary: Vocabulary) -> dict[str, Mapping[str, str]]:
    """Labels by language of every box."""
    return {**vocabulary.labels, **_NAMES}


def standing_for(iri: str) -> str:
    """The class whose box a class shares."""
    return _SAME.get(iri, iri)


def relations(vocabulary: Vocabulary) -> tuple[tuple[str, str, str, int], ...]:
    """(class, property, class, triples) of what the diagram draws, by the places of the classes."""
    places = _places(vocabulary)
    counts: dict[tuple[str, str, str], int] = {}
    for (source, name, target), count in _links(vocabulary):
        key = (standing_for(source), name, standing_for(target))
        if key[0] in places and key[2] in places and _drawn(key[0], name):
            counts[key] = counts.get(key, 0) + count
    found = ((*key, count) for key, count in counts.items())
    order = {iri: at for at, iri in enumerate(DXO)}
    return tuple(
        sorted(found, key=lambda item: (places[item[0]], places[item[2]], order.get(item[1], len(order))))
    )


def boxes(vocabulary: Vocabulary) -> tuple[Box, ...]:
    """The boxes of the diagram, each with its properties in the order of where they lead."""
    rows: dict[str, dict[str, list[str]]] = {}
    for source, name, target, _ in relations(vocabulary):
        rows.setdefault(source, {}).setdefault(_name(name), []).append(target)
    return tuple(
        Box(iri, column, tuple(Row(name, tuple(targets)) for name, targets in rows.get(iri, {}).items()))
        for iri, (column, _) in _places(vocabulary).items()
    )


def _drawn(source: str, name: str) -> bool:
    return (source, name) in _OTHERS or (name in DXO and name not in _NOT_DRAWN)


def _links(vocabulary: Vocabulary) -> Iterable[tuple[tuple[str, str, str], int]]:
    """What the data hold; where they are not at hand, what domains and ranges say."""
    if vocabulary.links:
        return vocabulary.links.items()
    return (
        ((domain, term.iri, target), 0)
        for term in vocabulary.of("object")
        for domain in term.domains
        for target in term.ranges
    )


def _places(vocabulary: Vocabulary) -> dict[str, tuple[int, int]]:
    """Column and rank of each class that is drawn, in that order. Superclasses that nothing is of are not."""
    known = {term.iri for term in vocabulary.of("class") if not term.subs}
    ours = [[iri for iri in column if iri in known or iri not in DXO] for column in _COLUMNS]
    ours[-1] += sorted(known - {iri for column in _COLUMNS for iri in column})
    return {iri: (at, rank) for at, column in enumerate(ours) for rank, iri in enumerate(column)}


def _name(iri: str) -> str:
    return prefixed(iri).removeprefix("dxo:")
