"""Rows about what was recorded and judged: spans to trends."""

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
    Columns,
    every,
    one_of,
    row,
)

STATUS = one_of("ok", "error")

SPAN: Columns = {
    "project": TEXT,
    "trace_id": TRACE_ID,
    "span_id": SPAN_ID,
    "parent_span_id": SPAN_ID_OR_NULL,
    **every(TEXT, "name kind span_kind"),
    "status": STATUS,
    **every(TEXT_OR_NULL, "status_message error_type"),
    "start": MOMENT,
    "start_ns": NS,
    "duration_ms": NUMBER,
    **every(TEXT_OR_NULL, "operation provider model"),
    **every(COUNT_OR_NULL, "input_tokens output_tokens"),
    **every(NUMBER_OR_NULL, "cost_usd time_to_first_token_ms"),
    **every(TEXT_OR_NULL, "user_id session_id"),
    "tags": TEXTS,
    "metadata": OBJECT,
    **every(TEXT_OR_NULL, "environment release service scope"),
    **every(TEXT_OR_NULL, "prompt_name prompt_version evaluation_id example_id"),
    "trial": COUNT_OR_NULL,
    **every(TEXT_OR_NULL, "input_preview output_preview"),
}
MESSAGE: Columns = {"role": TEXT, "parts": {"type": "array", "items": OBJECT}}
FULL_SPAN: Columns = SPAN | {
    **every(ANYTHING, "input output expected"),
    "messages": {"type": ["array", "null"], "items": row(MESSAGE)},
    "n_input_messages": COUNT,
    "tool_definitions": {"type": ["array", "null"]},
    **every(OBJECT, "attributes resource"),
    **every({"type": "array", "items": OBJECT}, "events links"),
    "usage_counts": FLAG,
    "sender_cost_usd": NUMBER_OR_NULL,
    "cache_read_tokens": COUNT_OR_NULL,
    "cost_source": TEXT_OR_NULL,
}
USAGE: Columns = {
    **every(COUNT_OR_NULL, "input_tokens output_tokens"),
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
SCORE_SUMMARY: Columns = {
    "mean": NUMBER_OR_NULL,
    "n": COUNT,
    "label": TEXT_OR_NULL,
    "type": TEXT,
}
TRACE: Columns = SPAN | {
    **every(COUNT, "n_spans n_errors"),
    "models": TEXTS,
    "total_tokens": COUNT_OR_NULL,
    "scores": {"type": "object", "additionalProperties": row(SCORE_SUMMARY)},
}
SCORE: Columns = {
    **every(TEXT, "score_id project"),
    "at": MOMENT,
    "at_ns": NS,
    "trace_id": TRACE_ID_OR_NULL,
    "span_id": SPAN_ID_OR_NULL,
    **every(TEXT_OR_NULL, "evaluation_id example_id"),
    "trial": COUNT_OR_NULL,
    "name": TEXT,
    "type": TEXT,
    "value": NUMBER_OR_NULL,
    **every(TEXT_OR_NULL, "label explanation"),
    "source": TEXT,
    "author": TEXT_OR_NULL,
    "repeat": COUNT,
    "metadata": OBJECT,
    **every(NUMBER_OR_NULL, "scale_low scale_high"),
    "error": TEXT_OR_NULL,
    "deleted": FLAG,
    "version_ns": NS,
}
SESSION: Columns = {
    **every(TEXT, "project session_id"),
    "user_id": TEXT_OR_NULL,
    **every(MOMENT, "start last"),
    **every(NS, "start_ns last_ns"),
    **every(COUNT, "n_traces n_errors"),
    **every(NUMBER, "duration_ms latency_p50_ms latency_p95_ms"),
    **every(COUNT_OR_NULL, "input_tokens output_tokens"),
    "cost_usd": NUMBER_OR_NULL,
    **every(TEXT_OR_NULL, "input_preview output_preview"),
    "scores": {"type": "object", "additionalProperties": row(SCORE_SUMMARY)},
}
TURN: Columns = TRACE | every(ANYTHING, "input output")
EVALUATION: Columns = {
    **every(TEXT, "project id"),
    **every(TEXT_OR_NULL, "name display_name model dataset dataset_version"),
    "status": one_of("running", "done", "failed", "incomplete"),
    "start": MOMENT,
    **every(NS, "start_ns last_ns"),
    "finished_ns": NS_OR_NULL,
    "scorers": TEXTS,
    "n_planned": COUNT_OR_NULL,
    **every(COUNT, "n_examples n_predictions n_errors n_score_errors"),
    **every(COUNT_OR_NULL, "input_tokens output_tokens"),
    **every(COUNT_OR_NULL, "judge_input_tokens judge_output_tokens"),
    **every(NUMBER_OR_NULL, "cost_usd judge_cost_usd latency_p50_ms latency_p95_ms"),
    "metadata": OBJECT,
    "error": TEXT_OR_NULL,
    "means": OBJECT,
}
EVALUATION_SUM: Columns = {
    **every(TEXT, "score beside type example_id"),
    "raters": TEXTS,
    "n": COUNT,
    **every(NUMBER, "sum sum_squares"),
    **every(COUNT, "n_missing n_errors"),
    "labels": {"type": "object", "additionalProperties": COUNT},
    "trials": {"type": "array", "items": COUNT},
    "values": {"type": "array", "items": NUMBER},
    **every(NUMBER_OR_NULL, "scale_low scale_high"),
}
EVALUATION_MEASURE: Columns = {
    "example_id": TEXT,
    **every({"type": "array", "items": COUNT}, "trials failed"),
    "latency_ms": {"type": "array", "items": NUMBER_OR_NULL},
    **every({"type": "array", "items": COUNT_OR_NULL}, "input_tokens output_tokens"),
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
    **every(TEXT_OR_NULL, "status_message error_type"),
    "start": MOMENT,
    "start_ns": NS,
    "duration_ms": NUMBER_OR_NULL,
    **every(ANYTHING, "input output expected"),
    "model": TEXT_OR_NULL,
    **every(COUNT_OR_NULL, "input_tokens output_tokens"),
    **every(COUNT_OR_NULL, "judge_input_tokens judge_output_tokens"),
    **every(NUMBER_OR_NULL, "cost_usd judge_cost_usd"),
    "attached": {"type": "array", "items": OBJECT},
    **every(OBJECT, "metadata scores"),
}
STATS: Columns = {
    "bucket": MOMENT_OR_NULL,
    "bucket_ns": NS_OR_NULL,
    "group": TEXT_OR_NULL,
    **every(COUNT, "n_calls n_errors"),
    **every(NUMBER_OR_NULL, "p50_ms p95_ms p99_ms"),
    **every(COUNT_OR_NULL, "input_tokens output_tokens"),
    "cost_usd": NUMBER_OR_NULL,
}
LATENCY: Columns = {
    "bucket": MOMENT_OR_NULL,
    "bucket_ns": NS_OR_NULL,
    "group": TEXT_OR_NULL,
    "n": COUNT,
    **every(NUMBER_OR_NULL, "p50_ms p50_low_ms p50_high_ms"),
    **every(NUMBER_OR_NULL, "p95_ms p95_low_ms p95_high_ms"),
}
TREND: Columns = {
    "bucket": MOMENT_OR_NULL,
    "bucket_ns": NS_OR_NULL,
    "name": TEXT,
    "group": TEXT_OR_NULL,
    "type": TEXT,
    **every(COUNT, "n n_clusters"),
    **every(NUMBER, "sum sum_squares cluster_sum_squares cluster_sum_counts"),
    "cluster_count_squares": COUNT,
    **every(NUMBER_OR_NULL, "scale_low scale_high"),
}
FAILURE_REASON: Columns = {
    **every(TEXT, "pattern message name"),
    "error_type": TEXT_OR_NULL,
    "trace_id": TRACE_ID,
    "n": COUNT,
    **every(NS, "first_ns last_ns"),
}
VALUE: Columns = {"value": ANYTHING, "n": COUNT, **every(NS, "first_ns last_ns")}
PROJECT: Columns = {
    "project": TEXT,
    **every(COUNT, "n_traces n_spans"),
    **every(MOMENT, "first last"),
    **every(NS, "first_ns last_ns"),
}
