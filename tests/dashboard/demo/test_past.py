import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan

import tracer
from dashboard.demo.past import Past, enter_the_past
from tracer import _runtime
from tracer._delivery import DeliveryReport, LogRecord

LONG_AGO_NS = 1_000_000_000 * 10**9


class Kept:
    """A delivery that keeps what it is offered."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []
        self.records: list[LogRecord] = []

    def offer_span(self, span: ReadableSpan, content: Mapping[str, bytes]) -> None:
        self.spans.append(span)

    def offer_log(self, record: LogRecord) -> None:
        self.records.append(record)

    def flush(self, timeout_s: float) -> DeliveryReport:
        return DeliveryReport(sent=len(self.spans))

    def shutdown(self, timeout_s: float) -> DeliveryReport:
        return self.flush(timeout_s)

    def report(self) -> DeliveryReport:
        return self.flush(0)


@pytest.fixture
def kept() -> Iterator[Kept]:
    """What reaches delivery after `enter_the_past`."""
    tracer.configure(endpoint="http://127.0.0.1:1", project="past")
    kept = Kept()
    _runtime.state = replace(_runtime.state, delivery=kept)
    yield kept
    tracer.shutdown()


@pytest.fixture
def past(kept: Kept) -> Past:
    return enter_the_past()


def a_call_with_a_step() -> None:
    with tracer.span("call") as call:
        call.add_event("thought")
        with tracer.span("step"):
            pass


def test_a_block_begins_at_its_time_and_keeps_its_durations(
    kept: Kept, past: Past
) -> None:
    before_ns = time.time_ns()
    with past.at(LONG_AGO_NS) as moment:
        a_call_with_a_step()
    took_ns = time.time_ns() - before_ns
    step, call = kept.spans
    assert call.start_time and call.end_time and step.start_time and step.end_time
    assert LONG_AGO_NS <= call.start_time <= step.start_time
    assert step.end_time <= call.end_time <= LONG_AGO_NS + took_ns
    assert call.start_time <= call.events[0].timestamp <= call.end_time
    assert moment.offset_ns < 0


def test_what_a_span_says_stays_as_it_was(kept: Kept, past: Past) -> None:
    with past.at(LONG_AGO_NS), pytest.raises(ValueError, match="no"):
        with tracer.span("call", kind="tool", input={"q": "질문"}):
            raise ValueError("no")
    [call] = kept.spans
    assert call.name == "call"
    assert call.attributes
    assert call.attributes["gen_ai.operation.name"] == "execute_tool"
    assert not call.status.is_ok
    assert (past.n_spans, past.n_errors, past.n_failed_calls) == (1, 1, 1)


def test_calls_are_listed_in_the_order_in_which_they_ended(
    kept: Kept, past: Past
) -> None:
    with past.at(LONG_AGO_NS) as moment:
        a_call_with_a_step()
        a_call_with_a_step()
    roots = [span for span in kept.spans if span.parent is None]
    ids = [span.context.trace_id for span in roots if span.context]
    assert [trace_id for trace_id, _ in moment.calls] == [f"{id:032x}" for id in ids]


def test_scores_move_with_the_calls_that_they_judge(kept: Kept, past: Past) -> None:
    with past.at(LONG_AGO_NS):
        tracer.score("good", True, trace_id="0" * 31 + "1")
    [record] = kept.records
    assert LONG_AGO_NS <= record.time_ns < LONG_AGO_NS + 60 * 10**9


def test_outside_of_a_block_nothing_is_moved(kept: Kept, past: Past) -> None:
    before_ns = time.time_ns()
    a_call_with_a_step()
    tracer.score("good", True, trace_id="0" * 31 + "1")
    assert all((span.start_time or 0) >= before_ns for span in kept.spans)
    assert kept.records[0].time_ns >= before_ns
    assert past.n_spans == 0
    assert past.flush(1).sent == 2
