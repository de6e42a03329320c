"""LLM tracing and evaluation for Python."""

from typing import TYPE_CHECKING

from tracer import _namesake
from tracer._capture.blocks import span
from tracer._capture.context import using
from tracer._capture.decorator import trace
from tracer._capture.scores import score
from tracer._capture.spans import Span, current_span
from tracer._capture.threads import in_context
from tracer._openai import (
    instrument_openai,
    uninstrument_openai,
    unwrap_openai,
    wrap_openai,
)
from tracer._setup import configure, flush, shutdown

if TYPE_CHECKING:
    from tracer.client import Client
    from tracer.evaluation import Dataset, Evaluation, EvaluationLogger, Scorer
else:  # most applications only capture: the rest is imported when first asked for

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in __all__:
            raise AttributeError(f"module 'tracer' has no attribute {name!r}")
        room = "tracer.client" if name == "Client" else "tracer.evaluation"
        value = globals()[name] = getattr(import_module(room), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


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
    "in_context",
    "instrument_openai",
    "score",
    "shutdown",
    "span",
    "trace",
    "uninstrument_openai",
    "unwrap_openai",
    "using",
    "wrap_openai",
]

_namesake.warn()
