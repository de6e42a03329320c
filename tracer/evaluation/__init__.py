"""Evaluation: runs logged from any loop, or declared as a whole."""

from tracer.evaluation._scored import Scored
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.prediction import Prediction
from tracer.evaluation.results import EvaluationResult, ResultRow
from tracer.evaluation.runner import Evaluation
from tracer.evaluation.scorers import Scorer

__all__ = [
    "Dataset",
    "Evaluation",
    "EvaluationLogger",
    "EvaluationResult",
    "Prediction",
    "ResultRow",
    "Scored",
    "Scorer",
]
