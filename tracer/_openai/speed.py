"""How fast a stream came, once it came."""

from tracer import semconv
from tracer._openai.fields import Reading


def tokens_per_second(
    answered: Reading, took_ns: int, *, hides_reasoning: bool
) -> float | None:
    """Return output tokens a second between the first chunk of a stream and its last.

    None without usage, or with one chunk only.

    Args:
        answered: What the stream brought.
        took_ns: From its first chunk to its last.
        hides_reasoning: The stream begins with the first word: reasoning that it does
            not tell came before, and is not counted.
    """
    told = answered.attributes
    n_tokens = told.get(semconv.USAGE_OUTPUT_TOKENS)
    if took_ns <= 0 or not isinstance(n_tokens, int):
        return None
    if hides_reasoning:
        n_tokens -= _hidden(answered)
    return n_tokens * 1e9 / took_ns if n_tokens > 0 else None


def _hidden(answered: Reading) -> int:
    """Return how many tokens of reasoning came before the stream and not within it."""
    n_tokens = answered.attributes.get(semconv.USAGE_REASONING_OUTPUT_TOKENS)
    is_told = any(
        part.get("type") == "reasoning"
        for message in answered.content.get(semconv.OUTPUT_MESSAGES, ())
        for part in message["parts"]
    )
    return n_tokens if isinstance(n_tokens, int) and not is_told else 0
