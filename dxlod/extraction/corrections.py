"""Corrections reviewed by a person, applied to a document's lines before a layout reads them.

A correction is anchored by the document's SHA-256 and the quoted characters. ``␉`` stands for a tab.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dxlod.document import Document
from dxlod.layout.draft import Correction, Note
from dxlod.model.lines import Lines

__all__ = ["apply_reviewed", "printed_form", "raw_form"]

Record = dict[str, str]


def raw_form(cell: str) -> str:
    """The characters of the document that a correction cell stands for."""
    return cell.replace("␉", "\t")


def printed_form(text: str) -> str:
    """How characters of the document are written in a correction cell."""
    return text.replace("\t", "␉")


def apply_reviewed(
    document: Document, rows: Sequence[Record]
) -> tuple[Document, list[Correction], list[Note]]:
    """The document as read, the corrections applied, and findings on those that do not fit."""
    lines = list(document.lines)
    applied: list[Correction] = []
    notes: list[Note] = []
    for row in rows:
        where = Lines.parse(row["lines"])
        number = where.ranges[0][0]
        printed = raw_form(row["as_printed"])
        if row["sha256"] != document.sha256:
            continue
        if number > len(lines) or not printed or printed not in lines[number - 1]:
            notes.append(_lost(where, row["as_printed"]))
            continue
        lines[number - 1] = lines[number - 1].replace(printed, raw_form(row["as_read"]), 1)
        applied.append(
            Correction(
                number, row["as_printed"], row["as_read"], row["reason"], "reviewed", row["alternative"]
            )
        )
    if rows and not any(row["sha256"] == document.sha256 for row in rows):
        notes.append(_other_document())
    return replace(document, lines=tuple(lines)), applied, notes


def _lost(where: Lines, printed: str) -> Note:
    return Note(
        "correction-lost",
        f"補正の対象「{printed}」が {where} 行にありません。補正は使われませんでした。",
        f"The characters to correct (“{printed}”) are not on line {where}; the correction was not used.",
        where,
    )


def _other_document() -> Note:
    return Note(
        "unreviewed",
        "この文書は補正を確認した文書と異なります（SHA-256 が違います）。補正は使われず、表は未確認です。",
        "This is not the document that the corrections were reviewed against (another SHA-256): "
        "none was applied, and the tables are unreviewed.",
        Lines(),
    )
