"""Runs a request's work in its turn, in a thread, and only while its caller waits."""

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.requests import Request

from collector.api.refusals import Refusal
from collector.api.turns import Turns

END_AGAIN_S = 0.2
"""A statement may have begun just after it was looked for: so it is, until it ended."""

T = TypeVar("T")


async def work_for_caller(
    request: Request,
    work: Callable[[], T],
    *,
    turns: Turns,
    end: Callable[[], None],
) -> T:
    """Return what the work returns; when the caller hangs up, end it.

    Args:
        request: the request, its body read to the end.
        work: runs in a thread, once there is a place.
        turns: where it waits for its place.
        end: ends what the work is doing, from another thread; called until it is.

    Raises:
        Refusal: 400, the caller left before its turn; 503, too many wait already.
    """
    finished: list[T | Exception] = []
    is_at_work = False

    def note() -> None:
        try:
            finished.append(work())
        except Exception as error:  # the collector's edge: carried to the caller
            finished.append(error)

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        if not is_at_work:
            group.cancel_scope.cancel()
        while True:
            await anyio.to_thread.run_sync(end)
            await anyio.sleep(END_AGAIN_S)

    async with anyio.create_task_group() as group:
        group.start_soon(watch)
        try:
            async with turns.turn(caller_of(request)):
                is_at_work = True
                await anyio.to_thread.run_sync(note)
        except Refusal as refusal:  # the group would wrap it
            finished.append(refusal)
        group.cancel_scope.cancel()
    if not finished:
        raise Refusal(400, "disconnected", "the caller left", hint="")
    (result,) = finished
    if isinstance(result, Exception):
        raise result
    return result


def caller_of(request: Request) -> str:
    """Return who asks: the key's id if there is one, else the caller's address."""
    access = request.scope.get("state", {}).get("access")
    if key_id := getattr(access, "key_id", ""):
        return str(key_id)
    return request.client.host if request.client else ""
