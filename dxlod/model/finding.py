"""A finding: what is wrong, where, and how to mend it, in Japanese and English."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to look at. ``row`` is the line number in the CSV file as a spreadsheet shows it (header = 1)."""

    file: str
    row: int
    column: str
    code: str
    message_ja: str
    message_en: str
    mend_ja: str = ""
    mend_en: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.row}" if self.row else self.file
        if self.column:
            place = f"{place} [{self.column}]"
        mend = f" → {self.mend_ja}" if self.mend_ja else ""
        mend_en = f" → {self.mend_en}" if self.mend_en else ""
        return f"{place}: {self.code}: {self.message_ja}{mend}\n    {self.message_en}{mend_en}"
