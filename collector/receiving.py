"""What every door does with a request that came in whole: have it stored, once."""

import asyncio
import logging
import time
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State

from collector.errors import RequestTooLarge, UnreadableRequest
from collector.identity import next_number
from collector.otlp.bodies import Encoding, digest, inflate
from collector.otlp.metrics import count_points
from collector.pending import QueueFull
from collector.records import OtlpRequest, Outcome, Signal, StoredSignal
from collector.writer import Writer

RETRY_AFTER_S = 1
COME_BACK = Outcome(503, "the collector is busy; send again in a second")

InFlight = dict[bytes, "asyncio.Future[Outcome]"]
"""Digest → what a repeat of the request awaits too; used on the event loop only."""

log = logging.getLogger("collector")


@dataclass(frozen=True)
class Received:
    """A request as a door took it."""

    signal: Signal
    """What it carries."""

    body: bytes
    """As received, still compressed."""

    encoding: Encoding
    """How it is compressed."""

    is_json: bool = False
    """Whether it is JSON rather than protobuf."""

    key_project: str = ""
    """Project of the key that it came with; empty if the key may write to all."""


@dataclass
class Discarded:
    """What was accepted and not kept; used on the event loop only."""

    n_points: int = 0
    """Data points of metrics."""


async def outcome_of(received: Received, state: State) -> Outcome:
    """Have a request stored and return its outcome; it is never an exception.

    Args:
        received: the request.
        state: the application's.
    """
    if received.signal == "metrics":
        return await _discarded(received, state)
    request = _request(received, received.signal)
    try:
        return await _stored(request, state.in_flight, state.writer)
    except QueueFull:
        state.writer.count_refused()
        return COME_BACK


def _request(received: Received, signal: StoredSignal) -> OtlpRequest:
    context = (signal, str(received.is_json), received.encoding, received.key_project)
    return OtlpRequest(
        number=next_number(),
        signal=signal,
        body=received.body,
        is_json=received.is_json,
        encoding=received.encoding,
        digest=digest(received.body, received.encoding, *context),
        key_project=received.key_project,
        received_ms=time.time_ns() // 1_000_000,
    )


async def _stored(otlp: OtlpRequest, in_flight: InFlight, writer: Writer) -> Outcome:
    """Return the outcome of a request, or of its like that is being stored already."""
    outcome = in_flight.get(otlp.digest)
    if outcome is None:
        pending = writer.offer(otlp)
        outcome = asyncio.wrap_future(pending.outcome)
        in_flight[otlp.digest] = outcome
        outcome.add_done_callback(lambda _: in_flight.pop(otlp.digest))
    # shielded: a sender that goes away must not take the answer from its repeat
    return await asyncio.shield(outcome)


async def _discarded(received: Received, state: State) -> Outcome:
    """Accept metrics: their senders would report errors for ever otherwise."""
    max_bytes = state.settings.max_body_bytes

    def count() -> int:
        body = inflate(received.body, received.encoding, max_bytes=max_bytes)
        return count_points(body, is_json=received.is_json)

    try:
        n_points = await run_in_threadpool(count)
    except UnreadableRequest as error:
        return Outcome(400, str(error))
    except RequestTooLarge as error:
        return Outcome(413, str(error))
    discarded: Discarded = state.discarded
    if n_points and not discarded.n_points:
        log.warning(
            "metrics are accepted and not kept: tokens and durations are read from "
            "spans; /metrics counts them (this is said once)"
        )
    discarded.n_points += n_points
    return Outcome(200, n_items=n_points)
