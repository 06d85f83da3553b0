"""The terms of the vocabulary and of the shared code lists, as closed namespaces.

Each namespace is a class whose attributes are full IRIs (``str``), so that a misspelt term is an error of
the type checker and an ``AttributeError`` at run time. A test holds every class equal to its file in
``ontology/``.

    >>> DXO.Initiative
    'https://w3id.org/dxlod/ns#Initiative'
    >>> ValueKind.baseline
    'https://w3id.org/dxlod/id/code/value-kind/baseline'

Iterating over a namespace gives its IRIs; ``iri in DXO`` asks whether it has one. A hyphen in a code is an
underscore in the attribute (``Accumulation.point_in_time``). All these IRIs are shared references: they do
not move with the publisher's base.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NoReturn

__all__ = [
    "DXO",
    "ONTOLOGY",
    "SHARED_IDS",
    "Accumulation",
    "Bound",
    "CorrectionMethod",
    "Direction",
    "OrganizationKind",
    "Phase",
    "PlanStatus",
    "Topic",
    "TranslationStatus",
    "Unit",
    "ValueKind",
    "ValueStatus",
    "WorkKind",
    "fiscal_year",
    "scheme",
]

ONTOLOGY: Final = "https://w3id.org/dxlod/ns"
SHARED_IDS: Final = "https://w3id.org/dxlod/id/"

_NS: Final = ONTOLOGY + "#"
_CODE: Final = SHARED_IDS + "code/"
_TOPIC: Final = SHARED_IDS + "topic"
_UNIT: Final = SHARED_IDS + "unit/"
_FISCAL_YEAR: Final = SHARED_IDS + "fy/"
_QUDT: Final = "http://qudt.org/vocab/unit/"


class _Closed(type):
    """The type of a namespace: its terms can be read and listed, and nothing else."""

    def __call__(cls, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError(f"{cls.__name__} is a namespace, not a class to make objects of")

    def __setattr__(cls, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{cls.__name__} is closed: {name!r} cannot be set")

    def __delattr__(cls, name: str) -> NoReturn:
        raise AttributeError(f"{cls.__name__} is closed: {name!r} cannot be deleted")

    def __iter__(cls) -> Iterator[str]:
        return (iri for name, iri in vars(cls).items() if not name.startswith("_"))

    def __len__(cls) -> int:
        return sum(1 for _ in cls)

    def __contains__(cls, iri: object) -> bool:
        return any(iri == term for term in cls)


class DXO(metaclass=_Closed):
    """The terms of ontology/dxlod.ttl."""

    # Classes: the plan and its parts
    Plan: Final = _NS + "Plan"
    PlanEdition: Final = _NS + "PlanEdition"
    PlanElement: Final = _NS + "PlanElement"
    Policy: Final = _NS + "Policy"
    PolicyMeasure: Final = _NS + "PolicyMeasure"
    Initiative: Final = _NS + "Initiative"
    Action: Final = _NS + "Action"
    SchedulePhase: Final = _NS + "SchedulePhase"
    Indicator: Final = _NS + "Indicator"
    IndicatorValue: Final = _NS + "IndicatorValue"
    AdministrativeTask: Final = _NS + "AdministrativeTask"
    InformationSystem: Final = _NS + "InformationSystem"
    StatisticalTable: Final = _NS + "StatisticalTable"
    GlossaryTerm: Final = _NS + "GlossaryTerm"
    Citation: Final = _NS + "Citation"
    CitedWork: Final = _NS + "CitedWork"

    # Classes: years, bodies, laws
    FiscalYear: Final = _NS + "FiscalYear"
    Municipality: Final = _NS + "Municipality"
    LegalProvision: Final = _NS + "LegalProvision"

    # Classes: where it was read
    SourceDocument: Final = _NS + "SourceDocument"
    SourceFragment: Final = _NS + "SourceFragment"
    Correction: Final = _NS + "Correction"
    LGCode: Final = _NS + "LGCode"

    # Structure of a plan
    edition: Final = _NS + "edition"
    hasPart: Final = _NS + "hasPart"
    hasPolicy: Final = _NS + "hasPolicy"
    hasInitiative: Final = _NS + "hasInitiative"
    hasAction: Final = _NS + "hasAction"
    hasPhase: Final = _NS + "hasPhase"
    hasIndicator: Final = _NS + "hasIndicator"
    hasTask: Final = _NS + "hasTask"
    hasSystem: Final = _NS + "hasSystem"
    hasGlossaryTerm: Final = _NS + "hasGlossaryTerm"
    hasTable: Final = _NS + "hasTable"
    inEdition: Final = _NS + "inEdition"
    printedNumber: Final = _NS + "printedNumber"
    order: Final = _NS + "order"
    category: Final = _NS + "category"
    planStatus: Final = _NS + "planStatus"
    isNew: Final = _NS + "isNew"
    issue: Final = _NS + "issue"
    goalText: Final = _NS + "goalText"

    # Lists and sheets that speak of the same initiative
    sheetMarked: Final = _NS + "sheetMarked"
    hasSheet: Final = _NS + "hasSheet"
    sheetTitle: Final = _NS + "sheetTitle"
    sheetMeasure: Final = _NS + "sheetMeasure"

    # Years
    startFiscalYear: Final = _NS + "startFiscalYear"
    endFiscalYear: Final = _NS + "endFiscalYear"
    sheetStartFiscalYear: Final = _NS + "sheetStartFiscalYear"
    sheetEndFiscalYear: Final = _NS + "sheetEndFiscalYear"
    fiscalYear: Final = _NS + "fiscalYear"
    startYear: Final = _NS + "startYear"
    phase: Final = _NS + "phase"

    # Indicators and their values
    indicatorValue: Final = _NS + "indicatorValue"
    baseline: Final = _NS + "baseline"
    target: Final = _NS + "target"
    actual: Final = _NS + "actual"
    indicator: Final = _NS + "indicator"
    valueKind: Final = _NS + "valueKind"
    valueStatus: Final = _NS + "valueStatus"
    bound: Final = _NS + "bound"
    value: Final = _NS + "value"
    valueText: Final = _NS + "valueText"
    unit: Final = _NS + "unit"
    unitLabel: Final = _NS + "unitLabel"
    calculation: Final = _NS + "calculation"
    desiredDirection: Final = _NS + "desiredDirection"
    directionInferred: Final = _NS + "directionInferred"
    accumulation: Final = _NS + "accumulation"
    indicatorLevel: Final = _NS + "indicatorLevel"

    # Tables of figures
    tableRow: Final = _NS + "tableRow"
    tableColumn: Final = _NS + "tableColumn"
    rowLabel: Final = _NS + "rowLabel"
    columnLabel: Final = _NS + "columnLabel"

    # Bodies and units
    responsibleUnit: Final = _NS + "responsibleUnit"
    leadUnit: Final = _NS + "leadUnit"
    organizationKind: Final = _NS + "organizationKind"
    nameSeenIn: Final = _NS + "nameSeenIn"
    localGovernmentCode: Final = _NS + "localGovernmentCode"
    corporateNumber: Final = _NS + "corporateNumber"
    corporateNumberCertainty: Final = _NS + "corporateNumberCertainty"
    standardArea: Final = _NS + "standardArea"

    # Laws, tasks, systems, works
    legalBasis: Final = _NS + "legalBasis"
    lawId: Final = _NS + "lawId"
    lawIdCertainty: Final = _NS + "lawIdCertainty"
    citedAsOf: Final = _NS + "citedAsOf"
    cites: Final = _NS + "cites"
    upperPlan: Final = _NS + "upperPlan"
    citingElement: Final = _NS + "citingElement"
    citedResource: Final = _NS + "citedResource"
    citationText: Final = _NS + "citationText"
    workKind: Final = _NS + "workKind"
    supportsTask: Final = _NS + "supportsTask"
    usesSystem: Final = _NS + "usesSystem"

    # Subjects
    topic: Final = _NS + "topic"
    sdg: Final = _NS + "sdg"

    # Names
    reading: Final = _NS + "reading"
    englishLabelStatus: Final = _NS + "englishLabelStatus"

    # Absence, source and correction
    statedNone: Final = _NS + "statedNone"
    unknown: Final = _NS + "unknown"
    sourceFragment: Final = _NS + "sourceFragment"
    startLine: Final = _NS + "startLine"
    endLine: Final = _NS + "endLine"
    sha256: Final = _NS + "sha256"
    lineCount: Final = _NS + "lineCount"
    hasCorrection: Final = _NS + "hasCorrection"
    asPrinted: Final = _NS + "asPrinted"
    asRead: Final = _NS + "asRead"
    alternativeReading: Final = _NS + "alternativeReading"
    reason: Final = _NS + "reason"
    correctionMethod: Final = _NS + "correctionMethod"


class ValueKind(metaclass=_Closed):
    """Codes of id/code/value-kind."""

    baseline: Final = _CODE + "value-kind/baseline"
    target: Final = _CODE + "value-kind/target"
    actual: Final = _CODE + "value-kind/actual"


class ValueStatus(metaclass=_Closed):
    """Codes of id/code/value-status."""

    number: Final = _CODE + "value-status/number"
    increase: Final = _CODE + "value-status/increase"
    decrease: Final = _CODE + "value-status/decrease"
    maintain: Final = _CODE + "value-status/maintain"
    text: Final = _CODE + "value-status/text"
    none: Final = _CODE + "value-status/none"
    unknown: Final = _CODE + "value-status/unknown"


class Direction(metaclass=_Closed):
    """Codes of id/code/direction."""

    increase: Final = _CODE + "direction/increase"
    decrease: Final = _CODE + "direction/decrease"
    maintain: Final = _CODE + "direction/maintain"


class Bound(metaclass=_Closed):
    """Codes of id/code/bound."""

    at_least: Final = _CODE + "bound/at-least"
    at_most: Final = _CODE + "bound/at-most"


class Accumulation(metaclass=_Closed):
    """Codes of id/code/accumulation."""

    cumulative: Final = _CODE + "accumulation/cumulative"
    annual: Final = _CODE + "accumulation/annual"
    point_in_time: Final = _CODE + "accumulation/point-in-time"


class Phase(metaclass=_Closed):
    """Codes of id/code/phase."""

    consider: Final = _CODE + "phase/consider"
    prepare: Final = _CODE + "phase/prepare"
    trial: Final = _CODE + "phase/trial"
    implement: Final = _CODE + "phase/implement"
    expand: Final = _CODE + "phase/expand"
    other: Final = _CODE + "phase/other"


class PlanStatus(metaclass=_Closed):
    """Codes of id/code/plan-status."""

    adopted: Final = _CODE + "plan-status/adopted"
    draft: Final = _CODE + "plan-status/draft"
    preliminary_draft: Final = _CODE + "plan-status/preliminary-draft"
    unknown: Final = _CODE + "plan-status/unknown"


class OrganizationKind(metaclass=_Closed):
    """Codes of id/code/organization-kind."""

    bureau: Final = _CODE + "organization-kind/bureau"
    department: Final = _CODE + "organization-kind/department"
    section: Final = _CODE + "organization-kind/section"
    office: Final = _CODE + "organization-kind/office"
    center: Final = _CODE + "organization-kind/center"
    committee: Final = _CODE + "organization-kind/committee"
    public_enterprise: Final = _CODE + "organization-kind/public-enterprise"
    school: Final = _CODE + "organization-kind/school"
    collective: Final = _CODE + "organization-kind/collective"
    other: Final = _CODE + "organization-kind/other"


class CorrectionMethod(metaclass=_Closed):
    """Codes of id/code/correction-method."""

    reviewed: Final = _CODE + "correction-method/reviewed"
    rule: Final = _CODE + "correction-method/rule"


class WorkKind(metaclass=_Closed):
    """Codes of id/code/work-kind."""

    law: Final = _CODE + "work-kind/law"
    ordinance: Final = _CODE + "work-kind/ordinance"
    plan: Final = _CODE + "work-kind/plan"
    strategy: Final = _CODE + "work-kind/strategy"
    policy: Final = _CODE + "work-kind/policy"
    guideline: Final = _CODE + "work-kind/guideline"
    other: Final = _CODE + "work-kind/other"


class TranslationStatus(metaclass=_Closed):
    """Codes of id/code/translation-status."""

    unofficial: Final = _CODE + "translation-status/unofficial"
    official: Final = _CODE + "translation-status/official"


class Topic(metaclass=_Closed):
    """Stable topics of id/topic, the only targets of dxo:topic."""

    governance: Final = _TOPIC + "/governance"
    priority: Final = _TOPIC + "/priority"
    alongside: Final = _TOPIC + "/alongside"
    as_needed: Final = _TOPIC + "/as-needed"
    organization: Final = _TOPIC + "/organization"
    talent: Final = _TOPIC + "/talent"
    planning: Final = _TOPIC + "/planning"
    prefecture_cooperation: Final = _TOPIC + "/prefecture-cooperation"
    frontyard: Final = _TOPIC + "/frontyard"
    standardization: Final = _TOPIC + "/standardization"
    public_payment: Final = _TOPIC + "/public-payment"
    mynumber_card: Final = _TOPIC + "/mynumber-card"
    security: Final = _TOPIC + "/security"
    ai_rpa: Final = _TOPIC + "/ai-rpa"
    telework: Final = _TOPIC + "/telework"
    digital_implementation: Final = _TOPIC + "/digital-implementation"
    digital_divide: Final = _TOPIC + "/digital-divide"
    regulation_review: Final = _TOPIC + "/regulation-review"
    bpr: Final = _TOPIC + "/bpr"
    open_data: Final = _TOPIC + "/open-data"


class Unit(metaclass=_Closed):
    """Units of ontology/units.ttl: those minted here, then those of QUDT."""

    case: Final = _UNIT + "case"
    occurrence: Final = _UNIT + "occurrence"
    person: Final = _UNIT + "person"
    squad: Final = _UNIT + "squad"
    kind: Final = _UNIT + "kind"
    counter: Final = _UNIT + "counter"
    section: Final = _UNIT + "section"
    site: Final = _UNIT + "site"
    operation: Final = _UNIT + "operation"
    service: Final = _UNIT + "service"
    neighborhood_association: Final = _UNIT + "neighborhood-association"
    dataset: Final = _UNIT + "dataset"
    place: Final = _UNIT + "place"
    item: Final = _UNIT + "item"
    procedure: Final = _UNIT + "procedure"
    device: Final = _UNIT + "device"
    thousand_persons: Final = _UNIT + "thousand-persons"
    case_per_week: Final = _UNIT + "case-per-week"
    case_per_month: Final = _UNIT + "case-per-month"
    thousand_yen: Final = _UNIT + "thousand-yen"
    hundred_million_yen: Final = _UNIT + "hundred-million-yen"
    percent: Final = _QUDT + "PERCENT"
    minute: Final = _QUDT + "MIN"
    hour: Final = _QUDT + "HR"
    yen: Final = _QUDT + "CCY_JPY"


def scheme(kind: str) -> str:
    """IRI of the code list ``kind``, such as ``value-kind``."""
    return _CODE + kind


def fiscal_year(year: int) -> str:
    """IRI of the Japanese fiscal year that starts on 1 April of ``year``."""
    return f"{_FISCAL_YEAR}{year}"
