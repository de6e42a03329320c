"""Conversations: the list of sessions, and one of them as turns."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.conditions import Condition
from dashboard.shaping.conversation.previews import calls, preview, said
from dashboard.shaping.traces import score_words
from dashboard.shaping.traces.listing import Way, leading

Row = Mapping[str, Any]

ORDERS: Final = ("-last", "-start", "start")
"""How a list of sessions can be ordered; the first is the usual one."""
MOST_CHARACTERS: Final = 20_000
"""Of one side of a turn; the trace has the rest."""


def conditions(*, search: str = "", user: str | None = None) -> tuple[Condition, ...]:
    """Return the filter of a list of sessions: some span of each meets all of it."""
    found: list[Condition] = []
    if search.strip():
        found.append(("text", "contains", search.strip()))
    if user:
        found.append(("user_id", "=", user))
    return tuple(found)


def list_columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the list of sessions."""
    return [
        Column("last", texts["last"], "max-content", sort="last"),
        Column("user", texts["user"], "minmax(90px, max-content)"),
        Column("session", texts["session"], "minmax(104px, max-content)", from_px=860),
        Column("input", texts["input"], "minmax(140px, 1fr)"),
        Column(
            "turns", texts["turns"], "max-content", end=True, help=texts["turns_help"]
        ),
        Column("errors", texts["errors"], "max-content", end=True),
        Column(
            "duration",
            texts["duration"],
            "max-content",
            end=True,
            help=texts["duration_help"],
            from_px=780,
        ),
        Column(
            "latency",
            texts["latency"],
            "max-content",
            end=True,
            help=texts["latency_help"],
            from_px=1040,
        ),
        Column("tokens", texts["tokens"], "max-content", end=True, from_px=1040),
        Column("cost", texts["cost"], "max-content", end=True),
        Column(
            "scores",
            texts["scores"],
            "minmax(112px, max-content)",
            help=texts["scores_help"],
        ),
    ]


def list_rows(sessions: Iterable[Row], *, way: Way) -> list[dict[str, Any]]:
    """Return the rows of the list of sessions; each opens its session.

    Args:
        sessions: Rows of sessions.
        way: Where the user of a row is looked at.
    """
    return [
        cells.row(
            row_id(session),
            last=cells.time(session["last_ns"]),
            user=leading(session["user_id"], way("user", session)),
            session=cells.words(
                cells.middle_cut(session["session_id"], most=12),
                title=session["session_id"],
                mono=True,
                soft=True,
            ),
            input=cells.words(
                preview(session["input_preview"]), title=session["input_preview"]
            ),
            turns=numbers.count(session["n_traces"]),
            errors=errors(session),
            duration=numbers.duration(session["duration_ms"]),
            latency=latency(session),
            tokens=numbers.compact(_tokens(session) or None),
            cost=numbers.money(session["cost_usd"] or None),
            scores=score_words.chips(session["scores"], most=1, with_n=True),
        )
        for session in sessions
    ]


def row_id(session: Row) -> str:
    """Return the id of a session's row: its project, then its own name."""
    return f"{session['project']}/{session['session_id']}"


def errors(session: Row) -> Cell:
    """Return the number of failed turns, marked where there are any."""
    return cells.failures(session["n_errors"])


def latency(session: Row) -> str:
    """Return the median and the 95th percentile of the turns."""
    found = (session["latency_p50_ms"], session["latency_p95_ms"])
    return " / ".join(numbers.duration(ms) for ms in found)


def _tokens(row: Row) -> int:
    return (row["input_tokens"] or 0) + (row["output_tokens"] or 0)


def facts(session: Row, texts: Mapping[str, str]) -> list[tuple[str, Cell]]:
    """Return what is known of a whole session; unknown things left out."""
    pairs: list[tuple[str, Cell]] = [
        (texts["user"], cells.words(session["user_id"])),
        (texts["turns"], numbers.count(session["n_traces"])),
        (texts["errors"], errors(session)),
        (texts["start"], cells.time(session["start_ns"])),
        (texts["last"], cells.time(session["last_ns"])),
        (texts["duration"], numbers.duration(session["duration_ms"])),
        (texts["latency"], latency(session)),
        (texts["tokens"], numbers.compact(_tokens(session) or None)),
        (texts["cost"], numbers.money(session["cost_usd"] or None)),
        (texts["scores"], score_words.chips(session["scores"], with_n=True)),
    ]
    return [
        (label, value)
        for label, value in pairs
        if value is not None and value != numbers.NOTHING
    ]


def turns(
    traces: Sequence[Row], statuses: Mapping[str, str], *, first: int, tokens: str
) -> list[dict[str, Any]]:
    """Return the turns of a session as the component draws them.

    Args:
        traces: Rows of traces with what was said in each.
        statuses: What each status is called.
        first: Number of the first of them.
        tokens: How ``{n}`` tokens are called.
    """
    return [
        {
            "id": trace["trace_id"],
            "number": number,
            "name": trace["name"],
            "failed": trace["status"] == "error",
            "why": trace["status_message"] if trace["status"] == "error" else None,
            "facts": _turn_facts(trace, statuses, tokens),
            "input": spoken(trace["input"], trace["input_preview"]),
            "output": spoken(trace["output"], trace["output_preview"]),
        }
        for number, trace in enumerate(traces, first)
    ]


def _turn_facts(trace: Row, statuses: Mapping[str, str], tokens: str) -> list[Cell]:
    used = _tokens(trace)
    found = [
        cells.time(trace["start_ns"]),
        numbers.duration(trace["duration_ms"]),
        tokens.format(n=numbers.compact(used)) if used else None,
        numbers.money(trace["cost_usd"]) if trace["cost_usd"] else None,
        score_words.chips(trace["scores"] or {}),
    ]
    if (status := cells.status_of(trace)) != "ok":
        found.insert(0, cells.status(status, statuses))
    return [cell for cell in found if cell is not None]


def spoken(value: object, start: str | None) -> str | None:
    """Return what one side said in a turn, as people read it.

    Args:
        value: The whole input or output; None where the entry span has none.
        start: What is known of it otherwise: the start of some span's.
    """
    if value is None:
        return preview(start)
    words = said(value)
    if words is None and isinstance(value, Mapping) and len(value) == 1:
        (only,) = value.values()
        words = only if isinstance(only, str) else None
    words = words or calls(value)
    if words is None:
        words = json.dumps(value, ensure_ascii=False, indent=2)
    return words[:MOST_CHARACTERS]
