"""`score`: on what, with which value, and that no misuse can harm."""

import re
from collections.abc import Iterator
from typing import Any

import numpy
import pytest

import tracer
from tracer import semconv, testing
from tracer._capture.scores import score_record
from tracer.testing import Captured


@pytest.fixture
def captured() -> Iterator[Captured]:
    testing.reset()
    with testing.capture() as found:
        yield found


def test_a_score_within_a_call_stands_on_its_span(captured: Captured) -> None:
    with tracer.span("block") as span:
        tracer.score("helpful", True, comment="좋아요")
    [score] = captured.scores
    assert (score.name, score.value, score.explanation) == ("helpful", True, "좋아요")
    assert (score.trace_id, score.span_id) == (span.trace_id, span.span_id)
    assert score.attributes["tracer.score.source"] == "user"


def test_a_score_days_later_stands_on_the_ids_that_it_names(captured: Captured) -> None:
    tracer.score(
        "tone",
        4,
        label="polite",
        explanation="why",
        comment="and how",
        trace_id="0" * 31 + "a",
        span_id="0" * 15 + "b",
        source="human",
        author="kim",
        repeat=2,
        metadata={"shift": "night"},
        deleted=True,
    )
    [record] = captured.logs
    assert (record.trace_id, record.span_id) == (10, 11)
    assert record.event_name == "gen_ai.evaluation.result"
    assert record.attributes == {
        "gen_ai.evaluation.name": "tone",
        "gen_ai.evaluation.score.value": 4.0,
        "gen_ai.evaluation.score.label": "polite",
        "gen_ai.evaluation.explanation": "why\nand how",
        "tracer.score.source": "human",
        "tracer.score.author": "kim",
        "tracer.score.repeat": 2,
        "tracer.score.type": "number",
        "tracer.score.deleted": True,
        "tracer.metadata.shift": "night",
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, {semconv.SCORE_VALUE: 1.0, semconv.SCORE_TYPE: "bool"}),
        (False, {semconv.SCORE_VALUE: 0.0, semconv.SCORE_TYPE: "bool"}),
        (numpy.bool_(True), {semconv.SCORE_VALUE: 1.0, semconv.SCORE_TYPE: "bool"}),
        (3, {semconv.SCORE_VALUE: 3.0, semconv.SCORE_TYPE: "number"}),
        (numpy.float32(0.5), {semconv.SCORE_VALUE: 0.5, semconv.SCORE_TYPE: "number"}),
        ("good", {semconv.SCORE_LABEL: "good", semconv.SCORE_TYPE: "label"}),
        (None, {}),
    ],
)
def test_a_value_travels_with_its_type(value: Any, expected: dict[str, Any]) -> None:
    attributes = dict(score_record("s", value).attributes)
    del attributes[semconv.SCORE_NAME], attributes[semconv.SCORE_SOURCE]
    assert attributes == expected


def test_secrets_in_metadata_and_explanation_do_not_go_out(captured: Captured) -> None:
    inside = {"api_key": "sk-1", "model": "gpt-4o"}
    with tracer.span("block") as span, tracer.using(metadata={"cfg": inside}):
        span.metadata["cfg"] = inside
        said = '{"password":"sk-1","why":"polite"}'
        tracer.score("tone", 4, explanation=said, metadata={"judge": [inside]})
        with tracer.span("inner"):
            pass
    assert "sk-1" not in repr(captured.scores) + repr(captured.spans)
    (score,) = captured.scores
    assert score.explanation == '{"password":"[redacted]","why":"polite"}'
    assert '"model":"gpt-4o"' in repr(captured.span("inner").attributes)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_an_error_and_counted_as_one(value: float) -> None:
    attributes = score_record("s", value).attributes
    assert semconv.SCORE_VALUE not in attributes
    assert attributes[semconv.ERROR_TYPE] == "ValueError"
    assert str(value) in str(attributes[semconv.SCORE_EXPLANATION])


def test_a_score_of_an_evaluation_needs_no_span(captured: Captured) -> None:
    tracer.score("s", 1, evaluation_id="e", example_id="x", trial=0)
    [score] = captured.scores
    assert score.trace_id is None
    assert score.attributes["tracer.trial"] == 0


def test_a_score_on_nothing_is_said_once_and_harms_nobody(
    captured: Captured, caplog: pytest.LogCaptureFixture
) -> None:
    tracer.score("s", 1)
    tracer.score("s", 1, trace_id="not hexadecimal")
    assert captured.scores == []
    said = [record.getMessage() for record in caplog.records]
    assert len([text for text in said if re.search("no span to stand on", text)]) == 1
    assert testing.counts()["score nothing"] == 2
