"""What each route takes and answers; a test holds it to the routes that there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from collector.openapi.edited import ALERT_RULE, JOB, ONLINE_RULE, QUEUE
from collector.openapi.schemas import (
    ANYTHING,
    COUNT,
    FLAG,
    NUMBER,
    OBJECT,
    TEXT,
    TEXTS,
    Schema,
    ref,
    row,
    rows_of,
)
from collector.openapi.traffic import SCORE

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


def _body(needed: Sequence[str], /, **columns: Schema) -> Schema:
    return row(columns) | {"required": list(needed)}


_DELETION = ("dry_run", "datasets")
_NEEDS_PROJECT = frozenset({"project"})
_REPLACES: Schema = {"type": ["integer", "null"]}
_GONE = row({"deleted": FLAG})
_SCORE_KEYS = set(SCORE) - {"score_id", "at_ns", "type", "version_ns", "error"}
_SCORE_BODY = _body(("project", "name"), **dict.fromkeys(sorted(_SCORE_KEYS), ANYTHING))
_JOB_KEYS = [key for key in JOB if key not in ("id", "version", "project")]
_JOB_BODY = _body(
    ("project",), project=TEXT, replaces=_REPLACES, **dict.fromkeys(_JOB_KEYS, ANYTHING)
)
_RULE_KEYS = set(ONLINE_RULE) - {"id", "version", "at", "author", "project"}
_RULE_BODY = _body(
    ("project",),
    project=TEXT,
    replaces=_REPLACES,
    **dict.fromkeys(sorted(_RULE_KEYS), ANYTHING),
)
_ALERT_KEYS = set(ALERT_RULE) - {"id", "version", "at", "author", "project"}
_ALERT_BODY = _body(
    ("project",),
    project=TEXT,
    author=TEXT,
    replaces=_REPLACES,
    **dict.fromkeys(sorted(_ALERT_KEYS), ANYTHING),
)
_QUEUE_COUNTS = ("n_items", "n_done", "n_answers", "n_mine")
_QUEUE_KEYS = set(QUEUE) - {"id", "version", "at", "project", *_QUEUE_COUNTS}
_QUEUE_BODY = _body(
    ("project",),
    project=TEXT,
    replaces=_REPLACES,
    **dict.fromkeys(sorted(_QUEUE_KEYS), ANYTHING),
)
_QUEUE_TOLD: Schema = row(
    {
        "item": {"anyOf": [ref("QueueItem"), {"type": "null"}]},
        "counts": row(dict.fromkeys(_QUEUE_COUNTS, COUNT)),
    }
)


def _of_queue(*needed: str, **columns: Schema) -> Operation:
    """Return what an annotator does; ``author`` says who, ``item`` about what."""
    body = _body(("author", *needed), author=TEXT, item=TEXT, project=TEXT, **columns)
    return Operation(_QUEUE_TOLD, body=body)


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
_SAVED_DATASET = _body(
    ("project",),
    project=TEXT,
    rows={"type": "array", "items": OBJECT},
    of=_body(("name",), name=TEXT, version={"type": ["string", "null"]}),
    replaces={"type": ["string", "null"]},
    append=FLAG,
    **dict.fromkeys(("note", "author", "description"), TEXT),
)

_EDITED_DATASET = _body(
    ("project", "base"),
    project=TEXT,
    base=TEXT,
    replaces=TEXT,
    changed={"type": "object", "additionalProperties": {"type": ["object", "null"]}},
    added={"type": "array", "items": OBJECT},
    **dict.fromkeys(("note", "author"), TEXT),
)
_DESCRIBED_DATASET = _body(
    ("project",),
    project=TEXT,
    description=TEXT,
    tags=TEXTS,
    schema={"type": ["object", "null"]},
    author=TEXT,
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
    "POST /scores": Operation(ref("Score"), body=_SCORE_BODY),
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
    "PUT /datasets/{name}": Operation(ref("Dataset"), body=_SAVED_DATASET),
    "DELETE /datasets/{name}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "PATCH /datasets/{name}": Operation(ref("Dataset"), body=_EDITED_DATASET),
    "POST /datasets/{name}/describe": Operation(
        ref("Dataset"), body=_DESCRIBED_DATASET
    ),
    "POST /datasets/{name}/rename": Operation(
        ref("Dataset"), body=_body(("project", "to"), project=TEXT, to=TEXT)
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
    "PUT /views/{id}": Operation(
        ref("View"),
        body=_body(
            ("project",),
            project=TEXT,
            author=TEXT,
            replaces=_REPLACES,
            **dict.fromkeys(("name", "page", "params"), ANYTHING),
        ),
    ),
    "DELETE /views/{id}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "GET /judges": Operation(rows_of("Judge"), ("project",)),
    "GET /judges/{id}": Operation(ref("Judge"), ("project",)),
    "PUT /judges/{id}": Operation(
        ref("Judge"),
        body=_body(
            ("project", "definition"),
            project=TEXT,
            author=TEXT,
            replaces=_REPLACES,
            definition=OBJECT,
        ),
    ),
    "DELETE /judges/{id}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "GET /prices": Operation(
        ref("Price"), ("model", "provider", "at"), required=frozenset({"model"})
    ),
    "GET /jobs": Operation(rows_of("Job"), ("project", "state", "limit")),
    "POST /jobs/lease": Operation(
        row({"job": {"anyOf": [ref("Job"), {"type": "null"}]}}),
        body=_body(("worker",), worker=TEXT, kinds=TEXTS, lease_s=NUMBER, project=TEXT),
    ),
    "GET /jobs/{id}": Operation(ref("Job"), ("project",)),
    "PUT /jobs/{id}": Operation(ref("Job"), body=_JOB_BODY),
    "POST /jobs/{id}/cancel": Operation(ref("Job"), ("project",)),
    "POST /jobs/{id}/retry": Operation(
        ref("Job"), ("project",), body=_body((), project=TEXT, params=OBJECT)
    ),
    "GET /workers": Operation(rows_of("Worker"), ("project",)),
    "PUT /workers/{name}": Operation(
        ref("Worker"), body=_body((), project=TEXT, about=OBJECT)
    ),
    "DELETE /workers/{name}": Operation(_GONE, ("project",)),
    "GET /online-rules": Operation(rows_of("OnlineRule"), ("project",)),
    "PUT /online-rules/{id}": Operation(ref("OnlineRule"), body=_RULE_BODY),
    "DELETE /online-rules/{id}": Operation(
        _GONE, ("project",), required=_NEEDS_PROJECT
    ),
    "GET /alert-rules": Operation(rows_of("AlertRule"), ("project",)),
    "PUT /alert-rules/{id}": Operation(ref("AlertRule"), body=_ALERT_BODY),
    "DELETE /alert-rules/{id}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "GET /queues": Operation(rows_of("Queue"), ("project", "author")),
    "GET /queues/{id}": Operation(ref("Queue"), ("project", "author")),
    "PUT /queues/{id}": Operation(ref("Queue"), body=_QUEUE_BODY),
    "DELETE /queues/{id}": Operation(_GONE, ("project",), required=_NEEDS_PROJECT),
    "GET /queues/{id}/items": Operation(
        rows_of("QueueItem"), ("project", "item_state")
    ),
    "POST /queues/{id}/items": Operation(
        row({"n_added": COUNT, "n_known": COUNT}),
        body=_body(
            ("items",),
            items={"type": "array", "items": OBJECT},
            author=TEXT,
            project=TEXT,
        ),
    ),
    "POST /queues/{id}/lease": _of_queue(),
    "POST /queues/{id}/answers": _of_queue(
        "item", "answers", answers=OBJECT, note=TEXT
    ),
    "POST /queues/{id}/skip": _of_queue("item"),
    "POST /queues/{id}/undo": _of_queue("item"),
    "DELETE /traces/{trace_id}": Operation(OBJECT, ("project", *_DELETION)),
    "DELETE /users/{user_id}": Operation(OBJECT, ("project", *_DELETION)),
    "DELETE /projects/{project}": Operation(OBJECT, ("dry_run",)),
    "GET /retention": Operation(OBJECT, ("project",)),
    "PUT /retention/{project}": Operation(
        OBJECT,
        body=_body(("days",), days=NUMBER, evaluation_days=NUMBER, author=TEXT),
    ),
    "DELETE /retention/{project}": Operation(_GONE),
    "POST /backups/{name}": Operation(OBJECT),
    "POST /reprice": Operation(
        OBJECT, ("project", "since", "until"), required=frozenset({"since"})
    ),
    "GET /chores/{id}": Operation(OBJECT),
    "GET /keys": Operation(rows_of("Key")),
    "POST /keys": Operation(
        ref("NewKey"),
        body=_body(
            ("name", "scopes"), name=TEXT, scopes=TEXTS, project=TEXT, expires=TEXT
        ),
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
        body=_body(("query",), query=TEXT, parameters=OBJECT, project=TEXT),
    ),
    "GET /access": Operation(ref("Access")),
    "GET /health": Operation(OBJECT),
    "GET /openapi.json": Operation(OBJECT),
}
"""Method and path → what it takes and answers."""
