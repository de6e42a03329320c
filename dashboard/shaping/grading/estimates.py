"""What making a call again would cost, by the tokens that were recorded."""

from collections.abc import Mapping
from typing import Any

from tracer.judges import Price

Row = Mapping[str, Any]


def cost_of_again(span: Row, price: Price | None) -> float | None:
    """Return about what the same call costs, in US dollars; None if nobody can know.

    Args:
        span: The recorded step.
        price: What tokens of the model cost that is asked; None if no list has it.
    """
    given, made = span["input_tokens"], span["output_tokens"]
    if price is None or (not given and not made):
        return None
    return price.cost_usd(given or 0, made or 0)
