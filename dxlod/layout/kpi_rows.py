"""Rows of indicators and their values from names, slots and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dxlod.layout.common import accumulation_of
from dxlod.layout.draft import Draft, Row
from dxlod.layout.kpi_figure import Figure
from dxlod.model.lines import Lines
from dxlod.model.text import tidy

__all__ = ["Item", "Named", "Slot", "add_items"]

_KINDS = {
    "baseline": ("現状値", "baseline"),
    "target": ("目標値", "target"),
    "actual": ("実績値", "actual value"),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of values: its kind, the fiscal year its label prints (or None) and the label's line."""

    kind: str
    year: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Named:
    """A piece of a name and its line."""

    line: int
    text: str


@dataclass(slots=True)
class Item:
    """An indicator in the making: its name, its slots, and a figure with its lines for each slot filled."""

    name: list[Named]
    figures: dict[int, tuple[Figure, list[int]]] = field(default_factory=dict)
    slots: Sequence[Slot] = ()
    moved_to: int = 0  # the row the name belongs to, where it stands in another

    @property
    def text(self) -> str:
        """The name, tidied."""
        return tidy("\n".join(part.text for part in self.name))


def add_items(draft: Draft, measure: Row, items: Sequence[Item]) -> None:
    """Add an indicator row for each item and a value row for each of its slots."""
    for item in items:
        _add(draft, measure, item)


def _add(draft: Draft, measure: Row, item: Item) -> None:
    lines = Lines.of(*(part.line for part in item.name), *([item.moved_to] if item.moved_to else []))
    found = [item.figures[slot] for slot in sorted(item.figures)]
    indicator = draft.add("indicator", lines, under=measure, name=item.text, measure=measure)
    unit = next(((figure.unit, where) for figure, where in found if figure.unit), None)
    if unit:
        indicator.cells["unit"] = unit[0]
        indicator.cite(Lines.of(*unit[1]))
    direction = next(((figure.direction, where) for figure, where in found if figure.direction), None)
    if direction:
        indicator.cells["direction"] = direction[0]
        indicator.cite(Lines.of(*direction[1]))
    cumulative = any(figure.cumulative for figure, _ in found)
    if accumulation := "cumulative" if cumulative else accumulation_of(item.text):
        indicator.cells["accumulation"] = accumulation
    _check_units(draft, indicator, found)
    if not item.slots:
        indicator.mark_unknown("unit")
        draft.note(
            "kpi-header-lost",
            f"指標「{item.text}」の値の見出し（現状値・目標値）を読み取れません。値は採りませんでした。",
            f"The column labels of “{item.text}” cannot be read; its figures were not taken.",
            indicator.lines,
            indicator,
        )
    for index, slot in enumerate(item.slots):
        _add_value(draft, indicator, slot, item.figures.get(index))


def _check_units(draft: Draft, indicator: Row, found: Sequence[tuple[Figure, list[int]]]) -> None:
    units = {figure.unit for figure, _ in found if figure.status == "number"}
    if len(units) > 1:
        printed = "、".join(f"「{unit}」" for unit in sorted(units))
        draft.note(
            "unit-differs",
            f"値の単位が揃っていません（{printed}）。",
            f"The values have different units ({printed}).",
            indicator.lines,
            indicator,
            "unit",
        )


def _add_value(draft: Draft, indicator: Row, slot: Slot, found: tuple[Figure, list[int]] | None) -> None:
    if found is None:
        row = draft.add(
            "indicator_value",
            indicator.lines | Lines.of(slot.line),
            under=indicator,
            indicator=indicator,
            kind=slot.kind,
            fiscal_year=slot.year,
            status="unknown",
        )
        ja, en = _KINDS[slot.kind]
        text = f"指標「{indicator.title}」の{ja}を読み取れません。"
        draft.note(
            "value-lost", text, f"The {en} of “{indicator.title}” cannot be read.", row.lines, row, "value"
        )
        return
    figure, lines = found
    if figure.misread:
        tab = "\t" if "\t一" in draft.line(lines[0]) else ""
        draft.correct(lines[0], f"{tab}一", f"{tab}―", "横線の誤読")
    row = draft.add(
        "indicator_value",
        Lines.of(*lines, slot.line),
        under=indicator,
        indicator=indicator,
        kind=slot.kind,
        fiscal_year=figure.year or slot.year,
        status=figure.status,
        value=figure.value,
        bound=figure.bound or None,
        unit=figure.unit or None,
        text="―" if figure.misread else figure.text,
    )
    if row.cells["fiscal_year"] is None and figure.status != "none":
        row.mark_unknown("fiscal_year")
        draft.note(
            "year-lost",
            f"指標「{indicator.title}」の値「{figure.text}」の年度を読み取れません。",
            f"The fiscal year of the value “{figure.text}” of “{indicator.title}” cannot be read.",
            row.lines,
            row,
            "fiscal_year",
        )
