"""The bench of servers sends, waits until all can be read, and names what fails."""

import sys
from pathlib import Path

import pytest

from benchmarks import payload, servers
from benchmarks.contestants.servers import ServerFailedError, Tracer
from benchmarks.process_groups import NotStartedError, free_port, running


class Few(Tracer):
    """Ours, with one request."""

    n_requests = 1


def test_every_span_that_was_sent_is_read_back_before_the_clock_stops() -> None:
    found = servers._measured(Few, Path(sys.executable), payload.requests(2))
    assert found["n_spans"] == payload.SPANS_IN_REQUEST
    assert found["bytes_a_span"] * found["n_spans"] > 100_000
    figures = ("rate", "cpu_ms", "idle_mb", "loaded_mb", "start_s")
    assert [figure for figure in figures if not found[figure] > 0] == []


def test_a_server_that_refuses_is_told_by_its_answer() -> None:
    class Closed(Few):
        def command(self, bin_directory: Path) -> list[str]:
            return [*super().command(bin_directory), "--max-body-bytes", "1000"]

    with pytest.raises(ServerFailedError, match="it answered 413"):
        servers._measured(Closed, Path(sys.executable), payload.requests(1))


def test_a_server_that_does_not_start_is_told_by_its_last_line(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no room'); raise SystemExit(3)"]
    nowhere = f"http://127.0.0.1:{free_port()}/"
    with (
        pytest.raises(NotStartedError, match="no room"),
        running(command, environment={}, home=tmp_path, ready=nowhere),
    ):
        raise AssertionError("it ran")


def test_what_a_server_started_ends_with_it(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(600)']); "
        "from http.server import *; HTTPServer(('127.0.0.1', int(sys.argv[1])), "
        "SimpleHTTPRequestHandler).serve_forever()"
    )
    port = free_port()
    with running(
        [sys.executable, "-c", program, str(port)],
        environment={},
        home=tmp_path,
        ready=f"http://127.0.0.1:{port}/",
    ) as group:
        assert len(group._processes()) == 2
        assert group.memory_mb() > 1
    assert group._processes() == []
