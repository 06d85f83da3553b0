"""A handful of things as N-Quads, written as short rows: what the tests of index, reader and search read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

BASE = "https://w3id.org/dxlod/id/"
_PREFIXES = {
    "dxo:": "https://w3id.org/dxlod/ns#",
    "id:": BASE,
    "graph:": "https://w3id.org/dxlod/graph/",
    "rdf:": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs:": "http://www.w3.org/2000/01/rdf-schema#",
    "skos:": "http://www.w3.org/2004/02/skos/core#",
    "dcterms:": "http://purl.org/dc/terms/",
    "org:": "http://www.w3.org/ns/org#",
    "oa:": "http://www.w3.org/ns/oa#",
    "eli:": "http://data.europa.eu/eli/ontology#",
    "prov:": "http://www.w3.org/ns/prov#",
    "dcat:": "http://www.w3.org/ns/dcat#",
    "xsd:": "http://www.w3.org/2001/XMLSchema#",
}

GIFU = """
id:lg/212016 a dxo:Municipality | rdfs:label "岐阜市"@ja | rdfs:label "Gifu City"@en
id:lg/212016/unit/1 a org:OrganizationalUnit | rdfs:label "行政部"@ja | org:unitOf id:lg/212016
id:lg/212016/unit/2 a org:OrganizationalUnit | rdfs:label "デジタル戦略課"@ja | org:subOrganizationOf id:lg/212016/unit/1
id:topic/frontyard a skos:Concept | skos:prefLabel "フロントヤード改革"@ja | skos:prefLabel "Front-yard reform"@en
id:fy/2025 a dxo:FiscalYear | rdfs:label "令和7年度"@ja | rdfs:label "FY2025"@en
id:fy/2026 a dxo:FiscalYear | rdfs:label "令和8年度"@ja | rdfs:label "FY2026"@en
id:code/value-kind/target a skos:Concept | skos:prefLabel "目標値"@ja | skos:prefLabel "target"@en
id:code/phase/trial a skos:Concept | skos:prefLabel "試行"@ja | skos:prefLabel "trial"@en
id:code/plan-status/draft a skos:Concept | skos:prefLabel "案"@ja
id:plan/212016/dx a dxo:Plan | rdfs:label "岐阜市DX計画"@ja | dxo:edition id:plan/212016/dx/2025
id:plan/212016/dx/2025 a dxo:PlanEdition | rdfs:label "岐阜市DX計画2025"@ja | rdfs:label "Gifu DX Plan 2025"@en
id:plan/212016/dx/2025 dcterms:publisher id:lg/212016 | dxo:planStatus id:code/plan-status/draft
id:plan/212016/dx/2025 prov:wasDerivedFrom id:doc/abc | dxo:hasPolicy id:plan/212016/dx/2025/policy/1
id:plan/212016/dx/2025/policy/1 a dxo:Policy | rdfs:label "窓口"@ja | dxo:hasInitiative id:plan/212016/dx/2025/initiative/1
id:plan/212016/dx/2025/policy/1 dxo:inEdition id:plan/212016/dx/2025 | dxo:hasInitiative id:plan/212016/dx/2025/initiative/2
id:plan/212016/dx/2025/policy/1 dxo:hasInitiative id:plan/212016/dx/2025/initiative/10
id:plan/212016/dx/2025/initiative/1 a dxo:Initiative | rdfs:label "オンライン申請の拡大"@ja | dxo:isNew "true"^^xsd:boolean
id:plan/212016/dx/2025/initiative/1 rdfs:label "Expanding online applications"@en | dxo:inEdition id:plan/212016/dx/2025
id:plan/212016/dx/2025/initiative/1 dxo:topic id:topic/frontyard | dxo:responsibleUnit id:lg/212016/unit/2
id:plan/212016/dx/2025/initiative/1 dxo:startFiscalYear id:fy/2025 | dxo:endFiscalYear id:fy/2026
id:plan/212016/dx/2025/initiative/1 dxo:hasPhase id:plan/212016/dx/2025/phase/1 | dxo:printedNumber "1"
id:plan/212016/dx/2025/initiative/1 dxo:hasIndicator id:plan/212016/dx/2025/kpi/1 | dxo:sourceFragment id:doc/abc/L3-4
id:plan/212016/dx/2025/initiative/2 a dxo:Initiative | rdfs:label "オンライン申請"@ja | rdfs:label "Online application"@en
id:plan/212016/dx/2025/initiative/2 dxo:inEdition id:plan/212016/dx/2025 | dxo:order "2"^^xsd:integer
id:plan/212016/dx/2025/initiative/10 a dxo:Initiative | rdfs:label "市税のＡＩ活用"@ja | rdfs:label "AI for city tax"@en
id:plan/212016/dx/2025/initiative/10 dxo:inEdition id:plan/212016/dx/2025
id:plan/212016/dx/2025/phase/1 a dxo:SchedulePhase | rdfs:label "試行"@ja | dxo:phase id:code/phase/trial
id:plan/212016/dx/2025/phase/1 dxo:inEdition id:plan/212016/dx/2025 | dxo:fiscalYear id:fy/2025
id:plan/212016/dx/2025/kpi/1 a dxo:Indicator | rdfs:label "申請率"@ja | dxo:inEdition id:plan/212016/dx/2025
id:plan/212016/dx/2025/kpi/1 dxo:target id:plan/212016/dx/2025/kpi/1/target/FY2026 | dxo:unitLabel "％"@ja
id:plan/212016/dx/2025/kpi/1/target/FY2026 a dxo:IndicatorValue | dxo:indicator id:plan/212016/dx/2025/kpi/1
id:plan/212016/dx/2025/kpi/1/target/FY2026 dxo:valueKind id:code/value-kind/target | dxo:fiscalYear id:fy/2026
id:plan/212016/dx/2025/kpi/1/target/FY2026 dxo:valueText "60%以上"@ja | dxo:sourceFragment id:doc/abc/L9-9
id:doc/abc a dxo:SourceDocument | rdfs:label "岐阜市DX計画"@ja | dcterms:publisher id:lg/212016
id:doc/abc/L3-4 a dxo:SourceFragment | oa:hasSource id:doc/abc | oa:hasSelector id:doc/abc/L3-4/selector
id:doc/abc/L3-4 dxo:startLine "3"^^xsd:integer | dxo:endLine "4"^^xsd:integer
id:doc/abc/L3-4/selector a oa:FragmentSelector | rdf:value "line=2,4"
id:doc/abc/L9-9 a dxo:SourceFragment | oa:hasSource id:doc/abc | dxo:startLine "9"^^xsd:integer
id:plan/212016/dx/2025/correction/1 a dxo:Correction | dxo:asPrinted "ォンライン" | dxo:asRead "オンライン"
id:plan/212016/dx/2025/correction/1 dxo:inEdition id:plan/212016/dx/2025 | dxo:reason "小さい「ォ」の誤読"@ja
id:law/425 a eli:LegalResource | rdfs:label "番号法"@ja | rdfs:label "My Number Act"@en
"""

MINO = """
id:lg/212075 a dxo:Municipality | rdfs:label "美濃市"@ja | rdfs:label "Mino City"@en
id:plan/212075/dx/2024 a dxo:PlanEdition | rdfs:label "美濃市DX推進計画"@ja | dcterms:publisher id:lg/212075
id:plan/212075/dx/2024/initiative/1 a dxo:Initiative | rdfs:label "窓口のオンライン申請化"@ja | dxo:topic id:topic/frontyard
id:plan/212075/dx/2024/initiative/1 dxo:inEdition id:plan/212075/dx/2024
"""


def nquads(rows: str, graph: str) -> str:
    """Rows `subject predicate object | predicate object …` as N-Quads lines of one graph."""
    return "".join(f"{' '.join(quad)} .\n" for quad in sorted(_quads(rows, graph)))


def corpus() -> str:
    """All of it, each plan in a graph of its own."""
    return nquads(GIFU, "graph:plan/212016/dx/2025") + nquads(MINO, "graph:plan/212075/dx/2024")


def write(path: Path, text: str) -> Path:
    """A text as a file."""
    path.write_text(text, encoding="utf-8")
    return path


def iri(short: str) -> str:
    """`id:x` or `dxo:x` as an IRI."""
    prefix, _, rest = short.partition(":")
    return _PREFIXES[f"{prefix}:"] + rest


def _quads(rows: str, graph: str) -> Iterator[tuple[str, str, str, str]]:
    for row in filter(None, map(str.strip, rows.splitlines())):
        subject, _, rest = row.partition(" ")
        for pair in rest.split(" | "):
            predicate, _, value = pair.partition(" ")
            yield (
                _term(subject),
                _term("rdf:type" if predicate == "a" else predicate),
                _term(value),
                _term(graph),
            )


def _term(short: str) -> str:
    if not short.startswith('"'):
        return f"<{iri(short)}>"
    text, mark, datatype = short.rpartition("^^")
    return f"{text}^^<{iri(datatype)}>" if mark else short


def names(found: Iterable[str]) -> list[str]:
    """IRIs as what follows the base."""
    return [one.removeprefix(BASE) for one in found]
