"""What threads and streams of a Weave script do is recorded where it belongs."""

from collections.abc import Iterator
from typing import Any

import tracer.testing
from tracer import weave


@weave.op
def step(n: int) -> int:
    return n


def parents(captured: tracer.testing.Captured) -> set[str | None]:
    spans = {span.span_id: span.name for span in captured.spans}
    return {
        spans.get(span.parent_span_id or "")
        for span in captured.spans
        if span.name.endswith("step")
    }


def test_calls_of_a_thread_belong_below_the_call_that_started_it() -> None:
    @weave.op(name="ask")
    def ask() -> None:
        thread = weave.Thread(target=step, args=(1,))
        thread.start()
        thread.join()

    with tracer.testing.capture() as captured:
        ask()
    assert parents(captured) == {"ask"}


def test_calls_of_an_executor_belong_below_the_call_that_submitted_them() -> None:
    @weave.op(name="ask")
    def ask() -> list[int]:
        with weave.ThreadPoolExecutor(2) as threads:
            return [*threads.map(step, range(3)), threads.submit(step, 3).result()]

    with tracer.testing.capture() as captured:
        assert ask() == [0, 1, 2, 3]
    assert parents(captured) == {"ask"}
    assert len(captured.spans) == 5


def test_an_accumulator_folds_the_chunks_of_a_stream_beginning_with_none() -> None:
    def joined(state: str | None, chunk: str) -> str:
        return (state or "") + chunk

    @weave.op(accumulator=joined)
    def words() -> Iterator[str]:
        yield from ("안", "녕")

    with tracer.testing.capture() as captured:
        assert list(words()) == ["안", "녕"]
    [span] = captured.spans
    output: Any = span.output
    assert output == "안녕"
