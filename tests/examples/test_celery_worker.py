"""The Celery example over a broker in a folder: one trace for two processes."""

import re
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

from processes import CollectorProcess, wait_until

from tracer.client import Client

WORKER = ("worker", "--concurrency", "1", "--loglevel", "warning")
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def waits(folder: Path) -> bool:
    """Return whether a task waits in the broker's folder."""
    found = (folder / "tracer-celery-example" / "queue").glob("*.msg")
    return any(one.stat().st_size for one in found)


def test_what_is_asked_and_what_the_worker_does_are_one_trace(
    collector: CollectorProcess, env: dict[str, str], tmp_path: Path
) -> None:
    asks = [sys.executable, "-m", "examples.celery_worker"]
    works = [sys.executable, "-m", "celery", "-A", "examples.celery_worker"]
    web = subprocess.Popen(asks, env=env, cwd=tmp_path, stdout=PIPE, text=True)
    # a broker in a folder may be read while it is written: the task comes first
    wait_until(lambda: waits(tmp_path) or web.poll() is not None)
    worker = subprocess.Popen(
        [*works, *WORKER, *QUIET], env=env, cwd=tmp_path, stdout=subprocess.DEVNULL
    )
    try:
        printed, _ = web.communicate(timeout=60)
        assert web.returncode == 0
    finally:
        web.kill()
        worker.terminate()
        assert worker.wait(60) == 0
    [trace_id] = re.findall(r"[0-9a-f]{32}", printed)
    asked, answered, chat = Client(collector.url).trace(trace_id).spans
    assert [asked["name"], answered["name"]] == ["POST /questions", "answer"]
    assert chat["name"] == "chat gpt-4o-mini"
    assert answered["parent_span_id"] == asked["span_id"]
    assert chat["parent_span_id"] == answered["span_id"]
    assert asked["output"] == answered["output"] != ""
    assert {one["user_id"] for one in (asked, answered, chat)} == {"ann"}
    processes = {
        one["resource"]["service.instance.id"] for one in (asked, answered, chat)
    }
    assert len(processes) == 2
