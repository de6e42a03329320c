"""Every form of client can be wrapped, and stays what it was."""

import copy
import inspect
import pickle
from collections.abc import AsyncIterator, Iterator
from typing import Any

import openai
import pytest
from openai_calls import ASK, CHAT, RESPONSES, Api

import tracer
from tracer.errors import ConfigurationError
from tracer.testing import Captured


def test_wrapping_returns_the_same_object_of_the_same_type(bare: openai.OpenAI) -> None:
    wrapped = tracer.wrap_openai(bare)

    assert wrapped is bare
    assert type(wrapped) is openai.OpenAI


def test_wrapping_twice_changes_nothing(
    client: openai.OpenAI, captured: Captured
) -> None:
    request = client.request

    tracer.wrap_openai(client)
    client.chat.completions.create(**ASK)

    assert client.request is request
    assert len(captured.spans) == 1


def test_a_client_that_was_not_wrapped_records_nothing(
    bare: openai.OpenAI, base_url: str, captured: Captured
) -> None:
    tracer.wrap_openai(bare)
    with openai.OpenAI(base_url=base_url, api_key="key") as other:
        other.chat.completions.create(**ASK)

    assert captured.spans == []


@pytest.mark.parametrize("method", ["copy", "with_options"])
def test_copies_of_a_wrapped_client_are_wrapped_once(
    client: openai.OpenAI, captured: Captured, method: str
) -> None:
    copied = getattr(client, method)(timeout=5)
    copied.with_options(max_retries=0).chat.completions.create(**ASK)

    assert type(copied) is openai.OpenAI
    assert copied.timeout == 5
    assert len(captured.spans) == 1


@pytest.mark.parametrize("method", ["copy", "with_options"])
async def test_copies_of_a_wrapped_asynchronous_client_are_wrapped_once(
    async_client: openai.AsyncOpenAI, captured: Captured, method: str
) -> None:
    copied = getattr(async_client, method)(timeout=5)
    await copied.with_options(max_retries=0).chat.completions.create(**ASK)
    await copy.copy(copied).chat.completions.create(**ASK)

    assert type(copied) is openai.AsyncOpenAI
    assert len(captured.spans) == 2


def test_a_shallow_copy_of_a_wrapped_client_works(
    client: openai.OpenAI, captured: Captured
) -> None:
    copy.copy(client).chat.completions.create(**ASK)

    assert len(captured.spans) == 1


@pytest.mark.parametrize("kind", [openai.AzureOpenAI, openai.AsyncAzureOpenAI])
async def test_azure_is_named_as_the_provider(
    base_url: str, captured: Captured, kind: Any
) -> None:
    azure = kind(
        azure_endpoint=base_url.removesuffix("/v1"), api_key="key", api_version="2024"
    )
    wrapped = tracer.wrap_openai(azure)
    copied = wrapped.with_options(timeout=5)
    await answer_of(copied.chat.completions.create(**ASK))
    await answer_of(azure.close())

    [span] = captured.spans
    assert type(wrapped) is kind
    assert type(copied) is kind
    assert span.attributes["gen_ai.provider.name"] == "azure.ai.openai"


async def answer_of(called: Any) -> Any:
    """Return what a call answers, asynchronous or not."""
    return await called if inspect.isawaitable(called) else called


@pytest.mark.parametrize("kind", [openai.OpenAI, openai.AsyncOpenAI])
async def test_a_client_with_its_own_http_client_is_wrapped_as_any_other(
    base_url: str, captured: Captured, kind: Any
) -> None:
    is_sync = kind is openai.OpenAI
    own = openai.DefaultHttpxClient if is_sync else openai.DefaultAsyncHttpxClient
    http_client: Any = own(trust_env=False)
    client = kind(base_url=base_url, api_key="key", http_client=http_client)
    await answer_of(tracer.wrap_openai(client).chat.completions.create(**ASK))

    assert client._client is http_client
    await answer_of(client.close())
    assert len(captured.spans) == 1


def test_the_address_of_a_compatible_server_is_recorded_without_its_path(
    base_url: str, captured: Captured
) -> None:
    nowhere = base_url.replace("/v1", "/gateway/key-123/v1")
    with openai.OpenAI(base_url=nowhere, api_key="key") as client:
        with pytest.raises(openai.NotFoundError):
            tracer.wrap_openai(client).chat.completions.create(**ASK)

    [span] = captured.spans
    assert span.attributes["server.address"] == "127.0.0.1"
    assert span.attributes["server.port"] == client.base_url.port
    assert "key-123" not in repr(span.attributes)


