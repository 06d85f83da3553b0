"""Every dump of a release carries the same graph, read by parsers that are not ours."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld
from rdflib import Dataset, Graph

from dxlod.errors import ReleaseError
from dxlod.release import Release, load_context
from dxlod.release.jsonld import jsonld
from dxlod.release.rdfxml import rdfxml
from dxlod.release.terms import Triple, literal
from dxlod.release.turtle import turtle

STEMS = ("all", "212016-dx-2025")
TRIPLE_FORMATS = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML}
RDFLIB_NAMES = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}


def triples(path: Path, rdf_format: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=str(path), format=rdf_format)}


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("suffix", TRIPLE_FORMATS)
def test_oxigraph_reads_the_same_graph(release: Release, stem: str, suffix: str) -> None:
    folder = release.path / "dumps"
    expected = triples(folder / f"{stem}.nt", ox.RdfFormat.N_TRIPLES)
    assert triples(folder / f"{stem}.{suffix}", TRIPLE_FORMATS[suffix]) == expected
    assert len(expected) == release.entry(f"dumps/{stem}.{suffix}").triples  # type: ignore[union-attr]


@pytest.mark.parametrize("suffix", RDFLIB_NAMES)
def test_rdflib_reads_as_many_triples(release: Release, suffix: str) -> None:
    graph = Graph().parse(release.path / "dumps" / f"all.{suffix}", format=RDFLIB_NAMES[suffix])
    assert len(graph) == release.manifest.triples


def test_trig_and_nquads_are_the_same_dataset(release: Release) -> None:
    folder = release.path / "dumps"
    quads = set(ox.parse(path=str(folder / "all.nq"), format=ox.RdfFormat.N_QUADS))
    assert set(ox.parse(path=str(folder / "all.trig"), format=ox.RdfFormat.TRIG)) == quads
    assert {quad.graph_name.value for quad in quads} == set(release.manifest.graphs)
    assert len(Dataset().parse(folder / "all.trig", format="trig")) == len(quads)


def test_pyld_expands_jsonld_to_the_same_graph(release: Release) -> None:
    folder = release.path / "dumps"
    document = json.loads((folder / "all.jsonld").read_text(encoding="utf-8"))
    nquads = pyld.to_rdf(document, {"format": "application/n-quads", "documentLoader": _no_loading})
    found = {quad.triple for quad in ox.parse(input=nquads, format=ox.RdfFormat.N_QUADS)}
    assert found == triples(folder / "all.nt", ox.RdfFormat.N_TRIPLES)


def _no_loading(url: str, options: object) -> object:
    raise AssertionError(f"{url} must not be fetched")


def test_decimals_are_strings_and_links_arrays(release: Release) -> None:
    document = json.loads((release.path / "dumps" / "all.jsonld").read_text(encoding="utf-8"))
    nodes = {node["id"]: node for node in document["@graph"]}
    kpi = "https://w3id.org/dxlod/id/plan/212016/dx/2025/kpi/1-1-1"
    assert nodes[kpi]["type"] == "Indicator"
    assert nodes[kpi]["baseline"] == [f"{kpi}/baseline/FY2024"]
    assert nodes[kpi]["label"] == {"ja": "オンライン申請率", "en": "Online application rate"}
    assert nodes[f"{kpi}/baseline/FY2024"]["value"] == "41.2"


def test_gzip_holds_the_same_bytes_and_no_time(release: Release) -> None:
    for entry in release.manifest.files:
        if entry.path.endswith(".gz"):
            packed = (release.path / entry.path).read_bytes()
            assert gzip.decompress(packed) == (release.path / entry.path.removesuffix(".gz")).read_bytes()
            assert packed[4:8] == b"\0\0\0\0"


def test_turtle_is_grouped_and_relative(release: Release) -> None:
    text = (release.path / "dumps" / "212016-dx-2025.ttl").read_text(encoding="utf-8")
    assert (
        '\n<id/plan/212016/dx/2025/kpi/1-1-1>\n    a dxo:Indicator ;\n    rdfs:label "オンライン申請率"@ja, '
        in text
    )
    assert "dxo:startLine 120 ." in text
    assert text.count("\n<id/plan/212016/dx/2025/kpi/1-1-1>\n") == 1
    assert "@prefix foaf:" not in text


CONTEXTS = {
    "aliases": {"id": "@id", "e": "urn:e:", "p": {"@id": "e:p", "@container": "@language"}},
    "sets": {"p": {"@id": "urn:e:p", "@type": "@id", "@container": "@set"}},
    "datatype": {"p": {"@id": "urn:e:p", "@type": "http://www.w3.org/2001/XMLSchema#integer"}},
    "fixed language": {"p": {"@id": "urn:e:p", "@language": "ja"}},
    "default language": {"@language": "ja", "p": "urn:e:p"},
    "list, reverse, scoped": {
        "p": {"@id": "urn:e:p", "@container": "@list"},
        "q": {"@reverse": "urn:e:p"},
        "r": {"@id": "urn:e:p", "@context": {"x": "urn:x"}},
    },
    "vocab": {"@vocab": "urn:e:", "p": {"@type": "@vocab"}},
    "term that looks like a prefixed name": {"e": "urn:e:", "e:p": {"@id": "urn:e:p", "@type": "@id"}},
}
XSD = "http://www.w3.org/2001/XMLSchema#"
OBJECTS = (
    "<urn:e:o>",
    literal("文"),
    literal("文", language="ja"),
    literal("text", language="en"),
    literal("second", language="en"),
    literal("007", f"{XSD}integer"),
    literal("7", f"{XSD}integer"),
    literal("80.5", f"{XSD}decimal"),
    literal("1.0E1", f"{XSD}double"),
    literal("true", f"{XSD}boolean"),
    literal("1", f"{XSD}boolean"),
    literal("2025", f"{XSD}gYear"),
    literal('a "quote" \\ and\na line <&>]]>'),
)


@pytest.mark.parametrize("name", CONTEXTS)
def test_any_context_expands_to_the_same_graph(name: str, tmp_path: Path) -> None:
    path = tmp_path / "context.jsonld"
    path.write_text(json.dumps({"@context": CONTEXTS[name]}), encoding="utf-8")
    given = [Triple("<urn:e:s>", "<urn:e:p>", term) for term in OBJECTS]
    given.append(Triple("<urn:e:s>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<urn:e:p>"))
    document = json.loads("".join(jsonld(given, load_context(path))))
    found = pyld.to_rdf(document, {"format": "application/n-quads"})
    expected = "\n".join(triple.line for triple in given)
    assert read(found, ox.RdfFormat.N_QUADS) == read(expected, ox.RdfFormat.N_TRIPLES)


def read(text: str, rdf_format: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(input=text.encode(), format=rdf_format)}


def test_a_context_elsewhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "context.jsonld"
    path.write_text('{"@context": "https://schema.org/"}', encoding="utf-8")
    with pytest.raises(ReleaseError, match="nothing is fetched"):
        load_context(path)


IRIS = st.sampled_from(
    ["https://w3id.org/dxlod/id/a", "https://w3id.org/dxlod/a//b", "https://w3id.org/dxlod/../x", "urn:x",
     "https://w3id.org/dxlod/", "https://w3id.org/dxlod/ns#a.", "https://w3id.org/dxlod/ns#a.b", "https://w3id.org/dxlod/a:b",
     "https://w3id.org/dxlod/ns#", "http://www.w3.org/ns/dcat#Dataset/x", "https://w3id.org/dxlod/id/a?b=c#d"]
)  # fmt: skip
XML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
TERMS = st.one_of(
    IRIS.map(lambda iri: f"<{iri}>"),
    XML_TEXT.map(literal),
    st.sampled_from(["\n", "\r\n", "\t x ", '"', "\\"]).map(literal),
    st.tuples(st.sampled_from(["1", "-1.5", "+.5", "1.", "true", "", "x"]), st.sampled_from(["integer", "decimal", "boolean"]))
    .map(lambda pair: literal(pair[0], XSD + pair[1])),
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.tuples(IRIS, TERMS), min_size=1, max_size=6))
def test_turtle_and_rdfxml_keep_every_term(pairs: list[tuple[str, str]]) -> None:
    given = [Triple(f"<{subject}>", "<https://w3id.org/dxlod/ns#p>", term) for subject, term in pairs]
    expected = read("\n".join(triple.line for triple in given), ox.RdfFormat.N_TRIPLES)
    assert read("".join(turtle(given, "https://w3id.org/dxlod/")), ox.RdfFormat.TURTLE) == expected
    assert read("".join(rdfxml(given)), ox.RdfFormat.RDF_XML) == expected


@pytest.mark.parametrize(
    "triple", [Triple("<urn:s>", "<urn:p/1>", "<urn:o>"), Triple("<urn:s>", "<urn:p>", '"\x01"')]
)
def test_what_xml_cannot_hold_is_refused(triple: Triple) -> None:
    with pytest.raises(ReleaseError):
        "".join(rdfxml([triple]))
