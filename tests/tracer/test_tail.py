"""Traces that sampling left out are kept if they fail or take too long, whole."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from opentelemetry import trace as otel
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import tracer
from tracer import _providers, _runtime, _setup, semconv, testing
from tracer._capture.opening import open_span
from tracer._capture.tail import TailDelivery
from tracer._config import Settings
from tracer._delivery.records import DeliveryReport
from tracer.errors import ConfigurationError
from tracer.testing import Captured

S = 10**9


@pytest.fixture
def captured() -> Iterator[Captured]:
    with testing.capture(sample_rate=0.0, keep_errors=True) as found:
        yield found


@tracer.trace
def child(fails: bool) -> None:
    if fails:
        raise ValueError("no stock")


@tracer.trace
def parent(fails: bool = False, dealt_with: bool = False) -> str:
    child(False)
    try:
        child(fails)
    except ValueError:
        if not dealt_with:
            raise
    return "done"


def names(captured: Captured) -> list[str]:
    return [span.name for span in captured.spans]


def test_a_trace_that_fails_is_kept_whole_and_says_why(captured: Captured) -> None:
    parent()
    assert names(captured) == []
    with pytest.raises(ValueError, match="no stock"):
        parent(fails=True)
    assert names(captured) == ["child", "child", "parent"]
    assert len({span.trace_id for span in captured.spans}) == 1
    kept = captured.span("parent")
    assert kept.attributes[semconv.KEPT_BY] == "error"
    assert kept.input == {"fails": True, "dealt_with": False}
    assert semconv.KEPT_BY not in captured.spans[0].attributes


def test_a_failure_below_keeps_a_trace_that_ended_well(captured: Captured) -> None:
    assert parent(fails=True, dealt_with=True) == "done"
    assert [span.status for span in captured.spans] == ["ok", "error", "ok"]


def test_asynchronous_traces_are_kept_alike(captured: Captured) -> None:
    @tracer.trace
    async def later(fails: bool) -> None:
        await asyncio.sleep(0)
        child(fails)

    async def all_at_once() -> None:
        calls = (later(fails) for fails in (False, True, False, True))
        await asyncio.gather(*calls, return_exceptions=True)

    asyncio.run(all_at_once())
    assert sorted(names(captured)) == ["child", "child"] + [
        span.name for span in captured.spans if span.name.endswith("later")
    ]
    assert len(captured.spans) == 4


def test_a_slow_trace_is_kept_and_a_quick_one_is_not() -> None:
    with testing.capture(sample_rate=0.0, keep_slower_than_s=2.0) as captured:
        for name, took_ns in (("quick", 2 * S - 1), ("slow", 2 * S)):
            span = open_span(name, start_time_ns=7 * S)
            with span.activate():
                open_span("fails").end(ValueError("x"), end_time_ns=8 * S)
            span.end(end_time_ns=7 * S + took_ns)
    assert names(captured) == ["fails", "slow"]
    assert captured.span("slow").attributes[semconv.KEPT_BY] == "slow"


def test_what_is_sampled_goes_at_once_and_carries_no_mark() -> None:
    with testing.capture(sample_rate=1.0, keep_errors=True) as captured:
        with tracer.span("root"):
            child(False)
            assert names(captured) == ["child"]
        with pytest.raises(ValueError, match="no stock"):
            child(True)
    assert all(semconv.KEPT_BY not in span.attributes for span in captured.spans)


def test_a_rate_of_a_function_leaves_out_no_failure(captured: Captured) -> None:
    @tracer.trace(sample_rate=0.0)
    def rare(fails: bool) -> None:
        child(fails)

    rare(False)
    with pytest.raises(ValueError, match="no stock"):
        rare(True)
    assert len(captured.spans) == 2


def test_spans_that_end_after_the_first_one_follow_its_decision(
    captured: Captured,
) -> None:
    for fails in (False, True):
        root = open_span("root")
        with root.activate():
            late = open_span("late")
        root.end(ValueError("x") if fails else None)
        late.end()
    assert names(captured) == ["root", "late"]


def test_a_trace_across_threads_is_decided_once(captured: Captured) -> None:
    with pytest.raises(ValueError, match="x"), tracer.span("root"):
        threads = [
            threading.Thread(target=tracer.in_context(child), args=(False,))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        raise ValueError("x")
    assert len(captured.spans) == 21


def test_a_caller_that_was_not_sampled_elsewhere_is_followed(
    captured: Captured,
) -> None:
    elsewhere = otel.SpanContext(1, 2, is_remote=True, trace_flags=otel.TraceFlags(0))
    with (
        otel.use_span(otel.NonRecordingSpan(elsewhere)),
        pytest.raises(ValueError, match="no stock"),
    ):
        child(True)
    assert names(captured) == []


def test_spans_of_other_libraries_are_held_and_kept_with_the_rest(
    captured: Captured,
) -> None:
    library = _providers.own_provider(Settings()).get_tracer("library")
    with library.start_as_current_span("theirs"):
        child(False)
    with (
        pytest.raises(ValueError, match="no stock"),
        library.start_as_current_span("theirs"),
    ):
        child(True)
    assert names(captured) == ["child", "theirs"]


def test_exporters_of_the_app_see_sampled_traces_only() -> None:
    app = TracerProvider()
    theirs = InMemorySpanExporter()
    app.add_span_processor(SimpleSpanProcessor(theirs))
    memory = testing._Memory()
    wanted = Settings(sample_rate=0.0, keep_errors=True)
    _providers.extend(app)
    before, _runtime.state = _runtime.state, _setup.state_of(wanted, app, memory)
    try:
        with pytest.raises(ValueError, match="no stock"):
            parent(fails=True)
        with app.get_tracer("library").start_as_current_span("sampled by the app"):
            child(False)
    finally:
        _runtime.state = before
    kept = [span.name for span in memory.captured.spans]
    assert kept == ["child", "child", "parent", "child", "sampled by the app"]
    assert [s.name for s in theirs.get_finished_spans()] == kept[3:]


def test_what_is_below_a_span_that_the_app_left_out_is_kept_with_its_trace() -> None:
    app = TracerProvider()
    memory = testing._Memory()
    wanted = Settings(sample_rate=0.0, keep_errors=True)
    _providers.extend(app)
    before, _runtime.state = _runtime.state, _setup.state_of(wanted, app, memory)
    try:
        with tracer.span("request"):
            with app.get_tracer("http").start_as_current_span("GET"):
                with pytest.raises(ValueError, match="no stock"):
                    child(True)
    finally:
        _runtime.state = before
    assert [span.name for span in memory.captured.spans] == ["child", "request"]


class Kept:
    """Delivery that remembers the names it was given."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def offer_span(self, span: object, content: object) -> None:
        self.names.append(span.name)  # type: ignore[attr-defined]

    def offer_log(self, record: object) -> None: ...

    def flush(self, timeout_s: float) -> DeliveryReport:
        return DeliveryReport(sent=len(self.names))

    def shutdown(self, timeout_s: float) -> DeliveryReport:
        return self.flush(timeout_s)

    def report(self) -> DeliveryReport:
        return self.flush(0)


