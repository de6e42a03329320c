"""One log record as a row: what its attributes mean."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isinf
from typing import Any

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from collector.otlp.values import text_and_type, text_map
from collector.records import EvaluationEventRow, EventRow, ScoreRow, score_id
from tracer import semconv

_EVENT_PREFIX = "tracer.evaluation."
_UINT32_END = 1 << 32
_UINT64_END = 1 << 64
MAX_SCORE = semconv.MAX_SCORE


@dataclass(frozen=True)
class Sent:
    """A log record and what its surroundings say about it."""

    project: str
    """Where it belongs."""

    claims_other_project: bool
    """Whether its resource names another project than the key's."""

    event_name: str
    """What happened; empty for a plain log line."""

    time_ns: int
    """When it happened, else when it was seen."""

    observed_ns: int
    """When the sender saw it, else when it was received."""

    trace_id: bytes
    """16 bytes, or none."""

    span_id: bytes
    """8 bytes, or none."""

    severity: str
    """As the sender words it."""

    body: AnyValue
    """The message."""

    texts: Mapping[str, str]
    """Attributes as text."""

    types: Mapping[str, str]
    """Types of those that are no text."""

    digest: bytes
    """Of the request."""

    received_ms: int
    """When the request came."""

    request_number: int
    """The request's number."""

    def text(self, key: str) -> str:
        """Return an attribute's text, empty if it is missing."""
        return self.texts.get(key, "")

    @property
    def metadata(self) -> dict[str, str]:
        """Return what the sender added under our prefix."""
        return text_map(self.texts, semconv.METADATA_PREFIX)

    @property
    def metadata_types(self) -> dict[str, str]:
        """Return the types of that, by the names on the wire."""
        prefix = semconv.METADATA_PREFIX
        return {k: kind for k, kind in self.types.items() if k.startswith(prefix)}


def score_row(sent: Sent) -> ScoreRow:
    """Return a score.

    Raises:
        ValueError: it has no name, or a number in it is none.
    """
    name = sent.text(semconv.SCORE_NAME)
    if not name:
        raise ValueError(f"a score has no name; set {semconv.SCORE_NAME}")
    value = _value(sent)
    low, high = _scale(sent)
    label = sent.text(semconv.SCORE_LABEL)
    row = ScoreRow(
        project=sent.project,
        name=name,
        ts=sent.time_ns,
        score_id=b"",
        version_ns=sent.observed_ns,
        trace_id=sent.trace_id.rjust(16, b"\0"),
        span_id=sent.span_id.rjust(8, b"\0"),
        evaluation_id=sent.text(semconv.EVALUATION_ID),
        example_id=sent.text(semconv.EXAMPLE_ID),
        trial=_whole(sent, semconv.TRIAL, below=_UINT32_END),
        type=sent.text(semconv.SCORE_TYPE) or _type(sent, value, label),
        value=value,
        label=label,
        explanation=sent.text(semconv.SCORE_EXPLANATION),
        source=sent.text(semconv.SCORE_SOURCE) or "code",
        author=sent.text(semconv.SCORE_AUTHOR),
        repeat=_whole(sent, semconv.SCORE_REPEAT, below=_UINT32_END) or 0,
        metadata=sent.metadata,
        error=sent.text(semconv.ERROR_TYPE) or _error(sent, value),
        deleted=sent.text(semconv.SCORE_DELETED) == "true",
        digest=sent.digest,
        received_at=sent.received_ms,
        request_number=sent.request_number,
        metadata_types=sent.metadata_types,
        scale_low=low,
        scale_high=high,
    )
    return replace(row, score_id=score_id(row))


