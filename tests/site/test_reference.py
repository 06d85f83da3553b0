"""The generated pages of shapes and terms say what they were given."""

from __future__ import annotations

from pathlib import Path

from dxlod.namespaces import DXO
from dxlod.release.shapelist import Constraint, NodeShape
from dxlod.release.terms import RDF_TYPE, Triple
from dxlod.site.reference import Cases, read_cases, shapes_markdown, terms_markdown
from dxlod.site.vocabulary import Metadata, Term, Vocabulary

PLANS, OURS = "https://w3id.org/dxlod/shapes#", "https://w3id.org/dxlod/shapes/ontology#"


def constraint(iri: str, severity: str = "Violation") -> Constraint:
    return Constraint(iri, severity, "dxo:a|dxo:b", (DXO.topic,), "名", "name", "日", "E")


PLAN = NodeShape(f"{PLANS}Plan", "plan.ttl", (DXO.Plan,), (), (constraint(f"{PLANS}PlanNamed"),))
LABEL = NodeShape(f"{PLANS}Label", "plan.ttl", (), (DXO.topic,), (constraint(f"{PLANS}LabelEn", "Warning"),))
TERM = NodeShape(f"{OURS}Term", "ontology.ttl", (), (), (constraint(f"{OURS}LabelEn"),))
OTHER = NodeShape(f"{OURS}Other", "ontology.ttl", (), (), (constraint(f"{OURS}Else"),))


def write(folder: Path, name: str, *lines: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_cases_count_for_their_shape_and_faults_for_their_constraint(tmp_path: Path) -> None:
    plans, ontology = tmp_path / "plans", tmp_path / "ontology"
    write(plans, "Plan/valid.ttl", "")
    write(plans, "Plan/valid.other.ttl", "")
    write(plans, "Plan/invalid.no-name.ttl", "# expects Violation MinCount PlanNamed <urn:a>")
    write(
        plans,
        "Label/invalid.x.ttl",
        "# expects Warning MinCount LabelEn <urn:a>",
        "# expects Warning MinCount LabelEn <b>",
    )
    write(ontology, "valid.all.ttl", "")
    write(ontology, "invalid.y.ttl", "# expects LabelEn https://e.example/1")
    cases = read_cases(plans, ontology, (PLAN, LABEL, TERM, OTHER))
    assert cases.valid == {PLAN.shape: 2, TERM.shape: 1, OTHER.shape: 1}
    assert cases.invalid == {PLAN.shape: 1, LABEL.shape: 1, TERM.shape: 1}
    assert cases.faults == {f"{PLANS}PlanNamed": 1, f"{PLANS}LabelEn": 1, f"{OURS}LabelEn": 1}


def test_the_page_of_shapes() -> None:
    triples = [Triple(f"<urn:{n}>", RDF_TYPE, f"<{DXO.Plan}>") for n in range(3)]
    cases = Cases({PLAN.shape: 2}, {PLAN.shape: 5}, {f"{PLANS}PlanNamed": 4})
    page = shapes_markdown((PLAN, LABEL), triples, cases)
    assert "| `Plan` | plan.ttl | `dxo:Plan` | 1 | 0 | 3 | 2 | 5 |" in page
    assert "| `Label` | plan.ttl | `dxo:topic …` | 0 | 1 | 0 | 0 | 0 |" in page
    assert "| `PlanNamed` | Violation | `dxo:a\\|dxo:b` | 日 | E | 4 |" in page
    assert "| `LabelEn` | Warning | `dxo:a\\|dxo:b` | 日 | E | 0 |" in page


def test_the_page_of_terms() -> None:
    plan = Term(DXO.Plan, "class", {"ja": "計画", "en": "plan"}, {"ja": "定義", "en": "A plan."}, uses=3)
    topic = Term(DXO.topic, "object", {"ja": "分野", "en": "topic"}, {"ja": "定", "en": "T | t."}, uses=9)
    places = {DXO.Plan: ("plan",), DXO.topic: (*(f"t{n}.topics" for n in range(5)), "a.b")}
    page = terms_markdown(Vocabulary(Metadata({}, {}), (plan, topic)), (PLAN, LABEL), places)
    assert "| `Plan` | 計画<br>plan | 定義<br>A plan. | 3 | `Plan` | `plan` |" in page
    columns = "`topics` (5 表 / tables), `a.b`"
    assert f"| `topic` | 分野<br>topic | 定<br>T \\| t. | 9 | `LabelEn`, `PlanNamed` | {columns} |" in page
    assert page.index("## クラス / Classes (1)") < page.index("## プロパティ / Properties (1)")
