"""Evaluation: runs logged from any loop, or declared as a whole."""

from tracer.evaluation._datasets.difference import ChangedRow, DatasetDifference
from tracer.evaluation._datasets.duplicates import NearDuplicates
from tracer.evaluation._datasets.generating import GenerationError
from tracer.evaluation._datasets.schema import RowError, SchemaError
from tracer.evaluation._scale import on_scale
from tracer.evaluation._scored import Scored
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.prediction import Prediction
from tracer.evaluation.results import EvaluationResult, ResultRow
from tracer.evaluation.runner import Evaluation
from tracer.evaluation.scorers import Scorer

__all__ = [
    "ChangedRow",
    "Dataset",
    "DatasetDifference",
    "Evaluation",
    "EvaluationLogger",
    "EvaluationResult",
    "GenerationError",
    "NearDuplicates",
    "Prediction",
    "ResultRow",
    "RowError",
    "SchemaError",
    "Scored",
    "Scorer",
    "on_scale",
]
