"""`in_context`: what follows the context, carried into threads."""

import functools
from collections.abc import Callable
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def in_context(function: Callable[P, R], /) -> Callable[P, R]:
    """Return a function that runs in the context of here, whatever thread calls it.

    Threads of an executor know nothing of the span and the `using` of whoever gave
    them work: ``pool.map(tracer.in_context(search), queries)`` tells them, and each
    call is a child of the span that is current now. Every call has a copy of the
    context to itself, so that calls may overlap and change nothing for each other.
    ``asyncio`` tasks and ``asyncio.to_thread`` carry it without this.

    Args:
        function: What the other thread is to call; a plain function.
    """
    context = copy_context()

    @functools.wraps(function)
    def carried(*args: P.args, **kwargs: P.kwargs) -> R:
        return context.copy().run(function, *args, **kwargs)

    return carried
