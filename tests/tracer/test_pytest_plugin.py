"""The plugin, in test suites of their own."""

import pytest
import scipy.special  # noqa: F401  pytester forgets what its runs import; numpy may not
from processes import CollectorProcess

import tracer.evaluation.asserted
import tracer.testing
from tracer.client import Client
from tracer.stats import summarize

pytest_plugins = ["pytester"]

SUITE = """
    import random, pytest

    draw = random.Random(1)

    @pytest.mark.evaluation(trials=10)
    def test_answers(evaluation):
        with evaluation.log_prediction({"q": "2 + 2?"}, expected="4") as prediction:
            prediction.output = draw.choice(["4", "4", "4", "5"])
            prediction.log_score("correct", prediction.output == "4")
        evaluation.require("correct", ">=", BOUND, on="ON")
"""


def suite(
    pytester: pytest.Pytester, bound: str, on: str = "mean", *, alone: bool = False
) -> pytest.RunResult:
    pytester.makepyfile(SUITE.replace("BOUND", bound).replace("ON", on))
    return pytester.runpytest_subprocess() if alone else pytester.runpytest()


@pytest.fixture(autouse=True)
def strict(pytester: pytest.Pytester) -> None:
    """Let suites take no warning."""
    pytester.makeini(
        """
        [pytest]
        filterwarnings = error
        asyncio_mode = auto
        asyncio_default_fixture_loop_scope = function
        """
    )


def test_the_body_runs_once_a_trial_and_scores_are_asserted_over_all(
    pytester: pytest.Pytester,
) -> None:
    result = suite(pytester, "0.5")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "*= evaluations =*",
            "test_*.py::test_answers",
            "  correct: ?0.0 %*n 10 from 1*",
        ]
    )


def test_a_mean_below_what_is_required_fails_and_says_the_interval(
    pytester: pytest.Pytester,
) -> None:
    result = suite(pytester, "0.99")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*correct >= 0.99: the mean is ?0.0 % · n 10 from 1 examples · 95 % * to *"]
    )


def test_an_interval_must_be_above_as_a_whole_where_that_is_asked_for(
    pytester: pytest.Pytester,
) -> None:
    result = suite(pytester, "0.5", "interval")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*>= 0.5: not shown, the 95 % interval is * to *"])


def test_parameters_are_examples_of_one_run_and_each_is_judged_alone(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.evaluation(trials=3)
        @pytest.mark.parametrize("n", [1, 2, 3])
        def test_small(evaluation, n):
            prediction = evaluation.log_prediction({"n": n}, n)
            prediction.log_score("small", n < 3)
            evaluation.require("small", ">", 0.5)
        """
    )
    result = pytester.runpytest()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["  small: 66.7 %*n 9 from 3 examples*"])


def test_scores_of_parallel_workers_are_summed_up_together(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.evaluation(trials=3)
        @pytest.mark.parametrize("n", range(4))
        def test_small(evaluation, n):
            evaluation.log_prediction({"n": n}, n).log_score("small", n < 3)
        """
    )
    result = pytester.runpytest_subprocess("-n", "2")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["  small: 75.0 %*n 12 from 4 examples*"])


def test_async_tests_run_once_a_trial_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio, pytest

        @pytest.mark.evaluation(trials=4)
        async def test_later(evaluation):
            await asyncio.sleep(0)
            with evaluation.log_prediction({"q": 1}) as prediction:
                prediction.output = 1
                prediction.log_score("n", 3)
            evaluation.require("n", "<=", 3)

        @pytest.mark.evaluation(trials=4)
        async def test_wrong(evaluation):
            evaluation.log_prediction({"q": 1}, 2).log_score("n", 4)
            evaluation.require("n", "<=", 3)
        """
    )
    result = pytester.runpytest()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["  n: 3 *n 4 from 1 examples*"])


def test_a_plain_assertion_fails_in_the_first_trial_that_breaks_it(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest
        calls = []

        @pytest.mark.evaluation(trials=5)
        def test_twice():
            calls.append(1)
            assert len(calls) < 3, f"call {len(calls)}"
        """
    )
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*call 3*"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("evaluation.require('s', '==', 1)", "*cannot require '=='*"),
        ("evaluation.require('s', '>', 1, on='luck')", "*on 'luck'*"),
        ("evaluation.require('s', '>', 1)", "*no prediction has a value of 's'*"),
    ],
)
def test_what_cannot_be_judged_fails_with_the_reason(
    pytester: pytest.Pytester, line: str, message: str
) -> None:
    pytester.makepyfile(f"def test_it(evaluation):\n    {line}")
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([message])


@pytest.mark.parametrize("given", ["0", "trials=0", "trials=2.5", "tries=2"])
def test_a_mark_that_means_nothing_fails(pytester: pytest.Pytester, given: str) -> None:
    pytester.makepyfile(
        f"import pytest\n@pytest.mark.evaluation({given})\ndef test_it():\n    pass"
    )
    pytester.runpytest().assert_outcomes(failed=1)


def test_without_a_collector_nothing_is_sent_and_nothing_is_left_on_disk(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = pytester.path / "spool"
    monkeypatch.setenv("TRACER_SPOOL_DIR", str(spool))
    result = suite(pytester, "0.1", alone=True)
    result.assert_outcomes(passed=1)
    assert not spool.exists() or not list(spool.rglob("*.*"))


def test_with_a_collector_every_prediction_arrives_in_one_run(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    collector: CollectorProcess,
    project: str,
) -> None:
    monkeypatch.setenv("TRACER_ENDPOINT", collector.url)
    monkeypatch.setenv("TRACER_PROJECT", project)
    suite(pytester, "0.1", alone=True).assert_outcomes(passed=1)
    (run,) = Client(collector.url).evaluations(project=project)
    assert (run["status"], run["n_examples"], run["n_predictions"]) == ("done", 1, 10)
    assert run["name"].endswith(".py::test_answers")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([0.9] * 6, "no spread was seen and the scale is not known"),
        ([0.9, 0.8], "two numbers are too few and the scale is not known"),
        ([0.9], "one number has no interval"),
    ],
)
def test_numbers_without_an_interval_are_not_shown_and_it_says_why(
    values: list[float], why: str
) -> None:
    rows = [
        {"score": "near", "type": "number", "example_id": str(place), "n": 1}
        | {"sum": value, "sum_squares": value * value}
        for place, value in enumerate(values)
    ]
    demand = tracer.evaluation.asserted.Demand("near", ">=", 0.4, "interval")
    assert why in (demand.problem(summarize(rows)["near"]) or "")
    scaled = [row | {"scale_low": 0.0, "scale_high": 1.0} for row in rows]
    met = demand.problem(summarize(scaled)["near"]) is None
    assert met is (len(values) == 6)
