"""The list of traces: its columns, those chosen, and its rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, unquote

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.conversation.previews import one_line, preview
from dashboard.shaping.traces import score_words

Row = Mapping[str, Any]
Way = Callable[[str, Row], str | None]
"""Says where the ``user`` or the ``session`` of a row is looked at, if anywhere."""

USUAL: Final = (
    *("status", "start", "name", "input", "output"),
    *("duration", "tokens", "cost", "user", "scores"),
)
"""Columns that are shown until others are chosen."""
OTHERS: Final = (
    *("session", "tags", "models", "prompt", "environment", "release", "service"),
    *("kind", "steps", "errors", "trace_id"),
)
SCORE: Final = "score."
METADATA: Final = "metadata."
_WIDTHS: Final = {
    "name": "minmax(64px, max-content)",
    "input": "minmax(120px, 2.2fr)",
    "output": "minmax(100px, 2fr)",
    "duration": "112px",
    "user": "minmax(64px, max-content)",
    "session": "minmax(64px, max-content)",
    "scores": "minmax(60px, max-content)",
    "tags": "minmax(60px, max-content)",
    "models": "minmax(80px, max-content)",
}
_FROM_PX: Final = {"tokens": 1040, "cost": 1040, "output": 900, "user": 820}
"""How wide the list must be for a usual column to be shown."""
_SORTS: Final = {
    "start": "start",
    "duration": "duration_ms",
    "tokens": "total_tokens",
    "cost": "cost_usd",
}
_NUMBERS: Final = frozenset({"tokens", "cost", "steps", "errors"})


def nowhere(_what: str, _row: Row) -> str | None:
    """Lead nowhere."""
    return None


def chosen_columns(written: str | None) -> list[str]:
    """Return the columns that the address names, in its order; the usual ones if none.

    Unknown names are left out: a link may be of another version.
    """
    names = [unquote(name) for name in (written or "").split(",")]
    known = [name for name in dict.fromkeys(names) if is_column(name)]
    return known or list(USUAL)


def written_columns(chosen: Sequence[str]) -> str | None:
    """Return columns as the address names them, None for the usual ones."""
    if not chosen or list(chosen) == list(USUAL):
        return None
    return ",".join(quote(name, safe=" ") for name in chosen)


def is_column(name: str) -> bool:
    """Return whether a list of traces can have such a column."""
    return name in {*USUAL, *OTHERS} or any(
        name.startswith(prefix) and len(name) > len(prefix)
        for prefix in (SCORE, METADATA)
    )


def list_columns(texts: Mapping[str, str], chosen: Sequence[str]) -> list[Column]:
    """Return the chosen columns; `texts` has the headings of those with a name.

    Of the usual ones those that say least are left out where there is no room for all;
    what somebody chose is shown whatever room there is.
    """
    room = _FROM_PX if list(chosen) == list(USUAL) else {}
    return [_column(name, texts, from_px=room.get(name, 0)) for name in chosen]


def narrow_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the few columns beside an open trace."""
    return [
        Column("status", "", "max-content"),
        Column("input", texts["input"], "minmax(90px, 1fr)"),
        Column(
            "duration",
            texts["duration"],
            "minmax(76px, max-content)",
            end=True,
            sort="duration_ms",
            from_px=210,
        ),
        Column(
            "start",
            texts["start"],
            "max-content",
            sort="start",
            both=True,
            from_px=290,
        ),
    ]


def heading(name: str, texts: Mapping[str, str]) -> str:
    """Return what a column is called; scores and metadata have the app's own names."""
    return texts.get(name) or name.removeprefix(SCORE).removeprefix(METADATA)


def _column(name: str, texts: Mapping[str, str], *, from_px: int) -> Column:
    is_own = name.startswith((SCORE, METADATA))
    return Column(
        name,
        heading(name, texts),
        _WIDTHS.get(name, "minmax(60px, max-content)" if is_own else "max-content"),
        end=name in _NUMBERS or name.startswith(SCORE),
        sort=_SORTS.get(name),
        both=name == "start",
        help=name if is_own else "",
        from_px=from_px,
    )


