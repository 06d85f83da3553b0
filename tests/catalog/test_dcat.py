"""The catalogue as DCAT: closed terms, links that hold, what each kind of harvester needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from dxlod.catalog import Catalogue, load_publisher
from dxlod.catalog.dcat import catalogue_triples
from dxlod.release import Release
from dxlod.release.formats import PREFIXES

from .conftest import CHANGED, SECOND

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
BASE = Namespace("https://w3id.org/dxlod/id/")
EDITION = BASE["dataset/212130-dx-2026"]
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}

# Every term that may occur, from the specifications of the vocabularies: a misspelt one fails.
TERMS = {
    "adms": {"status"},
    "dcat": {
        "Catalog", "DataService", "Dataset", "DatasetSeries", "Distribution", "accessURL", "byteSize",
        "compressFormat", "contactPoint", "dataset", "distribution", "downloadURL", "endDate",
        "endpointDescription", "endpointURL", "first", "inSeries", "keyword", "landingPage", "last", "mediaType",
        "packageFormat", "prev", "resource", "seriesMember", "servesDataset", "service", "startDate",
        "temporalResolution", "theme", "themeTaxonomy", "version",
    },
    "dcatap": {"availability"},
    "dcterms": {
        "Frequency", "IMT", "LicenseDocument", "LinguisticSystem", "Location", "MediaType", "MediaTypeOrExtent",
        "PeriodOfTime", "ProvenanceStatement", "RightsStatement", "Standard", "accessRights",
        "accrualPeriodicity", "conformsTo", "coverage", "creator", "description", "format", "hasPart",
        "identifier", "isPartOf", "issued", "language", "license", "modified", "provenance", "publisher",
        "rights", "spatial", "temporal", "title", "type",
    },
    "foaf": {"Agent", "Document", "homepage", "name", "primaryTopic"},
    "prov": {"wasDerivedFrom"},
    "rdf": {"type", "value"},
    "rdfs": {"label"},
    "skos": {"Concept", "ConceptScheme", "exactMatch", "inScheme", "prefLabel"},
    "spdx": {"Checksum", "ChecksumAlgorithm", "algorithm", "checksum", "checksumValue"},
    "vcard": {"Kind", "Organization", "fn", "hasEmail", "hasTelephone", "hasURL", "note"},
    "wdrs": {"describedby"},
}  # fmt: skip


def test_only_terms_that_exist_are_used(graph: Graph) -> None:
    spaces = dict(PREFIXES)
    known = {URIRef(spaces[prefix] + name) for prefix, names in TERMS.items() for name in names}
    used = set(graph.predicates()) | set(graph.objects(None, RDF.type))
    assert used <= known, used - known


def test_there_are_no_blank_nodes_and_every_date_and_number_is_well_formed(graph: Graph) -> None:
    nodes = [*graph.subjects(), *graph.objects()]
    assert not [node for node in nodes if isinstance(node, BNode)]
    ill = [node for node in nodes if isinstance(node, Literal) and node.ill_typed]
    assert ill == []


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "rdf"])
@pytest.mark.parametrize("stem", ["catalog", "void"])
def test_all_formats_are_the_same_graph(release: Release, stem: str, suffix: str) -> None:
    expected = Graph().parse(release.path / f"{stem}.nt", format="nt")
    found = Graph().parse(release.path / f"{stem}.{suffix}", format=FORMATS[suffix])
    assert isomorphic(found, expected)
    entry = release.entry(f"{stem}.{suffix}")
    assert entry is not None
    assert entry.triples == len(found)


def test_what_is_written_is_what_the_facts_say(release: Release) -> None:
    graph = Graph().parse(release.path / "catalog.ttl", format="turtle")
    datasets = set(graph.objects(BASE.catalog, DCAT.dataset))
    assert datasets == set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == 6
    assert EDITION in datasets


def test_a_series_is_never_taken_for_a_package(graph: Graph) -> None:
    series = set(graph.subjects(RDF.type, DCAT.DatasetSeries))
    assert len(series) == 5
    assert not series & set(graph.subjects(RDF.type, DCAT.Dataset))
    assert series == set(graph.objects(BASE.catalog, DCAT.resource))
    assert graph.value(EDITION, DCAT.inSeries) == BASE["dataset-series/212130-dx"]
    assert set(graph.objects(BASE["dataset-series/212130-dx"], DCAT.seriesMember)) == {EDITION}


# DCAT-GoJ (GIF DS-469): what each kind of thing must and should have; dates exist once a release was published.
GOJ = {
    DCAT.Catalog: [DCTERMS.identifier, DCTERMS.title, DCTERMS.description, DCTERMS.publisher],
    DCAT.DataService: [DCTERMS.identifier, DCTERMS.title, DCTERMS.description],
    DCAT.Dataset: [
        DCTERMS.identifier, DCTERMS.title, DCTERMS.description, DCAT.keyword, DCTERMS.spatial, DCTERMS.temporal,
        DCAT.theme, DCTERMS.publisher, DCAT.contactPoint, DCTERMS.modified,
    ],
    DCAT.Distribution: [DCTERMS.title, DCTERMS.description, DCTERMS.modified, DCAT.accessURL],
}  # fmt: skip


@pytest.mark.parametrize("kind", GOJ, ids=lambda kind: str(kind).rpartition("#")[2])
def test_the_japanese_profile_is_met(graph: Graph, kind: URIRef) -> None:
    things = list(graph.subjects(RDF.type, kind))
    assert things
    missing = [
        (thing, name) for thing in things for name in GOJ[kind] if graph.value(thing, name, any=True) is None
    ]
    assert missing == []


@pytest.mark.parametrize("kind", [*GOJ, DCAT.DatasetSeries], ids=lambda kind: str(kind).rpartition("#")[2])
def test_titles_and_descriptions_are_in_both_languages(graph: Graph, kind: URIRef) -> None:
    for thing in graph.subjects(RDF.type, kind):
        for name in (DCTERMS.title, DCTERMS.description):
            languages = [o.language for o in graph.objects(thing, name) if isinstance(o, Literal)]
            assert sorted(map(str, languages)) == ["en", "ja"], (thing, name)


def test_every_file_has_size_digest_type_and_licence(graph: Graph, published: Catalogue) -> None:
    for dataset in published.datasets:
        for file in dataset.distributions:
            here = URIRef(file.iri)
            assert graph.value(here, DCAT.downloadURL) == URIRef(f"https://w3id.org/dxlod/{file.path}")
            assert graph.value(here, DCAT.byteSize) == Literal(
                str(file.bytes), datatype=XSD.nonNegativeInteger
            )
            checksum = graph.value(here, SPDX.checksum)
            value = graph.value(checksum, SPDX.checksumValue)
            assert value == Literal(file.sha256, datatype=XSD.hexBinary)
            assert str(graph.value(here, DCAT.mediaType)).startswith(
                "https://www.iana.org/assignments/media-types/"
            )
            assert (graph.value(here, DCAT.compressFormat) is not None) == file.path.endswith(".gz")
            assert (graph.value(here, DCAT.packageFormat) is not None) == file.path.endswith(".zip")
            assert graph.value(here, DCTERMS.license) is not None


def test_a_licence_has_one_title_and_it_is_the_one_ckan_knows(graph: Graph) -> None:
    used = set(graph.objects(None, DCTERMS.license))
    assert used == {LICENCE, URIRef("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0")}
    for licence in used:
        assert list(graph.objects(licence, DCTERMS.title)) == [
            Literal("Creative Commons Attribution", lang="en")
        ]
        assert graph.value(licence, RDFS.label) is None
        assert graph.value(licence, SKOS.exactMatch) in used - {licence}


def test_formats_and_media_types_can_be_read_by_a_person(graph: Graph) -> None:
    for name in (DCTERMS.format, DCAT.mediaType):
        for value in set(graph.objects(None, name)):
            labels = list(graph.objects(value, RDFS.label))
            assert len(labels) == 1, value
            assert "://" not in str(labels[0])


def test_the_city_publishes_the_source_and_the_operator_the_data(graph: Graph) -> None:
    prov = Namespace("http://www.w3.org/ns/prov#")
    source = graph.value(EDITION, prov.wasDerivedFrom)
    assert graph.value(source, DCTERMS.publisher) == BASE["lg/212130"]
    assert graph.value(source, DCTERMS.issued) == Literal("2026-03", datatype=XSD.gYearMonth)
    assert graph.value(EDITION, DCTERMS.publisher) == BASE["agent/dxlod"]


def test_rights_say_that_the_plan_states_no_terms(graph: Graph) -> None:
    texts = " ".join(str(text) for text in graph.objects(graph.value(EDITION, DCTERMS.rights), RDFS.label))
    assert "計画書には利用条件が見当たりません" in texts
    assert "states no terms of use" in texts


def test_dates_are_those_of_the_ledger(graph: Graph, published: Catalogue) -> None:
    changed = next(f for item in published.datasets for f in item.distributions if f.path == CHANGED)
    assert graph.value(URIRef(changed.iri), DCTERMS.modified) == Literal(SECOND, datatype=XSD.date)


def test_what_the_operator_tells_is_said(published: Catalogue, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "data" / "publisher.toml").read_text("utf-8")
    for old, new in (
        ('email = ""', 'email = "opendata@example.jp"'),
        ('phone = ""', 'phone = "058 000 0000"'),
        ('form = ""', 'form = "https://www.example.jp/form"'),
        ('kind = ""', 'kind = "LocalAuthority"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "publisher.toml").write_text(text, "utf-8")
    facts = replace(published, publisher=load_publisher(tmp_path / "publisher.toml"))
    lines = {triple.line for triple in catalogue_triples(facts)}
    here = "<https://w3id.org/dxlod/id/contact/dxlod> <http://www.w3.org/2006/vcard/ns#"
    assert f"{here}hasEmail> <mailto:opendata@example.jp> ." in lines
    assert f"{here}hasTelephone> <tel:0580000000> ." in lines
    assert f"{here}hasURL> <https://www.example.jp/form> ." in lines
    kind = "<http://purl.org/adms/publishertype/LocalAuthority>"
    assert f"<https://w3id.org/dxlod/id/agent/dxlod> <http://purl.org/dc/terms/type> {kind} ." in lines
