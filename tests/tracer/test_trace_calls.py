"""`trace` on functions that return: plain, async, methods, callables."""

import asyncio
import functools
import inspect
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import tracer
from tracer import testing
from tracer.errors import ConfigurationError
from tracer.testing import Captured


@pytest.fixture
def captured() -> Iterator[Captured]:
    with testing.capture() as found:
        yield found


@tracer.trace
def answer(question: str, k: int = 3) -> dict[str, Any]:
    """Answer a question."""
    return {"question": question, "k": k}


@tracer.trace(name="slow answer", kind="tool", tags=["beta"], metadata={"team": "x"})
async def answer_later(question: str) -> str:
    await asyncio.sleep(0)
    return question.upper()


class Bot:
    def __init__(self, name: str) -> None:
        self.name = name

    @tracer.trace
    def ask(self, question: str) -> str:
        return self.name + question

    @tracer.trace
    @classmethod
    def make(cls, name: str) -> "Bot":
        return cls(name)

    @classmethod
    @tracer.trace
    def remake(cls, name: str) -> "Bot":
        return cls(name)

    @tracer.trace
    @staticmethod
    def shout(text: str) -> str:
        return text.upper()

    def __call__(self, text: str) -> str:
        return text


def test_a_call_is_a_span_with_its_arguments_defaults_and_result(
    captured: Captured,
) -> None:
    assert answer("왜?") == {"question": "왜?", "k": 3}
    span = captured.span("answer")
    assert span.input == {"question": "왜?", "k": 3}
    assert span.output == {"question": "왜?", "k": 3}
    assert (span.kind, span.status, span.parent_span_id) == ("span", "ok", None)


async def test_an_async_call_is_a_span_with_all_that_its_options_say(
    captured: Captured,
) -> None:
    assert await answer_later("why") == "WHY"
    span = captured.span("slow answer")
    assert span.kind == "tool"
    assert span.attributes["gen_ai.operation.name"] == "execute_tool"
    assert span.attributes["gen_ai.tool.name"] == "slow answer"
    assert (span.tags, span.metadata) == (("beta",), {"team": "x"})
    assert (span.input, span.output) == ({"question": "why"}, "WHY")


@pytest.mark.parametrize(
    ("call", "name", "given"),
    [
        (lambda: Bot("b").ask("?"), "Bot.ask", {"question": "?"}),
        (lambda: Bot.make("b").name, "Bot.make", {"name": "b"}),
        (lambda: Bot.remake("b").name, "Bot.remake", {"name": "b"}),
        (lambda: Bot.shout("b"), "Bot.shout", {"text": "b"}),
        (lambda: tracer.trace(Bot("b"))("x"), "Bot", {"text": "x"}),
        (
            lambda: tracer.trace(functools.partial(Bot.shout, "b"))(),
            "Bot.shout",
            {},
        ),
    ],
)
def test_a_receiver_is_no_argument_of_a_method(
    captured: Captured, call: Callable[[], Any], name: str, given: dict[str, Any]
) -> None:
    call()
    assert captured.spans[-1].name == name
    assert captured.spans[-1].input == given


def test_arguments_are_named_however_they_are_passed(captured: Captured) -> None:
    @tracer.trace
    def f(a: int, /, b: int, *more: int, c: int = 3, **rest: int) -> None: ...

    f(1, 2, 4, 5, d=6)
    f(1, b=2, c=4)
    assert captured.spans[0].input == {
        "a": 1,
        "b": 2,
        "more": [4, 5],
        "rest": {"d": 6},
        "c": 3,
    }
    assert captured.spans[1].input == {"a": 1, "b": 2, "c": 4}


def test_calls_below_a_call_are_its_children_recursion_included(
    captured: Captured,
) -> None:
    @tracer.trace
    def count_down(n: int) -> int:
        return 0 if n == 0 else count_down(n - 1)

    count_down(3)
    ids = [span.span_id for span in captured.spans]
    assert [span.parent_span_id for span in captured.spans] == [*ids[1:], None]
    assert len({span.trace_id for span in captured.spans}) == 1


