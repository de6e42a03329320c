"""Wrap one client: its ``request``, through which every call goes, and its copies.

Light: what reads requests and answers is imported when the first client is wrapped.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from tracer.errors import ConfigurationError

ClientT = TypeVar("ClientT")

_MARK = "_tracer_is_wrapped"


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
    if _MARK in vars(client):
        return client
    from tracer._openai.request import recorded_async_request, recorded_request

    is_async = isinstance(client, AsyncOpenAI)
    recorded = recorded_async_request if is_async else recorded_request
    vars(client).update(
        {_MARK: True},
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
