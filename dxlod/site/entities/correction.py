"""The page of a correction: what the source has, what was read, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import cast

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.iris import RDFS

__all__ = ["SECTION", "changed", "correction_facts"]

Pieces = list[tuple[str, bool]]
"""Pieces of a text, each with whether it differs."""


def correction_facts(look: Look) -> Mapping[str, object]:
    """Both texts with what differs, reason, other reading, method, and the corrections before and after."""
    things, iri = look.things, look.iri
    edition = things.iri(iri, DXO.inEdition)
    every = look.things.reader.object_iris(edition, DXO.hasCorrection)
    at = every.index(iri) if iri in every else -1
    printed, read = things.text(iri, DXO.asPrinted), things.text(iri, DXO.asRead)
    before, after = changed(printed, read)
    around = {
        "prev": every[at - 1] if at > 0 else "",
        "next": every[at + 1] if -1 < at < len(every) - 1 else "",
    }
    things.read(found for found in around.values() if found)
    name = f"「{printed}」→「{read}」".replace("␉", " ")  # Few fonts have the sign for a tab.
    crumbs = cast(Sequence[tuple[str, str | None]], look.generic.get("crumbs", ()))
    return {
        "title": {"ja": name},
        "crumbs": [*crumbs[:-1], (name, None)],
        "edition": edition,
        "printed": before,
        "read": after,
        "dropped": not read,
        "reason": things.text(iri, DXO.reason),
        "other": things.text(iri, DXO.alternativeReading),
        "method": things.iri(iri, DXO.correctionMethod),
        "around": around,
        "slug": edition.partition("/id/plan/")[2].replace("/", "-"),
        "lines": things.lines(iri),
    }


def changed(printed: str, read: str) -> tuple[Pieces, Pieces]:
    """The two texts in pieces, marked where they differ."""
    before: Pieces = []
    after: Pieces = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, printed, read, autojunk=False).get_opcodes():
        if a2 > a1:
            before.append((printed[a1:a2], kind != "equal"))
        if b2 > b1:
            after.append((read[b1:b2], kind != "equal"))
    return before, after


SECTION = Section(
    DXO.Correction,
    "entities/correction.html",
    correction_facts,
    frozenset(
        (
            f"{RDFS}label",
            DXO.inEdition,
            DXO.asPrinted,
            DXO.asRead,
            DXO.reason,
            DXO.alternativeReading,
            DXO.correctionMethod,
        )
    ),
)
