"""How long senders wait for their answers while dashboards read."""

import os
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


def show_ingest_beside_reads(url: str, asked: list[Question]) -> None:
    """Print the times of stored requests, alone and beside five that read all along."""
    _send(url, 2)
    alone_ms = _send(url, SECONDS)
    stop = threading.Event()
    readers = [
        threading.Thread(target=_read, args=(url, asked[number::2], stop))
        for number in range(N_DASHBOARDS)
    ]
    for reader in readers:
        reader.start()
    beside_ms = _send(url, SECONDS)
    stop.set()
    for reader in readers:
        reader.join()
    rows = [
        (name, len(times), percentile(times, 0.5), percentile(times, 0.99))
        for name, times in (("alone", alone_ms), ("beside five", beside_ms))
    ]
    print(f"\n{REQUESTS_A_S} requests of {SPANS_A_REQUEST} spans a second:\n")
    show(("stored", "requests", "median ms", "p99 ms"), rows)
    print(f"\np99 beside five dashboards: {rows[1][3] / rows[0][3]:.1f} times alone")


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


def _read(url: str, asked: list[Question], stop: threading.Event) -> None:
    with urllib3.PoolManager() as pool:
        while not stop.is_set():
            for one in asked:
                if stop.is_set():
                    return
                pool.request("GET", f"{url}/api/v1/{one.path}", fields=one.query)


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
