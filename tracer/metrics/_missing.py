"""One rule for rows that lack what a metric compares: there is no score."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

COMPARED: Final = ("output", "expected")
"""What a metric compares; None under one of these is nothing to compare."""


def missing_without_answer(metric: Callable[P, T]) -> Callable[P, T]:
    """Return the metric such that it gives None where its output or expected is None.

    None is a missing score: it is counted as such, and no mean takes it for a failure
    or an error. Whoever gives both gets what the metric says; its types hold.
    """
    names = list(inspect.signature(metric).parameters)
    places = [(name, names.index(name)) for name in COMPARED if name in names]

    @wraps(metric)
    def scored(*args: P.args, **kwargs: P.kwargs) -> T:
        for name, place in places:
            if (args[place] if place < len(args) else kwargs.get(name, args)) is None:
                return cast(T, _awaitable() if is_async else None)
        return metric(*args, **kwargs)

    is_async = inspect.iscoroutinefunction(metric)
    return scored


async def _awaitable() -> Any:
    """Return None to whoever awaits it."""
    return None
