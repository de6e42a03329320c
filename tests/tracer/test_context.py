"""`using`: what follows the context, how far, and what wins."""

import asyncio
import functools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry import baggage, context

import tracer
from tracer import _guard, _runtime, semconv, testing
from tracer._capture.context import ContextProcessor, context_fields, using_evaluation
from tracer._delivery import DeliveryReport
from tracer.testing import Captured


@pytest.fixture
def captured() -> Iterator[Captured]:
    with testing.capture() as found:
        yield found


@tracer.trace
def step() -> None: ...


def test_every_span_below_carries_what_using_says(captured: Captured) -> None:
    with tracer.using(
        user_id="u1",
        session_id="s1",
        tags=["beta"],
        metadata={"department": "회계", "level": 3},
        environment="staging",
        release="1.2",
        prompt_name="greet",
        prompt_version="7",
    ):
        with tracer.span("outer"):
            step()
    step()
    for name in ("outer",):
        span = captured.span(name)
        assert span.attributes["user.id"] == "u1"
        assert span.attributes["session.id"] == "s1"
        assert span.attributes["deployment.environment.name"] == "staging"
        assert span.attributes["service.version"] == "1.2"
        assert span.attributes["gen_ai.prompt.name"] == "greet"
        assert span.attributes["gen_ai.prompt.version"] == "7"
        assert span.tags == ("beta",)
        assert span.metadata == {"department": "회계", "level": 3}
    assert "gen_ai.conversation.id" not in span.attributes
    inside, outside = [span for span in captured.spans if span.name == "step"]
    assert inside.attributes["user.id"] == "u1"
    assert "user.id" not in outside.attributes


def test_an_inner_block_wins_and_adds_its_tags(captured: Captured) -> None:
    with tracer.using(user_id="a", tags=["x", "y"], metadata={"k": 1, "l": 1}):
        with tracer.using(user_id="b", tags=["y", "z"], metadata={"k": 2}):
            step()
    span = captured.span("step")
    assert span.attributes["user.id"] == "b"
    assert span.metadata == {"k": 2, "l": 1}
    assert span.tags == ("y", "z", "x")


def test_what_a_span_says_itself_wins_over_its_context(captured: Captured) -> None:
    with tracer.using(tags=["far"], metadata={"k": "far"}):
        with tracer.span("near", tags=["near"], metadata={"k": "near"}):
            pass
    span = captured.span("near")
    assert span.tags == ("near", "far")
    assert span.metadata == {"k": "near"}


async def test_tasks_carry_what_held_where_they_began(captured: Captured) -> None:
    async def ask(user: str) -> None:
        with tracer.using(user_id=user):
            await asyncio.sleep(0)
            step()

    await asyncio.gather(*(ask(str(n)) for n in range(3)))
    assert sorted(s.attributes["user.id"] for s in captured.spans) == ["0", "1", "2"]


def test_threads_of_an_executor_carry_it_by_in_context(captured: Captured) -> None:
    @tracer.trace
    def search(query: str) -> str:
        return query.upper()

    with ThreadPoolExecutor(4) as pool, tracer.using(user_id="u1"):
        with tracer.span("outer") as outer:
            found = list(pool.map(tracer.in_context(search), "abcdefgh"))
        pool.submit(search, "alone").result()
    assert found == list("ABCDEFGH")
    *below, _, alone = captured.spans
    assert {(span.parent_span_id, span.attributes["user.id"]) for span in below} == {
        (outer.span_id, "u1")
    }
    assert alone.parent_span_id is None and "user.id" not in alone.attributes


def test_a_function_in_context_keeps_its_name_and_changes_nothing_for_its_caller(
    captured: Captured,
) -> None:
    def work() -> str:
        context.attach(context.set_value("mark", "theirs"))
        return str(context.get_value("mark"))

    carried = tracer.in_context(work)
    assert carried.__name__ == "work"
    assert [carried(), carried()] == ["theirs", "theirs"]
    assert context.get_value("mark") is None
    assert tracer.in_context(functools.partial(int, "7"))() == 7


