"""The ontology, its code lists, its shapes and its closed namespaces: well formed and complete."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pyoxigraph
import pytest
from pyshacl import validate
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL, QB, SH, SKOS
from rdflib.term import BNode, Node

from dxlod import namespaces
from dxlod.namespaces import DXO

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent / "ontology"
FILES = sorted((ROOT / "ontology").glob("*.ttl"))
FAULTS = sorted((HERE / "shapes").glob("invalid.*.ttl"))

NS = "https://w3id.org/dxlod/ns#"
ID = "https://w3id.org/dxlod/id/"
SHAPE = Namespace("https://w3id.org/dxlod/shapes/ontology#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
QUDT = Namespace("http://qudt.org/schema/qudt/")
TIME = Namespace("http://www.w3.org/2006/time#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
TERM_TYPES = (OWL.Class, RDFS.Datatype, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)

Triple = tuple[Node, Node, Node]


def read(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def union_of_graphs(path: Path) -> Graph:
    """The triples of every named graph of a TriG file, as one graph."""
    triples = (quad.triple for quad in pyoxigraph.parse(path=str(path)))
    return Graph().parse(pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES), format="nt")


def ontology(name: str) -> Graph:
    return read(ROOT / "ontology" / f"{name}.ttl")


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return ontology("dxlod")


@pytest.fixture(scope="module")
def everything() -> Graph:
    return read(*(path for path in FILES if path.stem != "alignments"))


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return read(ROOT / "shapes" / "ontology.ttl")


@pytest.fixture(scope="module")
def example() -> Graph:
    return union_of_graphs(HERE / "example.trig")


def declared(graph: Graph) -> set[str]:
    return {str(s) for kind in TERM_TYPES for s in graph.subjects(RDF.type, kind)}


def ours(graph: Graph) -> set[str]:
    """Every IRI in the namespace of the ontology that a graph uses anywhere."""
    return {str(n) for n in chain.from_iterable(graph) if isinstance(n, URIRef) and n.startswith(NS)}


# ---- the files ----


def test_the_folder_holds_the_files_that_are_documented() -> None:
    names = {path.stem for path in FILES}
    assert names == {"alignments", "codes", "dxlod", "structures", "topics", "units", "years"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_parsers_read_the_same_triples_without_blank_nodes(path: Path) -> None:
    graph = read(path)
    quads = {str(quad.triple) for quad in pyoxigraph.parse(path=str(path))}
    again = {
        str(quad.triple)
        for quad in pyoxigraph.parse(graph.serialize(format="nt"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    }
    assert quads == again
    assert quads
    assert not [node for node in chain.from_iterable(graph) if isinstance(node, BNode)]


def test_every_term_that_any_file_uses_is_declared(vocabulary: Graph, everything: Graph) -> None:
    alignments = ontology("alignments")
    assert ours(everything) | ours(alignments) <= declared(vocabulary)


def test_the_example_uses_exactly_the_declared_terms(vocabulary: Graph, example: Graph) -> None:
    abstract = {NS + "PlanElement"}
    datatypes = {str(n.datatype) for n in example.objects() if isinstance(n, Literal) and n.datatype}
    used = ours(example) | {iri for iri in datatypes if iri.startswith(NS)}
    assert used | abstract | {NS + "FiscalYear", NS + "startYear"} == declared(vocabulary)


def test_only_the_alignments_map_our_terms_to_others(vocabulary: Graph) -> None:
    alignments = ontology("alignments")
    assert set(alignments.predicates()) == {SKOS.closeMatch}
    known = declared(vocabulary) | {str(s) for s in ontology("units").subjects(RDF.type, QUDT.Unit)}
    assert {str(s) for s in alignments.subjects()} <= known
    assert not [t for t in vocabulary if t[1] in (*MAPPINGS, OWL.equivalentClass, OWL.sameAs)]


# ---- shapes ----


def results(data: Graph, shapes: Graph) -> set[tuple[str, str]]:
    """(shape, focus node) of each result, as text."""
    _, report, _ = validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    rows = [
        (report.value(r, SH.sourceShape), report.value(r, SH.focusNode))
        for r in report.objects(None, SH.result)
    ]
    return {(str(shape).removeprefix(SHAPE), str(focus)) for shape, focus in rows}


def expected(path: Path) -> set[tuple[str, str]]:
    found = re.findall(r"^# expects (\S+) (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{path.name} does not say which result it expects"
    return {(shape, focus) for shape, focus in found}


def test_the_ontology_satisfies_its_shapes(everything: Graph, shapes: Graph) -> None:
    conforms, _, text = validate(everything, shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_a_valid_ontology_passes(shapes: Graph) -> None:
    assert results(read(HERE / "shapes" / "valid.all.ttl"), shapes) == set()


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem.removeprefix("invalid."))
def test_a_seeded_fault_is_found_and_nothing_else(path: Path, shapes: Graph) -> None:
    assert results(read(path), shapes) == expected(path)


def test_every_shape_with_a_message_has_a_seeded_fault(shapes: Graph) -> None:
    reporting = {str(s).removeprefix(SHAPE) for s in shapes.subjects(SH.message)}
    # It stands inside sh:or, whose own shape reports.
    reporting.remove("MappedToDefined")
    assert reporting == {shape for path in FAULTS for shape, _ in expected(path)}


def test_every_shape_states_its_severity_and_both_languages(shapes: Graph) -> None:
    for shape in set(shapes.subjects(SH.message)):
        assert shapes.value(shape, SH.severity) in (SH.Violation, SH.Warning)
        assert sorted(
            str(m.language) for m in shapes.objects(shape, SH.message) if isinstance(m, Literal)
        ) == ["en", "ja"]


def test_every_target_class_occurs_in_the_ontology(everything: Graph, shapes: Graph) -> None:
    targets = set(shapes.objects(None, SH.targetClass))
    assert targets == {t for t in targets if (None, RDF.type, t) in everything}


# ---- namespaces ----


CODE_CLASSES = {
    "accumulation": namespaces.Accumulation,
    "bound": namespaces.Bound,
    "correction-method": namespaces.CorrectionMethod,
    "direction": namespaces.Direction,
    "organization-kind": namespaces.OrganizationKind,
    "phase": namespaces.Phase,
    "plan-status": namespaces.PlanStatus,
    "translation-status": namespaces.TranslationStatus,
    "value-kind": namespaces.ValueKind,
    "value-status": namespaces.ValueStatus,
    "work-kind": namespaces.WorkKind,
}


def attributes(namespace: Iterable[str]) -> dict[str, str]:
    return {name: iri for name, iri in vars(namespace).items() if not name.startswith("_")}


def test_the_namespace_equals_the_ontology(vocabulary: Graph) -> None:
    assert set(DXO) == declared(vocabulary)
    assert attributes(DXO) == {iri.removeprefix(NS): iri for iri in DXO}


def test_the_code_classes_equal_the_code_lists() -> None:
    codes = ontology("codes")
    schemes = {str(s) for s in codes.subjects(RDF.type, SKOS.ConceptScheme)}
    assert schemes == {namespaces.scheme(kind) for kind in CODE_CLASSES}
    for kind, namespace in CODE_CLASSES.items():
        concepts = {str(c) for c in codes.subjects(SKOS.inScheme, URIRef(namespaces.scheme(kind)))}
        assert set(namespace) == concepts
        expected_names = {iri.rsplit("/", 1)[1].replace("-", "_"): iri for iri in concepts}
        assert attributes(namespace) == expected_names


def test_the_topics_and_units_equal_their_files() -> None:
    topics = ontology("topics")
    assert set(namespaces.Topic) == {str(c) for c in topics.subjects(SKOS.inScheme, URIRef(ID + "topic"))}
    assert attributes(namespaces.Topic) == {
        iri.rsplit("/", 1)[1].replace("-", "_"): iri for iri in namespaces.Topic
    }
    assert set(namespaces.Unit) == {str(u) for u in ontology("units").subjects(RDF.type, QUDT.Unit)}


def test_a_misspelt_term_raises() -> None:
    with pytest.raises(AttributeError):
        getattr(DXO, "Iniative")  # noqa: B009 -- the type checker would refuse the plain spelling


def test_a_namespace_cannot_be_changed_or_instantiated() -> None:
    with pytest.raises(AttributeError):
        setattr(DXO, "Plan", "x")  # noqa: B010
    with pytest.raises(AttributeError):
        setattr(DXO, "Budget", "x")  # noqa: B010
    with pytest.raises(AttributeError):
        delattr(DXO, "Plan")
    with pytest.raises(TypeError):
        DXO()
    assert DXO.Plan == NS + "Plan"


def test_membership_and_length_agree_with_iteration() -> None:
    assert DXO.Plan in DXO
    assert NS + "Budget" not in DXO
    assert len(DXO) == len(list(DXO))
    assert set(namespaces.__all__) == {name for name in vars(namespaces) if not name.startswith("_")} - {
        "annotations",
        "Final",
        "Iterator",
        "NoReturn",
    }


# ---- who uses the terms ----


def names_in(*paths: Path) -> set[str]:
    """Every ``dxo:`` name and every IRI of the namespace that files of text write, as full IRIs."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    found = re.findall(r"\bdxo:([A-Za-z]\w*)|https://w3id\.org/dxlod/ns#([A-Za-z]\w*)", text)
    return {NS + (name or local) for name, local in found}


