"""A judge's scores in a run: source, author, explanation, repeats, errors, cost."""

from typing import Any

import pytest
from judging import PRICE, Wire
from processes import CollectorProcess

import tracer
from tracer import semconv
from tracer.client import Client
from tracer.evaluation import Dataset, Evaluation, EvaluationLogger
from tracer.judges import (
    RAG,
    Checklist,
    RagJudge,
    Rubric,
    RubricJudge,
    judge_agreement,
    judge_noise,
)

ROWS = [
    {
        "question": f"{word}의 수도는?",
        "context": [f"{word}의 수도는 {city}입니다."],
        "expected": f"{city}입니다.",
    }
    for word, city in (("한국", "서울"), ("일본", "도쿄"), ("영국", "런던"))
]


def answer(question: str) -> str:
    return {"한국의 수도는?": "서울입니다.", "일본의 수도는?": "도쿄"}.get(
        question, "몰라요."
    )


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def model(request: pytest.FixtureRequest, wire: Wire) -> Any:
    return wire.model(asynchronous=request.param, price=PRICE)


def test_scores_carry_source_author_and_explanation(sent: Any, model: Any) -> None:
    judge = RubricJudge(model, Rubric.ready("answer_correctness", "ko"))
    result = Evaluation(ROWS, [judge]).run(answer)
    assert result.summary["answer_correctness"].n == 3
    assert sorted(row.scores["answer_correctness"] for row in result.rows)[-1] == 5
    for score in sent.scores:
        assert score[semconv.SCORE_SOURCE] == "model"
        assert score[semconv.SCORE_AUTHOR] == f"answer_correctness@1:{model.model}"
        assert score[semconv.SCORE_EXPLANATION].startswith("measured ")
        assert semconv.SCORE_REPEAT not in score


def test_row_without_an_output_is_missing_and_nobody_is_asked(
    sent: Any, wire: Wire
) -> None:
    model = wire.model()
    judges = [RubricJudge(model, Rubric.ready("style", "ko"))]
    judges += [RagJudge(model, language="ko", repeats=2)]  # type: ignore[list-item]
    rows = [{**ROWS[0], "output": None}]
    result = Evaluation(rows, judges).run()
    assert result.rows[0].errors == {}
    assert [one.n_missing for one in result.summary.values()] == [1] * 6
    assert wire.bodies == []


def test_the_judges_calls_stand_apart_from_the_models(sent: Any, model: Any) -> None:
    judge = RubricJudge(model, Rubric.ready("answer_correctness", "ko"))
    Evaluation(ROWS[:1], [judge]).run(answer)
    [evaluator] = sent.of_kind("evaluator")
    calls = [span for span in sent.spans if span.name.startswith("chat ")]
    [call] = calls
    assert call.parent.span_id == evaluator.context.span_id
    assert call.attributes["gen_ai.usage.input_tokens"] == model.spending.input_tokens
    [prediction] = sent.of_kind("prediction")
    assert evaluator.parent.span_id == prediction.context.span_id


def test_several_criteria_are_scores_of_their_own(sent: Any, model: Any) -> None:
    judge = RagJudge(model, language="ko")
    result = Evaluation(ROWS, [judge]).run(answer)
    assert set(result.summary) == {
        *("rag.answer_correctness", "rag.context_relevance", "rag.faithfulness"),
        *("rag.context_recall", "rag.total"),
    }
    [row] = [row for row in result.rows if row.output == "서울입니다."]
    assert row.scores["rag"]["answer_correctness"] == 5


def test_a_judge_that_cannot_be_read_is_an_error_of_its_score_alone(
    sent: Any, wire: Wire
) -> None:
    broken = RubricJudge(wire.model("judge-broken"), Rubric.ready("style"))
    fine = RubricJudge(wire.model(), Rubric.ready("factuality"))
    result = Evaluation(ROWS, [broken, fine]).run(answer)
    assert (result.summary["style"].n, result.summary["style"].n_errors) == (0, 3)
    assert (result.summary["factuality"].n, result.n_failed) == (3, 0)
    errors = [one for one in sent.scores if semconv.ERROR_TYPE in one]
    kinds = {one[semconv.ERROR_TYPE] for one in errors}
    assert kinds == {"tracer.errors.UnreadableJudgementError"}
    assert all(semconv.SCORE_VALUE not in one for one in errors)


def test_two_models_judge_by_one_rubric_under_two_names(sent: Any, wire: Wire) -> None:
    rubric = Rubric.ready("answer_correctness", "ko")
    one, other = wire.model(), wire.model()
    scorers = [RubricJudge(one, rubric), RubricJudge(other, rubric, name="second")]
    result = Evaluation(ROWS, scorers).run(answer)
    assert result.summary["answer_correctness"].n == result.summary["second"].n == 3
    authors = {score[semconv.SCORE_AUTHOR] for score in sent.scores}
    assert authors == {
        f"answer_correctness@1:{one.model}",
        f"second@1:{other.model}",
    }


def test_a_judge_of_several_scores_fails_in_each_of_them(sent: Any, wire: Wire) -> None:
    judge = RagJudge(wire.model("judge-broken"), language="ko")
    result = Evaluation(ROWS, [judge]).run(answer)
    assert "rag" not in result.summary
    for name in (*RAG, "total"):
        summary = result.summary[f"rag.{name}"]
        assert (summary.n, summary.n_errors, summary.n_missing) == (0, 3, 0)
    assert "cannot be read" in result.rows[0].errors["rag"]
    assert result.rows[0].scores == {}


