"""Any OTLP request that a sender could make, and bytes that only look like one."""

import json
import math
from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import START_NS, attributes

from collector.conventions import FIELDS, keys_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INTS = st.integers(-(2**63), 2**63 - 1)
SCALARS = TEXT | st.booleans() | INTS | st.floats() | st.binary(max_size=6)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
    ),
    max_leaves=8,
)
FLAT_VALUES = SCALARS | st.lists(SCALARS, min_size=1, max_size=3)
KNOWN_KEYS = st.sampled_from(
    sorted({key for field in FIELDS for key in keys_of(field) if key})
)
KEYS = st.one_of(
    TEXT.map(lambda text: f"x.{text}"),
    TEXT.map(lambda text: f"tracer.metadata.{text}"),
    KNOWN_KEYS,
)
NANOSECONDS = st.sampled_from([0, 1, START_NS, 2**63, 2**64 - 1]) | st.integers(
    START_NS, START_NS + 10**12
)


def spans(values: st.SearchStrategy[Any] = VALUES) -> st.SearchStrategy[Span]:
    """Spans with right ids and anything else."""
    lists = st.dictionaries(KEYS, values, max_size=5).map(attributes)
    return st.builds(
        Span,
        trace_id=st.binary(min_size=16, max_size=16).filter(any),
        span_id=st.binary(min_size=8, max_size=8).filter(any),
        parent_span_id=st.sampled_from([b"", b"p" * 8, bytes(8)]),
        name=TEXT,
        kind=st.integers(0, 6),
        start_time_unix_nano=NANOSECONDS.filter(bool),  # else the time of receipt
        end_time_unix_nano=NANOSECONDS,
        attributes=lists,
        events=st.lists(
            st.builds(
                Span.Event,
                name=TEXT | st.just("exception"),
                time_unix_nano=NANOSECONDS,
                attributes=lists,
            ),
            max_size=2,
        ),
        links=st.lists(
            st.builds(
                Span.Link,
                trace_id=st.binary(min_size=16, max_size=16),
                span_id=st.binary(min_size=8, max_size=8),
                attributes=lists,
            ),
            max_size=1,
        ),
        status=st.builds(Status, code=st.integers(0, 2), message=TEXT),
        flags=st.integers(0, 2**32 - 1),
    )


def damaged(body: bytes) -> st.SearchStrategy[bytes]:
    """Return the body with bytes changed, left out, or put in."""
    places = st.integers(0, max(len(body) - 1, 0))
    changed = st.tuples(places, places, st.binary(max_size=4)).map(
        lambda cut: body[: min(cut[:2])] + cut[2] + body[max(cut[:2]) :]
    )
    flipped = st.tuples(places, st.integers(0, 255)).map(
        lambda at: body[: at[0]] + bytes([at[1]]) + body[at[0] + 1 :]
    )
    return st.one_of(changed, flipped, st.binary(max_size=40))


def otlp_json(message: Message) -> bytes:
    """Return a message in OTLP's JSON: ids in hex, enums as numbers."""
    content = json_format.MessageToDict(message, use_integers_for_enums=True)
    return json.dumps(_with_hex_ids(content)).encode()


def _with_hex_ids(content: Any) -> Any:
    if isinstance(content, list):
        return [_with_hex_ids(item) for item in content]
    if not isinstance(content, dict):
        return content
    return {
        key: _hex(value)
        if key in ("traceId", "spanId", "parentSpanId") and isinstance(value, str)
        else _with_hex_ids(value)
        for key, value in content.items()
    }


def _hex(base64_text: str) -> str:
    import base64

    return base64.b64decode(base64_text).hex()


def comparable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without what two requests never share; NaN equals NaN."""
    left_out = {"project", "digest", "received_at", "resource", "request_number"}
    return {
        key: str(value) if isinstance(value, float) and math.isnan(value) else value
        for key, value in row.items()
        if key not in left_out
    }
