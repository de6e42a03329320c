"""A worker killed at its work leaves nothing unscored and nothing scored twice."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from processes import start_module, stop, wait_until

from tracer.client import Client
from tracer.online import rounds

SCORER = """
import time

def slow(output):
    time.sleep(0.05)
    return len(output)
"""


def start_worker(client: Client, place: Path) -> Any:
    options = ["--collector", client.endpoint, "--scorer", "slow_scorer:slow"]
    path = os.pathsep.join([str(place), str(Path(__file__).parents[3])])
    program = "import sys; from tracer.online import rounds; rounds.SETTLE_S = 0; "
    (place / "impatient_worker.py").write_text(
        program
        + "rounds.OnlineRounds.__init__.__kwdefaults__['settle_s'] = 0.0\n"
        + "rounds.LEASE_S = 1.0; rounds.LOOK_EVERY_S = 0.2; rounds.BATCH = 5\n"
        + "from tracer.worker.command import worker\nworker()\n"
    )
    return start_module("impatient_worker", *options, PYTHONPATH=path)


def test_a_killed_worker_misses_nothing_and_doubles_nothing(
    client: Client,
    project: str,
    ask: Callable[..., list[str]],
    add_rule: Callable[..., Any],
    tmp_path: Path,
) -> None:
    (tmp_path / "slow_scorer.py").write_text(SCORER)
    add_rule("slow")
    ids = ask(*(f"question {number}" for number in range(40)))

    def scored() -> list[str]:
        rows = client.scores(project=project, limit=None)
        return [row["trace_id"] for row in rows]

    first = start_worker(client, tmp_path)
    wait_until(lambda: len(scored()) >= 5)
    os.kill(first.pid, signal.SIGKILL)
    stop(first)
    assert len(scored()) < 40
    second = start_worker(client, tmp_path)
    try:
        wait_until(lambda: len(scored()) >= 40)
    finally:
        stop(second)
    assert sorted(scored()) == sorted(ids)
    assert rounds.BATCH == 20  # this process is as it was
