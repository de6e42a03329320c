"""The list of traces."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.previews import preview

Row = Mapping[str, Any]


def list_columns(texts: Mapping[str, str], *, narrow: bool) -> list[Column]:
    """Return the columns of the list of traces; few of them beside an open trace."""
    start = Column("start", texts["start"], "max-content", sort="start", both=True)
    name = Column("name", texts["name"], "minmax(64px, max-content)")
    duration = Column(
        "duration",
        texts["duration"],
        "minmax(76px, max-content)" if narrow else "112px",
        end=narrow,
        sort="duration_ms",
    )
    if narrow:
        return [
            Column("status", "", "max-content"),
            Column("input", texts["input"], "minmax(90px, 1fr)"),
            duration,
            start,
        ]
    return [
        Column("status", texts["status"], "max-content"),
        start,
        name,
        Column("input", texts["input"], "minmax(120px, 2.2fr)"),
        Column("output", texts["output"], "minmax(100px, 2fr)"),
        duration,
        Column("tokens", texts["tokens"], "max-content", end=True, sort="total_tokens"),
        Column("cost", texts["cost"], "max-content", end=True, sort="cost_usd"),
        Column("user", texts["user"], "minmax(64px, max-content)"),
        Column("scores", texts["scores"], "minmax(60px, max-content)"),
    ]


def list_rows(
    traces: Iterable[Row], statuses: Mapping[str, str], *, narrow: bool
) -> list[dict[str, Any]]:
    """Return the rows of the list of traces; `statuses` says what each is called."""
    traces = list(traces)
    slowest = max((trace["duration_ms"] or 0 for trace in traces), default=0)
    return [
        cells.row(
            trace["trace_id"],
            status=_sign(trace["status"], statuses)
            if narrow
            else cells.status(trace["status"], statuses),
            **_list_cells(trace, slowest=slowest, narrow=narrow),
        )
        for trace in traces
    ]


def _sign(status: str, statuses: Mapping[str, str]) -> Cell:
    failed = status == "error"
    return cells.words(
        "⚠" if failed else "✓",
        tone="bad" if failed else "good",
        title=statuses.get(status, status),
    )


def _list_cells(trace: Row, *, slowest: float, narrow: bool) -> dict[str, Cell]:
    shown = numbers.duration(trace["duration_ms"])
    return dict(
        start=cells.time(trace["start_ns"], short=narrow),
        name=cells.words(trace["name"], title=trace["input_preview"] or trace["name"]),
        input=cells.words(
            preview(trace["input_preview"]) or (trace["name"] if narrow else None),
            title=trace["input_preview"],
        ),
        output=cells.words(
            preview(trace["output_preview"]), title=trace["output_preview"], soft=True
        ),
        duration=shown
        if narrow
        else cells.bar(trace["duration_ms"], most=slowest, text=shown),
        tokens=numbers.compact(trace["total_tokens"] or None),
        cost=numbers.money(trace["cost_usd"]),
        user=cells.words(trace["user_id"]),
        scores=score_chips(trace["scores"] or {}, most=2),
    )


def score_chips(scores: Mapping[str, Row], *, most: int | None = None) -> Cell:
    """Return a trace's scores as short words (``helpful 1``)."""
    return cells.chips(
        [
            f"{name} {score['label'] or numbers.figure(score['mean'])}"
            for name, score in sorted(scores.items())
        ],
        most=most,
    )
