"""Takes the pictures of docs/tour.md: `python -m tests.browser.tour [folder of releases]`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .visit import PHONE, Visit, chromium, serving, visiting

__all__ = ["LARGEST", "SHOTS", "TARGET", "main"]

HOME = Path(__file__).resolve().parents[2]
TARGET = HOME / "docs" / "tour"
LARGEST = 150_000
"""Bytes of one picture at most."""


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the page, the size of the window, light or dark, and what stands at the top."""

    name: str
    path: str
    size: tuple[int, int] = (1120, 780)
    dark: bool = False
    top: str = ""
    before: Callable[[Visit], None] | None = None


def _run_query(visit: Visit) -> None:
    with visit.page.expect_navigation():
        visit.page.locator("#query-form button").click()


SHOTS = (
    Shot("home", "/ja"),
    Shot("plan", "/ja/doc/plan/362018/dx/2026", top="#schedule"),
    Shot("indicator", "/ja/doc/plan/212075/dx/2024/kpi/1-1-1", size=(1120, 860)),
    Shot("topic", "/ja/doc/topic/digital-divide", size=(1220, 620), top="#compare"),
    Shot("tasks", "/ja/tasks?view=matrix", top="main .bar"),
    Shot("query", "/en/query?example=cq37-starts-by-year", size=(1120, 860), before=_run_query),
    Shot("vocabulary", "/en/ns", size=(1240, 760), top="#diagram"),
    Shot("phone", "/en/doc/lg/212016", size=PHONE, dark=True),
)


def take(visit: Visit, shot: Shot) -> Path:
    """Take one picture."""
    visit.size(shot.size)
    visit.page.emulate_media(color_scheme="dark" if shot.dark else "light")
    visit.open(shot.path)
    if shot.before:
        shot.before(visit)
    if shot.top:
        visit.page.locator(shot.top).first.evaluate("(e) => e.scrollIntoView({block: 'start'})")
    path = TARGET / f"{shot.name}.png"
    visit.page.screenshot(path=path)
    return path


def main(arguments: Sequence[str]) -> int:
    """Serve the current release, take every picture, say how large each is; 1 when one is too large."""
    releases = Path(arguments[0]) if arguments else HOME / "releases"
    TARGET.mkdir(parents=True, exist_ok=True)
    large = False
    with serving(releases) as origin, chromium() as browser, visiting(browser, origin) as visit:
        for shot in SHOTS:
            path = take(visit, shot)
            size = path.stat().st_size
            large |= size > LARGEST
            sys.stdout.write(f"{path.relative_to(HOME)} {size:,} B{' !' if size > LARGEST else ''}\n")
    return int(large)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
