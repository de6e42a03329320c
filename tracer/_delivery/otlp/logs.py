"""Our log record as OTLP's LogRecord message."""

from tracer._delivery.otlp.values import encode_attributes, encode_value
from tracer._delivery.otlp.wire import field, fixed64, utf8, varint
from tracer._delivery.records import LogRecord


def encode_log(record: LogRecord, observed_ns: int) -> bytes:
    """Encode a record; ``observed_ns`` is when it was handed to us (OTLP field 11)."""
    parts = [
        b"\x09" + fixed64(record.time_ns),
        b"\x10" + varint(record.severity_number),
        field(b"\x2a", encode_value(record.body)) if record.body is not None else b"",
        encode_attributes(b"\x32", record.attributes),
        b"\x4a\x10" + record.trace_id.to_bytes(16, "big") if record.trace_id else b"",
        b"\x52\x08" + record.span_id.to_bytes(8, "big") if record.span_id else b"",
        b"\x59" + fixed64(observed_ns),
        field(b"\x62", utf8(record.event_name)),
    ]
    return b"".join(parts)
