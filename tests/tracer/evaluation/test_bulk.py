"""Predictions that were made elsewhere are logged many at a time."""

import sys
from collections.abc import Iterator
from typing import Any

import numpy
import pandas
import pytest

from tracer import semconv
from tracer.evaluation import Dataset, Evaluation, EvaluationLogger

ROWS = [
    {"question": "영업시간은?", "expected": "9시", "output": "9시", "id": "hours"},
    {"question": "주소는?", "expected": "서울", "output": "부산", "id": "place"},
]


def test_rows_are_logged_with_answer_reference_and_scores(sent: Any) -> None:
    rows = [row | {"scores": {"correct": row["id"] == "hours"}} for row in ROWS]
    with EvaluationLogger() as log:
        assert log.log_examples(rows) == 2
    assert (log.summary["correct"].n, log.summary["correct"].mean) == (2, 0.5)
    first = sent.of_kind("prediction")[0]
    assert sent.content(first, semconv.INPUT) == {"question": "영업시간은?"}
    assert sent.content(first, semconv.OUTPUT) == "9시"
    assert sent.content(first, semconv.EXPECTED) == "9시"
    assert sent.attribute(first, semconv.EXAMPLE_ID) == "hours"


def test_columns_can_be_scores_and_a_frames_nan_is_missing(sent: Any) -> None:
    frame = pandas.DataFrame(
        [
            {"question": "a", "output": "1", "correct": True, "tone": 4.0},
            {"question": "b", "output": "2", "correct": False, "tone": None},
        ]
    )
    with EvaluationLogger() as log:
        log.log_examples(frame, scores=["correct", "tone"])
    tone = log.summary["tone"]
    assert (tone.n, tone.mean, tone.n_missing) == (1, 4.0, 1)
    assert (log.summary["correct"].type, log.summary["correct"].mean) == ("bool", 0.5)
    assert sent.content(sent.spans[0], semconv.INPUT) == {"question": "a"}


def test_a_frame_is_a_dataset_wherever_one_is_taken(sent: Any) -> None:
    frame = pandas.DataFrame([{"n": 1, "expected": 2}, {"n": 2, "expected": None}])
    with EvaluationLogger(dataset=frame):
        pass
    result = Evaluation(frame, []).run(lambda n: 2 * n)
    assert [row.output for row in result.rows] == [2, 4]
    assert [row.expected for row in result.rows] == [2, None]
    (first, second) = sent.events(semconv.EVENT_EVALUATION_STARTED)
    version = first[semconv.EVALUATION_DATASET_VERSION]
    assert second[semconv.EVALUATION_DATASET_VERSION] == version


def test_a_datasets_rows_keep_their_ids_and_metadata(sent: Any) -> None:
    dataset = Dataset(
        [{"inputs": {"q": 1}, "output": 2, "metadata": {"lang": "ko"}}] * 2, name="d"
    )
    with EvaluationLogger(dataset=dataset) as log:
        log.log_examples(dataset)
    spans = sent.of_kind("prediction")
    assert [sent.attribute(span, semconv.TRIAL) for span in spans] == [0, 1]
    assert sent.attribute(spans[0], semconv.EXAMPLE_ID) == dataset[0].id
    assert sent.attribute(spans[0], semconv.METADATA_PREFIX + "lang") == "ko"


def test_trial_time_and_trace_of_a_row_are_those_of_its_prediction(sent: Any) -> None:
    row = {"q": 1, "output": 2, "trial_index": 3, "duration_s": 2.5}
    with EvaluationLogger() as log:
        log.log_examples([row | {"trace_id": "ab" * 16, "span_id": None}])
    (span,) = sent.of_kind("prediction")
    assert sent.attribute(span, semconv.TRIAL) == 3
    assert (span.end_time - span.start_time) / 1e9 == pytest.approx(2.5, abs=0.5)
    assert format(span.links[0].context.trace_id, "032x") == "ab" * 16
    assert sent.content(span, semconv.INPUT) == {"q": 1}


def test_rows_are_taken_one_by_one_from_wherever_they_come(sent: Any) -> None:
    seen = []

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(3):
            seen.append(len(sent.of_kind("prediction")))
            yield {"q": number, "output": number}

    with EvaluationLogger() as log:
        assert log.log_examples(rows()) == 3
    assert seen == [0, 1, 2]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("two", "row 1 is a str; give a mapping"),
        ({"output": 1}, "row 1 has no inputs"),
        ({"q": 2, "scores": {"ok": [1]}}, "row 1: score 'ok' is a list"),
        (
            {"q": 2, "trace_id": "abc"},
            "row 1: trace_id 'abc' is not 32 hexadecimal digits",
        ),
    ],
)
def test_a_row_that_is_none_is_named_and_those_before_it_are_logged(
    sent: Any, row: Any, said: str
) -> None:
    with EvaluationLogger() as log:
        with pytest.raises(ValueError, match=said):
            log.log_examples([{"q": 1, "output": 1}, row, {"q": 3, "output": 3}])
        assert log.n_predictions == 1
    assert len(sent.of_kind("prediction")) == 1


def test_missing_score_column_is_named(sent: Any) -> None:
    with EvaluationLogger() as log:
        with pytest.raises(ValueError, match="row 0: it has no column 'ok', only q"):
            log.log_examples([{"q": 1}], scores=["ok"])
        with pytest.raises(ValueError, match="rows is a mapping; give a list"):
            log.log_examples({"q": 1})


def test_terminal_shows_how_many_rows_are_logged(
    sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from io import StringIO

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with EvaluationLogger(name="faq") as log:
        log.log_examples([{"q": n, "output": n} for n in range(4)])
        assert ": 100%" in terminal.getvalue() and "4/4" in terminal.getvalue()
        terminal.truncate(0)
        log.log_examples([{"q": 5, "output": 5}], progress=False)
    assert "faq" not in terminal.getvalue()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"trial_index": "a"}, "is no trial"), ({"duration_s": -3}, "is no duration")],
)
def test_number_that_is_none_is_an_error_with_the_rows_place(
    sent: Any, wrong: dict[str, Any], said: str
) -> None:
    good = {"q": 1, "output": 2, "trial_index": 3.0, "duration_s": numpy.float32(0.5)}
    with EvaluationLogger() as log:
        with pytest.raises(ValueError, match=f"row 1: .*{said}"):
            log.log_examples([good, {**good, **wrong}])
        assert log.n_predictions == 1
    (span,) = sent.of_kind("prediction")
    assert span.end_time - span.start_time == 500_000_000
