"""Layout of plans whose items are sheets: 取組項目, 担当, 取組内容, 目標, 取組計画 and 数値目標 by fiscal year.

Before them stand a contents page, chapters of background (the previous plan and a survey among them) and an
index of the items; behind them a glossary.
"""

from __future__ import annotations

from dxlod.layout import Layout
from dxlod.layout.draft import Draft
from dxlod.layout.tokushima_body import Body
from dxlod.layout.tokushima_front import identify, read_contents

__all__ = ["LAYOUT"]


def read(draft: Draft) -> None:
    """Read a plan of this layout; nothing is added where no plan title is found."""
    contents = read_contents(draft)
    plan = identify(draft, contents)
    if plan is None:
        return
    body = Body(draft, plan, contents)
    for line in range(1, draft.last + 1):
        if draft.line(line).strip():
            body.feed(line, draft.line(line))
    body.finish()


LAYOUT = Layout(
    "tokushima", "取組項目ごとの表（取組計画・数値目標）", "Item sheets with plan and target rows", read
)
