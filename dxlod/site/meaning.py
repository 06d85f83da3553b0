"""Which facts belong together on a page, and in which order."""

from __future__ import annotations

from typing import Final

from dxlod.namespaces import DXO
from dxlod.site.iris import DCAT, DCTERMS, ELI, OA, ORG, OWL, PROV, QB, RDF, RDFS, SH, SKOS, TIME

__all__ = ["GROUPS", "HIDDEN", "OTHER", "group_of", "rank_of"]

OTHER: Final = "other"
"""The group of what is in no other; it comes last but for the record."""

GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "names",
        (
            f"{RDFS}label",
            f"{SKOS}prefLabel",
            f"{DCTERMS}title",
            f"{SKOS}altLabel",
            DXO.reading,
            DXO.sheetTitle,
            f"{SKOS}definition",
            f"{RDFS}comment",
            f"{DCTERMS}description",
            f"{SKOS}notation",
            f"{DCTERMS}identifier",
            DXO.localGovernmentCode,
            DXO.corporateNumber,
            DXO.corporateNumberCertainty,
            DXO.lawId,
            DXO.lawIdCertainty,
            f"{ELI}id_local",
            f"{ELI}number",
            DXO.asPrinted,
            DXO.asRead,
            DXO.reason,
            DXO.alternativeReading,
            DXO.correctionMethod,
            DXO.citationText,
        ),
    ),
    (
        "numbers",
        (
            DXO.valueKind,
            DXO.fiscalYear,
            DXO.valueText,
            DXO.value,
            DXO.unit,
            DXO.unitLabel,
            DXO.bound,
            DXO.valueStatus,
            DXO.desiredDirection,
            DXO.directionInferred,
            DXO.accumulation,
            DXO.indicatorLevel,
            DXO.calculation,
            DXO.indicatorValue,
            DXO.baseline,
            DXO.target,
            DXO.actual,
            DXO.rowLabel,
            DXO.columnLabel,
        ),
    ),
    (
        "time",
        (
            DXO.startFiscalYear,
            DXO.endFiscalYear,
            DXO.sheetStartFiscalYear,
            DXO.sheetEndFiscalYear,
            DXO.phase,
            DXO.hasPhase,
            f"{DCTERMS}issued",
            f"{DCTERMS}modified",
            DXO.startYear,
            f"{DCAT}startDate",
            f"{DCAT}endDate",
            f"{TIME}hasBeginning",
            f"{TIME}hasEnd",
            f"{TIME}intervalMeets",
        ),
    ),
    (
        "people",
        (
            DXO.leadUnit,
            DXO.responsibleUnit,
            f"{ORG}unitOf",
            f"{ORG}subOrganizationOf",
            DXO.organizationKind,
            DXO.nameSeenIn,
            f"{DCTERMS}publisher",
            f"{DCTERMS}creator",
            f"{ELI}passed_by",
        ),
    ),
    (
        "plan",
        (
            DXO.planStatus,
            DXO.inEdition,
            DXO.edition,
            DXO.category,
            DXO.printedNumber,
            DXO.isNew,
            DXO.hasPolicy,
            DXO.hasPart,
            DXO.hasInitiative,
            DXO.hasAction,
            DXO.hasIndicator,
            DXO.indicator,
            DXO.hasTask,
            DXO.hasSystem,
            DXO.hasTable,
            DXO.hasGlossaryTerm,
            f"{DCTERMS}isPartOf",
            DXO.sheetMarked,
            DXO.hasSheet,
            DXO.sheetMeasure,
        ),
    ),
    (
        "subjects",
        (DXO.topic, f"{SKOS}broader", f"{SKOS}narrower", f"{SKOS}inScheme", DXO.sdg, f"{DCAT}theme"),
    ),
    (
        "basis",
        (
            DXO.supportsTask,
            DXO.usesSystem,
            DXO.legalBasis,
            f"{ELI}is_part_of",
            DXO.citedAsOf,
            DXO.cites,
            DXO.citedResource,
            DXO.citingElement,
            DXO.upperPlan,
            DXO.workKind,
        ),
    ),
    (
        "links",
        (
            DXO.standardArea,
            f"{RDFS}seeAlso",
            "http://xmlns.com/foaf/0.1/page",
            f"{SKOS}exactMatch",
            f"{SKOS}closeMatch",
            f"{SKOS}broadMatch",
            f"{SKOS}narrowMatch",
        ),
    ),
    (OTHER, ()),
    (
        "record",
        (
            DXO.statedNone,
            DXO.unknown,
            DXO.hasCorrection,
            DXO.englishLabelStatus,
            f"{PROV}wasDerivedFrom",
            f"{OA}hasSource",
            DXO.startLine,
            DXO.endLine,
            DXO.lineCount,
            DXO.sha256,
            f"{QB}dataSet",
            f"{DCTERMS}rights",
            f"{DCTERMS}license",
            f"{RDFS}isDefinedBy",
            f"{OWL}versionInfo",
        ),
    ),
)
"""Groups in their order on the page, each with its properties in their order."""

HIDDEN: Final = frozenset(
    (f"{RDF}type", DXO.sourceFragment, DXO.order, f"{OA}hasSelector", f"{OA}refinedBy", f"{SH}prefixes")
)
"""What the page says in another way, or what says nothing to people."""


def group_of(predicate: str) -> str:
    """The group of a property."""
    return GROUPS[rank_of(predicate)[0]][0]


def rank_of(predicate: str) -> tuple[int, int, str]:
    """Sorting key of a property: number of its group, place in it, IRI."""
    return (*_PLACES.get(predicate, (_OTHER_AT, 0)), predicate)


_OTHER_AT: Final = next(at for at, (name, _) in enumerate(GROUPS) if name == OTHER)
_PLACES: Final = {
    predicate: (at, place)
    for at, (_, predicates) in reversed(list(enumerate(GROUPS)))
    for place, predicate in reversed(list(enumerate(predicates)))
}
