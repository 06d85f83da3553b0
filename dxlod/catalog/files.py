"""What kinds of files a data set can be had in: names for people, media types, EU codes, standards."""

from __future__ import annotations

from dataclasses import dataclass

from dxlod.catalog.publisher import Text

__all__ = ["FILE_KINDS", "FileKind", "kind_of"]


@dataclass(frozen=True)
class FileKind:
    """`label`: as a person knows it, and as CKAN shows it. `code`: of the EU authority file-type. `standard`: its IRI."""

    suffix: str
    label: str
    media_type: str
    code: str
    standard: str
    standard_name: str
    name: Text


_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_KINDS = (
    FileKind("csv", "CSV", "text/csv", "CSV", "https://www.rfc-editor.org/info/rfc4180", "RFC 4180 (CSV)",
             Text("表（CSV）", "table (CSV)")),
    FileKind("csv.zip", "ZIP", "application/zip", "ZIP", "https://www.w3.org/TR/tabular-metadata/", "CSV on the Web",
             Text("すべての表のCSV（ZIP）", "all tables as CSV (ZIP)")),
    FileKind("xlsx", "XLSX", _EXCEL, "XLSX", "https://www.iso.org/standard/71691.html", "Office Open XML (ISO/IEC 29500)",
             Text("Excelワークブック（すべての表）", "Excel workbook (all tables)")),
    FileKind("ttl", "Turtle", "text/turtle", "RDF_TURTLE", "https://www.w3.org/TR/turtle/", "RDF 1.1 Turtle",
             Text("RDF（Turtle）", "RDF (Turtle)")),
    FileKind("jsonld", "JSON-LD", "application/ld+json", "JSON_LD", "https://www.w3.org/TR/json-ld11/", "JSON-LD 1.1",
             Text("RDF（JSON-LD）", "RDF (JSON-LD)")),
    FileKind("nt", "N-Triples", "application/n-triples", "RDF_N_TRIPLES", "https://www.w3.org/TR/n-triples/",
             "RDF 1.1 N-Triples", Text("RDF（N-Triples）", "RDF (N-Triples)")),
    FileKind("rdf", "RDF", "application/rdf+xml", "RDF_XML", "https://www.w3.org/TR/rdf-syntax-grammar/",
             "RDF 1.1 XML Syntax", Text("RDF（RDF/XML）", "RDF (RDF/XML)")),
    FileKind("trig", "TriG", "application/trig", "RDF_TRIG", "https://www.w3.org/TR/trig/", "RDF 1.1 TriG",
             Text("RDF（TriG、名前付きグラフ）", "RDF (TriG, named graphs)")),
    FileKind("nq", "N-Quads", "application/n-quads", "RDF_N_QUADS", "https://www.w3.org/TR/n-quads/", "RDF 1.1 N-Quads",
             Text("RDF（N-Quads、名前付きグラフ）", "RDF (N-Quads, named graphs)")),
)  # fmt: skip
"""In the order in which people are offered them: what opens in a spreadsheet first."""


def kind_of(path: str) -> tuple[FileKind, bool] | None:
    """Kind of a file and whether it is gzipped; None for a file that is no form of the data (metadata, reports)."""
    gzipped = path.endswith(".gz")
    _, _, suffix = path.removesuffix(".gz").rpartition("/")[2].partition(".")
    kind = next((item for item in FILE_KINDS if item.suffix == suffix), None)
    return (kind, gzipped) if kind else None
