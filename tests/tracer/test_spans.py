"""Blocks and handles: what is set on a span, and that nothing about it can harm."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace as otel

import tracer
from tracer import _runtime, semconv, testing
from tracer._capture.opening import open_span
from tracer._capture.spans import NOOP
from tracer.testing import Captured


@pytest.fixture
def captured() -> Iterator[Captured]:
    with testing.capture() as found:
        yield found


def test_a_block_is_a_span_with_all_that_was_set_on_it(captured: Captured) -> None:
    with tracer.span(
        "rerank",
        kind="reranker",
        input=["a"],
        tags=["x", "x"],
        metadata={"n": 1},
        attributes={"custom": 2.5},
    ) as span:
        span.output = {"답": 1}
        span.metadata["department"] = "accounting"
        span.metadata["nested"] = {"a": [1]}
        span.tags = ["y"]
        span.add_event("halfway", {"n": 1})
        assert span.input == ["a"]
        assert span.output == {"답": 1}
    found = captured.span("rerank")
    assert (found.kind, found.input, found.output) == ("reranker", ["a"], {"답": 1})
    nested = {"a": [1]}
    assert found.metadata == {"n": 1, "department": "accounting", "nested": nested}
    assert found.attributes["custom"] == 2.5
    assert found.tags == ("y",)
    assert found.events == [("halfway", {"n": 1})]


def test_an_exception_that_leaves_a_block_fails_its_span(captured: Captured) -> None:
    with pytest.raises(ValueError, match="no"), tracer.span("block"):
        raise ValueError("no")
    assert captured.span("block").status == "error"


def test_an_exception_that_was_dealt_with_does_not(captured: Captured) -> None:
    with tracer.span("block") as span:
        span.record_exception(ValueError("well"))
    found = captured.span("block")
    assert (found.status, found.events[0][0]) == ("ok", "exception")


def test_a_span_ends_once_and_is_deaf_afterwards(captured: Captured) -> None:
    span = open_span("once", input=1)
    span.end(ValueError("first"))
    span.end()
    span.output = 2
    span.metadata["n"] = 1
    span.set_attribute("late", 1)
    found = captured.span("once")
    assert (found.status, found.output) == ("error", None)
    assert "late" not in found.attributes


def test_a_span_may_begin_and_end_at_times_of_the_callers(captured: Captured) -> None:
    open_span("old", start_time_ns=1_000).end(end_time_ns=4_000)
    assert captured.span("old").duration_ns == 3_000


def test_a_root_begins_a_trace_of_its_own(captured: Captured) -> None:
    with tracer.span("outer") as outer:
        other = open_span("other", root=True)
        other.end()
    assert captured.span("other").parent_span_id is None
    assert other.trace_id != outer.trace_id


def test_ids_are_lower_case_hexadecimal_and_those_that_travel(
    captured: Captured,
) -> None:
    with tracer.span("block") as span:
        assert re.fullmatch("[0-9a-f]{32}", span.trace_id)
        assert re.fullmatch("[0-9a-f]{16}", span.span_id)
    found = captured.span("block")
    assert (found.trace_id, found.span_id) == (span.trace_id, span.span_id)


def test_names_and_attributes_can_always_be_encoded(captured: Captured) -> None:
    with tracer.span(
        "a\ud800b", tags=["\ud800"], metadata={"\ud800": "\ud800"}
    ) as span:
        span.set_attribute("k\ud800", "v\ud800")
        span.add_event("e\ud800")
    [found] = captured.spans
    for text in (found.name, *found.tags, *found.attributes, *found.metadata.values()):
        text.encode()


def test_an_unknown_kind_is_a_plain_span_and_said_once(
    captured: Captured, caplog: pytest.LogCaptureFixture
) -> None:
    testing.reset()
    with testing.capture() as found:
        for _ in range(2):
            with tracer.span("block", kind="magic"):
                pass
    assert [span.kind for span in found.spans] == ["span", "span"]
    assert len([r for r in caplog.records if "magic" in r.getMessage()]) == 1


@pytest.mark.parametrize("kind", semconv.KINDS)
def test_every_kind_travels_as_the_convention_says_or_as_ours(
    captured: Captured, kind: str
) -> None:
    with tracer.span("block", kind=kind):
        pass
    found = captured.span("block")
    assert found.kind == kind
    assert (semconv.OPERATION_NAME in found.attributes) == (
        kind in semconv.OPERATION_OF_KIND
    )


def test_status_is_never_ok_but_unset(captured: Captured) -> None:
    kept: list[Any] = []
    delivery = _runtime.state.delivery
    delivery.offer_span = lambda span, content: kept.append(span)  # type: ignore
    with tracer.span("block"):
        pass
    assert kept[0].status.status_code is otel.StatusCode.UNSET


def test_more_than_128_attributes_do_not_push_the_first_ones_out(
    captured: Captured,
) -> None:
    with tracer.span("block", kind="tool") as span:
        for n in range(500):
            span.metadata[f"key-{n}"] = n
    found = captured.span("block")
    assert len(found.metadata) == 500
    assert found.kind == "tool"


def test_current_span_is_the_innermost_open_one(captured: Captured) -> None:
    assert tracer.current_span() is NOOP
    with tracer.span("outer") as outer:
        assert tracer.current_span() is outer
        with tracer.span("inner") as inner:
            assert tracer.current_span() is inner
        assert tracer.current_span() is outer
    assert tracer.current_span() is NOOP


def test_what_was_left_attached_inside_a_block_does_not_outlive_it(
    captured: Captured,
) -> None:
    from opentelemetry import baggage, context

    with tracer.span("block"):
        context.attach(baggage.set_baggage("a", "b"))
    assert tracer.current_span() is NOOP


def test_metadata_read_back_are_what_was_set(captured: Captured) -> None:
    with tracer.span("block") as span:
        span.metadata.update({"a": 1, "b": [2]})
        del span.metadata["a"]
        assert dict(span.metadata) == {"b": [2]}
        assert len(span.metadata) == 1
        assert repr(span.metadata) == "{'b': [2]}"
    assert captured.span("block").metadata == {"a": "", "b": [2]}


def test_secrets_in_metadata_are_redacted(captured: Captured) -> None:
    with tracer.span("block", metadata={"api_key": "k", "n_tokens": 3}):
        pass
    assert captured.span("block").metadata == {"api_key": "[redacted]", "n_tokens": 3}


def test_without_content_nothing_of_it_is_recorded() -> None:
    with testing.capture(capture_content=False) as captured:
        with pytest.raises(ValueError), tracer.span("block", input="private") as span:
            span.output = "private"
            span.set_content(semconv.INPUT_MESSAGES, '["private"]')
            raise ValueError("private")
    found = captured.span("block")
    assert found.content == {}
    assert "private" not in repr({**found.attributes, "m": found.status_message})
    assert found.attributes["error.type"] == "ValueError"
    [(_, details)] = found.events
    assert "exception.message" not in details
    assert "ValueError: private" not in details["exception.stacktrace"]


def test_redaction_holds_for_content_given_as_json_and_for_exceptions() -> None:
    with testing.capture(redact=re.compile("private")) as captured:
        with pytest.raises(ValueError), tracer.span("block") as span:
            span.set_content(semconv.INPUT_MESSAGES, '[{"password":"p","a":"private"}]')
            raise ValueError("private matter")
    found = captured.span("block")
    assert found.content[semconv.INPUT_MESSAGES] == [
        {"password": "[redacted]", "a": "[redacted]"}
    ]
    assert found.status_message == "[redacted] matter"


def test_attributes_set_together_are_cleaned_like_those_set_alone(
    captured: Captured,
) -> None:
    with tracer.span("block") as span:
        span.set_attributes({"n": 1, "text": "a\ud800b", "list": ["x", "y"]})
    found = captured.span("block").attributes
    assert found == {"n": 1, "text": "a\ufffdb", "list": ("x", "y")}
    span.set_attributes({"late": True})
    assert "late" not in captured.span("block").attributes


def test_a_span_open_across_a_fork_is_ended_by_the_parent_only(
    captured: Captured,
) -> None:
    span = open_span("parent's")
    generation = _runtime.generation
    try:
        _runtime.after_fork()
        span.end()
    finally:
        _runtime.generation = generation
    assert captured.spans == []


def test_a_lone_surrogate_in_json_text_costs_only_itself(captured: Captured) -> None:
    with tracer.span("step") as span:
        span.set_content(semconv.INPUT, '"\ud800 환불"')
    assert captured.span("step").input == "\ufffd 환불"
