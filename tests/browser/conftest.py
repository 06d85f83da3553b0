"""One service and one browser for all tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dxlod.release import open_current
from dxlod.settings import Settings
from dxlod.site.place import open_index
from dxlod.site.reader import SiteReader

from .visit import AXE, WIDE, Visit, chromium, serving, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOME = Path(__file__).resolve().parents[2]
EDITOR = HOME / "dxlod" / "site" / "static" / "editor.js"


@pytest.fixture(scope="session")
def origin(releases: Path) -> Iterator[str]:
    """Where the service of the committed tables is."""
    for path in (AXE, EDITOR):
        assert path.exists(), f"{path} がありません。make editor で作れます / missing: run make editor"
    with serving(releases) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def reader(releases: Path) -> Iterator[SiteReader]:
    found = open_index(open_current(Settings(releases=releases)))
    yield found
    found.close()


@pytest.fixture(scope="session")
def tab(browser: Browser, origin: str) -> Iterator[Visit]:
    """A tab that many tests use one after another; each begins with a page of its own."""
    with visiting(browser, origin) as visit:
        yield visit


@pytest.fixture
def visit(tab: Visit) -> Visit:
    """The tab as it is before every test: wide, light, on screen."""
    tab.size(WIDE)
    tab.page.emulate_media(media="screen", color_scheme="light")
    return tab
