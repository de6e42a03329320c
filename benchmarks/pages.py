"""Pages of the dashboard over ten million spans, as people in Chromium wait for them.

The store is that of `benchmarks.reads`. Each load asks for a period that begins another
minute, so that no cache of the dashboard's answers it; collector, dashboard and the
browser's own files are warm. The CPU time of both says more where others work, too.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import urllib3

from benchmarks import processes
from benchmarks.browser_pages import Browser, open_browser
from benchmarks.measure import percentile
from benchmarks.reads import HOUSE, N_SPANS
from benchmarks.reads_store import build
from benchmarks.tables import show
from tracer._dashboard import period

N_TIMES = int(os.environ.get("TRACER_BENCH_TIMES", "10"))
PAGE_MS, CLICK_MS = 1500.0, 400.0
MINUTE_NS, DAY_NS = 60 * 10**9, 86_400 * 10**9
PROJECT = "project-1"
PAGES = ("", "traces", "sessions", "evaluations", "trends")
SCOPES: tuple[tuple[str, str, int | None], ...] = (
    ("one project, a day", PROJECT, 1),
    ("one project, 7 days", PROJECT, None),
    ("all projects, 7 days", "", None),
)
FILTERS = ("status = error", "model = gpt-4o", "duration_ms > 4000", "cost_usd > 0.004")

Row = tuple[object, ...]
Scope = tuple[str, int | None]
"""Project, and how many of the store's last days; all if None."""


def run() -> None:
    """Build the store if it is missing, then time pages and clicks."""
    default = HOUSE / ".venv" / "bench" / f"reads-{N_SPANS}"
    directory = Path(os.environ.get("TRACER_BENCH_STORE", default))
    command = [sys.executable, "-m", build.__name__, str(directory), str(N_SPANS)]
    subprocess.run(command, check=True)  # apart: its memory is given back
    note = json.loads((directory / build.NOTE).read_text())
    collector = [sys.executable, "-P", "-m", "collector", "--port", "0"]
    collector += ["--store", f"chdb://{directory}", "--no-prices"]
    with processes.running(collector) as store:
        _describe(store.url)
        dashboard = [sys.executable, "-P", "-m", "dashboard", "--port", "0"]
        with (
            processes.running([*dashboard, "--collector", store.url]) as server,
            open_browser(server.url) as browser,
        ):
            streamlit = version("streamlit")
            print(f"Streamlit {streamlit}, Chromium {browser.version}, 1440 × 900\n")
            _show(browser, Periods(note), (store, server))


class Periods:
    """Ranges of the address over the store's days, each a minute shorter."""

    def __init__(self, note: dict[str, Any]) -> None:
        self._begin_ns = int(note["begin_ns"])
        self._end_ns = self._begin_ns + int(note["days"]) * DAY_NS
        self._n = 0

    def next(self, *, days: int | None = None) -> str:
        """Return the next one; the last `days` of the store, all if None."""
        self._n += 1
        begin_ns = self._end_ns - days * DAY_NS if days else self._begin_ns
        return period(begin_ns + self._n * MINUTE_NS, self._end_ns)


def _describe(url: str) -> None:
    health = urllib3.request("GET", f"{url}/api/v1/health").json()
    n_spans, engine = health["spans_stored"], health["engine_version"]
    print(f"{health['engine']} {engine}, {n_spans:,} spans; {N_TIMES} times each")


def _show(
    browser: Browser, periods: Periods, servers: tuple[processes.Server, ...]
) -> None:
    rows: list[Row] = []

    def timed(what: str, goal_ms: float, act: Callable[[int], float]) -> None:
        act(0)  # warms up
        before_s = [server.cpu_s() for server in servers]
        times_ms = [act(number) for number in range(1, N_TIMES + 1)]
        after_s = [server.cpu_s() for server in servers]
        pairs = zip(before_s, after_s, strict=True)
        cpu_ms = [(after - before) * 1000 / N_TIMES for before, after in pairs]
        middle, p95 = statistics.median(times_ms), percentile(times_ms, 0.95)
        verdict = "met" if middle <= goal_ms else "**not**"
        load = os.getloadavg()[0]
        rows.append((what, middle, p95, f"≤ {goal_ms:g}", verdict, *cpu_ms, load))
        print(f"  {what}: {middle:,.0f} ms", file=sys.stderr, flush=True)

    for what, project, days in SCOPES:
        for page in PAGES:

            def load(_: int, page: str = page, scope: Scope = (project, days)) -> float:
                period = periods.next(days=scope[1])
                return browser.open_ms(_path(page, period, project=scope[0]))

            timed(f"open {page or 'overview'}, {what}", PAGE_MS, load)
    browser.open_ms(_path("traces", periods.next()))
    grid = browser.page.get_by_role("grid").first

    def row(number: int) -> float:
        return browser.click_ms(grid.get_by_role("row").nth(number + 2))

    timed("click a trace, 7 days", CLICK_MS, row)
    browser.open_ms(_path("traces", periods.next()))
    older = browser.page.get_by_role("button", name="Older")
    timed("next page, 7 days", CLICK_MS, lambda _: browser.click_ms(older))
    timed("filter, 7 days", CLICK_MS, lambda number: _filter(browser, periods, number))
    timings = ("in the browser", "median ms", "p95 ms", "goal", "")
    show((*timings, "collector CPU ms", "dashboard CPU ms", "load"), rows)


def _filter(browser: Browser, periods: Periods, number: int) -> float:
    browser.open_ms(_path("traces", periods.next()))
    box = browser.page.get_by_role("combobox", name="Filter").first
    return browser.enter_ms(box, FILTERS[number % len(FILTERS)])


def _path(page: str, period: str, *, project: str = PROJECT) -> str:
    return f"/{page}?project={project}&range={period}"
