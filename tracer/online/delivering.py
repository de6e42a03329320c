"""Waiting until scores have arrived, for whoever notes afterwards that they have."""

import time
from typing import Final

import tracer
from tracer.errors import CollectorError

DELIVER_LIMIT_S: Final = 60.0
"""Longest wait for scores to arrive."""


def deliver_scores(limit_s: float = DELIVER_LIMIT_S) -> None:
    """Send what was judged.

    Spans that end elsewhere in the process while this waits are pending when it looks:
    an application's, or one whose last reference the garbage collector finds now. Those
    are waited for as well, until a moment comes when nothing is pending.

    Raises:
        CollectorError: Not all of it has arrived; it is scored again another time.
    """
    until_s = time.monotonic() + limit_s
    report = tracer.flush(limit_s)
    while report.pending and not report.errors and time.monotonic() < until_s:
        report = tracer.flush(until_s - time.monotonic())
    if report.pending or report.spooled:
        raise CollectorError(f"scores wait to be delivered: {report}")
