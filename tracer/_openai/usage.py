"""Token counts in the convention's names; the parts are included in the wholes."""

from typing import Any

from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._openai.fields import get, typed

_INPUT_DETAILS = (
    (semconv.USAGE_CACHE_READ_INPUT_TOKENS, "cached_tokens", int),
    (semconv.USAGE_CACHE_WRITE_INPUT_TOKENS, "cache_write_tokens", int),
)
_OUTPUT_DETAILS = ((semconv.USAGE_REASONING_OUTPUT_TOKENS, "reasoning_tokens", int),)
_CHAT = (
    (semconv.USAGE_INPUT_TOKENS, "prompt_tokens", int),
    (semconv.USAGE_OUTPUT_TOKENS, "completion_tokens", int),
)

_RESPONSES = (
    (semconv.USAGE_INPUT_TOKENS, "input_tokens", int),
    (semconv.USAGE_OUTPUT_TOKENS, "output_tokens", int),
)


def chat_usage(usage: Any) -> dict[str, AttributeValue]:
    """Return the counts of a chat completion or an embeddings response."""
    return (
        typed(usage, _CHAT)
        | typed(get(usage, "prompt_tokens_details"), _INPUT_DETAILS)
        | typed(get(usage, "completion_tokens_details"), _OUTPUT_DETAILS)
    )


def responses_usage(usage: Any) -> dict[str, AttributeValue]:
    """Return the counts of a response of the Responses API."""
    return (
        typed(usage, _RESPONSES)
        | typed(get(usage, "input_tokens_details"), _INPUT_DETAILS)
        | typed(get(usage, "output_tokens_details"), _OUTPUT_DETAILS)
    )
