"""How often a client sent a request again: told by its own pause before it does."""

import functools
from collections.abc import Callable
from typing import Any, Final

from opentelemetry.trace import SpanKind

from tracer import semconv
from tracer._capture.spans import current_span
from tracer._guard import guarded

_PAUSES: Final = ("_sleep_for_retry", "_retry_request")
"""What a client calls before each retry, newest first; it has one of them, or none."""

_NOTING = guarded("count a client's retries")


def counting_pauses(client: Any) -> dict[str, Callable[..., Any]]:
    """Return one client's pauses, which tell the span of a call when it is sent again.

    What stands in the client's own attributes is kept below; else its class is asked
    at every pause, as other libraries may come later, and patch that.
    """
    own = vars(client)
    return {
        name: _counting(client, name, own.get(name))
        for name in _PAUSES
        if hasattr(client, name)
    }


def _counting(
    client: Any, name: str, own: Callable[..., Any] | None
) -> Callable[..., Any]:
    @functools.wraps(getattr(client, name))
    def pause(*args: Any, **kwargs: Any) -> Any:
        _note(kwargs)
        theirs = own or getattr(type(client), name).__get__(client)
        return theirs(*args, **kwargs)

    return pause


def counting_methods(owner: type[Any]) -> dict[str, Callable[..., Any]]:
    """Return the same for every client of a class, as methods of that class alone."""
    return {
        name: _counting_method(getattr(owner, name))
        for name in _PAUSES
        if hasattr(owner, name)
    }


def _counting_method(method: Any) -> Callable[..., Any]:
    """Return the method; of an asynchronous one, the coroutine is handed on."""

    @functools.wraps(method)
    def pause(self: Any, *args: Any, **kwargs: Any) -> Any:
        _note(kwargs)
        return method.__get__(self, type(self))(*args, **kwargs)

    return pause


@_NOTING
def _note(told: dict[str, Any]) -> None:
    """Set the count on the span of the call, which is current while it is sent.

    Around a call that is not recorded another span is current, which is no client's.
    """
    retries_taken = told.get("retries_taken")
    span = current_span()
    if span.is_recording and isinstance(retries_taken, int):
        otel_span: Any = span._otel
        is_call = otel_span.kind is SpanKind.CLIENT
        if is_call and semconv.PROVIDER_NAME in otel_span.attributes:
            span.set_attribute(semconv.REQUEST_RESEND_COUNT, retries_taken + 1)
