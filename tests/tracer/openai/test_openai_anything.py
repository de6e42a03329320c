"""Whatever a compatible server or a caller sends, no reader stumbles over it."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracer._openai.endpoints import _CANCEL, _ENDPOINTS, _FETCH, Endpoint

NAMES = [
    *("id", "model", "role", "name", "type", "index", "status", "error", "message"),
    *("messages", "input", "prompt", "instructions", "tools", "tool_choice", "text"),
    *("content", "choices", "delta", "output", "item", "response", "usage", "event"),
    *("tool_calls", "function", "function_call", "custom", "arguments", "audio"),
    *("reasoning", "reasoning_content", "refusal", "finish_reason", "stop_reason"),
    *("logprobs", "token_logprobs", "logprob", "prompt_tokens", "input_tokens"),
    *("prompt_tokens_details", "cached_tokens", "seconds", "duration", "data"),
    *("image_url", "url", "file", "file_data", "file_id", "b64_json", "results"),
    *("categories", "category_scores", "flagged", "stop", "n", "modalities", "format"),
    *("response_format", "json_schema", "conversation", "metadata", "user", "summary"),
    *("output_index", "sequence_number", "incomplete_details", "action", "outputs"),
]
KINDS = st.sampled_from(
    [
        *("message", "function_call", "function_call_output", "reasoning", "mcp_call"),
        *("web_search_call", "image_generation_call", "compaction", "text", "function"),
        *("input_image", "input_audio", "image_url", "file", "refusal", "input_file"),
        *("response.output_text.delta", "response.completed", "response.failed"),
        *("response.output_item.added", "response.output_item.done", "error"),
        *("transcript.text.delta", "transcript.text.done", "custom_tool_call"),
        *("image_generation.partial_image", "image_generation.completed"),
        *("completed", "incomplete", "failed", "tool", "user", "assistant"),
    ]
)
LEAVES = (
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text() | KINDS
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=8)
ENDPOINTS = {
    **{path: endpoint for (_, path), endpoint in _ENDPOINTS.items()},
    "fetch": _FETCH,
    "cancel": _CANCEL,
}


@pytest.mark.parametrize("path", ENDPOINTS)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(body=OBJECTS, answer=ANYTHING, chunks=st.lists(OBJECTS, max_size=4))
def test_anything_can_be_asked_answered_and_streamed(
    path: str, body: Any, answer: Any, chunks: Any
) -> None:
    endpoint: Endpoint = ENDPOINTS[path]
    readings = [endpoint.read_request(body), endpoint.read_response(answer)]
    if endpoint.joiner is not None:
        joiner = endpoint.joiner()
        joiner.add(chunks)
        readings.append(endpoint.read_response(joiner.joined()))

    for read in readings:
        assert all(value is not None for value in read.attributes.values())
        assert orjson.dumps(read.content)
