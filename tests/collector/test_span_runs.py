"""An evaluation run of which only spans tell is a run like ours."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import START_NS, otlp_request, put, rows, span, trace_request

from collector.otlp.span_runs import span_runs
from collector.storage.engine import Store

RUN = {
    "langfuse.experiment.id": "run-1",
    "langfuse.experiment.name": "faq",
    "langfuse.experiment.dataset.id": "faq-v2",
    "langfuse.experiment.item.id": "ex-1",
}


def prediction(**fields: Any) -> Span:
    values = RUN | {
        "langfuse.experiment.item.expected_output": "네",
        "langfuse.observation.type": "span",
        "langfuse.observation.output": "네, 환불됩니다.",
    }
    return span(values, name="experiment-item-run", **fields)


def evaluator(output: Any, **fields: Any) -> Span:
    values = RUN | {
        "langfuse.observation.type": "evaluator",
        "langfuse.observation.output": json.dumps(output),
    }
    return span(values, parent_span_id=b"p" * 8, **fields)


def test_the_root_of_an_experiments_trace_is_a_prediction(
    store: Store, project: str
) -> None:
    put(store, trace_request(prediction(), project=project))
    [row] = rows(store, project)
    assert row["kind"] == "prediction"
    assert (row["evaluation_id"], row["example_id"]) == ("run-1", "ex-1")
    assert (row["output"], row["expected"]) == ("네, 환불됩니다.", "네")


def test_a_run_begins_with_its_first_prediction_and_ends_with_its_last(
    store: Store, project: str
) -> None:
    put(store, trace_request(prediction(), project=project))
    later = prediction(
        start_time_unix_nano=START_NS + 5, end_time_unix_nano=START_NS + 9
    )
    put(store, trace_request(later, project=project))
    found = rows(store, project, "evaluation_events")
    assert {(row["evaluation_id"], row["name"], row["dataset"]) for row in found} == {
        ("run-1", "faq", "faq-v2")
    }
    assert [row["event"] for row in found].count("finished") == 2
    assert found[0]["event"] == "started"


def test_what_an_evaluator_answers_are_scores_of_its_example(
    store: Store, project: str
) -> None:
    told = [
        {"name": "correct", "value": 1.0, "comment": "맞음"},
        {"name": "polite", "value": True},
        {"name": "tone", "value": "calm"},
        {"value": 3},
        "no score",
    ]
    one = evaluator(told)
    put(store, trace_request(one, project=project))
    found = {row["name"]: row for row in rows(store, project, "scores")}
    assert sorted(found) == ["correct", "polite", "tone"]
    correct = found["correct"]
    assert (correct["value"], correct["explanation"]) == (1.0, "맞음")
    assert (correct["evaluation_id"], correct["example_id"]) == ("run-1", "ex-1")
    assert correct["trace_id"] == one.trace_id
    assert (found["polite"]["value"], found["polite"]["type"]) == (1.0, "bool")
    assert (found["tone"]["label"], found["tone"]["type"]) == ("calm", "label")


def test_the_same_request_again_makes_no_second_score(
    store: Store, project: str
) -> None:
    one = evaluator([{"name": "correct", "value": 1}])
    for _ in range(2):
        put(store, trace_request(one, project=project))
    ids = {row["score_id"] for row in rows(store, project, "scores")}
    assert len(ids) == 1


def test_an_output_that_holds_no_score_is_only_an_output(
    store: Store, project: str
) -> None:
    broken = evaluator(None)
    broken.attributes[-1].value.string_value = "not JSON"
    for one in (evaluator({"count": 1}), broken):
        outcome = put(store, trace_request(one, project=project))
        assert (outcome.status, outcome.n_rejected) == (200, 0)
    assert rows(store, project, "scores") == []
    assert {row["kind"] for row in rows(store, project)} == {"evaluator"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
_SCORE = st.fixed_dictionaries({"name": st.text(), "value": _JSON, "comment": _JSON})


@given(output=st.lists(_SCORE) | _JSON)
def test_any_output_of_an_evaluator_is_read_or_left(output: Any) -> None:
    body = trace_request(evaluator(output))
    for score in span_runs(body, otlp_request(body)).scores:
        assert score.name
