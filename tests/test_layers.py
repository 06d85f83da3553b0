"""Imports point downward only, and each third-party engine is imported where it belongs (architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "dxlod"
BELOW: dict[str, set[str]] = {
    "errors": set(),
    "namespaces": set(),
    "settings": {"errors"},
    "model": {"errors"},
    "document": {"errors", "model"},
    "table": {"errors", "model"},
    "layout": {"errors", "model", "document", "table"},
    "extraction": {"errors", "model", "document", "table", "layout"},
    "mapping": {"errors", "model", "table", "settings", "namespaces"},
    "validation": {"errors", "model", "settings", "namespaces"},
    "release": {"errors", "model", "settings", "namespaces", "validation", "mapping", "table"},
    "catalog": {"errors", "model", "settings", "namespaces", "table", "release"},
    "store": {"errors", "model", "settings", "namespaces", "release"},
    "site": {"errors", "model", "settings", "namespaces", "release"},
    "pipeline": {
        "errors",
        "model",
        "settings",
        "table",
        "mapping",
        "validation",
        "release",
        "catalog",
        "site",
    },
    "server": {"errors", "model", "settings", "namespaces", "release", "store", "site"},
    "cli": {
        "errors",
        "model",
        "settings",
        "table",
        "layout",
        "extraction",
        "pipeline",
        "release",
        "catalog",
        "store",
        "site",
        "server",
    },
}
ENGINES = {
    "pyshacl": {"validation"},
    "shifty": {"validation"},
    "pyld": {"release"},
    "SPARQLWrapper": {"store"},
    "pyoxigraph": {"store", "release"},
    "xlsxwriter": {"release"},
    "uvicorn": {"server"},
    "fastapi": {"server"},
    "starlette": {"server"},
    "click": {"cli"},
    "rich": {"cli"},
    "rdflib": {"mapping", "validation", "release", "server"},
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "dxlod")


@pytest.mark.parametrize(("layer", "path"), list(modules()), ids=lambda value: getattr(value, "name", value))
def test_imports_point_downward(layer: str, path: Path) -> None:
    if layer == "__init__":
        assert not [name for name in imports(path) if name.startswith("dxlod.")]
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "dxlod" and len(parts) > 1 and parts[1] not in ("__version__", layer):
            assert parts[1] in BELOW[layer], f"{layer} must not import {name}"


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_engines_stay_in_their_layers(engine: str) -> None:
    layers = {layer for layer, path in modules() for name in imports(path) if name.split(".")[0] == engine}
    assert layers, f"{engine} is imported nowhere"
    assert layers <= ENGINES[engine]


@pytest.mark.parametrize("engine", ["pyshacl", "shifty", "pyld", "SPARQLWrapper", "pyoxigraph", "xlsxwriter"])
def test_one_engine_one_file(engine: str) -> None:
    files = {path for _, path in modules() for name in imports(path) if name.split(".")[0] == engine}
    assert len(files) == 1, sorted(str(path.relative_to(PACKAGE)) for path in files)
