"""Scores of people, and of later scorers, are no trials of a run's own score."""

import itertools
import time
from typing import Any

import orjson
import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from otlp_requests import START_NS, log_request, put, record, span, trace_request
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.reads.evaluations import (
    evaluation_sums,
    list_evaluations,
    read_evaluation,
)
from collector.storage.reads.predictions import list_predictions
from collector.storage.reads.reader import Row

_numbers = itertools.count(1)
EXAMPLES = ("eins", "zwei", "셋")


@pytest.fixture
def run_id(store: Store, project: str) -> str:
    """Return a run of three predictions that nobody has scored."""
    run_id = f"beside-{next(_numbers)}-{time.time_ns()}"
    started = {"tracer.evaluation.id": run_id, "tracer.evaluation.name": "faq"}
    begun = record(started, event_name="tracer.evaluation.started")
    put(store, log_request(begun, project=project), signal="logs")
    predictions = [
        span(
            {
                "tracer.kind": "prediction",
                "tracer.evaluation.id": run_id,
                "tracer.example.id": example,
                "tracer.trial": 0,
            },
            start_time_unix_nano=START_NS + place,
        )
        for place, example in enumerate(EXAMPLES)
    ]
    put(store, trace_request(*predictions, project=project))
    return run_id


def given(
    run_id: str,
    values: dict[str, Any],
    *,
    author: str = "",
    source: str = "model",
    at: int = 0,
    kind: str = "number",
    **more: Any,
) -> list[LogRecord]:
    """Return what one rater says of some examples, `at` nanoseconds after the start."""
    what = "label" if kind == "label" else "value"
    return [
        record(
            {
                "gen_ai.evaluation.name": "tone",
                "tracer.evaluation.id": run_id,
                "tracer.example.id": example,
                "tracer.trial": 0,
                "tracer.score.source": source,
                "tracer.score.author": author,
                "tracer.score.type": kind,
                f"gen_ai.evaluation.score.{what}": value,
                **more,
            },
            event_name="gen_ai.evaluation.result",
            time_unix_nano=START_NS + at,
            observed_time_unix_nano=START_NS + at,
        )
        for example, value in values.items()
    ]


def send(store: Store, project: str, *scores: list[LogRecord]) -> None:
    records = [one for some in scores for one in some]
    put(store, log_request(*records, project=project), signal="logs")


def summed(store: Store, project: str, run_id: str) -> dict[str, Row]:
    """Return of each score n, sum, what is missing, who gave it, beside which it is."""
    run = read(store, read_evaluation, of(project), run_id)
    assert run is not None
    found: dict[str, Row] = {}
    for row in map(orjson.loads, read(store, evaluation_sums, of(project), run)):
        one = found.setdefault(
            row["score"],
            {
                **{key: row[key] for key in ("beside", "raters", "type")},
                **{"n": 0, "sum": 0, "missing": 0},
            },
        )
        one["n"] += row["n"]
        one["sum"] += row["sum"]
        one["missing"] += row["n_missing"]
    runs, _ = read(store, list_evaluations, of(project), page())
    means = next(one["means"] for one in runs if one["id"] == run_id)
    assert {name: (one["n"], one["beside"]) for name, one in means.items()} == {
        name: (one["n"], one["beside"]) for name, one in found.items()
    }
    return found


JUDGED = {"eins": 4, "zwei": 4, "셋": 4}


def test_grades_of_people_stand_beside_the_score_of_a_judge(
    store: Store, project: str, run_id: str
) -> None:
    send(
        store,
        project,
        given(run_id, {"eins": 2, "zwei": 2}, source="human", author="영희", at=2),
        given(run_id, JUDGED, author="judge-1", at=1),
    )

    found = summed(store, project, run_id)

    assert found["tone"] | {"type": ""} == {
        **{"beside": "", "raters": ["judge-1"], "type": ""},
        **{"n": 3, "sum": 12, "missing": 0},
    }
    people = found["tone · people"]
    assert (people["beside"], people["n"], people["sum"]) == ("tone", 2, 4)
    assert people["missing"] == 0, "nobody asked people for more"


