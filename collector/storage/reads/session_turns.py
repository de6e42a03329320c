"""What was said in the turns of a session, each of which is a trace."""

from collections.abc import Sequence
from typing import Any

from collector.conversation.messages import Said
from collector.storage.reads.previews import said_in_traces
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope
from collector.storage.reads.trace import with_content

SIDES = ("input", "output")


def with_said(reader: Reader, scope: Scope, traces: Sequence[Row]) -> list[Row]:
    """Return rows of traces with ``input`` and ``output``, None where nobody said any.

    They are what the entry span was given and gave, or what its log records say of it.
    Where no span of a trace has any of it, log records of the first span that has some.

    Args:
        reader: Asks the store.
        scope: Where the traces lie.
        traces: Their rows.
    """
    if not traces:
        return []
    spans = _entries(reader, scope, traces)
    lacking = [
        trace
        for trace in traces
        if any(spans.get(_key(trace), {}).get(side) is None for side in SIDES)
    ]
    told = said_in_traces(reader, scope, lacking) if lacking else {}
    return [_turn(trace, spans.get(_key(trace), {}), told) for trace in traces]


def _entries(
    reader: Reader, scope: Scope, traces: Sequence[Row]
) -> dict[tuple[str, str], Row]:
    asked = scope.parameters | {
        "trace_ids": [trace["trace_id"] for trace in traces],
        "span_ids": [trace["span_id"] for trace in traces],
    }
    found = reader.rows("spans_by_id", asked, scope=scope.sql("spans"))
    return {_key(span): with_content(span) for span in found}


def _key(row: Row) -> tuple[str, str]:
    return row["trace_id"], row["span_id"]


def _turn(trace: Row, entry: Row, told: dict[tuple[str, str], Said]) -> Row:
    own = told.get(_key(trace))
    others = [said for key, said in told.items() if key[0] == trace["trace_id"]]
    turn = trace | {side: entry.get(side) for side in SIDES}
    for side in SIDES:
        if turn[side] is None and own is not None:
            turn[side] = _side(own, side)
        if turn[side] is None and trace[f"{side}_preview"] is None:
            heard = (_side(said, side) for said in others)
            turn[side] = next(filter(None, heard), None)
    return turn


def _side(said: Said, side: str) -> Any:
    return (said.question if side == "input" else said.answer) or None
