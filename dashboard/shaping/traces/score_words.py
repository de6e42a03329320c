"""Scores in one word each: a label, a yes or no, a share of yes, or a mean."""

from collections.abc import Mapping
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell

Row = Mapping[str, Any]


def answer(score: Row) -> bool | None:
    """Return what a single yes/no score says; None for all other scores.

    Args:
        score: A score with its ``value``, or the ``mean`` of ``n`` of them.
    """
    value = score.get("value", score.get("mean"))
    if score.get("type") != "bool" or score.get("n", 1) != 1 or value not in (0, 1):
        return None
    return bool(value)


def written(score: Row) -> str:
    """Return what a score says: its label, the share of yes, or its (mean) value."""
    value = score.get("value", score.get("mean"))
    if score["label"]:
        return str(score["label"])
    is_share = score.get("type") == "bool" and value is not None and 0 <= value <= 1
    return numbers.percent(value) if is_share else numbers.figure(value)


def cell(score: Row | None) -> Cell:
    """Return a score as a cell of a table; the mean of several says of how many."""
    if score is None:
        return None
    if (said := answer(score)) is not None:
        return cells.yes_no(said)
    shown = written(score)
    n = score.get("n")
    return cells.words(shown, title=f"{shown} · n {n}" if n is not None else None)


def chips(
    scores: Mapping[str, Row], *, most: int | None = None, with_n: bool = False
) -> Cell:
    """Return scores by name as short words (``tone 0.8``, ``helpful ✓``).

    Args:
        scores: Name to mean, n, label and type.
        most: How many are shown; None for all.
        with_n: Whether each says of how many it is.
    """
    return cells.chips(
        [_chip(name, score, with_n=with_n) for name, score in sorted(scores.items())],
        most=most,
    )


def _chip(name: str, score: Row, *, with_n: bool) -> cells.Chip:
    n = f" (n {numbers.count(score['n'])})" if with_n else ""
    said = answer(score)
    if said is None:
        return cells.Chip(f"{name} {written(score)}{n}")
    return cells.Chip(name, said, n)
