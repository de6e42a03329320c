"""The collector over HTTP, to its durable answer, beside its engine alone."""

import json
import pickle
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import urllib3

import tracer
from benchmarks import payload, processes
from benchmarks.measure import percentile
from benchmarks.tables import show

N_REQUESTS, N_WARM_UP, N_SENDERS, N_READS = 120, 40, 8, 9


@dataclass
class Stored:
    """What storing the requests after the first ones took."""

    seconds: float
    cpu_s: float
    bytes_a_span: float

    def row(self, name: str) -> tuple[str, float, float, float]:
        n_spans = (N_REQUESTS - N_WARM_UP) * payload.SPANS_IN_REQUEST
        cpu_ms = self.cpu_s * 1000 / (n_spans / 1000)
        return name, n_spans / self.seconds, cpu_ms, self.bytes_a_span


def run() -> None:
    """Store the same spans by the engine and by the collector; then read them."""
    bodies = payload.requests(N_REQUESTS)
    n_spans = N_REQUESTS * payload.SPANS_IN_REQUEST
    plain, wire = payload.plain_bytes(bodies), sum(map(len, bodies))
    print(
        f"{n_spans:,} spans in requests of {payload.SPANS_IN_REQUEST}: "
        f"{plain / n_spans:,.0f} bytes a span, {wire / n_spans:,.0f} gzipped; "
        f"the first {N_WARM_UP} requests only warm up\n"
    )
    with tempfile.TemporaryDirectory() as directory:
        floor = _floor(f"{directory}/floor", bodies)
        command = [sys.executable, "-P", "-m", "collector", "--port", "0"]
        command += ["--store", f"chdb://{directory}/collector", "--no-prices"]
        with processes.running(command) as server:
            collected, answers_ms = _collect(server, bodies)
            rows = [floor.row("engine alone"), collected.row("collector, HTTP to 200")]
            show(("", "spans/s", "CPU ms a 1,000 spans", "bytes a span, disk"), rows)
            print(
                f"\n{floor.seconds / collected.seconds:.0%} of the engine's own rate; "
                f"{N_SENDERS} senders waited {statistics.median(answers_ms):.0f} ms "
                f"for an answer (p99 {percentile(answers_ms, 0.99):.0f} ms)\n"
            )
            _show_reads(server.url)


def _floor(directory: str, bodies: list[bytes]) -> Stored:
    command = [sys.executable, "-m", "benchmarks.ingest_floor", directory]
    command.append(str(N_WARM_UP))
    return Stored(
        **json.loads(subprocess.check_output(command, input=pickle.dumps(bodies)))
    )


def _collect(
    server: processes.Server, bodies: list[bytes]
) -> tuple[Stored, list[float]]:
    _send(server.url, bodies[:N_WARM_UP])
    cpu_s, begun_s = server.cpu_s(), time.perf_counter()
    answers_ms = _send(server.url, bodies[N_WARM_UP:])
    seconds, cpu_s = time.perf_counter() - begun_s, server.cpu_s() - cpu_s
    health = urllib3.request("GET", f"{server.url}/api/v1/health").json()
    n_spans = health["spans_stored"]
    assert n_spans == len(bodies) * payload.SPANS_IN_REQUEST, f"{n_spans} are stored"
    return Stored(seconds, cpu_s, health["disk_bytes"] / n_spans), answers_ms


def _send(url: str, bodies: list[bytes]) -> list[float]:
    """Send from several threads at once; return how long each answer took, in ms."""
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for body in bodies:
        waiting.put(body)
    took_ms: list[float] = []
    headers = {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "gzip",
    }

    def send() -> None:
        with urllib3.PoolManager() as pool:
            while not waiting.empty():
                body = waiting.get()
                begun_s = time.perf_counter()
                answer = pool.request(
                    "POST", f"{url}/v1/traces", body=body, headers=headers
                )
                took_ms.append((time.perf_counter() - begun_s) * 1000)
                assert answer.status == 200, answer.data
                assert not answer.data, answer.data

    threads = [threading.Thread(target=send) for _ in range(N_SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took_ms) == len(bodies), "a sender failed"
    return took_ms


def _show_reads(url: str) -> None:
    client = tracer.Client(endpoint=url)
    newest = client.traces(project="bench", limit=1)[0]["trace_id"]
    reads: dict[str, Callable[[], object]] = {
        "50 newest traces": lambda: client.traces(project="bench", limit=50),
        "50 newest model calls": lambda: client.spans(
            project="bench", where=[("kind", "=", "llm")], limit=50
        ),
        "50 newest traces of a user": lambda: client.traces(
            project="bench", where=[("user_id", "=", "user-7")], limit=50
        ),
        "one trace with its content": lambda: client.trace(newest),
        "a day by the hour": lambda: client.stats(project="bench", interval="hour"),
    }
    rows = []
    for name, read in reads.items():
        read()
        times_ms = []
        for _ in range(N_READS):
            begun_s = time.perf_counter()
            read()
            times_ms.append((time.perf_counter() - begun_s) * 1000)
        rows.append((name, statistics.median(times_ms), max(times_ms)))
    show(("read by `tracer.Client`", "median ms", "slowest ms"), rows)