def test_what_a_wrapped_client_has_and_is_stays_the_same(
    bare: openai.OpenAI,
) -> None:
    names = set(dir(bare))

    tracer.wrap_openai(bare)

    assert isinstance(bare, openai.OpenAI)
    assert {name for name in set(dir(bare)) - names if name[0] != "_"} == set()
    assert not hasattr(bare, "no_such_thing")
    assert not hasattr(bare.chat.completions, "no_such_thing")
    assert hasattr(bare.chat.completions.create, "__wrapped__") is hasattr(
        openai.OpenAI(api_key="key").chat.completions.create, "__wrapped__"
    )


@pytest.mark.parametrize("api", [CHAT, RESPONSES], ids=lambda api: api.name)
def test_answers_pickle_as_they_did(
    client: openai.OpenAI, captured: Captured, api: Api
) -> None:
    answered = api.create(client)()

    again = pickle.loads(pickle.dumps(answered))

    assert type(again) is type(answered)
    assert again == answered


@pytest.mark.parametrize("api", [CHAT, RESPONSES], ids=lambda api: api.name)
async def test_streams_are_the_types_that_they_were(
    client: openai.OpenAI,
    async_client: openai.AsyncOpenAI,
    captured: Captured,
    api: Api,
) -> None:
    with api.create(client)(stream=True) as stream:
        assert isinstance(stream, openai.Stream)
        assert isinstance(stream, Iterator)
        assert iter(stream) is not stream
    async with await api.create(async_client)(stream=True) as stream:
        assert isinstance(stream, openai.AsyncStream)
        assert isinstance(stream, AsyncIterator)


def test_a_subclass_with_its_own_request_is_wrapped_too(
    base_url: str, captured: Captured
) -> None:
    class Counting(openai.OpenAI):
        requests = 0

        def request(self, *args: Any, **kwargs: Any) -> Any:
            type(self).requests += 1
            return super().request(*args, **kwargs)

    with Counting(base_url=base_url, api_key="key") as client:
        tracer.wrap_openai(client).chat.completions.create(**ASK)

    assert Counting.requests == 1
    assert len(captured.spans) == 1


def test_a_request_that_others_replaced_before_is_kept_and_recorded(
    bare: openai.OpenAI, captured: Captured
) -> None:
    paths = []
    request = bare.request

    def noting(cast_to: Any, options: Any, **more: Any) -> Any:
        paths.append(options.url)
        return request(cast_to, options, **more)

    vars(bare)["request"] = noting
    tracer.wrap_openai(bare).chat.completions.create(**ASK)

    assert paths == ["/chat/completions"]
    assert len(captured.spans) == 1


def test_the_beta_door_is_recorded(client: openai.OpenAI, captured: Captured) -> None:
    client.beta.chat.completions.parse(**ASK)

    assert len(captured.spans) == 1


async def test_kinds_of_functions_stay_what_they_are(
    async_client: openai.AsyncOpenAI, client: openai.OpenAI
) -> None:
    assert inspect.iscoroutinefunction(async_client.request)
    assert not inspect.iscoroutinefunction(client.request)
    assert inspect.signature(client.request) == inspect.signature(
        openai.OpenAI(api_key="key").request
    )


def test_other_paths_are_left_alone(client: openai.OpenAI, captured: Captured) -> None:
    with pytest.raises(openai.NotFoundError):
        client.models.list()

    assert captured.spans == []


@pytest.mark.parametrize("stranger", [object(), None, openai.OpenAI, openai])
def test_what_is_no_client_is_refused_by_name(stranger: Any) -> None:
    with pytest.raises(ConfigurationError, match=type(stranger).__qualname__):
        tracer.wrap_openai(stranger)


def test_a_wrapped_client_works_while_tracing_is_off(client: openai.OpenAI) -> None:
    assert client.chat.completions.create(**ASK).choices


def test_what_is_not_sampled_still_answers(client: openai.OpenAI) -> None:
    with tracer.testing.capture(sample_rate=0.0) as captured:
        pieces = list(client.chat.completions.create(**ASK, stream=True))

    assert len(pieces) > 1
    assert captured.spans == []
