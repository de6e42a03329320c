"""How a collector starts, refuses to start, stops, and comes back after a kill."""

import signal
import socket
import subprocess
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

import pytest
import urllib3
from otlp_requests import span, trace_request
from processes import STOP_LIMIT_S, first_line, start_collector, start_module


def refusal(*arguments: str, **env: str) -> tuple[int, str, str]:
    process = start_module("collector", *arguments, **env)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    """Where 4317 was in use too, a line about gRPC stood before it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, out, err = refusal("--store", f"chdb://{tmp_path}", "--port", port)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert port in err and "--port" in err


def test_a_directory_that_cannot_be_made_is_one_clear_line() -> None:
    status, out, err = refusal("--store", "chdb:///proc/nowhere", "--port", "0")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "/proc/nowhere" in err


def test_a_directory_of_another_process_is_one_clear_line(tmp_path: Path) -> None:
    with start_collector(tmp_path) as running:
        status, out, err = refusal("--store", f"chdb://{tmp_path}", "--port", "0")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert str(running.process.pid) in err


def test_a_server_that_does_not_answer_is_one_clear_line() -> None:
    url = "http://someone:secret@127.0.0.1:1/x"
    status, out, err = refusal("--store", url, "--port", "0")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "127.0.0.1:1" in err and "secret" not in err


def test_other_machines_are_let_in_only_with_a_key(tmp_path: Path) -> None:
    arguments = ("--store", f"chdb://{tmp_path}", "--host", "0.0.0.0", "--port", "0")
    status, out, err = refusal(*arguments)
    assert (status, out) == (2, "")
    assert "TRACER_API_KEY" in err
    assert (
        f"tracer keys create --name first --scope admin --store chdb://{tmp_path}"
        in err
    )


def test_with_a_key_every_request_must_carry_it(tmp_path: Path) -> None:
    arguments = ("--store", f"chdb://{tmp_path}", "--port", "0", "--lifeline")
    process = start_module("collector", *arguments, TRACER_API_KEY="k-1")
    url = first_line(process).removeprefix("collector listening on ").strip()
    http = urllib3.PoolManager()

    def status(path: str, **headers: str) -> int:
        return http.request("GET", url + path, headers=headers).status

    assert status("/healthz") == status("/readyz") == 200
    alive = http.request("GET", f"{url}/healthz").json()
    assert alive == {"status": "ok", "version": version("tracer-evals")}
    assert status("/metrics") == status("/v1/traces") == 401
    assert status("/metrics", authorization="Bearer k-2") == 401
    assert status("/metrics", authorization="Bearer k-1") == 200
    process.communicate(timeout=STOP_LIMIT_S)
    assert process.returncode == 0


def test_a_mistyped_setting_is_named_with_the_one_that_is_meant() -> None:
    """It was ignored in silence, and rows were kept for ever."""
    given = {
        "TRACER_RETENTION": "30",
        "TRACER_PROJECT": "an application's",
        "TRACER_COLLECTOR_PORT": "of Kubernetes",
        "TRACERS_HOST": "another program's",
    }
    status, _, err = refusal("--store", "nowhere://", "--port", "0", **given)
    assert status == 2
    warnings = [line for line in err.splitlines() if "warning" in line]
    meant = "is TRACER_RETENTION_DAYS meant?"
    assert warnings == [f"warning: nothing reads TRACER_RETENTION; {meant}"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_status_zero(tmp_path: Path, number: int) -> None:
    with start_collector(tmp_path) as running:
        running.process.send_signal(number)
        out, err = running.process.communicate(timeout=STOP_LIMIT_S)
    assert (running.process.returncode, err) == (0, "")


def test_it_leaves_when_its_parent_is_gone(tmp_path: Path) -> None:
    with start_collector(tmp_path) as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert running.process.wait(timeout=STOP_LIMIT_S) == 0


def send_until_it_dies(url: str, acknowledged: list[str], number: int) -> None:
    http = urllib3.PoolManager(retries=False)
    headers = {"content-type": "application/x-protobuf"}
    for count in range(10_000):
        name = f"{number}-{count}"
        body = trace_request(span(name=name), span(name=name), project="kill")
        try:
            answer = http.request(
                "POST", f"{url}/v1/traces", body=body, headers=headers
            )
        except urllib3.exceptions.HTTPError:
            return
        if answer.status == 200:
            acknowledged.append(name)


def test_what_was_acknowledged_before_a_kill_is_there_and_nothing_twice(
    tmp_path: Path,
) -> None:
    acknowledged: list[str] = []
    for _ in range(2):
        with start_collector(tmp_path) as running:
            before = len(acknowledged)
            senders = [
                threading.Thread(
                    target=send_until_it_dies,
                    args=(running.url, acknowledged, time.monotonic_ns() + number),
                )
                for number in range(8)
            ]
            for sender in senders:
                sender.start()
            while len(acknowledged) < before + 40:
                senders[0].join(0.01)
            running.process.kill()
            for sender in senders:
                sender.join()
    assert_each_is_there_twice(tmp_path, acknowledged)


def assert_each_is_there_twice(directory: Path, acknowledged: list[str]) -> None:
    """Start once more, which cleans up, then count in a process of its own."""
    with start_collector(directory):
        pass
    count = (
        "import sys; from collector.storage.engine import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "with store.handle('read') as client:\n"
        "    for row in client.query('SELECT name, count() FROM spans GROUP BY name')"
        ".result_rows: print(*row)\n"
        "store.close()\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", count, f"chdb://{directory}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = dict(line.split(" ") for line in out.splitlines())
    assert set(found.values()) <= {"2"}
    assert set(acknowledged) <= set(found)
