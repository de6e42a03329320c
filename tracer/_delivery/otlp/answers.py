"""What the collector says in the body of its answer."""

from tracer._delivery.otlp.wire import fields


def read_partial_success(body: bytes) -> tuple[int, str]:
    """Return how many items were rejected and why, from Export…ServiceResponse.

    A body that is no such message (some proxies answer text) counts as no complaint.
    """
    try:
        for number, payload in fields(body):
            if number == 1 and isinstance(payload, bytes):
                return _read_rejection(payload)
    except ValueError:
        pass
    return 0, ""


def read_status_message(body: bytes) -> str:
    """Return the message of a google.rpc.Status, or the body's beginning as text."""
    try:
        for number, payload in fields(body):
            if number == 2 and isinstance(payload, bytes):
                return payload.decode("utf-8", "replace")[:300]
    except ValueError:
        pass
    return body[:300].decode("utf-8", "replace").strip()


def _read_rejection(message: bytes) -> tuple[int, str]:
    rejected, reason = 0, ""
    for number, payload in fields(message):
        if number == 1 and isinstance(payload, int):
            rejected = payload
        elif number == 2 and isinstance(payload, bytes):
            reason = payload.decode("utf-8", "replace")[:300]
    return rejected, reason
