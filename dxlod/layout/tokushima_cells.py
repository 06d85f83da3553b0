"""Cells of an item sheet: work phases, figures, titles with a baseline, and which cell belongs to which year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dxlod.model.lines import Lines
from dxlod.model.text import fold, strip_markup, tidy, trim_sentence
from dxlod.model.years import find_fiscal_years

__all__ = [
    "Figure",
    "SheetRow",
    "Title",
    "is_none",
    "is_phase",
    "is_shifted",
    "parse_row",
    "phase_codes",
    "place",
    "read_figure",
    "read_title",
]

_PHASE_WORDS = (
    ("consider", "検討|調査研究|調査|研究|企画|協議"),
    ("prepare", "準備|計画|設計|構築|開発|整備|改修|策定"),
    ("trial", "試行|実証実験|実証|試験運用|試験"),
    ("implement", "実施|導入|本格運用|運用|開始|継続|稼働|提供|推進|活用"),
    ("expand", "拡大|拡充|展開|横展開"),
    ("other", "移行|更新|見直し|改善|評価|検証|完了|終了|廃止"),
)
_PHASE = re.compile(
    rf"(?:{'|'.join(f'(?P<{code}>{words})' for code, words in _PHASE_WORDS)})(?:開始|完了|済み?|中|等)?"
)
_PARTS = re.compile(r"[／/・→⇒、]")
_DASH = "-‐‑‒–—―−－ーｰ─"
_UNIT = r"[^\s0-9、。：:「」『』()（）<>のをにはがでとも]{0,10}?"
_NUMBER = re.compile(
    rf"(?:各|約|延べ|累計|計|平均)?([0-9][0-9,]*(?:\.[0-9]+)?)({_UNIT})(以上|以下)?\s*(?:[(（].*[)）])?",
    re.DOTALL,
)
_NONE = re.compile(rf"(?:[{_DASH}]+|一(?![部般定律式時括元体]))\s*({_UNIT})")
_WORDS = (
    ("increase", re.compile(r"UP|アップ|増加|増|向上|上昇", re.IGNORECASE)),
    ("decrease", re.compile(r"DOWN|ダウン|減少|減|低下", re.IGNORECASE)),
    ("maintain", re.compile(r"(?:現状)?維持")),
    ("none", re.compile(r"(?:設定)?な(?:し|い)|無し?|対象外")),
)
_NUMBER_MARK = re.compile(
    r"\s*([(（]\s*[0-9０-９]{1,3}\s*[)）](?:\s*[-－‐–]\s*[0-9０-９]{1,3})?|[①-⑳])\s*(.*)", re.DOTALL
)
_BASELINE = re.compile(
    r"[(（]([^()（）:：]*(?:年度|[RH][0-9]+|実績|現状|基準)[^()（）:：]*)[:：]"
    r"((?:[^()（）]|[(（][^()（）]*[)）])*)[)）]?\s*$"
)
_TABLE = re.compile(r"<table\b.*?(?:</table>|$)", re.IGNORECASE | re.DOTALL)
_TD = re.compile(r"<t[dh]\b[^>]*>(.*?)(?=<)", re.IGNORECASE | re.DOTALL)
_YEAR_CELL = re.compile(r"(?:(?:令和|平成)(?:元|[0-9]+)|[RH][0-9]+|(?:19|20)[0-9]{2})(?:年度?)?")
_SHORT = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell read as a value: status, number, unit and bound as printed, and the printed text."""

    status: str
    text: str
    value: Decimal | None = None
    unit: str = ""
    bound: str = ""
    kanji_dash: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """A title row: printed number, name, the baseline in its last bracket (heading, value), the block it
    stands in (plan, target), and the label printed before it."""

    number: str
    name: str
    baseline: tuple[str, str] | None
    line: int
    block: str = ""
    label: str = ""
    more: tuple[int, ...] = ()

    @property
    def lines(self) -> Lines:
        """The line of the title, and those it runs on to."""
        return Lines.of(self.line, *self.more)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A table row: its text and where that stands, and its phase or value cells by column.

    ``unknown_label``: a short word stands in the label column before other text.
    """

    text: str
    text_column: int | None
    cells: tuple[tuple[int, str], ...]
    years: tuple[tuple[int, int], ...] = ()
    glued: str = ""
    unknown_label: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the phase or value cells."""
        return tuple(text for _, text in self.cells)

    @property
    def has_phases(self) -> bool:
        """Whether the cells are work phases (dashes may stand among them)."""
        return any(is_phase(cell) or read_figure(cell) is None for _, cell in self.cells)


def is_phase(text: str) -> bool:
    """Whether a cell holds nothing but phase words: 検討／実施."""
    return bool(text) and all(_PHASE.fullmatch(part.strip()) for part in _PARTS.split(text))


def phase_codes(label: str) -> list[str]:
    """Phase codes of a printed label, in order: 検討／実施 → consider, implement. Other words → other."""
    codes: list[str] = []
    for part in _PARTS.split(label):
        match = _PHASE.fullmatch(part.strip())
        code = str(match.lastgroup) if match else "other"
        if code not in codes:
            codes.append(code)
    return codes


def read_figure(text: str) -> Figure | None:
    """A cell as a value, or None where it is neither a figure nor a dash nor a direction."""
    text = tidy(text)
    if match := _NUMBER.fullmatch(text):
        bound = {"以上": "at-least", "以下": "at-most"}.get(match[3] or "", "")
        number = Decimal(match[1].replace(",", ""))
        return Figure("number", text, number, match[2].replace("％", "%"), bound)
    if match := _NONE.fullmatch(text):
        return Figure("none", text, unit=match[1].replace("％", "%"), kanji_dash=text.startswith("一"))
    for status, pattern in _WORDS:
        if pattern.fullmatch(text):
            return Figure(status, text)
    return None