def users() -> list[Path]:
    mappings = sorted((ROOT / "mappings").glob("*.ttl"))
    shapes = sorted((ROOT / "shapes").rglob("*.ttl")) + sorted((ROOT / "shapes").rglob("*.rq"))
    return [*mappings, *shapes, ROOT / "dxlod" / "table" / "contract.toml"]


def test_mappings_shapes_and_tables_use_declared_terms(vocabulary: Graph) -> None:
    paths = users()
    assert names_in(*paths) - declared(vocabulary) == set()
    assert NS + "Initiative" in names_in(*paths)
    assert len(paths) > 40


def test_every_code_that_a_mapping_writes_is_of_a_list() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "mappings").glob("*.ttl"))
    codes = ontology("codes")
    schemes = {str(s) for s in codes.subjects(RDF.type, SKOS.ConceptScheme)}
    templates = set(re.findall(rf"{ID}code/([a-z-]+)/\{{", text))
    constants = set(re.findall(rf"<({ID}code/[^>]+)>", text))
    assert {namespaces.scheme(name) for name in templates} <= schemes
    assert constants <= {str(c) for c in codes.subjects(RDF.type, SKOS.Concept)}
    assert templates
    assert constants
    # The kind of a value is the local name of the property that leads to it.
    assert f"{NS}{{kind}}" in text
    assert {NS + iri.rsplit("/", 1)[1] for iri in namespaces.ValueKind} <= set(DXO)


