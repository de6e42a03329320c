"""Metrics that need no judge: pure functions of output and expected."""

from tracer.metrics._answers import (
    korquad_exact_match,
    korquad_f1,
    squad_exact_match,
    squad_f1,
)
from tracer.metrics._edits import cer, character_accuracy, wer
from tracer.metrics._match import contains, exact_match, numeric_match, regex_match
from tracer.metrics._overlap import bleu, chrf, rouge_1, rouge_2, rouge_l
from tracer.metrics._retrieval import (
    hit_rate_at_k,
    ndcg_at_k,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)

__all__ = [
    "bleu",
    "cer",
    "character_accuracy",
    "chrf",
    "contains",
    "exact_match",
    "hit_rate_at_k",
    "korquad_exact_match",
    "korquad_f1",
    "ndcg_at_k",
    "numeric_match",
    "precision_at_k",
    "recall_at_k",
    "reciprocal_rank",
    "regex_match",
    "rouge_1",
    "rouge_2",
    "rouge_l",
    "squad_exact_match",
    "squad_f1",
    "wer",
]
