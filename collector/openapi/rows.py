"""The rows of the API, column by column; a test holds them equal to real answers."""

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
    SPAN_ID,
    SPAN_ID_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    TRACE_ID,
    TRACE_ID_OR_NULL,
    Schema,
    one_of,
    ref,
    row,
)

Columns = dict[str, Schema]
STATUS = one_of("ok", "error")


def _all(schema: Schema, names: str) -> Columns:
    return dict.fromkeys(names.split(), schema)


SPAN: Columns = {
    "project": TEXT,
    "trace_id": TRACE_ID,
    "span_id": SPAN_ID,
    "parent_span_id": SPAN_ID_OR_NULL,
    **_all(TEXT, "name kind span_kind"),
    "status": STATUS,
    **_all(TEXT_OR_NULL, "status_message error_type"),
    "start": MOMENT,
    "start_ns": NS,
    "duration_ms": NUMBER,
    **_all(TEXT_OR_NULL, "operation provider model"),
    **_all(COUNT_OR_NULL, "input_tokens output_tokens"),
    **_all(NUMBER_OR_NULL, "cost_usd time_to_first_token_ms"),
    **_all(TEXT_OR_NULL, "user_id session_id"),
    "tags": TEXTS,
    "metadata": OBJECT,
    **_all(TEXT_OR_NULL, "environment release service scope"),
    **_all(TEXT_OR_NULL, "prompt_name prompt_version evaluation_id example_id"),
    "trial": COUNT_OR_NULL,
    **_all(TEXT_OR_NULL, "input_preview output_preview"),
}
MESSAGE: Columns = {"role": TEXT, "parts": {"type": "array", "items": OBJECT}}
FULL_SPAN: Columns = SPAN | {
    **_all(ANYTHING, "input output expected"),
    "messages": {"type": ["array", "null"], "items": row(MESSAGE)},
    "n_input_messages": COUNT,
    "tool_definitions": {"type": ["array", "null"]},
    **_all(OBJECT, "attributes resource"),
    **_all({"type": "array", "items": OBJECT}, "events links"),
    "usage_counts": FLAG,
    "sender_cost_usd": NUMBER_OR_NULL,
    "cache_read_tokens": COUNT_OR_NULL,
    "cost_source": TEXT_OR_NULL,
}
USAGE: Columns = {
    **_all(COUNT_OR_NULL, "input_tokens output_tokens"),
    "cost_usd": NUMBER_OR_NULL,
}
STEP: Columns = {
    name: SPAN[name]
    for name in (
        *("project", "trace_id", "span_id", "parent_span_id", "name", "kind"),
        *("status", "status_message", "error_type", "start_ns", "duration_ms"),
        *("operation", "provider", "model", "input_tokens", "output_tokens"),
        *("cost_usd", "time_to_first_token_ms"),
    )
} | {"usage_counts": FLAG, "cache_read_tokens": COUNT_OR_NULL}
PLACED: Columns = {"depth": COUNT}
SCORE_SUMMARY: Columns = {"mean": NUMBER_OR_NULL, "n": COUNT, "label": TEXT_OR_NULL}
TRACE: Columns = SPAN | {
    **_all(COUNT, "n_spans n_errors"),
    "models": TEXTS,
    "total_tokens": COUNT_OR_NULL,
    "scores": {"type": "object", "additionalProperties": row(SCORE_SUMMARY)},
}
SCORE: Columns = {
    **_all(TEXT, "score_id project"),
    "at": MOMENT,
    "at_ns": NS,
    "trace_id": TRACE_ID_OR_NULL,
    "span_id": SPAN_ID_OR_NULL,
    **_all(TEXT_OR_NULL, "evaluation_id example_id"),
    "trial": COUNT_OR_NULL,
    "name": TEXT,
    "type": TEXT,
    "value": NUMBER_OR_NULL,
    **_all(TEXT_OR_NULL, "label explanation"),
    "source": TEXT,
    "author": TEXT_OR_NULL,
    "repeat": COUNT,
    "metadata": OBJECT,
    "error": TEXT_OR_NULL,
    "deleted": FLAG,
    "version_ns": NS,
}
SESSION: Columns = {
    **_all(TEXT, "project session_id"),
    "user_id": TEXT_OR_NULL,
    **_all(MOMENT, "start last"),
    **_all(NS, "start_ns last_ns"),
    **_all(COUNT, "n_traces n_errors"),
    **_all(NUMBER, "duration_ms latency_p50_ms latency_p95_ms"),
    **_all(COUNT_OR_NULL, "input_tokens output_tokens"),
    "cost_usd": NUMBER_OR_NULL,
    **_all(TEXT_OR_NULL, "input_preview output_preview"),
    "scores": {"type": "object", "additionalProperties": row(SCORE_SUMMARY)},
}
TURN: Columns = TRACE | _all(ANYTHING, "input output")
EVALUATION: Columns = {
    **_all(TEXT, "project id"),
    **_all(TEXT_OR_NULL, "name display_name model dataset dataset_version"),
    "status": one_of("running", "done", "failed", "incomplete"),
    "start": MOMENT,
    **_all(NS, "start_ns last_ns"),
    "finished_ns": NS_OR_NULL,
    "scorers": TEXTS,
    "n_planned": COUNT_OR_NULL,
    **_all(COUNT, "n_examples n_predictions n_errors n_score_errors"),
    **_all(COUNT_OR_NULL, "input_tokens output_tokens"),
    **_all(COUNT_OR_NULL, "judge_input_tokens judge_output_tokens"),
    **_all(NUMBER_OR_NULL, "cost_usd judge_cost_usd latency_p50_ms latency_p95_ms"),
    "metadata": OBJECT,
    "error": TEXT_OR_NULL,
    "means": OBJECT,
}
EVALUATION_SUM: Columns = {
    **_all(TEXT, "score type example_id"),
    "n": COUNT,
    **_all(NUMBER, "sum sum_squares"),
    **_all(COUNT, "n_missing n_errors"),
    "labels": {"type": "object", "additionalProperties": COUNT},
    "trials": {"type": "array", "items": COUNT},
    "values": {"type": "array", "items": NUMBER},
}
EVALUATION_MEASURE: Columns = {
    "example_id": TEXT,
    **_all({"type": "array", "items": COUNT}, "trials failed"),
    "latency_ms": {"type": "array", "items": NUMBER_OR_NULL},
    **_all({"type": "array", "items": COUNT_OR_NULL}, "input_tokens output_tokens"),
    "cost_usd": {"type": "array", "items": NUMBER_OR_NULL},
    "metadata": OBJECT,
}
EVALUATION_VIEW: Columns = {
    "name": TEXT,
    "media_type": TEXT_OR_NULL,
    "content": TEXT,
    "metadata": OBJECT,
    "at": MOMENT,
    "at_ns": NS,
}
PREDICTION: Columns = {
    "evaluation_id": TEXT,
    "example_id": TEXT_OR_NULL,
    "trial": COUNT_OR_NULL,
    "trace_id": TRACE_ID,
    "span_id": SPAN_ID,
    "status": STATUS,
    **_all(TEXT_OR_NULL, "status_message error_type"),
    "start": MOMENT,
    "start_ns": NS,
    "duration_ms": NUMBER_OR_NULL,
    **_all(ANYTHING, "input output expected"),
    "model": TEXT_OR_NULL,
    **_all(COUNT_OR_NULL, "input_tokens output_tokens"),
    **_all(COUNT_OR_NULL, "judge_input_tokens judge_output_tokens"),
    **_all(NUMBER_OR_NULL, "cost_usd judge_cost_usd"),
    "attached": {"type": "array", "items": OBJECT},
    **_all(OBJECT, "metadata scores"),
}
STATS: Columns = {
    "bucket": MOMENT_OR_NULL,
    "bucket_ns": NS_OR_NULL,
    "group": TEXT_OR_NULL,
    **_all(COUNT, "n_calls n_errors"),
    **_all(NUMBER_OR_NULL, "p50_ms p95_ms p99_ms"),
    **_all(COUNT_OR_NULL, "input_tokens output_tokens"),
    "cost_usd": NUMBER_OR_NULL,
}
LATENCY: Columns = {
    "bucket": MOMENT_OR_NULL,
    "bucket_ns": NS_OR_NULL,
    "group": TEXT_OR_NULL,
    "n": COUNT,
    **_all(NUMBER_OR_NULL, "p50_ms p50_low_ms p50_high_ms"),
    **_all(NUMBER_OR_NULL, "p95_ms p95_low_ms p95_high_ms"),
}
TREND: Columns = {
    "bucket": MOMENT_OR_NULL,
    "bucket_ns": NS_OR_NULL,
    "name": TEXT,
    "group": TEXT_OR_NULL,
    "type": TEXT,
    **_all(COUNT, "n n_clusters"),
    **_all(NUMBER, "sum sum_squares cluster_sum_squares cluster_sum_counts"),
    "cluster_count_squares": COUNT,
}
FAILURE_REASON: Columns = {
    **_all(TEXT, "pattern message name"),
    "error_type": TEXT_OR_NULL,
    "trace_id": TRACE_ID,
    "n": COUNT,
    **_all(NS, "first_ns last_ns"),
}
VALUE: Columns = {"value": ANYTHING, "n": COUNT, **_all(NS, "first_ns last_ns")}
PROJECT: Columns = {
    "project": TEXT,
    **_all(COUNT, "n_traces n_spans"),
    **_all(MOMENT, "first last"),
    **_all(NS, "first_ns last_ns"),
}
DATASET: Columns = {
    **_all(TEXT, "name project"),
    "n_rows": COUNT,
    "version": TEXT,
    "n_versions": COUNT,
    "at": MOMENT,
    **_all(TEXT_OR_NULL, "author description"),
    "tags": TEXTS,
    "has_schema": FLAG,
}
DATASET_CHANGE: Columns = {
    "change": one_of("added", "removed", "changed"),
    "id": TEXT_OR_NULL,
    **_all({"type": ["object", "null"]}, "before after"),
    "parts": TEXTS,
}
DATASET_SPLIT: Columns = {"split": TEXT, "n_rows": COUNT}
DATASET_ROW: Columns = {
    "id": TEXT,
    "inputs": OBJECT,
    **_all(ANYTHING, "expected output"),
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
    **_all(TEXT, "id project"),
    **_all(ANYTHING, "name page params"),
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
JUDGE: Columns = {
    **_all(TEXT, "id project"),
    "definition": OBJECT,
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
PRICE: Columns = {
    **_all(TEXT, "provider model source"),
    **_all(
        NUMBER_OR_NULL,
        "input_usd_per_mtok output_usd_per_mtok cache_read_usd_per_mtok",
    ),
}
JOB: Columns = {
    **_all(TEXT, "id project kind"),
    "params": OBJECT,
    "state": one_of("queued", "running", "done", "failed", "cancelled"),
    "progress": OBJECT,
    **_all(ANYTHING, "message result"),
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
    **_all(TEXT, "id project"),
    "state": one_of("active", "paused"),
    "where": {"type": "array", "items": {"type": "array"}},
    "sample_rate": NUMBER,
    "scorers": TEXTS,
    **_all(NUMBER_OR_NULL, "max_per_day max_cost_usd_per_day"),
    "position_ns": NS,
    "progress": OBJECT,
    **_all(TEXT_OR_NULL, "message worker"),
    "lease_until_ns": NS,
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
ALERT_RULE: Columns = {
    **_all(TEXT, "id project name"),
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
    **_all(COUNT, "min_n cooldown_s"),
    "webhook_url": TEXT_OR_NULL,
    **_all(OBJECT, "standing reading"),
    **_all({"type": "array", "items": OBJECT}, "firings pending"),
    **_all(TEXT_OR_NULL, "message worker"),
    "lease_until_ns": NS,
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
QUEUE: Columns = {
    **_all(TEXT, "id project name description"),
    "state": one_of("active", "paused"),
    "source": OBJECT,
    "form": {"type": "array", "items": OBJECT},
    **_all(COUNT, "annotators lease_s"),
    "dataset": TEXT_OR_NULL,
    **_all(COUNT, "n_items n_done n_answers n_mine"),
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
QUEUE_ITEM: Columns = {
    **_all(TEXT, "id project queue"),
    "number": COUNT,
    "state": one_of("open", "done"),
    "trace_id": TRACE_ID_OR_NULL,
    "span_id": SPAN_ID_OR_NULL,
    **_all(TEXT_OR_NULL, "evaluation_id example_id"),
    "trial": COUNT_OR_NULL,
    "dataset": TEXT_OR_NULL,
    "row": {"type": ["object", "null"]},
    **_all(TEXTS, "done_by skipped_by"),
    "leases": {"type": "object", "additionalProperties": NS},
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
ACCESS: Columns = {
    **_all(TEXT_OR_NULL, "key name project"),
    "scopes": TEXTS,
    "expires": MOMENT_OR_NULL,
}
PROCESS: Columns = {
    **_all(TEXT, "project service instance_id"),
    **_all(MOMENT, "first last"),
    **_all(COUNT, "first_batch last_batch n_batches n_missing_batches"),
    "missing_batches": {"type": "array", "items": COUNT},
    **_all(COUNT, "n_sent n_received n_rejected n_stored n_lacking n_repeated"),
    "verdict": one_of("complete", "gaps", "partial", "repeated"),
}
DISK: Columns = {
    "project": TEXT,
    **_all(COUNT, "n_spans n_scores n_events bytes_estimated"),
}
PRICE_LIST: Columns = {
    "source": TEXT,
    "is_own": FLAG,
    "n_models": COUNT,
    "at": MOMENT,
}
OWN_PRICE: Columns = {
    **_all(TEXT, "provider model first_day"),
    **_all(
        NUMBER_OR_NULL,
        "input_usd_per_mtok output_usd_per_mtok cache_read_usd_per_mtok",
    ),
}
UNPRICED: Columns = {
    **_all(TEXT, "provider model"),
    "n_spans": COUNT,
    **_all(COUNT_OR_NULL, "input_tokens output_tokens"),
    "last": MOMENT,
}
KEY: Columns = {
    **_all(TEXT, "id name"),
    "scopes": TEXTS,
    "project": TEXT_OR_NULL,
    "state": one_of("active", "revoked", "expired"),
    "created": MOMENT,
    "created_by": TEXT_OR_NULL,
    **_all(MOMENT_OR_NULL, "expires revoked last_used"),
}
ERROR: Columns = {"error": row(_all(TEXT, "code message hint"))}

SCHEMAS: dict[str, Schema] = {
    "Span": row(SPAN),
    "FullSpan": row(FULL_SPAN | PLACED),
    "Step": row(STEP | PLACED),
    "Trace": row(TRACE),
    "Score": row(SCORE),
    "Session": row(SESSION),
    "Turn": row(TURN),
    "Evaluation": row(EVALUATION),
    "EvaluationSum": row(EVALUATION_SUM),
    "EvaluationView": row(EVALUATION_VIEW),
    "EvaluationMeasure": row(EVALUATION_MEASURE),
    "Prediction": row(PREDICTION),
    "Stats": row(STATS),
    "Latency": row(LATENCY),
    "Trend": row(TREND),
    "FailureReason": row(FAILURE_REASON),
    "Value": row(VALUE),
    "Project": row(PROJECT),
    "Dataset": row(DATASET),
    "DatasetRow": row(DATASET_ROW),
    "DatasetChange": row(DATASET_CHANGE),
    "DatasetSplit": row(DATASET_SPLIT),
    "DatasetVersion": row(DATASET_VERSION),
    "View": row(VIEW),
    "Judge": row(JUDGE),
    "Price": row(PRICE),
    "Job": row(JOB),
    "Worker": row(WORKER),
    "OnlineRule": row(ONLINE_RULE),
    "AlertRule": row(ALERT_RULE),
    "Queue": row(QUEUE),
    "QueueItem": row(QUEUE_ITEM),
    "Access": row(ACCESS),
    "Process": row(PROCESS),
    "Disk": row(DISK),
    "PriceLists": row(
        {
            "lists": {"type": "array", "items": row(PRICE_LIST)},
            "own": {"type": "array", "items": row(OWN_PRICE)},
            "unpriced": {"type": "array", "items": row(UNPRICED)},
        }
    ),
    "Key": row(KEY),
    "NewKey": row(KEY | {"key": TEXT}),
    "SqlRow": OBJECT,
    "Error": row(ERROR),
    "SpanAlone": row(FULL_SPAN),
    "TraceAlone": row(
        {
            "trace": ref("Trace"),
            "spans": {
                "type": "array",
                "items": {"anyOf": [ref("FullSpan"), ref("Step")]},
            },
            "scores": {"type": "array", "items": ref("Score")},
            "truncated": FLAG,
            "judge_usage": row(USAGE),
        }
    ),
    "SessionAlone": row(
        {
            "session": ref("Session"),
            "rows": {"type": "array", "items": ref("Turn")},
            "next": TEXT_OR_NULL,
        }
    ),
}
"""Name → schema, as they are referred to."""
