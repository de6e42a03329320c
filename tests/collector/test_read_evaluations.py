"""How evaluation runs stand, and what they say example by example."""

import itertools
import time
from typing import Any

import orjson
import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import START_NS, log_request, put, record, span, trace_request
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.reads import evaluations
from collector.storage.reads.evaluations import (
    evaluation_measures,
    evaluation_sums,
    list_evaluations,
    list_views,
    read_evaluation,
)
from collector.storage.reads.predictions import list_predictions
from collector.storage.reads.reader import Row

_numbers = itertools.count(1)
FAILED = Status(code=Status.STATUS_CODE_ERROR, message="boom")


@pytest.fixture
def run_id() -> str:
    return f"run-{next(_numbers)}-{time.time_ns()}"


def life(run_id: str, event: str, at_ns: int = 0, **values: Any) -> LogRecord:
    keys = {f"tracer.evaluation.{key}": value for key, value in values.items()}
    return record(
        {"tracer.evaluation.id": run_id, **keys},
        event_name=f"tracer.evaluation.{event}",
        time_unix_nano=START_NS + at_ns,
    )


def prediction(
    run_id: str, example: str, trial: int, *, at_ns: int = 0, **fields: Any
) -> Span:
    values = {
        "tracer.kind": "prediction",
        "tracer.evaluation.id": run_id,
        "tracer.example.id": example,
        "tracer.trial": trial,
        "tracer.input": f'{{"q":"{example}"}}',
        "tracer.output": '"네"',
    }
    return span(values, start_time_unix_nano=START_NS + at_ns, **fields)


def score(run_id: str, example: str, trial: int, name: str, **values: Any) -> LogRecord:
    keys = {f"gen_ai.evaluation.score.{key}": value for key, value in values.items()}
    error = {"error.type": keys.pop("gen_ai.evaluation.score.error", None)}
    return record(
        {
            "gen_ai.evaluation.name": name,
            "tracer.evaluation.id": run_id,
            "tracer.example.id": example,
            "tracer.trial": trial,
            **keys,
            **{key: value for key, value in error.items() if value},
        },
        event_name="gen_ai.evaluation.result",
    )


def send(store: Store, project: str, *items: Span | LogRecord) -> None:
    logs = [item for item in items if isinstance(item, LogRecord)]
    spans = [item for item in items if isinstance(item, Span)]
    if logs:
        put(store, log_request(*logs, project=project), signal="logs")
    if spans:
        put(store, trace_request(*spans, project=project))


def run_of(store: Store, project: str, run_id: str) -> Row:
    found = read(store, read_evaluation, of(project), run_id)
    assert found is not None
    return found


def test_a_run_shows_what_it_said_at_its_start(
    store: Store, project: str, run_id: str
) -> None:
    said = {"name": "faq", "model": "m", "dataset": "d", "n_planned": 6}
    started = life(run_id, "started", scorers=["a", "나"], **said)
    send(store, project, started, life(run_id, "alive", 5))
    run = run_of(store, project, run_id)
    assert {key: run[key] for key in said} == said
    assert run["scorers"] == ["a", "나"]
    assert (run["start_ns"], run["last_ns"]) == (START_NS, START_NS + 5)
    assert (run["n_predictions"], run["means"]) == (0, {})


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([("started", {})], "running"),
        ([("started", {}), ("finished", {"status": "done"})], "done"),
        ([("started", {}), ("finished", {"status": "failed"})], "failed"),
        ([("finished", {"status": "done"}), ("started", {})], "running"),
        ([("finished", {"status": "failed"}), ("alive", {})], "failed"),
        ([("started", {}), ("finished", {}), ("alive", {})], "done"),
        ([("alive", {})], "running"),
    ],
)
def test_the_status_follows_the_last_start_or_end(
    store: Store,
    project: str,
    run_id: str,
    events: list[tuple[str, dict[str, Any]]],
    status: str,
) -> None:
    signs = [life(run_id, event, at, **said) for at, (event, said) in enumerate(events)]
    send(store, project, *signs)
    assert run_of(store, project, run_id)["status"] == status


def test_a_run_that_fell_silent_is_incomplete(
    store: Store, project: str, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluations, "SILENCE_S", 0)
    send(store, project, life(run_id, "started"))
    assert run_of(store, project, run_id)["status"] == "incomplete"


@pytest.mark.every_store
def test_a_run_counts_its_predictions_and_their_usage(
    store: Store, project: str, run_id: str
) -> None:
    first = prediction(run_id, "a", 0)
    usage = {
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 8,
        "gen_ai.response.model": "m-1",
        "tracer.evaluation.id": run_id,
    }
    call = span(usage, trace_id=first.trace_id, parent_span_id=first.span_id)
    send(
        store,
        project,
        life(run_id, "started"),
        first,
        call,
        prediction(run_id, "a", 1),
        prediction(run_id, "b", 0, status=FAILED),
    )
    run = run_of(store, project, run_id)
    assert (run["n_examples"], run["n_predictions"], run["n_errors"]) == (2, 3, 1)
    assert run["input_tokens"] == 8
    rows, _ = read(store, list_predictions, of(project), run, page())
    assert (rows[0]["input_tokens"], rows[0]["model"]) == (8, "m-1")


