"""Reads of ten million spans over the HTTP API, and ingest while dashboards read.

`TRACER_BENCH_STORE` names the directory of the store; else it is kept below `.venv`, so
that only the first run builds it.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import urllib3

from benchmarks import processes
from benchmarks.measure import percentile
from benchmarks.reads_asked import Question, questions
from benchmarks.reads_beside import show_ingest_beside_reads
from benchmarks.reads_store import build
from benchmarks.tables import show

HOUSE = Path(__file__).parents[1]
N_READS = 7
N_SPANS = int(os.environ.get("TRACER_BENCH_SPANS", build.N_SPANS))


def run() -> None:
    """Build the store if it is missing, then time reads, then ingest beside reads."""
    default = HOUSE / ".venv" / "bench" / f"reads-{N_SPANS}"
    directory = Path(os.environ.get("TRACER_BENCH_STORE", default))
    module = build.__name__
    command = [sys.executable, "-m", module, str(directory), str(N_SPANS)]
    subprocess.run(command, check=True)  # apart: its memory is given back
    note = json.loads((directory / build.NOTE).read_text())
    collector = [sys.executable, "-P", "-m", "collector", "--port", "0"]
    collector += ["--store", f"chdb://{directory}", "--no-prices"]
    for text_index in ("off", "on"):
        os.environ["TRACER_TEXT_INDEX"] = text_index
        with processes.running(collector) as server:
            health = _ready(server.url)
            _describe(health, text_index)
            asked = questions(server.url, note)
            if text_index == "on":
                asked = [one for one in asked if one.is_text]
            _show(server.url, asked, text_index)
            if text_index == "off":
                of_people = [one for one in asked if one.is_of_dashboards]
                show_ingest_beside_reads(server.url, of_people)


def _ready(url: str) -> dict[str, Any]:
    """Return the health once nothing is made in the background any more."""
    while True:
        health: dict[str, Any] = urllib3.request("GET", f"{url}/api/v1/health").json()
        if health["text_index"]["state"] != "building":
            return health
        time.sleep(1)


def _describe(health: dict[str, Any], text_index: str) -> None:
    n_spans, disk = health["spans_stored"], health["disk_bytes"]
    print(
        f"\n{health['engine']} {health['engine_version']}, {n_spans:,} spans, "
        f"{disk / n_spans:,.0f} bytes a span on disk, text index {text_index}\n"
    )


def _show(url: str, asked: list[Question], text_index: str) -> None:
    rows = []
    for one in asked:
        goal_ms = one.goal_ms if text_index == "off" else one.goal_with_index_ms
        times_ms, n_rows = _timed(url, one)
        middle = statistics.median(times_ms)
        verdict = "–" if goal_ms is None else "met" if middle <= goal_ms else "**not**"
        goal = "–" if goal_ms is None else f"≤ {goal_ms:g}"
        p95 = percentile(times_ms, 0.95)
        rows.append((one.what, n_rows, middle, p95, goal, verdict))
    show(("read over HTTP", "rows", "median ms", "p95 ms", "goal", ""), rows)


def _timed(url: str, one: Question) -> tuple[list[float], int]:
    times_ms, n_rows = [], 0
    with urllib3.PoolManager() as pool:
        for number in range(N_READS + 1):  # the first only warms up
            begun_s = time.perf_counter()
            answer = pool.request("GET", f"{url}/api/v1/{one.path}", fields=one.query)
            took_ms = (time.perf_counter() - begun_s) * 1000
            assert answer.status == 200, answer.data[:500]
            if number:
                times_ms.append(took_ms)
        told = answer.json()
        n_rows = len(told.get("rows", told.get("spans", ())))
    return times_ms, n_rows
