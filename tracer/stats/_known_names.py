"""Names that mean the same everywhere: measures, metrics, which way and how far."""

from collections.abc import Mapping
from math import inf
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


_FROM_0_TO_1: Final = (
    *("exact_match", "contains", "regex_match", "numeric_match"),
    *("json_valid", "json_schema_valid", "json_diff"),
    *("squad_exact_match", "squad_f1", "korquad_exact_match", "korquad_f1"),
    *("character_accuracy", "bleu", "chrf", "rouge_1", "rouge_2", "rouge_l"),
    *("precision_at_k", "recall_at_k", "hit_rate_at_k"),
    *("reciprocal_rank", "ndcg_at_k", "tool_call_valid", "tool_name_match"),
    *("tool_parameter_key_match", "tool_parameter_kv_match"),
    *("trajectory_exact_match", "trajectory_in_order_match"),
    *("trajectory_any_order_match", "trajectory_precision", "trajectory_recall"),
    "trajectory_single_tool_use",
)

_ENDS: Final[Mapping[str, tuple[float, float]]] = {
    **dict.fromkeys(_FROM_0_TO_1, (0.0, 1.0)),
    **dict.fromkeys(("embedding_similarity", "bert_score"), (-1.0, 1.0)),
    **dict.fromkeys(("cer", "wer", *MEASURES), (0.0, inf)),
    "perplexity": (1.0, inf),
    "failed": (0.0, 1.0),
}
"""Least and most of the metrics of `tracer.metrics` and of the measures, by name.

A test holds them equal to the registry, which this room must not import.
"""


def known_ends(name: str) -> tuple[float, float] | None:
    """Return the least and the most that a metric or measure can be, if it is known."""
    return _ENDS.get(name)
