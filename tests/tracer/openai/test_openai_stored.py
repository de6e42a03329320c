"""Responses made in the background, fetched, streamed again, stopped, compacted."""

from typing import Any

import openai
import pytest
from openai_calls import MODEL, scenario
from openai_ways import Way, drained, read_until

from tracer.testing import Captured

ASK: dict[str, Any] = {"model": MODEL, "input": "hi there", "temperature": 0}


async def test_a_fetched_response_says_how_it_stands_and_counts_no_token_twice(
    way: Way, captured: Captured
) -> None:
    made = await way.ask("responses.create", **ASK)
    fetched = await way.ask("responses.retrieve", made.id)

    create, span = captured.spans
    assert fetched.output_text == made.output_text
    assert (span.name, span.kind) == ("fetch_response", "llm")
    assert span.attributes == {
        "gen_ai.operation.name": "fetch_response",
        "gen_ai.provider.name": "openai",
        "openai.api.type": "responses",
        "server.address": "127.0.0.1",
        "server.port": way.client.base_url.port,
        "gen_ai.response.id": made.id,
        "gen_ai.response.model": MODEL,
        "gen_ai.response.status": "completed",
        "gen_ai.response.finish_reasons": ("stop",),
        "openai.response.service_tier": "default",
        "tracer.response.request_id": "req_local",
    }
    outputs = "gen_ai.output.messages"
    assert span.content == {outputs: create.content[outputs]}


async def test_a_response_in_the_background_is_told_to_be_and_fetched_later(
    way: Way, captured: Captured
) -> None:
    queued = await way.ask("responses.create", **ASK, background=True)
    await way.ask("responses.retrieve", queued.id)

    create, fetch = captured.spans
    assert queued.status == "queued"
    assert create.status == "ok"
    assert create.attributes["tracer.request.background"] is True
    assert create.attributes["gen_ai.response.status"] == "queued"
    assert "gen_ai.response.finish_reasons" not in create.attributes
    assert "gen_ai.output.messages" not in create.content
    assert fetch.attributes["gen_ai.response.id"] == queued.id
    assert fetch.attributes["gen_ai.response.status"] == "completed"


@pytest.mark.parametrize("door", ["", "with_raw_response."])
async def test_a_stream_that_goes_on_where_it_was_left_names_the_place(
    way: Way, captured: Captured, door: str
) -> None:
    made = await way.ask("responses.create", **ASK)
    answered = await way.ask(
        f"responses.{door}retrieve", made.id, stream=True, starting_after=3
    )
    events = await drained(answered.parse() if door else answered)

    create, fetch = captured.spans
    assert events[0].sequence_number == 4
    assert fetch.name == "fetch_response"
    assert fetch.attributes["gen_ai.request.stream"] is True
    assert fetch.attributes["gen_ai.request.stream_cursor"] == "3"
    assert fetch.attributes["gen_ai.response.time_to_first_chunk"] > 0
    assert not [key for key in fetch.attributes if key.startswith("gen_ai.usage")]
    outputs = "gen_ai.output.messages"
    assert fetch.content[outputs] == create.content[outputs]


async def test_a_stream_in_the_background_left_and_taken_up_again_is_two_spans(
    way: Way, captured: Captured
) -> None:
    stream = await way.ask("responses.create", **ASK, stream=True, background=True)
    event = await read_until(stream, lambda each: each.type.endswith(".delta"))
    closing = stream.close()
    if closing is not None:
        await closing
    response_id = captured.spans[0].attributes["gen_ai.response.id"]
    rest = await way.ask(
        "responses.retrieve",
        response_id,
        stream=True,
        starting_after=event.sequence_number,
    )

    assert (await drained(rest))[-1].type == "response.completed"
    assert [span.name for span in captured.spans] == [f"chat {MODEL}", "fetch_response"]


async def test_a_response_that_failed_is_fetched_well(
    way: Way, captured: Captured
) -> None:
    made = await way.ask("responses.create", **ASK, **scenario("failed"))
    await way.ask("responses.retrieve", made.id)

    create, fetch = captured.spans
    assert (create.status, fetch.status) == ("error", "ok")
    assert fetch.attributes["gen_ai.response.status"] == "failed"


async def test_a_response_that_is_not_there_fails_the_fetch(
    way: Way, captured: Captured
) -> None:
    with pytest.raises(openai.NotFoundError):
        await way.ask("responses.retrieve", "resp_unknown")

    [span] = captured.spans
    assert span.attributes["error.type"] == "openai.NotFoundError"
    assert span.attributes["gen_ai.response.id"] == "resp_unknown"


async def test_a_response_that_is_stopped_says_so(way: Way, captured: Captured) -> None:
    queued = await way.ask("responses.create", **ASK, background=True)
    await way.ask("responses.cancel", queued.id)

    span = captured.spans[1]
    assert (span.name, span.kind, span.status) == ("responses.cancel", "span", "ok")
    assert span.attributes["gen_ai.response.id"] == queued.id
    assert span.attributes["gen_ai.response.status"] == "cancelled"


async def test_a_compaction_is_a_model_call_that_shortens(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask("responses.compact", model=MODEL, input="a long talk")

    [span] = captured.spans
    assert (span.name, span.kind) == (f"responses.compact {MODEL}", "llm")
    assert span.attributes["gen_ai.operation.name"] == "chat"
    assert span.attributes["gen_ai.conversation.compacted"] is True
    assert span.attributes["gen_ai.usage.input_tokens"] == answered.usage.input_tokens
    [message] = span.content["gen_ai.output.messages"]
    assert message["parts"] == [{"type": "compaction", "id": "cmp_1"}]


async def test_what_lies_below_a_response_is_not_recorded(
    way: Way, captured: Captured
) -> None:
    with pytest.raises(openai.NotFoundError):
        listed = way.client.responses.input_items.list("resp_1")
        await drained(await way.ask("models.list"))
        await drained(listed)

    assert captured.spans == []
