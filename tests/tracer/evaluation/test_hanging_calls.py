"""A call that hangs costs its own row: neither its neighbours nor the process."""

import subprocess
import sys
import threading
from typing import Any

from tracer.evaluation import Evaluation

SCRIPT = """
import threading
import tracer

def model(n):
    if n < 2:
        threading.Event().wait()
    return n

def right(output, expected):
    return output == expected

rows = [{"n": n, "expected": n} for n in range(8)]
result = tracer.Evaluation(rows, [right], concurrency=2, timeout_s=3).run(model)
for row in result.rows:
    print(row.errors.get("model"), row.scores)
"""


def test_hanging_calls_fail_their_own_rows_and_the_process_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"TRACER_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    late = "TimeoutError: model took longer than timeout_s=3 {}"
    assert done.stdout.splitlines() == [late] * 2 + ["None {'right': True}"] * 6


def test_timeout_of_the_models_own_keeps_its_words(sent: Any) -> None:
    def model(n: int) -> int:
        raise TimeoutError("the server took its time")

    result = Evaluation([{"n": 1}], [], timeout_s=60).run(model)
    assert result.rows[0].errors == {"model": "TimeoutError: the server took its time"}


def test_end_of_an_iteration_that_leaves_a_model_fails_its_row(sent: Any) -> None:
    result = Evaluation([{"n": 1}], []).run(lambda n: next(iter(())))
    assert "StopIteration" in result.rows[0].errors["model"]


def test_call_that_ends_after_its_run_disturbs_nothing(sent: Any) -> None:
    held, ended = threading.Event(), threading.Event()

    def model(n: int) -> int:
        held.wait()
        ended.set()
        return n

    result = Evaluation([{"n": 1}], [], timeout_s=0.01).run(model)
    held.set()
    assert ended.wait(timeout=30)
    assert result.rows[0].output is None
