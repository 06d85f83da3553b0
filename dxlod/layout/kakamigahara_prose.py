"""Explanatory pages: sentences, lists, headings above them, tables, sources of figures, bodies named."""

from __future__ import annotations

import re

from dxlod.layout.draft import Draft, Row
from dxlod.model.lines import Lines
from dxlod.model.text import tidy

__all__ = ["Prose"]

_BULLET = re.compile(r"\s*(?:[-*]\s+|・)\S")
_SOURCE = re.compile(r"\s*(?:資料|出典|出所)\s*[:：]")
_BODY = re.compile(
    r"(?<![一-龠々ァ-ヶーA-Za-z0-9])[一-龠々ァ-ヶーA-Za-z0-9]{2,}"
    r"(?:本部|委員会|協議会|(?:推進|戦略|本部|調整|検討)会議|部会)(?![一-龠々ァ-ヶー])"
)


class Prose:
    """Collects the lines of one section at a time; what they are shows from the lines that follow."""

    def __init__(self, draft: Draft, plan: Row) -> None:
        self._draft, self._plan = draft, plan
        self._row: Row = plan
        self._section = ""
        self._lines: list[int] = []
        self._bodies: dict[str, list[int]] = {}  # bodies named, with the lines that name them

    def start(self, section: str, row: Row | None = None) -> None:
        """A heading: settle the section before it. ``row``: what the text below is about (else the plan)."""
        self.finish()
        self._section, self._row = section, row or self._plan

    def take(self, number: int, line: str) -> None:
        """A line that is no heading of the structure."""
        if not self._lines and not self._section and re.fullmatch(r"基本理念|基本方針|将来像", tidy(line)):
            self._section = tidy(line)
            self._draft.ignore(Lines.of(number), "heading")
            return
        self._lines.append(number)
        if "体制" in self._section:
            for match in _BODY.finditer(tidy(line)):
                self._draft.unit(match[0], Lines.of(number), kind="committee")
                self._bodies.setdefault(match[0], []).append(number)

    def finish(self) -> None:
        """Say what each line is, from the last to the first; an unknown one stays unaccounted for."""
        lines, self._lines = self._lines, []
        for name, numbers in self._bodies.items():
            self._draft.unit(name, Lines()).cite(Lines.of(*numbers))
        self._bodies = {}
        text_below = False
        source = {n for n in lines if _SOURCE.match(self._draft.line(n))}
        sources = {m for n in source for m in (n, n + 1)}
        for place in range(len(lines) - 1, -1, -1):
            number = lines[place]
            line = self._draft.line(number)
            where = Lines.of(number)
            if number in source or (number in sources and "。" not in line and line.strip()):
                self._draft.ignore(where, "source of a figure")
                text_below = False
            elif "。" in line or "\t" in line or _BULLET.match(line):
                self._draft.describe(self._row, "background" if self._row is self._plan else "content", where)
                text_below = True
            elif self._section in ("基本理念", "将来像") and len(line) <= 60:
                self._draft.describe(self._plan, "goal", where)
            elif text_below and len(line.strip()) <= 60:
                wraps = place + 1 < len(lines) and lines[place + 1] == number + 1
                if wraps and len(line.strip()) > 20:
                    self._draft.describe(self._row, "background", where)
                else:
                    self._draft.ignore(where, "heading")
