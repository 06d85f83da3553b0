"""Errors on their way from a query worker to the web process: an error as fields of a message and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxlod.errors import (
    AnswerTooLargeError,
    DxlodError,
    QueryError,
    QueryMemoryError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTooLongError,
)

__all__ = ["from_header", "to_header"]

_KINDS: dict[str, type[QueryError]] = {
    kind.__name__: kind
    for kind in (AnswerTooLargeError, QueryMemoryError, QueryRefusedError, QueryTooLongError)
}


def to_header(error: DxlodError) -> dict[str, Any]:
    """The fields `ok` (false), `kind`, `ja`, `en`, `line` and `column`."""
    place = (error.line, error.column) if isinstance(error, QuerySyntaxError) else (0, 0)
    kind = type(error).__name__
    return {"ok": False, "kind": kind, "ja": error.ja, "en": error.en, "line": place[0], "column": place[1]}


def from_header(header: Mapping[str, Any]) -> QueryError:
    """The error that `to_header` wrote; a QueryError where its kind is another."""
    ja, en = header["ja"], header["en"]
    if header["kind"] == QuerySyntaxError.__name__:
        return QuerySyntaxError(ja, en, line=header["line"], column=header["column"])
    return _KINDS.get(header["kind"], QueryError)(ja, en)
