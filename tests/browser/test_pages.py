"""Every kind of page in both languages, wide and narrow, light and dark, on screen and on paper."""

from __future__ import annotations

import pytest

from dxlod.site.reader import SiteReader

from .pages import ID, PAGES, place_of, things_of_no_page
from .visit import PHONE, WIDE, Visit

pytestmark = pytest.mark.browser

STATUS = {"missing": 404, "nowhere": 404, "query-wrong": 400}
CHROME = ".main-nav, .find, .lang, .skip, .crumbs"
"""What a printed page has no use for."""


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page(visit: Visit, reader: SiteReader, name: str, lang: str) -> None:
    """One visit, many looks: whatever is wrong is told at once."""
    status = visit.open(f"/{lang}{place_of(reader, name)}")
    faults = [f"light {fault}" for fault in visit.axe()]
    faults += _phone(visit)
    visit.page.emulate_media(color_scheme="dark")
    faults += [f"dark {fault}" for fault in visit.axe("color-contrast")]
    faults += _paper(visit)
    faults += [f"console {text}" for text in visit.complaints]
    faults += [f"asked {url}" for url in visit.strangers()]
    assert not faults, "\n".join(faults)
    assert status == STATUS.get(name, 200)
    assert visit.page.locator("html").get_attribute("lang") == lang


def _phone(visit: Visit) -> list[str]:
    visit.size(PHONE)
    faults = [f"narrow {fault}" for fault in visit.axe("target-size", "scrollable-region-focusable")]
    wider = visit.overflow()
    return [*faults, f"narrow: {wider} px wider than the window"] if wider > 0 else faults


def _paper(visit: Visit) -> list[str]:
    """On paper there are the words and the source, no controls, and nothing runs over the edge."""
    visit.size((794, 1123))
    visit.page.emulate_media(media="print", color_scheme="light")
    faults = [
        f"printed: {item}"
        for item in visit.page.locator(CHROME).evaluate_all(
            "(all) => all.filter((e) => e.checkVisibility()).map((e) => e.className)"
        )
    ]
    if not visit.page.locator("h1").is_visible():
        faults.append("printed: no heading")
    if visit.overflow() > 0:
        faults.append(f"printed: {visit.overflow()} px too wide")
    return faults


def test_things_without_a_page_of_their_own(visit: Visit, reader: SiteReader) -> None:
    faults: list[str] = []
    others = things_of_no_page(reader)
    for kind, iri in others.items():
        visit.open(f"/doc/{iri.removeprefix(ID)}")
        faults += [f"{kind}: {fault}" for fault in (*visit.axe(), *visit.complaints, *visit.strangers())]
    assert not faults, "\n".join(faults)
    assert len(others) > 5


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_chart_of_an_indicator_is_whole_and_its_figures_stand_beside(
    visit: Visit, size: tuple[int, int]
) -> None:
    visit.open("/ja/doc/plan/212075/dx/2024/kpi/1-1-1")
    visit.size(size)
    said = visit.page.locator(".beside svg.chart text.said").all_text_contents()
    assert len(said) == visit.page.locator(".beside table tbody tr").count() > 1
    table = visit.page.locator(".beside table").inner_text()
    assert all(text in table for text in said)
    box = visit.page.locator(".chart-box")
    hidden: int = box.evaluate("(e) => e.scrollWidth - e.clientWidth")
    assert hidden == 0 or size == PHONE
    assert visit.overflow() <= 0
