"""How calls are timed: paced as in production, or as fast as they go."""

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.work import SMALL

_TOGETHER, _GAP_S = 10, 0.010  # ten calls, then 10 ms: under 1,000 calls a second


@dataclass
class Paced:
    """What paced calls took, microseconds a call."""

    median_us: float
    p99_us: float
    caller_cpu_us: float


def paced(
    function: Callable[[str, int], Any], questions: Sequence[str], n_calls: int
) -> Paced:
    """Call in little groups with a pause between them."""
    times: list[int] = []
    cpu_ns = 0
    while len(times) < n_calls:
        cpu_before = time.thread_time_ns()
        for _ in range(_TOGETHER):
            number = len(times)
            question = questions[number & 63]
            begun = time.perf_counter_ns()
            function(question, number)
            times.append(time.perf_counter_ns() - begun)
        cpu_ns += time.thread_time_ns() - cpu_before
        time.sleep(_GAP_S)
    return _summed_up(times, cpu_ns)


async def paced_async(
    function: Callable[[str, int], Awaitable[Any]],
    questions: Sequence[str],
    n_calls: int,
) -> Paced:
    """Await in little groups with a pause between them."""
    times: list[int] = []
    cpu_ns = 0
    while len(times) < n_calls:
        cpu_before = time.thread_time_ns()
        for _ in range(_TOGETHER):
            number = len(times)
            question = questions[number & 63]
            begun = time.perf_counter_ns()
            await function(question, number)
            times.append(time.perf_counter_ns() - begun)
        cpu_ns += time.thread_time_ns() - cpu_before
        await asyncio.sleep(_GAP_S)
    return _summed_up(times, cpu_ns)


@dataclass
class Burst:
    """What a burst took."""

    n_calls: int
    us_per_call: float
    cpu_us_per_call: float
    rss_growth_mb: float


def burst(
    function: Callable[[str, int], Any],
    n_calls: int,
    flush: Callable[[], object],
    *,
    limit_s: float = 40,
) -> Burst:
    """Call as fast as it goes; process CPU and memory include the flush after it.

    It ends at the limit, between two thousands of calls.
    """
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # peak memory counts from here
    before_mb = memory_mb("VmRSS")
    done = 0
    cpu_s, begun_s = time.process_time(), time.perf_counter()
    while done < n_calls and time.perf_counter() - begun_s < limit_s:
        for number in range(done, min(done + 1000, n_calls)):
            function(SMALL[number & 63], number)
        done = min(done + 1000, n_calls)
    took_s = time.perf_counter() - begun_s
    flush()
    return Burst(
        n_calls=done,
        us_per_call=took_s / done * 1e6,
        cpu_us_per_call=(time.process_time() - cpu_s) / done * 1e6,
        rss_growth_mb=memory_mb("VmHWM") - before_mb,
    )


def memory_mb(field: str, process: str = "self") -> float:
    """Read a field of a process's status, `VmRSS` or `VmHWM` (the peak)."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _summed_up(times_ns: list[int], cpu_ns: int) -> Paced:
    return Paced(
        median_us=statistics.median(times_ns) / 1000,
        p99_us=percentile(times_ns, 0.99) / 1000,
        caller_cpu_us=cpu_ns / len(times_ns) / 1000,
    )
