"""Whole OTLP export requests: frame items, count them, split a request in two.

The requests of traces and logs have the same field numbers at every level:
request {1: resource group}, resource group {1: resource, 2: scope group, 3: schema},
scope group {1: scope, 2: item, 3: schema}.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from tracer._delivery.otlp.values import encode_attributes
from tracer._delivery.otlp.wire import field, fields, utf8, varint


def encode_scope_group(
    scope: InstrumentationScope | None, items: Sequence[bytes]
) -> list[bytes]:
    """Frame encoded items, in order, below their scope; in pieces, not yet joined."""
    inside = b""
    if scope is not None:
        inside = field(b"\x0a", utf8(scope.name))
        inside += _text(b"\x12", scope.version)
        inside += encode_attributes(b"\x1a", scope.attributes or {})
    pieces = [field(b"\x0a", inside)]
    for item in items:
        pieces += (b"\x12", varint(len(item)), item)
    pieces.append(_text(b"\x1a", scope.schema_url if scope else None))
    return pieces


def encode_resource_group(
    attributes: Mapping[str, Any], scope_group: list[bytes], *, schema_url: str
) -> list[bytes]:
    """Frame a scope group below its resource, in pieces; a request is such groups."""
    resource = field(b"\x0a", encode_attributes(b"\x0a", attributes))
    schema = _text(b"\x1a", schema_url)
    group = [
        resource,
        b"\x12",
        varint(sum(map(len, scope_group))),
        *scope_group,
        schema,
    ]
    return [b"\x0a", varint(sum(map(len, group))), *group]


def count_items(request: bytes) -> int:
    """Count the spans or log records of a request.

    Raises:
        ValueError: The bytes are not such a request.
    """
    return sum(
        number == 2
        for group in _messages(request, 1)
        for scope_group in _messages(group, 2)
        for number, _ in fields(scope_group)
    )


def split_request(request: bytes) -> tuple[bytes, bytes]:
    """Halve a request by its items; both halves keep resources, scopes and order.

    Raises:
        ValueError: The bytes are not such a request, or it holds fewer than two items.
    """
    n_items = count_items(request)
    if n_items < 2:
        raise ValueError(f"a request of {n_items} items cannot be halved")
    half = n_items // 2
    return _pick(request, range(half)), _pick(request, range(half, n_items))


def _pick(request: bytes, wanted: range) -> bytes:
    """Keep the items of these positions, and only the groups that hold any."""
    groups, position = [], 0
    for group in _messages(request, 1):
        inside, n_kept = [], 0
        for number, payload in _frames(group):
            if number == 2:
                frames = list(_frames(payload))
                positions = range(position, position + sum(n == 2 for n, _ in frames))
                position = positions.stop
                keep = iter(at in wanted for at in positions)
                kept = [frame for frame in frames if frame[0] != 2 or next(keep)]
                if not any(inner == 2 for inner, _ in kept):
                    continue
                n_kept += 1
                payload = b"".join(_frame(*frame) for frame in kept)
            inside.append(_frame(number, payload))
        if n_kept:
            groups.append(_frame(1, b"".join(inside)))
    return b"".join(groups)


def _frame(number: int, payload: bytes) -> bytes:
    return field(bytes((number << 3 | 2,)), payload)


def _frames(message: bytes) -> Iterator[tuple[int, bytes]]:
    for number, payload in fields(message):
        if not isinstance(payload, bytes):
            raise ValueError(f"field {number} of an OTLP frame is no message")
        yield number, payload


def _messages(message: bytes, wanted: int) -> Iterator[bytes]:
    return (payload for number, payload in _frames(message) if number == wanted)


def _text(tag: bytes, text: str | None) -> bytes:
    return field(tag, utf8(text)) if text else b""
