"""Scores have arrived before a worker notes that they have."""

import threading
import time
from pathlib import Path

import pytest

import tracer
from tracer.client import Client
from tracer.errors import CollectorError
from tracer.online.delivering import deliver_scores


def test_what_ends_elsewhere_meanwhile_is_no_failure(live: Client) -> None:
    is_over = threading.Event()

    @tracer.trace
    def step() -> None:
        return None

    def go_on() -> None:
        until_s = time.monotonic() + 1.0
        while time.monotonic() < until_s:
            step()
        is_over.set()

    thread = threading.Thread(target=go_on)
    thread.start()
    while not is_over.is_set():
        deliver_scores()
    thread.join()
    deliver_scores()
    assert tracer.flush().pending == 0


def test_a_collector_that_is_away_is_told_of_at_once(tmp_path: Path) -> None:
    tracer.configure(endpoint="http://127.0.0.1:9", spool_dir=tmp_path)
    with tracer.span("judged"):
        pass
    with pytest.raises(CollectorError, match="scores wait to be delivered: 0 sent"):
        deliver_scores()
    tracer.shutdown(timeout_s=0)
