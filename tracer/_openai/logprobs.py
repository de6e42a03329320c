"""What a model thought of its own tokens, as numbers of a bounded count."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from tracer._openai.fields import fields_of
from tracer._values.text import TRUNCATED

MOST_LOGPROBS: Final = 2_000
"""How many of one choice are recorded; the sum and the count are of all."""

_DIGITS: Final = 6

Numbers = list[float | None]


def numbers_of(logprobs: Any) -> Numbers:
    """Return the numbers of one choice, in whichever form an endpoint gives them.

    Chat completions list the tokens of content and refusal, text completions and our
    joiners the numbers alone; a prompt's first token has none.
    """
    fields = fields_of(logprobs)
    given = fields.get("token_logprobs")
    if given:
        return list(given)
    return [
        *listed(fields.get("content")),
        *listed(fields.get("refusal")),
    ]


def listed(tokens: Any) -> Iterable[float | None]:
    """Return the numbers of a list of tokens."""
    return [fields_of(token).get("logprob") for token in tokens or ()]


def summary(choices: Sequence[Numbers]) -> list[dict[str, Any]]:
    """Return what is recorded of the logprobs of each choice."""
    return [_summary(numbers) for numbers in choices]


def _summary(numbers: Numbers) -> dict[str, Any]:
    known = [number for number in numbers if isinstance(number, (int, float))]
    told: dict[str, Any] = {
        "n_tokens": len(known),
        "sum": round(sum(known), _DIGITS) if known else 0.0,
        "logprobs": [
            round(number, _DIGITS) if isinstance(number, (int, float)) else None
            for number in numbers[:MOST_LOGPROBS]
        ],
    }
    if len(numbers) > MOST_LOGPROBS:
        told["truncated"] = (
            f"{TRUNCATED}: {MOST_LOGPROBS:,} of {len(numbers):,} logprobs kept]"
        )
    return told
