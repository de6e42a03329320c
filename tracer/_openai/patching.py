"""Wrap one client: its ``request``, through which every call goes, and its copies.

Light: what reads requests and answers is imported when the first client is wrapped.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from tracer._openai.wrapping import Wrapping, everybody, is_wrapped, wrapping_of
from tracer.errors import ConfigurationError, MissingExtraError

ClientT = TypeVar("ClientT")


def wrap_openai(client: ClientT) -> ClientT:
    """Record the model calls of an OpenAI client.

    The client stays the same object of the same type; what it returns and raises stays
    the same too. Works for `OpenAI`, `AsyncOpenAI`, their Azure forms and any base URL,
    and for the copies that ``with_options()``, ``copy()`` and `copy.copy` make: each is
    then wrapped for itself. Wrapping twice changes nothing.

    Args:
        client: The client whose calls become spans.

    Returns:
        The client that was given.

    Raises:
        ConfigurationError: It is not an OpenAI client.
        MissingExtraError: `openai` is not installed.
    """
    owner = _class_of(client, "wrap_openai")
    with everybody.lock:
        if not is_wrapped(client):
            unwrap_openai(client)  # it may share what its original took off
            wrapping = Wrapping(owner)
            ours = _ours(client, wrapping)
            everybody.add(wrapping, wrap_openai)
            wrapping.put_on(client, ours)
    return client


def unwrap_openai(client: ClientT) -> ClientT:
    """Undo `wrap_openai`: the client is as it was before, and records nothing.

    A client that is not wrapped stays as it is. Copies that were made of it meanwhile
    stay wrapped, and so does a process under `instrument_openai`.

    Args:
        client: The client that was wrapped.

    Returns:
        The client that was given.

    Raises:
        ConfigurationError: It is not an OpenAI client.
        MissingExtraError: `openai` is not installed.
    """
    _class_of(client, "unwrap_openai")
    with everybody.lock:
        wrapping = wrapping_of(client)
        if wrapping is not None:
            everybody.remove(wrapping)
            wrapping.take_off(client)
    return client


def client_classes(purpose: str) -> tuple[type[Any], type[Any]]:
    """Return ``OpenAI`` and ``AsyncOpenAI``.

    Raises:
        MissingExtraError: `openai` is not installed.
    """
    try:
        from openai import AsyncOpenAI, OpenAI
    except ModuleNotFoundError as error:
        if error.name != "openai":
            raise
        raise MissingExtraError(
            f"{purpose} needs 'openai', which is not installed: pip install openai"
        ) from None
    return OpenAI, AsyncOpenAI


def _class_of(client: object, purpose: str) -> type[Any]:
    sync, asynchronous = client_classes(purpose)
    if not isinstance(client, (sync, asynchronous)):
        raise ConfigurationError(
            f"{purpose} takes an openai.OpenAI or AsyncOpenAI client,"
            f" not {type(client).__qualname__!r}; pass the client itself, or record"
            " every client, the module's own too, by instrument_openai"
        )
    return asynchronous if isinstance(client, asynchronous) else sync


def _ours(client: Any, wrapping: Wrapping) -> dict[str, Any]:
    """Return what a client gets: its own methods, with ours around them."""
    from openai import AsyncOpenAI

    from tracer._openai.request import recorded_async_request, recorded_request
    from tracer._openai.retries import counting_pauses

    is_async = wrapping.owner is AsyncOpenAI
    recorded = recorded_async_request if is_async else recorded_request
    return {
        "request": recorded(client, vars(client).get("request"), wrapping),
        "copy": _wrapping_copy(client.copy, wrapping),
        "with_options": _wrapping_copy(client.with_options, wrapping),
        **counting_pauses(client),
    }


def _wrapping_copy(copy: Callable[..., Any], wrapping: Wrapping) -> Callable[..., Any]:
    @functools.wraps(copy)
    def wrapping_copy(*args: Any, **kwargs: Any) -> Any:
        copied = copy(*args, **kwargs)
        return wrap_openai(copied) if wrapping.is_on else copied

    return wrapping_copy
