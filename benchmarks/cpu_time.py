"""CPU time of a program: other programs disturb it less than the clock's."""

import resource
import subprocess
from collections.abc import Sequence
from typing import Any


def cpu_ms(command: Sequence[str], **options: Any) -> float:
    """Run a program to its end; return what it used, its own system calls too.

    Args:
        command: The program and its arguments.
        options: As for `subprocess.run`.
    """
    before_s = _used_s()
    subprocess.run(command, check=True, **options)
    return (_used_s() - before_s) * 1000


def _used_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