def list_rows(
    traces: Iterable[Row],
    statuses: Mapping[str, str],
    chosen: Sequence[str],
    *,
    way: Way = nowhere,
    fresh: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """Return the rows of the list of traces.

    Args:
        traces: Rows of traces.
        statuses: What each status is called.
        chosen: The columns shown.
        way: Where the user, or the session, of a row is looked at.
        fresh: Ids of traces that have just come, which are marked.
    """
    traces, fresh = list(traces), set(fresh)
    slowest = max((trace["duration_ms"] or 0 for trace in traces), default=0)
    return [
        cells.row(
            trace["trace_id"],
            **{name: _cell(name, trace, statuses, slowest, way) for name in chosen},
        )
        | {"fresh": trace["trace_id"] in fresh}
        for trace in traces
    ]


def _cell(
    name: str, trace: Row, statuses: Mapping[str, str], slowest: float, way: Way
) -> Cell:
    if name.startswith(SCORE):
        return score_words.cell((trace["scores"] or {}).get(name.removeprefix(SCORE)))
    if name.startswith(METADATA):
        return cells.words((trace["metadata"] or {}).get(name.removeprefix(METADATA)))
    if name == "status":
        return cells.status(cells.status_of(trace), statuses)
    if name == "duration":
        shown = numbers.duration(trace["duration_ms"])
        return cells.bar(trace["duration_ms"], most=slowest, text=shown)
    return _named_cells(trace, way)[name]


def _named_cells(trace: Row, way: Way) -> dict[str, Cell]:
    errors = trace["n_errors"]
    return {
        "start": cells.time(trace["start_ns"]),
        "name": cells.words(
            trace["name"], title=trace["input_preview"] or trace["name"]
        ),
        "input": cells.words(
            preview(trace["input_preview"]), title=trace["input_preview"]
        ),
        "output": _output(trace),
        "tokens": numbers.compact(trace["total_tokens"] or None),
        "cost": numbers.money(trace["cost_usd"]),
        "user": leading(trace["user_id"], way("user", trace)),
        "session": leading(trace["session_id"], way("session", trace)),
        "tags": cells.chips(trace["tags"] or [], most=3),
        "models": cells.words(", ".join(trace["models"] or [])),
        "prompt": cells.words(prompt(trace)),
        "environment": cells.words(trace["environment"]),
        "release": cells.words(trace["release"]),
        "service": cells.words(trace["service"]),
        "kind": cells.kind(trace["kind"]),
        "steps": numbers.count(trace["n_spans"]),
        "errors": cells.words(numbers.count(errors), tone="bad") if errors else None,
        "trace_id": cells.words(
            trace["trace_id"][:8], title=trace["trace_id"], mono=True, soft=True
        ),
        "scores": score_words.chips(trace["scores"] or {}, most=2),
    }


def _output(trace: Row) -> Cell:
    """Return what a call answered; of one that failed without an answer, why."""
    if trace["output_preview"] is None and trace["status"] == "error":
        return cells.words(one_line(trace["status_message"]), tone="bad")
    return cells.words(
        preview(trace["output_preview"]), title=trace["output_preview"], soft=True
    )


def leading(value: str | None, href: str | None, *, most: int = 26) -> Cell:
    """Return a name that leads to what it names, short in a table."""
    if not value or not href:
        return cells.words(value)
    shown = cells.middle_cut(value, most=most) or value
    return cells.link(shown, href=href, title=value)


def prompt(row: Row) -> str | None:
    """Return the name and version of a row's prompt, None if it names none."""
    named = [row["prompt_name"], row["prompt_version"]]
    return " ".join(str(part) for part in named if part) or None


def narrow_rows(
    traces: Iterable[Row], statuses: Mapping[str, str], *, fresh: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return the rows beside an open trace; the arguments are those of `list_rows`."""
    fresh = set(fresh)
    return [
        cells.row(
            trace["trace_id"],
            status=_sign(cells.status_of(trace), statuses),
            input=cells.words(
                preview(trace["input_preview"]) or trace["name"],
                title=trace["input_preview"],
            ),
            duration=numbers.duration(trace["duration_ms"]),
            start=cells.time(trace["start_ns"], short=True),
        )
        | {"fresh": trace["trace_id"] in fresh}
        for trace in traces
    ]


def _sign(status: str, statuses: Mapping[str, str]) -> Cell:
    failed = status in ("error", "step_failed")
    return cells.words(
        "⚠" if failed else "✓",
        tone=cells.tone_of(status),
        title=statuses.get(status, status),
    )
