"""The pytest plugin: tests over trials, their scores asserted and summed up.

@pytest.mark.evaluation(trials=5)
def test_answers(evaluation):
    with evaluation.log_prediction({"question": "2 + 2?"}) as prediction:
        prediction.output = answer("2 + 2?")
        prediction.log_score("correct", "4" in prediction.output)
    evaluation.require("correct", ">=", 0.9)
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tracer.evaluation.asserted import AssertedEvaluation
    from tracer.evaluation.logger import EvaluationLogger

__all__ = ["evaluation"]

NAME = "evaluation"
"""Name of the mark, and of the fixture."""

SUMS = "tracer_evaluation"
"""Attribute of a test's report that carries its sums, from xdist's workers too."""

_logs: "pytest.StashKey[dict[str, EvaluationLogger]]" = pytest.StashKey()
_asserted: "pytest.StashKey[AssertedEvaluation]" = pytest.StashKey()
_in_trials = pytest.StashKey[bool]()


@pytest.fixture
def evaluation(request: pytest.FixtureRequest) -> "Iterator[AssertedEvaluation]":
    """Log predictions and scores of a test, and require what they come to.

    They go to the collector if the suite called `tracer.configure` or the environment
    names one; else nothing leaves the process.
    """
    from tracer.evaluation.asserted import AssertedEvaluation
    from tracer.evaluation.logger import EvaluationLogger

    function, logs = _function_of(request.node.nodeid), request.config.stash[_logs]
    with _where_it_goes():
        if function not in logs:
            logs[function] = EvaluationLogger(name=function)
        asserted = AssertedEvaluation(logs[function])
        request.node.stash[_asserted] = asserted
        yield asserted


def pytest_configure(config: pytest.Config) -> None:
    """Say what the mark means; gather what tests find."""
    config.addinivalue_line(
        "markers",
        f"{NAME}(trials=1): run the test's body so often; what `evaluation.require` "
        "asks for is judged over all trials",
    )
    config.stash[_logs] = {}
    config.pluginmanager.register(Findings(), "tracer-evaluation-findings")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object | None:
    """Run the body of a test once a trial, then judge what it required."""
    mark = pyfuncitem.get_closest_marker(NAME)
    takes_part = mark is not None or NAME in pyfuncitem.fixturenames
    if not takes_part or pyfuncitem.stash.get(_in_trials, False):
        return None
    pyfuncitem.stash[_in_trials] = True
    try:
        for _ in range(_trials_of(mark)):
            pyfuncitem.ihook.pytest_pyfunc_call(pyfuncitem=pyfuncitem)
    finally:
        pyfuncitem.stash[_in_trials] = False
    asserted = pyfuncitem.stash.get(_asserted, None)
    if asserted is not None:
        asserted.finish()
        if problems := asserted.problems():
            pytest.fail("\n".join(problems), pytrace=False)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test's report carry what its predictions say."""
    report = yield
    asserted = item.stash.get(_asserted, None)
    if call.when == "call" and asserted is not None:
        summary = asserted.summary.values()
        setattr(report, SUMS, [row for one in summary for row in one.sums.rows()])
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Finish the runs."""
    for log in session.config.stash.get(_logs, {}).values():
        log.finish()


class Findings:
    """Gathers what reports carry, and sums it up in the terminal."""

    def __init__(self) -> None:
        self._sums: dict[str, list[Mapping[str, Any]]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in the sums of a test; its parameters belong together."""
        if rows := getattr(report, SUMS, None):
            self._sums.setdefault(_function_of(report.nodeid), []).extend(rows)

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        """Write a line for every score of every test function."""
        if not self._sums:
            return
        from tracer.stats import summarize

        terminalreporter.section("evaluations")
        for function, rows in self._sums.items():
            terminalreporter.write_line(function)
            for summary in summarize(rows).values():
                terminalreporter.write_line(f"  {summary}")


def _function_of(nodeid: str) -> str:
    """Return the id of a test without its parameters."""
    return nodeid.partition("[")[0]


def _trials_of(mark: pytest.Mark | None) -> int:
    given = {} if mark is None else dict(mark.kwargs)
    trials = given.pop("trials", 1)
    if given or (mark is not None and mark.args):
        pytest.fail(f"the mark {NAME!r} takes trials=… and nothing else", pytrace=False)
    if isinstance(trials, bool) or not isinstance(trials, int) or trials < 1:
        pytest.fail(f"trials={trials!r}: give 1 or more", pytrace=False)
    return trials


def _where_it_goes() -> AbstractContextManager[object]:
    """Return a block that keeps everything in memory if no collector is meant."""
    from tracer import _environment, _setup, testing

    if _setup.is_configured() or _environment.names_endpoint():
        return nullcontext()
    return testing.capture()