def test_people_alone_have_the_name_of_the_score(
    store: Store, project: str, run_id: str
) -> None:
    send(store, project, given(run_id, {"eins": 2}, source="human", author="영희"))

    assert summed(store, project, run_id) == {
        "tone": {
            **{"beside": "", "raters": ["people"], "type": "number"},
            **{"n": 1, "sum": 2, "missing": 2},
        }
    }


def test_what_several_people_say_of_a_prediction_is_one_value(
    store: Store, project: str, run_id: str
) -> None:
    yes_no = {"kind": "bool", "source": "human"}
    send(
        store,
        project,
        given(run_id, {"eins": 1.0, "zwei": 1.0}, author="영희", **yes_no),
        given(run_id, {"eins": 0.0}, author="철수", **yes_no),
    )

    found = summed(store, project, run_id)["tone"]
    run = read(store, read_evaluation, of(project), run_id)
    predictions, _ = read(store, list_predictions, of(project), run, page())

    assert (found["n"], found["sum"]) == (2, 1.5)
    assert found["type"] == "number", "half a yes is no yes/no"
    said = predictions[0]["scores"]["tone"]
    assert (said["value"], said["type"]) == (0.5, "number")
    assert set(said["author"].split(", ")) == {"영희", "철수"}


def test_labels_of_several_people_are_counted_as_given(
    store: Store, project: str, run_id: str
) -> None:
    labels = {"kind": "label", "source": "human"}
    send(
        store,
        project,
        given(run_id, {"eins": "kind"}, author="영희", **labels),
        given(run_id, {"eins": "rude"}, author="철수", **labels),
    )

    assert summed(store, project, run_id)["tone"]["n"] == 2


def test_a_scorer_that_judges_again_stands_beside_the_first(
    store: Store, project: str, run_id: str
) -> None:
    send(
        store,
        project,
        given(run_id, JUDGED, author="judge-1", at=1),
        given(run_id, {"셋": 1}, author="judge-2", at=2),
        given(run_id, {"셋": 5}, author="judge-1", at=3),  # corrected: still the first
    )

    found = summed(store, project, run_id)
    run = read(store, read_evaluation, of(project), run_id)
    predictions, _ = read(store, list_predictions, of(project), run, page())

    assert {name: (one["n"], one["sum"]) for name, one in found.items()} == {
        "tone": (3, 13),
        "tone · judge-2": (1, 1),
    }
    last = predictions[-1]["scores"]
    assert (last["tone"]["value"], last["tone · judge-2"]["value"]) == (5, 1)


def test_scorers_that_share_no_prediction_make_one_score(
    store: Store, project: str, run_id: str
) -> None:
    send(
        store,
        project,
        given(run_id, {"eins": 4, "zwei": 4}, author="judge-1", at=1),
        given(run_id, {"셋": 1}, author="fallback", at=2),
        given(run_id, JUDGED, author="judge-2", at=3),
    )

    found = summed(store, project, run_id)

    assert (found["tone"]["n"], found["tone"]["sum"]) == (3, 9)
    assert found["tone"]["raters"] == ["fallback", "judge-1"]
    assert found["tone · judge-2"]["n"] == 3


def test_a_scorer_whose_scores_were_all_taken_back_is_not_the_first(
    store: Store, project: str, run_id: str
) -> None:
    send(
        store,
        project,
        given(run_id, {"eins": 4}, author="judge-1", at=1),
        given(run_id, {"eins": 2}, author="judge-2", at=2),
        given(
            run_id,
            {"eins": 4},
            author="judge-1",
            at=3,
            **{"tracer.score.deleted": True},
        ),
    )

    assert list(summed(store, project, run_id)) == ["tone"]
