"""What users write to measure quality, as a type checker sees it; never run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, assert_type

import tracer
from tracer import judges, metrics, stats
from tracer.evaluation import (
    ChangedRow,
    DatasetDifference,
    EvaluationResult,
    GenerationError,
    NearDuplicates,
    Prediction,
    ResultRow,
    RowError,
    SchemaError,
    Scored,
    on_scale,
)
from tracer.metrics import Classification, ToolCall
from tracer.stats import Interval, ScoreComparison, ScoreSummary, Summaries

Rows = list[dict[str, str]]


def answer(question: str) -> str:
    return question


async def search(question: str) -> dict[str, float]:
    return {question: 1.0}


@on_scale(1, 5)
def rated(output: str) -> float:
    return 5.0


assert_type(rated("a"), float)


class Brief(tracer.Scorer):
    name = "brief"
    scale = (0.0, 1.0)
    column_map = {"text": "output"}

    def score(self, *, text: str) -> Scored:
        return Scored(len(text) < 80, explanation=f"{len(text)} letters")


class Nice(tracer.Scorer):
    async def score(self, *, output: str, expected: str) -> dict[str, bool]:
        return {"polite": output == expected}


def logging_by_hand(rows: Rows) -> None:
    with tracer.EvaluationLogger(name="faq", model="m", dataset=rows) as log:
        assert_type(log, tracer.EvaluationLogger)
        assert_type(log.id, str)
        for row in rows:
            with log.log_prediction(row, expected=row["expected"]) as prediction:
                assert_type(prediction, Prediction)
                prediction.output = answer(row["question"])
                prediction.log_score("correct", True, explanation="it is")
                with prediction.log_score("tone", scale=(1, 5)) as score:
                    score.value = 4
        log.log_example(
            {"question": "q"}, "an answer", {"correct": True}, trial_index=1
        )
        assert_type(log.log_examples(rows, scores=["correct"]), int)
        log.set_view("report", "# Hello", extension="md")
        assert_type(log.summary, Summaries)
        assert_type(log.summary["correct"].mean, float | None)
        assert_type(log.summary["correct"].ci95, Interval | None)
        assert_type(log.n_failed, int)
    assert_type(log.log_summary({"note": "fine"}), dict[str, Any])
    again = tracer.EvaluationLogger.resume(log.id)
    assert_type(again, tracer.EvaluationLogger)
    for stored in again.predictions():
        assert_type(stored.trial, int)
    tracer.EvaluationLogger(model="m", trials="3")  # type: ignore[arg-type]


def declared(rows: Rows) -> None:
    evaluation = tracer.Evaluation(
        rows, [Brief(), Nice(), rated], trials=3, concurrency=4, timeout_s=30
    )
    result = evaluation.run(answer)
    assert_type(result, EvaluationResult)
    assert_type(result.evaluation_id, str)
    assert_type(result.ui_url, str)
    assert_type(result.summary["brief"], ScoreSummary)
    assert_type(result.measures["latency_ms"].mean, float | None)
    assert_type(result.rows, Sequence[ResultRow])
    assert_type(result.rows[0].errors["model"], str)
    assert_type(result.compare(result), list[ScoreComparison])
    print(result, result.to_pandas())
    tracer.Evaluation("faq:0123456789abcdef").run()
    tracer.Evaluation()  # type: ignore[call-arg]
    tracer.Evaluation(rows, trials="3")  # type: ignore[arg-type]


async def in_a_loop(rows: Rows) -> None:
    result = await tracer.Evaluation(rows).evaluate(search)
    assert_type(result.n_failed, int)
    assert_type(
        await tracer.Evaluation(rows).get_eval_results(search), EvaluationResult
    )


def datasets() -> None:
    dataset = tracer.Dataset([{"q": 1}], name="faq")
    assert_type(dataset.version, str)
    assert_type(len(dataset), int)
    assert_type(tracer.Dataset.from_jsonl(Path("a.jsonl")), tracer.Dataset)
    assert_type(tracer.Dataset.from_csv("a.csv", encoding="cp949"), tracer.Dataset)
    found = tracer.Dataset.from_filter([("name", "=", "answer")], limit=None)
    assert_type(found, tracer.Dataset)
    assert_type(dataset.split({"a": 1.0})["a"], tracer.Dataset)
    assert_type(dataset.generate("response", answer), tracer.Dataset)
    duplicates = dataset.near_duplicates()
    assert_type(duplicates, list[NearDuplicates])
    assert_type(duplicates[0].ids, tuple[str, ...])
    changes = dataset.diff(dataset)
    assert_type(changes, DatasetDifference)
    assert_type(changes.changed, tuple[ChangedRow, ...])
    assert_type(changes.changed[0].parts, tuple[str, ...])
    dataset.to_jsonl("a.jsonl")
    try:
        dataset.generate("response", "gpt-4o-mini").validate({"type": "object"})
    except SchemaError as error:
        assert_type(error.errors, tuple[RowError, ...])
    except GenerationError as error:
        assert_type(error.errors, dict[str, Exception])


def measured() -> None:
    assert_type(metrics.exact_match("a", "a"), bool)
    assert_type(metrics.rouge_l("a", ["a", "b"]), float)
    assert_type(metrics.recall_at_k(["a"], {"a"}, k=5), float)
    assert_type(metrics.json_diff("{}", "{}"), Scored)
    assert_type(metrics.tool_calls([]), list[ToolCall])
    assert_type(metrics.classification([("a", "b")]), Classification)
    tracer.Evaluation([], [metrics.scorer("recall_at_k", k=5), metrics.cer])
    metrics.cer("a")  # type: ignore[call-arg]


def judged(model: judges.JudgeModel) -> None:
    rubric = judges.Rubric.ready("style", "ko")
    scored = judges.RubricJudge(model, rubric).judge("네.", question="되나요?")
    assert_type(scored, Scored)
    assert_type(judges.RagJudge(model).judge("네."), dict[str, Scored])
    assert_type(model.spending.cost_usd, float | None)
    judges.RubricJudge(model)  # type: ignore[call-arg]
    cost = judges.estimate(judges.RagJudge(model), [{"question": "q"}]).cost_usd
    assert_type(cost, float | None)
    noise = judges.judge_noise([], "style")
    assert_type(noise, stats.JudgeVarianceSplit | None)
    assert_type(judges.judge_agreement([], "style"), stats.Agreement | None)


def reckoned(rows: list[dict[str, Any]]) -> None:
    assert_type(stats.summarize(rows), Summaries)
    assert_type(stats.summarize(rows)["tone"].pass_at(3), stats.PassRate)
    assert_type(stats.compare(rows, rows), list[ScoreComparison])
    assert_type(stats.wilson(0.5, 20), Interval)
    assert_type(stats.holm([0.01, 0.04]), list[float])
    assert_type(stats.pass_at_k(10, 3, 5), float)
    plans = stats.plan(0.02, within_sd=0.3)
    assert_type(plans, list[stats.Plan])
    assert_type(plans[0].n_predictions, int)
    assert_type(stats.examples_needed(0.02, within_sd=0.3), int)
    assert_type(stats.split_variance([(2, 1, 1)]), stats.VarianceSplit | None)
    assert_type(stats.change_points([1.0, 2.0]), list[stats.ChangePoint])
    assert_type(stats.scale_of("bleu"), stats.Scale | None)
    stats.wilson(0.5)  # type: ignore[call-arg]
