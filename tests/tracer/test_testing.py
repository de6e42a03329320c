"""`tracer.testing` for people's own tests."""

import pytest

import tracer
from tracer import _guard, _runtime, semconv, testing
from tracer._delivery.records import DeliveryReport, LogRecord


@tracer.trace(kind="agent")
def greet(name: str) -> str:
    return f"hi {name}"


def test_what_happens_in_the_block_is_there_afterwards_and_nothing_else() -> None:
    testing.reset()
    with testing.capture() as captured:
        greet("kim")
    greet("lee")
    span = captured.span("greet")
    assert (span.kind, span.output, span.status_message) == ("agent", "hi kim", "")
    assert len(captured.spans) == 1
    assert span.duration_ns > 0


def test_blocks_nest_and_what_was_set_up_before_goes_on() -> None:
    testing.reset()
    with testing.capture() as outer:
        with testing.capture() as inner:
            greet("inner")
        greet("outer")
    assert inner.span("greet").output == "hi inner"
    assert outer.span("greet").output == "hi outer"
    assert _runtime.state is _runtime.OFF


def test_asking_for_a_span_that_is_not_the_only_one_says_what_there_is() -> None:
    with testing.capture() as captured:
        greet("a")
        greet("b")
    with pytest.raises(LookupError, match="2 spans are called 'greet'"):
        captured.span("greet")
    with pytest.raises(LookupError, match=r"0 spans are called 'x'.*greet"):
        captured.span("x")


def test_scores_are_given_back_as_they_were_given() -> None:
    with testing.capture() as captured, tracer.span("block"):
        tracer.score("good", False, metadata={"n": 1})
        tracer.score("tone", "polite")
    good, tone = captured.scores
    assert (good.value, good.metadata) == (False, {"n": 1})
    assert (tone.value, tone.label) == (None, "polite")


def test_shared_content_is_content_all_the_same() -> None:
    with testing.capture(share_content=True) as captured:
        greet("kim")
    span = captured.span("greet")
    assert span.input == {"name": "kim"}
    assert semconv.INPUT not in span.attributes


def test_other_records_are_kept_as_they_are() -> None:
    record = LogRecord(event_name="x", time_ns=1, attributes={})
    with testing.capture() as captured:
        delivery = _runtime.state.delivery
        assert delivery is not None
        delivery.offer_log(record)
        assert tracer.flush() == tracer.shutdown() == DeliveryReport(sent=1)
    assert (captured.logs, captured.scores) == ([record], [])


def test_what_went_wrong_is_counted_until_reset() -> None:
    testing.reset()
    _guard.warn_once("x", "x went wrong")
    assert testing.counts() == {"x": 1}
    testing.reset()
    assert testing.counts() == {}
