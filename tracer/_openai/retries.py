"""How often a client sent a request again: told by its own pause before it does."""

import functools
from collections.abc import Callable
from typing import Any, Final

from opentelemetry.trace import SpanKind

from tracer import semconv
from tracer._guard import guarded
from tracer._spans import current_span

_PAUSES: Final = ("_sleep_for_retry", "_retry_request")
"""What a client calls before each retry, newest first; it has one of them, or none."""

_MARK: Final = "_tracer_counts"
_NOTING = guarded("count a client's retries")


def count_retries(client_class: type) -> None:
    """Have the clients of a class tell the span of a call when they send it again.

    It stays when a client is unwrapped: without a span of ours it does nothing, and a
    call that goes well the first time never comes this way.
    """
    for base in client_class.__mro__:
        for name in _PAUSES:
            pause = vars(base).get(name)
            if pause is not None and not hasattr(pause, _MARK):
                setattr(base, name, _noting(pause))


def _noting(pause: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method; of an asynchronous one, the coroutine is handed on."""

    @functools.wraps(pause)
    def noting(*args: Any, **kwargs: Any) -> Any:
        with _NOTING:
            _note(kwargs.get("retries_taken"))
        return pause(*args, **kwargs)

    setattr(noting, _MARK, True)
    return noting


def _note(retries_taken: Any) -> None:
    """Set the count on the span of the call, which is current while it is sent.

    Around a call that is not recorded another span is current, which is no client's.
    """
    span = current_span()
    if span.is_recording and isinstance(retries_taken, int):
        otel_span: Any = span._otel
        is_call = otel_span.kind is SpanKind.CLIENT
        if is_call and semconv.PROVIDER_NAME in otel_span.attributes:
            span.set_attribute(semconv.REQUEST_RESEND_COUNT, retries_taken + 1)
