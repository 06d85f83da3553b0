"""Coverage: each line of a document as used, deliberately ignored (with reason) or unaccounted for."""

from __future__ import annotations

from dataclasses import dataclass

from dxlod.layout.draft import Draft
from dxlod.model.lines import Lines

__all__ = ["Coverage", "coverage"]


@dataclass(frozen=True)
class Coverage:
    """Lines of one document: those that rows cite, prose ranges by kind, ignored by reason, and the rest."""

    file: str
    total: int
    rows: Lines
    prose: dict[str, Lines]
    ignored: dict[str, Lines]
    unaccounted: Lines


def coverage(draft: Draft) -> Coverage:
    """Account for every line. A line of white space needs no account; rows win over prose, prose over ignored."""
    rows = {n for row in draft.rows for n in row.lines}
    prose: dict[str, set[int]] = {}
    seen = set(rows)
    for _, kind, lines in draft.prose:
        prose.setdefault(kind, set()).update(n for n in lines if n not in seen)
        seen.update(lines)
    ignored: dict[str, set[int]] = {}
    for number, reason in sorted(draft.ignored.items()):
        if number not in seen:
            ignored.setdefault(reason, set()).add(number)
            seen.add(number)
    blank = {n for n, line in enumerate(draft.document.lines, start=1) if not line.strip()}
    if blank - seen:
        ignored["blank"] = blank - seen
    everything = range(1, len(draft.document.lines) + 1)
    return Coverage(
        draft.document.file,
        len(draft.document.lines),
        Lines.of(*rows),
        {kind: Lines.of(*numbers) for kind, numbers in sorted(prose.items()) if numbers},
        {reason: Lines.of(*numbers) for reason, numbers in sorted(ignored.items())},
        Lines.of(*(n for n in everything if n not in seen and n not in blank)),
    )
