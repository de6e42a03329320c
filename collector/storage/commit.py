"""Stores a group of requests: one insert for all spans, rows, then receipts."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from collector.errors import StorageError, UnreadableRequest
from collector.otlp.frames import envelope
from collector.otlp.nested import count_spans
from collector.prepared import (
    Prepared,
    PreparedLogs,
    PreparedTraces,
    nested_pieces,
)
from collector.records import OtlpRequest, Outcome, RequestFacts
from collector.storage import writes
from collector.storage.engine import Handle, engine_errors

BAD_SPANS = "spans were rejected: wrong or zero ids, or another project than the key's"

Stored = list[tuple[OtlpRequest, Outcome]]


@engine_errors()
def store_group(client: Handle, group: Sequence[Prepared]) -> Stored:
    """Store requests and put their receipts on record; return their outcomes.

    Raises:
        UnreadableRequest: one of them is no OTLP.
        StorageError: the store failed. In both cases rows may be stored or not, and
            receipts are not.
    """
    traces = [item for item in group if isinstance(item, PreparedTraces)]
    logs = [item for item in group if isinstance(item, PreparedLogs)]
    stored = _store_traces(client, traces) + _store_logs(client, logs)
    if stored:
        writes.insert_receipts(client, stored)
    return stored


def _store_traces(client: Handle, traces: Sequence[PreparedTraces]) -> Stored:
    pieces = list(chain.from_iterable(item.pieces for item in traces))
    if not pieces:
        return [(item.request, Outcome(200)) for item in traces]
    writes.insert_otlp(client, envelope(pieces))
    numbers = [item.request.number for item in traces]
    facts = writes.request_facts(client, numbers)
    lost = {
        item.request.number: _store_nested(client, item)
        for item in traces
        if facts.get(item.request.number, RequestFacts()).n_nested
    }
    return [
        (
            item.request,
            _outcome(
                facts.get(item.request.number) or _no_spans(item),
                lost.get(item.request.number, ""),
            ),
        )
        for item in traces
    ]


def _no_spans(traces: PreparedTraces) -> RequestFacts:
    """Return the facts of a request that the engine has none of: one without spans.

    Raises:
        UnreadableRequest: it is no OTLP.
        StorageError: it has spans, so they went nowhere.
    """
    if count := count_spans(traces.body):
        raise StorageError(
            f"{count} spans were not stored: the intake's views are being replaced"
        )
    return RequestFacts()


def _store_nested(client: Handle, traces: PreparedTraces) -> str:
    """Store the spans with nested values; return why they could not be, if so."""
    try:
        pieces = nested_pieces(traces)
    except UnreadableRequest as error:
        return f"spans with nested values were rejected: {error}"
    if pieces:
        writes.insert_otlp(client, envelope(pieces))
    return ""


def _outcome(facts: RequestFacts, lost: str) -> Outcome:
    outcome = Outcome(
        200,
        n_items=facts.n_items,
        n_rejected=facts.n_rejected,
        message=f"{facts.n_rejected} {BAD_SPANS}" if facts.n_rejected else "",
        instance_id=facts.instance_id,
        batch=facts.batch,
    )
    if not lost:
        return outcome
    messages = [text for text in (outcome.message, f"{facts.n_nested} {lost}") if text]
    return replace(
        outcome,
        n_rejected=facts.n_rejected + facts.n_nested,
        message="; ".join(messages),
    )


def _store_logs(client: Handle, logs: Sequence[PreparedLogs]) -> Stored:
    rows = [item.rows for item in logs]
    writes.insert_rows(client, [row for item in rows for row in item.scores])
    writes.insert_rows(client, [row for item in rows for row in item.evaluation_events])
    writes.insert_rows(client, [row for item in rows for row in item.events])
    return [
        (
            item.request,
            Outcome(
                200,
                n_items=item.rows.n_items,
                n_rejected=len(item.rows.problems),
                message="; ".join(dict.fromkeys(item.rows.problems))[:1000],
            ),
        )
        for item in logs
    ]
