"""A server with all the processes that it starts: what they use together."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import urllib3

START_LIMIT_S, STOP_LIMIT_S = 180, 30
_EACH_S = 0.5  # between two looks at the memory


class NotStartedError(Exception):
    """A server did not come up; says why in a line."""


class Group:
    """The processes of one session, for as long as it runs."""

    def __init__(self, process: subprocess.Popen[bytes], start_s: float) -> None:
        self._process = process
        self._is_over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self.start_s = start_s
        """From the command until it said that it is ready."""
        self.peak_mb = 0.0
        """The most memory seen so far, MiB."""
        self._watch.start()

    def cpu_s(self) -> float:
        """Return the CPU time used, by children that ended too."""
        ticks = sum(sum(map(int, stat[11:15])) for _, stat in self._processes())
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Return the memory in use, MiB; pages that several share count once."""
        total = 0
        for pid, _ in self._processes():
            with contextlib.suppress(OSError):
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                total += sum(
                    int(line.split()[1]) for line in rollup if line.startswith("Pss:")
                )
        self.peak_mb = max(self.peak_mb, total / 1024)
        return total / 1024

    def close(self) -> None:
        """End all of them, by force if they do not go."""
        self._is_over.set()
        self._watch.join()
        for sign in (signal.SIGTERM, signal.SIGKILL):
            until_s = time.monotonic() + STOP_LIMIT_S
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, sign)
            while self._processes() and time.monotonic() < until_s:
                self._process.poll()
                time.sleep(0.1)
        self._process.wait()

    def _processes(self) -> list[tuple[int, list[str]]]:
        found = []
        for each in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                stat = (each / "stat").read_text().rpartition(")")[2].split()
                if int(stat[3]) == self._process.pid and stat[0] != "Z":
                    found.append((int(each.name), stat))
        return found

    def _look(self) -> None:
        while not self._is_over.wait(_EACH_S):
            self.memory_mb()


@contextlib.contextmanager
def running(
    command: Sequence[str], *, environment: Mapping[str, str], home: Path, ready: str
) -> Iterator[Group]:
    """Start a server in a session of its own; end it with the block.

    Raises:
        NotStartedError: `ready`, an address, did not answer 200 within the limit.
    """
    begun_s = time.perf_counter()
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=home,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    start_s = _start_s(process, ready, begun_s)
    group = Group(process, start_s or 0.0)
    try:
        if start_s is None:
            said = log.read_text("utf-8", "replace").strip().splitlines()
            raise NotStartedError((said or [f"{command[0]} said nothing"])[-1])
        yield group
    finally:
        group.close()


def free_port() -> int:
    """Return a port of loopback that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _start_s(
    process: subprocess.Popen[bytes], ready: str, begun_s: float
) -> float | None:
    while process.poll() is None and time.perf_counter() - begun_s < START_LIMIT_S:
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            answer = urllib3.request("GET", ready, timeout=2, retries=False)
            if answer.status == 200:
                return time.perf_counter() - begun_s
        time.sleep(0.05)
    return None
