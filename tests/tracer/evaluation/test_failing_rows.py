"""What fails in an evaluation fails alone: a row, a score, with words for people."""

from typing import Any

import pytest

from tracer import semconv
from tracer.evaluation import Evaluation

ROWS = [{"n": 1, "expected": 2}, {"n": 2, "expected": 4}, {"n": 3, "expected": 7}]


def double(n: int) -> int:
    return 2 * n


def correct(output: int, expected: int) -> bool:
    return output == expected


def test_failing_model_fails_its_row_alone(sent: Any) -> None:
    def picky(n: int) -> int:
        if n == 2:
            raise ValueError("not two")
        return 2 * n

    result = Evaluation(ROWS, [correct]).run(picky)
    (failed,) = [row for row in result.rows if row.errors]
    assert failed.errors == {"model": "ValueError: not two"}
    assert (failed.output, failed.scores) == (None, {})
    summary = result.summary["correct"]
    assert (summary.n, summary.n_errors, summary.n_missing) == (2, 1, 0)
    assert result.n_failed == 1


def test_failing_scorer_fails_its_own_score_alone(sent: Any) -> None:
    def broken(output: int) -> bool:
        raise RuntimeError("채점 실패")

    result = Evaluation(ROWS, [broken, correct]).run(double)
    assert (result.summary["correct"].n, result.summary["broken"].n_errors) == (3, 3)
    assert result.rows[0].errors == {"broken": "RuntimeError: 채점 실패"}
    errors = [s for s in sent.scores if s[semconv.SCORE_NAME] == "broken"]
    assert {score[semconv.ERROR_TYPE] for score in errors} == {"RuntimeError"}


def test_scorer_that_answers_something_uncountable_is_an_error_of_its_score(
    sent: Any,
) -> None:
    result = Evaluation(ROWS, [lambda output: [output]]).run(double)
    assert result.summary["<lambda>"].n_errors == 3


@pytest.mark.parametrize("huge", [1e151, -1e300, 10**400, float("inf")])
def test_score_beyond_what_can_be_counted_is_an_error_of_its_own(
    sent: Any, huge: Any
) -> None:
    def score(n: int) -> Any:
        return huge if n == 1 else float(n)

    summary = Evaluation(ROWS, [score]).run(double).summary["score"]
    assert (summary.n, summary.n_errors, summary.mean) == (2, 1, 2.5)
    errors = [one for one in sent.scores if semconv.ERROR_TYPE in one]
    assert len(errors) == 1
    assert "it must lie within 1e+150" in errors[0][semconv.SCORE_EXPLANATION]


def test_label_that_is_no_text_can_be_printed(sent: Any) -> None:
    result = Evaluation(ROWS, [lambda output: "\ud83d"]).run(double)
    assert result.summary["<lambda>"].labels == {"\ufffd": 3}
    assert str(result).encode()


class Wordless(Exception):
    def __str__(self) -> str:
        raise RuntimeError("there are no words")


def test_exception_that_cannot_be_read_fails_its_row_or_score_alone(sent: Any) -> None:
    def wordless_at_two(n: int) -> int:
        if n == 2:
            raise Wordless
        return 2 * n

    def wordless_at_six(output: int) -> bool:
        if output == 6:
            raise Wordless
        return True

    result = Evaluation(ROWS, [correct, wordless_at_six]).run(wordless_at_two)
    said = f"{Wordless.__module__}.Wordless: "
    assert [row.errors for row in result.rows] == [
        {},
        {"model": said},
        {"wordless_at_six": said},
    ]
    assert [row.scores.get("correct") for row in result.rows] == [True, None, False]
    assert result.n_failed == 1


@pytest.mark.parametrize("model", ["def", "async def"])
def test_model_that_answers_a_generator_fails_with_what_to_do(
    sent: Any, model: str
) -> None:
    made: dict[str, Any] = {}
    exec(f"{model} answer(n):\n    yield n", made)  # a streaming model
    result = Evaluation(ROWS, [correct]).run(made["answer"])
    assert result.n_failed == 3
    assert "let it return the whole answer" in result.rows[0].errors["model"]
