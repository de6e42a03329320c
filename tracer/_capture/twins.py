"""Spans that other instrumentations begin, of a model call that we record already.

Such a twin does not go to us; other exporters of the app see it as ever.
"""

import weakref
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext

from tracer import semconv
from tracer._capture.finished import altered
from tracer._runtime import FORCED_SCOPE, SCOPE

CALL_KEY: Final = otel_context.create_key("tracer-model-call")
"""Where a context says whose request is being sent in it: our span's context."""

MODEL_CALLS_SUPPRESSED: Final = "suppress_language_model_instrumentation"
"""OpenLLMetry's word in a context; unlike OpenTelemetry's own it leaves HTTP alone."""

_MODEL_CALLS: Final = (
    (
        semconv.OPERATION_NAME,
        frozenset({"chat", "text_completion", "generate_content", "embeddings"}),
        semconv.REQUEST_MODEL,
    ),
    (semconv.OPERATION_NAME, frozenset({"fetch_response"}), semconv.RESPONSE_ID),
    (
        "langfuse.observation.type",
        frozenset({"generation", "embedding"}),
        "langfuse.observation.model.name",
    ),
)
"""How a span says that it is one call of a model: by a word, of which model beside it.

One that names no model may be a function of the app, with several calls in it.
"""

_OPENINFERENCE: Final = "openinference.instrumentation."
"""Begins the scopes of its libraries, which name the model only later."""

_OPENINFERENCE_KIND: Final = "openinference.span.kind"
_OPENINFERENCE_CALLS: Final = frozenset({"LLM", "EMBEDDING"})

by_span: dict[int, SpanContext] = {}
"""The context of the call that a twin belongs to, by the twin's span id."""


def is_others_model_call(span: Any) -> bool:
    """Return whether another library says that its span is one call of a model."""
    scope = getattr(span, "instrumentation_scope", None)
    if scope is None or scope.name in (SCOPE, FORCED_SCOPE):
        return False
    attributes = span.attributes or {}
    if scope.name.startswith(_OPENINFERENCE):
        return attributes.get(_OPENINFERENCE_KIND) in _OPENINFERENCE_CALLS
    return any(
        isinstance(said := attributes.get(key), str)
        and said in calls
        and beside in attributes
        for key, calls, beside in _MODEL_CALLS
    )


def note(span: ReadableSpan, call: SpanContext) -> None:
    """Remember a span that begins while a call of ours is sent, if it is its twin."""
    parent, own = span.parent, span.context
    if own is None or parent is None or parent.span_id != call.span_id:
        return
    if is_others_model_call(span):
        by_span[own.span_id] = call
        weakref.finalize(span, by_span.pop, own.span_id, None).atexit = False


def kept(span: ReadableSpan) -> ReadableSpan | None:
    """Return what goes to us of a finished span: nothing of a twin.

    Spans below a twin, of the HTTP request say, hang below the call itself, unless
    they record it a third time.
    """
    if not by_span:
        return span
    own, parent = span.context, span.parent
    if own is None:
        return span
    if own.span_id in by_span:
        return None
    call = by_span.get(parent.span_id) if parent is not None else None
    if call is None:
        return span
    if is_others_model_call(span):
        return None
    return altered(span, parent=call)
