"""Which rows of a list that is looked at again and again have just come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from dashboard.shaping.windows import Window

FRESH_S: Final = 8.0
"""How long a row counts as having just come."""


def noted(
    seen: Mapping[str, float] | None, ids: Iterable[str], *, now_s: float
) -> dict[str, float]:
    """Return every id of a list with the moment at which it was first seen.

    Args:
        seen: What the look before returned; None at the first look, whose rows are
            not new to anybody.
        ids: Ids of the rows now.
        now_s: When this look is, in seconds of any clock.
    """
    first = -FRESH_S if seen is None else now_s
    return {one: (seen or {}).get(one, first) for one in ids}


def fresh(seen: Mapping[str, float], *, now_s: float) -> set[str]:
    """Return the ids that came within the last seconds."""
    return {one for one, at in seen.items() if at >= 0 and now_s - at < FRESH_S}


def narrowed(window: Window, rows: Sequence[Mapping[str, Any]], *, most: int) -> Window:
    """Return the part of a period in which the next look can find a row to show.

    Args:
        window: The period.
        rows: The newest rows at the last look, newest first.
        most: How many are shown: what began before the last of so many is not.
    """
    if len(rows) < most:
        return window
    return replace(window, since=max(window.since, rows[-1]["start"]))
