"""Names that mean the same everywhere: the measures, and of what less is better."""

from collections.abc import Mapping
from typing import Final

MEASURES: Final[Mapping[str, str]] = {
    "latency_ms": "number",
    "input_tokens": "number",
    "output_tokens": "number",
    "total_tokens": "number",
    "cost_usd": "number",
    "failed": "bool",
}
"""Every measure and its type, in the order in which they are shown."""

LOWER_IS_BETTER: Final = frozenset({"cer", "wer", "perplexity", *MEASURES})
"""Scores and measures of which less is better: of scores those of `tracer.metrics`.

A test holds it equal to the registry, which this room must not import.
"""


def is_lower_better(name: str) -> bool:
    """Return whether less of it is better; of a score that nobody knows more is."""
    return name in LOWER_IS_BETTER
