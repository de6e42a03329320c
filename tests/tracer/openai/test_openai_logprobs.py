"""Logprobs are recorded as numbers of a bounded count, if the caller asked for them."""

import json
import math
from typing import Any

import pytest
from openai_calls import ASK, MODEL
from openai_ways import Way

import tracer.testing
from examples.openai_server.logprobs import logprob
from examples.openai_server.tokens import pieces
from tracer._openai.logprobs import MOST_LOGPROBS, numbers_of, summary
from tracer.testing import Captured


async def test_logprobs_that_were_asked_for_are_recorded_once_a_choice(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask(
        "chat.completions.create", **ASK, n=2, logprobs=True, top_logprobs=3
    )

    told = captured.spans[0].content["tracer.logprobs"]
    said = answered.choices[0].message.content
    numbers = [logprob(token) for token in pieces(said)]
    assert len(told) == 2
    assert told[0] == {
        "n_tokens": len(numbers),
        "sum": round(sum(numbers), 6),
        "logprobs": numbers,
    }


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("chat.completions.create", {**ASK, "logprobs": True, "temperature": 0}),
        (
            "completions.create",
            {"model": MODEL, "prompt": "hi", "logprobs": 1, "temperature": 0},
        ),
        (
            "responses.create",
            {
                "model": MODEL,
                "input": "hi",
                "temperature": 0,
                "include": ["message.output_text.logprobs"],
            },
        ),
    ],
)
async def test_streamed_logprobs_are_those_of_the_same_call_unstreamed(
    way: Way, captured: Captured, path: str, asked: dict[str, Any]
) -> None:
    await way.ask(path, **asked)
    await way.stream(path, **asked)

    plain, streamed = (span.content["tracer.logprobs"] for span in captured.spans)
    assert streamed == plain
    assert plain[0]["n_tokens"] > 1
    assert math.exp(-plain[0]["sum"] / plain[0]["n_tokens"]) > 1


async def test_nothing_is_recorded_and_nothing_asked_for_otherwise(
    way: Way, captured: Captured
) -> None:
    answered = await way.ask("chat.completions.create", **ASK)

    assert answered.choices[0].logprobs is None
    assert "tracer.logprobs" not in captured.spans[0].content


async def test_tokens_themselves_stay_out_so_that_no_secret_slips_past_a_rule(
    way: Way,
) -> None:
    import re

    rule = re.compile("information")
    with tracer.testing.capture(redact=[rule]) as captured:
        await way.ask("chat.completions.create", **ASK, logprobs=True, temperature=0)

    [span] = captured.spans
    assert "tracer.logprobs" in span.content
    assert "information" not in json.dumps(span.content)


async def test_logprobs_are_content(way: Way) -> None:
    with tracer.testing.capture(capture_content=False) as captured:
        await way.ask("chat.completions.create", **ASK, logprobs=True)

    assert captured.spans[0].content == {}


def test_a_long_list_is_cut_where_a_mark_says_so_but_summed_whole() -> None:
    [told] = summary([[-0.5] * 5_000])

    assert (told["n_tokens"], told["sum"]) == (5_000, -2_500.0)
    assert len(told["logprobs"]) == MOST_LOGPROBS
    assert told["truncated"] == "…[truncated: 2,000 of 5,000 logprobs kept]"
    assert len(json.dumps(told)) < 20_000


def test_a_prompts_first_token_has_no_number() -> None:
    [told] = summary([numbers_of({"token_logprobs": [None, -1.0, -2.0]})])

    assert told == {"n_tokens": 2, "sum": -3.0, "logprobs": [None, -1.0, -2.0]}


@pytest.mark.parametrize("nothing", [None, {}, {"content": None}, {"content": []}])
def test_no_logprobs_are_no_numbers(nothing: Any) -> None:
    assert numbers_of(nothing) == []


def test_tokens_of_a_refusal_count_too() -> None:
    assert numbers_of({"content": None, "refusal": [{"logprob": -1.5}]}) == [-1.5]
