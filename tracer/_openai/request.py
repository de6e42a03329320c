"""Record what goes through a client's ``request``, sync and async."""

import functools
from collections.abc import Callable
from typing import Any

from openai import AsyncStream, Stream

from tracer._guard import guarded
from tracer._openai.call import Call, begin
from tracer._openai.fields import get
from tracer._openai.recording import Recording, watch_body, watch_stream
from tracer._openai.wire import content_type

_ANSWERING = guarded("record a model's answer")


def recorded_request(client: Any, request: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``request`` with every call that `begin` knows recorded."""

    @functools.wraps(request)
    def recorded(cast_to: Any, options: Any, *args: Any, **kwargs: Any) -> Any:
        call = begin(client, options)
        if call is None:
            return request(cast_to, options, *args, **kwargs)
        try:
            with call.active():
                response = request(cast_to, options, *args, **kwargs)
        except BaseException as error:
            call.finish(getattr(error, "completion", None), error)
            raise
        _answered(call, response, is_async=False)
        return response

    return recorded


def recorded_async_request(
    client: Any, request: Callable[..., Any]
) -> Callable[..., Any]:
    """Return the asynchronous ``request`` with the same done to it."""

    @functools.wraps(request)
    async def recorded(cast_to: Any, options: Any, *args: Any, **kwargs: Any) -> Any:
        call = begin(client, options)
        if call is None:
            return await request(cast_to, options, *args, **kwargs)
        try:
            with call.active():
                response = await request(cast_to, options, *args, **kwargs)
        except BaseException as error:
            call.finish(getattr(error, "completion", None), error)
            raise
        _answered(call, response, is_async=True)
        return response

    return recorded


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
