"""Tokens a second are counted over the time in which they came."""

from typing import Any

import pytest

from tracer._openai.fields import Reading
from tracer._openai.speed import tokens_per_second

OUT, THOUGHT = "gen_ai.usage.output_tokens", "gen_ai.usage.reasoning.output_tokens"
ALOUD = {"gen_ai.output.messages": [{"parts": [{"type": "reasoning"}]}]}


@pytest.mark.parametrize(
    ("attributes", "content", "hides", "speed"),
    [
        ({OUT: 100}, {}, True, 50.0),
        ({OUT: 100, THOUGHT: 60}, {}, True, 20.0),
        ({OUT: 100, THOUGHT: 60}, ALOUD, True, 50.0),
        ({OUT: 100, THOUGHT: 60}, {}, False, 50.0),
        ({OUT: 60, THOUGHT: 60}, {}, True, None),
        ({}, {}, True, None),
    ],
)
def test_only_what_came_within_the_time_counts(
    attributes: dict[str, Any], content: Any, hides: bool, speed: float | None
) -> None:
    answered = Reading(attributes, content)

    found = tokens_per_second(answered, 2_000_000_000, hides_reasoning=hides)

    assert found == speed


def test_one_chunk_has_no_speed() -> None:
    assert tokens_per_second(Reading({OUT: 5}), 0, hides_reasoning=False) is None
