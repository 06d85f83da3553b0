"""Every failure that dxlod raises on purpose.

    DxlodError                 shown to the user without a traceback; exit code 2
    ├─ SettingsError           a setting or an argument cannot be used
    ├─ DocumentError           a plan document cannot be read
    ├─ LayoutError             no such layout, or the document does not fit it at all
    ├─ TableError              a table cannot be read or written
    │  └─ EditedTableError     writing would lose a person's edit (exit code 1)
    ├─ MappingError            an RML mapping is outside the stated subset, or refers to what is not there
    ├─ ValidationError         shapes cannot be loaded
    ├─ ReleaseError            a release cannot be built, found or opened
    │  └─ NonConformingError   violations stop the build (exit code 1)
    ├─ StoreError              the triple store cannot be opened or has died
    │  ├─ StoreBusyError       no query worker was free in time
    │  └─ RemoteStoreError     a store elsewhere cannot be reached, or fails
    ├─ RequestError            a request is not what HTTP or a protocol over it asks for
    └─ QueryError              a query is refused, malformed or past its limits
       ├─ QueryTimeoutError    stopped at its deadline
       ├─ QueryMemoryError     stopped at its limit of memory, or its answer is larger than allowed
       ├─ QuerySyntaxError     not SPARQL 1.1; says line and column
       ├─ QueryRefusedError    SPARQL that this service does not run, such as SERVICE
       ├─ EndpointError        another endpoint, asked by SERVICE, does not answer as it should
       ├─ QueryTooLongError    the request is longer than the service reads
       ├─ AnswerTooLargeError  more rows than the service gives at once
       └─ ClientGoneError      whoever asked has left

Each carries its message in Japanese and English and, where there is one, what to do about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "ActionError",
    "AnswerTooLargeError",
    "ClientGoneError",
    "DocumentError",
    "DxlodError",
    "EditedTableError",
    "EndpointError",
    "LayoutError",
    "MappingError",
    "NonConformingError",
    "QueryError",
    "QueryMemoryError",
    "QueryRefusedError",
    "QuerySyntaxError",
    "QueryTimeoutError",
    "QueryTooLongError",
    "ReleaseError",
    "RemoteStoreError",
    "RequestError",
    "SettingsError",
    "StoreBusyError",
    "StoreError",
    "TableError",
    "ValidationError",
]


class DxlodError(Exception):
    """A failure with a message in Japanese and English and a way to mend it."""

    exit_code = 2

    def __init__(self, ja: str, en: str, *, mend_ja: str = "", mend_en: str = "") -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en
        self.mend_ja = mend_ja
        self.mend_en = mend_en

    def __str__(self) -> str:
        lines = [self.ja, self.en, self.mend_ja, self.mend_en]
        return "\n".join(line for line in lines if line)


class SettingsError(DxlodError):
    """A setting or an argument cannot be used."""


class DocumentError(DxlodError):
    """A plan document cannot be read."""


class LayoutError(DxlodError):
    """No such layout, or the document does not fit it at all."""


class TableError(DxlodError):
    """A table cannot be read or written."""


class EditedTableError(TableError):
    """Writing would lose a person's edit."""

    exit_code = 1


class MappingError(DxlodError):
    """An RML mapping is outside the stated subset, or refers to what is not there."""


class ValidationError(DxlodError):
    """Shapes cannot be loaded."""


class ReleaseError(DxlodError):
    """A release cannot be built, found or opened."""


class NonConformingError(ReleaseError):
    """Violations stop the build; `violations` holds one `dxlod.release.Violation` for each."""

    exit_code = 1

    def __init__(
        self, ja: str, en: str, *, mend_ja: str = "", mend_en: str = "", violations: tuple[Any, ...] = ()
    ) -> None:
        super().__init__(ja, en, mend_ja=mend_ja, mend_en=mend_en)
        self.violations = violations


class StoreError(DxlodError):
    """The triple store cannot be opened."""


class StoreBusyError(StoreError):
    """No query worker was free in time."""


class RemoteStoreError(StoreError):
    """A store elsewhere cannot be reached, does not let us in, or fails."""


class RequestError(DxlodError):
    """A request is not what HTTP or a protocol over it asks for; `status` and `headers` say so to its sender."""

    def __init__(self, status: int, ja: str, en: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(ja, en)
        self.status = status
        self.headers = dict(headers or {})


class ActionError(RequestError):
    """An action of the CKAN-shaped API cannot be done: `kind` and `members` are what CKAN's own error would say."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        ja: str,
        en: str,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(status, ja, en)
        self.kind = kind
        self.message = message
        self.members = dict(members or {})


class QueryError(DxlodError):
    """A query is refused, malformed or past its limits."""


class ClientGoneError(QueryError):
    """Whoever asked has left; nobody reads this."""


class QueryTimeoutError(QueryError):
    """A query was stopped at its deadline."""


class QueryMemoryError(QueryError):
    """A query was stopped at its limit of memory, or its answer is larger than allowed."""


class QuerySyntaxError(QueryError):
    """Not SPARQL 1.1. `line` and `column` count characters from 1; 0 where the place is not known."""

    def __init__(self, ja: str, en: str, *, line: int = 0, column: int = 0) -> None:
        super().__init__(ja, en)
        self.line = line
        self.column = column


class QueryRefusedError(QueryError):
    """A query that may be SPARQL, but that this service does not run."""


class EndpointError(QueryError):
    """Another endpoint, asked by SERVICE, does not answer as it should."""


class QueryTooLongError(QueryError):
    """A request is longer than the service reads."""


class AnswerTooLargeError(QueryError):
    """An answer has more rows than the service gives at once."""
