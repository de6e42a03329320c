"""Code of the app that only recording runs, and that tries to end more than itself."""

import signal
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

import tracer
from tracer import testing
from tracer._signals import is_of_a_signal
from tracer.evaluation import Evaluation, EvaluationLogger
from tracer.testing import Captured


class Leaving:
    """Says nothing of itself, and raises instead."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __repr__(self) -> str:
        raise self._error


@pytest.fixture
def captured() -> Iterator[Captured]:
    with testing.capture() as found:
        yield found


@pytest.mark.parametrize("error", [SystemExit(3), GeneratorExit(), ValueError()])
def test_a_repr_that_exits_ends_no_call(
    captured: Captured, error: BaseException
) -> None:
    value = Leaving(error)

    @tracer.trace
    def answer(given: Any) -> Any:
        with tracer.using(metadata={"seen": given}), tracer.span("within") as span:
            span.output = given
        return given

    @tracer.trace
    def answers() -> Any:
        yield value

    assert answer(value) is value
    assert list(answers()) == [value]
    tracer.score("good", True, metadata={"of": value}, trace_id="1" * 32)
    with EvaluationLogger() as log:
        log.log_example({"q": value}, value, {"good": True})
    whole, within = captured.spans[1], captured.spans[0]
    assert "Leaving" in whole.input["given"] and "Leaving" in whole.output
    assert "Leaving" in within.metadata["seen"]


def test_an_exception_whose_text_exits_leaves_as_it_was(captured: Captured) -> None:
    class ExitingError(Exception):
        def __str__(self) -> str:
            raise SystemExit

    @tracer.trace(process_inputs=sys.exit)
    def fail(question: str) -> None:
        raise ExitingError

    with pytest.raises(ExitingError):
        fail("?")
    [span] = captured.spans
    assert span.status == "error" and "withheld" in span.input


def test_ctrl_c_may_come_while_a_value_is_read_and_goes_on(captured: Captured) -> None:
    with pytest.raises(KeyboardInterrupt):
        tracer.trace(repr)(Leaving(KeyboardInterrupt()))
    with (
        pytest.raises(KeyboardInterrupt),
        tracer.span("x", input=Leaving(KeyboardInterrupt())),
    ):
        pass


def test_a_signals_handler_ends_the_program_also_while_a_value_is_read(
    captured: Captured,
) -> None:
    class Slow:
        def __repr__(self) -> str:
            signal.raise_signal(signal.SIGUSR1)
            return "slow"

    def leave(*_: Any) -> None:
        sys.exit(5)

    class Handler:
        def __call__(self, *_: Any) -> None:
            sys.exit(5)

        def method(self, *_: Any) -> None:
            sys.exit(5)

    before = signal.getsignal(signal.SIGUSR1)
    try:
        for handler in (leave, partial(leave), Handler(), Handler().method):
            signal.signal(signal.SIGUSR1, handler)
            with pytest.raises(SystemExit), tracer.span("x", input=Slow()):
                pass
        signal.signal(signal.SIGUSR1, print)  # no Python: nobody knows what it raises
        assert is_of_a_signal(SystemExit())
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert not is_of_a_signal(SystemExit())


def test_a_model_or_scorer_that_raises_what_ends_generators_has_failed(
    captured: Captured,
) -> None:
    def leave(q: int) -> None:
        raise GeneratorExit

    def right(output: Any) -> bool:
        return True

    def lost(output: Any) -> None:
        raise GeneratorExit

    found = Evaluation([{"q": 1}, {"q": 2}], [right, lost]).run(lambda q: q)
    assert (found.summary["right"].n, found.summary["lost"].n_errors) == (2, 2)
    assert "it raised GeneratorExit" in found.rows[0].errors["lost"]
    failed = Evaluation([{"q": 1}], [right]).run(leave)
    assert failed.summary["right"].n_errors == 1
