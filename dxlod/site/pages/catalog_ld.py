"""The catalogue for search engines of data sets, as the home page and the page of files carry it (schema.org)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from dxlod.errors import ReleaseError
from dxlod.site.structured import json_ld

__all__ = ["MOST_DATASETS", "catalog_ld"]

MOST_DATASETS = 24
"""Data sets that a page says more of than their IRI; all of all of them is in schema.jsonld."""

_KEPT = (
    "@id",
    "@type",
    "name",
    "description",
    "url",
    "license",
    "creator",
    "version",
    "datePublished",
    "temporalCoverage",
    "isAccessibleForFree",
    "includedInDataCatalog",
)
_FILE = ("@type", "contentUrl", "encodingFormat", "contentSize", "sha256")


def catalog_ld(folder: Path, *, files: bool = False) -> Markup:
    """The DataCatalog of a release's `schema.jsonld` with its data sets in short, '' where it has none.

    `files`: the data set of everything also with its files. ReleaseError for a file that cannot be read.
    """
    path = folder / "schema.jsonld"
    if not path.is_file():
        return Markup("")
    try:
        nodes: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["@graph"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"{path.name} を読めません。", f"{path.name} cannot be read: {error}") from error
    others = [node for node in nodes if node["@type"] != "Dataset"]
    sets = [node for node in nodes if node["@type"] == "Dataset"][:MOST_DATASETS]
    return json_ld([*others, *(_short(node, files) for node in sets)])


def _short(node: Mapping[str, Any], files: bool) -> dict[str, Any]:
    kept = {name: node[name] for name in _KEPT if name in node}
    if files and node["@id"].endswith("/id/dataset/all"):
        kept["distribution"] = [
            {name: item[name] for name in _FILE if name in item} for item in node.get("distribution", ())
        ]
    return kept
