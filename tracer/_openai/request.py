"""Record what goes through a client's ``request``, sync and async."""

import functools
from collections.abc import Callable
from typing import Any, Protocol

from openai import AsyncStream, Stream

from tracer._guard import guarded
from tracer._openai.call import Call, begin
from tracer._openai.fields import get
from tracer._openai.recording import Recording, watch_body, watch_stream
from tracer._openai.wire import content_type
from tracer._openai.wrapping import is_wrapped

_ANSWERING = guarded("record a model's answer")


class Switch(Protocol):
    """Says whether a replaced ``request`` still records."""

    is_on: bool


def recorded_request(
    client: Any, own: Callable[..., Any] | None, switch: Switch
) -> Callable[..., Any]:
    """Return one client's ``request`` with every call that `begin` knows recorded.

    Args:
        client: The client.
        own: What stands in the client's own attributes. If nothing does, its class is
            asked at every call: other libraries may come later, and patch that.
        switch: Whether calls are recorded; others may hold on to what this returns.
    """

    @functools.wraps(client.request)
    def recorded(cast_to: Any, options: Any, *args: Any, **more: Any) -> Any:
        request = own or type(client).request.__get__(client)
        if not switch.is_on:
            return request(cast_to, options, *args, **more)
        return _record(client, request, cast_to, options, *args, **more)

    return recorded


def recorded_async_request(
    client: Any, own: Callable[..., Any] | None, switch: Switch
) -> Callable[..., Any]:
    """Return the asynchronous ``request`` with the same done to it."""

    @functools.wraps(client.request)
    async def recorded(cast_to: Any, options: Any, *args: Any, **more: Any) -> Any:
        request = own or type(client).request.__get__(client)
        if not switch.is_on:
            return await request(cast_to, options, *args, **more)
        return await _record_async(client, request, cast_to, options, *args, **more)

    return recorded


def recorded_method(method: Any, switch: Switch) -> Callable[..., Any]:
    """Return a class's ``request`` that records, where the client's own does not."""

    @functools.wraps(method)
    def request(self: Any, cast_to: Any, options: Any, *args: Any, **more: Any) -> Any:
        bound = method.__get__(self, type(self))
        if not switch.is_on or is_wrapped(self):
            return bound(cast_to, options, *args, **more)
        return _record(self, bound, cast_to, options, *args, **more)

    return request


def recorded_async_method(method: Any, switch: Switch) -> Callable[..., Any]:
    """Return the asynchronous method with the same done to it."""

    @functools.wraps(method)
    async def request(
        self: Any, cast_to: Any, options: Any, *args: Any, **more: Any
    ) -> Any:
        bound = method.__get__(self, type(self))
        if not switch.is_on or is_wrapped(self):
            return await bound(cast_to, options, *args, **more)
        return await _record_async(self, bound, cast_to, options, *args, **more)

    return request


def _record(
    client: Any,
    request: Callable[..., Any],
    cast_to: Any,
    options: Any,
    *a: Any,
    **k: Any,
) -> Any:
    call = begin(client, options)
    if call is None:
        return request(cast_to, options, *a, **k)
    try:
        with call.active():
            response = request(cast_to, options, *a, **k)
    except BaseException as error:
        call.finish(getattr(error, "completion", None), error)
        raise
    _answered(call, response, is_async=False)
    return response


async def _record_async(
    client: Any,
    request: Callable[..., Any],
    cast_to: Any,
    options: Any,
    *a: Any,
    **k: Any,
) -> Any:
    call = begin(client, options)
    if call is None:
        return await request(cast_to, options, *a, **k)
    try:
        with call.active():
            response = await request(cast_to, options, *a, **k)
    except BaseException as error:
        call.finish(getattr(error, "completion", None), error)
        raise
    _answered(call, response, is_async=True)
    return response


def _answered(call: Call, response: Any, *, is_async: bool) -> None:
    """Finish the call, or leave that to what the user does with the response."""
    if not call.is_recording:
        return
    watched = False
    with _ANSWERING:
        watched = _watch(call, response, is_async=is_async)
    if not watched:
        call.finish(response)


def _watch(call: Call, response: Any, *, is_async: bool) -> bool:
    """Follow a stream or a raw response to its end; False if it is there already."""
    make_joiner = call.endpoint.joiner
    if call.is_streamed and isinstance(response, (Stream, AsyncStream)):
        if make_joiner is None:
            return False
        call.note(response.response)
        watch_stream(response, Recording(call, make_joiner()), is_async=is_async)
        return True
    body = get(response, "http_response")
    if body is None:
        return False
    call.note(body)
    recording = Recording(call, call.endpoint.body_joiner(content_type(body)))
    if body.is_closed:
        recording.take(body.content)
        recording.finish()
    else:
        watch_body(body, recording, is_async=is_async)
    return True
