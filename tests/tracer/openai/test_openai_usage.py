"""What a call used is recorded in all its parts, wherever it arrives."""

from typing import Any

import openai
import pytest
from openai_calls import ASK, USAGE_TOO, scenario
from openai_ways import Way, done, drained

from tracer._openai.usage import usage_attributes
from tracer.testing import Captured


@pytest.mark.parametrize(
    ("total", "details", "of_input", "of_output"),
    [
        (
            ("prompt_tokens", "completion_tokens"),
            ("prompt_tokens_details", "completion_tokens_details"),
            "input",
            "output",
        ),
        (
            ("input_tokens", "output_tokens"),
            ("input_tokens_details", "output_tokens_details"),
            "input",
            "output",
        ),
        (
            ("input_tokens", "output_tokens"),
            ("input_token_details", "output_token_details"),
            "input",
            "output",
        ),
    ],
)
def test_every_part_has_its_name_in_every_spelling(
    total: Any, details: Any, of_input: str, of_output: str
) -> None:
    usage = {
        total[0]: 100,
        total[1]: 50,
        "total_tokens": 150,
        details[0]: {
            "cached_tokens": 1,
            "cache_write_tokens": 2,
            "text_tokens": 3,
            "image_tokens": 4,
            "audio_tokens": 5,
        },
        details[1]: {
            "reasoning_tokens": 6,
            "text_tokens": 7,
            "image_tokens": 8,
            "audio_tokens": 9,
            "accepted_prediction_tokens": 10,
            "rejected_prediction_tokens": 11,
        },
    }

    assert usage_attributes(usage) == {
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.cache_read.input_tokens": 1,
        "gen_ai.usage.cache_write.input_tokens": 2,
        "gen_ai.usage.text.input_tokens": 3,
        "gen_ai.usage.image.input_tokens": 4,
        "gen_ai.usage.audio.input_tokens": 5,
        "gen_ai.usage.reasoning.output_tokens": 6,
        "gen_ai.usage.text.output_tokens": 7,
        "gen_ai.usage.image.output_tokens": 8,
        "gen_ai.usage.audio.output_tokens": 9,
        "tracer.usage.accepted_prediction_tokens": 10,
        "tracer.usage.rejected_prediction_tokens": 11,
    }


@pytest.mark.parametrize(
    "usage",
    [None, {}, {"prompt_tokens": None, "prompt_tokens_details": None}, {"x": 1}, "no"],
)
def test_no_usage_is_no_attribute(usage: Any) -> None:
    assert usage_attributes(usage) == {}


def test_a_length_of_sound_is_in_seconds() -> None:
    told = usage_attributes({"type": "duration", "seconds": 3})

    assert told == {"tracer.usage.input_seconds": 3.0}


@pytest.mark.parametrize("streamed", [False, True])
async def test_tokens_of_a_prediction_and_of_speech_are_parts_of_the_answers(
    way: Way, captured: Captured, streamed: bool
) -> None:
    await drained_or_not(
        way,
        streamed,
        modalities=["text", "audio"],
        audio={"voice": "alloy", "format": "wav"},
        prediction={"type": "content", "content": "one two three four"},
    )

    found = captured.spans[0].attributes
    assert found["gen_ai.output.type"] == "speech"
    assert found["gen_ai.usage.audio.output_tokens"] > 0
    assert found["tracer.usage.accepted_prediction_tokens"] == 2
    assert found["tracer.usage.rejected_prediction_tokens"] == 2


async def drained_or_not(way: Way, streamed: bool, **more: Any) -> Any:
    """Ask plainly, or streamed and with usage; return the answer or its chunks."""
    if not streamed:
        return await way.ask("chat.completions.create", **ASK, **more)
    return await drained(
        await way.ask("chat.completions.create", **ASK, **USAGE_TOO, **more)
    )


@pytest.mark.parametrize(("name", "n_output"), [("", 7), ("usage-with-last-choice", 7)])
async def test_usage_is_read_from_whichever_chunk_brings_it(
    way: Way, captured: Captured, name: str, n_output: int
) -> None:
    await drained_or_not(way, True, temperature=0, **scenario(name))

    assert captured.spans[0].attributes["gen_ai.usage.output_tokens"] >= n_output


async def test_the_last_of_the_usage_on_every_chunk_counts(
    way: Way, captured: Captured
) -> None:
    chunks = await drained_or_not(way, True, **scenario("continuous-usage"))

    found = captured.spans[0].attributes
    assert found["gen_ai.usage.input_tokens"] == 11
    assert found["gen_ai.usage.output_tokens"] == len(chunks) - 1


async def test_usage_beside_an_error_is_kept(way: Way, captured: Captured) -> None:
    raw = await way.ask(
        "chat.completions.with_raw_response.create",
        **ASK,
        stream=True,
        **scenario("error-with-usage"),
    )
    stream = raw.parse()
    with pytest.raises(openai.APIError):
        await drained(stream)
    await done(stream.close())  # as older clients do not themselves

    [span] = captured.spans
    assert span.status == "error"
    assert span.attributes["gen_ai.usage.output_tokens"] == 2


async def test_usage_so_far_is_kept_where_the_stream_breaks(
    way: Way, captured: Captured
) -> None:
    stream = await way.ask(
        "chat.completions.create", **ASK, **USAGE_TOO, **scenario("continuous-usage")
    )
    if hasattr(stream, "__anext__"):
        for _ in range(3):
            await anext(stream)
        await stream.close()
    else:
        for _ in range(3):
            next(stream)
        stream.close()

    assert captured.spans[0].attributes["gen_ai.usage.output_tokens"] == 2


async def test_hidden_reasoning_is_not_counted_as_speed(
    way: Way, captured: Captured
) -> None:
    await drained_or_not(way, True, reasoning_effort="low")
    await drained_or_not(way, True, reasoning_effort="low", **scenario("reasoning"))

    hidden, told = (span.attributes for span in captured.spans)
    speed = "tracer.response.output_tokens_per_second"
    assert hidden["gen_ai.usage.reasoning.output_tokens"] == 64
    assert hidden["gen_ai.usage.output_tokens"] > 64
    assert 0 < hidden[speed]
    assert 0 < told[speed]
