"""Numbers as people read them: short, with their unit, a dash where none is known.

What is negative has a minus sign (−), which is as wide as a plus, never a hyphen.
"""

from collections.abc import Callable
from functools import wraps
from math import floor, log10
from typing import Final

NOTHING: Final = "–"
MINUS: Final = "−"
STEADY: Final = "±0%"
_LONGEST: Final = 1e12
"""From here on a number is easier to read by its power of ten."""
_FINE: Final = 10_000
"""From here on decimals say nothing."""
_STEPS: Final = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))

Write = Callable[[float], str]
"""How a number is written that is not negative."""


def _known(write: Write) -> Callable[[float | None], str]:
    """Let a number be unknown, or negative."""

    @wraps(write)
    def written(value: float | None) -> str:
        if value is None:
            return NOTHING
        return f"{MINUS if value < 0 else ''}{write(abs(value))}"

    return written


@_known
def count(value: float) -> str:
    """Return a count with separators (``12,345``)."""
    return f"{value:,.0f}"


@_known
def compact(value: float) -> str:
    """Return a large count in three figures (``12.3k``)."""
    for size, letter in _STEPS:
        if value >= size * 0.9995:
            return f"{_three_figures(value / size)}{letter}"
    return f"{value:,.0f}"


@_known
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


@_known
def money(usd: float) -> str:
    """Return US dollars; small amounts keep two figures that differ from zero."""
    if usd == 0 or usd >= 1:
        return f"${usd:,.2f}"
    if usd < 1e-6:
        return "<$0.000001"
    decimals = 3 if usd >= 0.01 else 1 - floor(log10(usd))
    return f"${usd:.{decimals}f}"


@_known
def percent(share: float) -> str:
    """Return a share of 1 as per cent."""
    return f"{share:.0%}" if share in {0, 1} else f"{share:.1%}"


@_known
def figure(value: float) -> str:
    """Return a score's value: three decimals at most, none where none are needed."""
    if value >= _LONGEST:
        return f"{value:.3g}"
    is_round = float(value).is_integer() or value >= _FINE
    return f"{value:,.0f}" if is_round else f"{value:,.3f}"


@_known
def two_decimals(value: float) -> str:
    """Return a number with two decimals, as coefficients are written."""
    return f"{value:.2f}"


def _three_decimals(value: float) -> str:
    return f"{value:.3f}" if value < _FINE else figure(value)


def signed(value: float | None, write: Write = _three_decimals) -> str:
    """Return a difference with its sign (``+0.120``, ``−0.040``); `write` its size."""
    if value is None:
        return NOTHING
    return f"{MINUS if value < 0 else '+'}{write(abs(value))}"


def points(share: float | None, unit: str) -> str:
    """Return a difference of two shares in percentage points (``+21.2 pp``)."""
    return signed(share, lambda size: f"{size * 100:.1f} {unit}")


def relative(change: float | None) -> str:
    """Return a change as a share of what was before, in whole per cent (``−23%``)."""
    return signed(change, lambda size: f"{size:.0%}")


def change(now: float | None, before: float | None) -> str | None:
    """Return the relative change between two periods, or None if there is no base."""
    if now is None or not before:
        return None
    share = (now - before) / before
    return STEADY if abs(share) < 0.005 else relative(share)


def plural(n: int, forms: str) -> str:
    """Return ``1 span``, ``2 spans`` for the forms ``{n} span|{n} spans``.

    A language that makes no difference gives one form.
    """
    one, _, many = forms.partition("|")
    return (one if n == 1 else many or one).format(n=f"{n:,}")


def _three_figures(value: float) -> str:
    decimals = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return (
        f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    )
