"""Rows that say nearly what another row says, before they are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracer.evaluation._datasets.duplicates import groups_of
from tracer.evaluation._datasets.working import text_of

Row = Mapping[str, Any]

ALIKE: Final = 0.8
"""Least similarity that is told: shared character trigrams over all."""


ASIDE: Final = ("context", "contexts", "documents", "history", "system")
"""Inputs that many different questions share."""


@dataclass(frozen=True)
class Near:
    """Another row that says nearly the same."""

    place: int
    """Where it stands, from 0."""
    is_stored: bool
    """Whether it is a row of the dataset, else one of the new ones."""
    similarity: float
    """The least similarity of those rows of its group, 0 to 1."""


def near_rows(new: Sequence[Row], stored: Sequence[Row]) -> dict[int, Near]:
    """Return place among the new rows → the row that it nearly repeats.

    Of several new rows that say the same, the first repeats none of them.

    Args:
        new: Rows that are to be saved.
        stored: Rows of the dataset, each with its ``place``.
    """
    keys = _compared(new, stored)
    texts = [text_of(row["inputs"], keys) for row in (*stored, *new)]
    found: dict[int, Near] = {}
    for places, similarity in groups_of(texts, threshold=ALIKE):
        first = places[0]
        is_stored = first < len(stored)
        place = int(stored[first]["place"]) if is_stored else first - len(stored)
        for other in places:
            if other >= len(stored) and other != first:
                found[other - len(stored)] = Near(place, is_stored, similarity)
    return found


def _compared(new: Sequence[Row], stored: Sequence[Row]) -> list[str]:
    """Return the inputs that are compared: those that both have and that ask."""
    fresh = dict.fromkeys(key for row in new for key in row["inputs"])
    known = {key for row in stored for key in row["inputs"]}
    shared = [key for key in fresh if key in known] or list(fresh)
    return [key for key in shared if key.lower() not in ASIDE] or shared
