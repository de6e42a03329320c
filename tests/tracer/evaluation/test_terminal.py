import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tracer.evaluation import Evaluation
from tracer.evaluation._progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def sometimes(n: int) -> int:
    if n == 3:
        raise ValueError(n)
    return n


def test_terminal_shows_how_far_a_run_is_and_what_failed(
    sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    Evaluation([{"n": n} for n in range(4)], name="faq").run(sometimes)
    told = terminal.getvalue()
    assert re.search(r"faq-[0-9-]{10}-[a-z]+-[a-z]+: 100%", told)
    assert "4/4" in told and "failed=1" in told


def test_length_may_be_told_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress(None, name="import", unit="item") as progress:
        assert terminal.getvalue() == ""
        progress.reach(1, 4, "traces")
        progress.reach(4, 4, "traces")
    assert "import: 100%" in terminal.getvalue()
    assert "4/4" in terminal.getvalue()


def test_length_may_never_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress(None, name="rows") as progress:
        progress.step(failed=False)
        progress.step(failed=True)
    assert "rows: 2 prediction" in terminal.getvalue()


def test_run_is_silent_where_nobody_watches(sent: Any, capfd: Any) -> None:
    Evaluation([{"n": n} for n in range(4)]).run(sometimes)
    assert capfd.readouterr() == ("", "")


INTERRUPTED = """
import asyncio, os, signal
import tracer

ended = []

async def model(n):
    try:
        os.kill(os.getpid(), signal.SIGINT)  # somebody presses Ctrl-C
        await asyncio.Event().wait()
    finally:
        ended.append(n)

async def cell():
    try:
        tracer.Evaluation([{"n": 1}]).run(model)
    except KeyboardInterrupt:
        print("interrupted", ended)

# as a notebook does: the loop runs, and Ctrl-C raises where the code stands
asyncio.new_event_loop().run_until_complete(cell())
"""


def test_interrupt_in_a_notebook_stops_the_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", INTERRUPTED],
        env=os.environ
        | {
            "TRACER_ENDPOINT": "http://127.0.0.1:9",
            "TRACER_SPOOL_DIR": str(tmp_path),
            "TRACER_TIMEOUT_S": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.returncode) == ("interrupted [1]\n", 0), done.stderr
