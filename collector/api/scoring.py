"""A score given through the API: checked, and made a row like any that OTLP brings."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from collector.api.refusals import Refusal
from collector.metadata import metadata_texts
from collector.otlp.log_rows import MAX_SCORE, scale_ends
from collector.records import ScoreRow, score_id
from collector.storage.conditions import time_ns
from tracer import semconv

_KNOWN = frozenset(
    {
        *("project", "name", "value", "label", "explanation", "source", "author"),
        *("trace_id", "span_id", "evaluation_id", "example_id", "trial", "repeat"),
        *("metadata", "scale", "at", "deleted"),
    }
)


def score_row(body: Mapping[str, Any]) -> ScoreRow:
    """Return the row of a score as the API takes it.

    Raises:
        Refusal: 422 for a value that a score cannot have; it names the field.
    """
    for key in body.keys() - _KNOWN:
        raise _unfit(key, body[key], f"known are {', '.join(sorted(_KNOWN))}")
    now_ns = time.time_ns()
    label = _text(body, "label")
    value, kind = _value(body, label)
    low, high = _scale(body)
    metadata, metadata_types = _metadata(body)
    row = ScoreRow(
        project=_required(body, "project"),
        name=_required(body, "name"),
        ts=_moment(body, now_ns),
        score_id=b"",
        version_ns=now_ns,
        trace_id=_id(body, "trace_id", 16),
        span_id=_id(body, "span_id", 8),
        evaluation_id=_text(body, "evaluation_id"),
        example_id=_text(body, "example_id"),
        trial=_whole(body, "trial"),
        type=kind,
        value=value,
        label=label,
        explanation=_text(body, "explanation"),
        source=_source(body),
        author=_text(body, "author"),
        repeat=_whole(body, "repeat") or 0,
        metadata=metadata,
        error="",
        deleted=_flag(body, "deleted"),
        digest=secrets.token_bytes(16),
        received_at=now_ns // 1_000_000,
        metadata_types=metadata_types,
        scale_low=low,
        scale_high=high,
    )
    return replace(row, score_id=score_id(row))


def _unfit(key: str, value: object, hint: str) -> Refusal:
    shown = repr(value)[:80]
    return Refusal(422, "bad_score", f"{key} {shown} does not fit a score", hint=hint)


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _unfit(key, value, "give text")
    return value


def _required(body: Mapping[str, Any], key: str) -> str:
    text = _text(body, key)
    if not text:
        raise _unfit(key, body.get(key), f"a score needs its {key}")
    return text


def _source(body: Mapping[str, Any]) -> str:
    source = _text(body, "source") or "user"
    if source not in semconv.SCORE_SOURCES:
        raise _unfit("source", source, f"use one of {', '.join(semconv.SCORE_SOURCES)}")
    return source


def _value(body: Mapping[str, Any], label: str) -> tuple[float | None, str]:
    value = body.get("value")
    if isinstance(value, bool):
        return float(value), "bool"
    if isinstance(value, int | float) and abs(value) <= MAX_SCORE:
        return float(value), "number"
    if value is not None:
        raise _unfit(
            "value",
            value,
            f"give true, false, a number up to {MAX_SCORE:g}, or a label",
        )
    return None, "label" if label else "number"


def _whole(body: Mapping[str, Any], key: str) -> int | None:
    value = body.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        raise _unfit(key, value, "give a whole number from 0")
    return value


def _id(body: Mapping[str, Any], key: str, n_bytes: int) -> bytes:
    text = _text(body, key)
    try:
        digits = bytes.fromhex(text)
    except ValueError:
        digits = b"?"
    if text and len(digits) != n_bytes:
        raise _unfit(key, text, f"it has {2 * n_bytes} hex digits")
    return digits.rjust(n_bytes, b"\0")


def _moment(body: Mapping[str, Any], now_ns: int) -> int:
    try:
        return now_ns if body.get("at") is None else time_ns(body["at"])
    except ValueError:
        raise _unfit("at", body["at"], "give ISO 8601 or nanoseconds") from None


def _flag(body: Mapping[str, Any], key: str) -> bool:
    value = body.get(key, False)
    if value not in (None, True, False):
        raise _unfit(key, value, "give true or false")
    return bool(value)


def _metadata(body: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise _unfit("metadata", metadata, "give an object")
    return metadata_texts(metadata)


def _scale(body: Mapping[str, Any]) -> tuple[float, float] | tuple[None, None]:
    scale = body.get("scale")
    if scale is None:
        return None, None
    try:
        return scale_ends(scale)
    except ValueError:
        raise _unfit("scale", scale, "give [least, most]") from None
