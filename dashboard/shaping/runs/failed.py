"""Causes of failures as a table: what failed, how often, why."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.conversation.previews import one_line

Row = Mapping[str, Any]


def columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the table of causes."""
    return [
        Column("what", texts["what"], "max-content"),
        Column("n", texts["n"], "max-content", end=True),
        Column("cause", texts["cause"], "minmax(200px, 1fr)"),
    ]


def rows(causes: Iterable[Row], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return causes as the collector counted them; a click opens one such trace."""
    return [
        cells.row(
            cause["trace"] or f"cause-{place}",
            what=cells.words(cause["score"] or texts["prediction"]),
            n=numbers.count(cause["n"]),
            cause=cells.words(one_line(cause["cause"]) or texts["unsaid"]),
        )
        for place, cause in enumerate(causes)
    ]
