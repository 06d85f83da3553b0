"""Laws and plans that a document names: known works, 「…」 with the name of a law or plan, and the city's own plans.

All are citations of the edition (``dxo:cites``): a law named in the background is no legal basis.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from dxlod.layout.draft import Draft
from dxlod.layout.reference import Work
from dxlod.model.lines import Lines
from dxlod.model.text import as_printed, fold, strip_markup, tidy

__all__ = ["cite_works"]

_KINDS = {
    "条例": "ordinance", "法": "law", "計画": "plan", "プラン": "plan", "アクションプログラム": "plan", "戦略": "strategy",
    "方針": "policy", "大綱": "policy", "ガイドライン": "guideline", "手引き": "guideline", "指針": "guideline",
    "ガイドブック": "guideline", "要綱": "guideline", "セキュリティポリシー": "guideline",
}  # fmt: skip
_ENDING = re.compile(
    rf"({'|'.join(map(re.escape, map(fold, _KINDS)))})(?:・?[0-9]+)?(?:[~][^「」]*)?(?:【?\(?第[0-9.]+版\)?】?)?$"
)
_QUOTED = re.compile(r"「([^「」]{3,80})」(?:\(以下、?「?([^「」()]{3,40})」?という。?\))?")
_VERSION = re.compile(r"[【(]*第[0-9.]+版[)】]*$")
_CONTENTS = re.compile(r"(?:\t|・・・)\s*[0-9]+\s*$")
_SHORT = 30
_UPPER = re.compile("上位計画(?:となる|である|として)")
_PROVISION = re.compile(r"」?(?:\([^()]*\))?第([0-9]+(?:の[0-9]+)*)条(?:第([0-9]+)項)?(?:第([0-9]+)号)?")
_LATER = re.compile(r"(?<=計画)(?:前期|後期)(?:基本)?計画")
_TAIL = re.compile(r"(?:\([^()]*\))+$")


@dataclass
class _Named:
    """A work as the document names it: where, and with which provision."""

    name: str
    kind: str
    work: Work | None
    numbers: set[int] = field(default_factory=set)
    upper: bool = False


def _ends_block(line: str, part: str) -> bool:
    """Whether no sentence runs on past a line: headings, contents lines, short lines without a comma."""
    if not part or part.count("「") > part.count("」"):
        return False
    return (
        bool(_CONTENTS.search(line))
        or line.startswith("#")
        or (len(part) < _SHORT and part[-1] not in "、。(「")
    )


class _Text:
    """The whole document folded into one string, with the way back to line numbers."""

    def __init__(self, draft: Draft) -> None:
        parts, starts, position = [], [], 0
        for line in draft.document.lines:
            starts.append(position)
            part = fold(strip_markup(line).replace("**", ""))
            if _ends_block(line, part):
                part += "。"
            parts.append(part)
            position += len(part)
        self.text = "".join(parts)
        self._starts = starts

    def lines(self, start: int, end: int) -> range:
        """Line numbers of a span of the folded text."""
        return range(bisect_right(self._starts, start), bisect_right(self._starts, max(start, end - 1)) + 1)

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The sentence around a span (150 characters before, 200 after at most), and with the next one."""
        first = max(self.text.rfind("。", max(0, start - 150), start), start - 150, -1) + 1
        last = self.text.find("。", end, end + 200)
        last = last if last >= 0 else end + 200
        following = self.text.find("。", last + 1, last + 200)
        return self.text[first:last], self.text[first : following if following >= 0 else last + 200]


def _kind_of(name: str) -> str:
    match = _ENDING.search(_TAIL.sub("", name))
    if match is None:
        return ""
    return next(kind for suffix, kind in _KINDS.items() if fold(suffix) == match[1])


def _own_names(draft: Draft) -> set[str]:
    plan = draft.of("plan")[0]
    title, plan_title = (fold(str(plan.cells.get(name) or "")) for name in ("title", "plan_title"))
    names = {title, plan_title} - {""}
    if re.fullmatch(r"[0-9]{4}", _TAIL.sub("", title).removeprefix(plan_title)):
        names = {title}  # the bare name is then that of an earlier plan
    return names | {_TAIL.sub("", name) for name in names}


