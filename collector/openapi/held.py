"""Rows about what a collector holds, and who may ask it."""

from collector.openapi.schemas import (
    COUNT,
    COUNT_OR_NULL,
    FLAG,
    MOMENT,
    MOMENT_OR_NULL,
    NUMBER_OR_NULL,
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
ERROR: Columns = {"error": row(every(TEXT, "code message hint"))}
