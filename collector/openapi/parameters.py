"""Every parameter of the API, with the values that its code takes."""

from typing import Any

from collector.api.parameters import MAX_LIMIT
from collector.openapi.schemas import Schema, one_of
from collector.storage.conditions import MAX_CONDITIONS, OPERATORS
from collector.storage.documents.jobs import STATES
from collector.storage.fields import EVALUATIONS, PREDICTIONS, SCORES, SPANS, TRACES
from collector.storage.reads import stats, trend
from collector.storage.reads.scope import ORIGINS

_TIME = "ISO 8601 (UTC if it names no zone) or integer nanoseconds since 1970"
_TEXT: Schema = {"type": "string"}
_FLAG = one_of("0", "1", "true", "false", "yes", "no")

QUERY: dict[str, tuple[str, Schema]] = {
    "project": ("Only this project; all that the key may read if absent.", _TEXT),
    "since": (f"First start time, inclusive: {_TIME}.", _TEXT),
    "until": (f"Last start time, exclusive: {_TIME}.", _TEXT),
    "where": (
        f"JSON list of [field, op, value], {MAX_CONDITIONS} at most; all must hold. "
        f"op is one of {' '.join(OPERATORS)}.",
        {"type": "string", "contentMediaType": "application/json"},
    ),
    "order": ("Field to sort by, with - in front for the largest first.", _TEXT),
    "limit": (
        "Rows a page.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 100},
    ),
    "cursor": ("`next` of the answer before, with the same parameters.", _TEXT),
    "origin": ("Whether rows of evaluation runs take part.", one_of(*ORIGINS)),
    "format": (
        "`arrow` answers an Arrow stream, like `Accept: "
        "application/vnd.apache.arrow.stream`.",
        one_of("json", "arrow"),
    ),
    "interval": ("Width of a bucket.", one_of(*stats.INTERVALS)),
    "trend_interval": ("Width of a bucket.", one_of(*trend.INTERVALS)),
    "by": (f"Group by one of {' '.join(stats.BY_FIELDS)} or metadata.KEY.", _TEXT),
    "trend_by": ("Group by this.", one_of(*trend.GROUPS)),
    "unit": (
        "What is counted: entry spans, all, or those whose first token was timed.",
        one_of(*stats.UNITS),
    ),
    "field": (
        "A column, metadata, metadata.KEY, attributes.KEY, score, prompt.",
        _TEXT,
    ),
    "name": (
        "Only scores of these names.",
        {"type": "array", "items": {"type": "string"}},
    ),
    "as_of": (f"Scores as they were then: {_TIME}.", _TEXT),
    "deleted": ("Whether scores that were taken back are shown.", _FLAG),
    "versions": ("Whether every version of a score is a row.", _FLAG),
    "content": ("0 leaves out what the spans say and carry.", _FLAG),
    "offset": (
        "Rows that come before the page.",
        {"type": "integer", "minimum": 0, "default": 0},
    ),
    "rows_limit": (
        "Rows of a page; without it all rows are answered.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
    ),
    "text": ("With `limit`: only rows that contain this, whatever its case.", _TEXT),
    "split": ("With `limit`: only rows whose `metadata.split` is this.", _TEXT),
    "before": ("The version that this one is held against.", _TEXT),
    "counted": ("Whether rows that are new and gone are counted.", _FLAG),
    "version": ("This version of the dataset, else the newest.", _TEXT),
    "dry_run": ("Whether rows are only counted.", _FLAG),
    "datasets": ("Whether rows of datasets that were made from them go, too.", _FLAG),
    "model": ("Name of the model, as its provider writes it.", _TEXT),
    "provider": ("The conventions' name of its API; `openai` unless given.", _TEXT),
    "at": (f"When the price is to hold, now unless given: {_TIME}.", _TEXT),
    "state": ("Only jobs in this state.", one_of(*STATES)),
    "item_state": ("Only items in this state.", one_of("open", "done")),
    "author": ("Whose answers `n_mine` counts.", _TEXT),
}
"""Name → what it is for and its schema; some stand for another, see `RENAMED`."""

RENAMED = {
    "trend_interval": "interval",
    "trend_by": "by",
    "rows_limit": "limit",
    "item_state": "state",
}
REQUIRED = frozenset({"field"})

FIELDS = {
    "traces": TRACES.names(),
    "spans": SPANS.names(),
    "sessions": SPANS.names(),
    "stats": SPANS.names(),
    "scores": SCORES.names(),
    "evaluations": EVALUATIONS.names(),
    "predictions": PREDICTIONS.names(),
}
"""List → the fields that its filters know."""


def in_query(name: str, *, fields: str = "", required: bool = False) -> dict[str, Any]:
    """Return a parameter behind the question mark.

    Args:
        name: key of `QUERY`.
        fields: key of `FIELDS`, for ``where``.
        required: whether there is no answer without it.
    """
    description, schema = QUERY[name]
    if fields and name == "where":
        description += f" Fields: {' '.join(FIELDS[fields])}."
    return {
        "name": RENAMED.get(name, name),
        "in": "query",
        "required": required or name in REQUIRED,
        "description": description,
        "schema": schema,
    }


IN_PATH = {
    "trace_id": "Id of the trace, 32 hex digits.",
    "span_id": "Id of the span, 16 hex digits.",
    "session_id": "Id of the session, as the application gave it.",
    "evaluation_id": "Id of the run.",
    "user_id": "Id of the user, as the application gave it.",
    "project": "Name of the project.",
    "version": "Version of the dataset.",
    "datasets": "Name of the dataset.",
    "workers": "Name of the worker.",
    "backups": "Name of the new directory below `TRACER_BACKUP_DIR`.",
    "alert-rules": "Id of the rule.",
    "online-rules": "Id of the rule.",
    "chores": "Id of the chore, as its start answered it.",
    "jobs": "Id of the job.",
    "judges": "Id of the judge.",
    "keys": "Id of the key: not its secret.",
    "queues": "Id of the queue.",
    "views": "Id of the view.",
}
"""Name of a parameter in the path, or what the path is about → what it is."""


def in_path(name: str, topic: str) -> dict[str, Any]:
    """Return a parameter within the path, URL-encoded.

    Args:
        name: of the parameter.
        topic: what the path is about.
    """
    n_digits = {"trace_id": 32, "span_id": 16}.get(name)
    pattern = {"pattern": f"^[0-9a-fA-F]{{{n_digits}}}$"} if n_digits else {}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": IN_PATH.get(name) or IN_PATH[topic],
        "schema": {"type": "string", "minLength": 1} | pattern,
    }
