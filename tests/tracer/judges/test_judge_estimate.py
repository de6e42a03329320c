"""An estimate is made of the prompts that will be sent."""

import pytest
from judging import PRICE, Wire

from tracer.errors import ConfigurationError
from tracer.evaluation import Evaluation
from tracer.judges import (
    Estimate,
    Faithfulness,
    RagJudge,
    Rubric,
    RubricJudge,
    estimate,
)

ROWS = [
    {
        "question": f"{number}번 직원의 연차는 며칠인가요?",
        "context": ["연차는 15일입니다.", "점심은 12시입니다."],
        "expected": "연차는 15일입니다.",
    }
    for number in range(5)
]


def test_nothing_is_sent_for_an_estimate(wire: Wire) -> None:
    found = estimate(RagJudge(wire.model(price=PRICE), language="ko"), ROWS)
    assert wire.bodies == []
    assert (found.n_rows, found.n_requests, found.output_tokens) == (5, 5, 750)
    assert found.cost_usd == pytest.approx((found.input_tokens + 4 * 750) / 1e6)


def test_an_estimate_is_near_what_the_run_then_uses(wire: Wire) -> None:
    model = wire.model(price=PRICE)
    judge = RagJudge(model, language="ko")
    found = estimate(judge, ROWS)
    Evaluation(ROWS, [judge]).run(lambda question: "연차는 15일입니다.")
    assert found.n_requests == model.spending.n_requests
    assert 0.5 < found.input_tokens / model.spending.input_tokens < 2


def test_trials_repeats_and_later_requests_count(wire: Wire) -> None:
    model = wire.model(price=PRICE)
    style = RubricJudge(model, Rubric.ready("style"), repeats=3)
    assert estimate(style, ROWS, trials=2).n_requests == 30
    assert estimate(Faithfulness(model), ROWS).n_requests == 10
    both = estimate([style, Faithfulness(model)], ROWS)
    assert both.n_requests == 15 + 10


def test_without_a_price_the_cost_is_unknown_unless_one_is_given(wire: Wire) -> None:
    judge = RagJudge(wire.model())
    assert estimate(judge, ROWS).cost_usd is None
    assert estimate(judge, ROWS, price=PRICE).cost_usd is not None
    assert estimate(judge, []) == Estimate(0, 0, 0, 0, None)


def test_rows_that_lack_what_the_judge_needs_are_told_before_the_run(
    wire: Wire,
) -> None:
    with pytest.raises(ConfigurationError, match="needs 'context'"):
        estimate(RagJudge(wire.model()), [{"question": "?", "expected": "!"}])


def test_what_only_the_models_output_will_have_is_taken_from_one_such(
    wire: Wire,
) -> None:
    judge, rows = RagJudge(wire.model()), [{"question": "?", "expected": "!"}]
    short = estimate(judge, rows, output={"answer": "!", "context": ["a"]})
    longer = estimate(judge, rows, output={"answer": "!", "context": ["a" * 4000]})
    assert longer.input_tokens - short.input_tokens > 500
    with pytest.raises(ConfigurationError, match="one such output: estimate"):
        estimate(judge, rows)
