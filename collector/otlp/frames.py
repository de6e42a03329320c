"""The top level of an OTLP trace request, and what the collector adds to it.

A request is a list of ResourceSpans frames. Each gets our fields appended, which the
engine reads like the sender's own; of a field that is there twice, the last one counts.
"""

from collections.abc import Iterator, Sequence

from collector.errors import RequestTooLarge, UnreadableRequest

MAX_ITEMS = 100_000
"""More spans, log records or metrics than this in one request are not traffic but an
attack: an empty span takes two bytes of a body, and eight thousand of memory."""

MAX_FIELDS = 2 * MAX_ITEMS
"""The same for the fields around them: to pass over each takes as long."""

RESOURCE_SPANS_TAG = 0x0A
_RESOURCES, _SCOPES, _ITEMS = 0x0A, 0x12, 0x12
"""Resources hold scopes, these items: the same fields in all three signals."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def varint(number: int) -> bytes:
    """Return a number as protobuf writes it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def bytes_field(number: int, content: bytes) -> bytes:
    """Return a length-delimited field."""
    return varint(number << 3 | _BYTES) + varint(len(content)) + content


def appended_fields(
    *, request_number: int, key_project: str, received_ms: int, digest: bytes
) -> bytes:
    """Return our fields of a ResourceSpans; the numbers are those of ``otlp.proto``."""
    return b"".join(
        (
            varint(1000 << 3) + varint(request_number),
            bytes_field(1001, key_project.encode()),
            varint(1002 << 3) + varint(received_ms),
            bytes_field(1003, digest),
        )
    )


Piece = bytes | memoryview
"""A part of a message; a view spares the copy of what is there already."""


def with_appended(body: bytes, suffix: bytes) -> list[Piece]:
    """Return the pieces of a request whose every ResourceSpans ends with `suffix`.

    Raises:
        UnreadableRequest: the body is no list of protobuf frames, or the last field of
            one says that it is longer, which would make ours a part of it.
    """
    pieces: list[Piece] = []
    view = memoryview(body)
    for tag, start, end in fields(body):
        if tag != RESOURCE_SPANS_TAG:
            continue
        for _ in fields(body, start, end):
            pass
        length = varint(end - start + len(suffix))
        pieces += (varint(RESOURCE_SPANS_TAG) + length, view[start:end], suffix)
    return pieces


def count_items(body: bytes) -> int:
    """Return how many spans, log records or metrics a request holds.

    Raises:
        UnreadableRequest: it is no list of protobuf frames.
        RequestTooLarge: there are too many, or too many fields around them.
    """
    n_fields = n_items = 0
    for tag, start, end in _scopes(body):
        n_fields += 1
        if tag == _SCOPES:
            for inner, _, _ in fields(body, start, end):
                n_items += inner == _ITEMS
                n_fields += inner != _ITEMS
                if n_items > MAX_ITEMS or n_fields > MAX_FIELDS:
                    break
        if n_items > MAX_ITEMS or n_fields > MAX_FIELDS:
            raise RequestTooLarge(
                f"over {MAX_ITEMS} items, or {MAX_FIELDS} fields around them, in one "
                "request; send smaller batches"
            )
    return n_items


def _scopes(body: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the fields of each resource, and those beside resources as they are."""
    for tag, start, end in fields(body):
        yield 0, start, end
        if tag == _RESOURCES:
            yield from fields(body, start, end)


def envelope(pieces: Sequence[Piece]) -> bytes:
    """Return the frames as one message behind its length, as the engine wants it."""
    return b"".join((varint(sum(map(len, pieces))), *pieces))


def fields(
    body: bytes, start: int = 0, stop: int | None = None
) -> Iterator[tuple[int, int, int]]:
    """Yield tag, start and end of the content of each field of a message.

    Raises:
        UnreadableRequest: a field is none, or does not end within the message.
    """
    stop = len(body) if stop is None else stop
    position = start
    while position < stop:
        tag, position = _read_varint(body, position)
        kind = tag & 7
        if kind == _BYTES:
            length, position = _read_varint(body, position)
            end = position + length
        elif kind == _VARINT:
            end = _read_varint(body, position)[1]
        elif kind in (_FIXED64, _FIXED32):
            end = position + (8 if kind == _FIXED64 else 4)
        else:
            raise UnreadableRequest(f"no protobuf: wire type {kind} at byte {position}")
        if end > stop:
            raise UnreadableRequest(f"the protobuf message is cut off at {stop}")
        yield tag, position, end
        position = end


def _read_varint(body: bytes, position: int) -> tuple[int, int]:
    number = shift = 0
    while position < len(body) and shift < 70:
        byte = body[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, position
        shift += 7
    raise UnreadableRequest(f"no protobuf: a number at byte {position} has no end")
