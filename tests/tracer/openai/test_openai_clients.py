"""Every form of client can be wrapped, and stays what it was."""

import copy
import inspect
from typing import Any

import openai
import pytest
from openai_calls import ASK

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


def test_a_shallow_copy_of_a_wrapped_client_works(
    client: openai.OpenAI, captured: Captured
) -> None:
    copy.copy(client).chat.completions.create(**ASK)

    assert len(captured.spans) == 1


def test_azure_is_named_as_the_provider(base_url: str, captured: Captured) -> None:
    with openai.AzureOpenAI(
        azure_endpoint=base_url.removesuffix("/v1"),
        api_key="key",
        api_version="2024-10-21",
    ) as azure:
        wrapped = tracer.wrap_openai(azure)
        wrapped.with_options(timeout=5).chat.completions.create(**ASK)

    [span] = captured.spans
    assert type(wrapped) is openai.AzureOpenAI
    assert span.attributes["gen_ai.provider.name"] == "azure.ai.openai"


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


def test_raw_wrappers_made_before_wrapping_are_recorded(
    bare: openai.OpenAI, captured: Captured
) -> None:
    raw = bare.chat.completions.with_raw_response
    tracer.wrap_openai(bare)

    assert raw.create(**ASK).parse().choices
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


@pytest.mark.parametrize("stranger", [object(), None, openai.OpenAI])
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
