"""Previews of calls whose content came only in log records, before or after the span.

Previews are written with the span's row. Where a sender puts prompts and answers into
log records alone there are none, and a list looks the records up for its page.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from collector.conversation.messages import MESSAGE_RECORDS, Said, said_in
from collector.storage.reads.reader import Reader, Row
from collector.storage.reads.scope import Scope
from collector.storage.reads.shaping import restore_map

PREVIEW_CHARACTERS = 300
SPEAKING_KINDS = frozenset({"llm", "agent"})

BEFORE_NS = 3600 * 10**9
AFTER_NS = 24 * BEFORE_NS
"""Log records of a span are looked for so long before its start and after it."""


def fill_previews(reader: Reader, scope: Scope, rows: Sequence[Row]) -> None:
    """Put the missing previews into rows of calls, where log records have them."""
    bare = [
        row
        for row in rows
        if row["kind"] in SPEAKING_KINDS
        and (row["input_preview"] is None or row["output_preview"] is None)
    ]
    if not bare:
        return
    told = said_in_traces(reader, scope, bare)
    for row in bare:
        said = told.get((row["trace_id"], row["span_id"]))
        if said is None:
            continue
        row["input_preview"] = row["input_preview"] or _preview(said.question[-1:])
        row["output_preview"] = row["output_preview"] or _preview(said.answer[:1])


def fill_first_inputs(reader: Reader, scope: Scope, rows: Sequence[Row]) -> None:
    """Put the missing first input into rows of sessions, where log records have it.

    Each row loses its ``first_trace_id``, the trace that is looked into.
    """
    firsts = [(row.pop("first_trace_id"), row) for row in rows]
    bare = [(first, row) for first, row in firsts if row["input_preview"] is None]
    if not bare:
        return
    asked = [{"trace_id": one, "start_ns": row["start_ns"]} for one, row in bare]
    first_said: dict[str, str] = {}
    for (trace_id, _), said in said_in_traces(reader, scope, asked).items():
        if text := _preview(said.question[-1:]):
            first_said.setdefault(trace_id, text)
    for trace_id, row in bare:
        row["input_preview"] = first_said.get(trace_id)


def said_in_traces(
    reader: Reader, scope: Scope, rows: Sequence[Row]
) -> dict[tuple[str, str], Said]:
    """Return what log records say was said in traces, by trace and span.

    Of one trace the span whose records are the earliest comes first.

    Args:
        reader: Asks the store.
        scope: Which projects count.
        rows: Rows that have ``trace_id`` and ``start_ns``, one at least.
    """
    starts_ns = [row["start_ns"] for row in rows]
    around = replace(
        scope,
        since_ns=min(starts_ns) - BEFORE_NS,
        until_ns=max(starts_ns) + AFTER_NS,
        origin="all",
    )
    parameters = around.parameters | {
        "trace_ids": sorted({row["trace_id"] for row in rows}),
        "names": sorted(MESSAGE_RECORDS),
    }
    records = defaultdict(list)
    found = reader.rows("said_in_records", parameters, scope=around.sql("events"))
    for record in found:
        types = record.pop("attribute_types")
        record["attributes"] = restore_map(record["attributes"], types)
        records[record["trace_id"], record["span_id"]].append(record)
    return {key: said_in(of_span) for key, of_span in records.items()}


def _preview(messages: Sequence[dict[str, Any]]) -> str | None:
    """Return how the first words of a message begin, as ingest does for a span."""
    for message in messages:
        for part in message["parts"]:
            if isinstance(part.get("content"), str):
                return str(part["content"])[:PREVIEW_CHARACTERS] or None
    return None
