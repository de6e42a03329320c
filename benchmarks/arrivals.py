"""What came to the sink, counted: spans, in whichever form a vendor sends them."""

import gzip
import json
import zlib
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

MARKS = {
    "input": b"question 00",
    "output": b"doc-2",
    "reply": b"word150",
    "streamed": b"part120 ",
}
"""Text by which the count knows that content was recorded; see `work` and `canned`."""


class Arrival(NamedTuple):
    """One request, as it came."""

    path: str
    encoding: str
    body: bytes


class Count(TypedDict):
    """What came since the count before."""

    n_spans: int
    n_requests: int
    n_bytes: int
    marks: list[str]
    unread: list[str]


def count(arrivals: Sequence[Arrival]) -> Count:
    """Decode what came; `unread` says which requests could not be."""
    n_spans, ids, marks, unread = 0, set[str](), set[str](), set[str]()
    for arrival in arrivals:
        try:
            plain = _plain(arrival)
            marks |= {name for name, mark in MARKS.items() if mark in plain}
            if arrival.path.endswith("/v1/traces"):
                n_spans += _otlp_spans(plain)
            else:
                ids |= _rows(arrival.path, plain)
        except Exception as error:  # whatever a vendor sends; told, never hidden
            unread.add(f"{arrival.path}: {error!r}"[:200])
    return Count(
        n_spans=n_spans + len(ids),
        n_requests=len(arrivals),
        n_bytes=sum(len(arrival.body) for arrival in arrivals),
        marks=sorted(marks),
        unread=sorted(unread),
    )


def _plain(arrival: Arrival) -> bytes:
    if arrival.encoding == "gzip":
        return gzip.decompress(arrival.body)
    if arrival.encoding == "deflate":
        return zlib.decompress(arrival.body)
    return arrival.body


def _otlp_spans(plain: bytes) -> int:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
        ExportTraceServiceRequest,
    )

    request = ExportTraceServiceRequest.FromString(plain)
    return sum(
        not any(
            attribute.key == "logfire.pending_parent_id" for attribute in s.attributes
        )
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for s in scope.spans
    )


def _rows(path: str, plain: bytes) -> set[str]:
    """Return the ids of calls: some vendors send the same row several times."""
    if path.endswith("/logs3"):
        return {row["id"] for row in json.loads(plain)["rows"]}
    if path.endswith("/calls/complete"):
        return {call["id"] for call in json.loads(plain)["batch"]}
    if path.endswith("/call/upsert_batch"):
        ends = [item["req"].get("end") for item in json.loads(plain)["batch"]]
        return {end["id"] for end in ends if end}
    return set()
