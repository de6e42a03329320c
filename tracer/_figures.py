"""Numbers as people read them: short, with their unit, a dash where none is known.

What is negative has a minus sign (−), which is as wide as a plus, never a hyphen. The
dashboard and the messages of alerts write them alike; what prints to a terminal keeps
the hyphen, as it is copied into commands and read by programs.
"""

from collections.abc import Callable
from functools import wraps
from math import floor, log10
from typing import Final

NOTHING: Final = "–"
MINUS: Final = "−"
_LONGEST: Final = 1e12
"""From here on a number is easier to read by its power of ten."""
_FINE: Final = 1_000
"""From here on decimals say nothing."""

Write = Callable[[float], str]
"""How a number is written that is not negative."""


def or_nothing(write: Write) -> Callable[[float | None], str]:
    """Let a number be unknown, or negative."""

    @wraps(write)
    def written(value: float | None) -> str:
        if value is None:
            return NOTHING
        size = write(abs(value))
        is_zero = "0" in size and not any(digit in size for digit in "123456789")
        return f"{MINUS if value < 0 and not is_zero else ''}{size}"

    return written


@or_nothing
def count(value: float) -> str:
    """Return a count with separators (``12,345``)."""
    return f"{value:,.0f}"


@or_nothing
def duration(ms: float) -> str:
    """Return a duration given in milliseconds, in the unit that reads best."""
    if ms >= 3_600_000:
        return f"{ms / 3_600_000:.1f} h"
    if ms >= 60_000:
        return f"{ms / 60_000:.1f} min"
    if ms >= 1_000:
        return f"{ms / 1_000:.2f} s"
    if 0 < ms < 0.1:
        return f"{ms * 1000:.0f} µs" if ms >= 0.001 else "<1 µs"
    return f"{ms:.0f} ms" if ms >= 10 or ms == 0 else f"{ms:.1f} ms"


@or_nothing
def money(usd: float) -> str:
    """Return US dollars; small amounts keep two figures that differ from zero."""
    if usd == 0 or usd >= 1:
        return f"${usd:,.2f}"
    if usd < 1e-6:
        return "<$0.000001"
    decimals = 3 if usd >= 0.01 else 1 - floor(log10(usd))
    return f"${usd:.{decimals}f}"


@or_nothing
def percent(share: float) -> str:
    """Return a share of 1 as per cent."""
    return f"{share:.0%}" if share in {0, 1} else f"{share:.1%}"


@or_nothing
def figure(value: float) -> str:
    """Return a score's value: three decimals at most, none where none are needed."""
    if value >= _LONGEST:
        return f"{value:.3g}"
    is_round = float(value).is_integer() or value >= _FINE
    return f"{value:,.0f}" if is_round else f"{value:,.3f}"


def _three_decimals(value: float) -> str:
    return f"{value:.3f}" if value < _FINE else figure(value)


def signed(value: float | None, write: Write = _three_decimals) -> str:
    """Return a difference with its sign (``+0.120``, ``−0.040``); `write` its size."""
    if value is None:
        return NOTHING
    return f"{MINUS if value < 0 else '+'}{write(abs(value))}"


def relative(change: float | None) -> str:
    """Return a change as a share of what was before, in whole per cent (``−23%``)."""
    return signed(change, lambda size: f"{size:.0%}")