def tail(kept: Kept, **options: int) -> TailDelivery:
    return TailDelivery(kept, Settings(keep_errors=True, **options))  # type: ignore[arg-type]


def spans_of(n: int, *, fails: bool) -> list[object]:
    """Return the children of one undecided trace, then its root, all ended."""
    provider = _providers.own_provider(Settings(sample_rate=0.0, keep_errors=True))
    tracer_ = _providers.undecided_tracer(provider)
    root = tracer_.start_span("root")
    below = otel.set_span_in_context(root)
    found: list[object] = []
    before = _runtime.state
    _runtime.state = _setup.State(settings=Settings(keep_errors=True))
    for number in range(n):
        span = provider.get_tracer("x").start_span(f"child {number}", below)
        span.end()
        found.append(span)
    _runtime.state = before
    if fails:
        root.set_status(otel.StatusCode.ERROR)
    root.end()
    return [*found, root]


def test_memory_is_bounded_and_what_is_given_up_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Kept()
    held = tail(kept, max_queue_bytes=4 * 10_000)
    *below, root = spans_of(10, fails=True)
    for span in below:
        held.offer_span(span, {"tracer.input": b"x" * 1000})  # type: ignore[arg-type]
    held.offer_span(root, {})  # type: ignore[arg-type]
    report = held.report()
    assert report.dropped > 0
    assert len(kept.names) + report.dropped == 11
    assert kept.names[-1] == "root"
    assert "max_queue_bytes" in report.errors[0]
    assert held._n_bytes == 0


