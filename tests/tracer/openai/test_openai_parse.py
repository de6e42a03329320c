"""Parsed answers and the client's own stream managers, which stay what they are."""

import inspect
from typing import Any

import openai
import pydantic
import pytest
from openai_calls import ASK, MODEL, scenario
from openai_ways import Way, done, read_until

from tracer.testing import Captured

RESPONSE: dict[str, Any] = {"model": MODEL, "input": "hi there"}
MANAGERS = [
    ("chat.completions.stream", ASK),
    ("beta.chat.completions.stream", ASK),
    ("responses.stream", RESPONSE),
]


class Ticket(pydantic.BaseModel):
    subject: str
    urgency: int


def said(captured: Captured) -> str:
    """Return the words on the only span."""
    [span] = captured.spans
    [message] = span.content["gen_ai.output.messages"]
    return "".join(part["content"] for part in message["parts"])


def says_something(event: Any) -> bool:
    """Return whether an event of either helper brings words."""
    return event.type.endswith(".delta") and bool(event.delta)


@pytest.mark.parametrize("door", ["", "with_raw_response."])
async def test_a_parsed_completion_is_recorded_with_the_name_of_its_schema(
    way: Way, captured: Captured, door: str
) -> None:
    answered = await way.ask(
        f"chat.completions.{door}parse", **ASK, response_format=Ticket
    )
    parsed = answered.parse() if door else answered

    [span] = captured.spans
    assert parsed.choices[0].message.parsed == Ticket(subject="hi there", urgency=7)
    assert span.attributes["gen_ai.output.type"] == "json"
    assert span.attributes["tracer.request.schema"] == "Ticket"
    form = span.content["tracer.request.response_format"]
    assert form["type"] == "json_schema"
    assert set(form["json_schema"]["schema"]["properties"]) == {"subject", "urgency"}
    assert said(captured) == parsed.choices[0].message.content


async def test_a_parsed_response_is_recorded_with_the_name_of_its_schema(
    way: Way, captured: Captured
) -> None:
    parsed = await way.ask("responses.parse", **RESPONSE, text_format=Ticket)

    [span] = captured.spans
    assert parsed.output_parsed == Ticket(subject="hi there", urgency=7)
    assert span.attributes["gen_ai.output.type"] == "json"
    assert span.attributes["tracer.request.schema"] == "Ticket"
    form = span.content["tracer.request.response_format"]
    assert (form["type"], form["name"]) == ("json_schema", "Ticket")
    assert set(form["schema"]["properties"]) == {"subject", "urgency"}
    assert Ticket.model_validate_json(said(captured)) == parsed.output_parsed


FAILURES = [("length", openai.LengthFinishReasonError)]
if "completion" in inspect.signature(openai.ContentFilterFinishReasonError).parameters:
    FAILURES.append(("content_filter", openai.ContentFilterFinishReasonError))


@pytest.mark.parametrize(("name", "kind"), FAILURES)
async def test_a_failure_after_a_billed_completion_keeps_its_usage(
    way: Way, captured: Captured, name: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        await way.ask(
            "chat.completions.parse",
            **ASK,
            response_format=Ticket,
            **scenario(f"finish-{name}"),
        )

    [span] = captured.spans
    assert span.attributes["error.type"] == f"openai.{kind.__name__}"
    assert span.attributes["gen_ai.response.finish_reasons"] == (name,)
    assert span.attributes["gen_ai.usage.output_tokens"] > 0


@pytest.mark.parametrize(("name", "kind"), FAILURES)
async def test_a_failure_within_a_managed_stream_keeps_its_usage(
    way: Way, captured: Captured, name: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        async with way.opened(
            "chat.completions.stream",
            **ASK,
            response_format=Ticket,
            stream_options={"include_usage": True},
            **scenario(f"finish-{name}"),
        ) as stream:
            await done(stream.get_final_completion())

    [span] = captured.spans
    assert span.attributes["gen_ai.response.finish_reasons"] == (name,)


@pytest.mark.parametrize(("path", "asked"), MANAGERS)
async def test_a_manager_gives_the_final_answer_which_is_recorded(
    way: Way, captured: Captured, path: str, asked: dict[str, Any]
) -> None:
    async with way.opened(path, **asked) as stream:
        assert captured.spans == []
        if path == "responses.stream":
            final = (await done(stream.get_final_response())).output_text
        else:
            completion = await done(stream.get_final_completion())
            final = completion.choices[0].message.content

    assert final == said(captured)
    assert captured.spans[0].status == "ok"


@pytest.mark.parametrize(("path", "asked"), MANAGERS)
async def test_a_manager_read_until_done_ends_its_span(
    way: Way, captured: Captured, path: str, asked: dict[str, Any]
) -> None:
    async with way.opened(path, **asked) as stream:
        await done(stream.until_done())
        assert len(captured.spans) == 1

    assert said(captured).endswith(".")


@pytest.mark.parametrize(("path", "asked"), MANAGERS)
async def test_a_manager_left_early_ends_its_span_with_what_had_come(
    way: Way, captured: Captured, path: str, asked: dict[str, Any]
) -> None:
    async with way.opened(path, **asked) as stream:
        assert await read_until(stream, says_something)

    assert captured.spans[0].status == "ok"
    assert said(captured)


@pytest.mark.parametrize(("path", "asked"), MANAGERS)
async def test_an_exception_within_a_manager_leaves_it_and_not_the_call_failed(
    way: Way, captured: Captured, path: str, asked: dict[str, Any]
) -> None:
    with pytest.raises(KeyError):
        async with way.opened(path, **asked) as stream:
            await read_until(stream, says_something)
            raise KeyError("of the user")

    assert [span.status for span in captured.spans] == ["ok"]


async def test_a_managed_response_is_parsed_as_it_was_asked(
    way: Way, captured: Captured
) -> None:
    async with way.opened("responses.stream", **RESPONSE, text_format=Ticket) as stream:
        final = await done(stream.get_final_response())

    assert final.output_parsed == Ticket(subject="hi there", urgency=7)
    assert captured.spans[0].attributes["tracer.request.schema"] == "Ticket"


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_response_that_failed_fails_its_span_though_nothing_was_raised(
    way: Way, captured: Captured, streamed: bool
) -> None:
    ask = way.stream if streamed else way.ask
    await ask("responses.create", **RESPONSE, **scenario("failed"))

    [span] = captured.spans
    assert (span.status, span.status_message) == ("error", "The model failed.")
    assert span.attributes["gen_ai.response.finish_reasons"] == ("error",)
    assert span.attributes["gen_ai.usage.output_tokens"] > 0


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_response_cut_at_its_limit_says_so_and_what_it_used(
    way: Way, captured: Captured, streamed: bool
) -> None:
    ask = way.stream if streamed else way.ask
    await ask("responses.create", **RESPONSE, max_output_tokens=2)

    found = captured.spans[0].attributes
    assert found["gen_ai.response.finish_reasons"] == ("length",)
    assert found["gen_ai.usage.output_tokens"] == 2


async def test_the_response_before_is_named(way: Way, captured: Captured) -> None:
    before = await way.ask("responses.create", **RESPONSE)
    await way.ask("responses.create", **RESPONSE, previous_response_id=before.id)

    found = captured.spans[1].attributes
    assert found["gen_ai.request.previous_response.id"] == before.id
