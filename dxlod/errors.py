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
    │  └─ StoreBusyError       no query worker was free in time
    └─ QueryError              a query is refused, malformed or past its limits
       └─ QueryTimeoutError    stopped at its deadline

Each carries its message in Japanese and English and, where there is one, what to do about it.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "DocumentError",
    "DxlodError",
    "EditedTableError",
    "LayoutError",
    "MappingError",
    "NonConformingError",
    "QueryError",
    "QueryTimeoutError",
    "ReleaseError",
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


class QueryError(DxlodError):
    """A query is refused, malformed or past its limits."""


class QueryTimeoutError(QueryError):
    """A query was stopped at its deadline."""
