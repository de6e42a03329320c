"""Numbers of the dashboard: those that people read elsewhere too, and its own."""

from typing import Final

from tracer._figures import (
    MINUS,
    NOTHING,
    Write,
    count,
    duration,
    figure,
    money,
    or_nothing,
    percent,
    relative,
    signed,
)

__all__ = [
    "MINUS",
    "NOTHING",
    "STEADY",
    "Write",
    "change",
    "compact",
    "count",
    "duration",
    "figure",
    "money",
    "percent",
    "plural",
    "points",
    "relative",
    "signed",
    "three_digits",
    "two_decimals",
]

STEADY: Final = "±0%"
_STEPS: Final = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))


@or_nothing
def compact(value: float) -> str:
    """Return a large count in three figures (``12.3k``)."""
    for size, letter in _STEPS:
        if value >= size * 0.9995:
            return f"{_three_figures(value / size)}{letter}"
    return f"{value:,.0f}"


@or_nothing
def two_decimals(value: float) -> str:
    """Return a number with two decimals, as coefficients are written."""
    return f"{value:.2f}"


@or_nothing
def three_digits(value: float) -> str:
    """Return a number below 1,000 in three digits, zeros too (``0.660``, ``12.0``)."""
    return f"{value:#.3g}".removesuffix(".")


def points(share: float | None, unit: str) -> str:
    """Return a difference of two shares in percentage points (``+21.2 pp``)."""
    return signed(share, lambda size: f"{size * 100:.1f} {unit}")


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
