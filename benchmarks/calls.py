"""A decorated call beside the SDK's empty span and beside no tracing at all."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from benchmarks import measure, sink
from benchmarks.tables import show

N_PACED = {"sync": 4000, "async": 3000, "20 kB": 3000}
N_BURST = 100_000
REPETITIONS = 3

Decorate = Callable[[Callable[..., Any]], Callable[..., Any]]


def bare(url: str) -> tuple[Decorate, Callable[[], object]]:
    """Trace nothing."""
    return lambda function: function, lambda: None


def sdk(url: str) -> tuple[Decorate, Callable[[], object]]:
    """Record the SDK's empty span, with its own processor and exporter."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    exporter = OTLPSpanExporter(endpoint=f"{url}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    decorate = provider.get_tracer("bench").start_as_current_span("answer")
    return decorate, provider.force_flush


def tracer(url: str) -> tuple[Decorate, Callable[[], object]]:
    """Record input and output with `@tracer.trace`."""
    import tracer

    tracer.configure(endpoint=url, project="bench")
    return tracer.trace, lambda: tracer.flush(timeout_s=60)


VARIANTS = {"undecorated": bare, "SDK's empty span": sdk, "@tracer.trace": tracer}


def measure_one(variant: str, url: str) -> dict[str, Any]:
    """Measure one variant in this process."""
    decorate, flush = VARIANTS[variant](url)
    sync, coroutine = decorate(measure.answer), decorate(measure.answer_async)
    measure.paced(sync, measure.SMALL, 500)
    flush()
    sink.ask_count(url)
    told: dict[str, Any] = {}
    for part, n_calls in N_PACED.items():
        cpu_s = time.process_time()
        if part == "async":
            found = asyncio.run(measure.paced_async(coroutine, measure.SMALL, n_calls))
        else:
            questions = measure.LARGE if part == "20 kB" else measure.SMALL
            found = measure.paced(sync, questions, n_calls)
        flush()
        cpu_us = (time.process_time() - cpu_s) / n_calls * 1e6
        told[part] = asdict(found) | {"process_cpu_us": cpu_us}
    told["paced_spans"] = sink.ask_count(url)["n_spans"]
    told["burst"] = asdict(measure.burst(sync, N_BURST, flush))
    told["burst_spans"] = sink.ask_count(url)["n_spans"]
    return told


def run() -> None:
    """Measure the variants in turn, several times, each in a process of its own."""
    found: dict[str, list[dict[str, Any]]] = {variant: [] for variant in VARIANTS}
    with sink.running() as url, tempfile.TemporaryDirectory() as spool:
        env = os.environ | {"TRACER_SPOOL_DIR": spool}
        for _ in range(REPETITIONS):
            for variant in VARIANTS:
                command = [sys.executable, "-m", "benchmarks.calls", variant, url]
                told = subprocess.check_output(command, text=True, env=env)
                found[variant].append(json.loads(told))
    for part in N_PACED:
        _show_paced(part, found)
    _show_burst(found)


def _median(rows: list[dict[str, Any]], part: str, field: str) -> float:
    return float(statistics.median(row[part][field] for row in rows))


def _show_paced(part: str, found: dict[str, list[dict[str, Any]]]) -> None:
    print(f"{part}, paced, microseconds a call beyond the undecorated one:\n")
    fields = ("median_us", "p99_us", "caller_cpu_us", "process_cpu_us")
    base = [_median(found["undecorated"], part, field) for field in fields]
    beyond = {
        variant: [
            _median(rows, part, field) - bottom
            for field, bottom in zip(fields, base, strict=True)
        ]
        for variant, rows in found.items()
        if variant != "undecorated"
    }
    floor = beyond["SDK's empty span"][0]
    rows = [[name, *cells, cells[0] / floor] for name, cells in beyond.items()]
    show(("", "median", "p99", "caller CPU", "process CPU", "× the SDK's"), rows)
    print()


def _show_burst(found: dict[str, list[dict[str, Any]]]) -> None:
    print(f"{N_BURST:,} calls as fast as they go, 200 bytes in and 500 out:\n")
    rows = [
        (
            variant,
            _median(rows, "burst", "us_per_call"),
            _median(rows, "burst", "cpu_us_per_call"),
            _median(rows, "burst", "rss_growth_mb"),
            "–"
            if variant == "undecorated"
            else "/".join(f"{N_BURST - row['burst_spans']:,}" for row in rows),
        )
        for variant, rows in found.items()
    ]
    show(("", "us a call", "process CPU us", "memory + MB", "lost"), rows)


if __name__ == "__main__":
    print(json.dumps(measure_one(sys.argv[1], sys.argv[2])))
