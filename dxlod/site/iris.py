"""The IRIs that the index and the pages know by name, beside those of `dxlod.namespaces`."""

from __future__ import annotations

from typing import Final

__all__ = [
    "DCAT",
    "DCTERMS",
    "ELI",
    "OA",
    "ORG",
    "OWL",
    "PROV",
    "QB",
    "RDF",
    "RDFS",
    "SH",
    "SKOS",
    "TIME",
    "local_name",
]

DCAT: Final = "http://www.w3.org/ns/dcat#"
DCTERMS: Final = "http://purl.org/dc/terms/"
ELI: Final = "http://data.europa.eu/eli/ontology#"
OA: Final = "http://www.w3.org/ns/oa#"
ORG: Final = "http://www.w3.org/ns/org#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
PROV: Final = "http://www.w3.org/ns/prov#"
QB: Final = "http://purl.org/linked-data/cube#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
TIME: Final = "http://www.w3.org/2006/time#"


def local_name(iri: str) -> str:
    """What stands after the last `/` or `#` of an IRI; the whole when nothing does."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri
