"""The pages of a source document and of a range of its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO
from dxlod.site.entities.look import Look, Section
from dxlod.site.iris import DCTERMS, OA, PROV, RDFS
from dxlod.site.kinds import KINDS

__all__ = ["DOCUMENT", "FRAGMENT", "Supported", "document_facts", "fragment_facts"]

_BINS = 100
MOST = 200
"""Things shown on the page of a fragment."""


@dataclass(frozen=True)
class Supported:
    """Things of one kind that lines support."""

    kind: str
    iris: tuple[str, ...]


def document_facts(look: Look) -> Mapping[str, object]:
    """What the document is, the plan made of it, and how densely its lines were read."""
    things, iri = look.things, look.iri
    total = things.whole(iri, DXO.lineCount)
    ranges = _ranges(look, iri)
    marks = _marks(ranges, total)
    editions = things.read(look.reader.subjects(f"{PROV}wasDerivedFrom", iri))
    return {
        "editions": [item for item in editions if "/id/plan/" in item],
        "total": total,
        "read": marks.count(1),
        "bins": _bins(marks, total),
        "fragments": len(ranges),
        "file": things.text(iri, f"{DCTERMS}title"),
        "digest": things.text(iri, DXO.sha256),
        "issued": things.text(iri, f"{DCTERMS}issued"),
        "publisher": things.iris(iri, f"{DCTERMS}publisher"),
        "rights": things.text(iri, f"{DCTERMS}rights"),
        "gaps": things.gaps(iri),
    }


def _ranges(look: Look, document: str) -> list[tuple[int, int]]:
    """First and last line of each fragment."""
    return [(int(start), int(end)) for start, end in look.reader.rows(_LINES, (f"<{document}>",))]


_LINES = "SELECT first, last FROM passage WHERE document = (SELECT id FROM term WHERE text = ?) ORDER BY first, last"


def _marks(ranges: Sequence[tuple[int, int]], total: int) -> bytearray:
    """For each line 1 where some range has it; lines count from 1."""
    marks = bytearray(max([total, *(end for _, end in ranges)]) + 1)
    for start, end in ranges:
        marks[start : end + 1] = b"\1" * (end + 1 - start)
    return marks


def _bins(marks: bytearray, total: int) -> list[tuple[int, int]]:
    """(number, hundredths of lines read) of equal parts of the document."""
    size = max(1, -(-total // _BINS))
    starts = range(1, total + 1, size)
    return [(number, round(100 * marks.count(1, at, at + size) / size)) for number, at in enumerate(starts)]


def fragment_facts(look: Look) -> Mapping[str, object]:
    """The document, the lines, and what is known from them, by kind."""
    things, iri = look.things, look.iri
    found = look.reader.subjects(DXO.sourceFragment, iri)
    things.read(found[:MOST])
    groups: dict[str, list[str]] = {}
    for item in found[:MOST]:
        kinds = set(things.kinds(item))
        kind = next((kind.label(look.view.lang) for kind in KINDS if kinds.intersection(kind.classes)), "")
        groups.setdefault(kind or str(look.translate(_other(kinds))), []).append(item)
    document = things.iri(iri, f"{OA}hasSource")
    return {
        "document": document,
        "start": things.whole(iri, DXO.startLine),
        "end": things.whole(iri, DXO.endLine) or things.whole(iri, DXO.startLine),
        "total": things.whole(document, DXO.lineCount) if document else 0,
        "supported": [Supported(kind, tuple(iris)) for kind, iris in groups.items()],
        "more": max(0, len(found) - MOST),
        "around": _around(look, found),
    }


def _other(kinds: set[str]) -> str:
    """The message for what nobody searches for by itself."""
    if DXO.IndicatorValue in kinds:
        return "rich.values"
    return "rich.phases" if DXO.SchedulePhase in kinds else "rich.other_things"


def _around(look: Look, found: list[str]) -> dict[str, list[str]]:
    """What values and phases belong to, so that they can be told apart."""
    things = look.things
    owners: dict[str, list[str]] = {}
    for item in found[:MOST]:
        above = things.iris(item, DXO.indicator) or look.reader.subjects(DXO.hasPhase, item)
        if above:
            owners[item] = things.read(above)
    return owners


DOCUMENT = Section(
    DXO.SourceDocument,
    "entities/document.html",
    document_facts,
    frozenset(
        (
            f"{RDFS}label",
            f"{DCTERMS}title",
            f"{DCTERMS}issued",
            f"{DCTERMS}publisher",
            f"{DCTERMS}rights",
            DXO.lineCount,
            DXO.sha256,
            DXO.unknown,
        )
    ),
)
FRAGMENT = Section(
    DXO.SourceFragment,
    "entities/fragment.html",
    fragment_facts,
    frozenset((f"{RDFS}label", f"{OA}hasSource", DXO.startLine, DXO.endLine)),
)
