"""One dashboard and one browser for all journeys through the pages."""

from collections.abc import Iterator

import browser
import pytest
from dashboard_pages import tell_story
from playwright.sync_api import BrowserContext
from processes import CollectorProcess


@pytest.fixture(scope="session")
def dashboard_url(collector: CollectorProcess) -> Iterator[str]:
    """Address of a dashboard over the session's collector."""
    with browser.dashboard(collector.url) as url:
        yield url


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A browser for one file: its event loop must have gone before any async test."""
    browser.chromium()
    with browser.browser(tmp_path_factory.mktemp("profile")) as context:
        yield context


@pytest.fixture
def visit(chromium: BrowserContext, dashboard_url: str) -> Iterator[browser.Visit]:
    """A fresh page."""
    with browser.visit(chromium, dashboard_url) as visit:
        yield visit


@pytest.fixture(scope="session")
def journey(collector: CollectorProcess) -> str:
    """The project in which the story was told that the journeys go through."""
    return tell_story(collector, "a-journey")
