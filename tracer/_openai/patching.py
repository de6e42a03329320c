"""Wrap one client: its ``request``, through which every call goes, and its copies.

Light: what reads requests and answers is imported when the first client is wrapped.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from tracer.errors import ConfigurationError, MissingExtraError

ClientT = TypeVar("ClientT")

_MARK = "_tracer_wrapping"
_ABSENT = object()


class Wrapping:
    """What was done to one client, so that it can be undone."""

    def __init__(self, client: Any) -> None:
        self.is_on = True
        """Whether calls are recorded; what others keep of ours looks here."""

        self._before = {
            name: vars(client).get(name, _ABSENT)
            for name in ("request", "copy", "with_options")
        }
        self._ours: dict[str, Any] = {}

    def put_on(self, client: Any, ours: dict[str, Any]) -> None:
        """Put our methods into the client's own attributes."""
        self._ours = ours
        vars(client).update(ours, **{_MARK: self})

    def take_off(self, client: Any) -> None:
        """Put back what was there; what others put above ours stays, and works."""
        self.is_on = False
        own = vars(client)
        del own[_MARK]
        for name, ours in self._ours.items():
            if own.get(name) is not ours:
                continue
            if self._before[name] is _ABSENT:
                del own[name]
            else:
                own[name] = self._before[name]


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
        MissingExtraError: `openai` is not installed.
    """
    is_async = _is_async(client, "wrap_openai")
    if is_wrapped(client):
        return client
    from tracer._openai.request import recorded_async_request, recorded_request

    unwrap_openai(client)  # a copy that shares what its original took off
    recorded = recorded_async_request if is_async else recorded_request
    anyone: Any = client
    wrapping = Wrapping(client)
    wrapping.put_on(
        client,
        {
            "request": recorded(client, vars(client).get("request"), wrapping),
            "copy": _wrapping_copy(anyone.copy, wrapping),
            "with_options": _wrapping_copy(anyone.with_options, wrapping),
        },
    )
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
    _is_async(client, "unwrap_openai")
    wrapping = vars(client).get(_MARK)
    if wrapping is not None:
        wrapping.take_off(client)
    return client


def is_wrapped(client: Any) -> bool:
    """Return whether `wrap_openai` records the calls of a client."""
    wrapping = vars(client).get(_MARK)
    return wrapping is not None and wrapping.is_on


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


def _is_async(client: object, purpose: str) -> bool:
    sync, asynchronous = client_classes(purpose)
    if not isinstance(client, (sync, asynchronous)):
        raise ConfigurationError(
            f"{purpose} takes an openai.OpenAI or AsyncOpenAI client,"
            f" not {type(client).__qualname__!r}; pass the client itself, or record"
            " every client, the module's own too, by instrument_openai"
        )
    return isinstance(client, asynchronous)


def _wrapping_copy(copy: Callable[..., Any], wrapping: Wrapping) -> Callable[..., Any]:
    @functools.wraps(copy)
    def wrapping_copy(*args: Any, **kwargs: Any) -> Any:
        copied = copy(*args, **kwargs)
        return wrap_openai(copied) if wrapping.is_on else copied

    return wrapping_copy
