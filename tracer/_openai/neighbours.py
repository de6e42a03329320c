"""Other instrumentations of the same clients: one model call becomes one span of ours.

Where another one stands outside of ours, and its span goes to us as well, ours records
nothing. Where it stands inside, its span is a twin: see `tracer._capture.twins`.
"""

from contextvars import Token
from types import TracebackType
from typing import Any, Final

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from tracer._capture.context import ContextProcessor
from tracer._capture.current import HANDLE_KEY, SPAN_KEY, detach
from tracer._capture.spans import NOOP, Span
from tracer._capture.twins import CALL_KEY, MODEL_CALLS_SUPPRESSED, is_others_model_call

_SUPPRESSED: Final = (
    getattr(otel_context, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation"),
    "suppress_instrumentation",
)
"""OpenTelemetry's word in a context, in the spelling of today and of before."""


class Sending:
    """Makes a call's span current while its request is sent, and says so to others."""

    __slots__ = ("_span", "_token")

    def __init__(self, span: Span) -> None:
        self._span = span
        self._token: Token[Context] | None = None

    def __enter__(self) -> None:
        span = self._span
        if span is NOOP:
            return
        said = {
            **otel_context.get_current(),
            SPAN_KEY: span._otel,
            HANDLE_KEY: span,
            CALL_KEY: span._otel.get_span_context(),
            MODEL_CALLS_SUPPRESSED: True,
        }
        self._token = otel_context.attach(Context(said))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        detach(self._token)


def is_left_to_others() -> bool:
    """Return whether a model call that is about to be sent is not ours to record.

    Because instrumentation is suppressed here, or because the current span is that of
    another instrumentation for this very call, and goes to us as well.
    """
    here = otel_context.get_current()
    for key in _SUPPRESSED:
        if here.get(key):
            return True
    if here.get(MODEL_CALLS_SUPPRESSED) and CALL_KEY not in here:
        return True
    span: Any = here.get(SPAN_KEY)
    return is_others_model_call(span) and span.is_recording() and _goes_to_us(span)


def _goes_to_us(span: Any) -> bool:
    """Return whether a span's provider carries our processor.

    opentelemetry-sdk 1.45 keeps that to itself; if it moves, both spans are recorded.
    """
    all_of_them = getattr(span, "_span_processor", None)
    each_of_them = getattr(all_of_them, "_span_processors", ())
    return any(isinstance(each, ContextProcessor) for each in each_of_them)
