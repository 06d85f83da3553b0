"""The page of what an earlier release had, from a release that remembers one such thing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from server.conftest import SAMPLE
from server.test_gone import GONE, tombstones

from dxlod.release import build_release
from dxlod.settings import Settings

from .visit import serving, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_what_is_gone_has_a_sound_page(browser: Browser, tmp_path: Path) -> None:
    settings = Settings(home=SAMPLE, data=tmp_path / "data", releases=tmp_path / "releases")
    lines = (SAMPLE / "quads.nq").read_text(encoding="utf-8").splitlines()
    build_release(settings, lines, {"quads.nq": "0"}, lambda *_: None, None, (tombstones,))
    with serving(settings.releases) as origin, visiting(browser, origin) as visit:
        for lang in ("ja", "en"):
            assert visit.open(f"/{lang}/doc/{GONE}") == 410
            assert visit.axe() == []
            assert visit.complaints == visit.strangers() == []
            assert visit.page.locator("main a[href*='/initiative/1-1']").count() == 1
