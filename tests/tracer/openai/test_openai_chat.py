"""A chat completion becomes one span that says what was asked and answered."""

import contextvars
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest
from openai_calls import ASK, ASK_TOOLS, MODEL, scenario
from openai_ways import Way

import tracer
from tracer.testing import Captured

ANSWER = "I do not have that information."


def test_a_completion_is_one_span_in_the_names_of_the_convention(
    client: openai.OpenAI, captured: Captured
) -> None:
    completion = client.chat.completions.create(**ASK)

    [span] = captured.spans
    assert (span.name, span.kind, span.status) == (f"chat {MODEL}", "llm", "ok")
    assert span.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
        "server.address": "127.0.0.1",
        "server.port": client.base_url.port,
        "openai.api.type": "chat_completions",
        "gen_ai.response.id": completion.id,
        "gen_ai.response.model": MODEL,
        "gen_ai.response.finish_reasons": ("stop",),
        "openai.response.service_tier": "default",
        "openai.response.system_fingerprint": "fp_5ca1ab1e00",
        "gen_ai.usage.input_tokens": completion.usage.prompt_tokens,
        "gen_ai.usage.output_tokens": completion.usage.completion_tokens,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.reasoning.output_tokens": 0,
        "tracer.response.request_id": "req_local",
    }


async def test_an_asynchronous_completion_is_recorded_the_same(
    async_client: openai.AsyncOpenAI, client: openai.OpenAI, captured: Captured
) -> None:
    client.chat.completions.create(**ASK, temperature=0)
    await async_client.chat.completions.create(**ASK, temperature=0)

    plain, asynchronous = captured.spans
    assert asynchronous.attributes == plain.attributes
    assert asynchronous.content == plain.content


def test_messages_follow_the_schema_of_the_convention(
    client: openai.OpenAI, captured: Captured
) -> None:
    completion = client.chat.completions.create(**ASK)

    assert captured.spans[0].content == {
        "gen_ai.input.messages": [
            {"role": "user", "parts": [{"type": "text", "content": "hi there"}]}
        ],
        "gen_ai.output.messages": [
            {
                "role": "assistant",
                "parts": [
                    {"type": "text", "content": completion.choices[0].message.content}
                ],
                "finish_reason": "stop",
            }
        ],
    }


async def test_only_the_settings_that_were_given_are_recorded_each_in_its_type(
    way: Way, captured: Captured
) -> None:
    await way.ask(
        "chat.completions.create",
        **ASK,
        temperature=1,
        top_p=0.5,
        max_completion_tokens=50,
        frequency_penalty=0,
        seed=7,
        stop="END",
        n=2,
        reasoning_effort="low",
        service_tier="flex",
        response_format={"type": "text"},
    )

    found = captured.spans[0].attributes
    asked = {
        key: value
        for key, value in found.items()
        if ".request." in key or key == "gen_ai.output.type"
    }
    assert asked == {
        "gen_ai.request.model": MODEL,
        "gen_ai.request.temperature": 1.0,
        "gen_ai.request.top_p": 0.5,
        "gen_ai.request.max_tokens": 50,
        "gen_ai.request.frequency_penalty": 0.0,
        "gen_ai.request.seed": 7,
        "gen_ai.request.stop_sequences": ("END",),
        "gen_ai.request.choice.count": 2,
        "gen_ai.request.reasoning.level": "low",
        "openai.request.service_tier": "flex",
        "gen_ai.output.type": "text",
    }
    assert isinstance(found["gen_ai.request.temperature"], float)
    assert found["gen_ai.response.finish_reasons"] == ("stop", "stop")
    assert found["gen_ai.usage.reasoning.output_tokens"] == 64


async def test_parallel_tool_calls_and_their_definitions_are_recorded(
    way: Way, captured: Captured
) -> None:
    await way.ask("chat.completions.create", **ASK_TOOLS)

    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    assert span.attributes["gen_ai.response.finish_reasons"] == ("tool_calls",)
    assert message["finish_reason"] == "tool_call"
    assert [(part["type"], part["arguments"]) for part in message["parts"]] == [
        ("tool_call", {"order_id": "A-1234"}),
        ("tool_call", {"order_id": "B-2222"}),
    ]
    [definition] = span.content["gen_ai.tool.definitions"]
    assert definition["name"] == "order_status"
    assert definition["parameters"]["required"] == ["order_id"]


@pytest.mark.parametrize("spelling", ["reasoning", "reasoning_content"])
async def test_reasoning_is_recorded_in_both_spellings(
    way: Way, captured: Captured, spelling: str
) -> None:
    await way.ask("chat.completions.create", **ASK, **scenario(spelling))

    [message] = captured.spans[0].content["gen_ai.output.messages"]
    assert message["parts"][0] == {
        "type": "reasoning",
        "content": "The customer wants to know; I look it up.",
    }


async def test_a_refusal_is_recorded(way: Way, captured: Captured) -> None:
    await way.ask("chat.completions.create", **ASK, **scenario("refusal"))

    [message] = captured.spans[0].content["gen_ai.output.messages"]
    refusal = {"type": "refusal", "content": "I cannot help with that."}
    assert message["parts"] == [refusal]


def test_a_call_is_below_the_span_that_made_it(
    client: openai.OpenAI, captured: Captured
) -> None:
    with tracer.span("work"):
        client.chat.completions.create(**ASK)

    work = captured.span("work")
    assert captured.span(f"chat {MODEL}").parent_span_id == work.span_id


def test_no_content_and_no_key_is_recorded_where_content_is_off(
    client: openai.OpenAI,
) -> None:
    with tracer.testing.capture(capture_content=False) as captured:
        client.chat.completions.create(**ASK)

    [span] = captured.spans
    assert span.content == {}
    assert span.attributes["gen_ai.usage.input_tokens"] > 0
    assert "secret-key" not in repr(span)


def test_a_stream_within_a_traced_generator_is_below_it(
    client: openai.OpenAI, captured: Captured
) -> None:
    @tracer.trace
    def words() -> Iterator[str]:
        for chunk in client.chat.completions.create(**ASK, stream=True):
            yield chunk.choices[0].delta.content or ""

    said = list(words())

    call, generator = captured.spans
    assert generator.output == said
    assert call.parent_span_id == generator.span_id


def test_a_call_within_a_callback_of_a_thread_follows_the_copied_context(
    client: openai.OpenAI, captured: Captured
) -> None:
    with tracer.span("work"), tracer.using(user_id="u1"), ThreadPoolExecutor(1) as pool:
        run: Any = contextvars.copy_context().run
        pool.submit(run, client.chat.completions.create, **ASK).result()

    call, work = captured.spans
    assert call.parent_span_id == work.span_id
    assert call.attributes["user.id"] == "u1"


def test_the_list_of_stored_completions_is_no_model_call(
    client: openai.OpenAI, captured: Captured
) -> None:
    list(client.chat.completions.list())

    assert captured.spans == []
