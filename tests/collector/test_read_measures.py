"""What predictions took, example by example; and the values behind the sums."""

import itertools
import time
from typing import Any

import orjson
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import START_NS, log_request, put, record, span, trace_request
from reading import of, read

from collector.storage.engine import Store
from collector.storage.reads.evaluations import (
    evaluation_measures,
    evaluation_sums,
    read_evaluation,
)
from collector.storage.reads.reader import Row

_numbers = itertools.count(1)


@pytest.fixture
def run_id() -> str:
    return f"measured-{next(_numbers)}-{time.time_ns()}"


def prediction(run_id: str, example: str, trial: int, **fields: Any) -> Span:
    values = {
        "tracer.kind": "prediction",
        "tracer.evaluation.id": run_id,
        "tracer.example.id": example,
        "tracer.trial": trial,
    }
    values |= fields.pop("values", {})
    start_ns = START_NS + fields.pop("at_ns", 0)
    took_ns = fields.pop("took_ms", 100) * 10**6
    times = {"start_time_unix_nano": start_ns, "end_time_unix_nano": start_ns + took_ns}
    return span(values, **times, **fields)


def below(parent: Span, run_id: str, values: dict[str, Any]) -> Span:
    return span(
        {"tracer.evaluation.id": run_id, **values},
        trace_id=parent.trace_id,
        parent_span_id=parent.span_id,
        start_time_unix_nano=parent.start_time_unix_nano,
        end_time_unix_nano=parent.end_time_unix_nano,
    )


def usage(tokens: int) -> dict[str, Any]:
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": tokens,
        "gen_ai.usage.output_tokens": 1,
    }


def send(store: Store, project: str, run_id: str, *spans: Span) -> Row:
    started = record(
        {"tracer.evaluation.id": run_id},
        event_name="tracer.evaluation.started",
        time_unix_nano=START_NS,
    )
    put(store, log_request(started, project=project), signal="logs")
    put(store, trace_request(*spans, project=project))
    run = read(store, read_evaluation, of(project), run_id)
    assert run is not None
    return run


@pytest.mark.every_store
def test_each_example_has_what_its_trials_took_in_their_order(
    store: Store, project: str, run_id: str
) -> None:
    failed = Status(code=Status.STATUS_CODE_ERROR)
    late = prediction(run_id, "a", 1, took_ms=300, at_ns=9, status=failed)
    first = prediction(
        run_id, "a", 0, took_ms=200, values={"tracer.metadata.language": "ko"}
    )
    other = prediction(run_id, "b", 0, at_ns=5)
    judge = below(first, run_id, {"tracer.kind": "evaluator"})
    spans = [
        *(late, first, other, below(first, run_id, usage(7)), judge),
        below(judge, run_id, usage(1000)),
    ]
    run = send(store, project, run_id, *spans)
    put(store, trace_request(first, project=project))  # sent twice: counted once
    a, b = read(store, evaluation_measures, of(project), run)
    assert (a["example_id"], a["trials"], a["failed"]) == ("a", [0, 1], [0, 1])
    assert a["latency_ms"] == [200, 300]
    assert (a["input_tokens"], a["output_tokens"]) == ([7, None], [1, None])
    assert a["metadata"] == {"language": "ko"}
    assert (b["example_id"], b["latency_ms"], b["cost_usd"]) == ("b", [100], [None])


def test_a_run_without_predictions_has_no_measures(
    store: Store, project: str, run_id: str
) -> None:
    run = send(store, project, run_id, span({}))
    assert read(store, evaluation_measures, of(project), run) == []


def test_sums_come_with_their_values_and_the_trials_of_these(
    store: Store, project: str, run_id: str
) -> None:
    run = send(store, project, run_id, prediction(run_id, "a", 0))
    scores = [
        record(
            {
                "gen_ai.evaluation.name": "tone",
                "gen_ai.evaluation.score.value": value,
                "tracer.score.repeat": repeat,
                "tracer.evaluation.id": run_id,
                "tracer.example.id": "a",
                "tracer.trial": trial,
            },
            event_name="gen_ai.evaluation.result",
        )
        for trial, repeat, value in [(1, 0, 5.0), (0, 0, 3.0), (0, 1, 4.0)]
    ]
    put(store, log_request(*scores, project=project), signal="logs")
    (line,) = read(store, evaluation_sums, of(project), run)
    row = orjson.loads(line)
    assert (row["trials"], row["values"]) == ([0, 0, 1], [3, 4, 5])
