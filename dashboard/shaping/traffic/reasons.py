"""Why calls failed, and the traces that took or cost most."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.conditions import write
from dashboard.shaping.conversation.previews import one_line, preview

Row = Mapping[str, Any]
ALL: Final = "all:"
"""Before the number of a row, the cell that opens all of its traces."""
LEAST_LITERAL: Final = 4
"""Shorter pieces of a message would find other reasons, too."""


def reason_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of why calls failed."""
    return [
        Column("n", texts["times"], "minmax(64px, max-content)", end=True),
        Column("message", texts["message"], "minmax(120px, 1fr)"),
        Column("name", texts["name"], "minmax(60px, max-content)"),
        Column("last", texts["last"], "max-content"),
    ]


def reason_rows(reasons: Iterable[Row], *, nameless: str) -> list[dict[str, Any]]:
    """Return why calls failed, the newest reason first; each opens its newest trace."""
    return [
        cells.row(
            reason["trace_id"],
            n=cells.score(
                numbers.count(reason["n"]),
                tone="bad",
                fill=0.15,
                opens=f"{ALL}{number}",
                title=numbers.count(reason["n"]),
            ),
            message=cells.words(
                one_line(reason["message"]) or reason["error_type"] or nameless,
                tone="bad",
                title=reason["message"],
            ),
            name=cells.words(reason["name"]),
            last=cells.time(reason["last_ns"]),
        )
        for number, reason in enumerate(reasons)
    ]


def reason_link(reason: Row) -> dict[str, str]:
    """Return parameters of the list of all traces that failed for a reason."""
    pieces = [
        piece.strip()
        for line in reason["pattern"].splitlines()
        for piece in line.split("#")
    ]
    longest = max(pieces, key=len, default="")
    field = "status_message" if reason["message"] else "error_type"
    failed = {"status": "error"}
    if len(longest) < LEAST_LITERAL:
        return failed
    return failed | {"filter": write((field, "contains", longest))}


def most_columns(texts: Mapping[str, str], *, measure: str) -> list[Column]:
    """Return the columns of the slowest or the dearest traces."""
    return [
        Column("start", texts["start"], "max-content"),
        Column("input", texts["input"], "minmax(100px, 1fr)"),
        Column("most", texts[measure], "minmax(110px, 0.6fr)"),
    ]


def slowest_rows(traces: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the slowest traces, the slowest first."""
    return _most(traces, "duration_ms", numbers.duration)


def dearest_rows(traces: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the traces that cost most, the dearest first; those without price not."""
    return _most([one for one in traces if one["cost_usd"]], "cost_usd", numbers.money)


def _most(traces: Sequence[Row], column: str, write_it: Any) -> list[dict[str, Any]]:
    most = max((trace[column] or 0 for trace in traces), default=0)
    return [
        cells.row(
            trace["trace_id"],
            start=cells.time(trace["start_ns"]),
            input=cells.words(
                preview(trace["input_preview"]) or trace["name"],
                title=trace["input_preview"],
            ),
            most=cells.bar(trace[column], most=most, text=write_it(trace[column])),
        )
        for trace in traces
    ]
