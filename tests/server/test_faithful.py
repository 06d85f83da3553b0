"""The endpoint says of a release what its dumps say: the same triples, literal by literal, in every named graph.

The store keeps literals by value (`01` becomes `1`, `xsd:negativeInteger` becomes `xsd:integer`), so that this holds
only for literals that are canonical already. All of a release's are.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from .conftest import SERVE

HOME = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def published(releases: Path) -> Iterator[httpx.Client]:
    """The service over the release of the committed tables."""
    command = [sys.executable, "-c", SERVE.replace("1.5", "60"), str(HOME), str(releases)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        with httpx.Client(base_url=found.group(), timeout=90) as http:
            yield http
        process.terminate()
        assert process.wait(timeout=20) in (0, -15)


def quads(lines: bytes) -> set[ox.Quad]:
    return set(ox.parse(lines, format=ox.RdfFormat.N_QUADS))


def test_every_graph_of_the_endpoint_is_the_one_in_the_dump(published: httpx.Client, releases: Path) -> None:
    dump = quads((releases / "current" / "dumps" / "all.nq").read_bytes())
    graphs = {str(quad.graph_name)[1:-1] for quad in dump}
    found: set[ox.Quad] = set()
    for graph in graphs:
        query = f"CONSTRUCT {{?s ?p ?o}} WHERE {{GRAPH <{graph}> {{?s ?p ?o}}}}"
        answer = published.post("/sparql", data={"query": query}, headers={"Accept": "application/n-triples"})
        assert answer.status_code == 200
        found |= {
            ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph))
            for quad in quads(answer.content)
        }
    assert len(graphs) > 3
    assert found == dump


def test_the_union_is_the_whole(published: httpx.Client, releases: Path) -> None:
    dump = (releases / "current" / "dumps" / "all.nt").read_bytes()
    answer = published.post(
        "/sparql", data={"query": "CONSTRUCT WHERE {?s ?p ?o}"}, headers={"Accept": "application/n-triples"}
    )
    assert quads(answer.content) == quads(dump)


def test_every_dump_of_the_whole_says_the_same(releases: Path) -> None:
    folder = releases / "current" / "dumps"
    whole = quads((folder / "all.nt").read_bytes())
    for suffix, form in (("ttl", ox.RdfFormat.TURTLE), ("rdf", ox.RdfFormat.RDF_XML)):
        assert set(ox.parse(path=str(folder / f"all.{suffix}"), format=form)) == whole
    for suffix, form in (("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG)):
        found = ox.parse(path=str(folder / f"all.{suffix}"), format=form, without_named_graphs=False)
        assert {ox.Quad(quad.subject, quad.predicate, quad.object) for quad in found} == whole


def test_a_literal_that_is_not_canonical_would_be_told(published: httpx.Client) -> None:
    query = 'CONSTRUCT {<urn:a> <urn:b> ?o} {BIND("01"^^<http://www.w3.org/2001/XMLSchema#integer> AS ?o)}'
    answer = published.post("/sparql", data={"query": query}, headers={"Accept": "application/n-triples"})
    assert quads(answer.content) != quads(
        b'<urn:a> <urn:b> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    )
