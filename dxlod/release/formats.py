"""The RDF formats a release is written in and the service speaks, and the prefixes it writes them with."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DATASET_FORMATS", "GRAPH_FORMATS", "PREFIXES", "GraphFormat", "media_type_of", "prefixed"]


@dataclass(frozen=True)
class GraphFormat:
    """One RDF serialisation: file suffix, media type, other media types and names that ask for it."""

    suffix: str
    media_type: str
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


GRAPH_FORMATS = (
    GraphFormat(
        "ttl", "text/turtle", ("application/x-turtle", "text/n3", "text/rdf+n3"), ("turtle", "ttl", "n3")
    ),
    GraphFormat("jsonld", "application/ld+json", ("application/json",), ("jsonld", "json-ld", "json")),
    GraphFormat("nt", "application/n-triples", ("text/plain",), ("nt", "ntriples", "n-triples")),
    GraphFormat(
        "rdf", "application/rdf+xml", ("application/xml", "text/xml"), ("rdf", "rdfxml", "rdf/xml", "xml")
    ),
)
"""Formats that carry one graph, the preferred one first."""

DATASET_FORMATS = (
    GraphFormat("trig", "application/trig", (), ("trig",)),
    GraphFormat("nq", "application/n-quads", (), ("nq", "nquads", "n-quads")),
)
"""Formats that carry named graphs."""

PREFIXES: tuple[tuple[str, str], ...] = (
    ("adms", "http://www.w3.org/ns/adms#"),
    ("as", "https://www.w3.org/ns/activitystreams#"),
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dcatap", "http://data.europa.eu/r5r/"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("dxo", "https://w3id.org/dxlod/ns#"),
    ("eli", "http://data.europa.eu/eli/ontology#"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("hydra", "http://www.w3.org/ns/hydra/core#"),
    ("ic", "http://imi.go.jp/ns/core/rdf#"),
    ("kpi", "http://w3id.org/kpionto/"),
    ("oa", "http://www.w3.org/ns/oa#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("pplan", "http://purl.org/net/p-plan#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("qb", "http://purl.org/linked-data/cube#"),
    ("qudt", "http://qudt.org/schema/qudt/"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "https://schema.org/"),
    ("sd", "http://www.w3.org/ns/sparql-service-description#"),
    ("sdg", "http://metadata.un.org/sdg/"),
    ("sdmx-attribute", "http://purl.org/linked-data/sdmx/2009/attribute#"),
    ("sdmx-code", "http://purl.org/linked-data/sdmx/2009/code#"),
    ("sdmx-dimension", "http://purl.org/linked-data/sdmx/2009/dimension#"),
    ("sdmx-measure", "http://purl.org/linked-data/sdmx/2009/measure#"),
    ("sh", "http://www.w3.org/ns/shacl#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("spdx", "http://spdx.org/rdf/terms#"),
    ("time", "http://www.w3.org/2006/time#"),
    ("unit", "http://qudt.org/vocab/unit/"),
    ("vann", "http://purl.org/vocab/vann/"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("void", "http://rdfs.org/ns/void#"),
    ("wdrs", "http://www.w3.org/2007/05/powder-s#"),
    ("xkos", "http://rdf-vocabulary.ddialliance.org/xkos#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
)


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def media_type_of(name: str) -> str:
    """Media type of a file of a release, from its name."""
    types = {item.suffix: item.media_type for item in (*GRAPH_FORMATS, *DATASET_FORMATS)}
    types |= {"gz": "application/gzip", "json": "application/json", "csv": "text/csv", "html": "text/html"}
    types |= {
        "zip": "application/zip",
        "atom": "application/atom+xml",
        "xlsx": _WORKBOOK,
        "txt": "text/plain",
    }
    if name.endswith("csv-metadata.json"):
        return "application/csvm+json"
    return types.get(name.rpartition(".")[2], "application/octet-stream")


def prefixed(iri: str) -> str:
    """An IRI as people write it: with a prefix where there is one, else in angle brackets."""
    for prefix, space in PREFIXES:
        if iri.startswith(space) and iri != space:
            return f"{prefix}:{iri[len(space) :]}"
    return f"<{iri}>"
