"""How calls are timed: paced as in production, or as fast as they go."""

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEXT = (
    "The quick brown fox jumps over the lazy dog while the band plays on and nobody in "
    "the room quite knows why. "
)
SMALL = [f"question {number:04d}: {(TEXT * 3)[:180]}" for number in range(64)]
LARGE = [f"question {number:04d}: {(TEXT * 300)[:20_000]}" for number in range(64)]

_TOGETHER, _GAP_S = 10, 0.010  # ten calls, then 10 ms: under 1,000 calls a second


def answer(question: str, k: int) -> dict[str, Any]:
    """Do next to nothing: about 200 bytes in (or 20 kB), about 500 out."""
    return {
        "answer": TEXT + TEXT + TEXT + TEXT[:60],
        "k": k,
        "sources": [{"id": "doc-1", "score": 0.91}, {"id": "doc-2", "score": 0.77}],
    }


async def answer_async(question: str, k: int) -> dict[str, Any]:
    """Do the same in a coroutine."""
    return answer(question, k)


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

    us_per_call: float
    cpu_us_per_call: float
    rss_growth_mb: float


def burst(
    function: Callable[[str, int], Any], n_calls: int, flush: Callable[[], object]
) -> Burst:
    """Call as fast as it goes; process CPU and memory include the flush after it."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # peak memory counts from here
    before_mb = memory_mb("VmRSS")
    cpu_s, begun_s = time.process_time(), time.perf_counter()
    for number in range(n_calls):
        function(SMALL[number & 63], number)
    took_s = time.perf_counter() - begun_s
    flush()
    return Burst(
        us_per_call=took_s / n_calls * 1e6,
        cpu_us_per_call=(time.process_time() - cpu_s) / n_calls * 1e6,
        rss_growth_mb=memory_mb("VmHWM") - before_mb,
    )


def memory_mb(field: str) -> float:
    """Read a field of this process's status, `VmRSS` or `VmHWM` (the peak)."""
    for line in Path("/proc/self/status").read_text().splitlines():
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