@pytest.mark.every_store
def test_what_judges_use_is_no_cost_of_the_run(
    store: Store, project: str, run_id: str
) -> None:
    asked = prediction(run_id, "a", 0)

    def below(parent: Span, **values: Any) -> Span:
        keys = {key.replace("__", "."): value for key, value in values.items()}
        keys |= {"tracer.evaluation.id": run_id}
        same = {"trace_id": asked.trace_id, "parent_span_id": parent.span_id}
        return span(keys, **same)

    usage = {"gen_ai__operation__name": "chat", "gen_ai__usage__input_tokens": 8}
    call = below(asked, **usage)
    judge = below(asked, tracer__kind="evaluator")
    step = below(judge, tracer__kind="chain")
    judged = below(step, **usage)
    send(store, project, life(run_id, "started"), asked, call, judge, step, judged)
    run = run_of(store, project, run_id)
    rows, _ = read(store, list_predictions, of(project), run, page())
    assert (run["input_tokens"], rows[0]["input_tokens"]) == (8, 8)
    judges = (run["judge_input_tokens"], rows[0]["judge_input_tokens"])
    assert judges == (8, 8)


def test_a_stray_label_among_numbers_is_no_number(
    store: Store, project: str, run_id: str
) -> None:
    send(
        store,
        project,
        life(run_id, "started"),
        prediction(run_id, "a", 0),
        prediction(run_id, "a", 1),
        score(run_id, "a", 0, "good", value=1.0),
        score(run_id, "a", 1, "good", label="unsure"),
    )
    found = sums(store, project, run_id)["good", "a"]
    assert (found["type"], found["n"], found["n_missing"]) == ("number", 1, 0)
    assert found["labels"] == {"unsure": 1}
    means = run_of(store, project, run_id)["means"]
    good = means["good"]
    assert (good["mean"], good["n"], good["type"]) == (1, 1, "number")
    assert good["n_clusters"] == 1


def sums(store: Store, project: str, run_id: str) -> dict[tuple[str, str], Row]:
    run = run_of(store, project, run_id)
    lines = read(store, evaluation_sums, of(project), run)
    rows = [orjson.loads(line) for line in lines]
    return {(row.pop("score"), row.pop("example_id")): row for row in rows}


def test_sums_count_what_is_missing_and_what_failed(
    store: Store, project: str, run_id: str
) -> None:
    send(
        store,
        project,
        life(run_id, "started"),
        prediction(run_id, "a", 0),
        prediction(run_id, "a", 1),
        prediction(run_id, "b", 0, status=FAILED),
        prediction(run_id, "c", 0),
        score(run_id, "a", 0, "good", value=1.0),
        score(run_id, "a", 1, "good", value=0.5),
        score(run_id, "c", 0, "good", error="ValueError"),
        score(run_id, "a", 0, "tone", label="polite"),
    )
    found = sums(store, project, run_id)
    kept = ("n", "sum", "sum_squares", "n_missing", "n_errors")
    assert {key: tuple(row[k] for k in kept) for key, row in found.items()} == {
        ("good", "a"): (2, 1.5, 1.25, 0, 0),
        ("good", "b"): (0, 0, 0, 0, 1),
        ("good", "c"): (0, 0, 0, 0, 1),
        ("tone", "a"): (1, 0, 0, 1, 0),
        ("tone", "b"): (0, 0, 0, 0, 1),
        ("tone", "c"): (0, 0, 0, 1, 0),
    }
    assert found["tone", "a"]["labels"] == {"polite": 1}
    assert (found["good", "a"]["type"], found["tone", "a"]["type"]) == (
        "number",
        "label",
    )


def test_a_score_of_an_example_without_a_prediction_is_counted(
    store: Store, project: str, run_id: str
) -> None:
    late = score(run_id, "late", 0, "good", value=1.0)
    send(store, project, life(run_id, "started"), late)
    found = sums(store, project, run_id)
    assert (found["good", "late"]["n"], found["good", "late"]["n_missing"]) == (1, 0)


@pytest.mark.every_store
def test_predictions_come_by_example_first_seen_and_trial(
    store: Store, project: str, run_id: str
) -> None:
    send(
        store,
        project,
        life(run_id, "started"),
        prediction(run_id, "z", 1, at_ns=30),
        prediction(run_id, "z", 0, at_ns=10),
        prediction(run_id, "a", 1, at_ns=20),
        prediction(run_id, "a", 0, at_ns=40),
        score(run_id, "z", 0, "good", value=1.0),
    )
    run = run_of(store, project, run_id)
    seen: list[Row] = []
    cursor = None
    for _ in range(2):
        asked = page(limit=2, cursor=cursor)
        rows, cursor = read(store, list_predictions, of(project), run, asked)
        seen += rows
    assert cursor is None
    places = [(row["example_id"], row["trial"]) for row in seen]
    assert places == [("z", 0), ("z", 1), ("a", 0), ("a", 1)]
    assert (seen[0]["input"], seen[0]["output"]) == ({"q": "z"}, "네")
    assert seen[0]["scores"]["good"]["value"] == 1
    assert seen[1]["scores"] == {}


