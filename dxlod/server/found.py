"""An answer that was found before the routes were asked: they only say it (see shortcut.py)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Scope

from dxlod.errors import DxlodError
from dxlod.server.answers import Tagged
from dxlod.server.spool import LargeAnswer

__all__ = ["Found", "found_before"]

_KEY = "dxlod.found"


@dataclass(frozen=True)
class Found:
    """An answer, or the error that there is instead."""

    answer: Tagged | LargeAnswer | None = None
    error: DxlodError | None = None

    def into(self, scope: Scope) -> Scope:
        """The request, for the routes to answer with this."""
        return {**scope, _KEY: self}


def found_before(scope: Scope) -> Tagged | LargeAnswer | None:
    """What was found for this request, None if nobody has looked; raises the error where there is one."""
    found: Found | None = scope.get(_KEY)
    if found is None:
        return None
    if found.error is not None:
        raise found.error
    return found.answer
