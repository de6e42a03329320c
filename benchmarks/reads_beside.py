"""How long senders wait for their answers while dashboards read."""

import itertools
import os
import random
import threading
import time

import urllib3
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)

from benchmarks.measure import percentile
from benchmarks.reads_asked import Question
from benchmarks.tables import show

N_DASHBOARDS, SECONDS, REQUESTS_A_S, SPANS_A_REQUEST = 5, 15, 8, 100
LOOKS_S = 3.0
"""How long a person looks at a page before the next click."""
READS_A_PAGE = 4


def show_ingest_beside_reads(url: str, asked: list[Question]) -> None:
    """Print how long storing takes alone, beside people, beside readers at work."""
    _send(url, 2)
    rows = [
        _row("alone", _send(url, SECONDS)),
        _row("five people", _beside(url, asked, pause_s=LOOKS_S)),
        _row("five that never pause", _beside(url, asked, pause_s=0.0)),
    ]
    alone = rows[0]
    print(
        f"\n{REQUESTS_A_S} requests of {SPANS_A_REQUEST} spans a second; "
        f"people read a page ({READS_A_PAGE} lists and sums) and look at it for "
        f"{LOOKS_S:g} s:\n"
    )
    head = ("beside", "requests", "median ms", "p99 ms", "median, ×", "p99, ×")
    show(head, [(*row, row[2] / alone[2], row[3] / alone[3]) for row in rows])


def _row(name: str, times_ms: list[float]) -> tuple[str, int, float, float]:
    return name, len(times_ms), percentile(times_ms, 0.5), percentile(times_ms, 0.99)


def _beside(url: str, asked: list[Question], *, pause_s: float) -> list[float]:
    stop = threading.Event()
    readers = [
        threading.Thread(target=_read, args=(url, asked[number::2], stop, pause_s))
        for number in range(N_DASHBOARDS)
    ]
    for reader in readers:
        reader.start()
    times_ms = _send(url, SECONDS)
    stop.set()
    for reader in readers:
        reader.join()
    return times_ms


def _send(url: str, seconds: float) -> list[float]:
    times_ms = []
    headers = {"Content-Type": "application/x-protobuf"}
    with urllib3.PoolManager() as pool:
        for _ in range(int(seconds * REQUESTS_A_S)):
            begun_s = time.perf_counter()
            answer = pool.request(
                "POST", f"{url}/v1/traces", body=_body(), headers=headers
            )
            took_s = time.perf_counter() - begun_s
            assert answer.status == 200, answer.data
            times_ms.append(took_s * 1000)
            time.sleep(max(0.0, 1 / REQUESTS_A_S - took_s))
    return times_ms


def _read(
    url: str, asked: list[Question], stop: threading.Event, pause_s: float
) -> None:
    with urllib3.PoolManager() as pool:
        for number, one in enumerate(itertools.cycle(asked)):
            if stop.is_set():
                return
            pool.request("GET", f"{url}/api/v1/{one.path}", fields=one.query)
            if number % READS_A_PAGE == READS_A_PAGE - 1:
                stop.wait(pause_s * random.uniform(0.5, 1.5))


def _body() -> bytes:
    request = ExportTraceServiceRequest()
    spans = request.resource_spans.add().scope_spans.add().spans
    for _ in range(SPANS_A_REQUEST):
        now_ns = time.time_ns()
        spans.add(
            trace_id=os.urandom(16),
            span_id=os.urandom(8),
            name="work",
            start_time_unix_nano=now_ns - 10**6,
            end_time_unix_nano=now_ns,
        )
    return bytes(request.SerializeToString())
