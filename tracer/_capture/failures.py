"""What a failed span says of the exception, as OpenTelemetry's conventions want it."""

import os
import time
import traceback
from typing import Final

from opentelemetry import trace as otel
from opentelemetry.trace import Status, StatusCode
from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._capture import exceptions as _exceptions
from tracer._guard import attempt
from tracer._values.text import clean_text, cut_text

MOST_MESSAGE_CHARACTERS: Final = 4_000
MOST_TRACE_CHARACTERS: Final = 32_000
MOST_FRAMES_ABOVE: Final = 16
MOST_FRAMES_OF_OURS: Final = 16
"""Frames that are looked at above the call: its callers, and our own in between."""

_OURS: Final = os.path.dirname(os.path.dirname(__file__)) + os.sep

MOST_FRAMES: Final = 64
"""Innermost frames kept: each span of a runaway recursion formats its own."""


def record_failure(span: otel.Span, error: BaseException, *, fails: bool) -> None:
    """Add the event of an exception; if the span fails by it, its status and type.

    Texts of exceptions often quote what people said: where content is not captured
    they are left out, rules of redaction hold for them, and where content is not shared
    they are kept beside the span.
    """
    name = error_type(error)
    message = error_text(error)
    details: dict[str, AttributeValue] = {
        semconv.EXCEPTION_TYPE: name,
        semconv.EXCEPTION_MESSAGE: message,
        semconv.EXCEPTION_STACKTRACE: _stack(error),
    }
    said = {key: text for key, text in details.items() if text}
    status = (message or name) if fails else ""
    is_shared = _runtime.state.settings.share_content
    at_ns = _exceptions.free_time_ns(span, time.time_ns())
    shown = said if is_shared else {semconv.EXCEPTION_TYPE: name}
    span.add_event(semconv.EVENT_EXCEPTION, shown, at_ns)
    if fails:
        span.set_attribute(semconv.ERROR_TYPE, name)
        span.set_status(Status(StatusCode.ERROR, status if is_shared else None))
    if not is_shared:
        _exceptions.keep(span, at_ns, said, status=status)


def is_failure(error: BaseException) -> bool:
    """Return whether an exception that leaves an operation means that it failed.

    The end of an iteration, a generator that nobody reads on and a program that exits
    well are none.
    """
    if isinstance(error, SystemExit):
        return error.code not in (None, 0)
    return not isinstance(error, GeneratorExit | StopIteration | StopAsyncIteration)


def error_type(error: BaseException) -> str:
    """Return the qualified name of an exception's class; builtins stand bare."""
    kind = type(error)
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return f"{kind.__module__}.{kind.__qualname__}"


def error_text(error: BaseException) -> str:
    """Return what an exception says, as far as content may leave the process."""
    if not _runtime.state.settings.capture_content:
        return ""
    text = attempt("read an exception's text", lambda: str(error), otherwise="")
    return _safe(text, MOST_MESSAGE_CHARACTERS)


def _stack(error: BaseException) -> str:
    """Return the traceback; without content only where it went, not what was said."""
    text = attempt("format a traceback", lambda: _formatted(error), otherwise="")
    if not _runtime.state.settings.capture_content:
        return text
    return _safe(text, MOST_TRACE_CHARACTERS)


def _formatted(error: BaseException) -> str:
    """Return the way to an exception, through the app's code and not through ours.

    Its own traceback begins where we caught it: the callers are what was on the stack.
    """
    above = traceback.extract_stack(limit=MOST_FRAMES_ABOVE + MOST_FRAMES_OF_OURS)
    whole = traceback.TracebackException(
        type(error), error, error.__traceback__, limit=-MOST_FRAMES
    )
    callers = [frame for frame in above if _is_of_the_app(frame)]
    below = [frame for frame in whole.stack if _is_of_the_app(frame)]
    whole.stack[:] = callers[-MOST_FRAMES_ABOVE:] + below
    if not _runtime.state.settings.capture_content:
        return "".join(whole.stack.format())
    return "".join(whole.format())


def _is_of_the_app(frame: traceback.FrameSummary) -> bool:
    return not frame.filename.startswith(_OURS)


def _safe(text: str, most_characters: int) -> str:
    redacted = _runtime.state.redactor.text(clean_text(text))
    return cut_text(redacted, most_characters)
