import asyncio
import contextvars
import threading
from typing import Any

import pytest

import tracer
from tracer import metrics, semconv
from tracer.client import Client
from tracer.errors import ConfigurationError
from tracer.evaluation import Dataset, Evaluation, Scored, Scorer

ROWS = [{"n": 1, "expected": 2}, {"n": 2, "expected": 4}, {"n": 3, "expected": 7}]


def double(n: int) -> int:
    return 2 * n


async def double_async(n: int) -> int:
    await asyncio.sleep(0)
    return 2 * n


class Doubler:
    name = "doubler@2"

    def predict(self, n: int) -> int:
        return 2 * n


def correct(output: int, expected: int) -> bool:
    return output == expected


@pytest.mark.parametrize(
    "model", [double, double_async, Doubler(), lambda n: double_async(n)]
)
def test_any_kind_of_model_is_evaluated(sent: Any, model: Any) -> None:
    result = Evaluation(ROWS, [correct]).run(model)
    summary = result.summary["correct"]
    assert summary.n == 3
    assert summary.mean == pytest.approx(2 / 3)
    assert sorted(row.output for row in result.rows) == [2, 4, 6]
    assert len(sent.of_kind("prediction")) == 3
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "done"


async def test_run_works_inside_a_running_loop_as_in_a_notebook(sent: Any) -> None:
    assert Evaluation(ROWS, [correct]).run(double).summary["correct"].n == 3
    result = await Evaluation(ROWS, [correct]).evaluate(double_async)
    assert result.summary["correct"].n == 3


def test_trials_are_nested_in_examples(sent: Any) -> None:
    result = Evaluation(ROWS, [correct], trials=4).run(double)
    summary = result.summary["correct"]
    assert (summary.n, summary.n_examples) == (12, 3)
    assert {row.trial for row in result.rows} == {0, 1, 2, 3}
    (started,) = sent.events(semconv.EVENT_EVALUATION_STARTED)
    assert started[semconv.EVALUATION_N_PLANNED] == 12


def test_equal_rows_are_further_trials_of_one_example(sent: Any) -> None:
    result = Evaluation([{"n": 1}, {"n": 1}], []).run(double)
    assert sorted(row.trial for row in result.rows) == [0, 1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"trials": 2.5}, "trials=2.5"),
        ({"trials": True}, "trials=True"),
        ({"concurrency": "3"}, "concurrency='3'"),
        ({"retries": -1}, "retries=-1"),
        ({"timeout_s": 0}, "timeout_s=0: give more than 0"),
        ({"timeout_s": float("nan")}, "timeout_s=nan"),
    ],
)
def test_number_that_no_run_could_follow_is_refused(wrong: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Evaluation(ROWS, [correct], **wrong)


def test_dataset_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="rows is a int; give a list of rows"):
        Evaluation(3, [correct])  # type: ignore[arg-type]


def test_dataset_with_a_colon_in_its_name_is_found(live: Client, project: str) -> None:
    name = f"{project}: 자주 묻는 질문"
    saved = live.save_dataset(name, [{"inputs": {"n": 1}}], project=project)
    live.save_dataset(
        name, [{"inputs": {"n": 1}}, {"inputs": {"n": 2}}], project=project
    )
    assert len(Evaluation(name).run(double).rows) == 2
    assert len(Evaluation(f"{name}:{saved['version']}").run(double).rows) == 1


def test_scorer_may_say_why_with_facts_and_repeats(sent: Any) -> None:
    def near(output: int, expected: int) -> tuple[Scored, ...]:
        said = Scored(output == expected, explanation="왜냐하면", metadata={"by": 1})
        failed = Scored(error="builtins.ValueError", explanation="no idea", repeat=1)
        return said, failed

    result = Evaluation(ROWS[:1], [near]).run(double)
    summary = result.summary["near"]
    assert (summary.type, summary.n, summary.n_errors) == ("bool", 1, 1)
    assert result.rows[0].scores["near"] == [True, None]
    first, second = sent.scores
    assert first[semconv.SCORE_EXPLANATION] == "왜냐하면"
    assert first["tracer.metadata.by"] == 1
    assert semconv.SCORE_REPEAT not in first
    assert (second[semconv.SCORE_REPEAT], second[semconv.ERROR_TYPE]) == (
        1,
        "builtins.ValueError",
    )