def is_none(text: str) -> bool:
    """Whether a cell says that there is no value: a dash, なし."""
    figure = read_figure(text)
    return figure is not None and figure.status == "none"


def read_title(text: str, line: int, block: str = "", label: str = "") -> Title:
    """A title row, its number and baseline taken off."""
    baseline = None
    if match := _BASELINE.search(text):
        baseline = (tidy(match[1]), match[2])
        text = text[: match.start()]
    number = ""
    if match := _NUMBER_MARK.fullmatch(text):
        number, text = re.sub(r"\s+", "", tidy(match[1])), match[2]
    name = trim_sentence(text) if "。" in text else tidy(text)
    return Title(number, name, baseline, line, block, label)


def place(
    cells: Sequence[tuple[int, str]], columns: Sequence[int], text_column: int | None
) -> list[str | None]:
    """The cell of each year column, or None where it cannot be told.

    As many cells as years: in order, wherever they stand. Cells too many: a year is told where every
    choice of the surplus ones gives the same cell. Cells too few: by column, unless the title has taken
    a year's column or the row begins elsewhere; a first cell in the label column before a blank belongs
    to the first year.
    """
    texts = [text for _, text in cells]
    surplus = len(texts) - len(columns)
    if surplus >= 0:
        windows = (texts[n : n + surplus + 1] for n in range(len(columns)))
        return [window[0] if len(set(window)) == 1 else None for window in windows]
    found = dict(cells)
    if text_column in columns or len(found) < len(cells):
        return [None] * len(columns)
    if is_shifted(cells, columns):
        found[columns[0]] = found.pop(0)
    if not set(found) <= set(columns):
        return [None] * len(columns)
    return [found.get(column) for column in columns]


def is_shifted(cells: Sequence[tuple[int, str]], columns: Sequence[int]) -> bool:
    """Whether the first year's cell stands in the label column, its own place blank."""
    taken = [column for column, _ in cells]
    if len(taken) < 2 or len(set(taken)) < len(taken) or not columns:
        return False
    return taken[0] == 0 and columns[0] == 1 and 1 not in taken and set(taken[1:]) <= set(columns)


def _split_table(cell: str) -> tuple[str, list[str]]:
    """Text outside a table that the conversion left as markup, and the cells of that table."""
    inner = [tidy(strip_markup(td)) for table in _TABLE.findall(cell) for td in _TD.findall(table)]
    return _TABLE.sub(" ", cell), [td for td in inner if td]


def _glued(cell: str) -> list[str]:
    """Cells that the conversion set into one, parted by spaces; empty where it is no such cell."""
    parts = cell.split()
    whole = len(parts) < 2 or not all(is_phase(part) or read_figure(part) is not None for part in parts)
    return [] if whole else parts


def parse_row(cells: Sequence[str], columns: Sequence[int]) -> SheetRow:
    """A row of a sheet. ``cells`` are raw, the label's own blanked; ``columns`` those of the year header."""
    texts: list[tuple[int, str]] = []
    values: list[tuple[int, str]] = []
    markup: list[str] = []
    glued = ""
    for column, raw in enumerate(cells):
        raw, inner = _split_table(raw)
        markup.extend(inner)
        raw = strip_markup(raw).strip()
        if not raw:
            continue
        if parts := _glued(raw):
            glued = raw
            values.extend((column, tidy(part)) for part in parts)
        elif is_phase(tidy(raw)) or read_figure(raw) is not None:
            values.append((column, tidy(raw)))
        else:
            texts.append((column, raw))
    if markup and not values:
        values = [(len(cells) + n, text) for n, text in enumerate(markup)]
    texts, values = _loose_phases(texts, values, columns)
    years = _years(texts, values)
    if years:
        return SheetRow("", None, (), years)
    text = " ".join(raw for _, raw in texts)
    label = len(texts) > 1 and texts[0][0] == 0 and _is_word(texts[0][1])
    return SheetRow(text, texts[0][0] if texts else None, tuple(values), (), glued, label)


def _years(
    texts: Sequence[tuple[int, str]], values: Sequence[tuple[int, str]]
) -> tuple[tuple[int, int], ...]:
    every = sorted([*texts, *values])
    if not every or not all(_YEAR_CELL.fullmatch(fold(cell)) for _, cell in every):
        return ()
    found = [(column, find_fiscal_years(fold(cell))) for column, cell in every]
    return tuple((column, years[0]) for column, years in found if years)


_Cells = list[tuple[int, str]]


def _loose_phases(texts: _Cells, values: _Cells, columns: Sequence[int]) -> tuple[_Cells, _Cells]:
    """Short unknown words in the years' columns are phases too (下見 and the like).

    They are so behind a title in the same row, or where they fill all the years' columns together.
    """
    here = dict([*texts, *values])
    full = len(columns) > 1 and len(texts) > 1 and all(column in here for column in columns)
    for first in (0, 1) if full else (1,):
        words = texts[first:]
        if words and all(_is_word(cell) and column in columns for column, cell in words):
            return texts[:first], sorted([*values, *((column, tidy(cell)) for column, cell in words)])
    return texts, values


def _is_word(cell: str) -> bool:
    return (
        len(tidy(cell)) <= _SHORT
        and not _YEAR_CELL.fullmatch(fold(cell))
        and not _NUMBER_MARK.fullmatch(cell)
    )
