"""Calls that were made before a run count for the predictions that name them."""

from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import (
    START_NS,
    attributes,
    log_request,
    put,
    record,
    span,
    trace_request,
)
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.reads.evaluations import (
    evaluation_measures,
    list_evaluations,
    read_evaluation,
)
from collector.storage.reads.predictions import list_predictions
from collector.storage.reads.reader import Row

LONG_AGO_NS = START_NS - 40 * 24 * 3600 * 10**9


def call(parent: Span | None = None, *, duration_ms: int = 7, **values: Any) -> Span:
    """A call that was made long before, of a model if it has tokens."""
    given = {key.replace("__", "."): value for key, value in values.items()}
    if "tokens" in given:
        tokens = given.pop("tokens")
        given |= {
            "gen_ai.operation.name": "chat",
            "gen_ai.response.model": "m-1",
            "gen_ai.usage.input_tokens": tokens,
            "gen_ai.usage.output_tokens": 2 * tokens,
        }
    below = {} if parent is None else _below(parent)
    return span(
        given,
        start_time_unix_nano=LONG_AGO_NS,
        end_time_unix_nano=LONG_AGO_NS + duration_ms * 1_000_000,
        **below,
    )


def _below(parent: Span) -> dict[str, bytes]:
    return {"trace_id": parent.trace_id, "parent_span_id": parent.span_id}


def prediction(run: str, example: str, *calls: tuple[Span, bool]) -> Span:
    """A prediction that names calls: each alone (True), or its whole trace."""
    made = span(
        {
            "tracer.kind": "prediction",
            "tracer.evaluation.id": run,
            "tracer.example.id": example,
            "tracer.trial": 0,
        }
    )
    for named, is_alone in calls:
        made.links.add(
            trace_id=named.trace_id,
            span_id=named.span_id if is_alone else bytes(8),
            attributes=attributes({"tracer.link": "attached"}),
        )
    return made


def rows_of(
    store: Store, project: str, *predictions: Span, run: str
) -> tuple[Row, list[Row]]:
    """Store a run and return it with its predictions by example."""
    life = record(
        {"tracer.evaluation.id": run, "tracer.evaluation.name": run},
        event_name="tracer.evaluation.started",
    )
    put(store, log_request(life, project=project), signal="logs")
    put(store, trace_request(*predictions, project=project))
    found = read(store, read_evaluation, of(project), run)
    assert found is not None
    rows, _ = read(store, list_predictions, of(project), found, page())
    return found, sorted(rows, key=lambda row: str(row["example_id"]))


@pytest.mark.every_store
def test_an_attached_trace_gives_its_prediction_tokens_model_and_time(
    store: Store, project: str
) -> None:
    root = call(duration_ms=250)
    put(store, trace_request(root, call(root, tokens=8), project=project))
    named = prediction(f"{project}-run", "a", (root, False))
    run, [row] = rows_of(store, project, named, run=f"{project}-run")
    assert (row["input_tokens"], row["output_tokens"], row["model"]) == (8, 16, "m-1")
    assert row["duration_ms"] == 250
    assert row["attached"] == [{"trace_id": root.trace_id.hex(), "span_id": None}]
    assert (run["input_tokens"], run["output_tokens"]) == (8, 16)
    assert run["latency_p50_ms"] == 250


@pytest.mark.every_store
def test_an_attached_span_counts_with_all_below_it_and_nothing_beside(
    store: Store, project: str
) -> None:
    root = call(duration_ms=900)
    asked = call(root, duration_ms=30)
    beside = call(root, tokens=1000)
    step = call(asked)
    tree = [root, asked, beside, step, call(step, tokens=5)]
    put(store, trace_request(*tree, project=project))
    named = prediction(f"{project}-run", "a", (asked, True))
    run, [row] = rows_of(store, project, named, run=f"{project}-run")
    assert (row["input_tokens"], row["duration_ms"]) == (5, 30)
    assert row["attached"][0]["span_id"] == asked.span_id.hex()
    assert (run["input_tokens"], run["latency_p95_ms"]) == (5, 30)


