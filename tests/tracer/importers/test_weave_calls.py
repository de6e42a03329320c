"""A call of a model that Weave recorded keeps its model and its own tokens."""

from typing import Any

import pytest

from tracer.importers._weave_calls import span_of

CALL: dict[str, Any] = {
    "id": "0198c0de-0000-7000-8000-000000000001",
    "op_name": "weave:///team/bot/op/openai.chat.completions.create:v1",
    "started_at": "2026-01-02T03:04:05Z",
    "inputs": {"self": "client", "model": "gpt-4o-mini", "messages": []},
    "output": {"choices": []},
}


@pytest.mark.parametrize("words", [("prompt", "completion"), ("input", "output")])
def test_tokens_are_read_in_the_words_of_either_interface(
    words: tuple[str, str],
) -> None:
    used = {f"{words[0]}_tokens": 12, f"{words[1]}_tokens": 3, "requests": 1}
    span = span_of(
        CALL | {"summary": {"usage": {"gpt-4o-mini-2024": used}}}, "t" * 32, above=None
    )
    assert span.kind == "llm"
    assert span.attributes == {
        "session.id": None,
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.response.model": "gpt-4o-mini-2024",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 3,
    }
    assert "self" not in span.content["tracer.input"]


def test_a_kind_that_the_call_names_goes_before_the_name_of_its_op() -> None:
    said = {"weave": {"kind": "agent"}}
    assert span_of(CALL | {"attributes": said}, "t" * 32, above=None).kind == "agent"
    unknown = {"weave": {"kind": "wizard"}}
    assert span_of(CALL | {"attributes": unknown}, "t" * 32, above=None).kind == "llm"
