"""Traces of MLflow, versions 2 and 3, as our spans and scores."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tracer import semconv
from tracer._values.json_text import value_of
from tracer.importers._found import Found, ImportedScore, ImportedSpan, Unread
from tracer.importers._ids import SPAN_DIGITS, span_id_of, trace_id_of
from tracer.importers._records import Record, facts_of, mapping_of, text_of
from tracer.importers._scoring import scores_of
from tracer.importers._times import time_ns

SYSTEM: Final = "mlflow"

_PREFIX: Final = "tr-"
_KINDS: Final = {
    "CHAT_MODEL": "llm",
    "LLM": "llm",
    "EMBEDDING": "embedding",
    "RETRIEVER": "retriever",
    "RERANKER": "reranker",
    "TOOL": "tool",
    "AGENT": "agent",
    "CHAIN": "chain",
    "EVALUATOR": "evaluator",
}
_SOURCES: Final = {"HUMAN": "human", "LLM_JUDGE": "model", "AI_JUDGE": "model"}


def is_trace(record: Record) -> bool:
    """Return whether an object is a trace as ``Trace.to_json`` writes it."""
    return isinstance(record.get("info"), dict) and isinstance(record.get("data"), dict)


def read_trace(record: Record, place: str, found: Found) -> None:
    """Add a trace's spans, and its assessments as scores."""
    info = record["info"]
    trace_id = own_trace_id(str(info.get("trace_id") or info.get("request_id")))
    for span in record["data"].get("spans") or ():
        with found.reading(place):
            made = _span(span, trace_id, info)
            if made is None:
                why = f"a span without ids or times: {span}"[:200]
                found.unread.append(Unread(place, why))
            else:
                found.spans.append(made)
    for one in info.get("assessments") or ():
        found.scores += assessed(one, trace_id, place, found)


def own_trace_id(foreign: str) -> str:
    """Return the trace id in ``tr-`` and 32 hex digits, as MLflow 3 writes it."""
    return trace_id_of(SYSTEM, foreign.removeprefix(_PREFIX))


def assessed(
    one: Any, trace_id: str, place: str, found: Found
) -> Iterator[ImportedScore]:
    """Yield the scores of an assessment; expectations are no scores of an output."""
    feedback = one.get("feedback") if isinstance(one, Mapping) else None
    if not isinstance(feedback, Mapping):
        if not isinstance(one, Mapping) or "expectation" not in one:
            found.unread.append(Unread(place, f"an assessment of no kind: {one}"[:200]))
        return
    if one.get("valid") is False or one.get("overridden"):
        return
    source = mapping_of(one.get("source"))
    error = feedback.get("error")
    span = one.get("span_id")
    yield from scores_of(
        str(one.get("assessment_name") or one.get("name")),
        feedback.get("value"),
        found=found,
        place=place,
        explanation=text_of(one.get("rationale")),
        source=_SOURCES.get(str(source.get("source_type")), "code"),
        author=source.get("source_id"),
        metadata=facts_of(one.get("metadata")),
        time_ns=time_ns(one.get("create_time")),
        trace_id=trace_id,
        span_id=span_id_of(SYSTEM, str(span)) if span else None,
        **({"error": str(error.get("error_code") or "_OTHER")} if error else {}),
    )


def _span(span: Record, trace_id: str, info: Record) -> ImportedSpan | None:
    context = span.get("context") or {}
    span_id = _hex(span.get("span_id") or context.get("span_id"), SPAN_DIGITS)
    start_ns = time_ns(span.get("start_time_unix_nano") or span.get("start_time"))
    if not span_id or not start_ns:
        return None
    end_ns = time_ns(span.get("end_time_unix_nano") or span.get("end_time"))
    parent = _hex(span.get("parent_span_id") or span.get("parent_id"), SPAN_DIGITS)
    # MLflow writes every value as JSON text
    sent = mapping_of(span.get("attributes"))
    said = {key: value_of(text) for key, text in sent.items()}
    return ImportedSpan(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent,
        name=str(span.get("name")),
        kind=_KINDS.get(str(said.get("mlflow.spanType")), "span"),
        start_ns=start_ns,
        end_ns=end_ns or start_ns,
        attributes=_attributes(said) | ({} if parent else _of_trace(info)),
        content={
            semconv.INPUT: said.get("mlflow.spanInputs"),
            semconv.OUTPUT: said.get("mlflow.spanOutputs"),
        },
        metadata=_own(said) | ({} if parent else _facts_of_trace(info)),
        error=_error(span),
    )


