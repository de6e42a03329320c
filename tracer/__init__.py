"""LLM tracing and evaluation for Python."""

from tracer._blocks import span
from tracer._context import using
from tracer._decorator import trace
from tracer._openai import wrap_openai
from tracer._scores import score
from tracer._setup import configure, flush, shutdown
from tracer._spans import Span, current_span
from tracer.client import Client
from tracer.evaluation import Dataset, Evaluation, EvaluationLogger, Scorer

__all__ = [
    "Client",
    "Dataset",
    "Evaluation",
    "EvaluationLogger",
    "Scorer",
    "Span",
    "configure",
    "current_span",
    "flush",
    "score",
    "shutdown",
    "span",
    "trace",
    "using",
    "wrap_openai",
]
