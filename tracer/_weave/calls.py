"""Weave's calls: what an op answers beside its result, and what it answered before."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracer._capture.decorator import trace
from tracer._capture.spans import Span, current_span
from tracer._client.asking import Where
from tracer._setup import settings
from tracer._weave.feedback import Feedback
from tracer.evaluation._caught import Caught, described
from tracer.evaluation._resuming import collector


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of an op; `tracer.score` judges it by its two ids."""

    op_name: str
    """Name of the op."""

    id: str
    """Id of its span, 16 hexadecimal digits."""

    trace_id: str
    """Id of its trace, 32 hexadecimal digits."""

    inputs: Any = field(repr=False)
    """Arguments by name."""

    output: Any = field(repr=False)
    """What it returned; None if it failed."""

    exception: str | None = None
    """What it raised, in words; None if nothing."""

    @property
    def feedback(self) -> Feedback:
        """What people say of it: ``call.feedback.add_reaction("👍")``."""
        return Feedback(self.trace_id, self.id)


def wanted(options: Mapping[str, Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return an op's options with what one call says otherwise, by ``__weave``.

    It is taken out of the call's arguments.
    """
    asked = kwargs.pop("__weave", None) or {}
    metadata = {**(options.get("metadata") or {}), **asked.get("attributes", {})}
    given = {**options, "metadata": metadata} if metadata else dict(options)
    if "display_name" in asked:
        given["name"] = asked["display_name"]
    return given


def calling(plain: Callable[..., Any], name: str, options: Mapping[str, Any]) -> Any:
    """Return what `op.call` is: the op, answering its result and the `Call`.

    As Weave's it raises nothing of the op's, unless ``__should_raise=True``: the result
    is None then, and the call has the exception.

    Args:
        plain: The function, not traced.
        name: Name of the op.
        options: How it is traced, as for `tracer.trace`.
    """
    if inspect.isgeneratorfunction(plain) or inspect.isasyncgenfunction(plain):
        return _not_of_a_generator

    @functools.wraps(plain)
    def call(*args: Any, **kwargs: Any) -> tuple[Any, Call]:
        one = _Calling(plain, name, options, args, kwargs)
        with one.caught:
            one.output = one.traced(*args, **kwargs)
        return one.answer()

    @functools.wraps(plain)
    async def call_async(*args: Any, **kwargs: Any) -> tuple[Any, Call]:
        one = _Calling(plain, name, options, args, kwargs)
        with one.caught:
            one.output = await one.traced(*args, **kwargs)
        return one.answer()

    return call_async if inspect.iscoroutinefunction(plain) else call


class _Calling:
    """One call under way; ``__weave`` and ``__should_raise`` leave its arguments."""

    def __init__(
        self,
        plain: Callable[..., Any],
        name: str,
        options: Mapping[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        self.output: Any = None
        self.caught = Caught()
        self._should_raise = kwargs.pop("__should_raise", False)
        self._name = name
        self._spans: list[Span] = []
        self.traced = trace(**wanted(options, kwargs))(self._noting(plain))
        self._inputs = dict(inspect.signature(plain).bind(*args, **kwargs).arguments)

    def _noting(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(plain)
        def noted(*args: Any, **kwargs: Any) -> Any:
            self._spans.append(current_span())
            return plain(*args, **kwargs)

        @functools.wraps(plain)
        async def noted_async(*args: Any, **kwargs: Any) -> Any:
            self._spans.append(current_span())
            return await plain(*args, **kwargs)

        return noted_async if inspect.iscoroutinefunction(plain) else noted

    def answer(self) -> tuple[Any, Call]:
        error = self.caught.error
        if error is not None and (self._should_raise or not self._spans):
            raise error
        (span,) = self._spans
        return self.output, Call(
            op_name=self._name,
            id=span.span_id,
            trace_id=span.trace_id,
            inputs=self._inputs,
            output=self.output,
            exception=None if error is None else described(error),
        )


def _not_of_a_generator(*_: Any, **__: Any) -> Any:
    raise TypeError("op.call waits for a result; iterate what a generator op answers")


def stored_calls(name: str, *, limit: int | None = 100) -> Iterator[Call]:
    """Yield an op's calls that the collector has, the newest first, each read anew.

    Args:
        name: Name of the op.
        limit: The most that are wanted; None for all.
    """
    return read_calls(where=[("name", "=", name)], limit=limit)


def read_calls(*, where: Where, limit: int | None) -> Iterator[Call]:
    """Yield calls of the project that meet conditions, the newest first."""
    client = collector()
    rows = client.spans(
        project=settings().project or None,
        since=0,
        where=where,
        limit=limit,
        origin="all",
    )
    for row in rows:
        span = client.span(row["trace_id"], row["span_id"], project=row["project"])
        yield Call(
            op_name=span["name"],
            id=span["span_id"],
            trace_id=span["trace_id"],
            inputs=span["input"],
            output=span["output"],
            exception=span["status_message"] if span["status"] == "error" else None,
        )