def test_predictions_are_filtered_by_trial_and_status(
    store: Store, project: str, run_id: str
) -> None:
    broken = prediction(run_id, "a", 1, status=FAILED)
    send(store, project, life(run_id, "started"), prediction(run_id, "a", 0), broken)
    run = run_of(store, project, run_id)
    for condition in (("trial", "=", 1), ("status", "=", "error")):
        rows, _ = read(store, list_predictions, of(project), run, page(condition))
        assert [row["trial"] for row in rows] == [1]


@pytest.mark.every_store
def test_of_several_attempts_at_one_trial_the_one_that_ended_well_stands(
    store: Store, project: str, run_id: str
) -> None:
    cut_off = prediction(run_id, "a", 0, at_ns=10, status=FAILED)
    again = prediction(run_id, "a", 0, at_ns=20)
    late_failure = prediction(run_id, "a", 0, at_ns=30, status=FAILED)
    failed_twice = [
        prediction(run_id, "b", 0, at_ns=at_ns, status=FAILED) for at_ns in (40, 50)
    ]
    send(store, project, life(run_id, "started"), cut_off, again, late_failure)
    send(store, project, *failed_twice, score(run_id, "a", 0, "good", value=1.0))
    run = run_of(store, project, run_id)
    assert (run["n_predictions"], run["n_errors"], run["n_examples"]) == (2, 1, 2)
    rows, _ = read(store, list_predictions, of(project), run, page())
    newest = failed_twice[1].span_id.hex()
    assert [row["span_id"] for row in rows] == [again.span_id.hex(), newest]
    failing, _ = read(
        store, list_predictions, of(project), run, page(("status", "=", "error"))
    )
    assert [row["example_id"] for row in failing] == ["b"]
    measured = read(store, evaluation_measures, of(project), run)
    assert {row["example_id"]: row["failed"] for row in measured} == {
        "a": [0],
        "b": [1],
    }
    found = sums(store, project, run_id)
    assert (found["good", "a"]["n_errors"], found["good", "b"]["n_errors"]) == (0, 1)


def test_predictions_without_a_trial_are_not_taken_for_attempts_at_one(
    store: Store, project: str, run_id: str
) -> None:
    values = {"tracer.kind": "prediction", "tracer.evaluation.id": run_id}
    items = [span(values | {"tracer.example.id": "a"}) for _ in range(2)]
    send(store, project, life(run_id, "started"), *items)
    run = run_of(store, project, run_id)
    rows, _ = read(store, list_predictions, of(project), run, page())
    assert (run["n_predictions"], len(rows)) == (2, 2)


@pytest.mark.every_store
def test_the_newest_view_of_each_name_is_read_as_it_was_set(
    store: Store, project: str, run_id: str
) -> None:
    def view(name: str, content: str, at_ns: int) -> LogRecord:
        said = {"view.name": name, "view.content": content}
        said |= {"view.media_type": "text/markdown", "view.metadata": '{"n":3}'}
        return life(run_id, "view", at_ns, **said)

    send(
        store,
        project,
        life(run_id, "started", name="faq"),
        view("보고서", "# 옛것", 1),
        view("table", "|a|", 2),
        view("보고서", "# 새것 <b>", 3),
        life(run_id, "finished", 4, status="done"),
    )
    run = run_of(store, project, run_id)
    views = read(store, list_views, of(project), run)
    said = [(view["name"], view["content"], view["metadata"]) for view in views]
    assert said == [("table", "|a|", {"n": 3}), ("보고서", "# 새것 <b>", {"n": 3})]
    assert (views[1]["media_type"], views[1]["at_ns"]) == (
        "text/markdown",
        START_NS + 3,
    )
    assert (run["name"], run["status"], run["metadata"]) == ("faq", "done", {})


def test_a_view_without_a_name_is_rejected_alone(
    store: Store, project: str, run_id: str
) -> None:
    body = log_request(
        life(run_id, "view", **{"view.content": "x"}),
        life(run_id, "started"),
        project=project,
    )
    outcome = put(store, body, signal="logs")
    assert (outcome.n_items, outcome.n_rejected) == (2, 1)
    assert "a view has no name" in outcome.message


def test_runs_are_listed_newest_first_in_pages(store: Store, project: str) -> None:
    for i in range(3):
        send(store, project, life(f"{project}-{i}", "started", i, name=f"n{i}"))
    first, cursor = read(store, list_evaluations, of(project), page(limit=2))
    second, end = read(
        store, list_evaluations, of(project), page(limit=2, cursor=cursor)
    )
    assert [row["name"] for row in (*first, *second)] == ["n2", "n1", "n0"]
    assert end is None
    named, _ = read(store, list_evaluations, of(project), page(("name", "=", "n1")))
    assert [row["name"] for row in named] == ["n1"]


def test_an_unknown_run_is_none(store: Store, project: str) -> None:
    assert read(store, read_evaluation, of(project), "no such run") is None
