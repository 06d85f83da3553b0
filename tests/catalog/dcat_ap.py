"""The shapes of DCAT-AP 3.0.1 as published, and validation with them, without a network.

Left out when loading, with the reason:

* property shapes without `sh:path`, which SHACL does not allow (2.1.3.3) and pySHACL refuses; they are counted;
* `sh:class rdfs:Resource`, which everything satisfies in RDFS and nothing without inference;
* in mdr-vocabularies, that a checksum algorithm's IRI begins with `https://spdx.org/rdf/terms`: SPDX's namespace is
  `http://spdx.org/rdf/terms#`, as the same file's own prefix says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyshacl
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

SH = Namespace("http://www.w3.org/ns/shacl#")
AXIOMS = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
dcat:Dataset rdfs:subClassOf dcat:Resource .
dcat:DataService rdfs:subClassOf dcat:Resource .
dcat:Catalog rdfs:subClassOf dcat:Dataset .
dcat:DatasetSeries rdfs:subClassOf dcat:Dataset .
"""
"""What DCAT 3 says of its classes: with it, a series is held to the shapes of data sets too."""


@dataclass(frozen=True, order=True)
class Found:
    """One result: severity (`Violation`, `Warning`), local name of the path, focus node."""

    severity: str
    path: str
    focus: str


@dataclass(frozen=True)
class Shapes:
    """Shapes as loaded, and how many property shapes had no path."""

    graph: Graph
    without_path: int


def load(folder: Path, names: Sequence[str]) -> Shapes:
    """The shapes of these files."""
    graph = Graph()
    for name in names:
        graph.parse(folder / name, format="turtle")
    broken = [(s, o) for s, o in graph.subject_objects(SH.property) if (o, SH.path, None) not in graph]
    for shape, part in broken:
        graph.remove((shape, SH.property, part))
        graph.remove((part, None, None))
    graph.remove((None, SH["class"], RDFS.Resource))
    graph.remove((None, SH.pattern, Literal("^https://spdx.org/rdf/terms")))
    return Shapes(graph, len(broken))


def results(data: Graph, shapes: Shapes, axioms: str = "") -> list[Found]:
    """What pySHACL finds, sorted; results inside another result are details of it and left out."""
    ontology = Graph().parse(data=axioms, format="turtle") if axioms else None
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes.graph, ont_graph=ontology, inference="none")
    assert isinstance(report, Graph)
    top = [
        node
        for head in report.subjects(RDF.type, SH.ValidationReport)
        for node in report.objects(head, SH.result)
    ]
    return sorted(_found(report, node) for node in top)


def _found(report: Graph, node: Node) -> Found:
    def local(name: URIRef) -> str:
        return str(report.value(node, name)).replace("#", "/").rpartition("/")[2]

    return Found(local(SH.resultSeverity), local(SH.resultPath), str(report.value(node, SH.focusNode)))