async def test_concurrent_calls_have_the_parent_that_began_them(
    captured: Captured,
) -> None:
    @tracer.trace
    async def ask_all() -> list[str]:
        return await asyncio.gather(*(answer_later(str(n)) for n in range(5)))

    await ask_all()
    root = captured.span("ask_all")
    assert {s.parent_span_id for s in captured.spans if s is not root} == {root.span_id}


def test_an_argument_is_recorded_as_it_was_when_the_call_began(
    captured: Captured,
) -> None:
    @tracer.trace
    def append(items: list[int]) -> list[int]:
        items.append(9)
        return items

    append([1])
    assert captured.span("append").input == {"items": [1]}
    assert captured.span("append").output == [1, 9]


def test_an_exception_leaves_as_it_was_and_fails_the_span(captured: Captured) -> None:
    error = ValueError("no \ud800 good")

    @tracer.trace
    def fail() -> None:
        raise error

    with pytest.raises(ValueError) as caught:
        fail()
    span = captured.span("fail")
    assert caught.value is error
    assert (span.status, span.status_message) == ("error", "no \ufffd good")
    assert span.attributes["error.type"] == "ValueError"
    [(name, details)] = span.events
    assert name == "exception"
    assert details["exception.type"] == "ValueError"
    assert "raise error" in details["exception.stacktrace"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), MemoryError()])
def test_even_what_stops_the_program_ends_the_span(
    captured: Captured, error: BaseException
) -> None:
    @tracer.trace
    def stop() -> None:
        raise error

    with pytest.raises(type(error)):
        stop()
    assert captured.span("stop").attributes["error.type"] == type(error).__name__


@pytest.mark.parametrize("error", [SystemExit(0), SystemExit(), StopIteration()])
def test_what_ends_well_is_no_failure(captured: Captured, error: BaseException) -> None:
    @tracer.trace
    def stop() -> None:
        raise error

    with pytest.raises(type(error)):
        stop()
    assert captured.span("stop").status == "ok"


def test_an_exception_that_cannot_say_what_it_is_leaves_as_it_was(
    captured: Captured,
) -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("mute")

    @tracer.trace
    def fail() -> None:
        raise MuteError

    with pytest.raises(MuteError):
        fail()
    assert captured.span("fail").attributes["error.type"].endswith("MuteError")


def test_a_group_and_its_causes_stand_in_the_stack_trace(captured: Captured) -> None:
    @tracer.trace
    def fail() -> None:
        try:
            raise KeyError("first")
        except KeyError as cause:
            raise ExceptionGroup("many", [OSError("second")]) from cause

    with pytest.raises(ExceptionGroup):
        fail()
    [(_, details)] = captured.span("fail").events
    assert "first" in details["exception.stacktrace"]
    assert "second" in details["exception.stacktrace"]


async def test_a_cancelled_call_ends_its_span_once(captured: Captured) -> None:
    @tracer.trace
    async def wait() -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await wait()
    span = captured.span("wait")
    assert span.attributes["error.type"] == "asyncio.exceptions.CancelledError"


def test_a_coroutine_that_a_plain_function_returns_is_followed(
    captured: Captured,
) -> None:
    @tracer.trace
    def begin() -> Any:
        return answer_later("x")

    assert asyncio.run(begin()) == "X"
    assert captured.span("begin").output == "X"
    parent = captured.span("slow answer").parent_span_id
    assert parent in (None, captured.span("begin").span_id)


