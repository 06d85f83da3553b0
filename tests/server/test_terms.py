"""/api/terms: what an editor completes with, held against the data of the release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from dxlod.settings import Settings

from .live import live

ROOT = Path(__file__).resolve().parents[2]
COUNT = "SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"


@pytest.fixture(scope="module")
def http(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = Settings.load({}, data=ROOT / "data", releases=releases)
    with live(settings, tmp_path_factory.mktemp("terms")) as service, service.client() as client:
        yield client


def terms(http: httpx.Client, lang: str) -> dict[str, Any]:
    found: dict[str, Any] = http.get("/api/terms", params={"lang": lang}).raise_for_status().json()
    return found


def count(http: httpx.Client, pattern: str) -> int:
    answer = http.get("/sparql", params={"query": COUNT.format(pattern=pattern), "format": "json"})
    return int(json.loads(answer.text)["results"]["bindings"][0]["n"]["value"])


def test_terms_of_the_data_with_labels_in_the_language_asked_for(http: httpx.Client) -> None:
    for lang, label in (("ja", "取組"), ("en", "initiative")):
        found = {item["iri"]: item for item in terms(http, lang)["terms"]}
        assert found["https://w3id.org/dxlod/ns#Initiative"]["label"] == label
        assert found["https://w3id.org/dxlod/ns#Initiative"]["kind"] == "class"
        assert found["https://w3id.org/dxlod/ns#hasIndicator"]["kind"] == "property"
        assert found["http://purl.org/dc/terms/title"]["label"]


def test_how_often_a_term_is_used_is_what_the_data_say(http: httpx.Client) -> None:
    found = {item["iri"]: item["uses"] for item in terms(http, "ja")["terms"]}
    initiative, indicator = "https://w3id.org/dxlod/ns#Initiative", "https://w3id.org/dxlod/ns#hasIndicator"
    assert found[initiative] == count(http, f"?s a <{initiative}>") > 0
    assert found[indicator] == count(http, f"?s <{indicator}> ?o") > 0


def test_the_most_used_come_first_and_all_prefixes_are_namespaces(http: httpx.Client) -> None:
    found = terms(http, "ja")
    uses = [item["uses"] for item in found["terms"]]
    assert uses == sorted(uses, reverse=True)
    assert found["prefixes"]["dxo"] == "https://w3id.org/dxlod/ns#"
    assert all(space.endswith(("#", "/")) for space in found["prefixes"].values())


def test_an_unknown_language_is_the_default_one_and_the_answer_has_validators(http: httpx.Client) -> None:
    first = http.get("/api/terms", params={"lang": "xx"})
    assert first.json() == terms(http, "ja")
    assert first.json() != terms(http, "en")
    again = http.get("/api/terms", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