def _attributes(said: Mapping[str, Any]) -> dict[str, Any]:
    usage = said.get("mlflow.chat.tokenUsage")
    usage = usage if isinstance(usage, Mapping) else {}
    asked = said.get("mlflow.spanInputs")
    answered = said.get("mlflow.spanOutputs")
    named = asked.get("model") if isinstance(asked, Mapping) else None
    made = answered.get("model") if isinstance(answered, Mapping) else None
    return {
        semconv.REQUEST_MODEL: said.get("mlflow.llm.model") or named,
        semconv.RESPONSE_MODEL: made if isinstance(made, str) else None,
        semconv.USAGE_INPUT_TOKENS: usage.get("input_tokens"),
        semconv.USAGE_OUTPUT_TOKENS: usage.get("output_tokens"),
        semconv.USAGE_CACHE_READ_INPUT_TOKENS: usage.get("cache_read_input_tokens"),
        semconv.USAGE_COST: _cost(said.get("mlflow.llm.cost")),
        semconv.PROVIDER_NAME: text_of(said.get("mlflow.llm.provider")),
    }


def _cost(cost: Any) -> float | None:
    """Return the cost in USD as MLflow reckoned it: the total, else its parts."""
    costs = mapping_of(cost)
    parts = [costs.get(name) for name in ("input_cost", "output_cost")]
    total = costs.get("total_cost")
    known = parts if total is None else [total]
    told = [float(one) for one in known if isinstance(one, int | float)]
    return sum(told) if told else None


def _facts_of_trace(info: Record) -> dict[str, Any]:
    """Return a trace's own metadata, and what people said that it should answer."""
    facts = mapping_of(info.get("trace_metadata") or info.get("request_metadata"))
    expected: dict[str, Any] = {}
    for one in info.get("assessments") or ():
        said = mapping_of(mapping_of(one).get("expectation"))
        if said and one.get("valid") is not False:
            name = one.get("assessment_name") or one.get("name")
            value = said.get("value", said.get("serialized_value"))
            expected[f"mlflow.expectation.{name}"] = value
    return _own(facts) | expected


def _own(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is not MLflow's own word."""
    return {key: v for key, v in said.items() if not key.startswith("mlflow.")}


def _of_trace(info: Record) -> dict[str, Any]:
    facts = mapping_of(info.get("trace_metadata") or info.get("request_metadata"))
    return {
        semconv.USER_ID: facts.get("mlflow.trace.user"),
        semconv.SESSION_ID: facts.get("mlflow.trace.session"),
        semconv.TAGS: tuple(
            f"{key}={value}"
            for key, value in mapping_of(info.get("tags")).items()
            if not key.startswith("mlflow.")
        )
        or None,
    }


def _error(span: Record) -> str | None:
    status = span.get("status")
    code = (
        status.get("code") if isinstance(status, Mapping) else span.get("status_code")
    )
    if "ERROR" not in str(code):
        return None
    message = status.get("message") if isinstance(status, Mapping) else None
    return str(message or span.get("status_message") or "failed")


def _hex(value: Any, digits: int) -> str | None:
    """Return an id that is hex, ``0x…``, or base64 of its bytes, as hex."""
    if not isinstance(value, str) or not value:
        return None
    plain = value.removeprefix("0x").lower()
    if len(plain) == digits and all(one in "0123456789abcdef" for one in plain):
        return plain
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    is_id = len(data) * 2 == digits
    return data.hex() if is_id else span_id_of(SYSTEM, value)
