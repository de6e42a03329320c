"""OTLP log records as rows: scores, evaluation runs' events, and all others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
)
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from collector.conventions import keys_of
from collector.errors import UnreadableRequest
from collector.otlp.log_rows import Sent, evaluation_event_row, event_row, score_row
from collector.otlp.values import texts_and_types
from collector.records import (
    LAST_NS,
    EvaluationEventRow,
    EventRow,
    OtlpRequest,
    ScoreRow,
    Sender,
)
from tracer import semconv

EVALUATION_EVENTS = frozenset(
    {
        semconv.EVENT_EVALUATION_STARTED,
        semconv.EVENT_EVALUATION_ALIVE,
        semconv.EVENT_EVALUATION_FINISHED,
        semconv.EVENT_EVALUATION_VIEW,
    }
)


MAX_DIGITS = 20
"""Of a number below 2**64."""


@dataclass
class LogRows:
    """The rows of one request, by table, and what could not become one."""

    scores: list[ScoreRow] = field(default_factory=list)
    """Judgements."""

    evaluation_events: list[EvaluationEventRow] = field(default_factory=list)
    """Signs of life of evaluation runs."""

    events: list[EventRow] = field(default_factory=list)
    """All other records."""

    problems: list[str] = field(default_factory=list)
    """Why each rejected record was rejected."""

    sender: Sender = Sender()
    """Who sent them."""

    @property
    def n_items(self) -> int:
        """Return how many records the request held."""
        rows = len(self.scores) + len(self.evaluation_events) + len(self.events)
        return rows + len(self.problems)


def read_logs(body: bytes) -> ExportLogsServiceRequest:
    """Return a protobuf body as a message.

    Raises:
        UnreadableRequest: it is none.
    """
    try:
        message = ExportLogsServiceRequest()
        message.ParseFromString(body)
    except DecodeError as error:
        raise UnreadableRequest(f"the protobuf body is damaged: {error}") from None
    return message


def log_rows(message: ExportLogsServiceRequest, request: OtlpRequest) -> LogRows:
    """Return the rows of a request; a record that cannot be one rejects only itself."""
    rows = LogRows(sender=_sender(message, request))
    for sent in _sent_records(message, request):
        try:
            _add(rows, sent)
        except ValueError as error:
            rows.problems.append(str(error))
    return rows


def _add(rows: LogRows, sent: Sent) -> None:
    if sent.claims_other_project:
        raise ValueError("a record claims another project than its key's")
    for name, value, size in (
        ("trace id", sent.trace_id, 16),
        ("span id", sent.span_id, 8),
    ):
        if len(value) not in (0, size):
            raise ValueError(f"a {name} has {len(value)} bytes instead of {size}")
    if sent.event_name == semconv.EVENT_SCORE:
        rows.scores.append(score_row(sent))
    elif sent.event_name in EVALUATION_EVENTS:
        rows.evaluation_events.append(evaluation_event_row(sent))
    else:
        rows.events.append(event_row(sent))


def _sent_records(
    message: ExportLogsServiceRequest, request: OtlpRequest
) -> Iterator[Sent]:
    for resource_logs in message.resource_logs:
        resource = _resource_texts(resource_logs.resource)
        claimed = resource.get(semconv.PROJECT, "")
        other = bool(request.key_project) and claimed not in ("", request.key_project)
        project = request.key_project or project_of(resource)
        for scope_logs in resource_logs.scope_logs:
            for record in scope_logs.log_records:
                yield _sent(record, request, project=project, other_project=other)


def _sender(message: ExportLogsServiceRequest, request: OtlpRequest) -> Sender:
    """Return what the first resource says of the sender, as for spans."""
    if not message.resource_logs:
        return Sender()
    resource = _resource_texts(message.resource_logs[0].resource)
    return Sender(
        instance_id=resource.get(semconv.SERVICE_INSTANCE_ID, ""),
        batch=_count(resource.get(semconv.BATCH, "")),
        sent_before=_count(resource.get(semconv.SENT_BEFORE, "")),
        project=request.key_project or project_of(resource),
        service=resource.get(semconv.SERVICE_NAME, ""),
    )


def _count(text: str) -> int:
    is_one = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
    return number if is_one and (number := int(text)) < 1 << 64 else 0


def _resource_texts(resource: Resource) -> dict[str, str]:
    return texts_and_types(resource.attributes)[0]


def project_of(
    resource: Mapping[str, str], attributes: Mapping[str, str] | None = None
) -> str:
    """Return the project as the engine's SELECT finds it for spans."""
    for texts in (resource, attributes or {}):
        for key in keys_of("project"):
            if texts.get(key):
                return texts[key]
    service = resource.get(semconv.SERVICE_NAME, "")
    if service and not service.startswith("unknown_service"):
        return service
    return "default"


def _sent(
    record: LogRecord, request: OtlpRequest, *, project: str, other_project: bool
) -> Sent:
    texts, types = texts_and_types(record.attributes)
    received_ns = request.received_ms * 1_000_000
    observed_ns = record.observed_time_unix_nano or received_ns
    return Sent(
        project=project,
        claims_other_project=other_project,
        event_name=record.event_name or texts.get("event.name", ""),
        time_ns=min(record.time_unix_nano or observed_ns, LAST_NS),
        observed_ns=min(observed_ns, LAST_NS),
        trace_id=record.trace_id,
        span_id=record.span_id,
        severity=record.severity_text,
        body=record.body,
        texts=texts,
        types=types,
        digest=request.digest,
        received_ms=request.received_ms,
        request_number=request.number,
    )
