"""Wrap one client: its ``request``, through which every call goes, and its copies."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from tracer._guard import guarded
from tracer._openai.call import Call, begin
from tracer._openai.recording import Recording, watch_body, watch_stream
from tracer._openai.wire import WireJoiner
from tracer.errors import ConfigurationError

ClientT = TypeVar("ClientT")


def wrap_openai(client: ClientT) -> ClientT:
    """Record the model calls of an OpenAI client.

    The client stays the same object of the same type; what it returns and raises stays
    the same too. Works for `OpenAI`, `AsyncOpenAI`, their Azure forms and any base URL,
    and for the copies that ``with_options()`` makes. Wrapping twice changes nothing.

    Args:
        client: The client whose calls become spans.

    Returns:
        The client that was given.

    Raises:
        ConfigurationError: It is not an OpenAI client.
    """
    from openai import AsyncOpenAI, OpenAI

    if not isinstance(client, (OpenAI, AsyncOpenAI)):
        raise ConfigurationError(
            "wrap_openai takes an openai.OpenAI or AsyncOpenAI client,"
            f" not {type(client).__qualname__!r}; pass the client itself"
        )
    if "request" in vars(client):
        return client
    recorded = _async_request if isinstance(client, AsyncOpenAI) else _request
    vars(client).update(
        request=recorded(client, client.request),
        copy=_wrapping(client.copy),
        with_options=_wrapping(client.with_options),
    )
    return client


def _wrapping(copy: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(copy)
    def wrapping(*args: Any, **kwargs: Any) -> Any:
        return wrap_openai(copy(*args, **kwargs))

    return wrapping


def _request(client: Any, request: Callable[..., Any]) -> Callable[..., Any]:
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


def _async_request(client: Any, request: Callable[..., Any]) -> Callable[..., Any]:
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
    with guarded("record a model's answer"):
        watched = _watch(call, response, is_async=is_async)
    if not watched:
        call.finish(response)


def _watch(call: Call, response: Any, *, is_async: bool) -> bool:
    """Follow a stream or a raw response to its end; False if it is there already."""
    from openai import AsyncStream, Stream

    make_joiner = call.endpoint.joiner
    if isinstance(response, (Stream, AsyncStream)):
        if make_joiner is None:
            return False
        watch_stream(response, Recording(call, make_joiner()), is_async=is_async)
        return True
    body = getattr(response, "http_response", None)
    if body is None:
        return False
    recording = Recording(call, WireJoiner(make_joiner and make_joiner()))
    if body.is_closed:
        recording.take(body.content)
        recording.finish()
    else:
        watch_body(body, recording, is_async=is_async)
    return True
