"""What travels inside the collector: requests, their outcomes, rows of log records."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from collector.otlp.bodies import Encoding

LAST_NS = 4_102_444_800_000_000_000
"""Start of the year 2100; later times are stored as this one."""

Signal = Literal["traces", "logs", "metrics"]
"""What OTLP carries."""

StoredSignal = Literal["traces", "logs"]
"""What of it is stored; metrics are only counted."""


@dataclass(frozen=True)
class OtlpRequest:
    """One OTLP request as it was received."""

    number: int
    """Unlike any other request's, in this process and others on the same store."""

    signal: StoredSignal
    """What it carries."""

    body: bytes
    """As received, still compressed."""

    is_json: bool
    """Whether it is JSON rather than protobuf."""

    encoding: Encoding
    """How it is compressed."""

    digest: bytes
    """16 bytes that name it: a repeat has the same."""

    key_project: str
    """Project of the key that it came with; empty if the key may write to all."""

    received_ms: int
    """When it came, milliseconds since 1970, UTC."""


@dataclass(frozen=True)
class Sender:
    """What a request's sender says of itself, for the ledger."""

    instance_id: str = ""
    """Its process (``service.instance.id``); empty if it does not say."""

    batch: int = 0
    """Its number of the request, from 1; 0 if it does not say."""

    sent_before: int = 0
    """Items that it sent in earlier requests."""

    project: str = ""
    """Project of its items."""

    service: str = ""
    """Its name."""


@dataclass(frozen=True)
class Outcome:
    """What became of a request."""

    status: int
    """HTTP status, also over gRPC: 200 stored, 400 unreadable, 413 too large, 503 come
    back later."""

    message: str = ""
    """Why, for people; empty if all is well."""

    n_items: int = 0
    """Spans or log records in it."""

    n_rejected: int = 0
    """Those of them that were not stored and never will be."""

    sender: Sender = Sender()
    """Who sent it."""


@dataclass(frozen=True)
class RequestFacts:
    """What the engine counted in one request of spans."""

    n_items: int = 0
    """Spans in it."""

    n_rejected: int = 0
    """Those with wrong or zero ids, or of another project than the key's."""

    n_nested: int = 0
    """Those left to Python."""

    sender: Sender = Sender()
    """Who sent it."""


@dataclass(frozen=True)
class ScoreRow:
    """One version of a score; the fields are the columns of `scores`."""

    project: str
    name: str
    ts: int
    score_id: bytes
    version_ns: int
    trace_id: bytes
    span_id: bytes
    evaluation_id: str
    example_id: str
    trial: int | None
    type: str
    value: float | None
    label: str
    explanation: str
    source: str
    author: str
    repeat: int
    metadata: Mapping[str, str]
    error: str
    deleted: bool
    digest: bytes
    received_at: int
    request_number: int = 0
    metadata_types: Mapping[str, str] = field(default_factory=dict)
    scale_low: float | None = None
    scale_high: float | None = None


@dataclass(frozen=True)
class EvaluationEventRow:
    """One sign of life of an evaluation run; columns of `evaluation_events`."""

    project: str
    evaluation_id: str
    ts: int
    event: str
    name: str
    display_name: str
    model: str
    dataset: str
    dataset_version: str
    scorers: list[str]
    n_planned: int | None
    status: str
    error: str
    metadata: Mapping[str, str]
    digest: bytes
    received_at: int
    request_number: int = 0
    view: str = ""
    media_type: str = ""
    content: str = ""
    view_metadata: str = ""
    metadata_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EventRow:
    """Any other log record; the fields are the columns of `events`."""

    project: str
    ts: int
    trace_id: bytes
    span_id: bytes
    name: str
    severity: str
    body: str
    attributes: Mapping[str, str]
    attribute_types: Mapping[str, str]
    digest: bytes
    received_at: int
    request_number: int = 0


def score_id(row: ScoreRow) -> bytes:
    """Return the 16 bytes that all versions of one score share.

    The target is an evaluation's (evaluation, example, trial) where there is one, else
    (trace, span).
    """
    target: list[str | int | None] = [row.trace_id.hex(), row.span_id.hex()]
    if row.evaluation_id and row.example_id:
        target = [row.evaluation_id, row.example_id, row.trial]
    named = [row.project, target, row.name, row.source, row.author, row.repeat]
    return hashlib.blake2b(json.dumps(named).encode(), digest_size=16).digest()
