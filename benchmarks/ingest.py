"""The collector over HTTP, to its durable answer, beside its engine alone."""

import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import urllib3

import tracer
from benchmarks import ingest_sending, payload, processes
from benchmarks.goals import OURS, Goal, show_goals
from benchmarks.measure import percentile
from benchmarks.rounds import Found
from benchmarks.tables import show

N_REQUESTS, N_WARM_UP, N_READS = 440, 48, 9  # the others: 200,704 spans
N_SMALL, PACED_S, SMALL_A_S = 10, 12, (1, 8)
GOALS = [
    Goal("burst until durable, of the engine's own rate", "ratio", 0.6, at_least=True),
    Goal("CPU ms a 1,000 spans, burst", "cpu_ms", 45),
    Goal("answer at 8 small requests a second, p99 ms", "small_p99_ms", 150),
    Goal("bytes a span on disk", "bytes_a_span", 1100),
    Goal("memory idle, MiB", "idle_mb", 300),
    Goal("memory at its peak, MiB", "loaded_mb", 1300),
    Goal("start until it listens, s", "start_s", 1),
]


@dataclass
class Stored:
    """What storing the requests after the first ones took."""

    seconds: float
    cpu_s: float
    bytes_a_span: float

    @property
    def cpu_ms(self) -> float:
        """CPU, milliseconds a thousand spans."""
        n_spans = (N_REQUESTS - N_WARM_UP) * payload.SPANS_IN_REQUEST
        return self.cpu_s * 1000 / (n_spans / 1000)

    def row(self, name: str) -> tuple[str, float, float, float]:
        n_spans = (N_REQUESTS - N_WARM_UP) * payload.SPANS_IN_REQUEST
        return name, n_spans / self.seconds, self.cpu_ms, self.bytes_a_span


def run() -> None:
    """Store the same spans by the engine and by the collector; then read them."""
    bodies = _bodies()
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
        begun_s = time.perf_counter()
        with processes.running(command) as server:
            found = {"start_s": time.perf_counter() - begun_s}
            time.sleep(2)
            found["idle_mb"] = server.memory_mb("VmRSS")
            found |= _paced(server)
            collected, answers_ms = _collect(server, bodies)
            found["loaded_mb"] = server.memory_mb("VmHWM")
            rows = [floor.row("engine alone"), collected.row("collector, HTTP to 200")]
            show(("", "spans/s", "CPU ms a 1,000 spans", "bytes a span, disk"), rows)
            found |= {
                "ratio": floor.seconds / collected.seconds,
                "cpu_ms": collected.cpu_ms,
                "bytes_a_span": collected.bytes_a_span,
            }
            print(
                f"\n{found['ratio']:.0%} of the engine's own rate; "
                f"{ingest_sending.N_SENDERS} senders waited "
                f"{statistics.median(answers_ms):.0f} ms "
                f"for an answer (p99 {percentile(answers_ms, 0.99):.0f} ms)\n"
            )
            _show_reads(server.url)
    show_goals(GOALS, {OURS: Found(OURS, [found])})


def _bodies() -> list[bytes]:
    """Return all requests of the burst, made by two processes."""
    half = N_REQUESTS // 2
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        made = [pool.submit(payload.requests, half, seed=seed) for seed in range(2)]
        return [body for one in made for body in one.result()]


def _floor(directory: str, bodies: list[bytes]) -> Stored:
    command = [sys.executable, "-m", "benchmarks.ingest_floor", directory]
    command.append(str(N_WARM_UP))
    return Stored(
        **json.loads(subprocess.check_output(command, input=pickle.dumps(bodies)))
    )


def _paced(server: processes.Server) -> dict[str, float]:
    """Print what small services cost that send now and then; return p99 of the last."""
    rows, p99_ms = [], 0.0
    for seed, a_second in enumerate(SMALL_A_S, start=10):
        bodies = payload.requests(PACED_S * a_second + 1, seed=seed, n_spans=N_SMALL)
        ingest_sending.paced(server.url, bodies[:1], each_s=0)
        cpu_s, begun_s = server.cpu_s(), time.perf_counter()
        took_ms = ingest_sending.paced(server.url, bodies[1:], each_s=1 / a_second)
        cpu_s, seconds = server.cpu_s() - cpu_s, time.perf_counter() - begun_s
        p99_ms = percentile(took_ms, 0.99)
        cpu_ms = cpu_s * 1000 / len(took_ms)
        name = f"{a_second} a second of {N_SMALL} spans"
        middle_ms = statistics.median(took_ms)
        rows.append((name, middle_ms, p99_ms, cpu_ms, cpu_s / seconds * 100))
    columns = ("small requests", "p50 ms", "p99 ms", "CPU ms a request", "% of a core")
    show(columns, rows)
    print()
    return {"small_p99_ms": p99_ms}


def _collect(
    server: processes.Server, bodies: list[bytes]
) -> tuple[Stored, list[float]]:
    before = _health(server)["spans_stored"]
    ingest_sending.burst(server.url, bodies[:N_WARM_UP])
    cpu_s, begun_s = server.cpu_s(), time.perf_counter()
    answers_ms = ingest_sending.burst(server.url, bodies[N_WARM_UP:])
    seconds, cpu_s = time.perf_counter() - begun_s, server.cpu_s() - cpu_s
    health = _health(server)
    n_spans = health["spans_stored"]
    expected = before + len(bodies) * payload.SPANS_IN_REQUEST
    assert n_spans == expected, f"{n_spans} are stored, not {expected}"
    return Stored(seconds, cpu_s, health["disk_bytes"] / n_spans), answers_ms


def _health(server: processes.Server) -> dict[str, int]:
    told: dict[str, int] = urllib3.request("GET", f"{server.url}/api/v1/health").json()
    return told


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
