"""Servers that a section needs, each in a process of its own."""

import contextlib
import subprocess
from collections.abc import Iterator, Sequence


@contextlib.contextmanager
def printing_address(command: Sequence[str]) -> Iterator[str]:
    """Run a server until the block ends; yields the first line that it prints."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            line = process.stdout.readline().strip()
            if not line:
                raise RuntimeError(f"{' '.join(command)} ended before it printed")
            yield line
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
