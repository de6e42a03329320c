"""What a logged row costs, what a long run keeps in memory, how fast runs compare."""

import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import evaluation_beside, sink
from benchmarks.measure import memory_mb
from benchmarks.tables import show

N_ROWS = 5_000
N_LONG, LONG_EXAMPLES, LONG_SCORES = 100_000, 10_000, 10
N_COMPARED, COMPARED_TRIALS = 10_000, 5


def log_rows(n_rows: int, n_scores: int, *, n_examples: int) -> float:
    """Log a run and return microseconds of the caller's CPU a row."""
    import tracer

    with tracer.EvaluationLogger(name="bench", model="none") as log:
        begun_s = time.thread_time()
        for number in range(n_rows):
            inputs = {"question": number % n_examples}
            with log.log_prediction(inputs, expected="yes") as prediction:
                prediction.output = "an answer of a few words"
                for score in range(n_scores):
                    prediction.log_score(f"score {score}", number % 3 == 0)
        return (time.thread_time() - begun_s) / n_rows * 1e6


def evaluate(model: Callable[..., Any], scorer: Callable[..., Any]) -> float:
    """Evaluate a model that does nothing and return microseconds a prediction."""
    import tracer

    rows = [{"n": n, "expected": n} for n in range(2_000)]
    begun_s = time.perf_counter()
    tracer.Evaluation(rows, [scorer]).run(model)
    return (time.perf_counter() - begun_s) / len(rows) * 1e6


def compare(method: str) -> float:
    """Compare two runs and return seconds."""
    from tracer import stats

    draw = random.Random(1)
    runs = [
        [sums_of(str(example), draw) for example in range(N_COMPARED)] for _ in range(2)
    ]
    begun_s = time.perf_counter()
    stats.compare(runs[0], runs[1], method=method)
    return time.perf_counter() - begun_s


def sums_of(example_id: str, draw: random.Random) -> dict[str, Any]:
    """Return one example's sums as the collector does, values and trials included."""
    values = [draw.gauss(3, 1) for _ in range(COMPARED_TRIALS)]
    return {
        "score": "s",
        "type": "number",
        "example_id": example_id,
        "n": COMPARED_TRIALS,
        "sum": sum(values),
        "sum_squares": sum(value * value for value in values),
        "values": values,
        "trials": list(range(COMPARED_TRIALS)),
    }


def gate() -> float:
    """Judge the 95th percentile of two runs by ratio and return seconds."""
    from tracer import stats

    draw = random.Random(1)
    old, new = (
        {
            str(example): [draw.lognormvariate(6, 0.5) for _ in range(COMPARED_TRIALS)]
            for example in range(N_COMPARED)
        }
        for _ in range(2)
    )
    begun_s = time.perf_counter()
    found = stats.quantile_change(old, new, 0.95, relative=True)
    assert found is not None and found.p_below(1.1) is not None
    return time.perf_counter() - begun_s


async def same_async(n: int) -> int:
    return n


async def right_async(output: int, expected: int) -> bool:
    return output == expected


def measured(url: str) -> list[tuple[str, float, str]]:
    """Measure everything in this process."""
    import tracer

    tracer.configure(endpoint=url, project="bench")
    log_rows(500, 3, n_examples=500)
    found = [
        (f"one row, {scores} scores", log_rows(N_ROWS, scores, n_examples=N_ROWS), "µs")
        for scores in (0, 3, 10)
    ]
    functions = (lambda n: n), (lambda output, expected: output == expected)
    found += [
        ("`Evaluation`, one call and one scorer, sync", evaluate(*functions), "µs"),
        ("the same, async", evaluate(same_async, right_async), "µs"),
        ("compare two runs of 10,000 × 5, t test", compare("t"), "s"),
        ("the same, bootstrap and permutation", compare("resampling"), "s"),
        ("the same, a 95th percentile of latency at the gate", gate(), "s"),
    ]
    tracer.flush(timeout_s=60)
    gc.collect()
    before_mb = memory_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # peak memory counts from here
    row_us = log_rows(N_LONG, LONG_SCORES, n_examples=LONG_EXAMPLES)
    tracer.flush(timeout_s=120)
    gc.collect()
    kept_mb = memory_mb("VmRSS") - before_mb
    peak_mb = memory_mb("VmHWM") - before_mb
    name = f"{N_LONG:,} rows × {LONG_SCORES} scores, {LONG_EXAMPLES:,} examples"
    return [
        *found,
        (f"{name}: a row", row_us, "µs"),
        (f"{name}: memory kept", kept_mb, "MB"),
        (f"{name}: memory at its peak", peak_mb, "MB"),
    ]


def run() -> None:
    """Measure in a process of its own, and print."""
    with sink.running() as url:
        command = [sys.executable, "-m", "benchmarks.evaluation", url]
        rows = json.loads(subprocess.check_output(command))
    show(["what", "takes", "unit"], rows)
    evaluation_beside.run()


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
