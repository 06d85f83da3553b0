"""The kinds of things that people look for, in the order in which a list without a question shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.iris import DCAT, ELI, ORG, OWL, QB, SH, SKOS

__all__ = ["KINDS", "Kind", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """A kind: its name in addresses, names for people, weight (0 = found first), IRIs of its classes."""

    name: str
    ja: str
    en: str
    weight: int
    classes: tuple[str, ...]

    def label(self, lang: str) -> str:
        """Its name in Japanese or English."""
        return self.en if lang == "en" else self.ja


KINDS: tuple[Kind, ...] = (
    Kind("plan", "計画", "plan", 0, (DXO.PlanEdition,)),
    Kind("policy", "基本方針・施策", "policy", 0, (DXO.Policy,)),
    Kind("measure", "取組事項", "policy measure", 0, (DXO.PolicyMeasure,)),
    Kind("initiative", "取組", "initiative", 0, (DXO.Initiative,)),
    Kind("kpi", "指標（KPI）", "indicator (KPI)", 0, (DXO.Indicator,)),
    Kind("topic", "分野", "topic", 0, ()),
    Kind("city", "地方公共団体", "municipality", 0, (DXO.Municipality,)),
    Kind(
        "department",
        "部署",
        "department",
        0,
        (f"{ORG}OrganizationalUnit", f"{ORG}OrganizationalCollaboration"),
    ),
    Kind("law", "法令・条例", "law or ordinance", 0, (f"{ELI}LegalResource",)),
    Kind("task", "事務", "administrative task", 0, (DXO.AdministrativeTask,)),
    Kind("system", "情報システム", "information system", 0, (DXO.InformationSystem,)),
    Kind("action", "個別の行動", "action", 1, (DXO.Action,)),
    Kind("term", "用語", "glossary term", 1, (DXO.GlossaryTerm,)),
    Kind("work", "引用された文書", "cited work", 1, (DXO.CitedWork,)),
    Kind("provision", "法令の条項", "legal provision", 1, (DXO.LegalProvision,)),
    Kind("series", "計画の系列", "plan series", 1, (DXO.Plan,)),
    Kind("table", "統計表", "statistical table", 1, (DXO.StatisticalTable,)),
    Kind("dataset", "データセット", "dataset", 1, (f"{DCAT}Dataset", f"{DCAT}DatasetSeries", f"{QB}DataSet")),
    Kind("query", "問い合わせの例", "example query", 1, (f"{SH}SPARQLExecutable",)),
    Kind("document", "原文の文書", "source document", 1, (DXO.SourceDocument,)),
    Kind(
        "vocabulary",
        "語彙",
        "vocabulary",
        2,
        (f"{OWL}Class", f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty", f"{OWL}AnnotationProperty"),
    ),
    Kind("code", "符号", "code", 2, (f"{SKOS}Concept", DXO.FiscalYear)),
    Kind("citation", "引用", "citation", 3, (DXO.Citation,)),
    Kind("correction", "読み取りの訂正", "correction", 3, (DXO.Correction,)),
)
"""Fragments, values and phases are no kind: they are found with what they belong to."""


def kind_of(classes: Iterable[str], iri: str) -> Kind | None:
    """The kind of a thing of these classes, the first of several; None when nobody looks for such things."""
    found = set(classes)
    if f"{SKOS}Concept" in found and "/id/topic/" in iri:
        return next(kind for kind in KINDS if kind.name == "topic")
    return next((kind for kind in KINDS if found.intersection(kind.classes)), None)
