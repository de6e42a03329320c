"""`tracer up` as a person meets it: real processes, real signals."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3
from processes import CollectorProcess, start_module, stop, wait_until

from tracer.client import Client


@dataclass(frozen=True)
class House:
    collector: str
    dashboard: str | None
    process: subprocess.Popen[str]

    def children(self) -> list[int]:
        pid = self.process.pid
        return [
            int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]


@contextmanager
def running(data_dir: Path, *options: str) -> Iterator[House]:
    ports = ["--port", "0", "--dashboard-port", "0"]
    arguments = ["up", "--data-dir", str(data_dir), *ports, *options]
    process = start_module("tracer.cli", *arguments)
    try:
        yield House(*addresses(process), process)
    finally:
        stop(process)


def addresses(process: subprocess.Popen[str]) -> tuple[str, str | None]:
    """Return the two addresses that the command prints before its last line."""
    assert process.stdout is not None
    found: dict[str, str] = {}
    for line in process.stdout:
        if line.endswith("Ctrl-C ends it.\n"):
            return found["collector"], found.get("dashboard")
        name, address = line.split()[:2]
        found[name] = address
    raise AssertionError(f"ended early: {process.communicate()}")


def gone(process_id: int) -> bool:
    try:
        state = (
            Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
        )
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def status_of(url: str | None) -> int:
    return urllib3.request("GET", f"{url}", retries=False, timeout=30).status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_both_answer_when_printed_and_a_signal_ends_all_of_them(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path) as house:
        assert status_of(f"{house.collector}/readyz") == 200
        assert status_of(house.dashboard) == 200
        children = house.children()
        house.process.send_signal(number)
        _, errors = house.process.communicate(timeout=60)
    assert (len(children), house.process.returncode, errors) == (3, 0, "")
    assert all(gone(child) for child in children)


def test_the_collector_knows_where_the_dashboard_is(tmp_path: Path) -> None:
    with running(tmp_path) as house:
        told = Client(house.collector, "").health()["dashboard_url"]
        assert told == house.dashboard


def test_killed_hard_it_leaves_no_orphan(tmp_path: Path) -> None:
    with running(tmp_path) as house:
        children = house.children()
        house.process.kill()
        wait_until(lambda: all(gone(child) for child in children))
    assert len(children) == 3


def test_a_collector_that_falls_comes_back_at_its_address_with_its_data(
    tmp_path: Path,
) -> None:
    with running(tmp_path, "--no-dashboard") as house:
        first = house.children()
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: gone(first[0]))
        wait_until(lambda: answers(f"{house.collector}/readyz"))
        assert house.dashboard is None


def answers(url: str) -> bool:
    try:
        return status_of(url) == 200
    except urllib3.exceptions.HTTPError:
        return False


def refusal(data_dir: Path, *options: str) -> tuple[int, list[str]]:
    """Run a `tracer up` that cannot start; return its status and what it said."""
    ports = ["--port", "0", "--dashboard-port", "0"]
    process = start_module(
        "tracer.cli", "up", "--data-dir", str(data_dir), *ports, *options
    )
    output, errors = process.communicate(timeout=60)
    assert output == ""
    return process.returncode, errors.splitlines()


@pytest.mark.parametrize("option", ["--port", "--dashboard-port"])
def test_a_port_in_use_is_one_line_and_status_two(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, [line] = refusal(tmp_path, option, port)
    assert status == 2
    assert f"cannot listen on 127.0.0.1:{port}" in line


def test_a_directory_that_cannot_be_written_is_one_line_and_status_two(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way")
    status, [line] = refusal(tmp_path / "file" / "data")
    assert status == 2
    assert re.search(r"directory '.*file/data' cannot be written", line)


def test_a_directory_that_another_process_holds_is_one_line_and_status_two(
    collector: CollectorProcess,
) -> None:
    status, [line] = refusal(collector.data_dir)
    assert status == 2
    assert f"in use by process {collector.process.pid}" in line
