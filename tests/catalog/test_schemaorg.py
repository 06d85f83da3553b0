"""schema.org: what search engines require, and that every link is one of the catalogue."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dxlod.catalog import Catalogue
from dxlod.catalog.schemaorg import data_catalog


@pytest.fixture(scope="module")
def nodes(published: Catalogue) -> dict[str, dict[str, Any]]:
    document = json.loads(json.dumps(data_catalog(published)))
    assert document["@context"] == "https://schema.org/"
    return {node["@id"]: node for node in document["@graph"]}


def test_every_reference_leads_to_a_node(nodes: dict[str, dict[str, Any]]) -> None:
    catalog = nodes["https://w3id.org/dxlod/id/catalog"]
    assert catalog["@type"] == "DataCatalog"
    names = [item["@id"] for item in catalog["dataset"]]
    assert len(names) == 6
    for name in names:
        node = nodes[name]
        assert node["@type"] == "Dataset"
        assert node["includedInDataCatalog"] == {"@id": catalog["@id"]}
        for key in ("publisher", "creator", "isPartOf"):
            assert key not in node or node[key]["@id"] in nodes


def test_descriptions_have_the_length_that_search_engines_take(nodes: dict[str, dict[str, Any]]) -> None:
    """Google, structured data for data sets: 50 to 5,000 characters."""
    for node in nodes.values():
        if node["@type"] == "Dataset":
            assert all(50 <= len(text["@value"]) <= 5000 for text in node["description"])
            assert node["license"] == "https://creativecommons.org/licenses/by/4.0/"
            assert node["temporalCoverage"].count("/") == 1


def test_downloads_are_the_distributions(nodes: dict[str, dict[str, Any]], published: Catalogue) -> None:
    for dataset in published.datasets:
        found = {(item["contentUrl"], item["sha256"]) for item in nodes[dataset.iri]["distribution"]}
        assert found == {(file.url, file.sha256) for file in dataset.distributions}


def test_variables_are_the_indicators_of_the_plan(nodes: dict[str, dict[str, Any]]) -> None:
    variables = nodes["https://w3id.org/dxlod/id/dataset/212075-dx-2024"]["variableMeasured"]
    assert len(variables) == 17
    first = next(item for item in variables if item["url"].endswith("/kpi/1-4-1"))
    assert first["name"] == "市公式LINE登録者数"
    assert first["unitText"] == "人"


def test_nothing_is_said_that_is_not_known(nodes: dict[str, dict[str, Any]]) -> None:
    empty = [
        (name, key) for name, node in nodes.items() for key, value in node.items() if value in ("", None, [])
    ]
    assert empty == []
    assert "variableMeasured" not in nodes["https://w3id.org/dxlod/id/dataset/all"]
