"""The HTTP service over one release.

What is named here is imported when it is first asked for: a query process needs little of this package, and starts
sooner and smaller without the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dxlod.server.app import create_app
    from dxlod.server.run import serve, urls_to_try

__all__ = ["create_app", "serve", "urls_to_try"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("dxlod.server.app" if name == "create_app" else "dxlod.server.run"), name)
