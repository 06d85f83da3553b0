"""Bodies that a plan sets up or runs, wherever it says so: 「…委員会」を設置, CSIRT設置, …室の設置."""

from __future__ import annotations

import re

from dxlod.layout.common import cells
from dxlod.layout.draft import Draft
from dxlod.model.lines import Lines
from dxlod.model.text import strip_markup

__all__ = ["name_bodies"]

_COMMITTEE = re.compile(
    r"「([^「」]{2,24}(?:委員会|協議会|推進会議|戦略会議|本部|部会))」(?:[(（][^()（）]{0,80}[)）])?を(?:設置|設け|設立)"
)
_OFFICE = re.compile(r"(?:^|\t)(?:[0-9-]+\t)?([一-龠々ァ-ヶーA-Z]{2,20}室)の設置(?:\t|$)")


def name_bodies(draft: Draft) -> None:
    """Add the organizations that the document says are set up or run, where they are not known yet."""
    team = re.compile(rf"((?:{re.escape(draft.municipality)})?CSIRT)(?:の|を)?(?:設置|運営)")
    for number in range(1, draft.last + 1):
        # Tidied: letters set apart (C S I R T) are joined.
        line = "\t".join(cells(strip_markup(draft.line(number))))
        for pattern, kind in ((_COMMITTEE, "committee"), (_OFFICE, "office"), (team, "other")):
            for match in pattern.finditer(line):
                draft.unit(match[1], Lines.of(number), kind=kind)
