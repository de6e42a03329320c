"""`trace` on generators: the span ends once, with what was yielded, and never leaks."""

import asyncio
import contextvars
import inspect
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import tracer
from tracer import testing
from tracer.testing import Captured


@pytest.fixture
def captured() -> Iterator[Captured]:
    with testing.capture() as found:
        yield found


@tracer.trace
def inner(n: int) -> int:
    return n


@tracer.trace
def count(n: int) -> Any:
    for i in range(n):
        yield inner(i)
    return "done"


@tracer.trace
async def count_later(n: int) -> AsyncIterator[int]:
    for i in range(n):
        await asyncio.sleep(0)
        yield inner(i)


@tracer.trace(accumulate="".join)
def letters() -> Any:
    yield from "abc"


@tracer.trace
def echo() -> Any:
    heard: list[Any] = []
    while True:
        try:
            heard.append((yield len(heard)))
        except KeyError as error:
            heard.append(error)
        if heard[-1] == "stop":
            return heard


def test_a_generator_gives_what_it_gave_and_its_items_are_the_output(
    captured: Captured,
) -> None:
    def outer() -> Any:
        return (yield from count(3))

    generator = outer()
    assert [next(generator) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == "done"
    span = captured.span("count")
    assert (span.input, span.output, span.status) == ({"n": 3}, [0, 1, 2], "ok")


async def test_an_async_generator_does_the_same(captured: Captured) -> None:
    assert [n async for n in count_later(3)] == [0, 1, 2]
    span = captured.span("count_later")
    assert (span.output, span.status) == ([0, 1, 2], "ok")


def test_accumulate_makes_one_output_of_all_items(captured: Captured) -> None:
    assert list(letters()) == ["a", "b", "c"]
    assert captured.span("letters").output == "abc"


def test_calls_in_the_body_are_children_and_calls_of_the_consumer_are_not(
    captured: Captured,
) -> None:
    for n in count(2):
        inner(n + 100)
    generator = captured.span("count")
    parents = [s.parent_span_id for s in captured.spans if s.name == "inner"]
    assert parents == [generator.span_id, None] * 2


async def test_the_same_holds_for_an_async_generator(captured: Captured) -> None:
    async for n in count_later(2):
        inner(n + 100)
    generator = captured.span("count_later")
    parents = [s.parent_span_id for s in captured.spans if s.name == "inner"]
    assert parents == [generator.span_id, None] * 2


def test_a_generator_left_early_ends_its_span_with_what_it_gave(
    captured: Captured,
) -> None:
    for n in count(10):
        if n == 1:
            break
    assert (captured.span("count").output, captured.span("count").status) == (
        [0, 1],
        "ok",
    )


async def test_an_async_generator_that_is_closed_ends_its_span_once(
    captured: Captured,
) -> None:
    generator: Any = count_later(10)
    await anext(generator)
    await generator.aclose()
    await generator.aclose()
    span = captured.span("count_later")
    assert (span.output, span.status) == ([0], "ok")


def test_an_async_generator_left_to_a_loop_that_ends_is_no_failure(
    captured: Captured,
) -> None:
    async def leave() -> None:
        async for _ in count_later(10):
            break

    asyncio.run(leave())
    span = captured.span("count_later")
    assert (span.output, span.status) == ([0], "ok")


def test_a_generator_that_is_never_begun_is_no_span(captured: Captured) -> None:
    count(3).close()
    assert captured.spans == []


def test_send_and_throw_reach_the_body(captured: Captured) -> None:
    generator = echo()
    assert next(generator) == 0
    assert generator.send("a") == 1
    assert generator.throw(KeyError("k")) == 2
    with pytest.raises(StopIteration) as stop:
        generator.send("stop")
    assert stop.value.value[0] == "a"
    assert captured.span("echo").output == [0, 1, 2]


async def test_asend_and_athrow_reach_the_body(captured: Captured) -> None:
    @tracer.trace
    async def echo_later() -> Any:
        heard: list[Any] = []
        while len(heard) < 3:
            try:
                heard.append((yield list(heard)))
            except KeyError:
                heard.append("caught")

    generator: Any = echo_later()
    assert await anext(generator) == []
    assert await generator.asend("a") == ["a"]
    assert await generator.athrow(KeyError()) == ["a", "caught"]
    with pytest.raises(StopAsyncIteration):
        await generator.asend("b")
    assert captured.span("echo_later").status == "ok"


def test_an_exception_in_the_body_fails_the_span_and_keeps_the_items(
    captured: Captured,
) -> None:
    @tracer.trace
    def break_down() -> Any:
        yield 1
        raise OSError("gone")

    generator = break_down()
    next(generator)
    with pytest.raises(OSError, match="gone"):
        next(generator)
    span = captured.span("break_down")
    assert (span.output, span.status) == ([1], "error")


def test_an_exception_while_closing_is_the_one_that_leaves(captured: Captured) -> None:
    @tracer.trace
    def stubborn() -> Any:
        try:
            yield 1
        finally:
            raise OSError("in the way")

    generator = stubborn()
    next(generator)
    with pytest.raises(OSError, match="in the way"):
        generator.close()
    assert captured.span("stubborn").status == "error"


async def test_cancellation_within_the_body_fails_the_span(captured: Captured) -> None:
    @tracer.trace
    async def wait() -> AsyncIterator[int]:
        yield 1
        await asyncio.Event().wait()

    async def consume() -> None:
        async for _ in wait():
            pass

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await consume()
    span = captured.span("wait")
    assert (span.output, span.status) == ([1], "error")


def test_a_generator_consumed_in_other_contexts_leaves_none_of_them_changed(
    captured: Captured, caplog: pytest.LogCaptureFixture
) -> None:
    generator = count(3)
    for _ in range(3):
        contextvars.copy_context().run(next, generator)
    contextvars.copy_context().run(generator.close)
    assert captured.span("count").output == [0, 1, 2]
    assert not tracer.current_span().is_recording
    assert caplog.records == []


def test_items_beyond_the_limit_are_counted_not_kept() -> None:
    with testing.capture(max_value_bytes=100) as captured:
        for _ in count(1000):
            pass
    output = captured.span("count").output
    assert output[:3] == [0, 1, 2]
    assert output[-1].endswith("of 1,000 items kept]")


@pytest.mark.parametrize(
    ("question", "function"),
    [
        (inspect.isgeneratorfunction, count),
        (inspect.isasyncgenfunction, count_later),
    ],
)
def test_a_decorated_generator_function_is_still_one(
    question: Callable[[Any], bool], function: Any
) -> None:
    assert question(function)


def test_before_configuration_a_generator_is_only_passed_through() -> None:
    testing.reset()
    assert list(count(2)) == [0, 1]


async def test_before_configuration_an_async_generator_is_only_passed_through() -> None:
    testing.reset()
    assert [n async for n in count_later(2)] == [0, 1]


def test_a_generator_that_a_plain_function_returns_is_followed(
    captured: Captured,
) -> None:
    @tracer.trace
    def begin() -> Any:
        return (n for n in range(3))

    assert list(begin()) == [0, 1, 2]
    assert captured.span("begin").output == [0, 1, 2]


def test_a_returned_generator_that_nobody_reads_still_ends_its_span(
    captured: Captured,
) -> None:
    @tracer.trace
    def begin() -> Any:
        return (n for n in range(3))

    begin()
    assert captured.span("begin").status == "ok"


def test_texts_and_other_items_become_one_list_within_the_bound() -> None:
    @tracer.trace
    def mixed() -> Iterator[Any]:
        yield "환불"
        yield {"a": float("nan")}
        yield "lone \ud800"
        yield from ["x" * 100] * 50

    with testing.capture(max_value_bytes=1000) as captured:
        assert len(list(mixed())) == 53
    output = captured.span("mixed").output
    assert output[:3] == ["환불", {"a": "NaN"}, "lone \ufffd"]
    assert output[-1].startswith("…[truncated: ")
    assert output[-1].endswith(" of 53 items kept]")
    assert len(json.dumps(output, ensure_ascii=False).encode()) < 1200


def test_a_generator_that_the_app_keeps_elsewhere_is_handed_on_as_it_is(
    captured: Captured,
) -> None:
    class Source:
        def __init__(self) -> None:
            self.numbers = iter_numbers()

        @tracer.trace
        def stream(self) -> Iterator[int]:
            return self.numbers

    def iter_numbers() -> Iterator[int]:
        yield from range(5)

    source = Source()
    assert source.stream() is source.numbers
    assert [next(source.stream()), next(source.stream())] == [0, 1]
    assert [span.name for span in captured.spans] == ["Source.stream"] * 3


def test_a_coroutine_that_a_plain_function_returns_keeps_its_name(
    captured: Captured,
) -> None:
    async def later() -> int:
        return 7

    @tracer.trace
    def start() -> Any:
        return later()

    coroutine = start()
    assert coroutine.__name__ == "later"
    assert asyncio.run(coroutine) == 7
    assert captured.span("start").output == 7


def test_a_body_that_will_not_be_closed_fails_as_it_does_untraced(
    captured: Captured,
) -> None:
    def stubborn() -> Iterator[str]:
        try:
            yield "first"
        except GeneratorExit:
            yield "once more"

    for generator in (stubborn(), tracer.trace(stubborn)()):
        next(generator)
        with pytest.raises(RuntimeError, match="ignored GeneratorExit"):
            generator.close()
    assert len(captured.spans) == 1


async def test_an_asynchronous_body_may_answer_to_being_given_up(
    captured: Captured,
) -> None:
    async def stubborn() -> AsyncGenerator[str, None]:
        try:
            yield "first"
        except GeneratorExit:
            yield "once more"

    for generator in (stubborn(), tracer.trace(stubborn)()):
        await anext(generator)
        assert await generator.athrow(GeneratorExit()) == "once more"
        with pytest.raises(StopAsyncIteration):
            await anext(generator)
    assert [span.status for span in captured.spans] == ["ok"]
