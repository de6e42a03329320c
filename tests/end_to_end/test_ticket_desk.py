"""Streams, threads, a fork and an outage in one program: all of it arrives, once."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from processes import CollectorProcess, start_collector

from tracer.client import Client

ROOT = Path(__file__).parents[2]


def steps(program: subprocess.Popen[str], until: str) -> None:
    """Press Enter, and read what the program says up to its report."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write("\n")
    program.stdin.flush()
    for line in program.stdout:
        if until in line:
            return
    raise AssertionError(f"the program ended before it said {until!r}")


def kill(collector: CollectorProcess) -> int:
    """Kill it hard; return its port, for the next one."""
    collector.process.kill()
    collector.process.wait()
    return int(collector.url.rpartition(":")[2])


def test_a_day_with_an_outage_arrives_whole_and_once(tmp_path: Path) -> None:
    with start_collector(tmp_path / "store") as first:
        program = subprocess.Popen(
            [sys.executable, "-m", "examples.ticket_desk", "--steps"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ
            | {"TRACER_ENDPOINT": first.url, "TRACER_SPOOL_DIR": str(tmp_path / "s")},
        )
        with program:
            steps(program, until="20 sent")
            port = kill(first)
            steps(program, until="kept on disk")
            steps(program, until="kept on disk")
            with start_collector(tmp_path / "store", port=port) as second:
                steps(program, until="126 sent")
                program.communicate("\n", timeout=60)
                client = Client(second.url)
                names = Counter(
                    span["name"]
                    for span in client.spans(project="ticket-desk", limit=1000)
                )
                processes = client.ledger(project="ticket-desk")
    assert program.returncode == 0
    assert names == {
        "answer": 5,
        "look_up": 110,
        "rank": 5,
        "chat gpt-4o-mini": 5,
        "lunch rush": 1,
        "close_ticket": 20,
    }
    assert [row["verdict"] for row in processes] == ["complete"] * 3
