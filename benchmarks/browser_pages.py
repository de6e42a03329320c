"""How long a person waits in Chromium: pages, clicks, filters, measured in the page."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
LIMIT_MS = 120_000

NOTES = """
window.ranAt = -1
window.actedAt = -1
const note = () => { window.actedAt = performance.now() }
addEventListener("pointerdown", note, true)
addEventListener("keydown", event => { if (event.key === "Enter") note() }, true)
new MutationObserver(() => {
  const app = document.querySelector('[data-testid="stApp"]')
  if (app && app.dataset.testScriptState === "running") window.ranAt = performance.now()
}).observe(document, { subtree: true, childList: true, attributes: true,
  attributeFilter: ["data-test-script-state"] })
"""
"""Runs before the page: when a person did something, and when a script ran since."""

DRAWN = """
acted => new Promise(done => {
  let quiet = 0
  const look = () => {
    const app = document.querySelector('[data-testid="stApp"]')
    const isIdle = app?.dataset.testScriptState === "notRunning"
      && (acted ? window.ranAt > window.actedAt : window.ranAt > 0)
      && !document.querySelector('[data-testid="stSkeleton"]')
    if (!isIdle) { quiet = 0; return requestAnimationFrame(look) }
    // two frames without a further run: what came last is on the screen
    if (quiet++ < 2) return requestAnimationFrame(look)
    done(performance.now() - (acted ? window.actedAt : 0))
  }
  look()
})
"""
"""Milliseconds from the action, or from the begin of loading, until all is drawn."""


@dataclass(frozen=True)
class Browser:
    """A browser that is open, with a warm cache of the dashboard's own files."""

    page: Page
    """Its only page."""
    base: str
    """Address of the dashboard."""
    version: str
    """Of the browser."""

    def open_ms(self, path: str) -> float:
        """Load a page; return how long until it is drawn."""
        self.page.goto(self.base + path, wait_until="commit")
        return float(self.page.evaluate(DRAWN, False))

    def click_ms(self, thing: Locator) -> float:
        """Click the middle of something; return how long until the answer is drawn."""
        thing.scroll_into_view_if_needed()
        thing.click()
        return float(self.page.evaluate(DRAWN, True))

    def enter_ms(self, box: Locator, words: str) -> float:
        """Type words and Enter; return how long from Enter until all is drawn."""
        box.click()
        box.press_sequentially(words)
        box.press("Enter")
        return float(self.page.evaluate(DRAWN, True))


@contextmanager
def open_browser(base: str) -> Iterator[Browser]:
    """Run Chromium with a profile of its own until the block ends."""
    profile = Path(tempfile.mkdtemp(prefix="tracer-pages-"))
    try:
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(profile),
                executable_path=chromium(),
                headless=True,
                args=FLAGS,
                viewport={"width": 1440, "height": 900},
                locale="en-GB",
            )
            context.set_default_timeout(LIMIT_MS)
            context.add_init_script(NOTES)
            told: Any = context.browser
            version = told.version if told else "unknown"
            yield Browser(context.pages[0], base, version)
            context.close()
    finally:
        shutil.rmtree(profile, ignore_errors=True)


def chromium() -> str:
    """Return the path of a Chromium.

    Raises:
        RuntimeError: There is none.
    """
    for name in (os.environ.get("TRACER_TEST_CHROMIUM"), *NAMES):
        if name and (found := shutil.which(name)):
            return found
    raise RuntimeError("no Chromium on PATH; name one in TRACER_TEST_CHROMIUM")
