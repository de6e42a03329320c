"""Langfuse's traces, observations and scores as our spans and scores."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from tracer import semconv
from tracer.evaluation._rows import Example
from tracer.importers._found import (
    Found,
    ImportedPrediction,
    ImportedScore,
    ImportedSpan,
    Unread,
)
from tracer.importers._ids import is_kept, span_id_of, trace_id_of
from tracer.importers._langfuse_models import of_model, told_of
from tracer.importers._records import Record, facts_of, text_of
from tracer.importers._times import time_ns

SYSTEM: Final = "langfuse"

_KINDS: Final = {
    "GENERATION": "llm",
    "EMBEDDING": "embedding",
    "RETRIEVER": "retriever",
    "TOOL": "tool",
    "AGENT": "agent",
    "CHAIN": "chain",
    "GUARDRAIL": "guardrail",
    "EVALUATOR": "evaluator",
}
_SOURCES: Final = {"ANNOTATION": "human", "EVAL": "model"}


def spans_of(
    trace: Record, observations: Iterable[Record], *, found: Found
) -> list[ImportedSpan]:
    """Return the spans of a trace; an object of the trace alone is its root.

    Since version 3 the first observation is what ran, and says what its trace says;
    it is the root then, and tells of user, session and tags in the trace's place.
    Before, the trace was what ran: it becomes a root above its observations.
    """
    trace_id = trace_id_of(SYSTEM, str(trace["id"]))
    spans = [
        _span(trace_id, trace, one)
        for one in observations
        if _has_time(one, "startTime", found)
    ]
    known = {span.span_id for span in spans}
    tops = [one for one in spans if one.parent_span_id not in known]
    if tops and (_says_the_same(trace, trace_id, tops) or "timestamp" not in trace):
        return [_told_of(one, trace, trace_id, tops) for one in spans]
    if not _has_time(trace, "timestamp", found):
        return spans
    root = _root_of_trace(trace, trace_id, spans)
    return [
        root,
        *(
            replace(one, parent_span_id=root.span_id)
            if one.parent_span_id is None
            else one
            for one in spans
        ),
    ]


def _says_the_same(trace: Record, trace_id: str, tops: list[ImportedSpan]) -> bool:
    """Return whether nothing that a trace says differs from its only top span."""
    if len(tops) != 1:
        return False
    own = {**_said(trace), "name": trace.get("name")}
    said = {**tops[0].content, "name": tops[0].name}
    facts = _foreign(trace, trace_id).items()
    return all(value in (None, "", said[key]) for key, value in own.items()) and all(
        value == tops[0].metadata.get(key, value) for key, value in facts
    )


def _told_of(
    span: ImportedSpan, trace: Record, trace_id: str, tops: list[ImportedSpan]
) -> ImportedSpan:
    """Return a span; the only top one of a trace with the trace's facts, too."""
    if [span] != tops:
        return span
    return replace(span, metadata={**_foreign(trace, trace_id), **span.metadata})


def _root_of_trace(
    trace: Record, trace_id: str, spans: list[ImportedSpan]
) -> ImportedSpan:
    """Return a trace as a span, at least as long as all that it holds."""
    at_ns = time_ns(trace["timestamp"]) or 0
    took_ns = round(float(trace.get("latency") or 0) * 1e9)
    return ImportedSpan(
        trace_id=trace_id,
        span_id=span_id_of(SYSTEM, f"trace/{trace['id']}"),
        name=str(trace.get("name") or "trace"),
        start_ns=min((at_ns, *(one.start_ns for one in spans))),
        end_ns=max((at_ns + took_ns, *(one.end_ns for one in spans))),
        attributes=_of_trace(trace),
        content=_said(trace),
        metadata=_foreign(trace, trace_id),
    )


def predicted(
    link: Record,
    trace: Record,
    observations: Iterable[Record],
    *,
    example: Example | None,
    trial: int,
    scores: Iterable[Record],
    found: Found,
) -> ImportedPrediction:
    """Return the prediction that an item of a run is: a root above the trace's spans.

    Args:
        link: The run's item: which example, which trace.
        trace: The trace's own fields.
        observations: What is in it.
        example: The dataset's item, if it is known.
        trial: Which try of the example.
        scores: What was made of the trace.
        found: Takes what cannot be read.
    """
    trace_id = trace_id_of(SYSTEM, str(trace["id"]))
    root_id = span_id_of(SYSTEM, f"run item/{link['id']}")
    spans = [
        _span(trace_id, trace, one, above=root_id)
        for one in observations
        if _has_time(one, "startTime", found)
    ]
    judged = (score_of(one, found) for one in scores)
    return ImportedPrediction(
        example_id=link["datasetItemId"],
        trial=trial,
        root=_root(root_id, link, trace, spans, example),
        below=tuple(spans),
        scores=tuple(score for score in judged if score is not None),
    )


