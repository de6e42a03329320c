"""Recording never harms the app: it does not fail, wait, or change what it gets."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import openai
import pytest
from openai_calls import ANSWER, ASK, CHAT, RESPONSES, Api, scenario
from opentelemetry import baggage
from opentelemetry import context as otel_context
from otlp_sink import OtlpSink

import tracer
import tracer.testing
from tracer import _guard
from tracer._capture.spans import Span
from tracer._openai import call, request
from tracer._openai.chat_stream import ChatJoiner
from tracer._openai.responses_stream import ResponsesJoiner
from tracer.testing import Captured

apis = pytest.mark.parametrize("api", [CHAT, RESPONSES], ids=lambda api: api.name)
BROKEN = [
    pytest.param([(call, "begin_span")], id="begin"),
    pytest.param([(call, "is_left_to_others")], id="neighbours"),
    pytest.param([(request, "_watch")], id="answer"),
    pytest.param([(ChatJoiner, "add"), (ResponsesJoiner, "add")], id="chunks"),
    pytest.param([(ChatJoiner, "joined"), (ResponsesJoiner, "joined")], id="joined"),
    pytest.param([(Span, "set_value"), (call, "store")], id="span"),
]
"""Places of ours, each of which fails in turn."""


def fail(*args: Any, **kwargs: Any) -> Any:
    raise ZeroDivisionError


@pytest.fixture
def lenient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in an application: failures of ours are swallowed, and counted anew."""
    monkeypatch.setenv("TRACER_STRICT", "0")
    _guard.forget()
    yield
    _guard.forget()


@apis
@pytest.mark.parametrize("places", BROKEN)
def test_a_failure_of_ours_leaves_the_users_call_alone_and_is_said_once(
    client: openai.OpenAI,
    captured: Captured,
    lenient: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    api: Api,
    places: list[tuple[Any, str]],
) -> None:
    for place, name in places:
        monkeypatch.setattr(place, name, fail)
    for _ in range(2):
        assert api.create(client)().model == ASK["model"]
        stream = api.create(client)(stream=True)
        assert "".join(map(api.words, stream)) == ANSWER

    assert all(span.status == "ok" for span in captured.spans)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "ZeroDivisionError" in caplog.text


@apis
@pytest.mark.parametrize("places", BROKEN)
async def test_a_failure_of_ours_leaves_the_users_asynchronous_call_alone(
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    lenient: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    api: Api,
    places: list[tuple[Any, str]],
) -> None:
    for place, name in places:
        monkeypatch.setattr(place, name, fail)
    for _ in range(2):
        assert (await api.create(async_client)()).model == ASK["model"]
        stream = await api.create(async_client)(stream=True)
        assert "".join([api.words(chunk) async for chunk in stream]) == ANSWER

    assert all(span.status == "ok" for span in captured.spans)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@apis
def test_calls_do_not_wait_for_a_collector_that_does_not_answer(
    client: openai.OpenAI, sink: OtlpSink, api: Api
) -> None:
    sink.gate.clear()
    tracer.configure(endpoint=sink.url, project="slow", flush_after_s=0.01)
    try:
        api.create(client)()
        sink.wait_for(lambda sink: len(sink.received) == 1)
        list(api.create(client)(stream=True))
        assert sink.accepted == []
    finally:
        sink.gate.set()
        assert tracer.shutdown().sent == 2


@apis
def test_calls_do_not_fail_for_a_collector_that_is_away(
    client: openai.OpenAI, sink: OtlpSink, api: Api
) -> None:
    sink.stop()
    tracer.configure(endpoint=sink.url, project="away")
    try:
        assert api.create(client)().model == ASK["model"]
        assert list(api.create(client)(stream=True))
    finally:
        tracer.shutdown(timeout_s=0.1)
        sink.start()


@apis
def test_nothing_is_recorded_where_opentelemetry_is_switched_off(
    client: openai.OpenAI,
    sink: OtlpSink,
    monkeypatch: pytest.MonkeyPatch,
    api: Api,
) -> None:
    tracer.testing.reset()  # the environment is read anew
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    tracer.configure(endpoint=sink.url, project="off")
    try:
        with tracer.span("work"):
            assert api.create(client)().model == ASK["model"]
            assert list(api.create(client)(stream=True))
    finally:
        assert tracer.shutdown().sent == 0
    assert sink.received == []


