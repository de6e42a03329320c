"""Logged rows of an evaluation, measured in this process: alike for two libraries."""

import time
from typing import Any

from benchmarks import asking
from benchmarks.contestants import Contestant
from benchmarks.worker import arrived, flush

N_WARM, MOST_ROWS, MOST_S = 20, 5_000, 4.0
SCORES = ("correct", "tone", "length")


def rows(contestant: Contestant, url: str, how: str = "traced") -> dict[str, Any]:
    """Log rows (a prediction and three scores) until one bound is reached.

    Args:
        contestant: `tracer` or `weave`: their loggers are called alike.
        url: The sink.
        how: ``traced``; ``untraced`` is Weave with ``trace_scores=False``.
    """
    contestant.set_up(url)
    log = contestant.evaluation_logger(trace_scores=how == "traced")
    for number in range(N_WARM):
        _row(log, number)
    flush(contestant)
    asking.ask_count(url)
    n_rows, cpu_s, begun_s = 0, time.thread_time(), time.perf_counter()
    process_s = time.process_time()
    while n_rows < MOST_ROWS and time.perf_counter() - begun_s < MOST_S:
        _row(log, N_WARM + n_rows)
        n_rows += 1
    took_s, caller_s = time.perf_counter() - begun_s, time.thread_time() - cpu_s
    log.log_summary()
    flush(contestant)
    each = contestant.spans_a_row if how == "traced" else contestant.spans_a_bare_row
    return {
        "n_rows": n_rows,
        "row_us": took_s / n_rows * 1e6,
        "caller_cpu_us": caller_s / n_rows * 1e6,
        "process_cpu_us": (time.process_time() - process_s) / n_rows * 1e6,
    } | arrived(url, n_rows * each)


def _row(log: Any, number: int) -> None:
    inputs = {"question": f"question {number}", "language": "ko"}
    prediction = log.log_prediction(inputs=inputs, output="an answer of a few words")
    for place, name in enumerate(SCORES):
        prediction.log_score(name, (number + place) % 3 == 0)
    prediction.finish()