def test_spans_of_an_evaluation_say_which_prediction_they_belong_to(
    captured: Captured,
) -> None:
    with using_evaluation("e", "x", 2):
        step()
    attributes = captured.span("step").attributes
    assert attributes["tracer.evaluation.id"] == "e"
    assert attributes["tracer.example.id"] == "x"
    assert attributes["tracer.trial"] == 2


def test_values_that_are_no_texts_become_texts(captured: Captured) -> None:
    with tracer.using(user_id=7, session_id="\ud800"):  # type: ignore[arg-type]
        step()
    attributes = captured.span("step").attributes
    assert (attributes["user.id"], attributes["session.id"]) == ("7", "\ufffd")


def test_baggage_carries_it_to_a_service_that_accepts_it() -> None:
    with testing.capture() as sender:
        with tracer.using(user_id="u", tags=["t"], metadata={"n": 3}, baggage=True):
            sent = baggage.get_all()
    assert sender.spans == []
    received = context.Context()
    for key, text in sent.items():
        received = baggage.set_baggage(key, text, received)
    token = context.attach(received)
    try:
        with testing.capture(accept_baggage=True) as trusting:
            step()
        with testing.capture() as wary:
            step()
    finally:
        context.detach(token)
    accepted = trusting.span("step")
    assert accepted.attributes["user.id"] == "u"
    assert (accepted.tags, accepted.metadata) == (("t",), {"n": 3})
    assert wary.span("step").attributes == {}


def test_without_being_asked_nothing_goes_into_baggage() -> None:
    with tracer.using(user_id="u"):
        assert baggage.get_all() == {}
        assert context_fields() == {semconv.USER_ID: "u"}
    assert context_fields() == {}


def test_baggage_of_others_is_passed_over(captured: Captured) -> None:
    token = context.attach(baggage.set_baggage("color", "red"))
    try:
        with testing.capture(accept_baggage=True) as found:
            step()
    finally:
        context.detach(token)
    assert found.span("step").attributes == {}


def test_what_cannot_be_read_is_said_once_and_harms_nobody(
    captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRACER_STRICT")
    with tracer.using(user_id="u", tags=5):  # type: ignore[arg-type]
        step()
    with tracer.span("block") as span:
        span.tags = 5  # type: ignore[assignment]
    assert captured.span("step").attributes == {"user.id": "u"}
    assert captured.span("block").tags == ()
    assert testing.counts()["read what using says"] >= 1


def test_what_is_too_long_for_baggage_stays_at_home_and_plain_text_is_read() -> None:
    with tracer.using(user_id="u" * 2000, session_id="s", baggage=True):
        assert set(baggage.get_all()) == {"session.id"}
    token = context.attach(baggage.set_baggage("user.id", "no json"))
    try:
        with testing.capture(accept_baggage=True) as found:
            step()
    finally:
        context.detach(token)
    assert found.span("step").attributes == {"user.id": "no json"}


def test_flushing_the_provider_flushes_delivery(captured: Captured) -> None:
    processor = ContextProcessor()
    assert processor.force_flush()
    processor.shutdown()
    testing.reset()
    assert processor.force_flush()


def test_a_span_that_cannot_be_handed_over_harms_nobody(
    captured: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(span: object, content: object) -> None:
        raise RuntimeError("no delivery today")

    monkeypatch.delenv("TRACER_STRICT")
    _guard.forget()
    monkeypatch.setattr(_runtime.state.delivery, "offer_span", refuse)
    with tracer.span("block"):
        pass
    assert _guard.counts()["hand a span to delivery"] == 1


def test_a_provider_that_ends_waits_no_longer_than_the_settings_allow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited_s: list[float] = []

    def flush(timeout_s: float) -> DeliveryReport:
        waited_s.append(timeout_s)
        return DeliveryReport()

    with testing.capture(timeout_s=2.5):
        monkeypatch.setattr(_runtime.state.delivery, "flush", flush)
        ContextProcessor().shutdown()
    assert waited_s == [2.5]
