"""What requests carry: the keys that each route takes, and an example of it."""

from collections.abc import Sequence
from typing import Any

from collector.access.keys import SCOPES
from collector.openapi.edited import ALERT_RULE, ONLINE_RULE, QUEUE
from collector.openapi.schemas import (
    ANYTHING,
    COUNT,
    COUNT_OR_NULL,
    FLAG,
    NUMBER,
    OBJECT,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    Columns,
    Schema,
    every,
    one_of,
    row,
)
from collector.storage.documents.alert_rules import WINDOWS_S
from collector.storage.documents.jobs import STATES
from collector.storage.queues.forms import KINDS
from tracer.semconv import SCORE_SOURCES

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def body(needed: str, columns: Columns, /, **example: Any) -> Schema:
    """Return the schema of a body.

    Args:
        needed: keys without which it is refused, with spaces between.
        columns: all keys.
        example: values that a collector takes.
    """
    return row(columns) | {"required": needed.split(), "example": example}


def _without(columns: Columns, names: str) -> Columns:
    left_out = {*names.split(), "id", "version", "at", "project", "author"}
    return {name: schema for name, schema in columns.items() if name not in left_out}


def _objects(columns: Columns, needed: Sequence[str] = ()) -> Schema:
    return {"type": "array", "items": row(columns) | {"required": list(needed)}}


_IN = {"project": TEXT}
_BY = _IN | {"author": TEXT}
_REPLACES: Columns = {"replaces": COUNT_OR_NULL}
_SCOPES: Schema = {"type": "array", "items": one_of(*SCOPES), "minItems": 1}
_ROW: Columns = {
    "id": TEXT_OR_NULL,
    "inputs": OBJECT,
    **every(ANYTHING, "expected output"),
    "metadata": OBJECT,
    "source": {"type": ["object", "null"]},
}
_ROWS = _objects(_ROW, ["inputs"])

