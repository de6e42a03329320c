"""Token counts in the convention's names; the parts are included in the wholes."""

from typing import Any, Final

from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._openai.fields import fields_of

_COUNTS: Final = {
    "prompt_tokens": semconv.USAGE_INPUT_TOKENS,
    "input_tokens": semconv.USAGE_INPUT_TOKENS,
    "completion_tokens": semconv.USAGE_OUTPUT_TOKENS,
    "output_tokens": semconv.USAGE_OUTPUT_TOKENS,
}
_OF_INPUT: Final = {
    "cached_tokens": semconv.USAGE_CACHE_READ_INPUT_TOKENS,
    "cache_write_tokens": semconv.USAGE_CACHE_WRITE_INPUT_TOKENS,
    "text_tokens": semconv.USAGE_TEXT_INPUT_TOKENS,
    "image_tokens": semconv.USAGE_IMAGE_INPUT_TOKENS,
    "audio_tokens": semconv.USAGE_AUDIO_INPUT_TOKENS,
}
_OF_OUTPUT: Final = {
    "reasoning_tokens": semconv.USAGE_REASONING_OUTPUT_TOKENS,
    "text_tokens": semconv.USAGE_TEXT_OUTPUT_TOKENS,
    "image_tokens": semconv.USAGE_IMAGE_OUTPUT_TOKENS,
    "audio_tokens": semconv.USAGE_AUDIO_OUTPUT_TOKENS,
    "accepted_prediction_tokens": semconv.USAGE_ACCEPTED_PREDICTION_TOKENS,
    "rejected_prediction_tokens": semconv.USAGE_REJECTED_PREDICTION_TOKENS,
}
_DETAILS: Final = {
    "prompt_tokens_details": _OF_INPUT,
    "input_tokens_details": _OF_INPUT,
    "input_token_details": _OF_INPUT,
    "completion_tokens_details": _OF_OUTPUT,
    "output_tokens_details": _OF_OUTPUT,
    "output_token_details": _OF_OUTPUT,
}
_TOLD_AT_ZERO: Final = ("cached_tokens", "cache_write_tokens", "reasoning_tokens")
"""Parts whose zero says something; others are left out where there were none."""


def usage_attributes(usage: Any) -> dict[str, AttributeValue]:
    """Return the counts of any answer, however its endpoint spells them."""
    attributes: dict[str, AttributeValue] = {}
    if usage is None:
        return attributes
    for name, value in fields_of(usage).items():
        if name in _COUNTS:
            if type(value) is int:
                attributes[_COUNTS[name]] = value
        elif name == "seconds" and type(value) in (int, float):
            attributes[semconv.USAGE_INPUT_SECONDS] = float(value)
        elif name in _DETAILS and value is not None:
            keys = _DETAILS[name]
            for part, count in fields_of(value).items():
                if part in keys and type(count) is int:
                    if count or part in _TOLD_AT_ZERO:
                        attributes[keys[part]] = count
    return attributes
