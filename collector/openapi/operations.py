"""What each route takes and answers; a test holds it to the routes that there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from collector.openapi import bodies
from collector.openapi.schemas import (
    COUNT,
    FLAG,
    OBJECT,
    Schema,
    ref,
    row,
    rows_of,
)
from collector.storage.queues.definitions import COUNTS

WINDOW = ("project", "since", "until", "origin")
LIST = (*WINDOW, "where", "order", "limit", "cursor", "format")


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    answer: Schema
    """Schema of the JSON answer."""

    query: Sequence[str] = ()
    """Parameters, keys of `parameters.QUERY`."""

    fields: str = ""
    """Whose fields ``where`` knows, a key of `parameters.FIELDS`."""

    body: Schema | None = None
    """Schema of the JSON body; None for none."""

    required: frozenset[str] = field(default_factory=frozenset)
    """Parameters without which there is no answer."""

    may_go_without_body: bool = False
    """Whether the body may be left out."""


_DELETION = ("dry_run", "datasets")
_NEEDS_PROJECT = frozenset({"project"})
_GONE = row({"deleted": FLAG})
_QUEUE_TOLD: Schema = row(
    {
        "item": {"anyOf": [ref("QueueItem"), {"type": "null"}]},
        "counts": row(dict.fromkeys(COUNTS, COUNT)),
    }
)


_QUEUE_UNDONE: Schema = row(_QUEUE_TOLD["properties"] | {"answers": OBJECT})
_EVALUATION = row(
    {
        "evaluation": ref("Evaluation"),
        "sums": {"type": "array", "items": ref("EvaluationSum")},
    }
)
_DATASET = row(
    {"dataset": ref("Dataset"), "rows": {"type": "array", "items": ref("DatasetRow")}}
)
_CHANGES = row(
    {"rows": {"type": "array", "items": ref("DatasetChange")}, "is_last": FLAG}
    | dict.fromkeys(("n_added", "n_removed", "n_changed", "n_unchanged"), COUNT)
)
OPERATIONS: dict[str, Operation] = {
    "GET /projects": Operation(rows_of("Project"), ("project", "format")),
    "GET /traces": Operation(rows_of("Trace"), LIST, "traces"),
    "GET /traces/{trace_id}": Operation(ref("TraceAlone"), ("project", "content")),
    "GET /traces/{trace_id}/spans/{span_id}": Operation(ref("SpanAlone"), ("project",)),
    "GET /entry-spans": Operation(rows_of("EntrySpan"), LIST, "traces"),
    "GET /spans": Operation(rows_of("Span"), LIST, "spans"),
    "GET /sessions": Operation(rows_of("Session"), LIST, "sessions"),
    "GET /sessions/{session_id}": Operation(
        ref("SessionAlone"), ("project", "order", "limit", "cursor", "origin")
    ),
    "GET /stats": Operation(
        rows_of("Stats", is_cut=True),
        (*WINDOW, "where", "interval", "by", "unit", "limit", "format"),
        "stats",
    ),
    "GET /stats/latency": Operation(
        rows_of("Latency", is_cut=True),
        (*WINDOW, "where", "interval", "by", "unit", "limit", "format"),
        "stats",
    ),
    "GET /errors": Operation(
        rows_of("FailureReason"), (*WINDOW, "where", "limit", "format"), "stats"
    ),
    "GET /values": Operation(rows_of("Value"), ("field", *WINDOW, "limit", "format")),
    "GET /scores": Operation(
        rows_of("Score"), (*LIST, "as_of", "deleted", "versions"), "scores"
    ),
    "POST /scores": Operation(ref("Score"), body=bodies.SCORE),
    "GET /scores/trend": Operation(
        rows_of("Trend", is_cut=True),
        (*WINDOW, "where", "trend_interval", "trend_by", "name", "format"),
        "scores",
    ),
    "GET /evaluations": Operation(rows_of("Evaluation"), LIST, "evaluations"),
    "GET /evaluations/{evaluation_id}": Operation(_EVALUATION, ("project",)),
    "GET /evaluations/{evaluation_id}/predictions": Operation(
        rows_of("Prediction"),
        ("project", "where", "limit", "cursor", "format"),
        "predictions",
    ),
    "GET /evaluations/{evaluation_id}/scores": Operation(
        rows_of("Score"), ("project", "where", "limit", "cursor", "format"), "scores"
    ),
    "GET /evaluations/{evaluation_id}/views": Operation(
        rows_of("EvaluationView"), ("project", "format")
    ),
    "GET /evaluations/{evaluation_id}/measures": Operation(
        rows_of("EvaluationMeasure"), ("project",)
    ),
    "GET /datasets": Operation(rows_of("Dataset"), ("project", "format")),
    "GET /datasets/{name}": Operation(
        _DATASET,
        ("project", "version", "rows_limit", "offset", "text", "split", "format"),
    ),
    "PUT /datasets/{name}": Operation(ref("Dataset"), body=bodies.DATASET),
    "DELETE /datasets/{name}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "PATCH /datasets/{name}": Operation(ref("Dataset"), body=bodies.EDITED_DATASET),
    "POST /datasets/{name}/describe": Operation(
        ref("Dataset"), body=bodies.DESCRIBED_DATASET
    ),
    "POST /datasets/{name}/rename": Operation(
        ref("Dataset"), body=bodies.RENAMED_DATASET
    ),
    "GET /datasets/{name}/versions": Operation(
        rows_of("DatasetVersion"), ("project", "counted", "format")
    ),
    "GET /datasets/{name}/versions/{version}/changes": Operation(
        _CHANGES,
        ("project", "before", "limit", "offset"),
        required=frozenset({"before"}),
    ),
    "GET /datasets/{name}/versions/{version}/splits": Operation(
        rows_of("DatasetSplit"), ("project", "format")
    ),
    "GET /views": Operation(rows_of("View"), ("project",)),
    "PUT /views/{id}": Operation(ref("View"), body=bodies.VIEW),
    "DELETE /views/{id}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "GET /judges": Operation(rows_of("Judge"), ("project",)),
    "GET /judges/{id}": Operation(ref("Judge"), ("project",)),
    "PUT /judges/{id}": Operation(ref("Judge"), body=bodies.JUDGE),
    "DELETE /judges/{id}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "GET /prices": Operation(
        ref("Price"), ("model", "provider", "at"), required=frozenset({"model"})
    ),
    "GET /jobs": Operation(rows_of("Job"), ("project", "state", "limit")),
    "POST /jobs/lease": Operation(
        row({"job": {"anyOf": [ref("Job"), {"type": "null"}]}}),
        body=bodies.LEASED_JOB,
    ),
    "GET /jobs/{id}": Operation(ref("Job"), ("project",)),
    "PUT /jobs/{id}": Operation(ref("Job"), body=bodies.JOB),
    "POST /jobs/{id}/cancel": Operation(ref("Job"), ("project",)),
    "POST /jobs/{id}/retry": Operation(
        ref("Job"), ("project",), body=bodies.RETRIED_JOB, may_go_without_body=True
    ),
    "GET /workers": Operation(rows_of("Worker"), ("project",)),
    "PUT /workers/{name}": Operation(ref("Worker"), body=bodies.WORKER),
    "DELETE /workers/{name}": Operation(_GONE, ("project",)),
    "GET /online-rules": Operation(rows_of("OnlineRule"), ("project",)),
    "PUT /online-rules/{id}": Operation(ref("OnlineRule"), body=bodies.ONLINE),
    "DELETE /online-rules/{id}": Operation(
        _GONE, ("project",), required=_NEEDS_PROJECT
    ),
    "GET /alert-rules": Operation(rows_of("AlertRule"), ("project",)),
    "PUT /alert-rules/{id}": Operation(ref("AlertRule"), body=bodies.ALERT),
    "DELETE /alert-rules/{id}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "GET /queues": Operation(rows_of("Queue"), ("project", "author")),
    "GET /queues/{id}": Operation(ref("Queue"), ("project", "author")),
    "PUT /queues/{id}": Operation(ref("Queue"), body=bodies.QUEUE_SAVED),
    "DELETE /queues/{id}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "GET /queues/{id}/items": Operation(
        rows_of("QueueItem"), ("project", "item_state")
    ),
    "POST /queues/{id}/items": Operation(
        row({"n_added": COUNT, "n_known": COUNT}),
        body=bodies.ITEMS,
    ),
    "POST /queues/{id}/lease": Operation(_QUEUE_TOLD, body=bodies.LEASE),
    "POST /queues/{id}/answers": Operation(_QUEUE_TOLD, body=bodies.ANSWERS),
    "POST /queues/{id}/skip": Operation(_QUEUE_TOLD, body=bodies.ITEM),
    "POST /queues/{id}/undo": Operation(_QUEUE_UNDONE, body=bodies.ITEM),
    "DELETE /traces/{trace_id}": Operation(
        ref("DeletionOfTrace"), ("project", *_DELETION)
    ),
    "DELETE /users/{user_id}": Operation(
        ref("DeletionOfUser"), ("project", *_DELETION)
    ),
    "DELETE /projects/{project}": Operation(ref("DeletionOfProject"), ("dry_run",)),
    "GET /retention": Operation(ref("Retention"), ("project",)),
    "PUT /retention/{project}": Operation(
        ref("ProjectRetention"), body=bodies.RETENTION
    ),
    "DELETE /retention/{project}": Operation(_GONE),
    "POST /backups/{name}": Operation(ref("Chore")),
    "POST /reprice": Operation(
        ref("Chore"), ("project", "since", "until"), required=frozenset({"since"})
    ),
    "GET /chores/{id}": Operation(ref("Chore")),
    "GET /keys": Operation(rows_of("Key")),
    "POST /keys": Operation(
        ref("NewKey"),
        body=bodies.KEY,
    ),
    "DELETE /keys/{id}": Operation(ref("Key")),
    "GET /ledger": Operation(
        rows_of("Process", is_cut=True), ("project", "since", "limit")
    ),
    "GET /disk": Operation(rows_of("Disk"), ("project",)),
    "GET /price-lists": Operation(ref("PriceLists"), WINDOW),
    "POST /sql": Operation(
        rows_of("SqlRow", is_cut=True),
        ("format",),
        body=bodies.SQL,
    ),
    "GET /access": Operation(ref("Access")),
    "GET /health": Operation(ref("Health")),
    "GET /openapi.json": Operation(ref("OpenApi")),
}
"""Method and path → what it takes and answers."""