def _root(
    root_id: str,
    link: Record,
    trace: Record,
    spans: list[ImportedSpan],
    example: Example | None,
) -> ImportedSpan:
    """Return the prediction's own span, around the spans of its trace."""
    trace_id = trace_id_of(SYSTEM, str(trace["id"]))
    start_ns = time_ns(trace.get("timestamp")) or 0
    took_ns = round(float(trace.get("latency") or 0) * 1e9)
    said = _said(trace)
    named = {"langfuse.run_item_id": link["id"]}
    if trace.get("name"):
        named["langfuse.trace_name"] = trace["name"]
    failed = next((span.error for span in spans if span.error), None)
    return ImportedSpan(
        trace_id=trace_id,
        span_id=root_id,
        name="prediction",
        kind="prediction",
        start_ns=min((span.start_ns for span in spans), default=start_ns),
        end_ns=max((span.end_ns for span in spans), default=start_ns + took_ns),
        attributes=_of_trace(trace),
        content={
            semconv.INPUT: said[semconv.INPUT] if example is None else example.inputs,
            semconv.OUTPUT: said[semconv.OUTPUT],
            semconv.EXPECTED: None if example is None else example.expected,
        },
        metadata=_foreign(trace, trace_id) | named,
        error=failed if said[semconv.OUTPUT] is None else None,
    )


def score_of(score: Record, found: Found) -> ImportedScore | None:
    """Return a score; None, and why, if it is of no trace or says nothing."""
    place = f"score {score.get('id')}"
    if not score.get("traceId"):
        of = "a session" if score.get("sessionId") else score.get("subjectKind")
        why = f"a score of {of or 'a run'} as a whole; here scores are of traces"
        found.unread.append(Unread(place, why))
        return None
    kind, value = score.get("dataType"), score.get("value")
    label = score.get("stringValue") or (value if isinstance(value, str) else None)
    if not isinstance(value, bool | int | float):
        value = None
    if kind == "BOOLEAN" and value is not None:
        value, label = bool(value), None
    elif kind in ("CATEGORICAL", "TEXT"):
        value = None
    if value is None and label is None:
        found.unread.append(Unread(place, "a score without a value"))
        return None
    observation = score.get("observationId")
    return ImportedScore(
        name=str(score.get("name")),
        value=value,
        label=text_of(label),
        explanation=text_of(score.get("comment")),
        source=_SOURCES.get(str(score.get("source")), "code"),
        author=score.get("authorUserId"),
        metadata=facts_of(score.get("metadata")),
        time_ns=time_ns(score.get("timestamp") or score.get("createdAt")),
        trace_id=trace_id_of(SYSTEM, str(score.get("traceId"))),
        span_id=span_id_of(SYSTEM, str(observation)) if observation else None,
    )


def _span(
    trace_id: str, trace: Record, one: Record, *, above: str | None = None
) -> ImportedSpan:
    parent, start_ns = one.get("parentObservationId"), time_ns(one["startTime"]) or 0
    span_id = span_id_of(SYSTEM, str(one["id"]))
    about = facts_of(one.get("metadata"))
    foreign = {} if is_kept(str(one["id"]), span_id) else {"langfuse.id": one["id"]}
    kind = _KINDS.get(str(one.get("type")), "span")
    failed = one.get("level") == "ERROR"
    return ImportedSpan(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=span_id_of(SYSTEM, str(parent)) if parent else above,
        name=str(one.get("name") or one.get("type") or "span"),
        kind=kind,
        start_ns=start_ns,
        end_ns=time_ns(one.get("endTime")) or start_ns,
        attributes=of_model(one, start_ns)
        | ({} if parent else _of_trace({**one, **trace})),
        content=_said(one),
        metadata={**about, **told_of(one), **foreign},
        error=str(one.get("statusMessage") or "failed") if failed else None,
    )


def _of_trace(trace: Record) -> dict[str, Any]:
    return {
        semconv.USER_ID: trace.get("userId"),
        semconv.SESSION_ID: trace.get("sessionId"),
        semconv.TAGS: tuple(map(str, trace.get("tags") or ())) or None,
        semconv.RELEASE: trace.get("release"),
        semconv.ENVIRONMENT: trace.get("environment"),
    }


def _foreign(trace: Record, trace_id: str) -> dict[str, Any]:
    foreign = str(trace["id"])
    own = {} if is_kept(foreign, trace_id) else {"langfuse.trace_id": foreign}
    return {**facts_of(trace.get("metadata")), **told_of(trace), **own}


def _said(one: Record) -> dict[str, Any]:
    return {semconv.INPUT: one.get("input"), semconv.OUTPUT: one.get("output")}


def _has_time(one: Record, field: str, found: Found) -> bool:
    if time_ns(one.get(field)) is not None:
        return True
    found.unread.append(Unread(str(one.get("id")), f"it has no {field}"))
    return False
