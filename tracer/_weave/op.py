"""Weave's op: a traced function that answers its call, and its earlier ones, too."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar, overload

from tracer._capture.decorator import trace
from tracer._weave.calls import Call, calling, stored_calls, wanted

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R", covariant=True)

KINDS = {"agent": "agent", "llm": "llm", "tool": "tool", "search": "retriever"}
KINDS |= {"guardrail": "guardrail", "scorer": "evaluator"}


class Op(Protocol[P, R]):
    """What a type checker knows of an op: the function itself, and its calls."""

    call: Callable[..., Any]
    """Calls it: its result and the `Call`, to be awaited of an ``async`` function."""

    calls: Callable[..., Iterator[Call]]
    """Reads from the collector what was recorded of it, the newest first."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function."""

    @overload
    def __get__(self, instance: None, owner: type, /) -> Self: ...
    @overload
    def __get__(
        self: "Op[Concatenate[Any, Q], R]", instance: object, owner: type, /
    ) -> "Op[Q, R]": ...


class OpDecorator(Protocol):
    """What `op` with arguments returns."""

    def __call__(self, function: Callable[P, R], /) -> Op[P, R]:
        """Trace a function."""


@overload
def op(function: Callable[P, R], /) -> Op[P, R]: ...
@overload
def op(
    *,
    name: str | None = None,
    call_display_name: object = None,
    postprocess_inputs: Callable[[dict[str, Any]], Any] | None = None,
    postprocess_output: Callable[..., Any] | None = None,
    tracing_sample_rate: float | None = None,
    accumulator: Callable[[Any, Any], Any] | None = None,
    kind: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    **weave_only: Any,
) -> OpDecorator: ...
def op(
    function: Any = None,
    *,
    name: str | None = None,
    call_display_name: object = None,
    postprocess_inputs: Callable[[dict[str, Any]], Any] | None = None,
    postprocess_output: Callable[..., Any] | None = None,
    tracing_sample_rate: float | None = None,
    accumulator: Callable[[Any, Any], Any] | None = None,
    kind: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    **_: Any,
) -> Any:
    """Trace a function; calls may take ``__weave={"display_name": …}``.

    ``result, call = function.call(…)`` brings the ids of the call, ``function.calls()``
    reads from the collector what was recorded of it. Options that only Weave's own
    interface knows (``color``, ``enable_code_capture``, ``eager_call_start``) are
    ignored.
    """
    options: dict[str, Any] = {
        "name": name
        or (call_display_name if isinstance(call_display_name, str) else None),
        "kind": KINDS.get(kind or "", "span"),
        "process_inputs": postprocess_inputs,
        "process_output": postprocess_output,
        "sample_rate": tracing_sample_rate,
        "accumulate": accumulator and _folding(accumulator),
        "metadata": attributes,
    }
    given = {key: value for key, value in options.items() if value is not None}

    def decorate(function: Any) -> Any:
        return _with_call_options(trace(**given)(function), given)

    return decorate if function is None else decorate(function)


def _folding(accumulator: Callable[[Any, Any], Any]) -> Callable[[list[Any]], Any]:
    """Return Weave's accumulator (state so far, chunk) as one over all chunks."""
    return lambda chunks: functools.reduce(accumulator, chunks, None)


def _with_call_options(traced: Any, options: Mapping[str, Any]) -> Any:
    """Return the function with ``__weave`` taken out of its arguments."""
    plain: Callable[..., Any] = inspect.unwrap(traced)
    name = options.get("name") or plain.__qualname__

    def chosen(kwargs: dict[str, Any]) -> Callable[..., Any]:
        if "__weave" not in kwargs:
            return traced  # type: ignore[no-any-return]
        renamed: Callable[..., Any] = trace(**wanted(options, kwargs))(plain)
        return renamed

    @functools.wraps(traced)
    def called(*args: Any, **kwargs: Any) -> Any:
        return chosen(kwargs)(*args, **kwargs)

    @functools.wraps(traced)
    async def called_async(*args: Any, **kwargs: Any) -> Any:
        return await chosen(kwargs)(*args, **kwargs)

    is_async = inspect.iscoroutinefunction(traced)
    answered: Any = called_async if is_async else called
    answered.call = calling(plain, name, options)
    answered.calls = functools.partial(stored_calls, name)
    return answered
