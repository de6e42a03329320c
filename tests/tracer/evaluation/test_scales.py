"""A scale that a scorer declares travels with its scores and bounds their intervals."""

from typing import Any

import pytest

import tracer
from tracer import metrics, semconv
from tracer.errors import ConfigurationError
from tracer.evaluation import (
    Evaluation,
    EvaluationLogger,
    Scored,
    Scorer,
    on_scale,
)

ROWS = [{"q": q, "expected": "네"} for q in range(3)]


class Tone(Scorer):
    name = "tone"
    scale = (1, 5)

    def score(self, output: str) -> dict[str, Any]:
        return {"warm": 4, "polite": Scored(2, scale=(0, 2)), "is_short": True}


@on_scale(0, 1)
def share(output: str) -> float:
    return 1.0


def free(output: str) -> float:
    return 1.0


def test_what_scorers_declare_travels_and_bounds_the_interval(sent: Any) -> None:
    scorers = [Tone(), share, free, metrics.scorer("korquad_f1", name="f1")]
    found = Evaluation(ROWS, scorers).run(lambda q: "네").summary
    scales = {
        one[semconv.SCORE_NAME]: one.get(semconv.SCORE_SCALE) for one in sent.scores
    }
    assert scales == {
        "tone.warm": [1.0, 5.0],
        "tone.polite": [0.0, 2.0],
        "tone.is_short": None,
        "share": [0.0, 1.0],
        "free": None,
        "f1": [0.0, 1.0],
    }
    assert found["tone.warm"].scale == (1.0, 5.0)
    assert found["share"].ci95 == found["f1"].ci95
    assert found["share"].ci95 is not None and found["share"].ci95[1] == 1.0
    assert (found["free"].scale, found["free"].ci95) == (None, None)


def test_a_loop_says_the_scale_with_the_score(sent: Any) -> None:
    with EvaluationLogger() as log:
        for q in range(3):
            with log.log_prediction({"q": q}, "a") as prediction:
                prediction.log_score("tone", 4, scale=(1, 5))
                with prediction.log_score(Tone()) as block:
                    block.value = 3
    assert log.summary["tone"].scale == (1.0, 5.0)
    tracer.score("mood", 3, scale=(1, 5), trace_id="ab" * 16)
    assert sent.scores[-1][semconv.SCORE_SCALE] == [1.0, 5.0]


def test_a_score_goes_without_a_scale_that_is_none(
    sent: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The collector refused the whole score."""
    for scale in ((5, 1), (0, float("inf"))):
        tracer.score("mood", 3, scale=scale, trace_id="ab" * 16)
        assert sent.scores[-1][semconv.SCORE_VALUE] == 3
        assert semconv.SCORE_SCALE not in sent.scores[-1]
    assert caplog.text.count("is no (least, most)") == 1


@pytest.mark.parametrize("scale", [(5, 1), (1,), "high", 7, (0, float("inf"))])
def test_what_is_no_scale_is_refused(sent: Any, scale: Any) -> None:
    with EvaluationLogger() as log, log.log_prediction({"q": 1}, "a") as prediction:
        with pytest.raises(ConfigurationError, match="give the least and the most"):
            prediction.log_score("tone", 4, scale=scale)
    assert sent.scores == []
