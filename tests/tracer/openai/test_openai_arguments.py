"""However a call is given its arguments, the server and the span get the same."""

import json
from typing import Any

import openai
import pytest
from openai.types.chat import (
    ChatCompletionMessage,
    ChatCompletionSystemMessageParam,
    ChatCompletionUserMessageParam,
)
from openai_calls import ASK, ASK_TOOLS, MODEL
from openai_ways import Way

from tracer.testing import Captured

SYSTEM: ChatCompletionSystemMessageParam = {"role": "system", "content": "Be brief."}
USER: ChatCompletionUserMessageParam = {"role": "user", "content": "hi there"}
SAID = ChatCompletionMessage(role="assistant", content="Hello.")

NOTHINGS = [
    getattr(openai, name)
    for name in ("omit", "not_given", "NOT_GIVEN")
    if hasattr(openai, name)
]
"""What says of an argument that it was left out; older clients have fewer words."""


def asked(captured: Captured) -> list[tuple[str, str]]:
    """Return who said what on the only span."""
    [span] = captured.spans
    return [
        (message["role"], "".join(part["content"] for part in message["parts"]))
        for message in span.content["gen_ai.input.messages"]
    ]


@pytest.mark.parametrize("make", [list, tuple, iter])
async def test_messages_of_every_kind_reach_the_server_and_the_span(
    way: Way, captured: Captured, make: Any
) -> None:
    answered = await way.ask(
        "chat.completions.create", model=MODEL, messages=make([SYSTEM, SAID, USER])
    )

    assert answered.usage.prompt_tokens > 12
    assert asked(captured) == [
        ("system", "Be brief."),
        ("assistant", "Hello."),
        ("user", "hi there"),
    ]


async def test_messages_from_a_generator_are_read_once(
    way: Way, captured: Captured
) -> None:
    given = (message for message in (SYSTEM, USER))
    answered = await way.ask("chat.completions.create", model=MODEL, messages=given)

    assert answered.usage.prompt_tokens > 10
    assert len(asked(captured)) == 2


async def test_input_of_a_response_may_be_what_another_answered(
    way: Way, captured: Captured
) -> None:
    first = await way.ask("responses.create", model=MODEL, input=[USER])
    await way.ask("responses.create", model=MODEL, input=(USER, *first.output, USER))

    messages = captured.spans[1].content["gen_ai.input.messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]


async def test_results_of_tools_are_recorded_with_the_id_of_their_call(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask("chat.completions.create", **ASK_TOOLS)
    called = answered.choices[0].message
    results: list[Any] = [
        {"role": "tool", "tool_call_id": call.id, "content": json.dumps({"n": 1})}
        for call in called.tool_calls
    ]
    messages = [*ASK_TOOLS["messages"], called, *results]
    await way.ask("chat.completions.create", model=MODEL, messages=messages)

    told = captured.spans[1].content["gen_ai.input.messages"]
    assert [part["type"] for part in told[1]["parts"]] == ["tool_call"] * 2
    response = {"type": "tool_call_response", "response": '{"n": 1}'}
    assert told[2]["parts"] == [response | {"id": called.tool_calls[0].id}]


@pytest.mark.parametrize("nothing", NOTHINGS)
async def test_what_was_not_given_is_not_recorded(
    way: Way, captured: Captured, nothing: Any
) -> None:
    await way.ask(
        "chat.completions.create",
        **ASK,
        temperature=nothing,
        tools=nothing,
        metadata=nothing,
        stop=nothing,
        stream=nothing,
        response_format=nothing,
    )

    [span] = captured.spans
    requested = [key for key in span.attributes if ".request." in key]
    assert requested == ["gen_ai.request.model"]
    assert span.content.keys() == {"gen_ai.input.messages", "gen_ai.output.messages"}


async def test_none_is_recorded_as_nothing(way: Way, captured: Captured) -> None:
    await way.ask(
        "chat.completions.create", **ASK, temperature=None, stop=None, metadata=None
    )

    [span] = captured.spans
    assert "gen_ai.request.temperature" not in span.attributes
    assert span.metadata == {}


async def test_an_id_given_by_place_is_recorded(way: Way, captured: Captured) -> None:
    made = await way.ask("responses.create", model=MODEL, input="hi")
    await way.ask("responses.retrieve", made.id)

    assert captured.spans[1].attributes["gen_ai.response.id"] == made.id


async def test_a_call_below_the_methods_of_the_client_is_recorded_too(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask("post", "/chat/completions", cast_to=object, body=ASK)

    [span] = captured.spans
    assert span.name == f"chat {MODEL}"
    assert span.attributes["gen_ai.response.id"] == answered["id"]


async def test_a_call_that_lacks_arguments_fails_as_it_did_and_is_no_span(
    way: Way, captured: Captured
) -> None:
    with pytest.raises(TypeError, match="Missing required arguments"):
        await way.ask("chat.completions.create", model=MODEL)

    assert captured.spans == []


@pytest.mark.parametrize("path", ["chat.completions.create", "responses.create"])
async def test_settings_in_extra_body_are_recorded_and_win(
    way: Way, captured: Captured, path: str
) -> None:
    given = ASK if "chat" in path else {"model": MODEL, "input": "hi"}
    extra = {"seed": 3, "top_k": 5, "temperature": 0.5}
    await way.ask(path, **given, temperature=1, extra_body=extra)

    found = captured.spans[0].attributes
    assert found["gen_ai.request.seed"] == 3
    assert found["gen_ai.request.top_k"] == 5
    assert found["gen_ai.request.temperature"] == 0.5


async def test_no_header_and_no_key_is_ever_recorded(
    way: Way, captured: Captured
) -> None:
    hush: dict[str, Any] = {
        "extra_headers": {"x-token": "secret-token", "Authorization": "Bearer secret"},
        "extra_query": {"api_key": "secret-query"},
    }
    await way.ask("chat.completions.create", **ASK, **hush)
    await way.stream("chat.completions.create", **ASK, **hush)
    await way.ask("responses.create", model=MODEL, input="hi", **hush)
    await way.ask("moderations.create", input="hi", **hush)

    assert len(captured.spans) == 4
    assert "secret" not in repr(captured.spans)


@pytest.mark.parametrize("path", ["chat.completions.create", "responses.create"])
async def test_large_pictures_reach_the_server_and_are_recorded_as_references(
    way: Way, captured: Captured, path: str
) -> None:
    url = f"data:image/png;base64,{'A' * 4_000_000}"
    if "chat" in path:
        picture: Any = {"type": "image_url", "image_url": {"url": url}}
        content = [{"type": "text", "text": "무엇이 보이나요?"}, picture]
        given: Any = {"messages": [{"role": "user", "content": content}]}
    else:
        picture = {"type": "input_image", "image_url": url}
        content = [{"type": "input_text", "text": "무엇이 보이나요?"}, picture]
        given = {"input": [{"role": "user", "content": content}]}
    await way.ask(path, model=MODEL, **given)

    [message] = captured.spans[0].content["gen_ai.input.messages"]
    text, blob = message["parts"]
    assert text["content"] == "무엇이 보이나요?"
    assert (blob["mime_type"], blob["size_bytes"]) == ("image/png", 3_000_000)
    assert len(repr(captured.spans)) < 10_000
