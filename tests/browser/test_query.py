"""The query page and its editor, as a person uses them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .visit import PHONE, Visit, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

QUESTIONS = Path(__file__).resolve().parents[1] / "competency"
CHARTED, PLAIN = "cq37-starts-by-year", "cq01-plans-and-periods"
TYPED = "PREFIX dxo: <https://w3id.org/dxlod/ns#>\nSELECT (COUNT(?i) AS ?n) WHERE { ?i a dxo:Initiative }"


def expected(name: str) -> list[list[str]]:
    """The rows that the question has, checked against the plans."""
    with (QUESTIONS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def expect(locator: Locator) -> Any:
    """What is promised of a part of the page, soon."""
    from playwright.sync_api import expect as promise

    return promise(locator)


def shown(page: Page) -> list[list[str]]:
    found: list[list[str]] = page.locator(".answer-table tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
    )
    return found


def write(page: Page, text: str) -> None:
    """Replace what is in the editor as a person would."""
    page.locator(".CodeMirror-code").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", [CHARTED, PLAIN])
def test_an_example_is_chosen_and_run(visit: Visit, name: str, lang: str) -> None:
    visit.open(f"/{lang}/query")
    link = visit.page.locator(f".example-list a[href$='example={name}']")
    if not link.is_visible():
        visit.page.locator("details.theme", has=link).locator("summary").click()
    link.click()
    visit.page.locator("#query-form button").click()
    assert len(shown(visit.page)) == len(expected(name))
    assert [row[-1] for row in shown(visit.page)] == [row[-1] for row in expected(name)]
    assert visit.page.locator("textarea#query").input_value().strip().startswith("PREFIX")
    assert not visit.complaints
    assert not visit.strangers()


def test_a_chart_stands_beside_its_table(visit: Visit) -> None:
    visit.open("/ja/query?example=" + CHARTED)
    visit.page.locator("#query-form button").click()
    chart = visit.page.locator(".answer-chart svg")
    assert chart.get_attribute("aria-label")
    assert chart.locator("rect").count() == len(expected(CHARTED))
    assert visit.page.locator(".answer-table tbody tr").count() == len(expected(CHARTED))
    assert not visit.axe()
    visit.size(PHONE)
    assert visit.overflow() <= 0


def test_what_is_typed_is_sent(visit: Visit) -> None:
    visit.open("/ja/query")
    write(visit.page, TYPED)
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Control+Enter")
    assert len(shown(visit.page)) == 1
    assert int(shown(visit.page)[0][0].replace(",", "")) > 300
    assert visit.page.locator("textarea#query").input_value().replace("\r", "").strip() == TYPED
    assert "query=" in visit.page.url


def test_a_mistake_is_marked_and_said(visit: Visit) -> None:
    visit.open("/en/query")
    # Not a variable at the end of a line: if its completion is open, Enter takes what that offers.
    write(visit.page, "SELECT * WHERE {\n  ?s ?p \n} }")
    expect(visit.page.locator(".editor-status")).to_contain_text("Line 3")
    mark = visit.page.locator(".parseErrorIcon")
    mark.hover()
    assert "Line 3" in (mark.get_attribute("title") or "")
    assert not visit.complaints
    write(visit.page, TYPED)
    expect(visit.page.locator(".editor-status")).to_be_empty()


@pytest.mark.parametrize(
    ("before", "typed", "chosen"),
    [
        ("PREFIX dxo: <https://w3id.org/dxlod/ns#>\nSELECT * WHERE { ?s a ", "dxo:Initia", "dxo:Initiative"),
        ("PREFIX dxo: <https://w3id.org/dxlod/ns#>\nSELECT * WHERE { ?s ", "dxo:hasIndi", "dxo:hasIndicator"),
        ("", "PREFIX dcte", "dcterms: <http://purl.org/dc/terms/>"),
    ],
)
def test_words_of_the_data_are_suggested(visit: Visit, before: str, typed: str, chosen: str) -> None:
    visit.open("/ja/query")
    write(visit.page, before)
    visit.page.keyboard.type(typed)
    visit.page.keyboard.press("Control+Space")
    first = visit.page.locator(".CodeMirror-hint").first
    expect(first).to_contain_text(chosen)
    assert not visit.axe()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("textarea#query")).to_have_value(
        before + typed.rpartition(" ")[0] + " " * (" " in typed) + chosen
    )
    assert not visit.complaints
    assert not visit.strangers()


def test_nothing_is_kept_in_the_browser(visit: Visit) -> None:
    visit.open("/ja/query")
    write(visit.page, TYPED)
    visit.page.locator("h1").click()
    assert (
        visit.page.evaluate("() => localStorage.length + sessionStorage.length + document.cookie.length") == 0
    )


def test_without_script_the_form_does_the_same(browser: Browser, origin: str) -> None:
    with visiting(browser, origin, java_script_enabled=False) as plain:
        plain.open("/ja/query?example=" + CHARTED)
        assert plain.page.locator("textarea#query").is_visible()
        assert plain.page.locator(".CodeMirror").count() == 0
        plain.page.locator("#query-form button").click()
        assert plain.page.locator(".answer-table tbody tr").count() == len(expected(CHARTED))
        assert plain.page.locator(".answer-chart svg").is_visible()


@pytest.mark.parametrize(
    ("path", "field", "words", "found"),
    [
        ("/ja", "#find-q", "子育て", ".hits li"),
        ("/ja/tasks", "main input[name=q]", "税", "main tbody tr"),
    ],
)
def test_without_script_search_and_filters_work(
    browser: Browser, origin: str, path: str, field: str, words: str, found: str
) -> None:
    with visiting(browser, origin, java_script_enabled=False) as plain:
        plain.open(path)
        plain.page.locator(field).fill(words)
        plain.page.locator(field).press("Enter")
        plain.page.wait_for_url("**q=*")
        assert plain.page.locator(found).count() > 0
        assert words in plain.page.locator("main").inner_text()
