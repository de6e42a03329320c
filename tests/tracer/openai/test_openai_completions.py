"""Text completions, the API before chat, are recorded as what they are."""

from typing import Any

import openai
import pytest
from openai_calls import MODEL, scenario
from openai_ways import Way, read_until

from tracer._openai.completions import CompletionJoiner
from tracer.testing import Captured

ASK: dict[str, Any] = {"model": MODEL, "prompt": "hi there", "temperature": 0}
USAGE_TOO = {"stream_options": {"include_usage": True}}


async def test_a_text_completion_is_one_span_in_the_names_of_the_convention(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask("completions.create", **ASK, max_tokens=50, stop=["END"])

    [span] = captured.spans
    assert (span.name, span.kind) == (f"text_completion {MODEL}", "llm")
    assert span.attributes == {
        "gen_ai.operation.name": "text_completion",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
        "server.address": "127.0.0.1",
        "server.port": way.client.base_url.port,
        "gen_ai.request.temperature": 0.0,
        "gen_ai.request.max_tokens": 50,
        "gen_ai.request.stop_sequences": ("END",),
        "gen_ai.response.id": answered.id,
        "gen_ai.response.model": MODEL,
        "gen_ai.response.finish_reasons": ("stop",),
        "openai.response.system_fingerprint": "fp_5ca1ab1e00",
        "gen_ai.usage.input_tokens": answered.usage.prompt_tokens,
        "gen_ai.usage.output_tokens": answered.usage.completion_tokens,
        "tracer.response.request_id": "req_local",
    }
    [asked] = span.content["gen_ai.input.messages"]
    [said] = span.content["gen_ai.output.messages"]
    assert asked["parts"] == [{"type": "text", "content": "hi there"}]
    assert said["parts"] == [{"type": "text", "content": answered.choices[0].text}]


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        (["one", "two"], [{"type": "text", "content": t} for t in ("one", "two")]),
        ([15, 16, 17], [{"type": "tokens", "n_tokens": 3}]),
        ([[15, 16], [17]], [{"type": "tokens", "n_tokens": n} for n in (2, 1)]),
    ],
)
async def test_prompts_may_be_a_list_of_texts_or_of_tokens(
    way: Way, captured: Captured, prompt: Any, parts: list[Any]
) -> None:
    await way.ask("completions.create", model=MODEL, prompt=prompt)

    asked = captured.spans[0].content["gen_ai.input.messages"]
    assert [part for message in asked for part in message["parts"]] == parts


async def test_a_drained_stream_is_recorded_as_the_same_call_unstreamed(
    way: Way, captured: Captured
) -> None:
    asked = {**ASK, "n": 2, "logprobs": 1}
    await way.ask("completions.create", **asked)
    await way.stream("completions.create", **asked, **USAGE_TOO)

    plain, streamed = captured.spans
    assert streamed.content == plain.content
    assert plain.attributes.items() <= streamed.attributes.items()
    assert streamed.attributes["tracer.response.output_tokens_per_second"] > 0


async def test_a_stream_left_early_keeps_what_had_come(
    way: Way, captured: Captured
) -> None:
    stream = await way.ask("completions.create", **ASK, stream=True)
    first = await read_until(stream, lambda chunk: chunk.choices[0].text)
    closing = stream.close()
    if closing is not None:
        await closing

    [span] = captured.spans
    [said] = span.content["gen_ai.output.messages"]
    assert said["parts"] == [{"type": "text", "content": first.choices[0].text}]
    assert span.attributes["gen_ai.response.finish_reasons"] == ("error",)


async def test_raw_completions_are_recorded_too(way: Way, captured: Captured) -> None:
    raw = await way.ask("completions.with_raw_response.create", **ASK)

    [said] = captured.spans[0].content["gen_ai.output.messages"]
    assert said["parts"][0]["content"] == raw.parse().choices[0].text


async def test_an_error_of_the_api_fails_the_span(way: Way, captured: Captured) -> None:
    with pytest.raises(openai.InternalServerError):
        await way.ask("completions.create", **ASK, **scenario("server-error"))

    assert captured.spans[0].attributes["error.type"] == "openai.InternalServerError"


def test_the_stop_reason_of_vllm_is_kept() -> None:
    joiner = CompletionJoiner()
    joiner.add([{"choices": [{"index": 0, "text": "a", "token_ids": [1]}]}])
    end = {"index": 0, "text": "", "finish_reason": "stop", "stop_reason": "END"}
    joiner.add([{"choices": [end]}])

    [choice] = joiner.joined()["choices"]
    assert (choice["text"], choice["stop_reason"]) == ("a", "END")
