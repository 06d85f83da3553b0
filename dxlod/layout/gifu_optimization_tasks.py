"""The table of administrative tasks: number, task, systems used, legal basis; cells broken across lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_optimization_text import Flow, is_caption, plain
from dxlod.model.lines import Lines
from dxlod.model.text import fold, is_wide, tidy

__all__ = ["TaskTable"]

_HEADER = re.compile(r"項番\s.{0,30}事務.{0,30}システム.{0,30}(?:根拠|法令).{0,20}")
_START = re.compile(r"([0-9０-９]{1,3})(?:\s+(\S.*))?")
_LEGAL = re.compile(
    r"(?P<law>[^\s、。]{1,60}?(?:法|法律|条例|規則|令|要綱))(?P<mark>[(（]?[*＊※][0-9]{1,2}[)）]?)?\s{1,20}"
    r"(?P<provision>(?:第[0-9０-９一二三四五六七八九十]{1,4}(?:条|の)|別表|附則)\S*)"
)
_REST_OF_PROVISION = re.compile(r"(?:の?項|第[0-9]+[項号]|[項号])\S{0,10}")
_NOTE = re.compile(r"[*＊※]([0-9]{1,2})[\s:：]*(\S.*)")
_LAW_END = ("条例", "規則", "法", "法律", "令", "要綱")
_ORDINANCE_END = ("条例", "規則", "要綱")
_NO_SYSTEM = {"使用しない", "使用なし", "利用しない", "未使用", "なし", "該当なし", "-"}
_BRANCH = r"([0-9]+(?:の[0-9]+)*)"
_ARTICLE = re.compile(rf"第([0-9]+)条(?:の([0-9]+(?:の[0-9]+)*))?(?:第{_BRANCH}項)?(?:第{_BRANCH}号)?")
_KANJI = {kanji: number for number, kanji in enumerate("一二三四五六七八九十", start=1)}
_ANNEX_KANJI = re.compile(rf"別表(?:第([{''.join(_KANJI)}]))?(?:の?{_BRANCH})?(?:の?項)?")
_ANNEX_DIGIT = re.compile(rf"別表第([0-9]+)の{_BRANCH}の?項")
_ANNEX_ONLY = re.compile(r"別表第([0-9])")
_FEW = 5  # a number this far ahead still starts a row, so that lost rows do not swallow the table


@dataclass
class TaskRow:
    """The lines of one row; ``rest`` is what the first one shows behind the number."""

    number: str
    lines: list[int]
    texts: list[str]

    @property
    def complete(self) -> bool:
        """Whether the last column has been reached."""
        return _LEGAL.search("\n".join(self.texts)) is not None


@dataclass
class TaskTable:
    """Collects the rows wherever parts of the table stand, and writes them when all notes are known."""

    draft: Draft
    rows: list[TaskRow] = field(default_factory=list)
    notes: dict[str, tuple[str, Lines]] = field(default_factory=dict)
    systems: dict[str, Row] = field(default_factory=dict)
    ordinances: dict[str, Row] = field(default_factory=dict)

    # -- collecting ---------------------------------------------------------------------------------

    def take(self, body: Sequence[int], at: int) -> int:
        """Read the table or the note that starts at ``body[at]``. Returns where reading goes on."""
        text = plain(self.draft.line(body[at]))
        if _HEADER.fullmatch(text):
            self.draft.ignore(Lines.of(body[at]), "table header")
            return self._rows(body, at + 1)
        if _is_row(text):
            self.draft.note(
                "table-header-lost",
                "見出し行のない表の行です。事務の一覧の行として読みました。",
                "A row without a table header above it; read as a row of the table of tasks.",
                Lines.of(body[at]),
            )
            return self._rows(body, at)
        if self.rows and _NOTE.fullmatch(text):
            return self._note(body, at)
        return at

    def _rows(self, body: Sequence[int], at: int) -> int:
        current: TaskRow | None = None
        complete = False
        while at < len(body):
            text = plain(self.draft.line(body[at]))
            start = _START.fullmatch(text)
            if is_caption(text) or _HEADER.fullmatch(text) or _NOTE.fullmatch(text):
                break
            if start and self._starts(int(start[1]), current, complete):
                current = TaskRow(str(int(start[1])), [body[at]], [start[2] or ""])
                self.rows.append(current)
            elif current and (not complete or _LEGAL.match(text) or _REST_OF_PROVISION.fullmatch(text)):
                current.lines.append(body[at])
                current.texts.append(text)
            else:
                break
            complete = current.complete if len(current.lines) < 40 else True
            at += 1
        return at

    def _starts(self, number: int, current: TaskRow | None, complete: bool) -> bool:
        last = int(self.rows[-1].number) if self.rows else 0
        return current is None or complete or last < number <= last + _FEW

    def _note(self, body: Sequence[int], at: int) -> int:
        match = _NOTE.fullmatch(plain(self.draft.line(body[at])))
        if match is None:
            return at
        name, end = match[2], at + 1
        while not name.endswith(_LAW_END) and end < min(at + 4, len(body)):
            name += plain(self.draft.line(body[end]))
            end += 1
        if not name.endswith(_LAW_END):
            return at
        self.notes[match[1]] = tidy(name), Lines.of(*body[at:end])
        self.draft.describe(None, "definition", Lines.of(*body[at:end]))
        return end

    # -- writing ------------------------------------------------------------------------------------

    def write(self) -> None:
        """Add the rows of all tables that the collected lines give."""
        seen: dict[tuple[str, ...], Row] = {}
        last = 0
        for entry in self.rows:
            task = self._task(entry)
            if task is None:
                continue
            self._check_number(task, int(entry.number), last)
            last = int(entry.number)
            content = tuple(fold(text) for text in entry.texts)
            if content in seen:
                self._twice(seen[content], task)
            seen.setdefault(content, task)

    def _task(self, entry: TaskRow) -> Row | None:
        lines = Lines.of(*entry.lines)
        joined = "\n".join(entry.texts)
        legal = list(_LEGAL.finditer(joined))
        title, systems, clear = _columns(entry, legal[0].start() if legal else len(joined))
        if not title:
            self.draft.note(
                "task-unread",
                f"項番{entry.number}の事務の名称を読み取れません。",
                f"The name of the task in row {entry.number} cannot be read.",
                lines,
            )
            return None
        flow = Flow.of(title)
        task = self.draft.add(
            "administrative_task",
            lines,
            part=entry.number,
            number=entry.number,
            title=flow.show(0, len(flow.text)),
        )
        if not clear:
            self._unclear(task)
        self._systems(task, Flow.of(systems))
        starts = list(accumulate((len(text) + 1 for text in entry.texts), initial=0))
        for match in legal:
            first = bisect_right(starts, match.start()) - 1
            final = bisect_right(starts, match.end() - 1) - 1
            self._legal_basis(task, match, Lines.of(*entry.lines[first : final + 1]))
        if not legal:
            self._lost_basis(task)
        return task

    def _systems(self, task: Row, flow: Flow) -> None:
        names = list(_items(flow.text))
        stated_none = [span for span in names if fold(flow.text[span[0] : span[1]]) in _NO_SYSTEM]
        if stated_none and len(names) == 1:
            task.mark_none("systems")
            return
        if not names or stated_none:
            task.mark_unknown("systems")
            self.draft.note(
                "systems-unread",
                "利用するシステムを読み取れません。",
                "The systems used cannot be read.",
                task.lines,
                task,
                "systems",
            )
            return
        for start, end in names:
            name, lines = flow.show(start, end), flow.lines(start, end)
            if name not in self.systems:
                self.systems[name] = self.draft.add("information_system", lines, name=name)
            self.draft.add("task_system", lines, under=task, task=task, system=self.systems[name])

    def _legal_basis(self, task: Row, match: re.Match[str], lines: Lines) -> None:
        law = tidy(match["law"])
        cells = _provision(match["provision"])
        ordinance = self._ordinance(law, match["mark"] or "", lines)
        row = self.draft.add(
            "legal_basis",
            lines,
            under=task,
            subject_table="administrative_task",
            subject=task,
            law_name=law,
            law_id=None if ordinance else self._law_id(law, match["mark"] or ""),
            ordinance=ordinance,
            text=re.sub(r"\s*\n\s*", "", match[0]),
        )
        row.cells.update(cells or {})
        if cells is None:
            row.mark_unknown("article")
            self.draft.note(
                "provision-unread",
                f"根拠「{tidy(match[0])}」の条項を一つに定められません。",
                f"The provision “{tidy(match[0])}” cannot be told apart into its parts.",
                lines,
                row,
                "article",
            )

    def _full_name(self, law: str, mark: str) -> tuple[str, Lines]:
        number = re.sub(r"\D", "", mark)
        return self.notes.get(number, (law, Lines())) if number else (law, Lines())

    def _law_id(self, law: str, mark: str) -> str | None:
        names = {fold(law), fold(self._full_name(law, mark)[0])}
        for work in self.draft.reference.works:
            if work.law_id and any(fold(form) in names for form in work.forms):
                return work.law_id
        return None

    def _ordinance(self, law: str, mark: str, lines: Lines) -> Row | None:
        if not law.endswith(_ORDINANCE_END):
            return None
        if law not in self.ordinances:
            name, where = self._full_name(law, mark)
            short = law if name != law else None
            self.ordinances[law] = self.draft.add(
                "ordinance", where | lines, name=name, short_name=short, kind="ordinance"
            )
        return self.ordinances[law]

    # -- findings -----------------------------------------------------------------------------------

    def _check_number(self, task: Row, number: int, last: int) -> None:
        if number == last + 1:
            return
        code = "numbering-gap" if number > last else "numbering-duplicate"
        self.draft.note(
            code,
            f"事務の項番が{last}から{number}に飛んでいます。",
            f"The numbers of the tasks go from {last} to {number}.",
            task.lines,
            task,
            "number",
        )

    def _twice(self, first: Row, second: Row) -> None:
        one, other = first.cells["number"], second.cells["number"]
        self.draft.note(
            "identical-rows",
            f"項番{one}と{other}は内容が同じです。原文どおり別の行としています。",
            f"Rows {one} and {other} say the same; both are kept, as printed.",
            first.lines | second.lines,
            second,
        )

    def _unclear(self, task: Row) -> None:
        self.draft.note(
            "columns-unclear",
            "事務の名称とシステムの名称の境がはっきりしません。",
            "It is not clear where the name of the task ends and the systems begin.",
            task.lines,
            task,
            "title",
        )

    def _lost_basis(self, task: Row) -> None:
        self.draft.note(
            "legal-basis-lost",
            "根拠法令等を読み取れません。",
            "The legal basis cannot be read.",
            task.lines,
            task,
        )


Parts = list[tuple[int, str]]


def _is_row(text: str) -> bool:
    """Whether a line holds a whole row: a number first, a provision last."""
    if "。" in text or not _START.fullmatch(text):
        return False
    legal = list(_LEGAL.finditer(text))
    return bool(legal) and legal[-1].end() == len(text)


def _columns(entry: TaskRow, legal: int) -> tuple[Parts, Parts, bool]:
    """Task name, systems, and whether the border between them is clear.

    The columns are parted by a space on one line, or by a blank line where the name is broken.
    """
    parts: list[tuple[int, str, bool]] = []
    offset = 0
    for place, (number, text) in enumerate(zip(entry.lines, entry.texts, strict=True)):
        piece = text[: max(0, legal - offset)].strip()
        offset += len(text) + 1
        after_blank = place > 0 and number > entry.lines[place - 1] + 1
        if piece:
            parts.append((number, piece, after_blank))
    if not parts:
        return [], [], True
    rest = [(number, piece) for number, piece, _ in parts[1:]]
    title, systems = _split(parts[0][1])
    if entry.texts[0] and systems:
        return [(parts[0][0], title)], [(parts[0][0], systems), *rest], True
    border = next((n for n, part in enumerate(parts) if n and part[2]), 0)
    whole = [(number, piece) for number, piece, _ in parts]
    if border:
        return whole[:border], whole[border:], True
    if entry.texts[0]:
        return whole[:1], rest, True
    if len(parts) > 1:
        return whole[:-1], whole[-1:], False
    return [(parts[0][0], title)], [(parts[0][0], systems)] if systems else [], not systems


def _split(text: str) -> tuple[str, str]:
    """The last space between two columns: one between two wide characters, or else any half-width one.

    Spaces that the conversion puts between Japanese and Latin letters are not borders.
    """
    spaces = [m for m in re.finditer(r"[ \t]+", text) if text[m.start() - 1] not in "、，,"]
    wide = [m for m in spaces if is_wide(text[m.start() - 1]) and is_wide(text[m.end()])]
    if not spaces:
        return text, ""
    border = (wide or spaces)[-1]
    return text[: border.start()], text[border.end() :]


def _items(text: str) -> list[tuple[int, int]]:
    """Start and end of the items of a list parted by 「、」 outside brackets."""
    items = []
    depth = start = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")" and depth > 0)
        if char in "、," and depth == 0:
            items.append((start, place))
            start = place + 1
    items.append((start, len(text)))
    return [(a, b) for a, b in items if b > a]


def _provision(printed: str) -> dict[str, str | None] | None:
    """Article, paragraph, item, annex and its row, or None where the print does not part them."""
    text = fold(printed)
    article = _ARTICLE.fullmatch(text)
    if article:
        number = f"{article[1]}の{article[2]}" if article[2] else article[1]
        return {"article": _key(number), "paragraph": _key(article[3]), "item": _key(article[4])}
    annex = _ANNEX_DIGIT.fullmatch(text)
    if annex:
        return {"annex": annex[1], "annex_row": _key(annex[2])}
    annex = _ANNEX_KANJI.fullmatch(text)
    if annex and (annex[1] or annex[2]):
        return {"annex": str(_KANJI[annex[1]]) if annex[1] else None, "annex_row": _key(annex[2])}
    annex = _ANNEX_ONLY.fullmatch(text)
    return {"annex": annex[1]} if annex else None


def _key(number: str | None) -> str | None:
    return number.replace("の", "_") if number else None