def test_what_is_processed_or_switched_off_is_not_recorded(captured: Captured) -> None:
    @tracer.trace(
        process_inputs=lambda inputs: {"n": len(inputs["text"])},
        process_output=lambda output: output[:1],
    )
    def shorten(text: str) -> str:
        return text[:2]

    @tracer.trace(capture_input=False, capture_output=False)
    def hide(text: str) -> str:
        return text

    assert shorten("abc") == "ab"
    assert hide("abc") == "abc"
    assert captured.span("shorten").content == {
        "tracer.input": {"n": 3},
        "tracer.output": "a",
    }
    assert captured.span("hide").content == {}


def test_a_processor_that_fails_lets_nothing_out_and_harms_nobody(
    captured: Captured,
) -> None:
    @tracer.trace(process_inputs=lambda inputs: inputs["typo"])
    def greet(name: str) -> str:
        return name

    assert greet("private") == "private"
    assert captured.span("greet").input == "[withheld: process_inputs failed]"


def test_a_decorated_function_is_still_what_inspect_and_pickle_say() -> None:
    assert inspect.iscoroutinefunction(answer_later)
    assert not inspect.iscoroutinefunction(answer)
    assert str(inspect.signature(answer)).startswith("(question: str, k: int = 3)")
    assert inspect.getdoc(answer) == "Answer a question."
    assert pickle.loads(pickle.dumps(answer)) is answer
    assert inspect.ismethod(Bot("b").ask)


def test_before_configuration_a_call_is_only_passed_through() -> None:
    testing.reset()
    assert answer("q", k=1) == {"question": "q", "k": 1}
    assert tracer.current_span().is_recording is False
    with tracer.span("block") as span:
        span.output = 1
        span.metadata["n"] = 1
        assert span.output is None


@pytest.mark.parametrize(
    ("options", "word"), [({"kind": "magic"}, "magic"), ({"sample_rate": 7}, "7")]
)
def test_an_option_that_cannot_be_right_is_refused_at_decoration(
    options: dict[str, Any], word: str
) -> None:
    with pytest.raises(ConfigurationError, match=word):
        tracer.trace(**options)


def test_a_class_is_not_a_function() -> None:
    with pytest.raises(ConfigurationError, match="methods"):
        tracer.trace(Bot)


def test_wrong_arguments_are_refused_by_the_function_itself(captured: Captured) -> None:
    with pytest.raises(TypeError, match="missing 1 required"):
        answer()  # type: ignore[call-arg]
    assert captured.span("answer").status == "error"


def test_a_builtin_that_does_not_tell_its_arguments_is_traced_all_the_same(
    captured: Captured,
) -> None:
    assert tracer.trace(max)(1, 2) == 2
    assert captured.span("max").input == {"args": [1, 2]}


async def test_a_generator_that_a_coroutine_returns_is_followed(
    captured: Captured,
) -> None:
    @tracer.trace
    async def begin() -> Any:
        async def numbers() -> Any:
            yield 1

        return numbers()

    assert [n async for n in await begin()] == [1]
    assert captured.span("begin").output == [1]


def test_the_way_to_an_exception_leads_through_the_app_and_not_through_tracer(
    captured: Captured,
) -> None:
    @tracer.trace
    def inner_call() -> None:
        raise LookupError("nothing here")

    @tracer.trace
    def outer_call() -> None:
        inner_call()

    with pytest.raises(LookupError):
        outer_call()
    for span in captured.spans:
        ((_, details),) = span.events
        stack = details["exception.stacktrace"]
        assert "tracer/_capture/decorator.py" not in stack
        assert stack.count("    outer_call()\n") == 1  # who called
        assert stack.count("    inner_call()\n") == 1
        assert stack.endswith("LookupError: nothing here\n")


def test_a_name_without_its_keyword_is_refused_with_the_right_word() -> None:
    with pytest.raises(ConfigurationError, match="name="):
        tracer.trace("search")  # type: ignore[call-overload]


def test_a_span_says_what_it_is(captured: Captured) -> None:
    with tracer.span("rank") as span:
        assert repr(span) == f"<Span 'rank' of trace {span.trace_id}>"
