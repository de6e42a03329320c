"""`trace`: a function whose every call is a span."""

import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Final, TypeVar, overload
from weakref import finalize

from opentelemetry.context import get_current

from tracer import _runtime, semconv
from tracer._capture.arguments import Arguments
from tracer._capture.attributes import kind_attributes, metadata_attributes, unique_tags
from tracer._capture.calls import CallPlan
from tracer._capture.current import attach, detach
from tracer._capture.iteration import async_driver, drive
from tracer._capture.spans import NOOP, Span
from tracer._values.text import clean_text
from tracer.errors import ConfigurationError

F = TypeVar("F", bound=Callable[..., Any])
M = TypeVar("M", bound="classmethod[Any, Any, Any]")
Function = Callable[..., Any]

_LAZY: Final = frozenset({CoroutineType, GeneratorType, AsyncGeneratorType})
"""Results that have only begun: the span ends when they do."""

REFERENCES_OF_A_FRESH_RESULT: Final = 3
"""Our caller's, ours and that of the question, where nobody else holds it."""


class _Decorator:
    """What `trace` with arguments returns."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options

    @overload
    def __call__(self, function: F, /) -> F: ...
    @overload
    def __call__(self, function: M, /) -> M: ...
    def __call__(self, function: Any, /) -> Any:
        return _decorate(function, **self._options)


@overload
def trace(function: F, /) -> F: ...
@overload
def trace(function: M, /) -> M: ...
@overload
def trace(
    *,
    name: str | None = None,
    kind: str = "span",
    capture_input: bool = True,
    capture_output: bool = True,
    process_inputs: Callable[[dict[str, Any]], Any] | None = None,
    process_output: Callable[[Any], Any] | None = None,
    accumulate: Callable[[list[Any]], Any] | None = None,
    sample_rate: float | None = None,
    tags: Sequence[str] = (),
    metadata: Mapping[str, Any] | None = None,
) -> _Decorator: ...
def trace(function: Any = None, /, **options: Any) -> Any:  # noqa: D417
    """Make every call of a function a span with its arguments and its result.

    For plain and ``async`` functions, generators and asynchronous generators, methods,
    class and static methods; with or without arguments. The function's result,
    exceptions, laziness and signature stay what they are. Until `configure` was called
    it costs next to nothing and records nothing.

    Args:
        function: The function, when used without arguments.
        name: Name of the span; the function's qualified name if not given.
        kind: What it does, one of `tracer.semconv.KINDS`.
        capture_input: Whether arguments are recorded.
        capture_output: Whether the result is recorded.
        process_inputs: Makes of the arguments (by name) what is recorded of them.
        process_output: Makes of the result what is recorded of it.
        accumulate: Makes of all that a generator yielded, a list, its output:
            ``"".join``. Without it the list is the output.
        sample_rate: Share of calls to record where the call begins a trace.
        tags: Labels of each span.
        metadata: Facts of each span to filter by.

    Raises:
        ConfigurationError: At decoration, if an option or the function cannot be right.
    """
    if function is None:
        return _Decorator(_checked(options))
    return _decorate(function)


def _decorate(function: Any, **options: Any) -> Any:
    if isinstance(function, staticmethod | classmethod):
        return type(function)(_decorate(function.__func__, **options))
    if isinstance(function, str):
        raise ConfigurationError(
            f"trace got the text {function!r}; a name is given as trace(name=…)"
        )
    if isinstance(function, type) or not callable(function):
        raise ConfigurationError(
            f"trace got {function!r}, which is no function; decorate functions, or "
            "the methods of a class one by one"
        )
    plan = _plan(function, **options)
    if _is(inspect.isasyncgenfunction, function):
        return _async_generator(plan, function)
    if _is(inspect.iscoroutinefunction, function):
        return _coroutine(plan, function)
    if _is(inspect.isgeneratorfunction, function):
        return _generator(plan, function)
    return _plain(plan, function)


def _plain(plan: CallPlan, function: Function) -> Function:
    @functools.wraps(function)
    def traced(*args: Any, **kwargs: Any) -> Any:
        if _runtime.state.tracer is None:
            return function(*args, **kwargs)
        span, token = NOOP, None
        try:
            here = get_current()
            span = plan.begin(args, kwargs, here)
            token = attach(span, here)
            result = function(*args, **kwargs)
        except BaseException as error:
            span.end(error)
            raise
        finally:
            detach(token)
        if type(result) in _LAZY:
            return _follow(plan, span, result)
        plan.finish(span, result)
        return result

    return traced


def _coroutine(plan: CallPlan, function: Function) -> Function:
    @functools.wraps(function)
    async def traced(*args: Any, **kwargs: Any) -> Any:
        if _runtime.state.tracer is None:
            return await function(*args, **kwargs)
        coroutine = function(*args, **kwargs)
        span, token = NOOP, None
        try:  # as in `_awaited`, whose coroutine costs 1 µs
            here = get_current()
            span = plan.begin(args, kwargs, here)
            token = attach(span, here)
            result = await coroutine
        except BaseException as error:
            span.end(error)
            raise
        finally:
            detach(token)
        if type(result) in _LAZY:
            return _follow(plan, span, result)
        plan.finish(span, result)
        return result

    return traced


def _generator(plan: CallPlan, function: Function) -> Function:
    @functools.wraps(function)
    def traced(*args: Any, **kwargs: Any) -> Any:
        generator = function(*args, **kwargs)
        if _runtime.state.tracer is None:
            return (yield from generator)
        return (yield from drive(plan, plan.begin(args, kwargs), generator))

    return traced


def _async_generator(plan: CallPlan, function: Function) -> Function:
    def begin(*args: Any, **kwargs: Any) -> tuple[Span, Any]:
        generator = function(*args, **kwargs)
        return plan.begin(args, kwargs), generator

    return functools.wraps(function)(async_driver(plan, begin))


async def _awaited(plan: CallPlan, span: Span, coroutine: Any) -> Any:
    token = None
    try:
        token = attach(span)
        result = await coroutine
    except BaseException as error:
        span.end(error)
        raise
    finally:
        detach(token)
    if type(result) in _LAZY:
        return _follow(plan, span, result)
    plan.finish(span, result)
    return result


def _follow(plan: CallPlan, span: Span, result: Any) -> Any:
    """Return a result of the same type that ends the span when it is through.

    One that the app holds elsewhere too is handed on as it is: another object in its
    place would close it when dropped.
    """
    if sys.getrefcount(result) > REFERENCES_OF_A_FRESH_RESULT:
        plan.finish(span, result)
        return result
    if isinstance(result, GeneratorType):
        following: Any = drive(plan, span, result)
    elif isinstance(result, AsyncGeneratorType):
        following = async_driver(plan, lambda: (span, result))()
    else:
        following = _awaited(plan, span, result)
    following.__name__, following.__qualname__ = result.__name__, result.__qualname__
    finalize(following, span.end)  # one that is never begun ends nothing by itself
    return following


def _plan(function: Any, **options: Any) -> CallPlan:
    name = options.pop("name", None) or _name(function)
    attributes = kind_attributes(options.pop("kind", "span"), name)
    if tags := options.pop("tags", ()):
        attributes[semconv.TAGS] = unique_tags(tags)
    attributes |= metadata_attributes(options.pop("metadata", None) or {})
    return CallPlan(
        name=clean_text(name),
        attributes=attributes,
        arguments=Arguments(function),
        **options,
    )


def _name(function: Any) -> str:
    """Return the qualified name, of a partial that of its function, else the type's."""
    qualified = getattr(function, "__qualname__", None)
    if qualified is not None:
        return str(qualified).rpartition("<locals>.")[2]
    inner = getattr(function, "func", None)
    return _name(type(function) if inner is None else inner)


def _is(question: Callable[[Any], bool], function: Any) -> bool:
    """Ask of a function, or of what makes an object callable."""
    return question(function) or question(getattr(type(function), "__call__", None))  # noqa: B004


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    kind = options.get("kind", "span")
    if kind not in semconv.KINDS:
        raise ConfigurationError(
            f"kind {kind!r} is unknown; take one of {', '.join(semconv.KINDS)}"
        )
    rate = options.get("sample_rate")
    if rate is not None and not 0.0 <= rate <= 1.0:
        raise ConfigurationError(
            f"sample_rate {rate!r} is not a share; give 0.0 to 1.0"
        )
    return options
