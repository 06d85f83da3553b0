"""What was corrected, what is unknown and what is stated as none, by plan: for the page about the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dxlod.namespaces import DXO, ValueStatus
from dxlod.site.pages.example import Lines, lines_of
from dxlod.site.reader import SiteReader

__all__ = ["Correction", "Gap", "corrections", "gaps", "methods"]

Labels = Mapping[str, str]

_MOST = 5
"""How many examples a gap is shown with."""


@dataclass(frozen=True)
class Correction:
    """A misreading put right: as printed, as read, why, by rule or by a person, and where."""

    iri: str
    printed: str
    read: str
    reason: str
    method: Labels
    lines: Sequence[Lines]


@dataclass(frozen=True)
class Gap:
    """How many things of a plan lack a property, because it cannot be read or because the plan states none."""

    property: str
    labels: Labels
    count: int
    examples: Sequence[tuple[str, Labels]]


def corrections(reader: SiteReader, edition: str) -> list[Correction]:
    """Every correction of a plan, in the order of its numbers."""
    iris = reader.object_iris(edition, DXO.hasCorrection)
    methods = {iri: next(iter(reader.object_iris(iri, DXO.correctionMethod)), "") for iri in iris}
    labels = reader.labels(methods.values())
    return [
        Correction(
            iri,
            reader.text(iri, DXO.asPrinted) or "",
            reader.text(iri, DXO.asRead) or "",
            reader.text(iri, DXO.reason) or "",
            labels.get(methods[iri], {}),
            lines_of(reader, iri),
        )
        for iri in iris
    ]


def methods(reader: SiteReader, graph: str) -> dict[str, int]:
    """Number of corrections of a plan's graph by the last part of the method's IRI: rule, reviewed."""
    rows = reader.rows(_BY_VALUE, (f"<{graph}>", f"<{DXO.correctionMethod}>"))
    return {value[1:-1].rpartition("/")[2]: int(number) for value, number in rows}


def gaps(reader: SiteReader, graph: str, *, unknown: bool) -> list[Gap]:
    """What is unknown in a plan's graph, or what it states as none, the most frequent first."""
    statement = DXO.unknown if unknown else DXO.statedNone
    status = ValueStatus.unknown if unknown else ValueStatus.none
    found: dict[str, list[str]] = {}
    for subject, value in reader.rows(_PAIRS, (f"<{graph}>", f"<{statement}>")):
        found.setdefault(value[1:-1], []).append(subject[1:-1])
    for subject, value in reader.rows(_PAIRS, (f"<{graph}>", f"<{DXO.valueStatus}>")):
        if value == f"<{status}>":
            found.setdefault(DXO.value, []).append(subject[1:-1])
    shown = {name: _owners(reader, subjects) for name, subjects in found.items()}
    labels = reader.labels([*found, *(owner for owners in shown.values() for owner in owners)])
    return [
        Gap(
            name, labels.get(name, {}), len(found[name]), [(owner, labels.get(owner, {})) for owner in owners]
        )
        for name, owners in sorted(shown.items(), key=lambda item: (-len(found[item[0]]), item[0]))
    ]


def _owners(reader: SiteReader, subjects: Sequence[str]) -> list[str]:
    """The first few of the things concerned: of a value its indicator, of a phase what it belongs to."""
    owners: dict[str, None] = {}
    for subject in subjects[: 4 * _MOST]:
        found = reader.object_iris(subject, DXO.indicator) or reader.subjects(DXO.hasPhase, subject, limit=1)
        owners[(found or [subject])[0]] = None
    return list(owners)[:_MOST]


_PAIRS = (
    "SELECT DISTINCT s.text, o.text FROM quad q JOIN term s ON s.id = q.s JOIN term o ON o.id = q.o"
    " WHERE q.g = (SELECT id FROM term WHERE text = ?) AND q.p = (SELECT id FROM term WHERE text = ?) ORDER BY q.s, q.o"
)
_BY_VALUE = (
    "SELECT o.text, n FROM (SELECT o, COUNT(*) n FROM quad WHERE g = (SELECT id FROM term WHERE text = ?)"
    " AND p = (SELECT id FROM term WHERE text = ?) GROUP BY o) c JOIN term o ON o.id = c.o"
)
