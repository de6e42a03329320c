"""Roots decide, children follow; evaluations are recorded always."""

from opentelemetry import trace as otel

import tracer
from tracer import _providers, testing
from tracer._capture.opening import open_span
from tracer._config import Settings


@tracer.trace
def child() -> None: ...


@tracer.trace
def parent() -> None:
    child()


def test_a_trace_is_recorded_whole_or_not_at_all() -> None:
    with testing.capture(sample_rate=0.5) as captured:
        for _ in range(200):
            parent()
    names = [span.name for span in captured.spans]
    assert names.count("parent") == names.count("child")
    assert 40 < names.count("parent") < 160


def test_with_rate_zero_nothing_is_recorded_and_everything_works() -> None:
    with testing.capture(sample_rate=0.0) as captured:
        parent()
        with tracer.span("block") as span:
            span.output = 1
            assert not span.is_recording
    assert captured.spans == []


def test_a_function_has_a_rate_of_its_own_where_it_begins_a_trace() -> None:
    @tracer.trace(sample_rate=0.0)
    def rare() -> None:
        child()

    with testing.capture() as captured:
        rare()
        assert captured.spans == []
        with tracer.span("root"):
            rare()
    assert [span.name for span in captured.spans] == ["child", "rare", "root"]


def test_an_evaluation_is_recorded_whatever_the_rate_with_all_below_it() -> None:
    with testing.capture(sample_rate=0.0) as captured:
        span = open_span("prediction", force=True, root=True)
        with span.activate():
            parent()
        span.end()
    assert [s.name for s in captured.spans] == ["child", "parent", "prediction"]


def test_roots_of_other_libraries_follow_the_rate_in_force() -> None:
    library = _providers.own_provider(Settings()).get_tracer("library")
    with testing.capture(sample_rate=0.0) as nothing:
        with library.start_as_current_span("root"):
            parent()
    with testing.capture() as everything:
        with library.start_as_current_span("root"):
            parent()
    assert nothing.spans == []
    assert [s.name for s in everything.spans] == ["child", "parent", "root"]


def test_a_caller_from_elsewhere_has_decided_already() -> None:
    for flags, n_spans in ((otel.TraceFlags.SAMPLED, 2), (otel.TraceFlags.DEFAULT, 0)):
        remote = otel.SpanContext(7, 8, True, otel.TraceFlags(flags))
        with testing.capture() as captured:
            with otel.use_span(otel.NonRecordingSpan(remote)):
                parent()
        assert len(captured.spans) == n_spans
