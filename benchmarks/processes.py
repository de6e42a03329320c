"""Servers that a section needs, each in a process of its own."""

import contextlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import memory_mb


@dataclass(frozen=True)
class Server:
    """A server that runs now."""

    url: str
    """The last word of the first line that it printed."""
    pid: int
    """Its process."""

    def cpu_s(self) -> float:
        """Return the CPU time that it has used, all threads together."""
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self, field: str) -> float:
        """Return its `VmRSS`, or `VmHWM`, the most that it ever was."""
        return memory_mb(field, str(self.pid))


@contextlib.contextmanager
def running(command: Sequence[str]) -> Iterator[Server]:
    """Run a server until the block ends."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            line = process.stdout.readline().strip()
            if not line:
                raise RuntimeError(f"{' '.join(command)} ended before it printed")
            yield Server(line.rsplit(" ", 1)[-1], process.pid)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
