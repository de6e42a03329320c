"""Judges: models that grade, check, compare; over any OpenAI-compatible endpoint."""

from tracer.judges._estimate import Estimate, estimate
from tracer.judges._money import Budget, Price, Spending
from tracer.judges._rubric import RAG, READY, GradedExample, Rubric
from tracer.judges.bias import PairwiseBias, pairwise_bias
from tracer.judges.checks import Checklist, LabelJudge
from tracer.judges.claims import (
    AnswerRelevancy,
    ContextPrecision,
    ContextRecall,
    Faithfulness,
)
from tracer.judges.definition import judge_of
from tracer.judges.graded import RagJudge, RubricJudge, RubricSetJudge
from tracer.judges.judge import Judge
from tracer.judges.model import JudgeModel
from tracer.judges.pairwise import PairwiseJudge
from tracer.judges.stored import judge_agreement, judge_noise

__all__ = [
    "RAG",
    "READY",
    "AnswerRelevancy",
    "Budget",
    "Checklist",
    "ContextPrecision",
    "ContextRecall",
    "Estimate",
    "Faithfulness",
    "GradedExample",
    "Judge",
    "JudgeModel",
    "LabelJudge",
    "PairwiseBias",
    "PairwiseJudge",
    "Price",
    "RagJudge",
    "Rubric",
    "RubricJudge",
    "RubricSetJudge",
    "Spending",
    "estimate",
    "judge_agreement",
    "judge_noise",
    "judge_of",
    "pairwise_bias",
]
