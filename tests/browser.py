"""Chromium on the real dashboard: found or failed, and nothing asked of other hosts."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)
from processes import first_line, start_module, stop

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
LIMIT_MS = 60_000
STARTS_MS = 150
"""How long a script may take to begin after what a person did."""
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@dataclass
class Visit:
    """One page in a browser of its own, and what it did besides showing itself."""

    page: Page
    """The page."""
    base: str
    """Address of the dashboard."""
    outside: list[str] = field(default_factory=list)
    """Requests to any other host."""
    errors: list[str] = field(default_factory=list)
    """Errors in the console, and exceptions of scripts in the page."""

    def open(self, path: str) -> None:
        """Go to a path of the dashboard and wait until it is drawn."""
        self.page.goto(self.base + path)
        self.idle()

    def idle(self) -> None:
        """Wait until the page's script has run."""
        self.page.wait_for_timeout(STARTS_MS)
        self.page.locator(IDLE).wait_for()

    def press(self, thing: Locator) -> None:
        """Press something once the page stands: Streamlit loses what comes before."""
        self.idle()
        thing.click()


def chromium() -> str:
    """Return the browser's path; without one skip, but fail where CI must have it."""
    named = os.environ.get("TRACER_TEST_CHROMIUM")
    for name in (named, *NAMES):
        if name and (found := shutil.which(name)):
            return found
    if os.environ.get("CI") == "true":
        pytest.fail("no Chromium on PATH, and the browser tests must run on CI")
    pytest.skip("no Chromium on PATH; name one in TRACER_TEST_CHROMIUM")


@contextmanager
def dashboard(collector_url: str) -> Iterator[str]:
    """Run a dashboard process over a collector; yield its address."""
    process = start_module("dashboard", "--collector", collector_url, "--port", "0")
    try:
        yield first_line(process).removeprefix("dashboard listening on ").strip()
    finally:
        stop(process)


@contextmanager
def browser(profile: Path) -> Iterator[BrowserContext]:
    """Run Chromium with a profile of its own, on a screen of 1440 by 900."""
    with sync_playwright() as playwright:
        context = _launch(playwright, profile)
        context.set_default_timeout(LIMIT_MS)
        expect.set_options(timeout=LIMIT_MS)
        yield context
        context.close()


def _launch(playwright: Playwright, profile: Path) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=chromium(),
        headless=True,
        args=FLAGS,
        viewport={"width": 1440, "height": 900},
        timezone_id="Asia/Seoul",
        locale="en-GB",
    )


@contextmanager
def visit(context: BrowserContext, base: str) -> Iterator[Visit]:
    """Open a page; afterwards nothing was asked of other hosts, no script failed."""
    seen = Visit(context.new_page(), base)

    def note(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            seen.outside.append(request.url)

    seen.page.on("request", note)

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.errors.append(message.text)

    seen.page.on("console", hear)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    yield seen
    seen.page.close()
    assert seen.outside == []
    assert seen.errors == [], seen.errors
