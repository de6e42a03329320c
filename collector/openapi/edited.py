"""Rows of what people edit: datasets, views, judges, jobs, rules, queues."""

from collector.openapi.schemas import (
    ANYTHING,
    COUNT,
    COUNT_OR_NULL,
    FLAG,
    MOMENT,
    MOMENT_OR_NULL,
    NS,
    NS_OR_NULL,
    NUMBER,
    NUMBER_OR_NULL,
    OBJECT,
    SPAN_ID_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    TRACE_ID_OR_NULL,
    Columns,
    every,
    one_of,
)

DATASET: Columns = {
    **every(TEXT, "name project"),
    "n_rows": COUNT,
    "version": TEXT,
    "n_versions": COUNT,
    "at": MOMENT,
    **every(TEXT_OR_NULL, "author description"),
    "tags": TEXTS,
    "has_schema": FLAG,
}
DATASET_CHANGE: Columns = {
    "change": one_of("added", "removed", "changed"),
    "id": TEXT_OR_NULL,
    **every({"type": ["object", "null"]}, "before after"),
    "parts": TEXTS,
}
DATASET_SPLIT: Columns = {"split": TEXT, "n_rows": COUNT}
DATASET_ROW: Columns = {
    "id": TEXT,
    "inputs": OBJECT,
    **every(ANYTHING, "expected output"),
    "metadata": OBJECT,
    "source": {"type": ["object", "null"]},
}
DATASET_VERSION: Columns = {
    "project": TEXT,
    "version": TEXT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
    "n_rows": COUNT,
    "note": TEXT_OR_NULL,
}
VIEW: Columns = {
    **every(TEXT, "id project"),
    **every(ANYTHING, "name page params"),
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
JUDGE: Columns = {
    **every(TEXT, "id project"),
    "definition": OBJECT,
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
PRICE: Columns = {
    **every(TEXT, "provider model source"),
    **every(
        NUMBER_OR_NULL,
        "input_usd_per_mtok output_usd_per_mtok cache_read_usd_per_mtok",
    ),
}
JOB: Columns = {
    **every(TEXT, "id project kind"),
    "params": OBJECT,
    "state": one_of("queued", "running", "done", "failed", "cancelled"),
    "progress": OBJECT,
    **every(ANYTHING, "message result"),
    "lease_until_ns": NS_OR_NULL,
    "worker": TEXT_OR_NULL,
    "cancel_requested": FLAG,
    "asked_by": TEXT_OR_NULL,
    "asked_ns": NS_OR_NULL,
    "version": COUNT,
}
WORKER: Columns = {
    "worker": TEXT,
    "project": TEXT_OR_NULL,
    "seen_ns": NS,
    "about": OBJECT,
}
ONLINE_RULE: Columns = {
    **every(TEXT, "id project"),
    "state": one_of("active", "paused"),
    "where": {"type": "array", "items": {"type": "array"}},
    "sample_rate": NUMBER,
    "scorers": TEXTS,
    **every(NUMBER_OR_NULL, "max_per_day max_cost_usd_per_day"),
    "position_ns": NS,
    "progress": OBJECT,
    **every(TEXT_OR_NULL, "message worker"),
    "lease_until_ns": NS,
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
ALERT_RULE: Columns = {
    **every(TEXT, "id project name"),
    "state": one_of("active", "paused"),
    "measure": one_of("score", "error_rate", "latency_p95_ms", "cost_usd", "calls"),
    "score": TEXT_OR_NULL,
    "where": {"type": "array", "items": {"type": "array"}},
    "window_s": COUNT,
    "test": one_of("above", "below", "change"),
    "threshold": NUMBER,
    "direction": one_of("up", "down", "either"),
    "against": one_of("before", "day", "week"),
    "clear": NUMBER_OR_NULL,
    **every(COUNT, "min_n cooldown_s"),
    "webhook_url": TEXT_OR_NULL,
    **every(OBJECT, "standing reading"),
    **every({"type": "array", "items": OBJECT}, "firings pending"),
    **every(TEXT_OR_NULL, "message worker"),
    "lease_until_ns": NS,
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
QUEUE: Columns = {
    **every(TEXT, "id project name description"),
    "state": one_of("active", "paused"),
    "source": OBJECT,
    "form": {"type": "array", "items": OBJECT},
    **every(COUNT, "annotators lease_s"),
    "dataset": TEXT_OR_NULL,
    **every(COUNT, "n_items n_done n_answers n_mine"),
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
QUEUE_ITEM: Columns = {
    **every(TEXT, "id project queue"),
    "number": COUNT,
    "state": one_of("open", "done"),
    "trace_id": TRACE_ID_OR_NULL,
    "span_id": SPAN_ID_OR_NULL,
    **every(TEXT_OR_NULL, "evaluation_id example_id"),
    "trial": COUNT_OR_NULL,
    "dataset": TEXT_OR_NULL,
    "row": {"type": ["object", "null"]},
    **every(TEXTS, "done_by skipped_by"),
    "leases": {"type": "object", "additionalProperties": NS},
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
ACCESS: Columns = {
    **every(TEXT_OR_NULL, "key name project"),
    "scopes": TEXTS,
    "expires": MOMENT_OR_NULL,
}
