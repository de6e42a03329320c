"""What a log record becomes: a score, a sign of life of a run, or an event."""

import os
from typing import Any

import pytest
from otlp_requests import START_NS, log_request, put, record, rows

from collector.storage.engine import Store

SCORE = {"gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.value": 0.5}


def score(values: dict[str, Any] | None = None, **fields: Any) -> Any:
    name = "gen_ai.evaluation.result"
    return record(SCORE | (values or {}), event_name=name, **fields)


def test_a_score_for_an_unknown_span_is_stored(store: Store, project: str) -> None:
    target: dict[str, Any] = {"trace_id": os.urandom(16), "span_id": os.urandom(8)}
    outcome = put(
        store,
        log_request(
            score(
                {
                    "gen_ai.evaluation.score.label": "good",
                    "gen_ai.evaluation.explanation": "왜",
                    "tracer.score.source": "human",
                    "tracer.score.author": "kim",
                    "tracer.score.repeat": 1,
                    "tracer.metadata.n": 3,
                    "tracer.score.scale": [0.0, 2.5],
                },
                **target,
            ),
            project=project,
        ),
        signal="logs",
    )
    (row,) = rows(store, project, "scores")
    assert outcome.n_rejected == 0
    assert (row["trace_id"], row["span_id"]) == (target["trace_id"], target["span_id"])
    assert (row["name"], row["value"], row["label"]) == ("tone", 0.5, "good")
    assert (row["source"], row["author"], row["repeat"]) == ("human", "kim", 1)
    assert (row["type"], row["explanation"]) == ("number", "왜")
    assert row["metadata"] == {"n": "3"}
    assert row["metadata_types"] == {"tracer.metadata.n": "int"}
    assert (row["scale_low"], row["scale_high"]) == (0.0, 2.5)


def test_versions_of_one_score_share_an_id(store: Store, project: str) -> None:
    target: dict[str, Any] = {"trace_id": os.urandom(16), "span_id": os.urandom(8)}
    later = START_NS + 1
    put(
        store,
        log_request(
            score(**target),
            score({"tracer.score.deleted": True}, time_unix_nano=later, **target),
            score({"tracer.score.author": "other"}, time_unix_nano=later + 1, **target),
            project=project,
        ),
        signal="logs",
    )
    first, second, other = rows(store, project, "scores")
    assert first["score_id"] == second["score_id"] != other["score_id"]
    assert (first["deleted"], second["deleted"]) == (False, True)


def test_a_score_of_an_evaluation_is_named_by_its_example(
    store: Store, project: str
) -> None:
    where = {"tracer.evaluation.id": "run", "tracer.example.id": "e", "tracer.trial": 0}
    put(
        store,
        log_request(
            score(where, trace_id=os.urandom(16), span_id=os.urandom(8)),
            score(where, time_unix_nano=START_NS + 1),
            project=project,
        ),
        signal="logs",
    )
    first, second = rows(store, project, "scores")
    assert first["score_id"] == second["score_id"]
    assert (first["evaluation_id"], first["example_id"], first["trial"]) == (
        "run",
        "e",
        0,
    )


def test_a_value_that_is_no_number_leaves_a_score_without_one(
    store: Store, project: str
) -> None:
    put(
        store,
        log_request(
            score({"gen_ai.evaluation.score.value": float("nan")}), project=project
        ),
        signal="logs",
    )
    (row,) = rows(store, project, "scores")
    assert row["value"] is None


def test_a_value_too_large_for_sums_is_an_error_with_its_reason(
    store: Store, project: str
) -> None:
    """One of 1e308 made every sum over its score null."""
    values = {"gen_ai.evaluation.score.value": 1e308}
    put(store, log_request(score(values), project=project), signal="logs")
    (row,) = rows(store, project, "scores")
    assert (row["value"], row["error"]) == (None, "value 1e308 is out of range")


