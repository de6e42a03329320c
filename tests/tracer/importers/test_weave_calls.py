"""A call that Weave recorded keeps what it used itself, and how it ended."""

from typing import Any

import pytest

from tracer import semconv
from tracer.importers._found import ImportedSpan
from tracer.importers._weave_calls import span_of
from tracer.importers._weave_tree import Tree

CALL: dict[str, Any] = {
    "id": "0198c0de-0000-7000-8000-000000000001",
    "op_name": "weave:///team/bot/op/openai.chat.completions.create:v1",
    "started_at": "2026-01-02T03:04:05Z",
    "inputs": {"self": "client", "model": "gpt-4o-mini", "messages": []},
    "output": {"choices": []},
    "ended_at": "2026-01-02T03:04:06Z",
}


def read(*calls: dict[str, Any]) -> list[ImportedSpan]:
    """Return the spans of these calls, read together."""
    tree = Tree({str(call["id"]): call for call in calls})
    above = [call.get("parent_id") for call in calls]
    return [
        span_of(call, "t" * 32, above=parent, tree=tree)
        for call, parent in zip(calls, above, strict=True)
    ]


def used(**usage: Any) -> dict[str, Any]:
    return {"summary": {"usage": usage}}


@pytest.mark.parametrize("words", [("prompt", "completion"), ("input", "output")])
def test_tokens_are_read_in_the_words_of_either_interface(
    words: tuple[str, str],
) -> None:
    own = {f"{words[0]}_tokens": 12, f"{words[1]}_tokens": 3, "requests": 1}
    (span,) = read(CALL | used(**{"gpt-4o-mini-2024": own}))
    assert span.kind == "llm"
    assert {k: v for k, v in span.attributes.items() if v is not None} == {
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.response.model": "gpt-4o-mini-2024",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 3,
    }
    assert "self" not in span.content["tracer.input"]


def test_a_kind_that_the_call_names_goes_before_the_name_of_its_op() -> None:
    said = {"weave": {"kind": "agent"}}
    (agent,) = read(CALL | {"attributes": said})
    assert agent.kind == "agent"
    (call,) = read(CALL | {"attributes": {"weave": {"kind": "wizard"}}})
    assert (call.kind, call.metadata["weave.kind"]) == ("llm", "wizard")


@pytest.mark.parametrize("op", ["litellm.completion", "google.genai.generate_content"])
def test_whoever_used_tokens_itself_is_a_call_of_a_model(op: str) -> None:
    """Weave adds the usage of a call to every call above it."""
    usage = used(gemini={"prompt_tokens": 7, "completion_tokens": 2})
    parent = CALL | usage | {"id": "above", "op_name": "answer"}
    own = CALL | usage | {"id": "own", "op_name": op, "parent_id": "above"}
    above, call = read(parent, own)
    assert (above.kind, call.kind) == ("span", "llm")
    assert semconv.USAGE_INPUT_TOKENS not in above.attributes
    assert call.attributes[semconv.USAGE_INPUT_TOKENS] == 7
    assert call.attributes[semconv.RESPONSE_MODEL] == "gemini"


def test_costs_cached_tokens_and_the_user_of_weave_are_kept() -> None:
    anthropic = {"input_tokens": 10, "output_tokens": 3, "cache_read_input_tokens": 40}
    costs = {"prompt_tokens_total_cost": 0.5, "completion_tokens_total_cost": 0.25}
    usage = {"claude": anthropic, "other": {"input_tokens": 1}}
    summary = {"usage": usage, "weave": {"costs": {"claude": costs}}}
    (span,) = read(CALL | {"summary": summary, "wb_user_id": "VXNlcjox"})
    assert span.attributes[semconv.USAGE_INPUT_TOKENS] == 50
    assert span.attributes[semconv.USAGE_CACHE_READ_INPUT_TOKENS] == 40
    assert span.attributes[semconv.USAGE_COST] == 0.75
    assert span.metadata["weave.wb_user_id"] == "VXNlcjox"
    assert span.metadata["weave.usage"] == usage
    within = {"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 4}}
    (openai,) = read(CALL | used(gpt=within))
    assert openai.attributes[semconv.USAGE_INPUT_TOKENS] == 9
    assert openai.attributes[semconv.USAGE_CACHE_READ_INPUT_TOKENS] == 4


def test_what_an_op_put_into_its_summary_is_metadata() -> None:
    counted = {"usage": {}, "status_counts": {"success": 1}, "n_hits": 3}
    (span,) = read(CALL | {"summary": counted})
    assert span.metadata["weave.summary"] == {"n_hits": 3}


def test_a_call_without_an_end_is_seen_to_be_unfinished() -> None:
    above = CALL | {"id": "above", "ended_at": None}
    below = CALL | {"id": "below", "parent_id": "above"}
    cut_off, whole = read(above, below)
    assert cut_off.error == "unfinished: the export does not say when it ended"
    assert cut_off.end_ns == whole.end_ns > cut_off.start_ns
    assert whole.error is None
