"""With the keyboard alone: everything is reached, is seen when it is reached, and is left again."""

from __future__ import annotations

from typing import Any

import pytest

from dxlod.site.reader import SiteReader

from .pages import place_of
from .visit import Visit

pytestmark = pytest.mark.browser

WALKED = (
    "home",
    "plans",
    "topics",
    "tasks",
    "downloads",
    "guide",
    "search-found",
    "query",
    "indicator-5",
    "missing",
)
MOST = 260
"""Steps of one walk; pages with more to reach are walked that far."""
# Chromium makes what scrolls reachable too, so a box that has no tabindex is counted where it is reached.
WATCH = """() => {
  const stops = [];
  const outlined = (e) => { const s = getComputedStyle(e); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 1; };
  window.stops = stops;
  addEventListener("focusin", ({target}) => {
    const ring = outlined(target) || Boolean(target.closest(".CodeMirror-focused") && outlined(target.closest(".CodeMirror-focused")));
    const box = target.getBoundingClientRect();
    const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
    stops.push({target, ring, seen, name: target.outerHTML.slice(0, 120)});
  });
}"""
REPORT = """() => {
  const wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0'], [contenteditable='true']")]
    .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0 && !e.disabled && e.type !== "hidden");
  const reached = new Set(stops.map((stop) => stop.target));
  return {
    steps: stops.length,
    wanted: wanted.length,
    missed: wanted.slice(0, reached.size).filter((e) => !reached.has(e)).map((e) => e.outerHTML.slice(0, 120)),
    dim: stops.filter((stop) => !stop.ring || !stop.seen).map((stop) => stop.name),
    jumps: document.querySelectorAll("[tabindex]:not([tabindex='0'], [tabindex='-1'])").length,
  };
}"""


@pytest.mark.parametrize("name", WALKED)
def test_everything_is_reached_and_seen(visit: Visit, reader: SiteReader, name: str) -> None:
    visit.open(f"/ja{place_of(reader, name)}")
    visit.page.evaluate(WATCH)
    for _ in range(MOST):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("() => document.activeElement === document.body"):
            break
    found: dict[str, Any] = visit.page.evaluate(REPORT)
    assert not found["missed"]
    assert not found["dim"]
    assert not found["jumps"]
    assert found["steps"] >= min(found["wanted"], MOST - 5)


def test_the_first_stop_leads_past_the_menus(visit: Visit) -> None:
    visit.open("/ja/plans")
    visit.page.keyboard.press("Tab")
    assert visit.page.locator(".skip").is_visible()
    assert visit.page.evaluate("() => document.activeElement.getBoundingClientRect().top >= 0")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_the_editor_is_left_with_tab_in_both_directions(visit: Visit) -> None:
    visit.open("/en/query")
    visit.page.locator(".CodeMirror-code").focus()
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("() => document.activeElement.matches('#query-form button')")
    visit.page.keyboard.press("Shift+Tab")
    assert visit.page.evaluate("() => document.activeElement.matches('.CodeMirror-code')")
    visit.page.keyboard.press("Shift+Tab")
    assert not visit.page.evaluate("() => Boolean(document.activeElement.closest('.editor'))")