@pytest.mark.parametrize(
    "unsendable",
    [
        {"messages": [{"role": "user", "content": "half a pair: \ud83d"}]},
        {"temperature": float("nan")},
        {"messages": [{"role": "user", "content": object()}]},
    ],
    ids=["surrogate", "nan", "object"],
)
def test_what_cannot_be_sent_fails_as_it_does_unwrapped_and_is_recorded(
    bare: openai.OpenAI, captured: Captured, unsendable: dict[str, Any]
) -> None:
    with pytest.raises(Exception) as unwrapped:
        bare.chat.completions.create(**ASK | unsendable)
    tracer.wrap_openai(bare)
    with pytest.raises(type(unwrapped.value)) as wrapped:
        bare.chat.completions.create(**ASK | unsendable)

    assert str(wrapped.value) == str(unwrapped.value)
    [span] = captured.spans
    assert span.status == "error"
    assert span.content["gen_ai.input.messages"]


def test_metadata_with_half_a_character_is_recorded(
    client: openai.OpenAI, captured: Captured
) -> None:
    with pytest.raises(UnicodeEncodeError):
        client.chat.completions.create(**ASK, metadata={"note": "\udcff"})

    assert captured.spans[0].metadata["note"].isprintable()


async def test_retries_of_an_asynchronous_call_are_one_span(
    async_client: openai.AsyncOpenAI, captured: Captured
) -> None:
    raw = async_client.chat.completions.with_raw_response
    answered = await raw.create(**ASK, **scenario("rate-limited-once"))

    assert answered.retries_taken == 1
    assert [span.status for span in captured.spans] == ["ok"]


@apis
async def test_who_asks_travels_by_baggage_to_the_span_of_a_call(
    async_client: openai.AsyncOpenAI, client: openai.OpenAI, api: Api
) -> None:
    with tracer.testing.capture(accept_baggage=True) as captured:
        with tracer.using(user_id="u1", session_id="s1", baggage=True):
            carried = {key: str(value) for key, value in baggage.get_all().items()}
        context = otel_context.Context()
        for key, value in carried.items():
            context = baggage.set_baggage(key, value, context)
        token = otel_context.attach(context)
        try:
            api.create(client)()
            await api.create(async_client)()
        finally:
            otel_context.detach(token)

    assert [
        (span.attributes["user.id"], span.attributes["session.id"])
        for span in captured.spans
    ] == [("u1", "s1")] * 2


@apis
async def test_calls_of_callbacks_and_generators_hang_below_what_runs_them(
    async_client: openai.AsyncOpenAI,
    client: openai.OpenAI,
    captured: Captured,
    caplog: pytest.LogCaptureFixture,
    api: Api,
) -> None:
    @tracer.trace(kind="tool")
    def tool() -> str:
        return str(api.create(client)().id)

    @tracer.trace
    async def words() -> AsyncIterator[str]:
        tool()
        async for chunk in await api.create(async_client)(stream=True):
            yield api.words(chunk)

    def run(callback: Any) -> Any:
        return callback()

    assert [word async for word in words()]
    await asyncio.to_thread(run, tool)

    of_tool, first_tool, streamed, generator, of_thread, thread_tool = captured.spans
    assert of_tool.parent_span_id == first_tool.span_id
    assert first_tool.parent_span_id == generator.span_id
    assert streamed.parent_span_id == generator.span_id
    assert of_thread.parent_span_id == thread_tool.span_id
    assert thread_tool.parent_span_id is None
    assert caplog.text == ""


@apis
async def test_a_generator_left_early_leaves_no_word_in_the_log(
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    caplog: pytest.LogCaptureFixture,
    api: Api,
) -> None:
    @tracer.trace
    async def words() -> AsyncIterator[str]:
        async for chunk in await api.create(async_client)(stream=True):
            yield api.words(chunk)

    async def leave() -> None:
        async for word in words():
            if word:
                break

    await asyncio.create_task(leave())
    for _ in range(20):
        await asyncio.sleep(0)
    gc.collect()

    assert {span.name for span in captured.spans} == {f"chat {ASK['model']}", "words"}
    assert "Context" not in caplog.text
    assert tracer.current_span().trace_id == "0" * 32
