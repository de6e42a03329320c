"""A request made ready for the engine, or the outcome that it already has; pure."""

from dataclasses import dataclass, field

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)

from collector.errors import RequestTooLarge, UnreadableRequest
from collector.otlp.bodies import inflate
from collector.otlp.frames import Piece, appended_fields, count_items, with_appended
from collector.otlp.from_json import fill_from_json
from collector.otlp.logs import LogRows, log_rows, read_logs
from collector.otlp.nested import rewritten
from collector.otlp.span_runs import span_runs
from collector.otlp.span_scores import span_scores
from collector.records import EvaluationEventRow, OtlpRequest, Outcome, ScoreRow


@dataclass(frozen=True)
class PreparedTraces:
    """Spans as the engine takes them."""

    request: OtlpRequest
    """Where they come from."""

    body: bytes
    """Protobuf, inflated."""

    n_items: int
    """How many spans it holds."""

    pieces: list[Piece]
    """Its ResourceSpans frames with our fields; most of it views of `body`."""

    problems: list[str]
    """Why each span was left out that could not be read; those are not in `body`."""

    scores: list[ScoreRow] = field(default_factory=list)
    """Scores that its spans carry."""

    evaluation_events: list[EvaluationEventRow] = field(default_factory=list)
    """Signs of life of evaluation runs that its spans tell of."""


@dataclass(frozen=True)
class PreparedLogs:
    """Log records as rows."""

    request: OtlpRequest
    """Where they come from."""

    n_bytes: int
    """Of its body, inflated."""

    rows: LogRows
    """What is to be stored."""


Prepared = PreparedTraces | PreparedLogs


def prepare(request: OtlpRequest, *, max_bytes: int) -> Prepared | Outcome:
    """Return what is to be stored, or why nothing is."""
    try:
        body = inflate(request.body, request.encoding, max_bytes=max_bytes)
        if request.signal == "traces":
            return _traces(request, body)
        return _logs(request, body)
    except UnreadableRequest as error:
        return Outcome(400, str(error))
    except RequestTooLarge as error:
        return Outcome(413, str(error))


def _traces(request: OtlpRequest, body: bytes) -> PreparedTraces:
    problems: list[str] = []
    if request.is_json:
        message = ExportTraceServiceRequest()
        problems = fill_from_json(message, body)
        body = message.SerializeToString()
    n_items = count_items(body)
    pieces = with_appended(body, _suffix(request))
    runs = span_runs(body, request)
    scores = span_scores(body, request) + runs.scores
    return PreparedTraces(request, body, n_items, pieces, problems, scores, runs.events)


def _logs(request: OtlpRequest, body: bytes) -> PreparedLogs:
    problems: list[str] = []
    if request.is_json:
        message = ExportLogsServiceRequest()
        problems = fill_from_json(message, body)
    else:
        count_items(body)
        message = read_logs(body)
    rows = log_rows(message, request)
    rows.problems.extend(problems)
    return PreparedLogs(request, len(body), rows)


def nested_pieces(traces: PreparedTraces) -> list[Piece]:
    """Return the frames of only the spans with nested values, these as JSON text.

    Raises:
        UnreadableRequest: the body cannot be rewritten.
    """
    return with_appended(rewritten(traces.body), _suffix(traces.request))


def _suffix(request: OtlpRequest) -> bytes:
    return appended_fields(
        request_number=request.number,
        key_project=request.key_project,
        received_ms=request.received_ms,
        digest=request.digest,
    )
