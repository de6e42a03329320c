"""The same evaluation as a test: pytest runs it three times and judges the mean.

    cd examples/faq && python -m pytest             # needs OPENAI_API_KEY (*)

(*) Without a key: see `evaluate.py`. No collector is needed; with TRACER_ENDPOINT set,
predictions and scores go there, as a run called like the test.
"""

import pytest
from app import ROWS, answer, mentions

from tracer.evaluation.asserted import AssertedEvaluation


@pytest.mark.evaluation(trials=3)
def test_answers_say_what_matters(evaluation: AssertedEvaluation) -> None:
    for row in ROWS:
        asked = {name: row[name] for name in ("question", "context", "lang")}
        with evaluation.log_prediction(asked, expected=row["expected"]) as prediction:
            prediction.output = answer(**asked)
            prediction.log_score(
                "mentions", mentions(prediction.output, row["expected"])
            )
    evaluation.require("mentions", ">=", 0.8)