def test_scorer_of_which_nothing_came_is_told_in_the_row(sent: Any) -> None:
    def parts(output: int) -> dict[str, Scored]:
        failed = Scored(error="builtins.ValueError", explanation="no idea")
        return {"one": failed, "two": failed}

    result = Evaluation(ROWS[:1], [parts]).run(double)
    assert (result.rows[0].scores, result.rows[0].errors) == ({}, {"parts": "no idea"})
    assert set(result.summary) == {"parts.one", "parts.two"}


def test_scorers_ask_for_columns_by_name(sent: Any) -> None:
    seen: list[dict[str, Any]] = []

    class Near(Scorer):
        column_map = {"target": "expected"}

        async def score(self, *, output: int, target: int, n: int, **rest: Any) -> int:
            seen.append(rest)
            return abs(output - target) + 0 * n

    near, row = Near(), {"inputs": {"n": 3}, "expected": 7, "metadata": {"lang": "ko"}}
    result = Evaluation([row], [near, metrics.numeric_match]).run(double)
    assert (result.summary["Near"].mean, result.summary["numeric_match"].mean) == (1, 0)
    assert seen[0]["lang"] == "ko"
    assert seen[0]["inputs"] == {"n": 3}


def test_scorers_take_what_stands_within_a_column(sent: Any) -> None:
    class Said(Scorer):
        column_map = {"text": "output.answer", "language": "metadata.lang"}

        def score(self, text: str | None, language: str) -> str:
            return f"{language}: {text}"

    outputs = [{"answer": "2일"}, {"answer": None}, None, {"error": 7}, "2일"]
    rows = [
        {"id": str(n), "inputs": {"n": n}, "output": output, "metadata": {"lang": "ko"}}
        for n, output in enumerate(outputs)
    ]
    result = Evaluation(rows, [Said()]).run()
    scores = [row.scores.get("Said") for row in result.rows]
    assert scores == ["ko: 2일", "ko: None", "ko: None", None, None]
    assert [row.errors.get("Said") for row in result.rows[3:]] == [
        "ValueError: scorer Said() takes 'text' from output.answer, and output is a "
        f"{what}"
        for what in ("dict with 'error'", "str")
    ]
    with pytest.raises(ConfigurationError, match="wants 'language', but there is only"):

        class Elsewhere(Said):
            column_map = {"text": "output.answer", "language": "facts.lang"}

        Evaluation(rows, [Elsewhere()]).run()


def test_arguments_without_a_column_are_refused_before_the_first_call(
    sent: Any,
) -> None:
    called = threading.Event()

    def model(question: str) -> None:
        called.set()

    with pytest.raises(ConfigurationError, match="model model wants 'question'"):
        Evaluation(ROWS, []).run(model)
    with pytest.raises(ConfigurationError, match=r"scorer judge\(\) wants 'reference'"):

        def judge(output: str, reference: str) -> bool:
            return True

        Evaluation(ROWS, [judge]).run(double)
    assert not called.is_set()
    assert sent.records == []


def test_things_that_cannot_be_evaluated_are_refused_with_what_can(sent: Any) -> None:
    with pytest.raises(ConfigurationError, match="model Doubler is a class"):
        Evaluation(ROWS, []).run(Doubler)
    with pytest.raises(ConfigurationError, match="model 3 cannot be called"):
        Evaluation(ROWS, []).run(3)
    with pytest.raises(ConfigurationError, match="two scorers are called 'correct'"):
        Evaluation(ROWS, [correct, correct])
    with pytest.raises(ConfigurationError, match=r"give an instance: Scorer\(\)"):
        Evaluation(ROWS, [Scorer])
    with pytest.raises(ValueError, match="no rows"):
        Evaluation([], [correct]).run(double)
    with pytest.raises(ValueError, match="trials=0"):
        Evaluation(ROWS, [correct], trials=0)


def test_failed_call_is_tried_again_as_often_as_asked(sent: Any) -> None:
    calls: list[int] = []

    async def flaky(n: int) -> int:
        calls.append(n)
        if len(calls) < 3:
            raise ConnectionError
        return 2 * n

    result = Evaluation(ROWS[:1], [correct], retries=2, retry_after_s=0).run(flaky)
    assert (len(calls), result.summary["correct"].mean) == (3, 1.0)


def test_call_that_takes_too_long_fails_its_row(sent: Any) -> None:
    async def slow(n: int) -> int:
        await asyncio.Event().wait()
        return n

    result = Evaluation(ROWS[:1], [correct], timeout_s=0.01).run(slow)
    assert result.rows[0].errors["model"].startswith("TimeoutError")


