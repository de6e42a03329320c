"""Generators under a span that is current while their body runs, and only then."""

from collections.abc import AsyncGenerator, Callable, Generator
from functools import partial
from typing import Any, Final

from tracer import _runtime, semconv
from tracer._calls import CallPlan
from tracer._guard import attempt, guarded
from tracer._spans import Span
from tracer._text import TRUNCATED
from tracer._values import to_json

MOST_ITEMS_KEPT: Final = 10_000
"""Yielded items that are kept for `accumulate` and `process_output`."""

_COLLECTING = guarded("record what a generator yields")


def drive(
    plan: CallPlan, span: Span, generator: Generator[Any, Any, Any]
) -> Generator[Any, Any, Any]:
    """Run a generator as it would run itself, then end the span with its items.

    The span is not current while the generator waits: its consumer is not its child,
    and the consumer's context may be another one each time.
    """
    items = Items(plan, span)
    step: Any = generator.__next__
    try:
        while True:
            try:
                with span.activate():
                    item = step()
            except StopIteration as stop:
                items.finish()
                return stop.value
            items.add(item)
            try:
                sent = yield item
            except GeneratorExit:
                with span.activate():
                    generator.close()
                raise
            except BaseException as thrown:
                step = partial(generator.throw, thrown)
            else:
                step = (
                    generator.__next__
                    if sent is None
                    else partial(generator.send, sent)
                )
    except BaseException as error:
        items.finish(error)
        raise


def async_driver(
    plan: CallPlan, begin: Callable[..., tuple[Span, AsyncGenerator[Any, Any]]]
) -> Callable[..., AsyncGenerator[Any, Any]]:
    """Return an asynchronous generator function that does what `drive` does.

    It cannot delegate as plain generators do with ``yield from``, so it is made whole:
    `begin` gets its arguments and returns the span and the generator to run.
    """

    async def traced(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        span, generator = begin(*args, **kwargs)
        items = Items(plan, span)
        step: Any = generator.__anext__
        given_up: BaseException | None = None
        try:
            while True:
                try:
                    with span.activate():
                        item = await step()
                except StopAsyncIteration:
                    items.finish()
                    return
                items.add(item)
                try:
                    sent = yield item
                except GeneratorExit:
                    with span.activate():
                        await generator.aclose()
                    raise
                except BaseException as thrown:
                    given_up = thrown if _is_cancellation(thrown) else None
                    step = partial(generator.athrow, thrown)
                else:
                    step = partial(generator.asend, sent)
        except BaseException as error:
            items.finish(None if error is given_up else error)
            raise

    return traced


def _is_cancellation(thrown: BaseException) -> bool:
    """Return whether a waiting generator is given up, not failing.

    A loop that ends cancels the closing of generators left half-read, so that this
    arrives in place of `GeneratorExit`. The name is asked for, asyncio is not loaded.
    """
    return type(thrown).__name__ == "CancelledError"


class Items:
    """What a generator yielded so far, as text at once, within a bound.

    Only where the user's own functions want the items themselves are they kept.
    """

    def __init__(self, plan: CallPlan, span: Span) -> None:
        self._plan = plan
        self._span = span
        self._texts: list[str] = []
        self._values: list[Any] = []
        self._bytes_left = _runtime.state.settings.max_value_bytes
        self._n_left_out = 0
        self._wants_values = bool(plan.accumulate or plan.process_output)

    def add(self, item: Any) -> None:
        """Keep an item, or count it where there is no more room."""
        if not (self._span.is_recording and self._plan.capture_output):
            return
        with _COLLECTING:
            if self._wants_values:
                if len(self._values) < MOST_ITEMS_KEPT:
                    self._values.append(item)
                    return
            elif self._bytes_left > 0:
                text = to_json(item, max_bytes=self._bytes_left)
                self._bytes_left -= len(text) + 1
                self._texts.append(text)
                return
            self._n_left_out += 1

    def finish(self, error: BaseException | None = None) -> None:
        """End the span with what there is; a second time nothing happens."""
        if self._span.is_recording and self._plan.capture_output:
            with _COLLECTING:
                self._give()
        self._span.end(error)

    def _give(self) -> None:
        if not self._wants_values:
            texts = [*self._texts, to_json(self._mark(), max_bytes=1000)]
            kept = texts if self._n_left_out else self._texts
            self._span.set_content(semconv.OUTPUT, f"[{','.join(kept)}]")
            return
        items = [*self._values, self._mark()] if self._n_left_out else self._values
        accumulate = self._plan.accumulate
        if accumulate is not None:
            kept_items = list(items)
            items = attempt(
                f"accumulate what {self._plan.name} yielded",
                lambda: accumulate(kept_items),
                otherwise=items,
            )
        self._span.set_value(semconv.OUTPUT, self._plan.output_of(items))

    def _mark(self) -> str:
        kept = len(self._values) or len(self._texts)
        return f"{TRUNCATED}: {kept:,} of {kept + self._n_left_out:,} items kept]"
