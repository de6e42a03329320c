"""A shallow copy of a wrapped client is a client of its own, and is wrapped itself."""

import copy
import gc
import weakref
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from openai_calls import ASK, scenario
from openai_ways import Way

import tracer
from tracer.testing import Captured

BODY: dict[str, Any] = {"cast_to": object, "body": ASK}


class Noted:
    """A client of either kind, and the keys that it sent."""

    def __init__(self, base_url: str, *, is_async: bool) -> None:
        self.keys: list[str] = []
        if is_async:
            hooks: Any = {"request": [self._note_async]}
            asynchronous = openai.DefaultAsyncHttpxClient(event_hooks=hooks)
            self.client: Any = openai.AsyncOpenAI(
                base_url=base_url, api_key="k1", http_client=asynchronous
            )
        else:
            hooks = {"request": [self._note]}
            plain = openai.DefaultHttpxClient(event_hooks=hooks)
            self.client = openai.OpenAI(
                base_url=base_url, api_key="k1", http_client=plain
            )

    def _note(self, request: Any) -> None:
        self.keys.append(request.headers["authorization"])

    async def _note_async(self, request: Any) -> None:
        self._note(request)


@pytest.fixture(params=["sync", "async"])
async def noted(request: pytest.FixtureRequest, base_url: str) -> AsyncIterator[Noted]:
    """A client that is not wrapped, and what it sends."""
    noted = Noted(base_url, is_async=request.param == "async")
    yield noted
    closed = noted.client.close()
    if closed is not None:
        await closed


async def ask(client: Any, **extra: Any) -> None:
    """Ask by the client's own method, as old clients' resources know the original."""
    options = {"headers": extra.get("extra_headers", {})}
    await Way(client).ask("post", "/chat/completions", options=options, **BODY)


@pytest.mark.parametrize("is_wrapped", [True, False])
async def test_a_shallow_copy_sends_what_it_was_given_since(
    noted: Noted, captured: Captured, is_wrapped: bool
) -> None:
    client = tracer.wrap_openai(noted.client) if is_wrapped else noted.client
    copied = copy.copy(client)
    copied.api_key = "OTHER"
    await ask(copied)
    await ask(copied.copy())
    await ask(copied.with_options(timeout=5))
    await ask(client)

    assert noted.keys == [*["Bearer OTHER"] * 3, "Bearer k1"]
    assert len(captured.spans) == (4 if is_wrapped else 0)


async def test_a_shallow_copy_counts_its_retries(
    noted: Noted, captured: Captured
) -> None:
    copied = copy.copy(copy.copy(tracer.wrap_openai(noted.client)))
    await ask(copied, **scenario("rate-limited-once"))

    [span] = captured.spans
    assert span.attributes["http.request.resend_count"] == 1


async def test_a_shallow_copy_and_its_original_are_unwrapped_each_for_itself(
    noted: Noted, captured: Captured
) -> None:
    await ask(noted.client)
    bare = dict(vars(noted.client))
    copied = copy.copy(tracer.wrap_openai(noted.client))
    tracer.unwrap_openai(noted.client)
    await ask(noted.client)
    assert captured.spans == []

    await ask(copied)
    assert len(captured.spans) == 1

    assert vars(tracer.unwrap_openai(copied)) == vars(noted.client) == bare
    await ask(copied)
    assert len(captured.spans) == 1


async def test_a_shallow_copy_of_a_client_that_is_not_wrapped_has_nothing_of_ours(
    noted: Noted, base_url: str
) -> None:
    other = Noted(base_url, is_async=isinstance(noted.client, openai.AsyncOpenAI))
    tracer.wrap_openai(other.client)

    assert vars(copy.copy(noted.client)) == vars(noted.client)
    tracer.unwrap_openai(other.client)


async def test_a_shallow_copy_is_recorded_once_where_every_client_is(
    noted: Noted, captured: Captured
) -> None:
    tracer.instrument_openai()
    await ask(copy.copy(tracer.wrap_openai(noted.client)))
    tracer.uninstrument_openai()

    assert len(captured.spans) == 1


async def test_a_shallow_copy_with_what_others_put_above_ours_is_recorded_once(
    noted: Noted, captured: Captured
) -> None:
    ours = tracer.wrap_openai(noted.client).request
    noted.client.request = lambda *args, **more: ours(*args, **more)
    await ask(copy.copy(noted.client))

    assert len(captured.spans) == 1


def test_a_subclass_that_fills_its_copies_itself_still_does(
    base_url: str, captured: Captured
) -> None:
    class Filling(openai.OpenAI):
        __slots__ = ("note",)
        note: str

    class FillingItself(openai.OpenAI):
        def __setstate__(self, state: Any) -> None:
            vars(self).update(state, filled=True)

    with Filling(base_url=base_url, api_key="key") as client:
        client.note = "kept"
        copied = copy.copy(tracer.wrap_openai(client))
        copied.chat.completions.create(**ASK)
        assert copied.note == "kept"

    with FillingItself(base_url=base_url, api_key="key") as itself:
        again: Any = copy.copy(tracer.wrap_openai(itself))
        again.chat.completions.create(**ASK)
        assert again.filled is True

    assert len(captured.spans) == 2


async def test_nothing_of_ours_keeps_a_client_that_nobody_holds(
    noted: Noted, captured: Captured
) -> None:
    await ask(copied := copy.copy(tracer.wrap_openai(noted.client)))
    gone = weakref.ref(copied)

    del copied
    gc.collect()

    assert gone() is None
