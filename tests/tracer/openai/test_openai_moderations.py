"""A moderation is a guardrail: what it looked at, and what it found."""

from typing import Any

from openai_ways import Way

from tracer.testing import Captured

MODEL = "omni-moderation-latest"


async def test_a_moderation_is_a_guardrail_with_its_verdict(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask("moderations.create", model=MODEL, input="I kill you")

    [span] = captured.spans
    assert (span.name, span.kind) == (f"moderations {MODEL}", "guardrail")
    assert span.attributes == {
        "tracer.kind": "guardrail",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": MODEL,
        "server.address": "127.0.0.1",
        "server.port": way.client.base_url.port,
        "gen_ai.response.id": answered.id,
        "gen_ai.response.model": MODEL,
        "tracer.response.request_id": "req_local",
    }
    assert span.input == "I kill you"
    assert span.output["flagged"] is True
    assert span.output["categories"] == ["violence"]
    assert span.output["scores"]["violence"] == 0.97
    assert span.output["scores"]["self-harm/intent"] == 0.01


async def test_a_raw_moderation_says_the_same(way: Way, captured: Captured) -> None:
    await way.ask("moderations.create", model=MODEL, input="멍청이")
    await way.ask("moderations.with_raw_response.create", model=MODEL, input="멍청이")

    plain, raw = captured.spans
    assert raw.output == plain.output
    assert raw.output["categories"] == ["harassment"]


async def test_each_of_several_texts_has_its_verdict(
    way: Way, captured: Captured
) -> None:
    await way.ask("moderations.create", input=["hello", "idiot"])

    [span] = captured.spans
    assert [verdict["flagged"] for verdict in span.output] == [False, True]
    assert span.name == "moderations"


async def test_a_picture_to_be_looked_at_is_a_reference(
    way: Way, captured: Captured
) -> None:
    url = f"data:image/png;base64,{'A' * 8_000}"
    given: list[Any] = [
        {"type": "text", "text": "hi"},
        {"type": "image_url", "image_url": {"url": url}},
    ]
    await way.ask("moderations.create", model=MODEL, input=given)

    text, picture = captured.spans[0].input
    assert text == {"type": "text", "content": "hi"}
    assert picture["size_bytes"] == 6_000
