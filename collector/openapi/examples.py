"""An example of any answer, made of its schema: a value for each column by its name."""

from collections.abc import Mapping
from typing import Any, Final

from collector.openapi.schemas import Schema

_AT: Final = "2026-11-27T09:30:00.000000+00:00"
_NS: Final = 1_795_771_800_000_000_000

VALUES: Final[dict[str, Any]] = {
    "project": "support-bot",
    "service": "support-bot",
    "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    "span_id": "00f067aa0ba902b7",
    "parent_span_id": None,
    "evaluation_id": None,
    "example_id": None,
    "trial": None,
    "name": "answer",
    "kind": "chain",
    "span_kind": "internal",
    "operation": None,
    "provider": "openai",
    "model": "gpt-4o-mini",
    "models": ["gpt-4o-mini"],
    "input_tokens": 312,
    "output_tokens": 48,
    "total_tokens": 360,
    "cost_usd": 0.0000756,
    "duration_ms": 812.4,
    "latency_ms": [812.4],
    "time_to_first_token_ms": 231.0,
    "user_id": "u1",
    "session_id": "s1",
    "tags": ["beta"],
    "metadata": {"department": "accounting"},
    "environment": "production",
    "release": "1.4.2",
    "status_message": None,
    "error_type": None,
    "error": None,
    "message": None,
    "input": {"question": "How long does delivery take?"},
    "output": "Two days.",
    "expected": "two days",
    "input_preview": "How long does delivery take?",
    "output_preview": "Two days.",
    "next": None,
    "truncated": False,
    "deleted": False,
    "author": "ann",
    "version": "0.1.0",
    "engine": "chdb",
    "engine_version": "26.5.1",
    "store": "chdb:///data",
    "commit": "3f2a9c1",
    "status": "ok",
    "not_ready": "",
    "dashboard_url": "http://127.0.0.1:8501",
    "value": 4.0,
    "scale_low": 1.0,
    "scale_high": 5.0,
    "label": None,
    "explanation": "it names the day",
    "source": "human",
    "type": "number",
    "scorers": ["exact_match"],
    "scopes": ["ingest"],
    "id": "faq-1",
    "job": None,
    "item": None,
    "worker": None,
    "webhook_url": None,
    "lease_until_ns": None,
    "progress": {"done": 12, "total": 40},
    "role": "user",
    "parts": [{"type": "text", "content": "How long does delivery take?"}],
    "retrievers": [],
    "where": [["metadata.department", "=", "accounting"]],
    "n": 12,
    "n_spans": 5,
    "n_errors": 0,
    "n_input_messages": 1,
    "mean": 0.83,
    "depth": 0,
    "repeat": 0,
    "usage_counts": True,
    "sender_cost_usd": None,
    "score_id": "9b1c6d2e7f80415a9b1c6d2e7f80415a",
    "measure": "error_rate",
    "threshold": 0.05,
    "window_s": 3600,
    "cooldown_s": 3600,
    "min_n": 20,
    "n_missing_batches": 0,
    "missing_batches": [],
    "n_lacking": 0,
    "n_rejected": 0,
    "n_repeated": 0,
}
"""Column → what stands in examples of it; where it does not fit, its type decides."""


def example_of(schema: Schema, schemas: Mapping[str, Schema], name: str = "") -> Any:
    """Return a value that a schema allows, and that tells something.

    Args:
        schema: of the value.
        schemas: what it may refer to.
        name: of the column that holds it.
    """
    if reference := schema.get("$ref"):
        return example_of(schemas[reference.rpartition("/")[2]], schemas, name)
    if "example" in schema:
        return schema["example"]
    kinds = _kinds(schema)
    if name in VALUES and _fits(VALUES[name], schema):
        return VALUES[name]
    if either := schema.get("anyOf"):
        return example_of(either[0], schemas, name)
    if words := schema.get("enum"):
        return words[0]
    if "array" in kinds:
        held = example_of(schema.get("items", {}), schemas, name)
        return [] if held in (None, {}) else [held]
    if "object" in kinds and "properties" in schema:
        columns = schema["properties"].items()
        return {key: example_of(one, schemas, key) for key, one in columns}
    return _plain(kinds, schema, name)


def _kinds(schema: Schema) -> set[str]:
    kinds = schema.get("type", [])
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _fits(value: Any, schema: Schema) -> bool:
    """Return whether a column's usual value has one of the types that it may have."""
    kinds = _kinds(schema)
    if words := schema.get("enum"):
        return value in words
    names = {
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
        dict: "object",
        type(None): "null",
    }
    if kinds and "properties" in schema:
        return False
    if isinstance(value, list) and "array" in kinds:
        return all(_fits(one, schema.get("items", {})) for one in value)
    if isinstance(value, int) and not isinstance(value, bool) and "number" in kinds:
        return True
    return names[type(value)] in kinds or (not kinds and "anyOf" not in schema)


def _plain(kinds: set[str], schema: Schema, name: str) -> Any:
    if "null" in kinds and schema.get("format") != "date-time":
        return None if not name.endswith(("_ns", "_usd", "_ms")) else _number(name)
    if "string" in kinds:
        return _AT if schema.get("format") == "date-time" else name or "text"
    if kinds & {"integer", "number"}:
        return _number(name)
    if "boolean" in kinds:
        return False
    if "object" in kinds:
        if "additionalProperties" not in schema:
            return {}
        return {"helpful": example_of(schema["additionalProperties"], {}, "n")}
    return None if not kinds else []


def _number(name: str) -> int:
    return _NS if name.endswith("_ns") else 1