def _quoted(text: _Text, own: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Quoted names of works, folded → as a cell shows them, and abbreviations → names they stand for."""
    names: dict[str, str] = {}
    short: dict[str, str] = {}
    for match in _QUOTED.finditer(text.text):
        name = match[1]
        if not _kind_of(name) and name not in own:
            continue
        if name not in own:
            names.setdefault(name, name)
        if match[2] and not _QUOTED.fullmatch(match[2]):
            short.setdefault(match[2], name)
    return names, short


def _forms(draft: Draft, text: _Text) -> dict[str, tuple[str, Work | None]]:
    """Every printed form to look for, folded → (name it stands for, folded; the shared work or None)."""
    own = _own_names(draft)
    forms: dict[str, tuple[str, Work | None]] = {
        fold(form): (fold(work.title), work) for work in draft.reference.works for form in work.forms
    }
    names, short = _quoted(text, own)
    for name in names:
        base = forms.get(_VERSION.sub("", name))
        forms.setdefault(name, (name, base[1] if base else None))
        forms.setdefault(name.removeprefix(fold(draft.municipality)), forms[name])
    for abbreviation, name in short.items():
        if name in own or any(o in name for o in own):
            forms[abbreviation] = ("", None)
        elif name in forms:
            forms[abbreviation] = forms[name]
    for name in own:
        forms[name] = ("", None)
    return forms


def _municipal(draft: Draft) -> re.Pattern[str]:
    endings = "|".join(fold(e) for e in ("計画", "プラン", "戦略", "方針", "大綱", "条例", "ポリシー"))
    ours = fold("ポリシー")
    return re.compile(
        rf"{re.escape(fold(draft.municipality))}(?:[^、。「」『』()の・はがをに]{{2,16}}の)?"
        rf"[^、。「」『』()の・はがをに]{{1,24}}?(?:{endings})(?:[0-9]{{4}})?(?:\([A-Z][A-Za-z-]+\))?"
        rf"(?!課|室|部|係|会|局)|(?<=本市の)[^、。「」『』()の・はがをに]{{2,16}}{ours}"
    )


def _occurrences(draft: Draft, text: _Text) -> Iterator[tuple[int, int, str, Work | None]]:
    forms = _forms(draft, text)
    pattern = re.compile("|".join(re.escape(form) for form in sorted(forms, key=lambda f: (-len(f), f))))
    taken: list[tuple[int, int]] = []
    for match in pattern.finditer(text.text):
        name, work = forms[match[0]]
        end = match.end()
        if later := _LATER.match(text.text, end):
            name, work, end = match[0] + later[0], None, later.end()
        taken.append((match.start(), end))
        if name:
            yield match.start(), end, name, work
    starts = [start for start, _ in taken]
    own = _own_names(draft)
    for match in _municipal(draft).finditer(text.text):
        index = bisect_right(starts, match.end() - 1) - 1
        free = index < 0 or taken[index][1] <= match.start()
        free = free and not any(name.startswith(match[0]) for name in own)
        if free and len(text.lines(match.start(), match.end())) == 1:
            yield match.start(), match.end(), match[0], None


def _is_upper(draft: Draft, name: str, kind: str, work: Work | None, around: tuple[str, str]) -> bool:
    if kind not in ("plan", "policy", "strategy") or work is not None:
        return False
    if _UPPER.search(around[0]):
        return True
    return fold("総合計画") in name and any(
        word in around[1] for word in ("位置づけ", "位置付け", "実現に資する")
    )


def _as_printed(draft: Draft, folded: str, numbers: range) -> str:
    """The name as a cell shows it: the characters of the lines that fold to it."""
    raw = tidy("".join(strip_markup(draft.line(n)).replace("**", "") for n in numbers))
    return as_printed(raw, folded) or folded


def cite_works(draft: Draft) -> None:
    """Add a ``citation`` row for every work (and provision of it) that the document names."""
    text = _Text(draft)
    bases = {
        number for table in ("legal_basis", "ordinance") for row in draft.of(table) for number in row.lines
    }
    bases |= {number for number, reason in draft.ignored.items() if reason.startswith("contents")}
    named: dict[tuple[str, tuple[str, ...]], _Named] = {}
    for start, end, name, work in _occurrences(draft, text):
        provision = _PROVISION.match(text.text, end)
        parts = (
            tuple((part or "").replace("の", "_") for part in provision.groups())
            if provision
            else ("", "", "")
        )
        numbers = text.lines(start, provision.end() if provision else end)
        if numbers[0] in bases:
            continue
        kind = work.kind if work else _kind_of(name) or "other"
        entry = named.get((name, parts))
        if entry is None:
            printed = _as_printed(draft, text.text[start:end], numbers)
            entry = named[name, parts] = _Named(printed, kind, work)
        entry.numbers.update(numbers)
        entry.upper |= _is_upper(draft, name, kind, work, text.around(start, end))
    for (_, parts), entry in named.items():
        _add(draft, entry, parts)


def _add(draft: Draft, entry: _Named, parts: tuple[str, ...]) -> None:
    article, paragraph, item = parts
    suffix = f"第{article}条" if article else ""
    row = draft.add(
        "citation",
        Lines.of(*entry.numbers),
        subject_table="plan",
        name=entry.name,
        kind=entry.kind,
        relation="upper" if entry.upper else "cites",
        work=entry.work.key if entry.work else "",
        law_id=entry.work.law_id if entry.work else "",
        article=article,
        paragraph=paragraph,
        item=item,
    )
    row.title = f"{entry.name}{suffix}{paragraph}{item}"
