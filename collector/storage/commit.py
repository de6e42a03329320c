"""Stores a group of requests: one insert for all spans, rows, then receipts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
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
from collector.span_rows.attributes import LeftToEngine
from collector.span_rows.making import Made, span_rows
from collector.storage import writes
from collector.storage.engine import Handle, engine_errors
from collector.storage.prices.book import PriceBook

BAD_SPANS = "spans were rejected: wrong or zero ids, or another project than the key's"
NESTED_SPANS = "spans with nested values were rejected"
UNREADABLE_SPANS = "text in them is no UTF-8, or they nest deeper than protobuf reads"

FEW_BYTES = 3 * 1024 * 1024
"""Inflated; more in one group is worth the engine's planning of its SELECT."""

FEW_SPANS = 10_000
"""The same of spans, which may be of a few bytes each."""

Stored = list[tuple[OtlpRequest, Outcome]]


@dataclass(frozen=True)
class Lost:
    """Spans with nested values that could not be stored."""

    n_spans: int = 0
    """How many."""

    why: str = ""
    """For people."""


@engine_errors()
def store_group(
    client: Handle,
    group: Sequence[Prepared],
    *,
    prices: PriceBook | None = None,
    few_bytes: int = FEW_BYTES,
    check: Callable[[], None] = lambda: None,
) -> Stored:
    """Store requests and put their receipts on record; return their outcomes.

    Args:
        client: Where to.
        group: What.
        prices: What is remembered from earlier groups.
        few_bytes: Up to here Python makes the rows; 0 leaves all to the engine.
        check: Raises if the rows may not be finished with receipts.

    Raises:
        UnreadableRequest: one of them is no OTLP.
        StorageError: the store failed. In both cases rows may be stored or not, and
            receipts are not.
    """
    traces = [item for item in group if isinstance(item, PreparedTraces)]
    logs = [item for item in group if isinstance(item, PreparedLogs)]
    writes.insert_rows(client, [row for item in traces for row in item.scores])
    writes.insert_rows(
        client, [row for item in traces for row in item.evaluation_events]
    )
    is_much = sum(len(item.body) for item in traces) > few_bytes
    if is_much or sum(item.n_items for item in traces) > FEW_SPANS:
        stored = _store_by_engine(client, traces)
    else:
        stored = _store_few(client, traces, prices or PriceBook())
    stored += _store_logs(client, logs)
    check()
    if stored:
        writes.insert_receipts(client, stored)
    return stored


def _store_few(
    client: Handle, traces: Sequence[PreparedTraces], prices: PriceBook
) -> Stored:
    """Store what Python can write down itself, and leave the rest to the engine."""
    price_of = partial(prices.price_of, client)
    made: list[tuple[PreparedTraces, Made]] = []
    left: list[PreparedTraces] = []
    for item in traces:
        try:
            made.append((item, span_rows(item.request, item.body, price_of)))
        except LeftToEngine:
            left.append(item)
    writes.insert_rows(client, [row for _, one in made for row in one.rows])
    stored = [(i.request, _outcome(one.facts, Lost(), i.problems)) for i, one in made]
    return stored + _store_by_engine(client, left)


def _store_by_engine(client: Handle, traces: Sequence[PreparedTraces]) -> Stored:
    pieces = list(chain.from_iterable(item.pieces for item in traces))
    if pieces:
        writes.insert_otlp(client, envelope(pieces))
    numbers = [item.request.number for item in traces if item.pieces]
    counted = writes.request_facts(client, numbers) if numbers else {}
    stored = []
    for item in traces:
        facts = counted.get(item.request.number) or _no_spans(item)
        lost = _store_nested(client, item, facts) if facts.n_nested else Lost()
        stored.append((item.request, _outcome(facts, lost, item.problems)))
    return stored


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


def _store_nested(client: Handle, traces: PreparedTraces, facts: RequestFacts) -> Lost:
    """Store the spans with nested values; return those that could not be."""
    try:
        pieces = nested_pieces(traces)
    except UnreadableRequest as error:
        return Lost(facts.n_nested, str(error))
    if not pieces:
        return Lost(facts.n_nested, UNREADABLE_SPANS)
    writes.insert_otlp(client, envelope(pieces), is_rewritten=True)
    number = traces.request.number
    both = writes.request_facts(client, [number]).get(number, facts)
    if both.n_items == facts.n_items:
        raise StorageError("spans with nested values were not stored; send them again")
    n_stored = both.n_items - facts.n_items - (both.n_rejected - facts.n_rejected)
    return Lost(facts.n_nested - n_stored, UNREADABLE_SPANS)


def _outcome(facts: RequestFacts, lost: Lost, problems: Sequence[str]) -> Outcome:
    messages = []
    if facts.n_rejected:
        messages.append(f"{facts.n_rejected} {BAD_SPANS}")
    if lost.n_spans:
        messages.append(f"{lost.n_spans} {NESTED_SPANS}: {lost.why}")
    messages += dict.fromkeys(problems)
    return Outcome(
        200,
        n_items=facts.n_items + len(problems),
        n_rejected=facts.n_rejected + lost.n_spans + len(problems),
        message="; ".join(messages)[:1000],
        sender=facts.sender,
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
                sender=item.rows.sender,
            ),
        )
        for item in logs
    ]
