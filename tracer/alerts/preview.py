"""When a rule would have fired in the past days, by the same steps as it is watched."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tracer.alerts.readings import read_windows
from tracer.alerts.rules import SECOND_NS, Reading, Rule, Standing, is_enough, step

DAYS: Final = 30
DAY_NS: Final = 86_400 * SECOND_NS


@dataclass(frozen=True)
class Firing:
    """A time in which a rule's limit was passed."""

    fired_ns: int
    """End of the window at which it would have fired."""
    recovered_ns: int | None
    """End of the window at which it would have been over; None if not yet."""
    reading: Reading
    """What it would have fired on."""


@dataclass(frozen=True)
class Preview:
    """What a rule would have said.

    Windows are whole ones of the calendar (UTC): who looks every minute may fire
    earlier, and on what two windows share.
    """

    readings: Mapping[int, Reading]
    """By the end of each window, UTC nanoseconds since 1970, oldest first."""
    firings: list[Firing]
    """Oldest first."""
    n_too_few: int
    """Windows of which nothing is concluded: they hold too little."""


def preview(
    client: Any,
    document: Mapping[str, Any],
    *,
    days: int = DAYS,
    now_ns: int | None = None,
) -> Preview:
    """Return when a rule would have fired in the last days.

    Args:
        client: The collector that has the traffic.
        document: The rule; it need not be stored.
        days: How far to look back.
        now_ns: When the last day ends; None for now.

    Raises:
        ConfigurationError: It is no rule.
    """
    rule = Rule.of(document)
    until_ns = time.time_ns() if now_ns is None else now_ns
    since_ns = until_ns - days * DAY_NS
    readings = read_windows(client, rule, since_ns=since_ns, until_ns=until_ns)
    firings, standing = [], Standing()
    for moment_ns, reading in readings.items():
        standing, event = step(rule, standing, reading, now_ns=moment_ns)
        if event == "fired":
            firings.append(Firing(moment_ns, None, reading))
        elif event == "recovered":
            begun = firings.pop()
            firings.append(Firing(begun.fired_ns, moment_ns, begun.reading))
    too_few = sum(not is_enough(rule, reading) for reading in readings.values())
    return Preview(readings, firings, too_few)
