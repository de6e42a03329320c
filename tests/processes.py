"""Real processes for tests: a collector, and ClickHouse's own listeners."""

import contextlib
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

START_LIMIT_S = 60
STOP_LIMIT_S = 30


@dataclass(frozen=True)
class CollectorProcess:
    url: str
    """Where it listens, `http://127.0.0.1:PORT`."""

    data_dir: Path
    """Directory of its embedded store."""

    process: subprocess.Popen[str]
    """The process, for tests that end it themselves."""


@contextlib.contextmanager
def start_collector(
    data_dir: Path, *, store_url: str | None = None, **options: object
) -> Iterator[CollectorProcess]:
    """Run a collector until the block ends; options are its command-line options."""
    arguments = ["--store", store_url or f"chdb://{data_dir}", "--lifeline"]
    for name, value in ({"port": 0, "prices": False} | options).items():
        arguments += _flag(name, value)
    process = start_module("collector", *arguments)
    try:
        line = first_line(process)
        url = line.removeprefix("collector listening on ").strip()
        yield CollectorProcess(url=url, data_dir=data_dir, process=process)
    finally:
        stop(process)


def _flag(name: str, value: object) -> list[str]:
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{option}" if value else f"--no-{option}"]
    return [f"--{option}", str(value)]


def start_module(name: str, *arguments: str, **env: str) -> subprocess.Popen[str]:
    """Start `python -P -m name` with pipes on its three streams."""
    root = Path(__file__).parent.parent
    return subprocess.Popen(
        [sys.executable, "-P", "-m", name, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)} | env,
    )


def first_line(process: subprocess.Popen[str]) -> str:
    """Return the first line that a process prints; fail with its errors if it ends."""
    assert process.stdout is not None
    assert process.stderr is not None
    ready, _, _ = select.select([process.stdout], [], [], START_LIMIT_S)
    line = process.stdout.readline() if ready else ""
    if not line:
        process.kill()
        raise RuntimeError(f"did not start: {process.stderr.read()}")
    return line


def stop(process: subprocess.Popen[str]) -> None:
    """End a process by SIGTERM, hard if it does not go; close its pipes."""
    if process.poll() is None:
        process.terminate()
    if process.stdin is not None and process.stdin.closed:
        process.stdin = None  # else `communicate` flushes a closed file
    try:
        process.communicate(timeout=STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def wait_until(
    condition: Callable[[], object], *, limit_s: float = START_LIMIT_S
) -> None:
    """Return as soon as the callable answers true."""
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {limit_s} s: {condition}")
        time.sleep(0.02)
