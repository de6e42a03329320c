"""Every row of the API by the name under which the description refers to it."""

from collector.openapi.edited import (
    ACCESS,
    ALERT_RULE,
    DATASET,
    DATASET_CHANGE,
    DATASET_ROW,
    DATASET_SPLIT,
    DATASET_VERSION,
    JOB,
    JUDGE,
    ONLINE_RULE,
    PRICE,
    QUEUE,
    QUEUE_ITEM,
    VIEW,
    WORKER,
)
from collector.openapi.held import (
    DISK,
    ERROR,
    KEY,
    OWN_PRICE,
    PRICE_LIST,
    PROCESS,
    UNPRICED,
)
from collector.openapi.schemas import (
    FLAG,
    OBJECT,
    TEXT,
    TEXT_OR_NULL,
    Schema,
    ref,
    row,
)
from collector.openapi.traffic import (
    EVALUATION,
    EVALUATION_MEASURE,
    EVALUATION_SUM,
    EVALUATION_VIEW,
    FAILURE_REASON,
    FULL_SPAN,
    LATENCY,
    PLACED,
    PREDICTION,
    PROJECT,
    SCORE,
    SESSION,
    SPAN,
    STATS,
    STEP,
    TRACE,
    TREND,
    TURN,
    USAGE,
    VALUE,
)

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
    "EntrySpan": row(
        FULL_SPAN | {"retrievers": {"type": "array", "items": row(FULL_SPAN)}}
    ),
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
