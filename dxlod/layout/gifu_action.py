"""Layout “gifu-action”: an action plan as a list of initiatives (取組一覧) with sheets (取組シート).

Structure: cover with （N年度版）; contents page; the list by 視点 or chapter and 取組事項; sheets below
chapter headings; imprint with the date of issue, 発行 and 編集.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dxlod.layout import Layout
from dxlod.layout.common import heading
from dxlod.layout.draft import Draft, Row
from dxlod.layout.gifu_action_list import PlanList, read_list
from dxlod.layout.gifu_action_scan import ContentsEntry, Scan, scan
from dxlod.layout.gifu_action_sheet import Heading, read_sheets
from dxlod.model.lines import Lines
from dxlod.model.text import fold, tidy
from dxlod.model.years import find_fiscal_years, find_year_month

__all__ = ["LAYOUT", "read"]

_EDITION = re.compile(r"[（(]([^（）()]*年度版)[）)]")
_STATUS = re.compile(r"[（(](素案|案)[）)]")
_MUNICIPALITY = re.compile(r"([^\s（）()「」]{1,8}?[市町村区])")
_DATE = re.compile(
    r"(?:明治|大正|昭和|平成|令和)?(?:元|[0-9]{1,4})年[0-9]{1,2}月(?:[0-9]{1,2}日)?(?:発行|策定|作成)?"
)
_ROLE = re.compile(r"((?:発行|編集|作成|企画)(?:[・/](?:発行|編集|作成|企画))*)(?:者|元)?[\s:：]*(\S.*)")
_ADDRESS = re.compile(
    r"〒|[0-9]{3}-[0-9]{4}|電話|TEL|FAX|ファクス|Mail|メール|@|https?:|ホームページ", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?:第)?([0-9０-９]{1,2})(?:章)?[\s.．:：]*(\S.*)")
_UNIT = re.compile(r"(\S*?[^\s本](?:部|局))?(\S+?(?:課|室|所|センター|係))?")
_COVER = 12  # a cover has few lines; what follows is no title
_KINDS = {
    "局": "bureau",
    "部": "department",
    "課": "section",
    "室": "office",
    "所": "office",
    "センター": "center",
}


class _Imprint:
    """The cover and the imprint: who publishes which edition of which plan, and when."""

    def __init__(self, draft: Draft, parts: Scan) -> None:
        self._draft = draft
        self._front = [(n, heading(draft.line(n))) for n in parts.front]
        self._plain = [(n, heading(draft.line(n))) for n in parts.plain]
        self._imprint = {n for n, _ in self._plain}
        self._known = draft.reference.codes
        self._lines: list[int] = []
        self._publisher = self._issued = ""
        self._editor: tuple[int, str] | None = None

    def read(self) -> tuple[Row | None, list[int]]:
        """The plan row, or None where no plan is recognised; and the lines that are left."""
        edition = next(((n, m[1]) for n, t in self._front for m in [_EDITION.search(t)] if m), None)
        left = [n for n, text in (*self._front, *self._plain) if not self._take(n, text)]
        names = self._title_names()
        municipality = self._municipality(names)
        if not municipality or not names:
            return None, left
        title = " ".join(name for _, name in names)
        forms = {fold(name) for _, name in names} | {fold("".join(name for _, name in names))}
        numbers = {n for n, _ in names}
        left = [n for n in left if n not in numbers and not self._is_title(n, forms)]
        issued_year = self._issued[:4]
        year = next(iter(find_fiscal_years(edition[1])), None) if edition else None
        plan = self._draft.identify(
            municipality=municipality,
            plan="dx-action",
            edition=str(year or issued_year or "undated"),
            lines=Lines.of(*(n for n, _ in names), *self._lines, *([edition[0]] if edition else [])),
            title=f"{title}({edition[1]})" if edition else title,
            plan_title=title,
            status=self._status(),
            issued=self._issued or None,
            publisher=self._publisher or None,
        )
        self._add_editor(plan, municipality)
        self._note_missing(plan, edition is not None)
        return plan, left

    def _take(self, number: int, text: str) -> bool:
        """Whether a line of the cover or the imprint is understood."""
        role = _ROLE.fullmatch(text)
        if _DATE.fullmatch(fold(text)):
            dates = find_year_month(text)
            self._issued = self._issued or (dates[0] if dates else "")
        elif text in self._known:
            self._publisher = self._publisher or text
        elif role:
            self._take_role(number, role[1], tidy(role[2]))
        elif number in self._imprint and _ADDRESS.search(text):
            self._draft.ignore(Lines.of(number), "imprint address")
            return True
        else:
            return False
        self._lines.append(number)
        return True

    def _take_role(self, number: int, roles: str, name: str) -> None:
        body = max((known for known in self._known if name.startswith(known)), key=len, default=name)
        if "発行" in roles:
            self._publisher = body
        if roles != "発行" and self._editor is None:
            self._editor = number, name

    def _title_names(self) -> list[tuple[int, str]]:
        """The lines of the cover that make up the title; else the title in the imprint."""
        edition = next((n for n, text in self._front if _EDITION.search(text)), self._draft.last)
        names = [
            (n, text)
            for n, printed in self._front[:_COVER]
            if n not in self._lines
            and n <= edition
            and (text := _EDITION.sub("", _STATUS.sub("", printed)).strip())
        ]
        if names:
            return names
        rest = ((n, text) for n, text in self._plain if n not in self._lines)
        return [(n, text) for n, text in rest if any(text.startswith(known) for known in self._known)][:1]

    def _municipality(self, names: Sequence[tuple[int, str]]) -> str:
        for text in (*(text for _, text in names), self._publisher):
            known = [name for name in self._known if text.startswith(name)]
            if known:
                return max(known, key=len)
        for text in (self._publisher, *(text for _, text in names)):
            match = _MUNICIPALITY.match(text)
            if match:
                return match[1]
        return ""

    def _is_title(self, number: int, forms: set[str]) -> bool:
        """Whether a line only repeats the title, as the imprint does, or prints the edition."""
        text = fold(heading(self._draft.line(number)))
        if text in forms:
            self._draft.ignore(Lines.of(number), "title in the imprint")
        return text in forms or bool(_EDITION.fullmatch(text))

    def _status(self) -> str:
        match = next((m for _, text in self._front for m in [_STATUS.search(text)] if m), None)
        if match is None:
            return "adopted"
        return "preliminary-draft" if match[1] == "素案" else "draft"

    def _add_editor(self, plan: Row, municipality: str) -> None:
        if self._editor is None:
            return
        lines, units = Lines.of(self._editor[0]), []
        for name in re.split(r"[、,，]", self._editor[1].removeprefix(municipality)):
            match = _UNIT.fullmatch(name.strip())
            if match is None or not match[0]:
                continue
            above = self._draft.unit(match[1], lines, kind=_kind(match[1])) if match[1] else None
            own = self._draft.unit(match[2], lines, kind=_kind(match[2]), parent=above) if match[2] else above
            units.append(own)
        if units:
            plan.cells["editor_units"] = units

    def _note_missing(self, plan: Row, has_edition: bool) -> None:
        if not has_edition:
            self._draft.note(
                "edition-not-printed",
                "「○年度版」の表記がありません。版キーは発行年から付けました。",
                "No edition (…年度版) is printed; the edition key is the year of issue.",
                plan.lines,
                plan,
            )
        for column, ja, en in (("issued", "発行日", "date of issue"), ("publisher", "発行者", "publisher")):
            if not plan.cells.get(column):
                plan.mark_unknown(column)
                self._draft.note(
                    f"{column}-lost",
                    f"{ja}を読み取れません。",
                    f"The {en} cannot be read.",
                    plan.lines,
                    plan,
                    column,
                )


def _kind(name: str) -> str:
    return next((kind for ending, kind in _KINDS.items() if name.endswith(ending)), "other")


def _headings(draft: Draft, left: Sequence[int], plan: PlanList) -> list[Heading]:
    """The chapter headings above sheets: a number and the title of a policy."""
    found = []
    for number in left:
        match = _NUMBERED.fullmatch(heading(draft.line(number)))
        policy = plan.policies.get(fold(match[2])) if match else None
        if policy is not None:
            policy.cite(Lines.of(number))
            found.append(Heading(number, policy))
    return found


def _check_contents(draft: Draft, contents: Sequence[ContentsEntry], plan: PlanList) -> None:
    """Compare the contents page with the list: chapters without a policy, and policies without a chapter."""
    titles = {fold(entry.title) for entry in contents}
    for entry in contents:
        if fold(entry.title) not in plan.policies and fold(entry.title) != "取組一覧":
            draft.note(
                "chapter-not-listed",
                f"目次の「{entry.title}」に当たる項目が一覧にありません。",
                f"The list has no item for “{entry.title}” of the contents page.",
                Lines.of(entry.line),
            )
    for folded, policy in plan.policies.items():
        if contents and folded not in titles:
            draft.note(
                "chapter-not-in-contents",
                f"一覧の項目「{policy.title}」が目次にありません。",
                f"The contents page does not have the item “{policy.title}” of the list.",
                policy.lines,
                policy,
                "title",
            )


def read(draft: Draft) -> None:
    """Read an action plan of this layout into the draft."""
    parts = scan(draft)
    plan, left = _Imprint(draft, parts).read()
    if plan is None:
        return
    listed = read_list(draft, parts)
    if not listed.initiatives:
        draft.note(
            "list-lost",
            "取組一覧から取組を1件も読み取れません。",
            "No initiative can be read from the list.",
            plan.lines,
            plan,
        )
    read_sheets(draft, listed, parts.sheets, _headings(draft, left, listed))
    _check_contents(draft, parts.contents, listed)


LAYOUT = Layout(
    "gifu-action",
    "取組一覧と取組シートからなるアクション編（岐阜市）",
    "Action plan of a list of initiatives and a sheet for each marked one (Gifu)",
    read,
)