SCORE = body(
    "project name",
    {
        **every(TEXT, "project name"),
        "value": {"type": ["boolean", "number", "null"]},
        **every(TEXT_OR_NULL, "label explanation author"),
        "source": one_of(*SCORE_SOURCES),
        "trace_id": {"type": ["string", "null"], "pattern": "^([0-9a-fA-F]{32})?$"},
        "span_id": {"type": ["string", "null"], "pattern": "^([0-9a-fA-F]{16})?$"},
        **every(TEXT_OR_NULL, "evaluation_id example_id"),
        **every(COUNT_OR_NULL, "trial repeat"),
        "metadata": {"type": ["object", "null"]},
        "scale": {
            "type": ["array", "null"],
            "items": NUMBER,
            "minItems": 2,
            "maxItems": 2,
        },
        "at": {"type": ["string", "integer", "null"]},
        "deleted": FLAG,
    },
    project="support-bot",
    trace_id=TRACE,
    name="helpful",
    value=4,
    scale=[1, 5],
    source="human",
    author="ann",
    explanation="it names the day",
)
DATASET = body(
    "project",
    _BY
    | {
        "rows": _ROWS,
        "of": row({"name": TEXT, "version": TEXT_OR_NULL}) | {"required": ["name"]},
        "replaces": TEXT_OR_NULL,
        "append": FLAG,
        **every(TEXT, "note description"),
    },
    project="support-bot",
    rows=[{"inputs": {"question": "How long?"}, "expected": "two days"}],
    note="the first questions",
)
EDITED_DATASET = body(
    "project base",
    _BY
    | {
        **every(TEXT, "base replaces note"),
        "changed": {
            "type": "object",
            "additionalProperties": {"type": ["object", "null"]},
        },
        "added": _ROWS,
    },
    project="support-bot",
    base="0123456789abcdef",
    changed={"0": {"inputs": {"question": "How long?"}, "expected": "three days"}},
    added=[{"inputs": {"question": "How much?"}, "expected": "nothing"}],
)
DESCRIBED_DATASET = body(
    "project",
    _BY | {"description": TEXT, "tags": TEXTS, "schema": {"type": ["object", "null"]}},
    project="support-bot",
    description="what customers ask about delivery",
    tags=["delivery"],
)
RENAMED_DATASET = body(
    "project to", _BY | {"to": TEXT}, project="support-bot", to="delivery-questions"
)
VIEW = body(
    "project",
    _BY | _REPLACES | {"name": TEXT, "page": TEXT, "params": OBJECT},
    project="support-bot",
    name="slow calls",
    page="traces",
    params={"where": [["duration_ms", ">", 2000]]},
)
JUDGE = body(
    "project definition",
    _BY | _REPLACES | {"definition": OBJECT},
    project="support-bot",
    definition={"kind": "rubric", "rubric": "factuality", "model": "gpt-4o-mini"},
)
JOB = body(
    "project",
    _IN
    | _REPLACES
    | {
        "kind": TEXT,
        "params": OBJECT,
        "state": one_of(*STATES),
        "progress": OBJECT,
        "message": TEXT_OR_NULL,
        "result": ANYTHING,
        "asked_by": TEXT_OR_NULL,
    },
    project="support-bot",
    kind="score_dataset",
    params={"dataset": "faq", "metrics": ["exact_match"]},
    asked_by="ann",
)
LEASED_JOB = body(
    "worker",
    _IN | {"worker": TEXT, "kinds": TEXTS, "lease_s": NUMBER},
    worker="worker-1",
    kinds=["score_dataset"],
    lease_s=60,
)
RETRIED_JOB = body("", _IN | {"params": OBJECT}, params={"spending_limit_usd": 2})
WORKER = body(
    "",
    _IN | {"about": OBJECT},
    about={"version": "0.1.0", "base_url": "http://127.0.0.1:9000/v1"},
)
ONLINE = body(
    "project",
    _IN | _REPLACES | _without(ONLINE_RULE, ""),
    project="support-bot",
    scorers=["json_valid"],
    sample_rate=0.1,
    where=[["metadata.department", "=", "accounting"]],
    max_per_day=500,
)
ALERT = body(
    "project",
    _BY
    | _REPLACES
    | _without(ALERT_RULE, "")
    | {"window_s": {"type": "integer", "enum": list(WINDOWS_S)}},
    project="support-bot",
    name="errors",
    measure="error_rate",
    test="above",
    threshold=0.05,
    window_s=3600,
    webhook_url="https://hooks.example.com/alerts",
)
FORM: Schema = {
    "type": "array",
    "minItems": 1,
    "items": row(
        {
            "name": TEXT,
            "kind": one_of(*KINDS),
            "title": {"type": ["string", "object"]},
            **every({"type": "integer"}, "min max"),
            "labels": TEXTS,
            **every(FLAG, "required corrects"),
        }
    )
    | {"required": ["name", "kind"]},
}
QUEUE_SAVED = body(
    "project",
    _BY
    | _REPLACES
    | _without(QUEUE, "n_items n_done n_answers n_mine")
    | {"form": FORM},
    project="support-bot",
    name="answers to read",
    form=[
        {"name": "helpful", "kind": "scale", "min": 1, "max": 5},
        {"name": "correction", "kind": "text", "corrects": True},
    ],
    annotators=2,
)
ITEMS = body(
    "items",
    _BY
    | {
        "items": _objects(
            {
                "trace_id": TEXT_OR_NULL,
                "span_id": TEXT_OR_NULL,
                **every(TEXT_OR_NULL, "evaluation_id example_id dataset"),
                "trial": COUNT_OR_NULL,
                "row": {"type": ["object", "null"]},
            }
        )
    },
    project="support-bot",
    items=[{"trace_id": TRACE}],
)


def of_annotator(needed: str, columns: Columns, /, **example: Any) -> Schema:
    """Return the body of what an annotator does; ``item`` says about what."""
    about = {"author": "ann", "item": f"answers-to-read/{TRACE}"}
    shown = about if "item" in needed else {"author": "ann"}
    given = _BY | {"item": TEXT} | columns
    return body(f"author {needed}", given, **shown, **example)


LEASE = of_annotator("", {})
ANSWERS = of_annotator(
    "item answers", {"answers": OBJECT, "note": TEXT}, answers={"helpful": 4}
)
ITEM = of_annotator("item", {})
RETENTION = body(
    "days",
    {"days": COUNT, "evaluation_days": COUNT, "author": TEXT},
    days=30,
    evaluation_days=365,
)
KEY = body(
    "name scopes",
    {"name": TEXT, "scopes": _SCOPES, "project": TEXT_OR_NULL, "expires": TEXT_OR_NULL},
    name="the bot",
    scopes=["ingest"],
    project="support-bot",
    expires="90d",
)
SQL = body(
    "query",
    _IN | {"query": TEXT, "parameters": OBJECT},
    query="SELECT name, count() AS n FROM spans WHERE start > {since:DateTime64} "
    "GROUP BY name ORDER BY n DESC",
    parameters={"since": "2026-11-01 00:00:00"},
    project="support-bot",
)