def test_a_trace_still_open_at_the_end_is_kept_if_it_failed_so_far() -> None:
    for fails in (False, True):
        kept = Kept()
        held = tail(kept)
        below, root = spans_of(1, fails=False)
        if fails:
            below._status = otel.Status(otel.StatusCode.ERROR)  # type: ignore[attr-defined]
        held.offer_span(below, {})  # type: ignore[arg-type]
        assert held.shutdown(1).sent == int(fails)
        assert kept.names == ["child 0"] * fails


def test_a_forked_child_begins_with_nothing_undecided() -> None:
    kept = Kept()
    held = tail(kept)
    below, root = spans_of(1, fails=True)
    held.offer_span(below, {})  # type: ignore[arg-type]
    held.start_afresh()
    held.offer_span(root, {})  # type: ignore[arg-type]
    assert kept.names == ["root"]


def test_a_time_that_is_none_is_refused() -> None:
    for no_time in (0, float("inf"), float("nan")):
        with pytest.raises(ConfigurationError, match=f"keep_slower_than_s {no_time}"):
            Settings(keep_slower_than_s=no_time)
        with pytest.raises(ConfigurationError, match="timeout_s"):
            Settings(timeout_s=no_time)


def test_a_trace_still_open_at_the_end_is_kept_if_it_takes_too_long() -> None:
    for limit_s, n_kept in ((0.001, 1), (3600.0, 0)):
        kept = Kept()
        held = TailDelivery(kept, Settings(keep_slower_than_s=limit_s))  # type: ignore[arg-type]
        below, _ = spans_of(1, fails=False)
        below._start_time -= S  # type: ignore[attr-defined]
        held.offer_span(below, {})  # type: ignore[arg-type]
        assert held.shutdown(1).sent == n_kept


def test_configuring_anew_within_a_trace_does_not_cut_it(captured: Captured) -> None:
    memory = _runtime.state.delivery.delivery  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="no stock"), tracer.span("root"):
        child(False)
        for options in ({"release": "2"}, {"keep_slower_than_s": 60.0}):
            wanted = Settings(sample_rate=0.0, keep_errors=True, **options)  # type: ignore[arg-type]
            old = _runtime.state.delivery
            _runtime.state = _setup.state_of(
                wanted, testing._provider(), memory, before=old
            )
            child(False)
        child(True)
    assert names(captured) == ["child", "child", "child", "child", "root"]


def test_a_span_that_ends_while_another_is_placed_is_not_lost() -> None:
    """A finaliser may end a span in the very code that holds another one."""
    kept = Kept()
    held = tail(kept)
    first, second, root = spans_of(2, fails=True)

    place = held._place

    def interrupted(span: object, content: object) -> None:
        if span is first:
            held.offer_span(second, {})  # type: ignore[arg-type]
        place(span, content)  # type: ignore[arg-type]

    held._place = interrupted  # type: ignore[method-assign,assignment]
    held.offer_span(first, {})  # type: ignore[arg-type]
    held.offer_span(root, {})  # type: ignore[arg-type]
    assert kept.names == ["child 0", "child 1", "root"]
    assert held._n_bytes == 0
