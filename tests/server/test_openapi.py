"""The OpenAPI document: whole, as the routes are, and true of a running service."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.openapi.utils import get_openapi

from dxlod.release import open_current
from dxlod.server.app import create_app
from dxlod.server.openapi import document
from dxlod.server.openapi_routes import Facts
from dxlod.server.openapi_routes import operations as told_of
from dxlod.settings import Settings

from .live import Live, live

Api = dict[str, Any]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
HOOKS = """
import schemathesis

schemathesis.serializer.alias("application/sparql-query", "text/plain")
"""


@pytest.fixture(scope="module")
def built(releases: Path) -> Settings:
    return Settings(releases=releases)


@pytest.fixture(scope="module")
def described(built: Settings) -> Iterator[tuple[Api, Api]]:
    """The document, and the one that the framework makes of the routes."""
    app = create_app(open_current(built), built)
    yield document(app, app.state.service), get_openapi(title="", version="", routes=app.routes)
    app.state.service.reader.close()


@pytest.fixture(scope="module")
def service(built: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(built, tmp_path_factory.mktemp("openapi")) as started:
        yield started


def operations(api: Api) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, told) for path, methods in api["paths"].items() for method, told in methods.items()
    ]


def test_every_route_is_described_and_nothing_else(
    built: Settings,
    described: tuple[Api, Api],
) -> None:
    api, routes = described
    release, saved = open_current(built), "/api/queries/"
    table = told_of(Facts(release, "/id/x"))
    ours = {(path, method) for path, methods in table.items() for method in methods}
    there = {(path, method) for path, method, _ in operations(routes)}
    assert ours == {(path, method) for path, method in there if not path.startswith(saved)}
    assert {(path, method) for path, method, _ in operations(api)} == there
    assert {"/openapi.json", "/sparql", "/doc/{path}", "/api/3/action/{name}"} <= set(api["paths"])


def test_what_is_described_is_plain_and_bilingual(described: tuple[Api, Api]) -> None:
    api, _ = described
    tags = {tag["name"] for tag in api["tags"]}
    names = [told["operationId"] for _, _, told in operations(api)]
    assert len(names) == len(set(names))
    for path, method, told in operations(api):
        assert " / " in told["summary"], (path, method)
        assert set(told["tags"]) <= tags
        assert "422" not in told["responses"]
        for status, answer in told["responses"].items():
            assert not (status in ("204", "302", "303", "304") and "content" in answer), (path, status)
        in_path = {item["name"] for item in told["parameters"] if item["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path)), path


def test_every_reference_leads_somewhere(described: tuple[Api, Api]) -> None:
    api, _ = described
    found = set(re.findall(r'"\$ref": "#/components/(\w+)/(\w+)"', json.dumps(api)))
    assert ("schemas", "Problem") in found
    assert {(kind, name) for kind, named in api["components"].items() for name in named} == found


def test_what_a_sparql_endpoint_answers_is_all_there(
    described: tuple[Api, Api],
) -> None:
    methods = described[0]["paths"]["/sparql"]
    failures = {"400", "403", "406", "413", "414", "503", "504"}
    assert set(methods["get"]["responses"]) == {"200", "303", "304"} | failures
    assert set(methods["post"]["responses"]) == {"200", "304", "415"} | failures
    assert set(methods["post"]["requestBody"]["content"]) == {
        "application/x-www-form-urlencoded",
        "application/sparql-query",
    }
    kinds = methods["get"]["responses"]["200"]["content"]
    assert {"application/sparql-results+json", "text/csv", "text/turtle", "application/n-quads"} <= set(kinds)
    asked = {item["name"] for item in methods["get"]["parameters"] if item["in"] == "query"}
    assert asked == {"query", "default-graph-uri", "named-graph-uri", "format", "output"}


def test_the_document_has_validators(service: Live) -> None:
    with service.client() as client:
        first = client.get("/openapi.json")
        again = client.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
        below = client.get("/dxlod/openapi.json")
    assert (first.status_code, first.headers["content-type"]) == (200, "application/json")
    assert "max-age" in first.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")
    assert first.json()["servers"] == [{"url": "/"}]
    assert below.json()["servers"] == [{"url": "/dxlod"}]


def asked(place: str, origin: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A run of schemathesis that comes out the same each time."""
    hooks = folder / "hooks_of_the_test.py"
    hooks.write_text(HOOKS)
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", place, "--url", origin, "--no-color"]
    command += ["--generation-deterministic", "--checks", ",".join(CHECKS), "--max-redirects", "0"]
    command += ["--phases", "examples,coverage,fuzzing", "--warnings", "off", *options]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(hooks)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.servers
def test_the_service_does_what_the_document_says(service: Live, tmp_path: Path) -> None:
    run = asked(f"{service.origin}/openapi.json", service.origin, tmp_path, "--max-examples", "25")
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    with service.client() as client:
        answered = client.get("/metrics").text
        paths = client.get("/openapi.json").json()["paths"]
    # Each of them was asked, and most of them had something to say.
    methods = [method for _, method, _ in operations({"paths": paths}) if method != "options"]
    assert f"Tested: {len(methods)}\n" in run.stdout
    assert answered.count('status="200"') > len(paths) * 0.8
    assert "Traceback" not in service.errors.read_text()


@pytest.mark.servers
@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/frames/{name}", lambda answers: answers.pop("404")),
        ("/healthz", lambda answers: answers["200"].update(content={"text/plain": {}})),
        ("/api/3", lambda answers: answers["200"].update(content={"application/json": {"schema": {"type": "array"}}})),
    ],
)  # fmt: skip
def test_a_document_that_is_not_true_is_found_out(
    service: Live, tmp_path: Path, path: str, change: Any
) -> None:
    api = httpx.get(f"{service.origin}/openapi.json").json()
    change(api["paths"][path]["get"]["responses"])
    place = tmp_path / "openapi.json"
    place.write_text(json.dumps(api), encoding="utf-8")
    run = asked(str(place), service.origin, tmp_path, "--include-path", path, "--max-examples", "3")
    assert run.returncode == 1, run.stdout
