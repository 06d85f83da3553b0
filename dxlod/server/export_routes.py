"""The table of routes, read: which addresses the application has without being told more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from fastapi import FastAPI
from starlette.routing import BaseRoute, Route

__all__ = ["fixed_paths", "numbered", "suffixed"]

_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_OWN = ("/healthz", "/readyz", "/metrics")
"""Addresses about the service itself, which a folder of files is not."""


def _routes(app: FastAPI) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Path of each route that can be read, with the names and kinds of its parameters."""
    for route in _flat(app.routes):
        if isinstance(route, Route) and "GET" in (route.methods or ()) and route.path not in _OWN:
            yield route.path, _PARAMETER.findall(route.path)


def _flat(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Routes with those of included routers, which FastAPI keeps as they were, under no prefix of ours."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is None:
            yield route
        else:
            yield from _flat(router.routes)


def fixed_paths(app: FastAPI) -> list[str]:
    """Paths without parameters, sorted."""
    return sorted({path for path, parameters in _routes(app) if not parameters})


def suffixed(app: FastAPI, suffixes: tuple[str, ...]) -> list[str]:
    """Paths whose one parameter is a suffix, with each suffix; not each is answered."""
    found = {
        path.replace("{suffix}", suffix)
        for path, parameters in _routes(app)
        for suffix in suffixes
        if [name for name, _ in parameters] == ["suffix"]
    }
    return sorted(found)


def numbered(app: FastAPI) -> list[Callable[[int], str]]:
    """What gives the path for a number, for each route whose one parameter is a number."""
    templates = {path for path, parameters in _routes(app) if [kind for _, kind in parameters] == ["int"]}
    return [_filled(path) for path in sorted(templates)]


def _filled(template: str) -> Callable[[int], str]:
    return lambda number: _PARAMETER.sub(str(number), template)
