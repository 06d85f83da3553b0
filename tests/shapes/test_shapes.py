"""Every shape on plan data, proven by cases: one folder per shape, valid cases and one case per seeded fault.

A case is judged together with ``background.ttl`` and with the reference data that shapes look at. Its comments say
what is expected: ``# expects <severity> <component> <shape> <focus>``; a case without them conforms entirely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import SH, SKOS
from rdflib.term import Node

from dxlod.namespaces import DXO
from dxlod.pipeline import data_quads
from dxlod.settings import Settings
from dxlod.table.dataset import Dataset
from dxlod.validation import Shapes, load_shapes, validate

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# The shapes on the ontology have cases of their own, in tests/ontology.
FILES = sorted(path for path in (ROOT / "shapes").glob("*.ttl") if path.stem != "ontology")
CASES = sorted(HERE.glob("[A-Z]*/*.ttl"))
FAULTS = [path for path in CASES if path.name.startswith("invalid.")]
SHAPE = "https://w3id.org/dxlod/shapes#"
CODES = "https://w3id.org/dxlod/id/code/"
# What the shapes ask of the reference data; the rest of it would only make the cases slow.
LOOKED_AT = (
    RDF.type,
    RDFS.subClassOf,
    SKOS.inScheme,
    URIRef(DXO.startYear),
    URIRef("http://www.w3.org/2006/time#intervalMeets"),
)

Expectation = tuple[str, str, str, str]


def lines(graph: Graph) -> list[str]:
    return [line for line in graph.serialize(format="nt").splitlines() if line]


@cache
def loaded() -> Shapes:
    return load_shapes(FILES)


@cache
def background() -> tuple[str, ...]:
    reference = Graph()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        whole = Graph().parse(path)
        for triple in whole:
            if triple[1] in LOOKED_AT:
                reference.add(triple)
    return tuple(lines(reference) + lines(Graph().parse(HERE / "background.ttl")))


def judged(extra: Sequence[str]) -> list[Expectation]:
    """(severity, component, shape, focus) of every result of the background and these lines."""
    return sorted(
        (
            result.severity.value,
            result.component.removeprefix(str(SH)).removesuffix("ConstraintComponent"),
            result.shape.removeprefix(SHAPE),
            f"<{result.focus}>",
        )
        for result in validate([*background(), *extra], loaded())
    )


def expected(path: Path) -> list[Expectation]:
    found = re.findall(
        r"^# expects (\S+) (\S+) (\S+) (<\S+>)$", path.read_text(encoding="utf-8"), re.MULTILINE
    )
    return sorted((severity, component, shape, focus) for severity, component, shape, focus in found)


@cache
def shapes_graph() -> Graph:
    return loaded().graph


def local(node: Node) -> str:
    return str(node).removeprefix(SHAPE)


def targeting() -> set[str]:
    """Names of the shapes that choose their focus nodes themselves."""
    graph = shapes_graph()
    return {
        local(s)
        for p in (SH.targetClass, SH.targetSubjectsOf)
        for s in graph.subjects(p)
        if isinstance(s, URIRef)
    }


def reporting() -> set[URIRef]:
    """Shapes that have a message of their own."""
    return {s for s in shapes_graph().subjects(SH.message) if isinstance(s, URIRef)}


def focus_nodes(shape: URIRef, data: Graph) -> set[Node]:
    graph = shapes_graph()
    by_class = {n for c in graph.objects(shape, SH.targetClass) for n in data.subjects(RDF.type, c)}
    by_property = {n for p in graph.objects(shape, SH.targetSubjectsOf) for n in data.subjects(p)}
    return by_class | by_property


def test_the_background_conforms() -> None:
    assert judged(()) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_gives_the_expected_results_and_no_other(path: Path) -> None:
    assert judged(lines(Graph().parse(path))) == expected(path)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_speaks_of_its_shape(path: Path) -> None:
    """A valid case has a focus node of its own; an invalid one expects something, and is named after the fault."""
    shape = URIRef(SHAPE + path.parent.name)
    data = Graph().parse(path)
    if path in FAULTS:
        assert expected(path)
        assert re.fullmatch(r"invalid\.[a-z0-9]+(-[a-z0-9]+)*", path.stem)
    else:
        assert expected(path) == []
        assert re.fullmatch(r"valid(\.[a-z0-9]+(-[a-z0-9]+)*)?", path.stem)
        assert focus_nodes(shape, data)


def test_the_shapes_are_shapes() -> None:
    """They satisfy the shapes of SHACL itself, so that no misspelt parameter is passed over."""
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes_graph(), meta_shacl=True)
    assert conforms, text
    used = {URIRef(str(p)) for p in shapes_graph().predicates() if str(p).startswith(str(SH))}
    # Words that Python keeps for itself cannot be annotations.
    known = {SH[name] for name in (*SH.__annotations__, "and", "class", "in", "not", "or")}
    assert used - known == set()


def test_every_shape_has_a_valid_and_an_invalid_case() -> None:
    names = {"valid": set[str](), "invalid": set[str]()}
    for path in CASES:
        names[path.stem.split(".")[0]].add(path.parent.name)
    assert names["valid"] == names["invalid"] == targeting()


def test_every_constraint_with_a_message_has_a_seeded_fault() -> None:
    assert {local(s) for s in reporting()} == {shape for path in FAULTS for _, _, shape, _ in expected(path)}


def test_every_message_is_in_both_languages_and_every_severity_is_stated() -> None:
    graph = shapes_graph()
    for shape in reporting():
        assert graph.value(shape, SH.severity) in (SH.Violation, SH.Warning), shape
        assert languages(graph.objects(shape, SH.message)) == ["en", "ja"], shape
    for named in set(graph.subjects(RDF.type, SH.PropertyShape)):
        assert named in reporting()
        assert languages(graph.objects(named, SH.name)) == ["en", "ja"], named


def languages(literals: Iterable[Node]) -> list[str]:
    return sorted(str(node.language) for node in literals if isinstance(node, Literal))


def test_every_shape_that_is_named_is_defined_once_and_used() -> None:
    graph = shapes_graph()
    defined = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind)}
    used = {n for n in graph.objects() if isinstance(n, URIRef) and n.startswith(SHAPE)}
    prefixes = URIRef(SHAPE + "Prefixes")
    assert used - {prefixes} <= defined
    assert {local(s) for s in defined - used} <= targeting()
    stated = [
        s for path in FILES for s in set(Graph().parse(path).subjects(RDF.type)) if isinstance(s, URIRef)
    ]
    assert len(stated) == len(set(stated))


def test_every_shape_has_a_focus_node_in_the_published_tables(tmp_path: Path) -> None:
    settings = Settings.load(data=ROOT / "data", releases=tmp_path, base="https://data.example")
    triples = pyoxigraph.parse(
        "\n".join(data_quads(settings, Dataset.at(settings.data))), format=pyoxigraph.RdfFormat.N_QUADS
    )
    text = pyoxigraph.serialize((quad.triple for quad in triples), format=pyoxigraph.RdfFormat.N_TRIPLES)
    data = Graph().parse(text, format="nt")
    without = {name for name in targeting() if not focus_nodes(URIRef(SHAPE + name), data)}
    # No table says which task an initiative or a system serves; the term is for other publishers.
    assert without == {"TaskSupport"}


def test_the_codes_of_a_shape_are_those_of_one_list() -> None:
    """A list in ``sh:in`` is a whole code list, except where a shape asks for some codes of one."""
    graph = shapes_graph()
    some = {"IndicatorBaseline", "IndicatorTarget", "IndicatorActual", "NamedLaw"}
    codes = Graph().parse(ROOT / "ontology" / "codes.ttl")
    checked = 0
    for owner, head in graph.subject_objects(SH["in"]):
        members = {str(item) for item in graph.items(head)}
        if not all(item.startswith(CODES) for item in members):
            continue
        schemes = {scheme for item in members for scheme in codes.objects(URIRef(item), SKOS.inScheme)}
        assert len(schemes) == 1
        whole = {str(concept) for concept in codes.subjects(SKOS.inScheme, schemes.pop())}
        name = local(owner) if isinstance(owner, URIRef) else "NamedLaw"
        assert members == whole or (name in some and members < whole)
        checked += 1
    assert checked >= 15
