"""Indicators of an item sheet: baseline, unit, and a target for each fiscal year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dxlod.layout.common import accumulation_of
from dxlod.layout.draft import Draft, Row, number_part
from dxlod.layout.tokushima_cells import Figure, SheetRow, Title, place, read_figure
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy
from dxlod.model.years import find_fiscal_years

__all__ = ["Targets", "years_ja"]

_KANJI = re.compile(r"[：:]\s*一[^()（）]*")


@dataclass(frozen=True)
class Targets:
    """Writes the indicators of one item under a header of fiscal years (column and year; its line or 0)."""

    draft: Draft
    item: Row
    actions: Sequence[Row]
    years: Sequence[tuple[int, int]]
    header: int

    def write(self, title: Title, line: int, row: SheetRow | None) -> Row:
        """Add the indicator of a title row, its baseline, and a target for each year of the header.

        ``row`` is the row of cells on ``line``; None where there is none.
        """
        columns = [column for column, _ in self.years]
        placed = place(row.cells, columns, row.text_column) if row else [None] * len(self.years)
        baseline = self._baseline(title)
        targets = [self._read(line, text) if text is not None else None for text in placed]
        lines = title.lines | Lines.of(*([line] if line else []))
        indicator = self.draft.add(
            "indicator",
            lines,
            under=self.item,
            part=number_part(title.number),
            number=title.number,
            name=title.name,
            initiative=self.item,
            actions=self._related(title.number),
            unit=_common_unit([baseline, *targets], row),
            accumulation=accumulation_of(title.name),
        )
        if title.baseline is not None:
            self._baseline_value(indicator, title, baseline)
        where = Lines.of(*(n for n in (line, self.header) if n))
        for (_, year), figure in zip(self.years, targets, strict=True):
            self._value(indicator, "target", year, figure, where or title.lines)
        if row is not None and not self.years:
            for text in row.texts:
                self._value(indicator, "target", None, self._read(line, text), Lines.of(line))
        self._note_targets(indicator, where or title.lines, row, targets)
        return indicator

    def _related(self, number: str) -> list[Row]:
        """The actions that the indicator's printed number names: (3) names (3), or else (3)-1 and (3)-2."""
        if not number:
            return []
        same = [a for a in self.actions if fold(str(a.cells["number"])) == fold(number)]
        return same or [
            a for a in self.actions if fold(str(a.cells["number"])).startswith(fold(number) + "-")
        ]

    def _baseline(self, title: Title) -> Figure | None:
        if title.baseline is None or not title.baseline[1].strip():
            return None
        raw = title.baseline[1]
        figure = read_figure(raw)
        if figure is None:
            return Figure("text", tidy(raw))
        for number in title.lines if figure.kanji_dash else ():
            if match := _KANJI.search(self.draft.line(number)):
                return self._undash(number, match[0].rstrip(), figure)
        return figure

    def _read(self, line: int, text: str) -> Figure:
        figure = read_figure(text)
        if figure is None:
            return Figure("text", text)
        if figure.kanji_dash:
            raw = self.draft.line(line)
            near = (f"\t{text}\t", f"\t{text}", f" {text} ", f"{text} ", text)
            return self._undash(line, next((form for form in near if form in raw), "一"), figure)
        return figure

    def _undash(self, line: int, printed: str, figure: Figure) -> Figure:
        """The kanji 一 where all counts are printed with Arabic figures is a dash."""
        reason = "数字は算用数字で印刷されている。漢数字「一」は横線の誤読。"
        self.draft.correct(line, printed, printed.replace("一", "－", 1), reason)
        return Figure("none", figure.text.replace("一", "－", 1), unit=figure.unit)

    def _baseline_value(self, indicator: Row, title: Title, figure: Figure | None) -> None:
        assert title.baseline is not None
        years = find_fiscal_years(title.baseline[0])
        self._value(indicator, "baseline", years[0] if years else None, figure, title.lines)
        if figure is None:
            ja, en = f"「{title.name}」の基準値が空欄です。", f"The baseline of “{title.name}” is blank."
            self.draft.note("baseline-lost", ja, en, title.lines, indicator)

    def _value(
        self, indicator: Row, kind: str, year: int | None, figure: Figure | None, lines: Lines
    ) -> None:
        self.draft.add(
            "indicator_value",
            lines,
            under=indicator,
            unknown=() if year else ("fiscal_year",),
            indicator=indicator,
            kind=kind,
            fiscal_year=year,
            status=figure.status if figure else "unknown",
            value=figure.value if figure else None,
            bound=figure.bound if figure else "",
            unit=figure.unit if figure else "",
            text=figure.text if figure else "",
        )

    def _note_targets(
        self, indicator: Row, lines: Lines, row: SheetRow | None, targets: Sequence[Figure | None]
    ) -> None:
        name, years = indicator.title, len(self.years)
        if row is None:
            ja, en = (
                f"「{name}」の年度別の目標値の行がありません。",
                f"“{name}” has no row of yearly targets.",
            )
            self.draft.note("targets-lost", ja, en, lines, indicator)
            if not years:
                self._value(indicator, "target", None, None, indicator.lines)
        elif None in targets or len(row.cells) != years:
            raw = "・".join(row.texts)
            open_years = None in targets or not years
            ja = f"「{name}」の目標値は{years_ja(years)}{len(row.cells)}個（{raw}）です。"
            ja += (
                "特定できない年度は不明としました。"
                if open_years
                else "どのセルが余分でも同じ読みになります。"
            )
            en = f"“{name}” has {len(row.cells)} values ({raw}) for {years} fiscal years; "
            en += (
                "those that cannot be told are unknown."
                if open_years
                else "whichever is surplus, they read the same."
            )
            self.draft.note("cells-misfit", ja, en, lines, indicator)
        elif any(figure is not None and figure.status == "text" for figure in targets):
            ja, en = (
                f"「{name}」の目標値に数値でないものがあります。",
                f"Targets of “{name}” are not all figures.",
            )
            self.draft.note("target-text", ja, en, lines, indicator)


def years_ja(count: int) -> str:
    """How a finding says for how many fiscal years there should be cells."""
    return f"{count}年度に対して" if count else "年度の見出しがなく、"


def _common_unit(figures: Sequence[Figure | None], row: SheetRow | None) -> str:
    """The unit that all printed figures share; blank where they differ or print none."""
    units = {figure.unit for figure in figures if figure is not None and figure.unit}
    for _, text in row.cells if row else ():
        figure = read_figure(text)
        if figure is not None and figure.unit:
            units.add(figure.unit)
    return units.pop() if len(units) == 1 else ""
