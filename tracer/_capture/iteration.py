"""Generators under a span that is current while their body runs, and only then."""

from collections.abc import AsyncGenerator, Callable, Generator
from functools import partial
from typing import Any, Final

import orjson

from tracer import _runtime, semconv
from tracer._capture.calls import CallPlan
from tracer._capture.spans import Span
from tracer._guard import attempt, guarded
from tracer._values.encoding import encoded
from tracer._values.text import TRUNCATED, clean_text

MOST_ITEMS_KEPT: Final = 10_000
"""Yielded items that are kept for `accumulate` and `process_output`."""

MOST_BYTES_A_LETTER: Final = 3
"""In UTF-8, for letters that Python's texts hold in two bytes, Korean ones too."""

_COLLECTING = guarded("record what a generator yields")


def drive(
    plan: CallPlan, span: Span, generator: Generator[Any, Any, Any]
) -> Generator[Any, Any, Any]:
    """Run a generator as it would run itself, then end the span with its items.

    The span is not current while the generator waits: its consumer is not its child,
    and the consumer's context may be another one each time.
    """
    items = Items(plan, span)
    inside = span.activate()
    step: Any = generator.__next__
    try:
        while True:
            try:
                with inside:
                    item = step()
            except StopIteration as stop:
                items.finish()
                return stop.value
            items.add(item)
            try:
                sent = yield item
            except BaseException as thrown:  # `close` throws GeneratorExit
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
        inside = span.activate()
        step: Any = generator.__anext__
        given_up: BaseException | None = None
        try:
            while True:
                try:
                    with inside:
                        item = await step()
                except StopAsyncIteration:
                    items.finish()
                    return
                items.add(item)
                try:
                    sent = yield item
                except BaseException as thrown:  # `aclose` throws GeneratorExit
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
    """What a generator yielded so far, as JSON at once, within a bound.

    Only where the user's own functions want the items themselves are they kept; texts
    are too, which cannot change, and become JSON all together.
    """

    def __init__(self, plan: CallPlan, span: Span) -> None:
        self._plan = plan
        self._span = span
        self._is_kept = span.is_recording and plan.capture_output
        self._pieces: list[str | orjson.Fragment] = []
        self._values: list[Any] = []
        self._bytes_left = _runtime.state.settings.max_value_bytes
        self._n_left_out = 0
        self._wants_values = bool(plan.accumulate or plan.process_output)

    def add(self, item: Any) -> None:
        """Keep an item, or count it where there is no more room."""
        if not self._is_kept:
            return
        if self._wants_values:
            if len(self._values) < MOST_ITEMS_KEPT:
                self._values.append(item)
                return
        elif self._bytes_left > 0:
            try:
                self._keep(item)
            except BaseException as error:
                if not _COLLECTING.swallow(error):
                    raise
            return
        self._n_left_out += 1

    def finish(self, error: BaseException | None = None) -> None:
        """End the span with what there is; a second time nothing happens."""
        if self._is_kept and self._span.is_recording:
            with _COLLECTING:
                self._give()
        self._span.end(error)

    def _keep(self, item: Any) -> None:
        if type(item) is str and len(item) * MOST_BYTES_A_LETTER < self._bytes_left:
            n_bytes = len(item) if item.isascii() else len(item) * MOST_BYTES_A_LETTER
            self._pieces.append(item)
        else:
            data = encoded(item, self._bytes_left)
            n_bytes = len(data)
            self._pieces.append(orjson.Fragment(data))
        self._bytes_left -= n_bytes + 1

    def _give(self) -> None:
        if not self._wants_values:
            marks = [self._mark()] if self._n_left_out else []
            self._span.set_content(semconv.OUTPUT, _joined([*self._pieces, *marks]))
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
        kept = len(self._values) or len(self._pieces)
        return f"{TRUNCATED}: {kept:,} of {kept + self._n_left_out:,} items kept]"


def _joined(pieces: list[str | orjson.Fragment]) -> bytes:
    try:
        return orjson.dumps(pieces)
    except TypeError:  # a lone surrogate in a text
        clean = [clean_text(p) if isinstance(p, str) else p for p in pieces]
        return orjson.dumps(clean)
