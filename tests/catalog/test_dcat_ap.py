"""DCAT-AP 3.0.1 by its own shapes: no violation, and every seeded fault is found."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import DCTERMS, FOAF, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from dxlod.catalog import Catalogue
from dxlod.catalog.dcat import catalogue_triples
from dxlod.release import Release

from .conftest import parsed
from .dcat_ap import AXIOMS, Shapes, load, results

VENDOR = Path(os.environ.get("DXLOD_VENDOR", "")) / "dcat-ap-3.0.1"
pytestmark = pytest.mark.skipif(
    not (os.environ.get("DXLOD_VENDOR") and VENDOR.is_dir()), reason="DXLOD_VENDOR has no dcat-ap-3.0.1"
)
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
BASE = Namespace("https://w3id.org/dxlod/id/")
CATALOG, EDITION = BASE.catalog, BASE["dataset/212130-dx-2026"]
FILE, CHECKSUM = BASE["dataset/212130-dx-2026/file/ttl"], BASE["dataset/212130-dx-2026/file/ttl/checksum"]
SERVICE, SERIES = BASE["service/sparql"], BASE["dataset-series/212130-dx"]
OTHER = URIRef("https://example.jp/something")
Triple = tuple[Node, Node, Node | None]

# File, property shapes without a path, and the paths that warnings may be about, each with its reason.
PROFILES = [
    (("dcat-ap-SHACL.ttl",), 2, set()),
    # No coordinates of the cities are known here; kind of publisher and licence are not stated.
    (("shapes.ttl", "shapes_recommended.ttl"), 0, {"bbox", "centroid", "type"}),
    (("range.ttl",), 0, set()),
    (("ranges.ttl",), 206, set()),
    # The operator is no EU body, the places are also e-Stat's, the topics also our own.
    (("mdr-vocabularies.shape.ttl",), 0, {"publisher", "spatial", "theme"}),
    # It wants the status list that mdr-vocabularies has replaced.
    (("deprecateduris.ttl",), 0, {"status"}),
]


@pytest.fixture(scope="module")
def profile() -> Shapes:
    return load(VENDOR, ["dcat-ap-SHACL.ttl"])


@pytest.mark.parametrize(
    ("names", "without_path", "warned"),
    PROFILES,
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else "",
)
def test_no_violation(graph: Graph, names: tuple[str, ...], without_path: int, warned: set[str]) -> None:
    shapes = load(VENDOR, names)
    assert shapes.without_path == without_path
    found = results(graph, shapes)
    assert [item for item in found if item.severity == "Violation"] == []
    assert {item.path for item in found} == warned


def test_no_violation_where_a_series_is_a_data_set_too(graph: Graph, profile: Shapes) -> None:
    assert results(graph, profile, AXIOMS) == []


def test_no_violation_before_any_publication(release: Release, profile: Shapes) -> None:
    assert results(Graph().parse(release.path / "catalog.ttl", format="turtle"), profile) == []


FAULTS: list[tuple[str, Triple, tuple[Node, Node, Node] | None, str]] = [
    ("catalogue without title", (CATALOG, DCTERMS.title, None), None, "title"),
    ("catalogue without publisher", (CATALOG, DCTERMS.publisher, None), None, "publisher"),
    ("data set without description", (EDITION, DCTERMS.description, None), None, "description"),
    ("data set without title", (EDITION, DCTERMS.title, None), None, "title"),
    ("series without title", (SERIES, DCTERMS.title, None), None, "title"),
    ("service without endpoint", (SERVICE, DCAT.endpointURL, None), None, "endpointURL"),
    ("file without access URL", (FILE, DCAT.accessURL, None), None, "accessURL"),
    ("access URL as text", (FILE, DCAT.accessURL, None), (FILE, DCAT.accessURL, Literal("x")), "accessURL"),
    ("size as integer", (FILE, DCAT.byteSize, None), (FILE, DCAT.byteSize, Literal(1)), "byteSize"),
    ("format as text", (FILE, DCTERMS.format, None), (FILE, DCTERMS.format, Literal("CSV")), "format"),
    ("media type of no class", (FILE, DCAT.mediaType, None), (FILE, DCAT.mediaType, OTHER), "mediaType"),
    ("two licences", (FILE, OTHER, None), (FILE, DCTERMS.license, OTHER), "license"),
    ("checksum as text", (CHECKSUM, SPDX.checksumValue, None), (CHECKSUM, SPDX.checksumValue, Literal("ab")), "checksumValue"),
    ("checksum without algorithm", (CHECKSUM, SPDX.algorithm, None), None, "algorithm"),
    ("publisher without name", (BASE["agent/dxlod"], FOAF.name, None), None, "name"),
    ("publisher that is no agent", (BASE["agent/dxlod"], RDF.type, None), None, "publisher"),
    ("contact that is no contact", (BASE["contact/dxlod"], RDF.type, VCARD.Kind), None, "contactPoint"),
    ("two dates of issue", (EDITION, OTHER, None), (EDITION, DCTERMS.issued, Literal("2020", datatype=XSD.gYear)), "issued"),
    ("theme without name", (URIRef("http://publications.europa.eu/resource/authority/data-theme/GOVE"),
                            URIRef("http://www.w3.org/2004/02/skos/core#prefLabel"), None), None, "prefLabel"),
    ("period of no class", (BASE["dataset/212130-dx-2026/period"], RDF.type, None), None, "temporal"),
    ("data set in the list that is none", (CATALOG, OTHER, None), (CATALOG, DCAT.dataset, OTHER), "dataset"),
]  # fmt: skip


@pytest.fixture(scope="module")
def small(published: Catalogue) -> Graph:
    """The catalogue of one data set with one file: whole, and quick to judge."""
    edition = next(item for item in published.datasets if item.iri == str(EDITION))
    files = tuple(file for file in edition.distributions if file.iri == str(FILE))
    return parsed(catalogue_triples(published, [replace(edition, distributions=files)]))


def test_the_small_catalogue_conforms(small: Graph, profile: Shapes) -> None:
    assert results(small, profile) == []


@pytest.mark.parametrize(("name", "gone", "come", "path"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_seeded_fault_is_found(
    small: Graph, profile: Shapes, name: str, gone: Triple, come: tuple[Node, Node, Node] | None, path: str
) -> None:
    spoilt = Graph() + small
    spoilt.remove(gone)
    if come is not None:
        spoilt.add(come)
    assert len(spoilt) != len(small) or come is not None
    assert path in {item.path for item in results(spoilt, profile) if item.severity == "Violation"}, name
