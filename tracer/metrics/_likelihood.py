"""How sure a model was of its own words: perplexity."""

from collections.abc import Mapping, Sequence
from math import exp, fsum, inf
from typing import Any

import orjson

from tracer import semconv
from tracer._openai.logprobs import numbers_of
from tracer.metrics._missing import missing_without_answer


@missing_without_answer
def perplexity(output: Any) -> float:
    """Return the perplexity of the tokens that a model chose, 1 or more.

    The exponential of minus the mean natural log-probability: among how many tokens,
    all alike, the model hesitated on average. Only one model's may be compared with
    each other, as models cut texts differently.

    Args:
        output: Log-probabilities as a list (a None among them is left out); the
            ``logprobs`` of an OpenAI choice; the value of the attribute
            ``tracer.logprobs``, or a recorded span that has it; a mapping with one of
            those under ``logprobs``. Of several choices all tokens count together.

    Raises:
        ValueError: No log-probability is in it.
    """
    n_tokens, total = _counted(output)
    if not n_tokens:
        raise ValueError(
            "there is no log-probability; ask the model with logprobs=True, and give "
            "a list of them, a response's logprobs, or a recorded span"
        )
    try:
        return exp(-total / n_tokens)
    except OverflowError:
        return inf


def _counted(value: Any) -> tuple[int, float]:
    """Return how many tokens there are, and the sum of their log-probabilities."""
    if isinstance(value, str):
        value = _read(value)
    if isinstance(value, Mapping):
        if "n_tokens" in value:  # one choice as it was recorded
            return int(value["n_tokens"]), float(value["sum"])
        for key in ("attributes", semconv.LOGPROBS, "logprobs"):
            if value.get(key):
                return _counted(value[key])
    if isinstance(value, Sequence):
        if any(isinstance(one, Mapping) for one in value):
            parts = [_counted(one) for one in value]
            return sum(n for n, _ in parts), fsum(total for _, total in parts)
        numbers = [one for one in value if one is not None]
    else:
        numbers = [one for one in numbers_of(value) if one is not None]
    return len(numbers), fsum(numbers)


def _read(text: str) -> Any:
    """Return the value of a JSON text; of any other, which has no numbers, nothing."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