def test_what_is_nested_too_deep_is_cut_and_its_neighbours_are_whole(
    store: Store, project: str
) -> None:
    """From 255 levels on it could not be written, and failed its whole group."""
    deep = '{"stringValue":"end"}'
    for _ in range(300):
        deep = f'{{"arrayValue":{{"values":[{deep}]}}}}'
    attributes = (
        f'[{{"key":"d","value":{deep}}},{{"key":"n","value":{{"intValue":1}}}}]'
    )
    body = (
        '{"resourceLogs":[{"resource":{"attributes":[{"key":"tracer.project","value":'
        f'{{"stringValue":"{project}"}}}}]}},"scopeLogs":[{{"logRecords":['
        f'{{"timeUnixNano":"{START_NS}","body":{deep},"attributes":{attributes}}}]}}]}}]}}'
    )
    outcome = put(store, body.encode(), signal="logs", is_json=True)
    assert (outcome.status, outcome.n_items, outcome.n_rejected) == (200, 1, 0)
    (row,) = rows(store, project, "events")
    assert row["attributes"]["n"] == "1"
    cut = "[" * 100 + '"… (nested too deep)"' + "]" * 100
    assert row["attributes"]["d"] == row["body"] == cut


@pytest.mark.parametrize(
    "bad",
    [
        score({"gen_ai.evaluation.name": ""}),
        score({"tracer.trial": -1}),
        score({"gen_ai.evaluation.score.value": "much"}),
        score({"tracer.score.scale": [5.0, 1.0]}),
        score({"tracer.score.scale": [0.0, float("inf")]}),
        score({"tracer.score.scale": "wide"}),
        score({"tracer.score.scale": 5}),
        score(trace_id=b"short"),
        record({}, event_name="tracer.evaluation.started"),
    ],
)
def test_a_bad_record_is_counted_and_its_neighbours_are_stored(
    store: Store, project: str, bad: Any
) -> None:
    outcome = put(store, log_request(bad, score(), project=project), signal="logs")
    assert (outcome.status, outcome.n_items, outcome.n_rejected) == (200, 2, 1)
    assert outcome.message
    assert len(rows(store, project, "scores")) == 1


def test_signs_of_life_of_a_run_are_kept_in_order(store: Store, project: str) -> None:
    run = {"tracer.evaluation.id": "run", "tracer.evaluation.name": "faq"}
    started = run | {
        "tracer.evaluation.scorers": ["a", "b"],
        "tracer.evaluation.n_planned": 30,
    }
    finished = run | {"tracer.evaluation.status": "done"}
    put(
        store,
        log_request(
            record(started, event_name="tracer.evaluation.started"),
            record(
                finished,
                event_name="tracer.evaluation.finished",
                time_unix_nano=START_NS + 1,
            ),
            project=project,
        ),
        signal="logs",
    )
    first, last = rows(store, project, "evaluation_events")
    assert (first["event"], first["n_planned"]) == ("started", 30)
    assert first["scorers"] == ["a", "b"]
    assert (last["event"], last["status"]) == ("finished", "done")


def test_any_other_record_is_kept_as_it_came(store: Store, project: str) -> None:
    named_by_attribute = record(
        {"event.name": "gen_ai.choice", "n": 2}, time_unix_nano=0
    )
    named_by_attribute.observed_time_unix_nano = START_NS
    named_by_attribute.body.kvlist_value.values.add(key="index").value.int_value = 0
    plain = record({}, severity_text="WARN", time_unix_nano=START_NS + 1)
    plain.body.string_value = "hello"
    put(store, log_request(named_by_attribute, plain, project=project), signal="logs")
    first, second = rows(store, project, "events")
    assert (first["name"], first["body"]) == ("gen_ai.choice", '{"index":0}')
    assert first["attribute_types"] == {"n": "int", "body": "json"}
    assert (second["name"], second["body"]) == ("", "hello")
    assert second["severity"] == "WARN"


def test_a_number_of_very_many_digits_is_none(store: Store, project: str) -> None:
    """It broke the reader, so that the whole request was refused."""
    body = log_request(record({}), project=project, tracer__batch="9" * 5000)
    assert put(store, body, signal="logs").n_rejected == 0
    assert len(rows(store, project, "events")) == 1
