"""Rows about what a collector holds, and who may ask it."""

from collector.openapi.schemas import (
    ANYTHING,
    COUNT,
    COUNT_OR_NULL,
    FLAG,
    MOMENT,
    MOMENT_OR_NULL,
    NUMBER,
    NUMBER_OR_NULL,
    OBJECT,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    Columns,
    every,
    one_of,
    row,
)

PROCESS: Columns = {
    **every(TEXT, "project service instance_id"),
    **every(MOMENT, "first last"),
    **every(COUNT, "first_batch last_batch n_batches n_missing_batches"),
    "missing_batches": {"type": "array", "items": COUNT},
    **every(COUNT, "n_sent n_received n_rejected n_stored n_lacking n_repeated"),
    "verdict": one_of("complete", "gaps", "partial", "repeated"),
}
DISK: Columns = {
    "project": TEXT,
    **every(COUNT, "n_spans n_scores n_events bytes_estimated"),
}
PRICE_LIST: Columns = {
    "source": TEXT,
    "is_own": FLAG,
    "n_models": COUNT,
    "at": MOMENT,
}
OWN_PRICE: Columns = {
    **every(TEXT, "provider model first_day"),
    **every(
        NUMBER_OR_NULL,
        "input_usd_per_mtok output_usd_per_mtok cache_read_usd_per_mtok",
    ),
}
UNPRICED: Columns = {
    **every(TEXT, "provider model"),
    "n_spans": COUNT,
    **every(COUNT_OR_NULL, "input_tokens output_tokens"),
    "last": MOMENT,
}
KEY: Columns = {
    **every(TEXT, "id name"),
    "scopes": TEXTS,
    "project": TEXT_OR_NULL,
    "state": one_of("active", "revoked", "expired"),
    "created": MOMENT,
    "created_by": TEXT_OR_NULL,
    **every(MOMENT_OR_NULL, "expires revoked last_used"),
}
AGES: Columns = every(COUNT, "days evaluation_days")
EVERYWHERE: Columns = AGES | {"disk_budget_bytes": COUNT}
PROJECT_RETENTION: Columns = {
    **every(TEXT, "id project"),
    **AGES,
    "version": COUNT,
    "at": MOMENT,
    "author": TEXT_OR_NULL,
}
DELETION: Columns = {
    "deleted": FLAG,
    "rows": {"type": "object", "additionalProperties": COUNT},
}
CHORE: Columns = {
    "id": TEXT,
    "kind": one_of("backup", "reprice"),
    "state": one_of("running", "done", "failed"),
    **every(COUNT, "done total"),
    **every(TEXT, "what error"),
    "result": OBJECT,
}
TEXT_INDEX: Columns = {"state": one_of("off", "building", "on"), "progress": NUMBER}
HEALTH: Columns = {
    **every(TEXT, "status version engine engine_version"),
    "schema_version": COUNT,
    **every(TEXT_OR_NULL, "commit dashboard_url not_ready store"),
    **every(COUNT_OR_NULL, "spans_stored scores_stored"),
    **every(COUNT_OR_NULL, "disk_bytes system_bytes disk_free_bytes"),
    "text_index": {"anyOf": [row(TEXT_INDEX), {"type": "null"}]},
    **every(COUNT_OR_NULL, "queue_requests requests_stored items_stored"),
    **every(COUNT_OR_NULL, "items_rejected requests_refused"),
}
"""What is not of all keys' business is null for a key of one project."""
OPENAPI: Columns = {
    **every(TEXT, "openapi"),
    **every(OBJECT, "info paths components"),
    **every(ANYTHING, "servers security tags"),
}
ERROR: Columns = {"error": row(every(TEXT, "code message hint"))}