def test_the_unit_table_equals_the_printed_forms_of_the_units() -> None:
    data = (ROOT / "data" / "shared" / "unit.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert (lines[0], lines[-1]) == ("印字された単位,単位のIRI", "")
    rows = [tuple(line.split(",")) for line in lines[1:-1]]
    forms = {(str(form), str(unit)) for unit, form in ontology("units").subject_objects(SKOS.altLabel)}
    assert sorted(rows) == sorted(forms)


def check_digit(body: str) -> int:
    """First digit of a corporate number, from the twelve others (weights 1 and 2 from the right, modulo 9)."""
    return 9 - sum(int(d) * (1 + n % 2) for n, d in enumerate(reversed(body))) % 9


def test_the_corporate_numbers_have_their_check_digits() -> None:
    text = (ROOT / "data" / "shared" / "municipality.csv").read_text(encoding="utf-8-sig")
    numbers = [row["法人番号"] for row in csv.DictReader(text.splitlines()) if row["法人番号"]]
    assert len(numbers) == 6
    assert [n for n in numbers if int(n[0]) != check_digit(n[1:])] == []
    assert check_digit("000020212016") != 5


# ---- codes, topics, units, structures, years ----


def test_every_code_list_is_named_by_a_property(vocabulary: Graph) -> None:
    named = {
        str(o)
        for p in vocabulary.subjects(RDFS.range, SKOS.Concept)
        for o in chain(vocabulary.objects(p, RDFS.seeAlso), vocabulary.objects(p, QB.codeList))
    }
    schemes = {str(s) for s in ontology("codes").subjects(RDF.type, SKOS.ConceptScheme)}
    assert named == schemes | {ID + "topic"}


def test_codes_are_the_last_segment_of_their_iri_and_top_concepts() -> None:
    codes = ontology("codes")
    for concept, code in codes.subject_objects(SKOS.notation):
        scheme = codes.value(concept, SKOS.inScheme)
        assert str(concept) == f"{scheme}/{code}"
        assert (scheme, SKOS.hasTopConcept, concept) in codes
        assert (concept, SKOS.topConceptOf, scheme) in codes


@pytest.mark.parametrize(("scheme", "items"), [("mic/2.3", 16), ("mic/4.0", 12), ("city/212130", 11)])
def test_every_printed_item_maps_to_one_stable_topic(scheme: str, items: int) -> None:
    topics = ontology("topics")
    concepts = list(topics.subjects(SKOS.inScheme, URIRef(f"{ID}topic/{scheme}")))
    assert len(concepts) == items
    for concept in concepts:
        targets = [o for p in MAPPINGS for o in topics.objects(concept, p)]
        assert [str(t) in namespaces.Topic for t in targets] == [True]
        assert str(concept) == f"{ID}topic/{scheme}/{topics.value(concept, SKOS.notation)}"


def test_no_two_items_of_a_scheme_are_exactly_one_topic() -> None:
    topics = ontology("topics")
    pairs = [(topics.value(c, SKOS.inScheme), t) for c, t in topics.subject_objects(SKOS.exactMatch)]
    assert len(pairs) == len(set(pairs))


def test_only_the_national_plan_supersedes_a_version_of_itself() -> None:
    supersedes = URIRef("http://rdf-vocabulary.ddialliance.org/xkos#supersedes")
    found = [(str(s), str(o)) for s, o in ontology("topics").subject_objects(supersedes)]
    assert found == [(ID + "topic/mic/4.0", ID + "topic/mic/2.3")]


def test_a_printed_form_stands_for_one_unit() -> None:
    units = ontology("units")
    forms = [str(form) for form in units.objects(None, SKOS.altLabel)]
    assert sorted(forms) == sorted(set(forms))
    for unit, form in units.subject_objects(SKOS.notation):
        assert (unit, SKOS.altLabel, Literal(str(form), lang="ja")) in units


@pytest.mark.parametrize(("structure", "dimensions"), [("kpi", 3), ("table", 2)])
def test_a_structure_uses_components_of_the_right_kind(
    structure: str, dimensions: int, everything: Graph
) -> None:
    kinds = {
        QB.dimension: QB.DimensionProperty,
        QB.measure: QB.MeasureProperty,
        QB.attribute: QB.AttributeProperty,
    }
    components = list(everything.objects(URIRef(f"{ID}structure/{structure}"), QB.component))
    used: list[Node] = []
    for component in components:
        ((predicate, prop),) = [(p, o) for p, o in everything.predicate_objects(component) if p in kinds]
        used.append(predicate)
        if str(prop).startswith(NS):
            assert (prop, RDF.type, kinds[URIRef(str(predicate))]) in everything
        if predicate == QB.dimension:
            assert (prop, RDFS.range, None) in everything
    assert (used.count(QB.dimension), used.count(QB.measure), len(used)) == (dimensions, 1, 9)


def wareki(year: int) -> str:
    if year == 2019:
        return "令和元年度"
    return f"令和{year - 2018}年度" if year > 2019 else f"平成{year - 1988}年度"


def instant(year: int) -> URIRef:
    return URIRef(f"{ID}instant/{year}-04-01")


def one_year(year: int, last: int) -> set[Triple]:
    node = URIRef(namespaces.fiscal_year(year))
    facts: set[Triple] = {
        (node, RDF.type, URIRef(DXO.FiscalYear)),
        (node, RDF.type, TIME.ProperInterval),
        (node, RDFS.label, Literal(wareki(year), lang="ja")),
        (node, RDFS.label, Literal(f"FY{year}", lang="en")),
        (node, URIRef(DXO.startYear), Literal(str(year), datatype=XSD.gYear)),
        (node, TIME.hasBeginning, instant(year)),
        (node, TIME.hasEnd, instant(year + 1)),
        (node, DCAT.startDate, Literal(f"{year}-04-01", datatype=XSD.date)),
        (node, DCAT.endDate, Literal(f"{year + 1}-03-31", datatype=XSD.date)),
    }
    if year == 2019:
        facts.add((node, SKOS.altLabel, Literal("平成31年度", lang="ja")))
    if year < last:
        facts.add((node, TIME.intervalMeets, URIRef(namespaces.fiscal_year(year + 1))))
    return facts


def one_instant(year: int) -> set[Triple]:
    stamp = Literal(f"{year}-04-01T00:00:00+09:00", datatype=XSD.dateTimeStamp)
    return {(instant(year), RDF.type, TIME.Instant), (instant(year), TIME.inXSDDateTimeStamp, stamp)}


def test_the_years_are_what_their_rule_gives() -> None:
    first, last = 1995, 2040
    facts = set().union(*(one_year(y, last) for y in range(first, last + 1)))
    facts |= set().union(*(one_instant(y) for y in range(first, last + 2)))
    assert set(ontology("years")) == facts
