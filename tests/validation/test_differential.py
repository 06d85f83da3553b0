"""The fast engine against pySHACL, the judge: the same results to the letter, messages and all.

Two differences are known, and in both pySHACL departs from the specification:

* rdflib rewrites some literals, such as "999999" typed xsd:double to 999999.0, and pySHACL then matches patterns against
  what was rewritten. It rewrites none of ours, as a test here shows.
* pySHACL finds nothing where sh:lessThan compares a date with what is no date. The fast engine does, and as that is
  a violation, pySHACL decides.

On the published data `make test` compares the smallest plan; `make test-all` every plan and spoilt copies.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, RDFS, Graph
from rdflib.namespace import SH, SKOS

from dxlod.namespaces import DXO
from dxlod.pipeline import data_quads
from dxlod.release.reference import reference_files, reference_quads
from dxlod.release.terms import parse_quads
from dxlod.settings import Settings
from dxlod.table.dataset import Dataset
from dxlod.validation import Result, Severity, Shapes, load_shapes, validate
from dxlod.validation.fast import FastValidator

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "shapes"
FOLDERS = sorted({path.parent.name for path in CASES.glob("*/*.ttl")})
# What the shapes ask of the reference data; the rest of it would only make the cases slow.
LOOKED_AT = {
    str(RDF.type),
    str(RDFS.subClassOf),
    str(SKOS.inScheme),
    DXO.startYear,
    "http://www.w3.org/2006/time#intervalMeets",
}


@cache
def shapes() -> Shapes:
    return load_shapes(sorted((ROOT / "shapes").glob("*.ttl")))


@cache
def plan_shapes() -> Shapes:
    """All but those on the ontology, which the little reference data of the cases would violate."""
    return load_shapes(path for path in sorted((ROOT / "shapes").glob("*.ttl")) if path.stem != "ontology")


@cache
def engine() -> FastValidator:
    return FastValidator(shapes())


@cache
def plan_engine() -> FastValidator:
    return FastValidator(plan_shapes())


@cache
def reference() -> tuple[str, ...]:
    quads = {quad for path in reference_files(ROOT / "ontology") for quad in reference_quads(path)}
    return tuple(sorted({f"{quad.s} {quad.p} {quad.o} ." for quad in quads}))


@cache
def background() -> tuple[str, ...]:
    graph = Graph().parse(data="\n".join(reference()), format="nt")
    seen = [triple for triple in graph if str(triple[1]) in LOOKED_AT]
    about = Graph().parse(CASES / "background.ttl")
    for triple in seen:
        about.add(triple)
    return tuple(lines(about))


@cache
def plans() -> tuple[tuple[str, ...], ...]:
    """The lines of each published plan with those of what all plans share, the shortest first."""
    settings = Settings(home=ROOT, data=ROOT / "data")
    shared, by_plan = set(reference()), dict[str, list[str]]()
    for quad in parse_quads(data_quads(settings, Dataset.at(settings.data))):
        line = f"{quad.s} {quad.p} {quad.o} ."
        if quad.g.startswith(f"<{settings.plan_graphs}"):
            by_plan.setdefault(quad.g, []).append(line)
        else:
            shared.add(line)
    return tuple((*sorted(shared), *part) for part in sorted(by_plan.values(), key=len))


def lines(graph: Graph) -> list[str]:
    return [line for line in graph.serialize(format="nt").splitlines() if line]


def spoilt(data: Sequence[str], seed: int) -> list[str]:
    """The data with each predicate left out, doubled, and given objects of every wrong kind in some place."""
    chosen = random.Random(seed)
    by_predicate: dict[str, list[str]] = {}
    for line in data:
        by_predicate.setdefault(line.split(" ", 2)[1], []).append(line)
    objects = (
        None,
        '"x"',
        '" "',
        '"x"@fr',
        '"x"@ja',
        '"0"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"-3.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"99.5"^^<http://www.w3.org/2001/XMLSchema#double>',
        "<urn:e:nothing>",
    )
    result = set(data)
    for predicate in sorted(by_predicate):
        for new in objects:
            line = chosen.choice(by_predicate[predicate])
            subject = line.split(" ", 1)[0]
            if new is None or chosen.random() < 0.5:
                result.discard(line)
            if new is not None:
                result.add(f"{subject} {predicate} {new} .")
    return sorted(result)


def test_there_are_cases() -> None:
    assert FOLDERS


@pytest.mark.parametrize("folder", FOLDERS)
def test_both_agree_on_every_case(folder: str) -> None:
    for path in sorted((CASES / folder).glob("*.ttl")):
        data = [*background(), *lines(Graph().parse(path))]
        judged = validate(data, plan_shapes())
        assert plan_engine().validate(data) == judged, path.name
        assert judged or not path.name.startswith("invalid"), path.name


def test_both_agree_on_the_smallest_plan() -> None:
    data = plans()[0]
    assert engine().validate(data) == validate(data, shapes())


@pytest.mark.thorough
def test_both_agree_on_every_plan() -> None:
    assert len(plans()) >= 2
    for data in plans():
        assert engine().validate(data) == validate(data, shapes())


_ORDER = {str(SH.LessThanConstraintComponent), str(SH.LessThanOrEqualsConstraintComponent)}


def agree_but_for_dates(data: Sequence[str]) -> set[Result]:
    """Asserts that only comparisons of order are the fast engine's alone; returns pySHACL's results.

    Values that cannot be compared violate them (SHACL 4.5.3, 4.5.4), which pySHACL does not always see.
    """
    judged, found = set(validate(data, shapes())), set(engine().validate(data))
    assert judged <= found
    assert {result.component for result in found - judged} <= _ORDER
    return judged


@pytest.mark.thorough
def test_both_agree_on_spoilt_data() -> None:
    judged = agree_but_for_dates(spoilt(plans()[0], seed=1))
    assert len({result.shape for result in judged if result.severity is Severity.VIOLATION}) > 50


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(2, 8))
def test_both_agree_on_more_spoilt_data(seed: int) -> None:
    assert agree_but_for_dates(spoilt(plans()[seed % 3], seed))


def test_rdflib_rewrites_no_literal_of_ours() -> None:
    data = {line for plan in plans() for line in plan}
    typed = sorted(line for line in data if "^^<" in line)
    read = Graph().parse(data="\n".join(typed), format="nt")
    assert typed
    assert {literal.n3() for literal in read.objects()} == {
        f'"{text}"^^<{datatype}>' for text, datatype in (lexical(line) for line in typed)
    }


def lexical(line: str) -> tuple[str, str]:
    found = re.search(r'"([^"\\]*)"\^\^<([^>]*)> \.$', line)
    assert found, line
    return found[1], found[2]


def test_our_shapes_are_well_formed() -> None:
    """By the shapes on shapes of the specification (appendix C): the fast engine would pass over some faults."""
    graph = shapes().graph
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text


def test_no_shape_of_ours_is_beyond_the_fast_engine() -> None:
    """Where one is, the constructor raises, the judge takes over, and a build takes minutes."""
    assert engine().validate(background()) != ()