def evaluation_event_row(sent: Sent) -> EvaluationEventRow:
    """Return a sign of life of an evaluation run.

    Raises:
        ValueError: it does not say of which run, its number of predictions is none,
            or a view has no name.
    """
    evaluation_id = sent.text(semconv.EVALUATION_ID)
    if not evaluation_id:
        raise ValueError(f"{sent.event_name} names no run; set {semconv.EVALUATION_ID}")
    view = sent.text(semconv.VIEW_NAME)
    if sent.event_name == semconv.EVENT_EVALUATION_VIEW and not view:
        raise ValueError(f"a view has no name; set {semconv.VIEW_NAME}")
    return EvaluationEventRow(
        project=sent.project,
        evaluation_id=evaluation_id,
        ts=sent.time_ns,
        event=sent.event_name.removeprefix(_EVENT_PREFIX),
        name=sent.text(semconv.EVALUATION_NAME),
        display_name=sent.text(semconv.EVALUATION_DISPLAY_NAME),
        model=sent.text(semconv.EVALUATION_MODEL),
        dataset=sent.text(semconv.EVALUATION_DATASET),
        dataset_version=sent.text(semconv.EVALUATION_DATASET_VERSION),
        scorers=_texts(sent, semconv.EVALUATION_SCORERS),
        n_planned=_whole(sent, semconv.EVALUATION_N_PLANNED, below=_UINT64_END),
        status=sent.text(semconv.EVALUATION_STATUS),
        error=sent.text(semconv.EVALUATION_ERROR),
        metadata=sent.metadata,
        digest=sent.digest,
        received_at=sent.received_ms,
        request_number=sent.request_number,
        view=view,
        media_type=sent.text(semconv.VIEW_MEDIA_TYPE),
        content=sent.text(semconv.VIEW_CONTENT),
        view_metadata=sent.text(semconv.VIEW_METADATA),
        metadata_types=sent.metadata_types,
    )


def event_row(sent: Sent) -> EventRow:
    """Return a record that is neither: kept as it came."""
    body, body_type = text_and_type(sent.body)
    has_body = sent.body.WhichOneof("value") is not None
    types = dict(sent.types)
    if has_body and body_type:
        types["body"] = body_type
    return EventRow(
        project=sent.project,
        ts=sent.time_ns,
        trace_id=sent.trace_id.rjust(16, b"\0"),
        span_id=sent.span_id.rjust(8, b"\0"),
        name=sent.event_name,
        severity=sent.severity,
        body=body if has_body else "",
        attributes=dict(sent.texts),
        attribute_types=types,
        digest=sent.digest,
        received_at=sent.received_ms,
        request_number=sent.request_number,
    )


def _value(sent: Sent) -> float | None:
    text = sent.text(semconv.SCORE_VALUE)
    if text in ("", "true", "false"):
        return {"": None, "true": 1.0, "false": 0.0}[text]
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"score value {text[:40]!r} is no number") from None
    return value if abs(value) <= MAX_SCORE else None


def _error(sent: Sent, value: float | None) -> str:
    """Return why a number too large for sums was left out, empty if none was."""
    text = sent.text(semconv.SCORE_VALUE)
    if value is not None or not text or not abs(float(text)) > MAX_SCORE:
        return ""
    return f"value {text[:40]} is out of range"


def _scale(sent: Sent) -> tuple[float, float] | tuple[None, None]:
    """Return the least and the most that the value can be, as far as it is said."""
    text = sent.text(semconv.SCORE_SCALE)
    if not text:
        return None, None
    try:
        return scale_ends(orjson.loads(text))
    except ValueError:
        raise ValueError(f"score scale {text[:40]!r} is no [least, most]") from None


def scale_ends(given: Any) -> tuple[float, float]:
    """Return the ends of a scale that came as JSON.

    Raises:
        ValueError: It is no list of two finite numbers, the less first.
    """
    ends = given if isinstance(given, list) else []
    if len(ends) != 2 or not all(type(end) in (int, float) for end in ends):
        raise ValueError("no two numbers")
    low, high = map(float, ends)
    if not low < high or isinf(low) or isinf(high):
        raise ValueError("not the less first")
    return low, high


def _type(sent: Sent, value: float | None, label: str) -> str:
    if sent.types.get(semconv.SCORE_VALUE) == "bool":
        return "bool"
    return "label" if value is None and label else "number"


def _whole(sent: Sent, key: str, *, below: int) -> int | None:
    text = sent.text(key)
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f"{key} {text[:40]!r} is no whole number") from None
    if not 0 <= number < below:
        raise ValueError(f"{key} {number} is out of range")
    return number


def _texts(sent: Sent, key: str) -> list[str]:
    text = sent.text(key)
    if sent.types.get(key) in ("array", "json"):
        items = orjson.loads(text)
        return [str(item) for item in items] if isinstance(items, list) else []
    return [text] if text else []
