"""What a table lacks is None by every door, and so the same row is one example."""

import decimal
import math
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest

from tracer import semconv
from tracer.evaluation import Dataset, Evaluation, EvaluationLogger
from tracer.evaluation._missing import is_missing, without_missing

MISSING = [
    *(None, math.nan, pandas.NA, pandas.NaT, decimal.Decimal("nan")),
    *(numpy.float32("nan"), numpy.float64("nan"), numpy.datetime64("NaT")),
]
TEXT = "question,lang,expected\nWhen?,,today\nWhere?,ko,\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "faq.csv"
    path.write_text(TEXT, "utf-8")
    return path


def logged_ids(frame: pandas.DataFrame) -> list[str]:
    with EvaluationLogger("faq") as log:
        return [
            log.log_prediction(
                {"question": row.question, "lang": row.lang}, expected=row.expected
            ).example_id
            for row in frame.itertuples()
        ]


def test_a_row_with_an_empty_cell_has_one_id_by_every_door(
    sent: Any, path: Path
) -> None:
    frame = pandas.read_csv(path)
    datasets = [
        Dataset.from_csv(path),
        Dataset.from_pandas(frame),
        Dataset(frame.to_dict("records")),  # type: ignore[arg-type]
        Evaluation(frame, []).dataset,  # type: ignore[arg-type]
    ]
    rows = datasets[0].rows
    assert [(row["inputs"]["lang"], row["expected"]) for row in rows] == [
        (None, "today"),
        ("ko", None),
    ]
    ids = [example.id for example in datasets[0]]
    assert [[one.id for one in found] for found in datasets[1:]] == [ids] * 3
    assert logged_ids(frame) == ids
    told = [sent.content(one, semconv.EXPECTED) for one in sent.of_kind("prediction")]
    assert told == ["today", None]


def test_what_is_missing_is_known_by_its_type() -> None:
    assert all(map(is_missing, MISSING))
    frame = pandas.DataFrame({"a": [math.nan]})
    there = [0, "", [], math.inf, numpy.array([math.nan]), frame, frame["a"]]
    there += [numpy.float32(1), decimal.Decimal(1), pandas.Timestamp(0), pandas]
    assert not any(map(is_missing, there))


def test_columns_that_lack_a_value_are_none_and_what_stands_deeper_is_kept(
    sent: Any,
) -> None:
    deep = [math.nan]
    for missing in MISSING:
        columns = {"a": missing, "b": deep}
        (example,) = Dataset(
            [
                {
                    "inputs": columns,
                    "expected": columns,
                    "output": missing,
                    "metadata": columns,
                    "source": missing,
                }
            ]
        )
        found = {"a": None, "b": deep}
        assert (example.inputs, example.expected) == (found, found)
        assert (example.output, example.metadata, example.source) == (None, found, None)
    whole = {"a": 1}
    assert without_missing(whole) is whole
    with EvaluationLogger("faq") as log:
        log.log_prediction({"q": 1}, 2, metadata={"n": math.nan}).finish()
    (span,) = sent.of_kind("prediction")
    assert sent.attribute(span, "tracer.metadata.n") == "null"


def test_a_row_of_a_data_frame_is_logged_as_its_columns(sent: Any, path: Path) -> None:
    (first, _) = pandas.read_csv(path)[["question", "lang"]].itertuples(index=False)
    with EvaluationLogger("faq") as log:
        prediction = log.log_prediction(first)
    assert prediction.example_id == Dataset.from_csv(path)[0].id
