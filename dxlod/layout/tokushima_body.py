"""The body of a plan, line by line: chapters, policies, the index of items, item sheets, tables, glossary."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dxlod.layout.common import heading, is_page_number
from dxlod.layout.draft import Draft, Row
from dxlod.layout.tokushima_front import Contents, chapter_kind
from dxlod.layout.tokushima_items import Items
from dxlod.layout.tokushima_sheet import sheet_label
from dxlod.layout.tokushima_tables import Caption, read_table, read_term
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy

__all__ = ["Body"]

_CHAPTER = re.compile(r"\s*(?:#+\s*)?([0-9０-９]{1,2})[.．]?[ 　]+([^\s。、\t][^。、\t]{1,30})")
_SECTION = re.compile(r"\s*(?:#+\s*)?[(（][0-9０-９]{1,2}[)）]\s*([^\s。\t][^。\t]{1,30})")
_POLICY = re.compile(
    r"\s*(?:#+\s*)?(?:\**)((?:取組|基本|重点|推進|施策)方針)\s*([0-9０-９]{1,3})\s*[:：.．]?\s*([^。\t]+?)\**\s*"
)
_CAPTION = re.compile(r"\s*【\s*(図表?|表)\s*([0-9０-９]{1,3})\s*】\s*(.*?)\s*")
_CIRCLED = re.compile(r"\s*(?:#+\s*)?([①-⑳])\s*([^。\t]+?)\s*")
_UNIT = re.compile(r"\s*[(（]\s*(?:単位\s*[:：]\s*)?([^()（）0-9\s]{1,5})\s*[)）]\s*")
_BULLET = re.compile(r"\s*(?:[-*・•■●◆○]|<[uo]l)")
_QUESTION = re.compile(r"\s*[-・]\s*([①-⑳])\s*(.+?)\s*")
_SOURCE = re.compile(r"\s*(?:※|[(（]?(?:出典|資料)[)）:：]?)")
_ISSUE = re.compile(r"\s*課題\s*[①-⑳0-9０-９]+\t")
_GROUP = re.compile(r"\s*[<＜〈].{0,20}順[>＞〉]\s*")
_TERMS = re.compile(r"\s*用語\t+\s*(?:説明|解説|意味|内容)?\s*")
_TOTALS = (
    ("initiative", re.compile(r"(?<![0-9])([0-9]{1,4})の?(?:取組|施策|事業)項目"), "取組項目"),
    ("policy", re.compile(r"(?<![0-9])([0-9]{1,4})つ?の(?:取組|基本|重点|推進|施策)方針"), "取組方針"),
)
_LINE = 60


@dataclass
class Body:
    """Feeds each line to what it belongs to; :meth:`finish` closes the last item and compares totals."""

    draft: Draft
    plan: Row
    contents: Contents
    items: Items = field(init=False)
    kind: str = "front"
    section: str = ""
    number: int = 0
    policy: Row | None = None
    caption: Caption | None = None
    figure: bool = False
    lost: list[Caption] = field(default_factory=list)
    figures: dict[int, int] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    answer: bool = False
    terms: dict[str, Row] = field(default_factory=dict)
    term: Row | None = None
    totals: dict[tuple[str, int], int] = field(default_factory=dict)
    done: int = 0

    def __post_init__(self) -> None:
        self.items = Items(self.draft)

    def feed(self, line: int, text: str) -> None:
        """Read one line that is not blank."""
        if line in self.draft.ignored or line <= self.done:
            return
        if self.kind == "front" and line < self.contents.end:
            self._front(line, text)
        elif self._structure(line, text):
            return
        elif is_page_number(text):
            self.draft.ignore(Lines.of(line), "page number")
        else:
            self._prose(line, text)

    def _structure(self, line: int, text: str) -> bool:
        return any(read(line, text) for read in (self._heading, self._policy, self._terms, self._item))

    def finish(self) -> None:
        """Close what is open and compare the printed totals."""
        self._close_caption()
        self.items.finish()
        for (table, total), line in self.totals.items():
            self._compare(table, total, line)
        self._note_figures()

    # -- headings -------------------------------------------------------------------------------------

    def _front(self, line: int, text: str) -> None:
        if text.strip().startswith(("～", "〜", "~")):
            self.draft.describe(self.plan, "goal", Lines.of(line))

    def _heading(self, line: int, text: str) -> bool:
        key = fold(heading(text))
        if title := self._chapter_title(text, key):
            self._leave()
            self.items.close()
            self.kind, self.section = chapter_kind(title), ""
            self.draft.ignore(Lines.of(line), "chapter heading")
            return True
        if title := self._section_title(text, key):
            self._leave()
            self.section = _section_kind(title) if self.kind == "body" else ""
            if self.kind == "background" and chapter_kind(title) == "previous":
                self.kind = "previous"
            self.items.indexing = self.section == "items"
            self.draft.ignore(Lines.of(line), "section heading")
            return True
        return False

    def _chapter_title(self, text: str, key: str) -> str:
        if self.contents.chapters:
            return self.contents.chapters.get(key, "")
        match = _CHAPTER.fullmatch(text)
        if match and (
            chapter_kind(match[2]) == "glossary"
            or (int(match[1]) == self.number + 1 and self.items.sheet is None)
        ):
            self.number = int(match[1])
            return tidy(match[2])
        return ""

    def _section_title(self, text: str, key: str) -> str:
        if self.contents.chapters or self.items.sheet is not None:
            return self.contents.sections.get(key, "")
        match = _SECTION.fullmatch(text)
        return tidy(match[1]) if match and not self.figure else ""

    def _leave(self) -> None:
        self._close_caption()
        self.policy, self.figure, self.answer, self.term = None, False, False, None

    def _policy(self, line: int, text: str) -> bool:
        match = _POLICY.fullmatch(text.rstrip("\t "))
        if match is None or self.kind == "glossary":
            return False
        if self.kind == "previous" or match[3].startswith("「"):
            self.draft.ignore(Lines.of(line), "policy of the previous plan")
            self._used()
            return True
        self._close_caption()
        self.figure = False
        self.policy = self.items.policy(
            line, match[1], str(int(match[2])), tidy(match[3]), in_table="\t" in text
        )
        return True

    # -- glossary and items ---------------------------------------------------------------------------

    def _terms(self, line: int, text: str) -> bool:
        if _TERMS.fullmatch(text):
            self.items.close()
            self.kind = "glossary"
        elif self.kind != "glossary":
            return False
        if _TERMS.fullmatch(text) or _GROUP.fullmatch(text):
            self.draft.ignore(Lines.of(line), "header of the glossary")
        elif row := read_term(self.draft, self.terms, line, text):
            self.term = row
        elif self.term is not None and "。" in text:
            self.draft.describe(self.term, "definition", Lines.of(line))
        return True

    def _item(self, line: int, text: str) -> bool:
        label = sheet_label(text)
        if label is not None and label.kind == "item":
            self._leave()
            self.kind, self.section = "body", "items"
            self.items.start(line, label)
            return True
        if self.items.sheet is not None or self.items.lost:
            return self.items.feed(line, label, text)
        return self.items.index(line, text)

    # -- the rest -------------------------------------------------------------------------------------

    def _prose(self, line: int, text: str) -> None:
        if self.items.sheet is not None or self.kind == "front":
            return
        if match := _CAPTION.fullmatch(text):
            self._open_caption(Caption(tidy(match[1] + match[2]), tidy(match[3]), line))
            self.figures.setdefault(int(match[2]), line)
            self.figure = True
        elif match := _CIRCLED.fullmatch(text):
            self._open_caption(Caption(match[1], tidy(match[2]), line))
            self.answer = True
        elif match := _UNIT.fullmatch(text):
            self._unit(line, tidy(match[1]))
        elif _ISSUE.match(text):
            self.draft.describe(self.plan, "issue", Lines.of(line))
        elif "\t" in text:
            self._table(line)
        else:
            self._text(line, text)

    def _text(self, line: int, text: str) -> None:
        lines = Lines.of(line)
        if "。" in text:
            self._sentence(line, text)
        elif _SOURCE.match(text):
            self.draft.ignore(lines, "note or source of a figure")
        elif text.count("■") > 1:
            self.draft.ignore(lines, "legend of a chart")
        elif _BULLET.match(text):
            self._bullet(line, text)
        elif self.section == "goal":
            self.draft.describe(self.plan, "goal", lines)
        elif self.answer and self.kind == "survey":
            self.draft.describe(self.plan, "background", lines)
            self._used()
        elif self.figure and len(text) <= _LINE:
            self.draft.ignore(lines, "text of a figure")
            self._used()

    def _sentence(self, line: int, text: str) -> None:
        self._close_caption()
        self.answer = False
        if self.policy is not None:
            self.draft.describe(self.policy, "content", Lines.of(line))
        else:
            self.draft.describe(self.plan, "background", Lines.of(line))
        if self.kind == "body" and self.policy is None:
            folded = fold(text)
            for table, pattern, _ in _TOTALS:
                for total in pattern.findall(folded):
                    self.totals.setdefault((table, int(total)), line)

    def _bullet(self, line: int, text: str) -> None:
        if match := _QUESTION.fullmatch(text):
            self.questions[match[1]] = fold(match[2])
        if self.figure:
            self.draft.ignore(Lines.of(line), "text of a figure")
        else:
            self.draft.describe(
                self.policy or self.plan, "content" if self.policy else "background", Lines.of(line)
            )
        self._used()

    # -- captions and tables --------------------------------------------------------------------------

    def _open_caption(self, caption: Caption) -> None:
        self._close_caption()
        self.caption = caption
        self.draft.ignore(Lines.of(caption.line), "caption or subheading")

    def _close_caption(self) -> None:
        """A caption with nothing below it: its figure was lost in conversion."""
        caption, self.caption = self.caption, None
        if caption is None:
            return
        if caption.number[0] in "図表" or self.questions.get(caption.number) == fold(caption.title):
            self.lost.append(caption)

    def _used(self) -> None:
        self.caption = None if self.caption is None or self.caption.number[0] in "図表" else self.caption
        self.answer = False

    def _unit(self, line: int, unit: str) -> None:
        self.draft.ignore(Lines.of(line), "unit of a figure")
        if self.caption is not None:
            caption = self.caption
            self.caption = Caption(caption.number, caption.title, caption.line, unit, line)

    def _table(self, line: int) -> None:
        block = []
        last = line
        while "\t" in self.draft.line(last) and not _POLICY.fullmatch(self.draft.line(last).rstrip("\t ")):
            block.append((last, self.draft.line(last)))
            last += 1
        self.done = max(self.done, last - 1)
        captioned = self.caption is not None or self.figure
        if not read_table(self.draft, self.caption, block) and captioned:
            self.draft.ignore(Lines.of(*(n for n, _ in block)), "table of a figure, without counts")
        self.caption, self.answer = None, False

    # -- the end --------------------------------------------------------------------------------------

    def _compare(self, table: str, total: int, line: int) -> None:
        found = len({row.cells.get("number") for row in self.draft.of(table)})
        word = next(word for name, _, word in _TOTALS if name == table)
        if found != total:
            ja = f"{word}は{total}と印刷されていますが、読み取れたのは{found}です。"
            en = f"The text says {total} ({table}); {found} can be read."
            self.draft.note("total-differs", ja, en, Lines.of(line), self.plan)

    def _note_figures(self) -> None:
        if self.lost:
            names = "、".join(f"{caption.number}{caption.title}" for caption in self.lost)
            ja = f"図の中身が変換で失われています: {names}"
            en = f"Figures without content (lost in conversion): {len(self.lost)}."
            self.draft.note("figure-lost", ja, en, Lines.of(*(caption.line for caption in self.lost)))
        gaps = [n for n in range(1, max(self.figures, default=0)) if n not in self.figures][:_LINE]
        if gaps:
            names = "、".join(f"図表{n}" for n in gaps)
            near = [line for n, line in self.figures.items() if n - 1 in gaps or n + 1 in gaps]
            ja, en = (
                f"{names}がありません（番号が飛んでいます）。",
                "Numbers of figures are missing: " + ", ".join(map(str, gaps)),
            )
            self.draft.note("figure-number-gap", ja, en, Lines.of(*near))


def _section_kind(title: str) -> str:
    if re.search(r"(?:取組|施策|事業)(?:項目|一覧)", title):
        return "items"
    return "goal" if "目標" in title else ""
