"""Evaluation runs of senders that tell of them on spans alone: signs of life, scores.

The root of a trace with a run's name on it is a prediction; what an evaluator below it
answered are its scores.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.conventions import KIND_ORDER, keys_of, words_of
from collector.otlp.log_rows import Sent, evaluation_event_row, score_row
from collector.otlp.logs import project_of
from collector.otlp.sound_spans import sound_spans
from collector.otlp.values import texts_and_types
from collector.records import LAST_NS, EvaluationEventRow, OtlpRequest, ScoreRow
from tracer import semconv

Texts = Mapping[str, str]
_MARKS = tuple(key.encode() for key in keys_of("run_name"))
"""Bodies without these words tell of no run, and are not read here."""


@dataclass(frozen=True)
class Runs:
    """What spans tell of evaluation runs."""

    events: list[EvaluationEventRow] = field(default_factory=list)
    """A prediction's beginning and end, as signs of life of its run."""

    scores: list[ScoreRow] = field(default_factory=list)
    """What evaluators answered."""


def span_runs(body: bytes, request: OtlpRequest) -> Runs:
    """Return what a trace request tells of evaluation runs.

    Args:
        body: protobuf, inflated.
        request: where it comes from.
    """
    found = Runs()
    if not any(mark in body for mark in _MARKS):
        return found
    for span, resource in sound_spans(body, request):
        _read(span, resource, request, found)
    return found


def _read(span: Span, resource: Texts, request: OtlpRequest, found: Runs) -> None:
    texts, _ = texts_and_types(span.attributes)
    run = {
        semconv.EVALUATION_ID: _first(texts, keys_of("evaluation_id")),
        semconv.EVALUATION_NAME: _first(texts, keys_of("run_name")),
        semconv.EVALUATION_DATASET: _first(texts, words_of("run_dataset")),
        semconv.EXAMPLE_ID: _first(texts, keys_of("example_id")),
    }
    if not run[semconv.EVALUATION_ID] or not run[semconv.EVALUATION_NAME]:
        return
    project = request.key_project or project_of(resource, texts)
    if not any(span.parent_span_id):
        for sent in _life(span, run, project, request):
            found.events.append(evaluation_event_row(sent))
    elif _is_evaluator(texts):
        for told in _answers(_first(texts, keys_of("output"))):
            sent = _sent(span, told | run, project, request, span.end_time_unix_nano)
            try:
                found.scores.append(score_row(sent))
            except ValueError:
                continue


def _life(
    span: Span, run: dict[str, str], project: str, request: OtlpRequest
) -> Iterator[Sent]:
    ended = run | {semconv.EVALUATION_STATUS: "done"}
    for name, texts, time_ns in (
        (semconv.EVENT_EVALUATION_STARTED, run, span.start_time_unix_nano),
        (semconv.EVENT_EVALUATION_FINISHED, ended, span.end_time_unix_nano),
    ):
        yield _sent(span, texts, project, request, time_ns, name=name)


def _first(texts: Texts, keys: tuple[str, ...]) -> str:
    return next((texts[key] for key in keys if texts.get(key)), "")


def _is_evaluator(texts: Texts) -> bool:
    """Whether the first vendor that says the kind says so."""
    for vendor in KIND_ORDER:
        for key, kinds in vendor.kinds.items():
            if kind := kinds.get(texts.get(key, "").lower()):
                return kind == "evaluator"
    return False


def _answers(text: str) -> Iterator[dict[str, str]]:
    """Yield name, value or label, and comment of each score in an output."""
    try:
        output = orjson.loads(text or "null")
    except orjson.JSONDecodeError:
        return
    for told in output if isinstance(output, list) else [output]:
        if not isinstance(told, dict) or not isinstance(told.get("name"), str):
            continue
        found = {semconv.SCORE_NAME: told["name"]}
        if isinstance(told.get("comment"), str):
            found[semconv.SCORE_EXPLANATION] = told["comment"]
        yield found | _value(told.get("value"))


def _value(value: Any) -> dict[str, str]:
    if isinstance(value, bool):
        text = str(value).lower()
        return {semconv.SCORE_VALUE: text, semconv.SCORE_TYPE: "bool"}
    if isinstance(value, int | float):
        return {semconv.SCORE_VALUE: str(value)}
    return {semconv.SCORE_LABEL: value} if isinstance(value, str) else {}


def _sent(
    span: Span,
    texts: Texts,
    project: str,
    request: OtlpRequest,
    time_ns: int,
    *,
    name: str = semconv.EVENT_SCORE,
) -> Sent:
    """Return it as if it had come in a log record, about the trace as a whole."""
    moment_ns = min(time_ns or request.received_ms * 1_000_000, LAST_NS)
    return Sent(
        project=project,
        claims_other_project=False,
        event_name=name,
        time_ns=moment_ns,
        observed_ns=moment_ns,
        trace_id=span.trace_id,
        span_id=b"",
        severity="",
        body=AnyValue(),
        texts=texts,
        types={},
        digest=request.digest,
        received_ms=request.received_ms,
        request_number=request.number,
    )
