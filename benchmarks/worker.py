"""One contestant in a process of its own: `python -m benchmarks.worker NAME MODE …`.

It runs in the contestant's environment, with this checkout on its path, prints one line
of JSON and leaves at once: what is not delivered by then is not delivered.
"""

import importlib
import json
import logging
import os
import sys
import threading
import time
from typing import Any

from benchmarks import asking
from benchmarks.contestants import CONTESTANTS, Contestant

MODES = {
    "smoke": "benchmarks.calls_here",
    "paced": "benchmarks.calls_here",
    "burst": "benchmarks.calls_here",
    "canned": "benchmarks.openai_here",
    "socket": "benchmarks.openai_here",
    "rows": "benchmarks.rows_here",
}


def flush(contestant: Contestant, *, limit_s: float = 30) -> None:
    """Flush, but go on after a while: some flushes never return."""
    flushing = threading.Thread(target=contestant.flush, daemon=True)
    flushing.start()
    flushing.join(limit_s)


def arrived(url: str, n_wanted: int, *, quiet_s: float = 3) -> dict[str, Any]:
    """Count what came to the sink, waiting while more of it comes."""
    n_spans, marks, unread = 0, set[str](), set[str]()
    while True:
        told = asking.ask_count(url)
        n_spans += told["n_spans"]
        marks |= set(told["marks"])
        unread |= set(told["unread"])
        if n_spans >= n_wanted or (n_spans and not told["n_requests"]) or quiet_s <= 0:
            break
        quiet_s -= 1
        time.sleep(1)
    return {
        "sent": n_wanted,
        "arrived": n_spans,
        "marks": sorted(marks),
        "unread": sorted(unread),
    }


def main(name: str, mode: str, url: str, *more: str) -> int:
    stdout, sys.stdout = sys.stdout, sys.stderr  # contestants like to print
    logging.disable(logging.CRITICAL)
    contestant = CONTESTANTS[name]()
    for variable, value in contestant.variables(url).items():
        os.environ[variable] = value
    if mode == "ready":
        contestant.set_up(url)
        told: dict[str, Any] = {}
    else:
        measure = getattr(importlib.import_module(MODES[mode]), mode)
        told = measure(contestant, url, *more)
    print(json.dumps(told), file=stdout, flush=True)
    return 0


if __name__ == "__main__":
    try:
        status = main(*sys.argv[1:])
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    sys.stderr.flush()
    os._exit(status)