def test_fail_fast_ends_the_run_with_the_models_own_exception(sent: Any) -> None:
    error = LookupError("first")

    def broken(n: int) -> int:
        raise error

    with pytest.raises(LookupError) as raised:
        Evaluation(ROWS * 20, [correct], fail_fast=True, concurrency=1).run(broken)
    assert raised.value is error
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "failed"
    assert len(sent.of_kind("prediction")) == 1


async def test_cancelled_run_closes_what_it_began(sent: Any) -> None:
    began = asyncio.Event()

    async def waits(n: int) -> None:
        began.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(Evaluation(ROWS, [correct]).evaluate(waits))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sent.finished[0][semconv.EVALUATION_STATUS] == "incomplete"
    assert len(sent.of_kind("prediction")) == 3


def test_no_more_predictions_run_at_a_time_than_asked(sent: Any) -> None:
    running, most = 0, 0

    async def model(n: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return n

    Evaluation(ROWS, [], trials=5, concurrency=2).run(model)
    assert most == 2


def test_sync_model_runs_in_the_callers_context_and_its_spans_are_below(
    sent: Any,
) -> None:
    variable = contextvars.ContextVar("variable", default="")
    variable.set("caller's")

    def model(n: int) -> str:
        with tracer.span("call"):
            return variable.get()

    result = Evaluation(ROWS[:1], []).run(model)
    assert result.rows[0].output == "caller's"
    parent = sent.named("call").parent
    assert parent.span_id == sent.named("prediction").context.span_id


def test_judges_calls_are_below_an_evaluator(sent: Any) -> None:
    def judge(output: int) -> bool:
        with tracer.span("judge call"):
            return True

    Evaluation(ROWS[:1], [judge]).run(double)
    (evaluator,) = sent.of_kind("evaluator")
    assert sent.named("judge call").parent.span_id == evaluator.context.span_id


def test_inputs_can_be_prepared_for_the_model_and_ids_stay(sent: Any) -> None:
    evaluation = Evaluation(
        ROWS, [], preprocess_model_input=lambda row: {"prompt": f"double {row['n']}"}
    )
    result = evaluation.run(lambda prompt: prompt)
    assert result.rows[0].output == "double 1"
    assert result.rows[0].example_id == Dataset(ROWS)[0].id


def test_stored_outputs_are_scored_without_a_model(sent: Any) -> None:
    rows = [{"n": 1, "output": 2, "expected": 2}, {"n": 2, "output": 5, "expected": 4}]
    assert Evaluation(rows, [correct]).run().summary["correct"].mean == 0.5


def test_two_runs_are_compared_by_example(sent: Any) -> None:
    evaluation = Evaluation([{"n": n, "expected": 2 * n} for n in range(12)], [correct])
    good, bad = evaluation.run(double), evaluation.run(lambda n: 0)
    (found,) = good.compare(bad)
    assert (found.paired, found.n_examples, found.wins) == (True, 12, 11)
    assert found.verdict == "higher"


def test_result_prints_a_table_for_people(sent: Any) -> None:
    def 정확(output: int, expected: int) -> bool:
        return output == expected

    text = str(Evaluation(ROWS, [정확], evaluation_name="표").run(double))
    assert text.splitlines()[0] == "표 · double · 3 predictions"
    assert text.splitlines()[2].startswith("정확 ")
    assert "66.7 %" in text
    assert "20.8 % to 93.9 %" in text


def test_rows_are_in_the_order_of_the_dataset_whoever_ends_first(sent: Any) -> None:
    last_is_done = threading.Event()

    def slow_first(n: int) -> int:
        if n == ROWS[-1]["n"]:
            last_is_done.set()
        else:
            last_is_done.wait(10)
        return n

    rows = Evaluation(ROWS, [correct]).run(slow_first).rows
    assert [row.output for row in rows] == [row["n"] for row in ROWS]


def test_each_run_of_an_evaluation_has_a_name_to_remember(sent: Any) -> None:
    evaluation = Evaluation(ROWS, [], name="고객 질문")
    names = [evaluation.run(double).name for _ in range(2)]
    assert all(name.startswith("고객 질문-20") for name in names)
    started = sent.events(semconv.EVENT_EVALUATION_STARTED)
    assert [run[semconv.EVALUATION_NAME] for run in started] == ["고객 질문"] * 2
    assert [run[semconv.EVALUATION_DISPLAY_NAME] for run in started] == names


def test_result_is_a_dataframe_too(sent: Any) -> None:
    frame = Evaluation(ROWS, [correct]).run(double).to_pandas()
    assert frame["correct"].tolist() == [True, True, False]
    assert list(frame.columns)[:5] == ["example_id", "trial", "n", "expected", "output"]
