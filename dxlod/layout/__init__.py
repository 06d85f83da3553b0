"""Layouts: how the plans of one style are printed. A layout recognises structure and knows no document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dxlod.errors import LayoutError
from dxlod.layout.draft import Draft

__all__ = ["Layout", "find_layout", "layouts"]


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout: its name, what it fits (ja, en), and the function that reads a document into a draft."""

    name: str
    ja: str
    en: str
    read: Callable[[Draft], None]


def layouts() -> dict[str, Layout]:
    """All layouts by name."""
    from dxlod.layout import gifu_action, gifu_optimization, kakamigahara, mino, tokushima

    modules = (gifu_action, gifu_optimization, kakamigahara, mino, tokushima)
    return {module.LAYOUT.name: module.LAYOUT for module in modules}


def find_layout(name: str) -> Layout:
    """The layout of this name. Raises LayoutError with the names there are."""
    known = layouts()
    if name not in known:
        names = ", ".join(sorted(known))
        raise LayoutError(
            f"読取様式「{name}」はありません。",
            f"There is no layout “{name}”.",
            mend_ja=f"次から選んでください: {names}",
            mend_en=f"Choose one of: {names}",
        )
    return known[name]
