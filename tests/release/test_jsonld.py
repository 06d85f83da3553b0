"""The project's context: what the mappings and the ontology say has a key, and expands to the same graph."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from pyld import jsonld as pyld
from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

from dxlod.errors import ReleaseError
from dxlod.release import build_release
from dxlod.release.jsonld import Context, context_of, jsonld, load_context
from dxlod.release.reference import reference_files, reference_quads
from dxlod.release.terms import RDF_TYPE, XSD, Triple, literal, literal_parts, parse_quads
from dxlod.server.app import create_app
from dxlod.settings import Settings

from .jsonld_sample import ODD, PLAN, sample_lines

HOME = Path(__file__).resolve().parents[2]
ONTOLOGY = HOME / "ontology"
DXO = "https://w3id.org/dxlod/ns#"
RML = Namespace("http://w3id.org/rml/")

# What a value of each datatype looks like; a datatype that the mappings begin to use is to be added here.
EXAMPLES = {
    "boolean": ("true", True),
    "date": ("2026-02-09", "2026-02-09"),
    "decimal": ("80.5", "80.5"),
    "gYear": ("2026", "2026"),
    "gYearMonth": ("2026-02", "2026-02"),
    "integer": ("12", 12),
    "LGCode": ("212016", "212016"),
}
# Keys that cannot be the local name of what they stand for, because another term of that name is ours.
RENAMED = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#value": {"selectorValue"},
    "http://purl.org/linked-data/cube#order": {"componentOrder"},
    "http://purl.org/dc/terms/issued": {"issued", "issuedYearMonth", "issuedYear"},
    "http://www.w3.org/ns/dcat#startDate": {"startDate", "startDateYearMonth", "startDateYear"},
    "http://www.w3.org/ns/dcat#endDate": {"endDate", "endDateYearMonth", "endDateYear"},
}


@pytest.fixture(scope="module")
def context() -> Context:
    return load_context(ONTOLOGY / "context.jsonld")


@pytest.fixture(scope="module")
def reference() -> list[Triple]:
    """All that the Turtle files of the ontology say."""
    quads = (quad for path in reference_files(ONTOLOGY) for quad in reference_quads(path))
    return sorted({Triple(quad.s, quad.p, quad.o) for quad in quads})


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> list[Triple]:
    """All that the sample tables say."""
    quads = parse_quads(sample_lines(tmp_path_factory.mktemp("tables")))
    return sorted({Triple(quad.s, quad.p, quad.o) for quad in quads})


def written(triples: list[Triple], context: Context) -> dict[str, Any]:
    document: dict[str, Any] = json.loads("".join(jsonld(triples, context)))
    return document


def unnamed(document: Mapping[str, Any]) -> set[str]:
    """Keys and types that are no term, and keys whose values had to be spelt out as value objects."""
    found: set[str] = set()
    for node in document["@graph"]:
        found.update(name for name in (*node, *node.get("type", [])) if ":" in name)
        for key, value in node.items():
            items = value if isinstance(value, list) else [value]
            found.update(
                key for item in items if isinstance(item, dict) and item.keys() & {"@value", "@id", "id"}
            )
    return found


def refuse(url: str, _options: object) -> object:
    raise AssertionError(f"{url} must not be fetched")


def expanded(document: Mapping[str, Any]) -> set[ox.Triple]:
    nquads = pyld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refuse})
    return {quad.triple for quad in ox.parse(input=nquads.encode(), format=ox.RdfFormat.N_QUADS)}


def read(triples: list[Triple]) -> set[ox.Triple]:
    text = "".join(f"{triple.line}\n" for triple in triples)
    return {quad.triple for quad in ox.parse(input=text.encode(), format=ox.RdfFormat.N_TRIPLES)}


# ---- every predicate and class of the mapped graph is a key ----


def test_every_predicate_and_class_of_the_mapped_graph_is_a_key(
    mapped: list[Triple], reference: list[Triple], context: Context
) -> None:
    document = written(sorted({*mapped, *reference}), context)
    assert not unnamed(document)
    # Classes that a cell chooses, which no mapping names.
    chosen = {
        "Observation",
        "OrganizationalUnit",
        "OrganizationalCollaboration",
        "LegalResource",
        "CitedWork",
    }
    assert chosen <= {name for node in document["@graph"] for name in node.get("type", [])}


@pytest.mark.parametrize(
    ("term", "reported"),
    [
        ("value", "dxo:value"),
        ("Initiative", "dxo:Initiative"),
        ("hasPhase", "dxo:hasPhase"),
        ("label", "rdfs:label"),
    ],
)
def test_a_missing_term_is_noticed(mapped: list[Triple], context: Context, term: str, reported: str) -> None:
    without = context_of({key: value for key, value in context.document.items() if key != term})
    assert reported in unnamed(written(mapped, without))


def test_a_term_of_another_datatype_is_noticed(mapped: list[Triple], context: Context) -> None:
    other = context_of({**context.document, "order": {"@id": "dxo:order", "@type": "xsd:string"}})
    assert unnamed(written(mapped, other)) == {"dxo:order"}


def statements() -> Iterator[tuple[str, str]]:
    """Every (predicate, object) that a mapping can make, the object as an example in N-Triples."""
    for path in sorted((HOME / "mappings").glob("*.ttl")):
        graph = Graph().parse(path)
        for name in graph.objects(None, RML["class"]):
            yield RDF_TYPE, f"<{name}>"
        for pair in graph.objects(None, RML.predicateObjectMap):
            for predicate in graph.objects(pair, RML.predicate):
                yield from ((f"<{predicate}>", f"<{iri}>") for iri in graph.objects(pair, RML.object))
                # A class that a cell chooses is known from the tables only.
                for made in graph.objects(pair, RML.objectMap) if predicate != RDF.type else ():
                    yield f"<{predicate}>", example(graph, made)


def example(graph: Graph, made: Any) -> str:
    constant, datatype = graph.value(made, RML.constant), graph.value(made, RML.datatype)
    if constant is not None:
        return (
            constant.n3()
            if isinstance(constant, URIRef)
            else literal(str(constant), str(constant.datatype or ""))
        )
    if datatype is not None:
        return literal(EXAMPLES[str(datatype).rpartition("#")[2]][0], str(datatype))
    if language := graph.value(made, RML.language):
        return literal("x", language=str(language))
    kind = graph.value(made, RML.termType)
    if kind == RML.IRI or (kind is None and graph.value(made, RML.template) is not None):
        return f"<{DXO}Example>"
    return literal("x")


@pytest.mark.parametrize(("predicate", "value"), sorted(set(statements())))
def test_every_statement_of_a_mapping_has_a_key(predicate: str, value: str, context: Context) -> None:
    document = written([Triple("<urn:x:s>", predicate, value)], context)
    assert not unnamed(document)
    (found,) = (item for key, item in document["@graph"][0].items() if key != "id")
    if not value.startswith("<") and not (parts := literal_parts(value)).language:
        expected = EXAMPLES.get(parts.datatype.rpartition("#")[2], (parts.text, parts.text))
        assert found in (expected[1], {"@none": parts.text})


def test_the_terms_are_those_of_the_ontology_and_of_use(
    mapped: list[Triple], reference: list[Triple], context: Context
) -> None:
    graph = Graph().parse(ONTOLOGY / "dxlod.ttl")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDFS.Datatype)
    declared = {str(name) for kind in kinds for name in graph.subjects(RDF.type, kind)}
    said = {triple.p[1:-1] for triple in (*mapped, *reference)} | {
        triple.o[1:-1] for triple in (*mapped, *reference) if triple.p == RDF_TYPE
    }
    said |= {text[1:-1] for pair in statements() for text in pair if text.startswith("<")}
    terms = (
        set(context.terms) - {namespace for _, namespace in context.prefixes} - {context.document["context"]}
    )
    assert {iri for iri in terms if iri.startswith(DXO)} == declared
    unused = {iri for iri in terms if not iri.startswith(DXO)} - said
    assert not unused


def test_a_key_is_the_local_name(context: Context) -> None:
    prefixes = dict(context.prefixes)
    for iri, terms in context.terms.items():
        keys = {term.key for term in terms}
        if iri in prefixes.values() or keys == {"context"}:
            continue
        assert keys == RENAMED.get(iri, {iri.replace("#", "/").rpartition("/")[2]}), iri


def test_links_are_coerced_as_the_ontology_declares_them(context: Context) -> None:
    graph = Graph().parse(ONTOLOGY / "dxlod.ttl")
    for name in graph.subjects(RDF.type, OWL.ObjectProperty):
        assert {term.coercion for term in context.terms[str(name)]} == {"@id"}, name
    for name in graph.subjects(RDF.type, OWL.DatatypeProperty):
        (term,) = context.terms[str(name)]
        # Mapped as plain integers; that they are positive is for the shapes to say.
        for found in graph.objects(name, RDFS.range):
            assert term.coercion == str(found).replace("positiveInteger", "integer").replace(
                f"{XSD}string", ""
            ), name


def test_the_context_is_strict_and_names_its_version(context: Context) -> None:
    document = context.document
    assert (document["@version"], document["@protected"]) == (1.1, True)
    assert {key for key in document if key.startswith("@")} == {"@version", "@protected"}
    assert "".join(document).isascii()
    assert document["context"] == "https://w3id.org/dxlod/context/0.1.0"
    assert context.aliases == {"@id": "id", "@type": "type"}


# ---- expansion gives the same graph ----


def test_expansion_round_trips(mapped: list[Triple], reference: list[Triple], context: Context) -> None:
    given = sorted({*mapped, *reference})
    document = written(given, context)
    assert expanded(document) == read(given)
    text = json.dumps(document, ensure_ascii=False)
    assert {quad.triple for quad in ox.parse(input=text.encode(), format=ox.RdfFormat.JSON_LD)} == read(given)


def test_rdflib_reads_an_isomorphic_graph(mapped: list[Triple], context: Context) -> None:
    found = Graph().parse(data="".join(jsonld(mapped, context)), format="json-ld")
    expected = Graph().parse(data="".join(f"{triple.line}\n" for triple in mapped), format="nt")
    assert len(expected) == len(mapped)
    assert isomorphic(found, expected)


def test_values_are_readable(mapped: list[Triple], reference: list[Triple], context: Context) -> None:
    nodes = {node["id"]: node for node in written(sorted({*mapped, *reference}), context)["@graph"]}
    value = nodes[f"{PLAN}/kpi/1-1/target/FY2026"]
    assert value["type"] == ["Observation", "IndicatorValue"]
    assert (value["value"], value["unit"], value["fiscalYear"]) == ("80.5", "qudt-unit:PERCENT", "fy:2026")
    assert nodes[f"{PLAN}/kpi/1-1/baseline/FY2024"]["value"] == "0.1"
    assert nodes[f"{PLAN}/kpi/1-1/target/FY2027"]["value"] == "-100"
    initiative = nodes[f"{PLAN}/initiative/1-1"]
    assert initiative["label"] == {"ja": '"窓口" の\\改革\nと', "en": "Reform of the counter"}
    assert (initiative["order"], initiative["isNew"], initiative["hasSheet"]) == (2, True, False)
    assert initiative["topic"] == ["topics:bpr", "topics:frontyard"]
    assert initiative["seeAlso"] == [ODD]
    assert nodes[f"{PLAN}/policy/1"]["sdg"] == ["sdgs:11", "sdgs:4"]
    assert nodes[f"{PLAN}/phase/1-1"]["phase"] == ["code:phase/consider", "code:phase/implement"]
    assert nodes[f"{PLAN}/task/1"]["legalBasis"] == ["law:425AC0000000027/asof/2026-02/AppdxTable_1/Row_30"]
    assert nodes[PLAN]["issuedYearMonth"] == "2026-02"
    document = next(node for node in nodes.values() if node["type"] == ["SourceDocument"])
    assert document["title"] == {"@none": "a.txt"}
    assert nodes["topics:frontyard"]["prefLabel"]["en"]
    assert any("%20" in name or "一" in name for name in nodes)


# ---- the writer ----


def test_a_document_carries_the_part_of_the_context_that_it_uses(context: Context) -> None:
    triples = [
        Triple("<urn:x:s>", RDF_TYPE, f"<{DXO}IndicatorValue>"),
        Triple("<urn:x:s>", f"<{DXO}value>", literal("0.1", f"{XSD}decimal")),
        Triple("<urn:x:s>", f"<{DXO}fiscalYear>", "<https://w3id.org/dxlod/id/fy/2026>"),
    ]
    document = written(triples, context)
    assert set(document["@context"]) == {
        "@version", "@protected", "context", "id", "type", "dxo", "fy", "xsd", "IndicatorValue", "fiscalYear", "value"
    }  # fmt: skip
    assert expanded(document) == read(triples)


@pytest.mark.parametrize(
    "triple",
    [
        Triple("<urn:x:s>", f"<{DXO}order>", literal("007", f"{XSD}integer")),
        Triple("<urn:x:s>", f"<{DXO}order>", literal("12345678901234567890", f"{XSD}integer")),
        Triple("<urn:x:s>", f"<{DXO}isNew>", literal("1", f"{XSD}boolean")),
        Triple("<urn:x:s>", f"<{DXO}value>", literal("1.0E3", f"{XSD}double")),
        Triple("<urn:x:s>", f"<{DXO}value>", "<urn:x:o>"),
        Triple("<urn:x:s>", f"<{DXO}topic>", literal("文", language="ja")),
        Triple("<urn:x:s>", f"<{DXO}asPrinted>", literal("文", language="ja")),
        Triple("<urn:x:s>", f"<{DXO}valueText>", literal("1", f"{XSD}integer")),
        Triple("<urn:x:s>", f"<{DXO}valueText>", literal("none")),
        Triple("<urn:x:s>", "<urn:x:p>", "<https://w3id.org/dxlod/id/topic/>"),
        Triple("<urn:x:s>", f"<{DXO}cites>", "<https://w3id.org/dxlod/id/law///a>"),
        Triple("<urn:x:s>", f"<{DXO}cites>", f"<{ODD}>"),
        Triple("<urn:x:s>", f"<{DXO}cites>", "<https://w3id.org/dxlod/id/work/a\\u0062>"),
        Triple("<https://w3id.org/dxlod/id/topic/x:y>", f"<{DXO}topic>", "<https://w3id.org/dxlod/context/0.1.0/x>"),
    ],
)  # fmt: skip
def test_what_a_term_does_not_expect_is_kept_as_it_is(triple: Triple, context: Context) -> None:
    assert expanded(written([triple], context)) == read([triple])


def test_an_iri_that_looks_prefixed_is_refused(context: Context) -> None:
    with pytest.raises(ReleaseError, match="cannot be told apart"):
        written([Triple("<urn:x:s>", f"<{DXO}cites>", "<law:1>")], context)


def test_two_texts_of_one_language_are_an_array(context: Context) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    given = [Triple("<urn:x:s>", label, literal(text, language="ja")) for text in ("甲", "乙")]
    document = written(given, context)
    assert document["@graph"] == [{"id": "urn:x:s", "label": {"ja": ["乙", "甲"]}}]
    assert expanded(document) == read(given)


def test_the_same_triples_in_another_order_are_the_same_bytes(mapped: list[Triple], context: Context) -> None:
    assert "".join(jsonld(mapped[::-1], context)) == "".join(jsonld(mapped, context))


# ---- the service ----


def test_documents_of_the_service_are_written_with_the_context(tmp_path: Path, lines: list[str]) -> None:
    shutil.copytree(Path(__file__).with_name("sample"), tmp_path / "home")
    shutil.copy(ONTOLOGY / "context.jsonld", tmp_path / "home" / "ontology")
    settings = Settings(home=tmp_path / "home", data=tmp_path, releases=tmp_path / "releases")
    release = build_release(settings, lines, {}, lambda *_: None)
    app = create_app(release, settings)

    async def ask(*suffixes: str) -> list[httpx.Response]:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http,
        ):
            return [await http.get(f"/doc/plan/212016/dx/2025/kpi/1-1-1.{suffix}") for suffix in suffixes]

    answer, plain = asyncio.run(ask("jsonld", "nt"))
    assert answer.headers["content-type"].startswith("application/ld+json")
    document = answer.json()
    assert document["@context"]["context"] == "https://w3id.org/dxlod/context/0.1.0"
    assert document["@graph"][0]["id"] == f"{PLAN}/kpi/1-1-1"
    assert document["@graph"][0]["type"] == ["Indicator"]
    expected = {quad.triple for quad in ox.parse(input=plain.content, format=ox.RdfFormat.N_TRIPLES)}
    assert len(expected) > 10
    assert expanded(document) == expected
