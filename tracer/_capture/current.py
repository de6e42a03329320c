"""Which span is the current one, in OpenTelemetry's context and in ours."""

from contextvars import Token
from types import TracebackType
from typing import TYPE_CHECKING

from opentelemetry import context as otel_context
from opentelemetry import trace as otel
from opentelemetry.context import Context

from tracer._guard import logger

if TYPE_CHECKING:
    from tracer._capture.spans import Span

HANDLE_KEY = otel_context.create_key("tracer-span")
(SPAN_KEY,) = otel.set_span_in_context(otel.INVALID_SPAN, Context())
"""Where OpenTelemetry keeps the current span in a context."""


def attach(span: "Span", here: Context | None = None) -> Token[Context] | None:
    """Make a span the current one; hand the token to `detach` on the same path.

    Args:
        span: What is begun.
        here: The current context, for a caller who has it at hand.
    """
    if span._otel is otel.INVALID_SPAN:
        return None
    if here is None:
        here = otel_context.get_current()
    inside = Context({**here, SPAN_KEY: span._otel, HANDLE_KEY: span})
    return otel_context.attach(inside)


def detach(token: Token[Context] | None) -> None:
    """Put back what was current; silently not, where that is another context's.

    OpenTelemetry's own `detach` logs an error there: the end of an abandoned
    asynchronous generator, which the event loop runs in a context of its own.
    """
    if token is not None:
        try:
            token.var.reset(token)
        except (ValueError, RuntimeError):
            logger.debug("a span was left in another context than it was entered")


class Activation:
    """Makes a span current on entering and puts back what was, on leaving.

    It may be entered again, one time after another: each step of a generator does.
    """

    __slots__ = ("_around", "_inside", "_span", "_token")

    def __init__(self, span: "Span") -> None:
        self._span = span
        self._token: Token[Context] | None = None
        self._around: Context | None = None
        self._inside = Context()

    def __enter__(self) -> "Span":
        if self._span._otel is otel.INVALID_SPAN:
            return self._span
        around = otel_context.get_current()
        if around is not self._around:
            self._around = around
            entered = {SPAN_KEY: self._span._otel, HANDLE_KEY: self._span}
            self._inside = Context({**around, **entered})
        self._token = otel_context.attach(self._inside)
        return self._span

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        detach(self._token)