def test_a_column_that_is_missing_is_an_error_of_the_score_and_says_which(
    sent: Any, wire: Wire
) -> None:
    judge = RagJudge(wire.model())
    rows = [{"question": "?", "expected": "!"}]
    result = Evaluation(rows, [judge]).run(lambda question: question)
    assert "needs 'context'" in result.rows[0].errors["rag"]
    assert result.summary["rag.total"].n_errors == 1


def test_a_spending_limit_ends_the_judging_and_not_the_run(
    sent: Any, wire: Wire
) -> None:
    model = wire.model(price=PRICE, max_output_tokens=100, spending_limit_usd=0.0015)
    judge = RubricJudge(model, Rubric.ready("style", "ko"))
    rows = [{"question": f"{number}번 질문?"} for number in range(20)]
    result = Evaluation(rows, [judge]).run(lambda question: question)
    summary = result.summary["style"]
    assert 0 < summary.n < 20 and summary.n + summary.n_errors == 20
    assert len(wire.bodies) == summary.n
    assert model.spending.cost_usd is not None
    assert model.spending.cost_usd <= 0.0015
    kinds = {one.get(semconv.ERROR_TYPE) for one in sent.scores}
    assert kinds == {None, "tracer.errors.SpendingLimitError"}
    assert len(sent.of_kind("prediction")) == 20


def test_repeats_are_versions_of_nothing_but_scores_of_their_own(
    sent: Any, wire: Wire
) -> None:
    model = wire.model("judge-noisy", temperature=None)
    judge = RubricJudge(model, Rubric.ready("answer_correctness", "ko"), repeats=3)
    result = Evaluation(ROWS, [judge]).run(answer)
    assert (result.summary["answer_correctness"].n, len(wire.bodies)) == (9, 9)
    repeats = [one.get(semconv.SCORE_REPEAT, 0) for one in sent.scores]
    assert sorted(repeats) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert all(len(row.scores["answer_correctness"]) == 3 for row in result.rows)


def test_a_repeat_that_fails_leaves_the_others(sent: Any, wire: Wire) -> None:
    model = wire.model(price=PRICE, max_output_tokens=100, spending_limit_usd=0.0012)
    judge = RubricJudge(model, Rubric.ready("style", "ko"), repeats=9)
    result = Evaluation([{"question": "질문?"}], [judge]).run(lambda question: "답")
    summary = result.summary["style"]
    assert 0 < summary.n < 9 and summary.n + summary.n_errors == 9
    assert result.rows[0].errors == {}


def test_checks_of_a_list_are_yes_or_no_scores(sent: Any, model: Any) -> None:
    judge = Checklist(model, {"city": "서울입니다"}, language="ko")
    result = Evaluation(ROWS, [judge]).run(answer)
    assert result.summary["checklist.city"].type == "bool"
    assert result.summary["checklist.share"].type == "number"


async def test_a_judge_scores_in_a_loop_of_ones_own(sent: Any, wire: Wire) -> None:
    judge = RubricJudge(wire.model(asynchronous=True), Rubric.ready("style"))
    with EvaluationLogger(name="own") as log:
        prediction = log.log_prediction({"question": "Why?"}, "Because.")
        with prediction.log_score(
            judge.name, source="model", author=judge.author
        ) as block:
            block.value = await judge.score(output="Because.", question="Why?")
        prediction.finish()
    assert log.summary["style"].n == 1


def test_noise_and_agreement_are_read_from_the_store(
    collector: CollectorProcess, project: str, wire: Wire
) -> None:
    tracer.configure(endpoint=collector.url, project=project)
    model = wire.model("judge-noisy", temperature=None)
    judge = RubricJudge(model, Rubric.ready("answer_correctness", "ko"), repeats=4)
    rows = [row | {"id": str(i)} for i, row in enumerate(ROWS * 4)]
    result = Evaluation(Dataset(rows), [judge]).run(answer)
    human = {"서울입니다.": 5, "도쿄": 4, "몰라요.": 1}
    for row in result.rows:
        tracer.score(
            "answer_correctness",
            human[row.output],
            evaluation_id=result.evaluation_id,
            example_id=row.example_id,
            trial=0,
            source="human",
            author="영희",
        )
    tracer.flush()
    run = Client(collector.url).evaluation(result.evaluation_id, project=project)
    scores = run.scores(limit=None)
    noise = judge_noise(scores, "answer_correctness")
    assert noise is not None
    assert (noise.n_examples, noise.n_judgements) == (12, 48)
    assert noise.judge > 0 and noise.examples > noise.judge and noise.trials is None
    agreed = judge_agreement(scores, "answer_correctness")
    assert agreed is not None
    assert (agreed.n, agreed.n_clusters, agreed.weights) == (48, 12, "quadratic")
    assert agreed.kappa is not None and agreed.kappa > 0.5
    assert agreed.difference_ci95 is not None
    judged = [row for row in scores if row["source"] == "model"]
    assert {row["repeat"] for row in judged} == {0, 1, 2, 3}
    assert all(row["explanation"] for row in judged)
    assert run.summary["answer_correctness"].n == 48
    people = run.summary["answer_correctness · people"]
    assert (people.n, people.scale) == (12, run.summary["answer_correctness"].scale)
