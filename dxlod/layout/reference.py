"""Reference facts a reading may use: names of local governments, and works that plans cite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Reference", "Work"]


@dataclass(frozen=True, slots=True)
class Work:
    """A law, plan or guideline that plans name, with its printed forms."""

    key: str
    title: str
    forms: tuple[str, ...]
    kind: str
    law_id: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """Codes by name of local government; works; measurement units by printed form."""

    codes: Mapping[str, str] = field(default_factory=dict)
    works: Sequence[Work] = ()

    @classmethod
    def of(cls, municipalities: Sequence[Mapping[str, str]], works: Sequence[Mapping[str, str]]) -> Reference:
        """From the rows of the shared tables ``municipality`` and ``work``."""
        codes = {row["name"]: row["code"] for row in municipalities}
        known = tuple(
            Work(
                row["key"],
                row["title"],
                (row["title"], *(form for form in row["aliases"].split(";") if form)),
                row["kind"],
                row["law_id"],
            )
            for row in works
        )
        return cls(codes, known)
