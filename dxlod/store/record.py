"""What a store elsewhere holds of a release: a small graph of its own, `<base>/graph/release`, that `push` keeps there.

It names the graphs that are ours, gives the SHA-256 of each one that has been sent whole, and names the release when
all have been. schema.org has the words for it: `hasPart`, `sha256`, `version`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dxlod.store.base import Rows

__all__ = [
    "Record",
    "digest_line",
    "others_query",
    "read_others",
    "read_record",
    "record_iri",
    "record_query",
]

_PART = "https://schema.org/hasPart"
_DIGEST = "https://schema.org/sha256"
_VERSION = "https://schema.org/version"


@dataclass(frozen=True)
class Record:
    """`graphs`: for each of ours its SHA-256, '' while it is being sent. `sha256`, `version`: of the whole, if whole."""

    iri: str
    graphs: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    version: str = ""

    def lines(self) -> Iterator[str]:
        """The record as N-Triples."""
        for graph, digest in self.graphs.items():
            yield f"<{self.iri}> <{_PART}> <{graph}> .\n"
            if digest:
                yield digest_line(graph, digest)
        if self.sha256:
            yield digest_line(self.iri, self.sha256)
            yield f'<{self.iri}> <{_VERSION}> "{self.version}" .\n'


def record_iri(base: str) -> str:
    """The graph that holds the record of what is published under a base IRI."""
    return f"{base}/graph/release"


def digest_line(graph: str, digest: str) -> str:
    """That a graph has been sent whole, as an N-Triple."""
    return f'<{graph}> <{_DIGEST}> "{digest}" .\n'


def record_query(iri: str) -> str:
    """SELECT of what `read_record` reads."""
    return f"SELECT ?s ?p ?o WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"


def read_record(iri: str, rows: Rows) -> Record:
    """The record, empty when there is none."""
    found = [tuple(term.text if term else "" for term in row) for row in rows.rows]
    digests = {s: o for s, p, o in found if p == _DIGEST}
    graphs = {o: digests.get(o, "") for s, p, o in found if s == iri and p == _PART}
    version = next((o for s, p, o in found if s == iri and p == _VERSION), "")
    return Record(iri, graphs, digests.get(iri, ""), version)


def others_query(iri: str) -> str:
    """SELECT of what `read_others` reads: what other publishers' records in the same store say."""
    return (
        f"SELECT ?graph ?digest WHERE {{ GRAPH ?record {{ ?record <{_PART}> ?graph . "
        f"OPTIONAL {{ ?graph <{_DIGEST}> ?digest }} }} FILTER(?record != <{iri}>) }}"
    )


def read_others(rows: Rows) -> dict[str, set[str]]:
    """Graphs that are others' too, with the SHA-256 of each as they have sent it ('' while they do)."""
    found: dict[str, set[str]] = {}
    for graph, digest in rows.rows:
        if graph is not None:
            found.setdefault(graph.text, set()).add(digest.text if digest else "")
    return found
