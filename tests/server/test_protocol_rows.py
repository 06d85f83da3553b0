"""A limit of rows, where the operator sets one: said of every answer, and never a cut answer."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from dxlod.release import Release
from dxlod.settings import Settings

from .conftest import SERVE

THREE = "SELECT ?x {VALUES ?x {1 2 3}}"
TWO = "SELECT ?x {VALUES ?x {1 2}}"


@pytest.fixture(scope="module")
def bounded(settings: Settings, release: Release) -> Iterator[httpx.Client]:
    """The service with `max_rows` 2."""
    code = SERVE.replace("query_timeout=1.5", "query_timeout=30, max_rows=2")
    command = [sys.executable, "-c", code, str(settings.home), str(settings.releases)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        with httpx.Client(base_url=found.group(), timeout=60) as http:
            yield http
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_the_limit_is_declared_and_kept(bounded: httpx.Client, name: str) -> None:
    whole = bounded.get("/sparql", params={"query": TWO, "format": name})
    assert (whole.status_code, whole.headers["x-sparql-maxrows"]) == (200, "2")
    refused = bounded.get("/sparql", params={"query": THREE, "format": name})
    assert refused.status_code == 400
    assert "more than 2 rows" in refused.text
    assert "LIMIT 2" in refused.text.splitlines()[0]


def test_the_description_says_so(bounded: httpx.Client, client: httpx.Client) -> None:
    assert "more than 2 rows" in bounded.get("/sparql").text
    assert "rows" not in client.get("/sparql").text


def test_without_a_limit_nothing_is_said(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": THREE})
    assert answer.status_code == 200
    assert "x-sparql-maxrows" not in answer.headers