def test_judges_within_an_attached_trace_do_not_count_for_the_model(
    store: Store, project: str
) -> None:
    root = call()
    judge = call(root, tracer__kind="evaluator")
    tree = [root, call(root, tokens=3), judge, call(judge, tokens=500)]
    put(store, trace_request(*tree, project=project))
    named = prediction(f"{project}-run", "a", (root, False))
    run, [row] = rows_of(store, project, named, run=f"{project}-run")
    assert (run["input_tokens"], row["input_tokens"]) == (3, 3)


def test_several_attached_calls_add_up_and_each_counts_once(
    store: Store, project: str
) -> None:
    first, second = call(tokens=1, duration_ms=10), call(tokens=2, duration_ms=20)
    put(store, trace_request(first, second, project=project))
    calls = ((first, True), (second, True), (first, False), (first, True))
    both = prediction(f"{project}-run", "a", *calls)
    without = prediction(f"{project}-run", "b")
    run, rows = rows_of(store, project, both, without, run=f"{project}-run")
    assert [row["input_tokens"] for row in rows] == [3, None]
    assert [row["duration_ms"] for row in rows] == [30, 1000]
    assert (run["input_tokens"], run["n_predictions"]) == (3, 2)


def test_a_call_attached_to_two_predictions_counts_for_both(
    store: Store, project: str
) -> None:
    shared = call(tokens=4)
    put(store, trace_request(shared, project=project))
    both = [prediction(f"{project}-run", name, (shared, True)) for name in "ab"]
    run, rows = rows_of(store, project, *both, run=f"{project}-run")
    assert [row["input_tokens"] for row in rows] == [4, 4]
    assert run["input_tokens"] == 8


def test_attached_calls_of_another_project_and_unknown_ones_count_nothing(
    store: Store, project: str
) -> None:
    elsewhere = call(tokens=4)
    put(store, trace_request(elsewhere, project=f"{project}-other"))
    calls = ((elsewhere, True), (call(), False))
    run, [row] = rows_of(
        store, project, prediction(f"{project}-run", "a", *calls), run=f"{project}-run"
    )
    assert (row["input_tokens"], row["duration_ms"]) == (None, 1000)
    assert run["input_tokens"] is None
    assert len(row["attached"]) == 2


def test_a_link_without_our_word_is_a_link_and_nothing_more(
    store: Store, project: str
) -> None:
    other = call(tokens=4)
    put(store, trace_request(other, project=project))
    linked = prediction(f"{project}-run", "a")
    linked.links.add(
        trace_id=other.trace_id,
        span_id=other.span_id,
        attributes=attributes({"tracer.link": "caused_by"}),
    )
    run, [row] = rows_of(store, project, linked, run=f"{project}-run")
    assert (row["input_tokens"], row["attached"]) == (None, [])
    assert run["input_tokens"] is None


def test_runs_with_and_without_attached_calls_are_listed_side_by_side(
    store: Store, project: str
) -> None:
    used = call(tokens=4)
    put(store, trace_request(used, project=project))
    for name, calls in (("with", ((used, True),)), ("without", ())):
        run = f"{project}-{name}"
        rows_of(store, project, prediction(run, "a", *calls), run=run)
    runs, _ = read(store, list_evaluations, of(project), page())
    tokens = {run["name"].rpartition("-")[2]: run["input_tokens"] for run in runs}
    assert tokens == {"with": 4, "without": None}


@pytest.mark.every_store
def test_measures_of_a_run_take_what_attached_calls_took(
    store: Store, project: str
) -> None:
    used = call(tokens=4, duration_ms=70)
    put(store, trace_request(used, project=project))
    both = prediction(f"{project}-run", "a", (used, True))
    without = prediction(f"{project}-run", "b")
    run, _ = rows_of(store, project, both, without, run=f"{project}-run")
    measured = read(store, evaluation_measures, of(project), run)
    found = {row["example_id"]: row for row in measured}
    assert found["a"]["input_tokens"] == [4]
    assert found["a"]["latency_ms"] == [70]
    assert (found["b"]["input_tokens"], found["b"]["latency_ms"]) == ([None], [1000])
    assert "span_ids" not in found["a"]
