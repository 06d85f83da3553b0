"""How far a build is, told to whoever watches."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "silent"]


class Progress(Protocol):
    """Called with a stage (`map`, `validate`, `write`, `install`), how much is done, and of how much (or None)."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def silent(stage: str, done: int, total: int | None) -> None:
    """Progress nobody watches."""
