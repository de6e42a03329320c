"""Our failures are logged once, counted, and never reach the application."""

import pytest

from tracer import _guard


@pytest.fixture(autouse=True)
def not_strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACER_STRICT")
    _guard.forget()


def test_a_failure_is_said_once_and_counted_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(3):
        with _guard.guarded("do it"):
            raise ValueError("secret detail")
    assert _guard.counts() == {"do it": 3}
    assert [r.getMessage() for r in caplog.records] == [
        "could not do it: ValueError (said once)"
    ]


def test_a_guarded_function_answers_none_where_it_fails() -> None:
    @_guard.guarded("divide")
    def divide(a: int, b: int) -> float:
        return a / b

    assert divide(4, 2) == 2.0
    assert divide(1, 0) is None


def test_what_stops_the_program_is_never_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt), _guard.guarded("do it"):
        raise KeyboardInterrupt


def test_our_tests_see_every_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACER_STRICT", "1")
    with pytest.raises(ValueError, match="seen"), _guard.guarded("do it"):
        raise ValueError("seen")


def test_a_failure_of_the_users_own_function_is_only_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACER_STRICT", "1")
    assert _guard.attempt("ask", lambda: 1 // 0, otherwise=7) == 7
    assert _guard.counts() == {"ask": 1}
