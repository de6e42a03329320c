"""Attributes set past the SDK's own checks are what the SDK would have made of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from opentelemetry.context import Context
from opentelemetry.sdk.trace import (
    ReadableSpan,
    SpanLimits,
    SpanProcessor,
    TracerProvider,
)
from opentelemetry.sdk.trace import Span as SdkSpan
from opentelemetry.trace import INVALID_SPAN, SpanKind

from tracer import semconv
from tracer._capture.store import started, store
from tracer._config import Settings
from tracer._setup import own_provider


class Watching(SpanProcessor):
    """Notes what it sees of a span as it begins."""

    def __init__(self) -> None:
        self.seen: list[Mapping[str, Any]] = []

    def on_start(self, span: SdkSpan, parent_context: Context | None = None) -> None:
        self.seen.append(dict(span.attributes or {}))


ATTRIBUTES: Sequence[Any] = (
    {"text": "a", "한글": "값", "whole": 1, "real": 0.5, "yes": True},
    {"texts": ["a", "b"], "tuple": ("a",), "none": []},
    {"numbers": [1, 2], "bytes": b"x", "nothing": None},
    {"nested": {"a": 1}, "": "no name", 5: "no text"},
    {"mixed": ["a", 1]},
)


def both(attributes: Any, **limits: int) -> tuple[ReadableSpan, ReadableSpan]:
    """Return two spans after `store`, and after the SDK's own method."""
    provider = TracerProvider(span_limits=SpanLimits(**limits))
    ours, theirs = (provider.get_tracer("t").start_span("s") for _ in range(2))
    for span in (ours, theirs):
        span.set_attribute("first", 1)
    store(ours, attributes)
    theirs.set_attributes(attributes)
    assert isinstance(ours, ReadableSpan)
    assert isinstance(theirs, ReadableSpan)
    return ours, theirs


@pytest.mark.parametrize("attributes", ATTRIBUTES)
@pytest.mark.parametrize(
    "limits", [{}, {"max_span_attributes": 3}, {"max_span_attribute_length": 1}]
)
def test_attributes_are_kept_as_the_sdk_keeps_them(
    attributes: Any, limits: dict[str, int]
) -> None:
    ours, theirs = both(attributes, **limits)
    assert ours.attributes == theirs.attributes
    assert ours.dropped_attributes == theirs.dropped_attributes
    kinds = [[type(v) for v in (s.attributes or {}).values()] for s in (ours, theirs)]
    assert kinds[0] == kinds[1]


def test_a_list_that_changes_later_stays_on_the_span_as_it_was() -> None:
    texts = ["a"]
    ours, _ = both({"texts": texts})
    texts.append("b")
    assert (ours.attributes or {})["texts"] == ("a",)


def test_a_text_with_half_a_character_is_kept_in_a_form_that_can_travel() -> None:
    ours, _ = both({"text": "\ud83d", "texts": ["\ud83d"]})
    assert dict(ours.attributes or {}) == {"first": 1, "text": "�", "texts": ("�",)}


def test_a_span_that_has_ended_stays_as_it_is() -> None:
    span: Any = TracerProvider().get_tracer("t").start_span("s")
    span.end()
    store(span, {"late": 1})
    store(INVALID_SPAN, {"late": 1})
    assert dict(span.attributes) == {}


def test_a_processor_of_the_app_sees_the_attributes_of_a_span_as_it_begins() -> None:
    provider, watching = own_provider(Settings()), Watching()
    provider.add_span_processor(watching)
    tracer = provider.get_tracer("t")
    started(tracer, "s", None, SpanKind.CLIENT, {semconv.KIND: "guardrail"}, None)
    assert watching.seen == [{semconv.KIND: "guardrail"}]


def test_without_other_processors_a_span_has_the_same_attributes() -> None:
    tracer = own_provider(Settings()).get_tracer("t")
    for attributes in ({"a": 1}, {"a": 1, semconv.TAGS: ("x",)}):
        span: Any = started(tracer, "s", None, SpanKind.CLIENT, attributes, 5)
        assert dict(span.attributes) == attributes
        assert span.start_time == 5
