"""From sync code into a loop and from a loop into sync code, without a hang."""

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns.

    Where a loop runs already (a notebook), it runs in a thread of its own, with the
    caller's context; interrupting the caller cancels it, and waits for its end.
    """
    if not _is_in_loop():
        return asyncio.run(coroutine)
    result: T = _Aside(coroutine).result()
    return result


def _is_in_loop() -> bool:
    """Return whether a loop runs here; what fails later is not told with this."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def in_thread(function: Callable[[], T]) -> T:
    """Return what a sync function returns, called in a daemon thread of its own.

    Whoever stops waiting leaves the thread behind: a call that hangs keeps no other
    from running, and does not hold up the end of the process. The function sees the
    caller's context.
    """
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    returned: list[T] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            returned.append(function())
        except BaseException as error:
            raised.append(error)
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(ended.set)

    threading.Thread(
        target=contextvars.copy_context().run,
        args=(work,),
        name="tracer-evaluation-call",
        daemon=True,
    ).start()
    await ended.wait()
    if raised:
        raise _for_a_coroutine(raised.pop())
    return returned.pop()


def _for_a_coroutine(error: BaseException) -> BaseException:
    """Return what a coroutine can raise: to its loop a GeneratorExit is its own end."""
    if not isinstance(error, GeneratorExit):
        return error
    failure = RuntimeError("it raised GeneratorExit, which is for ending generators")
    failure.__cause__ = error
    return failure


class _Aside:
    """A coroutine in a loop and a thread of its own."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self._result: Any = None
        self._error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        # not Thread.join: on Python 3.11 an interrupted one believes the thread ended
        self._ended = threading.Event()
        context = contextvars.copy_context()
        threading.Thread(
            target=context.run, args=(self._run,), name="tracer-evaluation", daemon=True
        ).start()

    def result(self) -> Any:
        """Wait for the end, and return or raise what came of it."""
        try:
            self._ended.wait()
        except BaseException:
            if self._loop is not None and self._task is not None:
                with suppress(RuntimeError):  # it has ended just now
                    self._loop.call_soon_threadsafe(self._task.cancel)
                self._ended.wait()
            raise
        if self._error is not None:
            raise self._error
        return self._result

    def _run(self) -> None:
        try:
            self._result = asyncio.run(self._known())
        except BaseException as error:
            self._error = error
        finally:
            self._ended.set()

    async def _known(self) -> Any:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        return await self._coroutine
