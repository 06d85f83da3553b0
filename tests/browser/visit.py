"""A browser's visit to pages of the site: what it reports, and what axe finds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Imported where it is used: these tests are collected where it is not installed, too.
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

__all__ = ["AXE", "PHONE", "WIDE", "Visit", "chromium", "serving", "visiting"]

WEB = Path(__file__).resolve().parents[2] / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
WIDE, PHONE = (1280, 900), (390, 844)
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
)
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """([tags, rules]) => axe.run(document, {
  runOnly: rules.length ? {type: "rule", values: rules} : {type: "tag", values: tags},
  rules: rules.length ? {} : {"target-size": {enabled: true}},
  resultTypes: ["violations"],
})"""


@contextmanager
def serving(releases: Path) -> Iterator[str]:
    """Serve the current release of a folder on a free port; `http://127.0.0.1:port`."""
    command = [sys.executable, "-c", "from dxlod.cli import main; main()"]
    command += ["serve", "--releases", str(releases), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found is not None
            yield found.group()
        finally:
            process.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium (or the one that CHROMIUM names), which asks nothing of anybody but the pages it is sent to."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A tab with what it has complained of and asked for since the last `open`."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Go there; the status of the answer."""
        self.complaints.clear()
        self.requests.clear()
        answer = self.page.goto(self.origin + path, wait_until="load")
        assert answer is not None
        return answer.status

    def axe(self, *rules: str) -> list[str]:
        """What axe holds against the page (WCAG 2.0 to 2.2, A and AA, and best practice; or these rules only)."""
        if not self.page.evaluate("() => typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found: dict[str, Any] = self.page.evaluate(_RUN, [_TAGS, list(rules)])
        return [
            f"{item['id']}: {node['target']} {node['html'][:160]}"
            for item in found["violations"]
            for node in item["nodes"][:3]
        ]

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        width: int = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width

    def size(self, size: tuple[int, int]) -> None:
        """Make the window this large."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def strangers(self) -> list[str]:
        """Requests to any host but ours."""
        return [url for url in self.requests if not url.startswith((self.origin, "data:"))]

    def note(self, message: ConsoleMessage) -> None:
        """Keep what the console says, but for the browser's own remark on a page that is not there."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@contextmanager
def visiting(browser: Browser, origin: str, **options: Any) -> Iterator[Visit]:
    """A visit in a context of its own."""
    context: BrowserContext = browser.new_context(**{"reduced_motion": "reduce", **options})
    page = context.new_page()
    visit = Visit(page, origin)

    def asked(request: Request) -> None:
        visit.requests.append(request.url)

    page.on("console", visit.note)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("request", asked)
    try:
        yield visit
    finally:
        context.close()
