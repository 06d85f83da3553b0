"""Units in charge: 担当 lists, collectives such as 全部局 and 関係各課, and names that share a bureau's name."""

from __future__ import annotations

import re

from dxlod.layout.draft import Draft, Row
from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup, tidy

__all__ = ["read_units", "same_units", "split_units", "unit_kind"]

_COLLECTIVE = re.compile(
    r"(?:全庁|全職員|(?:全て?の?|関係|関連|各|各担当|担当)(?:各|全)?(?:部局|部課|課室|局|部|課|室|所属|部署|機関|施設)+)(?:等|共通)?"
)
_KINDS = (
    ("center", "センター"), ("committee", "委員会"), ("committee", "協議会"), ("committee", "会議"),
    ("committee", "本部"), ("section", "課"), ("office", "室"), ("office", "所"), ("office", "係"), ("office", "事務局"),
    ("bureau", "局"), ("department", "部"), ("school", "学校"), ("school", "園"),
)  # fmt: skip
_UNIT_END = re.compile(r"(?:課|室|所|係|局|部|センター)(?:[(（][^()（）]*[)）])?$")
_WITHIN = re.compile(r"([一-龠々]{2,}局)[一-龠々]+課")
_BUREAU = re.compile(r"(.*(?:局|部|委員会))(?=.)")


def unit_kind(name: str) -> str:
    """The kind of an organization, as the end of its name says (code list organization-kind)."""
    if _COLLECTIVE.fullmatch(name):
        return "collective"
    bare = re.sub(r"[(（][^()（）]*[)）]$", "", name)
    return next((kind for kind, end in _KINDS if bare.endswith(end)), "other")


def split_units(text: str) -> list[tuple[str, str]]:
    """Names of a 担当 cell, each with the print it stands for where that is shorter.

    ``甲局乙課・丙課`` gives 甲局乙課 and 甲局丙課 (printed 丙課). A ・ inside one name parts nothing.
    """
    names: list[tuple[str, str]] = []
    for part in re.split(r"[、，,]", tidy(strip_markup(text))):
        names.extend(_joined(part.strip()))
    return [(name, printed) for name, printed in names if name]


def _joined(text: str) -> list[tuple[str, str]]:
    parts = re.split(r"[・･]", text)
    if len(parts) < 2 or not all(_UNIT_END.search(part) for part in parts):
        return [(text, text)]
    bureau = _BUREAU.match(parts[0])
    prefix = bureau[1] if bureau else ""
    names = [(parts[0], parts[0])]
    for part in parts[1:]:
        own = _BUREAU.match(part) or part.endswith(("局", "部"))
        names.append((part if own else f"{prefix}{part}", part))
    return names


def read_units(draft: Draft, line: int, text: str) -> list[Row]:
    """The organizations of a 担当 cell, added where they are new."""
    rows: list[Row] = []
    printed_line = draft.line(line)
    for name, printed in split_units(text):
        if name != printed and f"・{printed}" in printed_line:
            as_read = f"、{name}"
            draft.correct(line, f"・{printed}", as_read, "「・」で並ぶ課名のうち、省かれた局名を補う。")
        if bureau := _WITHIN.fullmatch(name):
            draft.unit(bureau[1], Lines.of(line), kind=unit_kind(bureau[1]))
        row = draft.unit(name, Lines.of(line), kind=unit_kind(name))
        if row not in rows:
            rows.append(row)
    return rows


def same_units(one: str, other: str) -> bool:
    """Whether two 担当 cells name the same units in the same order."""
    return [fold(name) for name, _ in split_units(one)] == [fold(name) for name, _ in split_units(other)]
