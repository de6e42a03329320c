"""Metrics that need no judge: pure functions of output and expected.

`REGISTRY` has all of them with range, direction and needs; `scorer` makes one ready for
`Evaluation(scorers=…)`, its settings filled in.
"""

from typing import Any

from tracer.metrics._answers import (
    korquad_exact_match,
    korquad_f1,
    squad_exact_match,
    squad_f1,
)
from tracer.metrics._calls import ToolCall, tool_calls, trajectory
from tracer.metrics._catalogue import REGISTRY
from tracer.metrics._edits import cer, character_accuracy, wer
from tracer.metrics._embeddings import (
    AsyncEmbeddingSimilarity,
    EmbeddingSimilarity,
    cosine,
)
from tracer.metrics._json import json_diff, json_schema_valid, json_valid
from tracer.metrics._labels import (
    Classification,
    classification,
    cohen_kappa,
    label_pairs,
)
from tracer.metrics._likelihood import perplexity
from tracer.metrics._match import contains, exact_match, numeric_match, regex_match
from tracer.metrics._overlap import bleu, chrf, rouge_1, rouge_2, rouge_l
from tracer.metrics._registry import Metric, read_scorer
from tracer.metrics._retrieval import (
    hit_rate_at_k,
    ndcg_at_k,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)
from tracer.metrics._tokens import BertScore, TokenMatch, greedy_match
from tracer.metrics._tools import (
    tool_call_valid,
    tool_name_match,
    tool_parameter_key_match,
    tool_parameter_kv_match,
)
from tracer.metrics._trajectories import (
    trajectory_any_order_match,
    trajectory_exact_match,
    trajectory_in_order_match,
    trajectory_precision,
    trajectory_recall,
    trajectory_single_tool_use,
)

__all__ = [
    "REGISTRY",
    "AsyncEmbeddingSimilarity",
    "BertScore",
    "Classification",
    "EmbeddingSimilarity",
    "Metric",
    "TokenMatch",
    "ToolCall",
    "bleu",
    "cer",
    "character_accuracy",
    "chrf",
    "classification",
    "cohen_kappa",
    "contains",
    "cosine",
    "exact_match",
    "greedy_match",
    "hit_rate_at_k",
    "json_diff",
    "json_schema_valid",
    "json_valid",
    "korquad_exact_match",
    "korquad_f1",
    "label_pairs",
    "ndcg_at_k",
    "numeric_match",
    "perplexity",
    "precision_at_k",
    "recall_at_k",
    "reciprocal_rank",
    "regex_match",
    "rouge_1",
    "rouge_2",
    "rouge_l",
    "scorer",
    "squad_exact_match",
    "squad_f1",
    "tool_call_valid",
    "tool_calls",
    "tool_name_match",
    "tool_parameter_key_match",
    "tool_parameter_kv_match",
    "trajectory",
    "trajectory_any_order_match",
    "trajectory_exact_match",
    "trajectory_in_order_match",
    "trajectory_precision",
    "trajectory_recall",
    "trajectory_single_tool_use",
    "wer",
]


def scorer(metric: str, **options: Any) -> Any:
    """Return a metric as a scorer, with its settings: ``scorer("recall_at_k", k=5)``.

    Args:
        metric: Its name in `REGISTRY`.
        options: Its settings; ``name`` is the name of the score, ``column_map`` says
            where the output is if it is within one: ``{"output": "output.answer"}``.

    Raises:
        ConfigurationError: There is no such metric, or it has no such setting.
    """
    return read_scorer({"metric": metric, **options}, REGISTRY)
