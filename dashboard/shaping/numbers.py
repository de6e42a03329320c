"""Numbers as people read them: short, with their unit, a dash where none is known."""

from math import floor, log10
from typing import Final

NOTHING: Final = "–"
STEADY: Final = "±0%"
_LONGEST: Final = 1e12
"""From here on a number is easier to read by its power of ten."""
_FINE: Final = 10_000
"""From here on decimals say nothing."""
_STEPS: Final = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))


def count(value: float | None) -> str:
    """Return a count with separators (``12,345``)."""
    return NOTHING if value is None else f"{value:,.0f}"


def compact(value: float | None) -> str:
    """Return a large count in three figures (``12.3k``)."""
    if value is None:
        return NOTHING
    for size, letter in _STEPS:
        if abs(value) >= size * 0.9995:
            return f"{_three_figures(value / size)}{letter}"
    return f"{value:,.0f}"


def duration(ms: float | None) -> str:
    """Return a duration given in milliseconds, in the unit that reads best."""
    if ms is None:
        return NOTHING
    if ms >= 3_600_000:
        return f"{ms / 3_600_000:.1f} h"
    if ms >= 60_000:
        return f"{ms / 60_000:.1f} min"
    if ms >= 1_000:
        return f"{ms / 1_000:.2f} s"
    if 0 < abs(ms) < 0.1:
        return f"{ms * 1000:.0f} µs" if abs(ms) >= 0.001 else "<1 µs"
    return f"{ms:.0f} ms" if ms >= 10 or ms == 0 else f"{ms:.1f} ms"


def money(usd: float | None) -> str:
    """Return US dollars; small amounts keep two figures that differ from zero."""
    if usd is None:
        return NOTHING
    if usd == 0 or abs(usd) >= 1:
        return f"${usd:,.2f}"
    if abs(usd) < 1e-6:
        return "<$0.000001"
    decimals = 3 if abs(usd) >= 0.01 else 1 - floor(log10(abs(usd)))
    return f"${usd:.{decimals}f}"


def percent(share: float | None) -> str:
    """Return a share of 1 as per cent."""
    if share is None:
        return NOTHING
    return f"{share:.0%}" if share in {0, 1} else f"{share:.1%}"


def figure(value: float | None) -> str:
    """Return a score's value: three decimals at most, none where none are needed."""
    if value is None:
        return NOTHING
    if abs(value) >= _LONGEST:
        return f"{value:.3g}"
    is_round = float(value).is_integer() or abs(value) >= _FINE
    return f"{value:,.0f}" if is_round else f"{value:,.3f}"


def signed(value: float | None) -> str:
    """Return a difference with its sign (``+0.120``, ``−0.040``)."""
    if value is None:
        return NOTHING
    size = f"{abs(value):.3f}" if abs(value) < _FINE else figure(abs(value))
    return f"{'−' if value < 0 else '+'}{size}"


def points(share: float | None, unit: str) -> str:
    """Return a difference of two shares in percentage points (``+21.2 pp``)."""
    if share is None:
        return NOTHING
    return f"{'−' if share < 0 else '+'}{abs(share) * 100:.1f} {unit}"


def change(now: float | None, before: float | None) -> str | None:
    """Return the relative change between two periods, or None if there is no base."""
    if now is None or not before:
        return None
    relative = (now - before) / before
    return STEADY if abs(relative) < 0.005 else f"{relative:+.0%}"


def plural(n: int, forms: str) -> str:
    """Return ``1 span``, ``2 spans`` for the forms ``{n} span|{n} spans``.

    A language that makes no difference gives one form.
    """
    one, _, many = forms.partition("|")
    return (one if n == 1 else many or one).format(n=f"{n:,}")


def _three_figures(value: float) -> str:
    magnitude = abs(value)
    decimals = 0 if magnitude >= 99.95 else 1 if magnitude >= 9.995 else 2
    return (
        f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    )
